#include "domain/quiz.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/rows.h"
#include "domain/seminar.h"
#include "store/db.h"

#include <string.h>

static const char *const kinds[] = {"?", "pre", "post"};
static const char *const gates[] = {"?", "seminar", "open", "closed"};
static const char *const question_kinds[] = {"?", "one", "several", "truth", "scale"};
static const char *const measures[] = {"?", "knowledge", "attitude", "practice"};

static const char *name_of(const char *const *names, size_t n, int i)
{
    return names[i > 0 && i < (int)n ? i : 0];
}

static int parse(const char *const *names, size_t n, str name, int *ret_i)
{
    for (size_t i = 1; i < n; i++) {
        if (str_eq(name, str_c(names[i]))) {
            *ret_i = (int)i;
            return 0;
        }
    }
    return ERR_NOT_FOUND;
}

const char *quiz_kind_name(int kind)
{
    return name_of(kinds, NELEM(kinds), kind);
}

int quiz_kind_parse(str name, int *ret_kind)
{
    return parse(kinds, NELEM(kinds), name, ret_kind);
}

int quiz_gate_parse(str name, int *ret_gate)
{
    return parse(gates, NELEM(gates), name, ret_gate);
}

const char *question_kind_name(int kind)
{
    return name_of(question_kinds, NELEM(question_kinds), kind);
}

int question_kind_parse(str name, int *ret_kind)
{
    return parse(question_kinds, NELEM(question_kinds), name, ret_kind);
}

const char *measure_name(int measure)
{
    return name_of(measures, NELEM(measures), measure);
}

int measure_parse(str name, int *ret_measure)
{
    return parse(measures, NELEM(measures), name, ret_measure);
}

/* ---- what an answer is worth ---- */

static bool is_one_bit(int64_t v)
{
    return v > 0 && !(v & (v - 1));
}

bool question_takes(const struct question *q, int64_t value)
{
    switch (q->kind) {
    case QUESTION_ONE:
        return is_one_bit(value) && value < (int64_t)1 << q->nchoices;
    case QUESTION_SEVERAL:
        return value > 0 && value < (int64_t)1 << q->nchoices;
    case QUESTION_TRUTH:
        return value == 1 || value == 2;
    default:
        return value >= 1 && value <= SCALE_STEPS;
    }
}

static double choices_share(const struct question *q, int64_t value)
{
    int nright = 0, nhit = 0, nmiss = 0;

    for (size_t i = 0; i < q->nchoices; i++) {
        bool is_chosen = value & (int64_t)1 << i;

        nright += q->choice[i].is_right;
        nhit += is_chosen && q->choice[i].is_right;
        nmiss += is_chosen && !q->choice[i].is_right;
    }
    return nright && nhit > nmiss ? (double)(nhit - nmiss) / nright : 0;
}

double question_share(const struct question *q, int64_t value)
{
    if (!question_takes(q, value))
        return 0;
    switch (q->kind) {
    case QUESTION_TRUTH:
        return value == (q->right_side ? 1 : 2);
    case QUESTION_SCALE:
        return (double)(q->right_side ? value - 1 : SCALE_STEPS - value) / (SCALE_STEPS - 1);
    default:
        return choices_share(q, value);
    }
}

/* ---- open or closed ---- */

/* When the point of the post-test is reached; its plan counts from going live. */
static usec post_at(const struct seminar *s, const struct agenda *agenda)
{
    usec at = 0;
    int ntests = 0;

    for (size_t i = 0; i < agenda->n; i++)
        if (str_eq(agenda->row[i].kind, S("test"))) {
            at = agenda->row[i].starts_at;
            ntests++;
        }
    /* A single test of the agenda is the one before. */
    if (ntests < 2)
        at = s->starts_at + s->minutes * 60 * USEC_S;
    return s->live_at + (at - s->starts_at);
}

static bool is_post_time(const struct seminar *s, const struct agenda *agenda, usec now)
{
    if (s->state == SEMINAR_LIVE)
        return s->live_at && now >= post_at(s, agenda);
    return s->state == SEMINAR_ENDED;
}

bool quiz_is_open(const struct quiz *z, const struct seminar *s, const struct agenda *agenda,
                  usec now)
{
    if (z->gate != QUIZ_BY_SEMINAR)
        return z->gate == QUIZ_OPEN && s->state != SEMINAR_ARCHIVED;
    if (z->kind == QUIZ_POST)
        return is_post_time(s, agenda, now);
    return s->state == SEMINAR_PRACTICE ||
           (s->state == SEMINAR_LIVE && !is_post_time(s, agenda, now));
}

bool quiz_is_over(const struct quiz *z, const struct seminar *s, const struct agenda *agenda,
                  usec now)
{
    if (quiz_is_open(z, s, agenda, now))
        return false;
    if (s->state == SEMINAR_ARCHIVED)
        return true;
    if (z->gate == QUIZ_CLOSED)
        return z->nattempts > 0;
    return z->kind == QUIZ_PRE && s->state >= SEMINAR_LIVE;
}

/* ---- reading ---- */

static int check_reader(const struct actor *who, int64_t seminar_id)
{
    return actor_is_member(who, seminar_id) ? 0 : actor_check(who, RIGHT_EVENT);
}

#define QUIZ_COLUMNS                                                                               \
    "quiz_id, seminar_id, kind, gate, gate_at,"                                                    \
    " (SELECT count(*) FROM questions n WHERE n.quiz_id = z.quiz_id),"                             \
    " (SELECT count(*) FROM attempts t WHERE t.quiz_id = z.quiz_id)"

static int quiz_row(struct stmt *q, struct quiz *ret_quiz)
{
    int r = stmt_row(q);

    if (r > 0)
        *ret_quiz = (struct quiz){.id = col_i64(q, 0),
                                  .seminar_id = col_i64(q, 1),
                                  .kind = (int)col_i64(q, 2),
                                  .gate = (int)col_i64(q, 3),
                                  .gate_at = col_i64(q, 4),
                                  .nquestions = (int)col_i64(q, 5),
                                  .nattempts = (int)col_i64(q, 6)};
    return rows_end_one(q, r, true);
}

int quiz_by_kind(struct db *db, const struct actor *who, int64_t seminar_id, int kind,
                 struct quiz *ret_quiz)
{
    struct stmt *q;
    int r = check_reader(who, seminar_id);

    if (r < 0)
        return r;
    q = db_stmt(db, "SELECT " QUIZ_COLUMNS " FROM quizzes z WHERE seminar_id = ?1 AND kind = ?2");
    stmt_i64(q, 1, seminar_id);
    stmt_i64(q, 2, kind);
    return quiz_row(q, ret_quiz);
}

int quiz_by_id(struct db *db, const struct actor *who, int64_t id, struct quiz *ret_quiz)
{
    struct stmt *q = db_stmt(db, "SELECT " QUIZ_COLUMNS " FROM quizzes z WHERE quiz_id = ?1");
    struct quiz z = {0};
    int r;

    stmt_i64(q, 1, id);
    r = quiz_row(q, &z);
    if (r == 0)
        r = check_reader(who, z.seminar_id);
    if (r == 0)
        *ret_quiz = z;
    return r;
}

static int read_choices(struct arena *a, struct db *db, str lang, struct question *q)
{
    struct stmt *s = db_stmt(db, "SELECT place, is_right, text_id FROM choices"
                                 " WHERE question_id = ?1 ORDER BY place");
    int r;

    stmt_i64(s, 1, q->id);
    while ((r = stmt_row(s)) > 0 && q->nchoices < QUESTION_CHOICES) {
        struct choice *c = &q->choice[q->nchoices++];

        c->place = (int)col_i64(s, 0);
        c->is_right = col_i64(s, 1);
        r = text_get(a, db, col_i64(s, 2), lang, &c->text);
        if (r < 0)
            break;
    }
    return rows_end(s, r, true);
}

/* Columns: id, quiz, place, kind, measure, right_side, text, feedback, source, checked_on. */
static int read_question(struct arena *a, struct db *db, struct stmt *s, str lang,
                         struct question *q)
{
    bool ok = true;
    int r;

    *q = (struct question){.id = col_i64(s, 0),
                           .quiz_id = col_i64(s, 1),
                           .place = (int)col_i64(s, 2),
                           .kind = (int)col_i64(s, 3),
                           .measure = (int)col_i64(s, 4),
                           .right_side = col_i64(s, 5),
                           .source = rows_str(a, s, 8, &ok),
                           .checked_on = rows_str(a, s, 9, &ok)};
    r = ok ? text_get(a, db, col_i64(s, 6), lang, &q->text) : ERR_MEM;
    if (r == 0)
        r = text_get(a, db, col_i64(s, 7), lang, &q->feedback);
    return r < 0 ? r : read_choices(a, db, lang, q);
}

#define QUESTION_COLUMNS                                                                           \
    "question_id, quiz_id, place, kind, measure, right_side, text_id, feedback_text_id,"           \
    " source, checked_on"

int quiz_questions(struct arena *a, struct db *db, const struct actor *who, const struct quiz *z,
                   str lang, struct question_list *ret_list)
{
    struct question_list list = {0};
    struct stmt *s;
    int r = check_reader(who, z->seminar_id);

    if (r < 0)
        return r;
    s = db_stmt(db, "SELECT " QUESTION_COLUMNS " FROM questions WHERE quiz_id = ?1 ORDER BY place");
    stmt_i64(s, 1, z->id);
    while ((r = stmt_row(s)) > 0) {
        list.row = rows_grow(a, list.row, list.n, sizeof(*list.row));
        r = list.row ? read_question(a, db, s, lang, &list.row[list.n++]) : ERR_MEM;
        if (r < 0)
            break;
    }
    r = rows_end(s, r, true);
    if (r == 0)
        *ret_list = list;
    return r;
}

int question_by_id(struct arena *a, struct db *db, const struct actor *who, int64_t id, str lang,
                   struct question *ret_question)
{
    struct question q;
    struct stmt *s;
    int r = actor_check(who, RIGHT_EVENT);

    if (r < 0)
        return r;
    s = db_stmt(db, "SELECT " QUESTION_COLUMNS " FROM questions WHERE question_id = ?1");
    stmt_i64(s, 1, id);
    r = stmt_row(s);
    if (r == 0)
        r = ERR_NOT_FOUND;
    if (r > 0)
        r = read_question(a, db, s, lang, &q);
    stmt_end(s);
    if (r == 0)
        *ret_question = q;
    return r;
}
