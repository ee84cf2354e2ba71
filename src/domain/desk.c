#include "domain/desk.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/day.h"
#include "domain/desk_i.h"
#include "domain/news.h"
#include "domain/news_i.h"
#include "domain/rows.h"
#include "domain/seminar.h"
#include "domain/story.h"
#include "store/db.h"

enum { NOTE_BYTES = 500, YEARS_AHEAD = 2 };

/*
 * Every step there is, in the order in which a page offers them. What the server does by itself
 * (SCHEDULED → PUBLISHED when it is due, PUBLISHED → CORRECTED with a change of words, back to
 * CHECK after one) needs no person's right and is in desk_due() and desk_changed().
 */
#define WRITER (RIGHT_EVENT | RIGHT_EDITOR)

static const struct {
    int from, to;
    unsigned right;
} moves[] = {
    {DESK_IDEA, DESK_DRAFT, WRITER},
    {DESK_IDEA, DESK_ASIDE, WRITER},
    {DESK_DRAFT, DESK_EDIT, WRITER},
    {DESK_DRAFT, DESK_CHECK, RIGHT_EDITOR},
    {DESK_DRAFT, DESK_ASIDE, RIGHT_EDITOR},
    {DESK_EDIT, DESK_CHECK, RIGHT_EDITOR},
    {DESK_EDIT, DESK_DRAFT, RIGHT_EDITOR},
    {DESK_EDIT, DESK_ASIDE, RIGHT_EDITOR},
    {DESK_CHECK, DESK_PUBLISHED, RIGHT_EDITOR},
    {DESK_CHECK, DESK_SCHEDULED, RIGHT_EDITOR},
    {DESK_CHECK, DESK_TRANSLATION, RIGHT_EDITOR},
    {DESK_CHECK, DESK_EDIT, RIGHT_EDITOR},
    {DESK_TRANSLATION, DESK_PUBLISHED, RIGHT_EDITOR},
    {DESK_TRANSLATION, DESK_SCHEDULED, RIGHT_EDITOR},
    {DESK_TRANSLATION, DESK_EDIT, RIGHT_EDITOR},
    {DESK_SCHEDULED, DESK_PUBLISHED, RIGHT_EDITOR},
    {DESK_SCHEDULED, DESK_EDIT, RIGHT_EDITOR},
    {DESK_PUBLISHED, DESK_WITHDRAWN, RIGHT_EDITOR},
    {DESK_CORRECTED, DESK_WITHDRAWN, RIGHT_EDITOR},
    {DESK_WITHDRAWN, DESK_EDIT, RIGHT_EDITOR},
    {DESK_ASIDE, DESK_DRAFT, WRITER},
};

int desk_move_at(const struct actor *who, int from, size_t i)
{
    for (size_t k = 0; k < NELEM(moves); k++) {
        if (moves[k].from == from && actor_can(who, moves[k].right) && i-- == 0)
            return moves[k].to;
    }
    return 0;
}

/* 0; ERR_STATE: no such step; ERR_AUTH, ERR_DENIED. */
static int check_move(const struct actor *who, int from, int to)
{
    for (size_t k = 0; k < NELEM(moves); k++) {
        if (moves[k].from == from && moves[k].to == to)
            return actor_check(who, moves[k].right);
    }
    return ERR_STATE;
}

/* ---- the record ---- */

int desk_record(struct db *db, const struct actor *who, const struct desk_deed *deed, usec now)
{
    str note = str_trim(deed->note);
    struct stmt *q = db_stmt(
        db,
        "INSERT INTO news_steps (news_id, lang, revision, from_state, to_state, title_revision,"
        " body_revision, account_id, note, at) SELECT v.news_id, v.lang, v.revision, ?3, v.state,"
        " coalesce(t.revision, 0), coalesce(b.revision, 0), nullif(?4, 0), ?5, ?6"
        " FROM news_versions v JOIN news n ON n.news_id = v.news_id"
        " LEFT JOIN text_versions t ON t.text_id = n.title_text_id AND t.lang = v.lang"
        " LEFT JOIN text_versions b ON b.text_id = n.body_text_id AND b.lang = v.lang"
        " WHERE v.news_id = ?1 AND v.lang = ?2");

    stmt_i64(q, 1, deed->news_id);
    stmt_str(q, 2, deed->lang);
    stmt_i64(q, 3, deed->from);
    stmt_i64(q, 4, who->account_id);
    stmt_str(q, 5, note.n ? note : (str){0});
    stmt_i64(q, 6, now);
    return stmt_run(q);
}

int desk_place(struct arena *a, struct db *db, int64_t news_id, str lang,
               struct desk_place *ret_place)
{
    struct stmt *q =
        db_stmt(db, "SELECT v.state, v.revision, v.due_at, n.embargo_at,"
                    " v.withdrawn_at, v.assignee_id, v.farewell, n.pictures_revision"
                    " FROM news n"
                    " LEFT JOIN news_versions v ON v.news_id = n.news_id AND v.lang = ?2"
                    " WHERE n.news_id = ?1");
    struct desk_place p = {0};
    bool ok = true;
    int r;

    stmt_i64(q, 1, news_id);
    stmt_str(q, 2, lang);
    r = stmt_row(q);
    if (r > 0)
        p = (struct desk_place){
            .state = (int)col_i64(q, 0),
            .revision = col_i64(q, 1),
            .due_at = col_i64(q, 2),
            .embargo_at = col_i64(q, 3),
            .withdrawn_at = col_i64(q, 4),
            .assignee_id = col_i64(q, 5),
            .pictures_revision = col_i64(q, 7),
            .farewell = a ? rows_str(a, q, 6, &ok) : (str){0},
        };
    r = rows_end_one(q, r, ok);
    if (r == 0)
        *ret_place = p;
    return r;
}

/* ---- steps ---- */

/* Writes where the version stands now. day_set() of news.c writes the day that lists show. */
static int place_write(struct db *db, const struct desk_step *s, usec now)
{
    bool is_out = s->to == DESK_PUBLISHED;
    struct stmt *q = db_stmt(
        db, "UPDATE news_versions SET state = ?3, revision = revision + 1, changed_at = ?5,"
            " due_at = CASE ?3 WHEN 6 THEN ?4 END,"
            " published_at = CASE WHEN ?6 THEN coalesce(nullif(?4, 0), ?5) END, day = NULL,"
            " corrected_at = NULL, correction = NULL,"
            " withdrawn_at = CASE WHEN ?6 THEN NULL WHEN ?3 = 9 THEN ?5 ELSE withdrawn_at END,"
            " farewell = CASE WHEN ?6 THEN NULL WHEN ?3 = 9 THEN ?7 ELSE farewell END"
            " WHERE news_id = ?1 AND lang = ?2");
    str note = str_trim(s->note);
    int r;

    stmt_i64(q, 1, s->news_id);
    stmt_str(q, 2, s->lang);
    stmt_i64(q, 3, s->to);
    stmt_i64(q, 4, s->at);
    stmt_i64(q, 5, now);
    stmt_i64(q, 6, is_out);
    stmt_str(q, 7, note.n ? note : (str){0});
    r = stmt_run(q);
    return r == 0 && is_out ? news_day_set(db, s->news_id, s->lang) : r;
}

static int check_when(const struct desk_step *s, usec now)
{
    if (s->to == DESK_SCHEDULED && (s->at <= now || s->at > now + YEARS_AHEAD * 366 * USEC_DAY))
        return ERR_RANGE;
    /* A day that has not come yet is a schedule, not a date. */
    return s->to == DESK_PUBLISHED && s->at > now + USEC_DAY ? ERR_RANGE : 0;
}

static int check_obstacles(struct db *db, const struct desk_step *s, usec now)
{
    usec at = s->to == DESK_SCHEDULED ? s->at : now;
    unsigned obstacles = 0;
    int r = 0;

    if (s->to == DESK_PUBLISHED || s->to == DESK_SCHEDULED)
        r = desk_obstacles(db, s->news_id, s->lang, at, &obstacles);
    return r == 0 && obstacles ? ERR_PRECOND : r;
}

static int record(struct db *db, const struct actor *who, const struct desk_step *s, int from,
                  usec now)
{
    const struct desk_deed deed = {
        .news_id = s->news_id, .lang = s->lang, .from = from, .note = s->note};

    return desk_record(db, who, &deed, now);
}

static int take(struct db *db, const struct actor *who, const struct desk_step *s, int from,
                usec now)
{
    int r = check_when(s, now);

    if (r == 0)
        r = check_obstacles(db, s, now);
    if (r == 0)
        r = place_write(db, s, now);
    return r < 0 ? r : record(db, who, s, from, now);
}

int desk_move(struct db *db, const struct actor *who, const struct desk_step *s, usec now)
{
    struct desk_place p = {0};
    int r = actor_check(who, RIGHT_EVENT | RIGHT_EDITOR);

    if (r == 0)
        r = desk_place(NULL, db, s->news_id, s->lang, &p);
    if (r < 0)
        return r;
    if (!p.state)
        return ERR_NOT_FOUND;
    r = check_move(who, p.state, s->to);
    if (r == 0 && s->revision >= 0 && s->revision != p.revision)
        r = ERR_CONFLICT;
    if (r == 0 && s->note.n > NOTE_BYTES)
        r = ERR_TOO_BIG;
    if (r == 0 && s->note.p && !str_is_utf8(s->note))
        r = ERR_ENCODING;
    return r < 0 ? r : take(db, who, s, p.state, now);
}

/* Back to the safety check from where only readers or other languages are waited for. */
static int back_to_check(struct db *db, int64_t news_id, str lang)
{
    struct stmt *q = db_stmt(db, "UPDATE news_versions SET state = 4, due_at = NULL"
                                 " WHERE news_id = ?1 AND lang = ?2 AND state IN (5, 6)");

    stmt_i64(q, 1, news_id);
    stmt_str(q, 2, lang);
    return stmt_run(q);
}

int desk_changed(struct db *db, const struct actor *who, int64_t news_id, str lang, usec now)
{
    struct desk_place p = {0};
    struct stmt *q;
    int r = desk_place(NULL, db, news_id, lang, &p);

    if (r == 0)
        r = back_to_check(db, news_id, lang);
    if (r == 0 && p.state == DESK_PUBLISHED) {
        q = db_stmt(db, "UPDATE news_versions SET state = 8 WHERE news_id = ?1 AND lang = ?2");
        stmt_i64(q, 1, news_id);
        stmt_str(q, 2, lang);
        r = stmt_run(q);
    }
    return r < 0
               ? r
               : desk_record(db, who,
                             &(struct desk_deed){.news_id = news_id, .lang = lang, .from = p.state},
                             now);
}

int desk_pictures_changed(struct db *db, const struct actor *who, int64_t news_id, usec now)
{
    struct stmt *q = db_stmt(db, "UPDATE news SET pictures_revision = pictures_revision + 1"
                                 " WHERE news_id = ?1");
    char lang[16];
    int r;

    stmt_i64(q, 1, news_id);
    r = stmt_run(q);
    while (r == 0) {
        q = db_stmt(db, "SELECT lang FROM news_versions WHERE news_id = ?1 AND state IN (5, 6)"
                        " LIMIT 1");
        stmt_i64(q, 1, news_id);
        r = stmt_row(q);
        if (r > 0)
            r = str_copy(lang, sizeof(lang), col_str(q, 0)) < 0 ? ERR_INTERNAL : 1;
        stmt_end(q);
        if (r <= 0)
            return r;
        r = desk_changed(db, who, news_id, str_c(lang), now);
    }
    return r;
}

int desk_pictures_seen(struct db *db, int64_t news_id, usec now)
{
    struct stmt *q = db_stmt(db, "UPDATE news SET pictures_at = ?2 WHERE news_id = ?1");

    stmt_i64(q, 1, news_id);
    stmt_i64(q, 2, now);
    return stmt_run(q);
}

/* ---- beginning, giving, holding back ---- */

static int item_add(struct db *db, const struct actor *who, const struct desk_idea *in, usec now,
                    struct news_item *ret_item, int64_t *ret_id)
{
    struct stmt *q;
    int r = text_new(db, who, &ret_item->title_id);

    if (r == 0)
        r = text_new(db, who, &ret_item->body_id);
    if (r < 0)
        return r;
    q = db_stmt(db,
                "INSERT INTO news (slug, kind, title_text_id, body_text_id, is_sample, added_at)"
                " VALUES (?1, ?2, ?3, ?4, ?6, ?5)");
    stmt_str(q, 1, in->slug);
    stmt_i64(q, 2, in->kind);
    stmt_i64(q, 3, ret_item->title_id);
    stmt_i64(q, 4, ret_item->body_id);
    stmt_i64(q, 5, now);
    stmt_i64(q, 6, in->is_sample);
    r = stmt_run(q);
    if (r == 0)
        *ret_id = db_last_id(db);
    return r;
}

int desk_begin(struct db *db, const struct actor *who, const struct desk_idea *in, usec now)
{
    struct news_in words = {.lang = in->lang, .title = in->title, .body = in->body};
    struct news_item item = {0};
    struct stmt *q;
    int64_t id = 0;
    unsigned right = in->kind == NEWS_STORY ? RIGHT_EDITOR : RIGHT_EVENT | RIGHT_EDITOR;
    int r = actor_check(who, right);

    if (r < 0)
        return r;
    if (!seminar_is_slug(in->slug) || (in->kind != NEWS_REPORT && in->kind != NEWS_STORY))
        return ERR_RANGE;
    r = news_check_in(&words);
    if (r == 0)
        r = item_add(db, who, in, now, &item, &id);
    if (r == 0)
        r = news_texts_write(db, who, &item, &words, now);
    if (r < 0)
        return r;
    q = db_stmt(db, "INSERT INTO news_versions (news_id, lang, revision, changed_at, state)"
                    " VALUES (?1, ?2, 1, ?3, 1)");
    stmt_i64(q, 1, id);
    stmt_str(q, 2, in->lang);
    stmt_i64(q, 3, now);
    r = stmt_run(q);
    return r < 0 ? r
                 : desk_record(db, who, &(struct desk_deed){.news_id = id, .lang = in->lang}, now);
}

int desk_assign(struct db *db, const struct actor *who, int64_t news_id, str lang,
                int64_t account_id)
{
    struct stmt *q;
    int r = actor_check(who, RIGHT_EVENT | RIGHT_EDITOR);

    if (r < 0)
        return r;
    q = db_stmt(db,
                "UPDATE news_versions SET assignee_id = nullif(?3, 0) WHERE news_id = ?1"
                " AND lang = ?2 AND (?3 = 0 OR EXISTS (SELECT 1 FROM accounts WHERE account_id = ?3"
                " AND closed_at IS NULL AND rights & ?4))");
    stmt_i64(q, 1, news_id);
    stmt_str(q, 2, lang);
    stmt_i64(q, 3, account_id);
    stmt_i64(q, 4, RIGHT_EDITOR);
    r = stmt_run(q);
    return r == 0 && db_changes(db) == 0 ? ERR_RANGE : r;
}

/* What is scheduled for an earlier moment waits for the end of the embargo. */
int desk_embargo(struct db *db, const struct actor *who, int64_t news_id, usec at)
{
    struct stmt *q;
    int r = actor_check(who, RIGHT_EDITOR);

    if (r < 0)
        return r;
    q = db_stmt(db, "UPDATE news SET embargo_at = nullif(?2, 0) WHERE news_id = ?1 AND (?2 = 0 OR"
                    " NOT EXISTS (SELECT 1 FROM news_versions v WHERE v.news_id = ?1"
                    " AND v.published_at IS NOT NULL))");
    stmt_i64(q, 1, news_id);
    stmt_i64(q, 2, at);
    r = stmt_run(q);
    if (r == 0 && db_changes(db) == 0)
        return ERR_STATE;
    q = db_stmt(db, "UPDATE news_versions SET due_at = max(due_at, ?2) WHERE news_id = ?1"
                    " AND due_at IS NOT NULL");
    stmt_i64(q, 1, news_id);
    stmt_i64(q, 2, at);
    return r < 0 ? r : stmt_run(q);
}

/* ---- the server's own steps ---- */

int desk_next_due(struct db *db, usec *ret_next)
{
    struct stmt *q =
        db_stmt(db, "SELECT min(x.at) FROM (SELECT min(due_at) AS at FROM news_versions WHERE "
                    "due_at IS NOT NULL"
                    " UNION ALL SELECT min(c.until_at) FROM consents c WHERE c.until_at IS NOT NULL"
                    " AND c.withdrawn_at IS NULL AND EXISTS (SELECT 1 FROM news_versions v"
                    " WHERE v.news_id = c.news_id AND v.published_at IS NOT NULL)) x");
    int r = stmt_row(q);

    if (r > 0)
        *ret_next = col_i64(q, 0);
    stmt_end(q);
    return r < 0 ? r : 0;
}

struct due {
    struct desk_step step;
    char lang[16];
    int state;
};

static int due_read(struct stmt *q, int to, struct due *ret_due)
{
    int r = stmt_row(q);

    if (r > 0) {
        *ret_due = (struct due){.step = {.news_id = col_i64(q, 0), .to = to, .at = col_i64(q, 2)},
                                .state = (int)col_i64(q, 3)};
        if (str_copy(ret_due->lang, sizeof(ret_due->lang), col_str(q, 1)) < 0)
            r = ERR_INTERNAL;
        ret_due->step.lang = str_c(ret_due->lang);
    }
    stmt_end(q);
    return r;
}

/* The next thing that is due: 1; 0: nothing. */
static int due_next(struct db *db, usec now, struct due *ret_due)
{
    struct stmt *q =
        db_stmt(db, "SELECT news_id, lang, due_at, state FROM news_versions"
                    " WHERE due_at IS NOT NULL AND due_at <= ?1 ORDER BY due_at LIMIT 1");
    int r;

    stmt_i64(q, 1, now);
    r = due_read(q, DESK_PUBLISHED, ret_due);
    if (r != 0)
        return r;
    q = db_stmt(db, "SELECT v.news_id, v.lang, 0, v.state FROM consents c JOIN news_versions v"
                    " ON v.news_id = c.news_id WHERE c.until_at IS NOT NULL AND c.until_at <= ?1"
                    " AND v.published_at IS NOT NULL LIMIT 1");
    stmt_i64(q, 1, now);
    return due_read(q, DESK_WITHDRAWN, ret_due);
}

/* What may not be published any more when its moment comes goes back to the check. */
int desk_due(struct db *db, usec now)
{
    struct due d;
    int r;

    while ((r = due_next(db, now, &d)) > 0) {
        r = take(db, &actor_server, &d.step, d.state, now);
        if (r == ERR_PRECOND) {
            r = back_to_check(db, d.step.news_id, d.step.lang);
            if (r == 0)
                r = record(db, &actor_server, &d.step, d.state, now);
        }
        if (r < 0)
            return r;
    }
    return r;
}
