#include "domain/story.h"

#include "base/err.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/day.h"
#include "domain/desk.h"
#include "domain/rows.h"
#include "store/db.h"

enum { NAME_BYTES = 100, PAPER_BYTES = 200 };

int consent_read(struct arena *a, struct db *db, const struct actor *who, int64_t news_id,
                 struct consent *ret_consent)
{
    struct stmt *q;
    bool ok = true;
    int r = actor_check(who, RIGHT_EDITOR);

    if (r < 0)
        return r;
    q = db_stmt(db, "SELECT pseudonym, giver, scope, paper, given_day, until_at, withdrawn_at,"
                    " revision FROM consents WHERE news_id = ?1");
    stmt_i64(q, 1, news_id);
    r = stmt_row(q);
    if (r > 0)
        *ret_consent = (struct consent){
            .pseudonym = rows_str(a, q, 0, &ok),
            .giver = (int)col_i64(q, 1),
            .scope = (unsigned)col_i64(q, 2),
            .paper = rows_str(a, q, 3, &ok),
            .given_day = rows_str(a, q, 4, &ok),
            .until_at = col_i64(q, 5),
            .withdrawn_at = col_i64(q, 6),
            .revision = col_i64(q, 7),
        };
    return rows_end_one(q, r, ok);
}

static bool is_line(str s, size_t max)
{
    s = str_trim(s);
    return s.n && s.n <= max && str_is_utf8(s) && str_chr(s, '\n') < 0;
}

static int check_in(const struct consent *in)
{
    struct day given;

    if (!is_line(in->pseudonym, NAME_BYTES) || !is_line(in->paper, PAPER_BYTES) || in->giver <= 0 ||
        in->giver >= CONSENT_GIVERS || in->scope >= CONSENT_SCOPES || !(in->scope & CONSENT_SITE) ||
        day_parse(in->given_day, &given) < 0)
        return ERR_RANGE;
    return in->until_at && in->until_at < day_number(given) * USEC_DAY ? ERR_RANGE : 0;
}

/* Kind of the item and revision of its consent (0: none). */
static int standing(struct db *db, int64_t news_id, int64_t *ret_revision)
{
    struct stmt *q = db_stmt(db, "SELECT n.kind, coalesce(c.revision, 0) FROM news n"
                                 " LEFT JOIN consents c ON c.news_id = n.news_id"
                                 " WHERE n.news_id = ?1");
    bool is_story = false;
    int r;

    stmt_i64(q, 1, news_id);
    r = stmt_row(q);
    if (r > 0) {
        is_story = col_i64(q, 0) == 2;
        *ret_revision = col_i64(q, 1);
    }
    r = rows_end_one(q, r, true);
    return r < 0 || is_story ? r : ERR_STATE;
}

/* The languages in which it is out are withdrawn; what is scheduled finds the obstacle by itself.
 */
static int withdraw_all(struct db *db, const struct actor *who, int64_t news_id, usec now)
{
    char lang[16] = "";
    int r = 1;

    while (r > 0) {
        struct desk_step s = {.news_id = news_id, .to = DESK_WITHDRAWN, .revision = -1};
        struct stmt *q = db_stmt(db, "SELECT lang FROM news_versions WHERE news_id = ?1"
                                     " AND published_at IS NOT NULL LIMIT 1");

        stmt_i64(q, 1, news_id);
        r = stmt_row(q);
        if (r > 0 && str_copy(lang, sizeof(lang), col_str(q, 0)) < 0)
            r = ERR_INTERNAL;
        stmt_end(q);
        s.lang = str_c(lang);
        if (r > 0) {
            r = desk_move(db, who, &s, now);
            r = r < 0 ? r : 1;
        }
    }
    return r;
}

#define LAST_STEP "coalesce((SELECT max(news_step_id) FROM news_steps), 0)"

/* Since when feeds may have it, and until when: news_lost() asks whether it was out then. */
static int feeds_note(struct db *db, int64_t news_id, bool may, usec now)
{
    struct stmt *q =
        db_stmt(db, may ? "INSERT INTO feed_spells (news_id, from_step) SELECT ?1, " LAST_STEP
                          " WHERE NOT EXISTS (SELECT 1 FROM feed_spells"
                          " WHERE news_id = ?1 AND to_step IS NULL)"
                          " ON CONFLICT DO UPDATE SET to_step = NULL, to_at = NULL"
                        : "UPDATE feed_spells SET to_step = " LAST_STEP ", to_at = ?2"
                          " WHERE news_id = ?1 AND to_step IS NULL");

    stmt_i64(q, 1, news_id);
    if (!may)
        stmt_i64(q, 2, now);
    return stmt_run(q);
}

int consent_put(struct db *db, const struct actor *who, int64_t news_id, const struct consent *in,
                usec now)
{
    struct stmt *q;
    int64_t revision = 0;
    bool is_over;
    int r = actor_check(who, RIGHT_EDITOR);

    if (r == 0)
        r = check_in(in);
    if (r == 0)
        r = standing(db, news_id, &revision);
    if (r == 0 && revision != in->revision)
        r = ERR_CONFLICT;
    if (r < 0)
        return r;
    q = db_stmt(
        db, "INSERT INTO consents (news_id, pseudonym, giver, scope, paper, given_day, until_at,"
            " revision, account_id, changed_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, nullif(?7, 0), 1,"
            " nullif(?8, 0), ?9) ON CONFLICT DO UPDATE SET pseudonym = ?2, giver = ?3,"
            " scope = ?4, paper = ?5, given_day = ?6,"
            " until_at = nullif(?7, 0), withdrawn_at = NULL,"
            " revision = revision + 1, account_id = nullif(?8, 0),"
            " changed_at = ?9");
    stmt_i64(q, 1, news_id);
    stmt_str(q, 2, str_trim(in->pseudonym));
    stmt_i64(q, 3, in->giver);
    stmt_i64(q, 4, in->scope);
    stmt_str(q, 5, str_trim(in->paper));
    stmt_str(q, 6, in->given_day);
    stmt_i64(q, 7, in->until_at);
    stmt_i64(q, 8, who->account_id);
    stmt_i64(q, 9, now);
    r = stmt_run(q);
    is_over = in->until_at && in->until_at <= now;
    if (r == 0)
        r = feeds_note(db, news_id, in->scope & CONSENT_FEEDS && !is_over, now);
    /* An end that has passed already is a withdrawal. */
    return r == 0 && is_over ? withdraw_all(db, who, news_id, now) : r;
}

int consent_withdraw(struct db *db, const struct actor *who, int64_t news_id, usec now)
{
    struct stmt *q;
    int r = actor_check(who, RIGHT_EDITOR);

    if (r < 0)
        return r;
    q = db_stmt(db,
                "UPDATE consents SET withdrawn_at = ?2, revision = revision + 1, changed_at = ?2,"
                " account_id = nullif(?3, 0) WHERE news_id = ?1 AND withdrawn_at IS NULL");
    stmt_i64(q, 1, news_id);
    stmt_i64(q, 2, now);
    stmt_i64(q, 3, who->account_id);
    r = stmt_run(q);
    if (r == 0 && db_changes(db) == 0)
        return ERR_NOT_FOUND;
    return r < 0 ? r : withdraw_all(db, who, news_id, now);
}

int consent_holds(struct db *db, int64_t news_id, usec at, bool *ret_holds)
{
    struct stmt *q =
        db_stmt(db, "SELECT 1 FROM consents WHERE news_id = ?1 AND withdrawn_at IS NULL"
                    " AND (until_at IS NULL OR until_at > ?2)");
    int r;

    stmt_i64(q, 1, news_id);
    stmt_i64(q, 2, at);
    r = stmt_row(q);
    stmt_end(q);
    if (r >= 0)
        *ret_holds = r > 0;
    return r < 0 ? r : 0;
}

int story_may(struct db *db, int64_t news_id, unsigned scope, usec at, bool *ret_may)
{
    struct stmt *q = db_stmt(db, "SELECT n.kind = 1 OR EXISTS (SELECT 1 FROM consents c"
                                 " WHERE c.news_id = n.news_id AND c.scope & ?2 = ?2"
                                 " AND c.withdrawn_at IS NULL"
                                 " AND (c.until_at IS NULL OR c.until_at > ?3))"
                                 " FROM news n WHERE n.news_id = ?1");
    int r;

    stmt_i64(q, 1, news_id);
    stmt_i64(q, 2, scope);
    stmt_i64(q, 3, at);
    r = stmt_row(q);
    if (r > 0)
        *ret_may = col_i64(q, 0) != 0;
    return rows_end_one(q, r, true);
}

int story_pseudonym(struct arena *a, struct db *db, int64_t news_id, str *ret_pseudonym)
{
    struct stmt *q = db_stmt(db, "SELECT pseudonym FROM consents WHERE news_id = ?1");
    str name = {0};
    bool ok = true;
    int r;

    stmt_i64(q, 1, news_id);
    r = stmt_row(q);
    if (r > 0)
        name = rows_str(a, q, 0, &ok);
    r = rows_end_one(q, r, ok);
    if (r == 0)
        *ret_pseudonym = name;
    return r;
}
