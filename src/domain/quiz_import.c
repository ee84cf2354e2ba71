/*
 * examples/quiz.json → the two tests of a seminar. The file is walked once, depth first; where a
 * value does not fit, `where` names it and the walk ends.
 */
#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/json_in.h"
#include "domain/quiz.h"
#include "store/db.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>

struct job {
    struct db *db;
    const struct actor *who;
    int64_t quiz_id;
    usec now;
    const char *test; /* "pre", "post" */
    size_t at;        /* question, from 0 */
    char where[120];
};

static int fault(struct job *j, int r, const char *fmt, ...) PRINTF_LIKE(3, 4);

static int fault(struct job *j, int r, const char *fmt, ...)
{
    va_list args;

    if (j->where[0] || (r != ERR_RANGE && r != ERR_TOO_BIG && r != ERR_NOT_FOUND &&
                        r != ERR_ENCODING && r != ERR_SYNTAX))
        return r;
    va_start(args, fmt);
    (void)vsnprintf(j->where, sizeof(j->where), fmt, args);
    va_end(args);
    return ERR_RANGE;
}

/* One text in all its languages; `what` names it in a fault. */
static int put_text(struct job *j, int64_t id, int which, const json_t *by_lang, const char *what)
{
    const char *lang;
    json_t *body;

    if (!json_is_object(by_lang) || !json_object_size(by_lang))
        return fault(j, ERR_RANGE, "%s.questions[%zu].%s", j->test, j->at, what);
    json_object_foreach((json_t *)(uintptr_t)by_lang, lang, body)
    {
        struct question_text_in in = {id, which, str_c(lang), json_in_str(body)};
        int r = text_is_lang(in.lang) ? question_text_put(j->db, j->who, &in, j->now) : ERR_RANGE;

        if (r < 0)
            return fault(j, r, "%s.questions[%zu].%s.%.11s", j->test, j->at, what, lang);
    }
    return 0;
}

static int put_texts(struct job *j, int64_t id, const json_t *o)
{
    const json_t *choices = json_object_get(o, "choices"), *c;
    const json_t *feedback = json_object_get(o, "feedback");
    char what[48];
    size_t i;
    int r = put_text(j, id, QUESTION_TEXT, json_object_get(o, "text"), "text");

    if (r == 0 && feedback)
        r = put_text(j, id, QUESTION_TEXT_FEEDBACK, feedback, "feedback");
    json_array_foreach(choices, i, c)
    {
        (void)snprintf(what, sizeof(what), "choices[%zu].text", i);
        if (r == 0)
            r = put_text(j, id, QUESTION_TEXT_CHOICE + (int)i + 1, json_object_get(c, "text"),
                         what);
    }
    return r;
}

static int take_question(struct job *j, const json_t *o)
{
    const json_t *choices = json_object_get(o, "choices"), *c;
    struct question_in in = {.quiz_id = j->quiz_id,
                             .right_side = json_is_true(json_object_get(o, "right")),
                             .source = json_in_text(o, "source"),
                             .checked_on = json_in_text(o, "checked")};
    int64_t id;
    size_t i;
    int r = question_kind_parse(json_in_text(o, "kind"), &in.kind);

    if (r < 0)
        return fault(j, r, "%s.questions[%zu].kind", j->test, j->at);
    r = measure_parse(json_in_text(o, "measure"), &in.measure);
    if (r < 0)
        return fault(j, r, "%s.questions[%zu].measure", j->test, j->at);
    if (json_array_size(choices) > QUESTION_CHOICES)
        return fault(j, ERR_RANGE, "%s.questions[%zu].choices", j->test, j->at);
    in.nchoices = (int)json_array_size(choices);
    json_array_foreach(choices, i, c) if (json_is_true(json_object_get(c, "right"))) in.right |=
        1u << i;
    r = question_put(j->db, j->who, &in, j->now, &id);
    if (r < 0)
        return fault(j, r, "%s.questions[%zu]", j->test, j->at);
    return put_texts(j, id, o);
}

/* Questions that nobody has answered go; with answers there is nothing to replace. */
static int clear(struct job *j)
{
    struct stmt *q = db_stmt(j->db, "SELECT 1 FROM attempts WHERE quiz_id = ?1 LIMIT 1");
    int r;

    stmt_i64(q, 1, j->quiz_id);
    r = stmt_row(q);
    stmt_end(q);
    if (r != 0)
        return r < 0 ? r : ERR_STATE;
    q = db_stmt(j->db, "DELETE FROM questions WHERE quiz_id = ?1");
    stmt_i64(q, 1, j->quiz_id);
    return stmt_run(q);
}

static int take_test(struct job *j, const json_t *root, int64_t seminar_id, int kind)
{
    const json_t *list, *o;
    int r;

    j->test = quiz_kind_name(kind);
    list = json_object_get(json_object_get(root, j->test), "questions");
    if (!json_is_array(list) || !json_array_size(list) ||
        json_array_size(list) > MAX_QUIZ_QUESTIONS)
        return fault(j, ERR_RANGE, "%s.questions", j->test);
    r = quiz_put(j->db, j->who, seminar_id, kind, j->now, &j->quiz_id);
    if (r == 0)
        r = clear(j);
    json_array_foreach(list, j->at, o)
    {
        if (r == 0)
            r = take_question(j, o);
    }
    return r;
}

int quiz_import(struct arena *a, struct db *db, const struct actor *who,
                const struct quiz_file *file, usec now, str *ret_fault)
{
    struct job j = {.db = db, .who = who, .now = now};
    json_t *root = NULL;
    int r = actor_check(who, RIGHT_EVENT);

    if (r < 0)
        return r;
    r = json_in_parse(file->json, MAX_HTTP_BODY, &root, j.where);
    if (r == 0)
        r = take_test(&j, root, file->seminar_id, QUIZ_PRE);
    if (r == 0)
        r = take_test(&j, root, file->seminar_id, QUIZ_POST);
    json_decref(root);
    if (r < 0)
        *ret_fault = arena_str(a, str_c(j.where));
    return r;
}
