#include "web/page_tests.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/indicator.h"
#include "domain/quiz.h"
#include "domain/seminar.h"
#include "gen/template.h"
#include "net/http.h"
#include "web/frame.h"
#include "web/page_question.h"
#include "web/page_quiz.h"
#include "web/texts.h"
#include "web/visit.h"

static int seminar_of(struct exchange *x, struct db *db, struct seminar *s)
{
    return seminar_by_slug(x->arena, db, http_param(x, S("slug")), visit_lang(x), s);
}

static int fill_questions(struct exchange *x, const struct quiz *z, struct tpl_desk_test *to)
{
    struct tpl_desk_test_questions *row;
    struct question_list list;
    int r = quiz_questions(x->arena, x->db, x->actor, z, visit_lang(x), &list);

    if (r < 0)
        return r;
    row = arena_array(x->arena, list.n, sizeof(*row));
    if (!row)
        return ERR_MEM;
    for (size_t i = 0; i < list.n; i++) {
        const struct question *q = &list.row[i];

        row[i] = (struct tpl_desk_test_questions){
            .number = q->place,
            .body = frame_text(&q->text, S("–")),
            .lang = frame_foreign(&q->text),
            .kind = question_kind_text(q->kind),
            .measure = measure_text(q->measure),
            .url = arena_printf(x->arena, "/desk/question/%lld", (long long)q->id),
            .source = frame_apart(x, q->source),
            .checked = q->checked_on,
        };
    }
    to->questions = row;
    to->nquestions = list.n;
    return 0;
}

/* A test that is not there yet is shown as an empty one. */
static int fill_test(struct exchange *x, const struct seminar *s, int kind,
                     struct tpl_desk_test *to)
{
    struct quiz z = {.seminar_id = s->id, .kind = kind, .gate = QUIZ_BY_SEMINAR};
    struct agenda agenda;
    int r = seminar_agenda(x->arena, x->db, s, visit_lang(x), &agenda);

    if (r == 0)
        r = quiz_by_kind(x->db, x->actor, s->id, kind, &z);
    if (r < 0 && r != ERR_NOT_FOUND)
        return r;
    *to = (struct tpl_desk_test){
        .word = quiz_kind_text(kind),
        .is_open = quiz_is_open(&z, s, &agenda, visit_now(x)),
        .base = arena_printf(x->arena, "/desk/s/%.*s", STR(s->slug)),
        .code = str_c(quiz_kind_name(kind)),
        .csrf = visit_csrf(x),
        .answered = z.nattempts,
        .is_by_seminar = z.gate == QUIZ_BY_SEMINAR,
        .can_add = !z.nattempts,
    };
    to->state = to->is_open                                  ? TEXT_QUIZ_STATE_OPEN
                : quiz_is_over(&z, s, &agenda, visit_now(x)) ? TEXT_QUIZ_STATE_OVER
                                                             : TEXT_QUIZ_STATE_LATER;
    return z.id ? fill_questions(x, &z, to) : 0;
}

/* The gain in knowledge, in one line; the sheet has the rest. */
static int fill_gain(struct exchange *x, const struct seminar *s, struct tpl_desk_tests *v)
{
    const struct indicator_gain *g;
    struct indicator i = {0};
    struct tally t = {0};
    int r = tally_read(x->arena, x->db, x->actor, s, visit_now(x), &t);

    if (r == 0)
        r = indicator_of(x->arena, &t, &i);
    if (r < 0)
        return r;
    g = &i.gain[MEASURE_KNOWLEDGE - 1].all;
    v->is_few = g->is_hidden;
    v->has_gain = g->gain.n > 0;
    v->pairs = g->gain.n;
    v->pre = arena_printf(x->arena, "%.0f", g->gain.pre);
    v->post = arena_printf(x->arena, "%.0f", g->gain.post);
    v->mean = arena_printf(x->arena, "%+.1f", g->gain.mean);
    if (g->gain.has_interval)
        v->interval = arena_printf(x->arena, "%+.1f … %+.1f", g->gain.low, g->gain.high);
    return 0;
}

static int fill(struct exchange *x, const struct seminar *s, struct tpl_desk_tests *v)
{
    struct tpl_desk_test *row = arena_array(x->arena, 2, sizeof(*row));
    int r = row ? fill_gain(x, s, v) : ERR_MEM;

    for (int kind = QUIZ_PRE; r == 0 && kind <= QUIZ_POST; kind++)
        r = fill_test(x, s, kind, &row[kind - QUIZ_PRE]);
    v->tests = row;
    v->ntests = 2;
    return r;
}

static void show(struct exchange *x, int status, enum text_id problem)
{
    static const struct frame_word done[] = {{S("gate"), TEXT_TESTS_GATE_SET},
                                             {S("import"), TEXT_TESTS_IMPORTED},
                                             {S("remove"), TEXT_TESTS_REMOVED},
                                             {S("save"), TEXT_QUESTION_SAVED}};
    struct tpl_desk_tests v = {.problem = problem, .csrf_token = visit_csrf(x)};
    const str *fault = x->state;
    struct seminar s = {0};
    int r = seminar_of(x, x->db, &s);

    if (r == 0)
        r = fill(x, &s, &v);
    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    v.title = frame_text(&s.title, s.slug);
    v.title_lang = frame_foreign(&s.title);
    v.base = arena_printf(x->arena, "/desk/s/%.*s", STR(s.slug));
    v.report = arena_printf(x->arena, "%.*s/report", STR(v.base));
    if (problem != TEXT_NONE && fault && fault->n)
        v.fault = *fault;
    v.done = frame_word(x, S("done"), done, NELEM(done));
    frame_fill(x, &v.page, texts_get(visit_texts(x), TEXT_TESTS_TITLE),
               arena_printf(x->arena, "%.*s/tests", STR(v.base)));
    v.page.is_demo |= s.is_demo;
    tpl_desk_tests(&x->reply, visit_texts(x), &v);
    frame_send(x, status);
}

void desk_tests(struct exchange *x)
{
    show(x, 200, TEXT_NONE);
}

static void back(struct exchange *x, const char *word)
{
    http_redirect(
        x, 303,
        arena_printf(x->arena, "/desk/s/%.*s/tests?done=%s", STR(http_param(x, S("slug"))), word));
}

int desk_tests_gate_act(struct exchange *x, struct db *db)
{
    int kind = 0, gate = 0;
    struct seminar s;
    int64_t id;
    int r = seminar_of(x, db, &s);

    if (r == 0)
        r = quiz_kind_parse(http_field(x, S("test")), &kind);
    if (r == 0)
        r = quiz_gate_parse(http_field(x, S("gate")), &gate);
    if (r == 0)
        r = quiz_put(db, x->actor, s.id, kind, visit_now(x), &id);
    return r == 0 ? quiz_gate_set(db, x->actor, id, gate, visit_now(x)) : r;
}

void desk_tests_gate(struct exchange *x)
{
    if (x->result == 0)
        back(x, "gate");
    else
        visit_fail(x, x->result);
}

int desk_tests_import_act(struct exchange *x, struct db *db)
{
    str *fault = arena_make(x->arena, str);
    struct quiz_file file = {.json = http_file(x, S("file"), NULL)};
    struct seminar s;
    int r = fault ? seminar_of(x, db, &s) : ERR_MEM;

    if (r < 0)
        return r;
    x->state = fault;
    file.seminar_id = s.id;
    return quiz_import(x->arena, db, x->actor, &file, visit_now(x), fault);
}

void desk_tests_import(struct exchange *x)
{
    int r = x->result;

    if (r == 0)
        back(x, "import");
    else if (r == ERR_STATE)
        show(x, err_http_status(r), TEXT_TESTS_IMPORT_STATE);
    else if (r == ERR_SYNTAX || r == ERR_RANGE || r == ERR_TOO_BIG)
        show(x, err_http_status(r), TEXT_TESTS_IMPORT_BAD);
    else
        visit_fail(x, r);
}
