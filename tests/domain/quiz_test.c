#include "suite.h"

#include "base/limits.h"
#include "domain/answer.h"
#include "domain/quiz.h"

#include <math.h>

static struct quiz quiz_of(struct world *w, int kind)
{
    struct quiz z = {0};

    assert_int_equal(quiz_by_kind(w->db, &w->event, w->demo.live_id, kind, &z), 0);
    return z;
}

static struct question_list questions_of(struct world *w, const struct quiz *z, str lang)
{
    struct question_list l = {0};

    assert_int_equal(quiz_questions(w->a, w->db, &w->event, z, lang, &l), 0);
    return l;
}

static void sample(void **state)
{
    struct world *w = *state;

    for (int kind = QUIZ_PRE; kind <= QUIZ_POST; kind++) {
        struct quiz z = quiz_of(w, kind);
        struct question_list l = questions_of(w, &z, S("tk"));
        int nmeasure[MEASURES + 1] = {0};

        assert_int_equal(l.n, 5);
        for (size_t i = 0; i < l.n; i++) {
            assert_true(l.row[i].text.is_asked && l.row[i].feedback.is_asked);
            assert_true(l.row[i].source.n > 10);
            assert_str(l.row[i].checked_on, ""); /* nobody has read the sources for it yet */
            assert_int_equal(l.row[i].place, i + 1);
            nmeasure[l.row[i].measure]++;
        }
        assert_int_equal(nmeasure[MEASURE_KNOWLEDGE], 3);
        assert_int_equal(nmeasure[MEASURE_ATTITUDE], 1);
        assert_int_equal(nmeasure[MEASURE_PRACTICE], 1);
    }
}

static void worth(void **state)
{
    struct question one = {.kind = QUESTION_ONE, .nchoices = 3, .choice = {[1].is_right = true}};
    struct question some = {.kind = QUESTION_SEVERAL,
                            .nchoices = 4,
                            .choice = {[0].is_right = true, [2].is_right = true}};
    struct question truth = {.kind = QUESTION_TRUTH, .right_side = false};
    struct question scale = {.kind = QUESTION_SCALE, .right_side = true};

    (void)state;
    assert_true(question_share(&one, 2) == 1 && question_share(&one, 1) == 0);
    assert_false(question_takes(&one, 3) || question_takes(&one, 8) || question_takes(&one, 0));
    assert_true(question_share(&some, 5) == 1);
    assert_true(question_share(&some, 1) == 0.5);
    /* Ticking everything is worth nothing: two right ones less two wrong ones. */
    assert_true(question_share(&some, 15) == 0);
    assert_true(question_share(&some, 7) == 0.5);
    assert_true(question_share(&some, 10) == 0); /* never under 0 */
    assert_true(question_share(&truth, 2) == 1 && question_share(&truth, 1) == 0);
    assert_true(question_share(&scale, 5) == 1 && question_share(&scale, 2) == 0.25);
    scale.right_side = false;
    assert_true(question_share(&scale, 1) == 1 && !question_takes(&scale, 6));
}

static void gates(void **state)
{
    struct world *w = *state;
    struct quiz pre = quiz_of(w, QUIZ_PRE), post = quiz_of(w, QUIZ_POST);
    struct seminar s = world_live(w);
    struct agenda agenda;
    usec at;

    assert_int_equal(seminar_agenda(w->a, w->db, &s, S("en"), &agenda), 0);
    assert_true(quiz_is_open(&pre, &s, &agenda, T0)); /* the practice */
    assert_false(quiz_is_open(&post, &s, &agenda, T0));
    s.state = SEMINAR_LIVE;
    s.live_at = T0 + 7 * 60 * USEC_S; /* went live late */
    at = s.live_at + (10 + 10 + 30 + 25 + 25 + 30) * 60 * USEC_S;
    assert_true(quiz_is_open(&pre, &s, &agenda, at - 1));
    assert_false(quiz_is_open(&post, &s, &agenda, at - 1));
    assert_false(quiz_is_open(&pre, &s, &agenda, at));
    assert_true(quiz_is_over(&pre, &s, &agenda, at));
    assert_true(quiz_is_open(&post, &s, &agenda, at));
    s.state = SEMINAR_ENDED;
    assert_true(quiz_is_open(&post, &s, &agenda, at));
    assert_false(quiz_is_over(&post, &s, &agenda, at));
    assert_int_equal(quiz_gate_set(w->db, &w->event, post.id, QUIZ_CLOSED, at), 0);
    post = quiz_of(w, QUIZ_POST);
    assert_int_equal(post.gate_at, at);
    assert_false(quiz_is_open(&post, &s, &agenda, at));
    assert_false(quiz_is_over(&post, &s, &agenda, at)); /* nobody answered: nothing to tell */
    assert_int_equal(quiz_gate_set(w->db, &w->event, post.id, QUIZ_OPEN, at), 0);
    assert_int_equal(quiz_of(w, QUIZ_PRE).gate, QUIZ_CLOSED); /* not both at once */
    assert_int_equal(quiz_gate_set(w->db, &w->event, pre.id, QUIZ_OPEN, at), 0);
    assert_int_equal(quiz_gate_set(w->db, &w->event, post.id, QUIZ_OPEN, at), 0);
    assert_int_equal(quiz_of(w, QUIZ_PRE).gate, QUIZ_OPEN); /* as the organiser said */
    pre = quiz_of(w, QUIZ_PRE);
    assert_true(quiz_is_open(&pre, &s, &agenda, at));
    s.state = SEMINAR_ARCHIVED;
    assert_false(quiz_is_open(&pre, &s, &agenda, at));
    assert_int_equal(quiz_gate_set(w->db, &w->event, pre.id, 9, at), ERR_RANGE);
    assert_int_equal(quiz_gate_set(w->db, &w->member, pre.id, QUIZ_OPEN, at), ERR_DENIED);
    assert_int_equal(quiz_gate_set(w->db, &w->event, 999, QUIZ_OPEN, at), ERR_NOT_FOUND);
}

static void answers(void **state)
{
    struct world *w = *state;
    struct quiz pre = quiz_of(w, QUIZ_PRE);
    struct seminar s = world_live(w);
    struct question_list list = questions_of(w, &pre, S("en"));
    struct attempt in = {.kind = QUIZ_PRE, .lang = S("tk"), .value = {2, 1 | 4 | 8, 0, 5, 4}}, was;
    struct actor other = w->member, host = w->member;
    struct score score;

    assert_int_equal(answer_put(w->a, w->db, &w->member, &s, &in, T0), 0);
    in.value[2] = 2;
    in.value[4] = 0;
    assert_int_equal(answer_put(w->a, w->db, &w->member, &s, &in, T0 + 5), 0);
    assert_int_equal(answer_read(w->a, w->db, &w->member, &pre, w->member.person_id, &was), 0);
    assert_true(was.is_there && was.value[0] == 2 && was.value[2] == 2 && was.value[4] == 0);
    assert_int_equal(was.nanswers, 4);
    assert_int_equal(was.changed_at, T0 + 5);
    assert_str(was.lang, "tk");
    score = answer_score(&list, &was);
    assert_true(fabs(score.percent[0] - 100) < 1e-9 && score.has[0]);
    assert_true(score.percent[1] == 100 && score.has[1]);
    assert_false(score.has[2]); /* an open scale is not a low one */
    in.value[0] = 3;
    assert_int_equal(answer_put(w->a, w->db, &w->member, &s, &in, T0), ERR_RANGE);
    in.value[0] = 2;
    in.kind = QUIZ_POST;
    assert_int_equal(answer_put(w->a, w->db, &w->member, &s, &in, T0), ERR_STATE);
    in.kind = QUIZ_PRE;
    host.role = 1;
    assert_int_equal(answer_put(w->a, w->db, &host, &s, &in, T0), ERR_DENIED);
    other.seminar_id = w->demo.record_id;
    assert_int_equal(answer_put(w->a, w->db, &other, &s, &in, T0), ERR_DENIED);
    assert_int_equal(answer_put(w->a, w->db, &w->nobody, &s, &in, T0), ERR_AUTH);
    other = w->member;
    other.person_id++;
    assert_int_equal(answer_read(w->a, w->db, &other, &pre, w->member.person_id, &was), ERR_DENIED);
    assert_int_equal(answer_read(w->a, w->db, &w->editor, &pre, w->member.person_id, &was),
                     ERR_DENIED);
}

static int put_text(struct world *w, int64_t id, int which, str body)
{
    struct question_text_in in = {id, which, S("en"), body};

    return question_text_put(w->db, &w->event, &in, T0);
}

static int import(struct world *w, const struct actor *who, str json, str *ret_fault)
{
    struct quiz_file file = {w->demo.live_id, json};

    return quiz_import(w->a, w->db, who, &file, T0, ret_fault);
}

static void edit(void **state)
{
    struct world *w = *state;
    struct quiz pre = quiz_of(w, QUIZ_PRE);
    struct seminar s = world_live(w);
    struct question_in in = {.quiz_id = pre.id,
                             .kind = QUESTION_ONE,
                             .measure = MEASURE_KNOWLEDGE,
                             .nchoices = 2,
                             .right = 2,
                             .source = S("A book"),
                             .checked_on = S("2026-11-01")};
    struct attempt attempt = {.kind = QUIZ_PRE, .lang = S("en"), .value = {1}};
    struct question_list l;
    int64_t id = 0;

    assert_int_equal(question_put(w->db, &w->event, &in, T0, &id), 0);
    assert_int_equal(put_text(w, id, QUESTION_TEXT, S(" Q? ")), 0);
    assert_int_equal(put_text(w, id, QUESTION_TEXT_CHOICE + 2, S("B")), 0);
    assert_int_equal(put_text(w, id, QUESTION_TEXT_CHOICE + 3, S("C")), ERR_NOT_FOUND);
    assert_int_equal(put_text(w, id, QUESTION_TEXT, S(" ")), ERR_RANGE);
    l = questions_of(w, &pre, S("en"));
    assert_int_equal(l.n, 6);
    assert_str(l.row[5].text.body, "Q?");
    assert_true(l.row[5].choice[1].is_right && !l.row[5].choice[0].is_right);
    in.id = l.row[1].id;
    in.right = 3;
    assert_int_equal(question_put(w->db, &w->event, &in, T0, &id), ERR_RANGE); /* one means one */
    in.right = 0;
    assert_int_equal(question_put(w->db, &w->event, &in, T0, &id), ERR_RANGE);
    in.right = 1;
    in.source = S(" ");
    assert_int_equal(question_put(w->db, &w->event, &in, T0, &id), ERR_RANGE);
    in.source = S("B");
    in.checked_on = S("2026-02-30");
    assert_int_equal(question_put(w->db, &w->event, &in, T0, &id), ERR_RANGE);
    in.checked_on = S("2026-02-28");
    assert_int_equal(question_put(w->db, &w->member, &in, T0, &id), ERR_DENIED);
    assert_int_equal(question_remove(w->db, &w->event, l.row[1].id), 0);
    l = questions_of(w, &pre, S("en"));
    assert_int_equal(l.n, 5);
    for (size_t i = 0; i < l.n; i++)
        assert_int_equal(l.row[i].place, i + 1);
    /* Once people have answered, nothing moves under their answers; a wrong key may be mended. */
    assert_int_equal(answer_put(w->a, w->db, &w->member, &s, &attempt, T0), 0);
    assert_int_equal(question_remove(w->db, &w->event, l.row[0].id), ERR_STATE);
    in = (struct question_in){.id = l.row[4].id,
                              .kind = QUESTION_ONE,
                              .measure = MEASURE_KNOWLEDGE,
                              .nchoices = 3,
                              .right = 1,
                              .source = S("B"),
                              .checked_on = S("2026-11-01")};
    assert_int_equal(question_put(w->db, &w->event, &in, T0, &id), ERR_STATE);
    in.nchoices = 2;
    assert_int_equal(question_put(w->db, &w->event, &in, T0, &id), 0);
    in.id = 0;
    in.quiz_id = pre.id;
    assert_int_equal(question_put(w->db, &w->event, &in, T0, &id), ERR_STATE);
}

static void import_faults(void **state)
{
    static const struct {
        const char *json, *fault;
        int r;
    } rows[] = {
        {"{", "line 1, column 1", ERR_SYNTAX},
        {"{}", "pre.questions", ERR_RANGE},
        {"{\"pre\":{\"questions\":[{\"kind\":\"two\"}]}}", "pre.questions[0].kind", ERR_RANGE},
        {"{\"pre\":{\"questions\":[{\"kind\":\"truth\",\"measure\":\"luck\"}]}}",
         "pre.questions[0].measure", ERR_RANGE},
        {"{\"pre\":{\"questions\":[{\"kind\":\"truth\",\"measure\":\"knowledge\",\"source\":\"x\","
         "\"checked\":\"yesterday\"}]}}",
         "pre.questions[0]", ERR_RANGE},
        {"{\"pre\":{\"questions\":[{\"kind\":\"truth\",\"measure\":\"knowledge\",\"source\":\"x\","
         "\"checked\":\"2026-01-01\",\"text\":{\"english\":\"x\"}}]}}",
         "pre.questions[0].text.english", ERR_RANGE},
        {"{\"pre\":{\"questions\":[{\"kind\":\"one\",\"measure\":\"knowledge\",\"source\":\"x\","
         "\"checked\":\"2026-01-01\",\"text\":{\"en\":\"x\"},\"choices\":[{\"right\":true,\"text\":"
         "{\"en\":\"a\"}},"
         "{\"text\":{\"en\":5}}]}]}}",
         "pre.questions[0].choices[1].text.en", ERR_RANGE},
    };
    struct world *w = *state;

    for (size_t i = 0; i < NELEM(rows); i++) {
        str fault = {0};

        assert_int_equal(db_mark(w->db), 0);
        assert_int_equal(import(w, &w->event, str_c(rows[i].json), &fault), rows[i].r);
        db_rollback(w->db);
        assert_str(fault, rows[i].fault);
    }
}

static void import_again(void **state)
{
    struct world *w = *state;
    struct quiz pre = quiz_of(w, QUIZ_PRE);
    struct seminar s = world_live(w);
    struct attempt attempt = {.kind = QUIZ_PRE, .lang = S("en"), .value = {1}};
    str fault;

    assert_int_equal(import(w, &w->event, world_file(w, "quiz.json"), &fault), 0);
    assert_int_equal(questions_of(w, &pre, S("en")).n, 5);
    assert_int_equal(answer_put(w->a, w->db, &w->member, &s, &attempt, T0), 0);
    assert_int_equal(import(w, &w->event, world_file(w, "quiz.json"), &fault), ERR_STATE);
    assert_int_equal(import(w, &w->editor, S("{}"), &fault), ERR_DENIED);
}

static const struct CMUnitTest tests[] = {ROW(sample),      ROW(worth), ROW(gates),
                                          ROW(answers),     ROW(edit),  ROW(import_faults),
                                          ROW(import_again)};
SUITE(quiz);
