#include "web/page_quiz.h"

#include "base/arena.h"
#include "base/encode.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/answer.h"
#include "domain/quiz.h"
#include "domain/secret.h"
#include "domain/seminar.h"
#include "domain/text.h"
#include "gen/template.h"
#include "net/http.h"
#include "web/frame.h"
#include "web/texts.h"
#include "web/visit.h"

enum { QUESTION_MARK = 16 }; /* hex digits */

/* A test and one person's answers to it. */
struct sitting {
    struct seminar s;
    struct agenda agenda;
    struct quiz z;
    struct question_list questions;
    struct attempt attempt;
    bool is_open, is_over;
};

enum text_id quiz_kind_text(int kind)
{
    return kind == QUIZ_PRE ? TEXT_QUIZ_PRE : TEXT_QUIZ_POST;
}

/* Right answers leave the server only when the test is over. */
static int read_sitting(struct exchange *x, struct db *db, struct sitting *to)
{
    str lang = visit_lang(x);
    int kind;
    int r = quiz_kind_parse(http_param(x, S("code")), &kind);

    if (r == 0)
        r = seminar_by_slug(x->arena, db, http_param(x, S("slug")), lang, &to->s);
    if (r == 0 && !actor_is_member(x->actor, to->s.id))
        r = ERR_DENIED;
    if (r == 0)
        r = seminar_agenda(x->arena, db, &to->s, lang, &to->agenda);
    if (r == 0)
        r = quiz_by_kind(db, x->actor, to->s.id, kind, &to->z);
    if (r == 0)
        r = quiz_questions(x->arena, db, x->actor, &to->z, lang, &to->questions);
    if (r == 0)
        r = answer_read(x->arena, db, x->actor, &to->z, x->actor->person_id, &to->attempt);
    if (r < 0)
        return r;
    to->is_open = quiz_is_open(&to->z, &to->s, &to->agenda, visit_now(x)) &&
                  answer_is_learner(x->actor->role);
    to->is_over = quiz_is_over(&to->z, &to->s, &to->agenda, visit_now(x));
    return 0;
}

static enum text_id hint_text(int kind)
{
    static const enum text_id texts[] = {
        [QUESTION_ONE] = TEXT_QUIZ_HINT_ONE,
        [QUESTION_SEVERAL] = TEXT_QUIZ_HINT_SEVERAL,
        [QUESTION_TRUTH] = TEXT_QUIZ_HINT_TRUTH,
        [QUESTION_SCALE] = TEXT_QUIZ_HINT_SCALE,
    };

    return texts[kind >= QUESTION_ONE && kind <= QUESTION_SCALE ? kind : QUESTION_ONE];
}

/* Choices whose words are the house's: true or not, and the steps of agreement. */
static size_t fixed_choices(const struct question *q, int64_t value,
                            struct tpl_quiz_question_choices *row)
{
    static const enum text_id truth[] = {TEXT_QUIZ_TRUE, TEXT_QUIZ_FALSE};
    static const enum text_id scale[] = {TEXT_QUIZ_SCALE_1, TEXT_QUIZ_SCALE_2, TEXT_QUIZ_SCALE_3,
                                         TEXT_QUIZ_SCALE_4, TEXT_QUIZ_SCALE_5};
    static const str values[] = {S("1"), S("2"), S("3"), S("4"), S("5")};
    bool is_truth = q->kind == QUESTION_TRUTH;
    size_t n = is_truth ? NELEM(truth) : NELEM(scale);

    for (size_t i = 0; i < n; i++)
        row[i] = (struct tpl_quiz_question_choices){
            .value = values[i],
            .word = is_truth ? truth[i] : scale[i],
            .is_chosen = value == (int64_t)i + 1,
            .is_right = is_truth && (i == 0) == q->right_side,
        };
    return n;
}

static size_t own_choices(struct exchange *x, const struct question *q, int64_t value,
                          struct tpl_quiz_question_choices *row)
{
    for (size_t i = 0; i < q->nchoices; i++)
        row[i] = (struct tpl_quiz_question_choices){
            .value = arena_printf(x->arena, "%d", 1 << i),
            .body = frame_text(&q->choice[i].text, S("–")),
            .lang = frame_foreign(&q->choice[i].text),
            .is_chosen = value & (int64_t)1 << i,
            .is_right = q->choice[i].is_right,
        };
    return q->nchoices;
}

static void fill_verdict(const struct question *q, int64_t value, struct tpl_quiz_question *to)
{
    bool is_right = value && question_share(q, value) > 0.999;

    if (q->measure != MEASURE_KNOWLEDGE)
        to->verdict = TEXT_QUIZ_VERDICT_SAID;
    else if (!value)
        to->verdict = TEXT_QUIZ_VERDICT_OPEN;
    else
        to->verdict = is_right ? TEXT_QUIZ_VERDICT_RIGHT : TEXT_QUIZ_VERDICT_WRONG;
    to->is_good = is_right && q->measure == MEASURE_KNOWLEDGE;
    if (q->feedback.body.n) {
        to->feedback = q->feedback.body;
        to->feedback_lang = frame_foreign(&q->feedback);
    }
}

/* Of what is shown: the question, its choices, and what is said of it afterwards. */
static bool is_stale(const struct question *q, bool is_over)
{
    bool is = q->text.is_stale || (is_over && q->feedback.is_stale);

    for (size_t i = 0; i < q->nchoices; i++)
        is |= q->choice[i].text.is_stale;
    return is;
}

static int fill_question(struct exchange *x, const struct question *q, int64_t value, bool is_over,
                         struct tpl_quiz_question *to)
{
    bool is_own = q->kind == QUESTION_ONE || q->kind == QUESTION_SEVERAL;
    struct tpl_quiz_question_choices *row = arena_array(x->arena, QUESTION_CHOICES, sizeof(*row));

    if (!row)
        return ERR_MEM;
    *to = (struct tpl_quiz_question){
        .number = q->place,
        .body = frame_text(&q->text, S("–")),
        .lang = frame_foreign(&q->text),
        .is_stale = is_stale(q, is_over),
        .hint = hint_text(q->kind),
        .name = arena_printf(x->arena, "q%d", q->place),
        .is_several = q->kind == QUESTION_SEVERAL,
        .is_over = is_over,
        .source = frame_apart(x, q->source),
        .checked = q->checked_on,
        .choices = row,
    };
    to->nchoices = is_own ? own_choices(x, q, value, row) : fixed_choices(q, value, row);
    if (is_over)
        fill_verdict(q, value, to);
    return 0;
}

static int fill_questions(struct exchange *x, const struct sitting *t, struct tpl_quiz_show *v)
{
    struct tpl_quiz_question *row = arena_array(x->arena, t->questions.n, sizeof(*row));
    struct score score = answer_score(&t->questions, &t->attempt);
    int r = row ? 0 : ERR_MEM;

    for (size_t i = 0; r == 0 && i < t->questions.n; i++) {
        r = fill_question(x, &t->questions.row[i], t->attempt.value[i], !t->is_open && t->is_over,
                          &row[i]);
        v->left += !t->attempt.value[i];
    }
    v->questions = row;
    v->nquestions = t->questions.n;
    v->has_score = score.has[MEASURE_KNOWLEDGE - 1];
    v->score = (int64_t)(score.percent[MEASURE_KNOWLEDGE - 1] + 0.5);
    return r;
}

/* ---- is the test still the one that the form asked? ---- */

/* Fields answer by place, and numbers of questions that are gone are given again: words decide. */
static void add_question_mark(struct sb *to, struct arena *a, const struct question *q)
{
    struct sb b = sb_init(a, 0);
    char hex[QUESTION_MARK + 1];
    uint8_t hash[32];

    sb_printf(&b, "%lld %d %zu:", (long long)q->id, q->kind, q->text.body.n);
    sb_add(&b, q->text.body);
    for (size_t i = 0; i < q->nchoices; i++) {
        sb_printf(&b, "%zu:", q->choice[i].text.body.n);
        sb_add(&b, q->choice[i].text.body);
    }
    secret_hash(sb_str(&b), hash);
    encode_hex(hex, hash, QUESTION_MARK / 2);
    sb_add(to, (str){hex, QUESTION_MARK});
}

/* The language of the words, and a hash of each question. */
static str mark_of(struct arena *a, str lang, const struct question_list *list)
{
    struct sb b = sb_init(a, 0);

    sb_add(&b, lang);
    sb_char(&b, ':');
    for (size_t i = 0; i < list->n; i++)
        add_question_mark(&b, a, &list->row[i]);
    return sb_str(&b);
}

/* The mark that came, and the one that a form in the same language has now. */
struct marks {
    str sent, now;
};

/* The page may be in another language by now; the questions were read in that of the mark. */
static int read_marks(struct exchange *x, struct db *db, const struct sitting *t,
                      struct marks *ret_marks)
{
    str sent = http_field(x, S("mark")), lang = str_cut(sent, ':').head;
    struct question_list list;
    int r;

    if (!text_is_lang(lang))
        lang = visit_lang(x);
    r = quiz_questions(x->arena, db, x->actor, &t->z, lang, &list);
    if (r == 0)
        *ret_marks = (struct marks){sent, mark_of(x->arena, lang, &list)};
    return r;
}

static str question_mark(str mark, size_t i)
{
    return str_take(str_from(str_cut(mark, ':').tail, i * QUESTION_MARK), QUESTION_MARK);
}

/* ---- the pages ---- */

static void show(struct exchange *x, struct sitting *t, int status, enum text_id problem)
{
    static const struct frame_word done[] = {{S("saved"), TEXT_QUIZ_SAVED}};
    struct tpl_quiz_show v = {.problem = problem, .csrf_token = visit_csrf(x)};
    const struct text *title = t->s.short_title.body.n ? &t->s.short_title : &t->s.title;
    int r = fill_questions(x, t, &v);

    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    v.word = quiz_kind_text(t->z.kind);
    v.seminar = frame_text(title, t->s.slug);
    v.seminar_lang = frame_foreign(title);
    v.action = arena_printf(x->arena, "/s/%.*s/quiz/%s", STR(t->s.slug), quiz_kind_name(t->z.kind));
    v.back = arena_printf(x->arena, "/s/%.*s/mine", STR(t->s.slug));
    v.mark = mark_of(x->arena, visit_lang(x), &t->questions);
    v.is_open = t->is_open;
    v.is_over = t->is_over && !t->is_open;
    v.is_answered = t->attempt.is_there;
    v.all = t->attempt.nanswers;
    v.done = frame_word(x, S("done"), done, NELEM(done));
    frame_fill(x, &v.page, texts_get(visit_texts(x), v.word), v.action);
    v.page.is_demo |= t->s.is_demo;
    tpl_quiz_show(&x->reply, visit_texts(x), &v);
    frame_send(x, status);
}

void quiz_show(struct exchange *x)
{
    struct sitting t = {0};
    int r = read_sitting(x, x->db, &t);

    if (r < 0)
        visit_fail(x, r);
    else
        show(x, &t, 200, TEXT_NONE);
}

/* Several boxes of one question add up; anything that is no number is refused by the domain. */
static int64_t value_sent(struct exchange *x, int place)
{
    str name = arena_printf(x->arena, "q%d", place), v;
    int64_t sum = 0, n;

    for (size_t i = 0; i < QUESTION_CHOICES && (v = http_field_at(x, name, i)).p; i++)
        sum += str_i64(v, 1, 1 << QUESTION_CHOICES, &n) == 0 ? n : -(1 << 20);
    return sum;
}

static void read_sent(struct exchange *x, const struct question_list *list, struct attempt *to)
{
    for (size_t i = 0; i < list->n; i++)
        to->value[i] = value_sent(x, list->row[i].place);
}

int quiz_answer_act(struct exchange *x, struct db *db)
{
    struct sitting t = {0};
    struct marks marks = {0};
    int r = read_sitting(x, db, &t);

    if (r == 0)
        r = read_marks(x, db, &t, &marks);
    /* Of one that has closed the domain says so. */
    if (r == 0 && t.is_open && !str_eq(marks.sent, marks.now))
        r = ERR_CONFLICT;
    if (r < 0)
        return r;
    t.attempt.kind = t.z.kind;
    t.attempt.lang = visit_lang(x);
    read_sent(x, &t.questions, &t.attempt);
    return answer_put(x->arena, db, x->actor, &t.s, &t.attempt, visit_now(x));
}

/* What was ticked, wherever the same question stands now. */
static void carry_sent(struct exchange *x, const struct marks *marks, struct sitting *t)
{
    for (size_t i = 0; i < t->questions.n; i++) {
        str now = question_mark(marks->now, i);

        for (size_t k = 0; now.n && k < MAX_QUIZ_QUESTIONS; k++)
            if (str_eq(question_mark(marks->sent, k), now))
                t->attempt.value[i] = value_sent(x, (int)k + 1);
    }
}

static enum text_id problem_text(int r)
{
    switch (r) {
    case ERR_STATE:
        return TEXT_QUIZ_TOO_LATE;
    case ERR_CONFLICT:
        return TEXT_QUIZ_CHANGED;
    case ERR_RANGE:
        return TEXT_QUIZ_BAD;
    default:
        return TEXT_NONE;
    }
}

void quiz_answer(struct exchange *x)
{
    struct sitting t = {0};
    struct marks marks = {0};
    enum text_id problem = problem_text(x->result);
    int r = x->result;

    if (r == 0) {
        http_redirect(x, 303,
                      arena_printf(x->arena, "/s/%.*s/quiz/%.*s?done=saved",
                                   STR(http_param(x, S("slug"))), STR(http_param(x, S("code")))));
        return;
    }
    if (problem == TEXT_NONE || read_sitting(x, x->db, &t) < 0 ||
        read_marks(x, x->db, &t, &marks) < 0) {
        visit_fail(x, r);
        return;
    }
    /* What was typed is not lost, unless it cannot be an answer. */
    if (r != ERR_STATE)
        carry_sent(x, &marks, &t);
    show(x, &t, err_http_status(r), problem);
}
