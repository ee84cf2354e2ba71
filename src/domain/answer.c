#include "domain/answer.h"

#include "base/err.h"
#include "base/limits.h"
#include "domain/actor.h"
#include "domain/invitation.h"
#include "domain/rows.h"
#include "domain/seminar.h"
#include "store/db.h"

bool answer_is_learner(int role)
{
    return role == ROLE_PARTICIPANT || role == ROLE_PROTECTED;
}

static int read_values(struct db *db, int64_t attempt_id, struct attempt *t)
{
    struct stmt *q = db_stmt(db, "SELECT n.place, w.value FROM answers w"
                                 " JOIN questions n ON n.question_id = w.question_id"
                                 " WHERE w.attempt_id = ?1");
    int r;

    stmt_i64(q, 1, attempt_id);
    while ((r = stmt_row(q)) > 0) {
        int64_t place = col_i64(q, 0);

        if (place < 1 || place > MAX_QUIZ_QUESTIONS)
            continue;
        t->value[place - 1] = col_i64(q, 1);
        t->nanswers++;
    }
    return rows_end(q, r, true);
}

int answer_read(struct arena *a, struct db *db, const struct actor *who, const struct quiz *z,
                int64_t person_id, struct attempt *ret_attempt)
{
    bool is_own = actor_is_member(who, z->seminar_id) && who->person_id == person_id;
    struct attempt t = {.kind = z->kind};
    int64_t id = 0;
    bool ok = true;
    struct stmt *q;
    int r = is_own ? 0 : actor_check(who, RIGHT_EVENT);

    if (r < 0)
        return r;
    q = db_stmt(db, "SELECT attempt_id, lang, changed_at FROM attempts"
                    " WHERE quiz_id = ?1 AND person_id = ?2");
    stmt_i64(q, 1, z->id);
    stmt_i64(q, 2, person_id);
    r = stmt_row(q);
    if (r > 0) {
        t.is_there = true;
        id = col_i64(q, 0);
        t.lang = rows_str(a, q, 1, &ok);
        t.changed_at = col_i64(q, 2);
    }
    r = rows_end(q, r, ok);
    if (r == 0 && t.is_there)
        r = read_values(db, id, &t);
    if (r == 0)
        *ret_attempt = t;
    return r;
}

static int put_attempt(struct db *db, const struct quiz *z, int64_t person_id, str lang, usec now,
                       int64_t *ret_id)
{
    struct stmt *q = db_stmt(db, "INSERT INTO attempts (quiz_id, person_id, lang, added_at,"
                                 " changed_at) VALUES (?1, ?2, ?3, ?4, ?4)"
                                 " ON CONFLICT (quiz_id, person_id)"
                                 " DO UPDATE SET lang = ?3, changed_at = ?4 RETURNING attempt_id");
    int r;

    stmt_i64(q, 1, z->id);
    stmt_i64(q, 2, person_id);
    stmt_str(q, 3, lang);
    stmt_i64(q, 4, now);
    r = stmt_row(q);
    if (r <= 0)
        return r < 0 ? r : ERR_INTERNAL;
    *ret_id = col_i64(q, 0);
    return stmt_run(q);
}

static int put_value(struct db *db, int64_t attempt_id, const struct question *n, int64_t value)
{
    struct stmt *q;

    if (!value) {
        q = db_stmt(db, "DELETE FROM answers WHERE attempt_id = ?1 AND question_id = ?2");
    } else {
        q = db_stmt(db, "INSERT INTO answers (attempt_id, question_id, value) VALUES (?1, ?2, ?3)"
                        " ON CONFLICT (attempt_id, question_id) DO UPDATE SET value = ?3");
        stmt_i64(q, 3, value);
    }
    stmt_i64(q, 1, attempt_id);
    stmt_i64(q, 2, n->id);
    return stmt_run(q);
}

static int check_values(const struct question_list *list, const struct attempt *in)
{
    for (size_t i = 0; i < list->n; i++)
        if (in->value[i] && !question_takes(&list->row[i], in->value[i]))
            return ERR_RANGE;
    return 0;
}

int answer_put(struct arena *a, struct db *db, const struct actor *who, const struct seminar *s,
               const struct attempt *in, usec now)
{
    struct question_list list;
    struct agenda agenda;
    struct quiz z;
    int64_t id = 0;
    int r;

    if (!actor_is_member(who, s->id) || !answer_is_learner(who->role))
        return actor_can(who, RIGHT_MEMBER | RIGHT_STAFF) ? ERR_DENIED : ERR_AUTH;
    r = quiz_by_kind(db, who, s->id, in->kind, &z);
    if (r == 0)
        r = seminar_agenda(a, db, s, s->floor_lang, &agenda);
    if (r == 0 && !quiz_is_open(&z, s, &agenda, now))
        r = ERR_STATE;
    if (r == 0)
        r = quiz_questions(a, db, who, &z, s->floor_lang, &list);
    if (r == 0)
        r = check_values(&list, in);
    if (r == 0)
        r = put_attempt(db, &z, who->person_id, in->lang, now, &id);
    for (size_t i = 0; r == 0 && i < list.n; i++)
        r = put_value(db, id, &list.row[i], in->value[i]);
    return r;
}

struct score answer_score(const struct question_list *questions, const struct attempt *attempt)
{
    struct score s = {0};
    double sum[MEASURES] = {0};
    int n[MEASURES] = {0};

    for (size_t i = 0; i < questions->n; i++) {
        const struct question *q = &questions->row[i];
        int m = q->measure - 1;

        if (q->measure != MEASURE_KNOWLEDGE && !attempt->value[i])
            continue;
        sum[m] += question_share(q, attempt->value[i]);
        n[m]++;
    }
    for (int m = 0; m < MEASURES; m++) {
        s.has[m] = attempt->is_there && n[m] > 0;
        s.percent[m] = s.has[m] ? 100 * sum[m] / n[m] : 0;
    }
    return s;
}
