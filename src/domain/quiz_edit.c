/*
 * Changes of the tests. What people have answered must stay comparable, so once the first answer is
 * there a test keeps its questions, their kinds and their choices.
 */
#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/day.h"
#include "domain/quiz.h"
#include "domain/rows.h"
#include "store/db.h"

int quiz_put(struct db *db, const struct actor *who, int64_t seminar_id, int kind, usec now,
             int64_t *ret_id)
{
    struct stmt *q;
    int r = actor_check(who, RIGHT_EVENT);

    if (r < 0)
        return r;
    if (kind != QUIZ_PRE && kind != QUIZ_POST)
        return ERR_RANGE;
    q = db_stmt(db, "INSERT INTO quizzes (seminar_id, kind, gate, added_at) VALUES (?1, ?2, ?3, ?4)"
                    " ON CONFLICT (seminar_id, kind) DO UPDATE SET kind = ?2 RETURNING quiz_id");
    stmt_i64(q, 1, seminar_id);
    stmt_i64(q, 2, kind);
    stmt_i64(q, 3, QUIZ_BY_SEMINAR);
    stmt_i64(q, 4, now);
    r = stmt_row(q);
    if (r <= 0)
        return r < 0 ? r : ERR_INTERNAL;
    *ret_id = col_i64(q, 0);
    return stmt_run(q);
}

/* A pre-test that goes with the seminar must not be answered beside the post-test. */
static int close_pre(struct db *db, int64_t post_id, usec now)
{
    struct stmt *q =
        db_stmt(db, "UPDATE quizzes SET gate = ?4, gate_at = ?5"
                    " WHERE kind = ?2 AND gate = ?3 AND seminar_id ="
                    " (SELECT seminar_id FROM quizzes WHERE quiz_id = ?1 AND kind = ?6)");

    stmt_i64(q, 1, post_id);
    stmt_i64(q, 2, QUIZ_PRE);
    stmt_i64(q, 3, QUIZ_BY_SEMINAR);
    stmt_i64(q, 4, QUIZ_CLOSED);
    stmt_i64(q, 5, now);
    stmt_i64(q, 6, QUIZ_POST);
    return stmt_run(q);
}

int quiz_gate_set(struct db *db, const struct actor *who, int64_t quiz_id, int gate, usec now)
{
    struct stmt *q;
    int r = actor_check(who, RIGHT_EVENT);

    if (r < 0)
        return r;
    if (gate < QUIZ_BY_SEMINAR || gate > QUIZ_CLOSED)
        return ERR_RANGE;
    q = db_stmt(db, "UPDATE quizzes SET gate = ?2, gate_at = ?3 WHERE quiz_id = ?1");
    stmt_i64(q, 1, quiz_id);
    stmt_i64(q, 2, gate);
    stmt_i64(q, 3, now);
    r = stmt_run(q);
    if (r == 0 && !db_changes(db))
        r = ERR_NOT_FOUND;
    return r == 0 && gate == QUIZ_OPEN ? close_pre(db, quiz_id, now) : r;
}

static int number(struct db *db, struct stmt *q, int64_t *ret_n)
{
    int r = stmt_row(q);

    (void)db;
    if (r > 0)
        *ret_n = col_i64(q, 0);
    return rows_end_one(q, r, true);
}

static int count_attempts(struct db *db, int64_t quiz_id, int64_t *ret_n)
{
    struct stmt *q = db_stmt(db, "SELECT count(*) FROM attempts WHERE quiz_id = ?1");

    stmt_i64(q, 1, quiz_id);
    return number(db, q, ret_n);
}

static bool has_choices(int kind)
{
    return kind == QUESTION_ONE || kind == QUESTION_SEVERAL;
}

static int check_in(const struct question_in *in)
{
    unsigned all =
        in->nchoices > 0 && in->nchoices <= QUESTION_CHOICES ? (1u << in->nchoices) - 1 : 0;
    struct day day;

    if (in->kind < QUESTION_ONE || in->kind > QUESTION_SCALE || in->measure < MEASURE_KNOWLEDGE ||
        in->measure > MEASURE_PRACTICE)
        return ERR_RANGE;
    if (!str_trim(in->source).n || in->source.n > MAX_QUESTION_BYTES || !str_is_utf8(in->source) ||
        (in->checked_on.n && day_parse(in->checked_on, &day) < 0))
        return ERR_RANGE;
    if (!has_choices(in->kind))
        return in->nchoices ? ERR_RANGE : 0;
    if (in->nchoices < 2 || !all || !in->right || (in->right & ~all))
        return ERR_RANGE;
    return in->kind == QUESTION_ONE && (in->right & (in->right - 1)) ? ERR_RANGE : 0;
}

static int add(struct db *db, const struct actor *who, const struct question_in *in,
               int64_t *ret_id)
{
    struct stmt *q = db_stmt(db, "SELECT coalesce(max(place), 0) + 1 FROM questions"
                                 " WHERE quiz_id = ?1");
    int64_t place = 0, text_id = 0, feedback_id = 0;
    int r;

    stmt_i64(q, 1, in->quiz_id);
    r = number(db, q, &place);
    if (r == 0 && place > MAX_QUIZ_QUESTIONS)
        r = ERR_RANGE;
    if (r == 0)
        r = text_new(db, who, &text_id);
    if (r == 0)
        r = text_new(db, who, &feedback_id);
    if (r < 0)
        return r;
    q = db_stmt(db, "INSERT INTO questions (quiz_id, place, kind, measure, right_side, text_id,"
                    " feedback_text_id, source, checked_on)"
                    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
    stmt_i64(q, 1, in->quiz_id);
    stmt_i64(q, 2, place);
    stmt_i64(q, 3, in->kind);
    stmt_i64(q, 4, in->measure);
    stmt_i64(q, 5, has_choices(in->kind) || in->right_side);
    stmt_i64(q, 6, text_id);
    stmt_i64(q, 7, feedback_id);
    stmt_str(q, 8, str_trim(in->source));
    stmt_str(q, 9, in->checked_on.p ? in->checked_on : S(""));
    r = stmt_run(q);
    if (r == 0)
        *ret_id = db_last_id(db);
    return r;
}

static int change(struct db *db, const struct question_in *in)
{
    struct stmt *q = db_stmt(db, "UPDATE questions SET kind = ?2, measure = ?3, right_side = ?4,"
                                 " source = ?5, checked_on = ?6 WHERE question_id = ?1");

    stmt_i64(q, 1, in->id);
    stmt_i64(q, 2, in->kind);
    stmt_i64(q, 3, in->measure);
    stmt_i64(q, 4, has_choices(in->kind) || in->right_side);
    stmt_str(q, 5, str_trim(in->source));
    stmt_str(q, 6, in->checked_on.p ? in->checked_on : S(""));
    return stmt_run(q);
}

/* Choices that are there keep their texts. */
static int put_choices(struct db *db, const struct actor *who, const struct question_in *in,
                       int64_t id)
{
    struct stmt *q = db_stmt(db, "DELETE FROM choices WHERE question_id = ?1 AND place > ?2");
    int r;

    stmt_i64(q, 1, id);
    stmt_i64(q, 2, in->nchoices);
    r = stmt_run(q);
    for (int i = 0; r == 0 && i < in->nchoices; i++) {
        int64_t text_id;

        q = db_stmt(db, "UPDATE choices SET is_right = ?3 WHERE question_id = ?1 AND place = ?2");
        stmt_i64(q, 1, id);
        stmt_i64(q, 2, i + 1);
        stmt_i64(q, 3, in->right >> i & 1);
        r = stmt_run(q);
        if (r < 0 || db_changes(db))
            continue;
        r = text_new(db, who, &text_id);
        if (r < 0)
            return r;
        q = db_stmt(db, "INSERT INTO choices (question_id, place, is_right, text_id)"
                        " VALUES (?1, ?2, ?3, ?4)");
        stmt_i64(q, 1, id);
        stmt_i64(q, 2, i + 1);
        stmt_i64(q, 3, in->right >> i & 1);
        stmt_i64(q, 4, text_id);
        r = stmt_run(q);
    }
    return r;
}

struct shape {
    int64_t quiz_id, kind, nchoices, nattempts, place;
};

static int shape_of(struct db *db, int64_t id, struct shape *ret_shape)
{
    struct stmt *q = db_stmt(db, "SELECT n.quiz_id, n.kind,"
                                 " (SELECT count(*) FROM choices c"
                                 "  WHERE c.question_id = n.question_id),"
                                 " (SELECT count(*) FROM attempts t WHERE t.quiz_id = n.quiz_id),"
                                 " n.place FROM questions n WHERE n.question_id = ?1");
    int r;

    stmt_i64(q, 1, id);
    r = stmt_row(q);
    if (r > 0)
        *ret_shape = (struct shape){col_i64(q, 0), col_i64(q, 1), col_i64(q, 2), col_i64(q, 3),
                                    col_i64(q, 4)};
    return rows_end_one(q, r, true);
}

int question_put(struct db *db, const struct actor *who, const struct question_in *in, usec now,
                 int64_t *ret_id)
{
    struct shape was = {0};
    int64_t nattempts = 0, id = in->id;
    int r = actor_check(who, RIGHT_EVENT);

    (void)now;
    if (r == 0)
        r = check_in(in);
    if (r == 0)
        r = id ? shape_of(db, id, &was) : count_attempts(db, in->quiz_id, &nattempts);
    if (r < 0)
        return r;
    if (nattempts || (was.nattempts && (was.kind != in->kind || was.nchoices != in->nchoices)))
        return ERR_STATE;
    r = id ? change(db, in) : add(db, who, in, &id);
    if (r == 0)
        r = put_choices(db, who, in, id);
    if (r == 0)
        *ret_id = id;
    return r;
}

static int text_of(struct db *db, int64_t id, int which, int64_t *ret_text_id)
{
    struct stmt *q;

    if (which >= QUESTION_TEXT_CHOICE) {
        q = db_stmt(db, "SELECT text_id FROM choices WHERE question_id = ?1 AND place = ?2");
        stmt_i64(q, 2, which - QUESTION_TEXT_CHOICE);
    } else if (which == QUESTION_TEXT_FEEDBACK) {
        q = db_stmt(db, "SELECT feedback_text_id FROM questions WHERE question_id = ?1");
    } else {
        q = db_stmt(db, "SELECT text_id FROM questions WHERE question_id = ?1");
    }
    stmt_i64(q, 1, id);
    return number(db, q, ret_text_id);
}

int question_text_put(struct db *db, const struct actor *who, const struct question_text_in *in,
                      usec now)
{
    struct text_in text = {.lang = in->lang, .body = str_trim(in->body), .revision = -1};
    int64_t text_id = 0, revision;
    int r = actor_check(who, RIGHT_EVENT);

    if (r == 0 && text.body.n > MAX_QUESTION_BYTES)
        r = ERR_TOO_BIG;
    if (r == 0 && !text.body.n && in->which != QUESTION_TEXT_FEEDBACK)
        r = ERR_RANGE;
    if (r == 0)
        r = text_of(db, in->id, in->which, &text_id);
    return r < 0 ? r : text_put(db, who, text_id, &text, now, &revision);
}

int question_remove(struct db *db, const struct actor *who, int64_t id)
{
    struct shape was = {0};
    struct stmt *q;
    int r = actor_check(who, RIGHT_EVENT);

    if (r == 0)
        r = shape_of(db, id, &was);
    if (r == 0 && was.nattempts)
        r = ERR_STATE;
    if (r < 0)
        return r;
    q = db_stmt(db, "DELETE FROM questions WHERE question_id = ?1");
    stmt_i64(q, 1, id);
    r = stmt_run(q);
    if (r < 0)
        return r;
    /* The order has no holes, so that "question 3" is the third. */
    q = db_stmt(db, "UPDATE questions SET place = place - 1 WHERE quiz_id = ?1 AND place > ?2");
    stmt_i64(q, 1, was.quiz_id);
    stmt_i64(q, 2, was.place);
    return stmt_run(q);
}
