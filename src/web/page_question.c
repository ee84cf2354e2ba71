#include "web/page_question.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/quiz.h"
#include "domain/seminar.h"
#include "gen/template.h"
#include "net/http.h"
#include "web/frame.h"
#include "web/texts.h"
#include "web/visit.h"

enum { KINDS = 4, FORM_CHOICES = 6 };

enum text_id question_kind_text(int kind)
{
    static const enum text_id texts[] = {
        [QUESTION_ONE] = TEXT_QUESTION_KIND_ONE,
        [QUESTION_SEVERAL] = TEXT_QUESTION_KIND_SEVERAL,
        [QUESTION_TRUTH] = TEXT_QUESTION_KIND_TRUTH,
        [QUESTION_SCALE] = TEXT_QUESTION_KIND_SCALE,
    };

    return texts[kind >= QUESTION_ONE && kind <= QUESTION_SCALE ? kind : QUESTION_ONE];
}

enum text_id measure_text(int measure)
{
    static const enum text_id texts[] = {
        [MEASURE_KNOWLEDGE] = TEXT_MEASURE_KNOWLEDGE,
        [MEASURE_ATTITUDE] = TEXT_MEASURE_ATTITUDE,
        [MEASURE_PRACTICE] = TEXT_MEASURE_PRACTICE,
    };

    return texts[measure >= MEASURE_KNOWLEDGE && measure <= MEASURE_PRACTICE ? measure
                                                                             : MEASURE_KNOWLEDGE];
}

/* The page of one question: where it belongs, what is stored, what was typed. */
struct sheet_of_one {
    struct seminar s;
    struct quiz z;
    struct question q; /* id 0: a new one */
    bool is_again;     /* a form that was refused shows what was typed */
};

static int seminar_of_question(struct exchange *x, struct db *db, struct sheet_of_one *to)
{
    int64_t id = 0;
    int r = str_i64(http_param(x, S("id")), 1, INT64_MAX, &id) < 0 ? ERR_NOT_FOUND : 0;

    if (r == 0)
        r = question_by_id(x->arena, db, x->actor, id, visit_lang(x), &to->q);
    if (r == 0)
        r = quiz_by_id(db, x->actor, to->q.quiz_id, &to->z);
    return r == 0 ? seminar_by_id(x->arena, db, to->z.seminar_id, visit_lang(x), &to->s) : r;
}

static int seminar_of_new(struct exchange *x, struct db *db, struct sheet_of_one *to)
{
    int kind;
    int r = quiz_kind_parse(http_param(x, S("code")), &kind);

    if (r == 0)
        r = seminar_by_slug(x->arena, db, http_param(x, S("slug")), visit_lang(x), &to->s);
    if (r == 0)
        r = quiz_by_kind(db, x->actor, to->s.id, kind, &to->z);
    if (r == ERR_NOT_FOUND && to->s.id) {
        to->z = (struct quiz){.seminar_id = to->s.id, .kind = kind};
        r = 0;
    }
    to->q.kind = QUESTION_ONE;
    to->q.measure = MEASURE_KNOWLEDGE;
    return r;
}

/* ---- show ---- */

static str field(struct exchange *x, const char *what, str lang)
{
    str v = http_field(x, arena_printf(x->arena, "%s_%.*s", what, STR(lang)));

    return v.p ? v : S("");
}

static str stored(struct exchange *x, int64_t text_id, str lang)
{
    struct text t = {0};

    if (text_id)
        (void)text_exact(x->arena, x->db, text_id, lang, &t);
    return frame_text(&t, S(""));
}

static int fill_bodies(struct exchange *x, const struct sheet_of_one *o,
                       struct tpl_desk_question *v)
{
    struct tpl_desk_question_bodies *row = arena_array(x->arena, o->s.nlangs, sizeof(*row));

    if (!row)
        return ERR_MEM;
    for (size_t i = 0; i < o->s.nlangs; i++)
        row[i] = (struct tpl_desk_question_bodies){
            .code = o->s.lang[i],
            .value = o->is_again ? field(x, "text", o->s.lang[i])
                                 : stored(x, o->q.text.id, o->s.lang[i]),
            .feedback = o->is_again ? field(x, "feedback", o->s.lang[i])
                                    : stored(x, o->q.feedback.id, o->s.lang[i]),
        };
    v->bodies = row;
    v->nbodies = o->s.nlangs;
    return 0;
}

static unsigned right_sent(struct exchange *x)
{
    unsigned right = 0;
    int64_t n;
    str v;

    for (size_t i = 0; i < QUESTION_CHOICES && (v = http_field_at(x, S("right"), i)).p; i++)
        if (str_i64(v, 1, QUESTION_CHOICES, &n) == 0)
            right |= 1u << (n - 1);
    return right;
}

static int fill_choice(struct exchange *x, const struct sheet_of_one *o, int place,
                       struct tpl_desk_choice *to)
{
    struct tpl_desk_choice_bodies *row = arena_array(x->arena, o->s.nlangs, sizeof(*row));
    const struct choice *c = place <= (int)o->q.nchoices ? &o->q.choice[place - 1] : NULL;
    const char *what = arena_cstr(x->arena, arena_printf(x->arena, "choice%d", place));

    if (!row || !what)
        return ERR_MEM;
    for (size_t i = 0; i < o->s.nlangs; i++)
        row[i] = (struct tpl_desk_choice_bodies){
            .code = o->s.lang[i],
            .name = arena_printf(x->arena, "%s_%.*s", what, STR(o->s.lang[i])),
            .value = o->is_again ? field(x, what, o->s.lang[i])
                                 : stored(x, c ? c->text.id : 0, o->s.lang[i]),
        };
    *to = (struct tpl_desk_choice){
        .number = place,
        .is_right = o->is_again ? right_sent(x) >> (place - 1) & 1 : c && c->is_right,
        .bodies = row,
        .nbodies = o->s.nlangs,
    };
    return 0;
}

static int fill_lists(struct exchange *x, const struct sheet_of_one *o, struct tpl_desk_question *v)
{
    struct tpl_desk_choice *choice = arena_array(x->arena, QUESTION_CHOICES, sizeof(*choice));
    struct tpl_desk_question_kinds *kind = arena_array(x->arena, KINDS, sizeof(*kind));
    struct tpl_desk_question_measures *measure = arena_array(x->arena, MEASURES, sizeof(*measure));
    int k = o->q.kind, m = o->q.measure;
    int r = choice && kind && measure ? fill_bodies(x, o, v) : ERR_MEM;

    if (o->is_again) {
        (void)question_kind_parse(http_field(x, S("kind")), &k);
        (void)measure_parse(http_field(x, S("measure")), &m);
    }
    v->nchoices = o->q.nchoices > FORM_CHOICES ? o->q.nchoices : FORM_CHOICES;
    for (int i = 0; r == 0 && i < (int)v->nchoices; i++)
        r = fill_choice(x, o, i + 1, &choice[i]);
    for (int i = 0; r == 0 && i < KINDS; i++)
        kind[i] = (struct tpl_desk_question_kinds){str_c(question_kind_name(i + 1)),
                                                   question_kind_text(i + 1), i + 1 == k};
    for (int i = 0; r == 0 && i < MEASURES; i++)
        measure[i] = (struct tpl_desk_question_measures){str_c(measure_name(i + 1)),
                                                         measure_text(i + 1), i + 1 == m};
    v->choices = choice;
    v->kinds = kind;
    v->nkinds = KINDS;
    v->measures = measure;
    v->nmeasures = MEASURES;
    return r;
}

static str sent_or(struct exchange *x, const struct sheet_of_one *o, str name, str was)
{
    str v = o->is_again ? http_field(x, name) : was;

    return v.p ? v : S("");
}

static void show(struct exchange *x, struct sheet_of_one *o, int status, enum text_id problem)
{
    static const struct frame_word done[] = {{S("save"), TEXT_QUESTION_SAVED}};
    struct tpl_desk_question v = {.problem = problem, .csrf_token = visit_csrf(x)};
    int r;

    o->is_again = problem != TEXT_NONE;
    r = fill_lists(x, o, &v);
    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    v.back = arena_printf(x->arena, "/desk/s/%.*s/tests", STR(o->s.slug));
    v.action = o->q.id
                   ? arena_printf(x->arena, "/desk/question/%lld", (long long)o->q.id)
                   : arena_printf(x->arena, "%.*s/%s/new", STR(v.back), quiz_kind_name(o->z.kind));
    v.remove = arena_printf(x->arena, "%.*s/remove", STR(v.action));
    v.is_fixed = o->z.nattempts > 0;
    v.can_remove = o->q.id && !v.is_fixed;
    v.is_right_side = o->is_again ? http_field(x, S("right_side")).p != NULL
                                  : o->q.right_side && o->q.kind >= QUESTION_TRUTH;
    v.source = sent_or(x, o, S("source"), o->q.source);
    v.checked = sent_or(x, o, S("checked"), o->q.checked_on);
    v.done = frame_word(x, S("done"), done, NELEM(done));
    frame_fill(x, &v.page, texts_get(visit_texts(x), TEXT_QUESTION_TITLE), v.action);
    tpl_desk_question(&x->reply, visit_texts(x), &v);
    frame_send(x, status);
}

void desk_question(struct exchange *x)
{
    struct sheet_of_one o = {0};
    int r = seminar_of_question(x, x->db, &o);

    if (r < 0)
        visit_fail(x, r);
    else
        show(x, &o, 200, TEXT_NONE);
}

void desk_question_new(struct exchange *x)
{
    struct sheet_of_one o = {0};
    int r = seminar_of_new(x, x->db, &o);

    if (r < 0)
        visit_fail(x, r);
    else
        show(x, &o, 200, TEXT_NONE);
}

/* ---- act ---- */

static bool has_choice(struct exchange *x, const struct seminar *s, int place)
{
    const char *what = arena_cstr(x->arena, arena_printf(x->arena, "choice%d", place));

    for (size_t i = 0; what && i < s->nlangs; i++)
        if (str_trim(field(x, what, s->lang[i])).n)
            return true;
    return false;
}

/* A language that was left empty keeps what it has. */
static int put_texts(struct exchange *x, struct db *db, const struct seminar *s, int64_t id,
                     const char *what, int which)
{
    int r = 0;

    for (size_t i = 0; r == 0 && i < s->nlangs; i++) {
        struct question_text_in in = {id, which, s->lang[i], field(x, what, s->lang[i])};

        if (str_trim(in.body).n)
            r = question_text_put(db, x->actor, &in, visit_now(x));
    }
    return r;
}

static int put(struct exchange *x, struct db *db, struct sheet_of_one *o)
{
    struct question_in in = {.id = o->q.id,
                             .quiz_id = o->z.id,
                             .right_side = http_field(x, S("right_side")).p != NULL,
                             .source = http_field(x, S("source")),
                             .checked_on = str_trim(http_field(x, S("checked")))};
    bool has_text = false;
    int64_t id = 0;
    int r = question_kind_parse(http_field(x, S("kind")), &in.kind);

    if (r == 0)
        r = measure_parse(http_field(x, S("measure")), &in.measure);
    for (size_t i = 0; i < o->s.nlangs; i++)
        has_text |= str_trim(field(x, "text", o->s.lang[i])).n > 0;
    if (r < 0 || !has_text)
        return ERR_RANGE;
    if (in.kind == QUESTION_ONE || in.kind == QUESTION_SEVERAL) {
        in.right = right_sent(x);
        while (in.nchoices < QUESTION_CHOICES && has_choice(x, &o->s, in.nchoices + 1))
            in.nchoices++;
    }
    r = question_put(db, x->actor, &in, visit_now(x), &id);
    if (r == 0)
        r = put_texts(x, db, &o->s, id, "text", QUESTION_TEXT);
    if (r == 0)
        r = put_texts(x, db, &o->s, id, "feedback", QUESTION_TEXT_FEEDBACK);
    for (int i = 1; r == 0 && i <= in.nchoices; i++)
        r = put_texts(x, db, &o->s, id, arena_cstr(x->arena, arena_printf(x->arena, "choice%d", i)),
                      QUESTION_TEXT_CHOICE + i);
    return r;
}

int desk_question_add_act(struct exchange *x, struct db *db)
{
    struct sheet_of_one o = {0};
    int r = seminar_of_new(x, db, &o);

    if (r == 0)
        r = quiz_put(db, x->actor, o.s.id, o.z.kind, visit_now(x), &o.z.id);
    return r == 0 ? put(x, db, &o) : r;
}

int desk_question_save_act(struct exchange *x, struct db *db)
{
    struct sheet_of_one o = {0};
    int r = seminar_of_question(x, db, &o);

    return r == 0 ? put(x, db, &o) : r;
}

int desk_question_remove_act(struct exchange *x, struct db *db)
{
    struct sheet_of_one *o = arena_make(x->arena, struct sheet_of_one);
    int r = o ? seminar_of_question(x, db, o) : ERR_MEM;

    x->state = o;
    return r == 0 ? question_remove(db, x->actor, o->q.id) : r;
}

/* What was refused is shown again as it was typed. */
static void after(struct exchange *x, struct sheet_of_one *o, int read)
{
    int r = x->result;

    if (read < 0) {
        visit_fail(x, r < 0 ? r : read);
        return;
    }
    if (r == 0)
        http_redirect(x, 303,
                      arena_printf(x->arena, "/desk/s/%.*s/tests?done=save", STR(o->s.slug)));
    else if (r == ERR_STATE)
        show(x, o, err_http_status(r), TEXT_QUESTION_STATE);
    else if (r == ERR_RANGE || r == ERR_TOO_BIG || r == ERR_ENCODING)
        show(x, o, err_http_status(r), TEXT_QUESTION_BAD);
    else
        visit_fail(x, r);
}

void desk_question_add(struct exchange *x)
{
    struct sheet_of_one o = {0};

    after(x, &o, seminar_of_new(x, x->db, &o));
}

void desk_question_save(struct exchange *x)
{
    struct sheet_of_one o = {0};

    after(x, &o, seminar_of_question(x, x->db, &o));
}

void desk_question_remove(struct exchange *x)
{
    const struct sheet_of_one *o = x->state;

    if (x->result == 0)
        http_redirect(x, 303,
                      arena_printf(x->arena, "/desk/s/%.*s/tests?done=remove", STR(o->s.slug)));
    else
        visit_fail(x, x->result);
}
