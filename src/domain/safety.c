#include "domain/safety.h"

#include "base/err.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/desk.h"
#include "domain/desk_i.h"
#include "domain/rows.h"
#include "store/db.h"

enum { NOTE_BYTES = 1000 };

static bool is_answer(int v)
{
    return v > 0 && v < SAFETY_ANSWERS;
}

int safety_check(const struct safety_in *in)
{
    if (!is_answer(in->faces) || !is_answer(in->names) || !is_answer(in->places) ||
        in->consent <= 0 || in->consent >= SAFETY_CONSENTS)
        return ERR_RANGE;
    if (in->consent == SAFETY_ON_FILE && !str_trim(in->note).n)
        return ERR_RANGE;
    if (in->note.n > NOTE_BYTES)
        return ERR_TOO_BIG;
    return !in->note.p || str_is_utf8(in->note) ? 0 : ERR_ENCODING;
}

bool safety_passes(const struct safety_in *in)
{
    const int answers[] = {in->faces, in->names, in->places};

    if (safety_check(in) < 0 || in->consent == SAFETY_MISSING)
        return false;
    for (size_t i = 0; i < NELEM(answers); i++) {
        /* Who has agreed must have agreed on paper. */
        if (answers[i] == SAFETY_YES ||
            (answers[i] == SAFETY_AGREED && in->consent != SAFETY_ON_FILE))
            return false;
    }
    return true;
}

/* Answers about the words alone stand on the pictures that have passed in that language. */
static int check_add(struct db *db, const struct actor *who, const struct safety_of *of,
                     const struct safety_in *in, usec now)
{
    struct stmt *q = db_stmt(
        db,
        "INSERT INTO news_checks (news_id, lang, title_revision, body_revision, pictures_revision,"
        " faces, names, places, consent, note, is_passed, account_id, at)"
        " SELECT n.news_id, ?2, t.revision, b.revision, CASE WHEN ?11 THEN coalesce("
        "(SELECT max(k.pictures_revision) FROM news_checks k WHERE k.news_id = ?1 AND k.lang = ?2"
        " AND k.is_passed), 0) ELSE n.pictures_revision END, ?3, ?4, ?5, ?6, ?7, ?8,"
        " nullif(?9, 0), ?10 FROM news n"
        " JOIN text_versions t ON t.text_id = n.title_text_id AND t.lang = ?2"
        " JOIN text_versions b ON b.text_id = n.body_text_id AND b.lang = ?2 WHERE n.news_id = ?1");

    stmt_i64(q, 1, of->news_id);
    stmt_str(q, 2, of->lang);
    stmt_i64(q, 3, in->faces);
    stmt_i64(q, 4, in->names);
    stmt_i64(q, 5, in->places);
    stmt_i64(q, 6, in->consent);
    stmt_str(q, 7, in->note.p ? str_trim(in->note) : S(""));
    stmt_i64(q, 8, safety_passes(in));
    stmt_i64(q, 9, who->account_id);
    stmt_i64(q, 10, now);
    stmt_i64(q, 11, of->is_words);
    return stmt_run(q);
}

/* Readers may see from now on what this check has looked at. */
static int pictures_pass(struct db *db, int64_t news_id, usec now)
{
    struct stmt *q =
        db_stmt(db, "UPDATE pictures SET is_checked = 1 WHERE news_id = ?1 AND state = 2"
                    " AND credit <> '' AND is_checked = 0");
    int r;

    stmt_i64(q, 1, news_id);
    r = stmt_run(q);
    return r < 0 || db_changes(db) == 0 ? r : desk_pictures_seen(db, news_id, now);
}

/* Who answers has brought it to the check. */
static int bring(struct db *db, const struct actor *who, const struct safety_of *of, int from,
                 usec now)
{
    const struct desk_deed deed = {.news_id = of->news_id, .lang = of->lang, .from = from};
    struct stmt *q = db_stmt(db, "UPDATE news_versions SET state = 4, revision = revision + 1,"
                                 " changed_at = ?3 WHERE news_id = ?1 AND lang = ?2 AND state < 4");
    int r;

    stmt_i64(q, 1, of->news_id);
    stmt_str(q, 2, of->lang);
    stmt_i64(q, 3, now);
    r = stmt_run(q);
    return r < 0 ? r : desk_record(db, who, &deed, now);
}

/* The words and pictures are still those that somebody has looked at. */
static bool is_seen(const struct safety_of *of, const struct desk_place *p)
{
    return (of->revision < 0 || of->revision == p->revision) &&
           (of->pictures_revision < 0 || of->pictures_revision == p->pictures_revision);
}

int safety_put(struct db *db, const struct actor *who, const struct safety_of *of,
               const struct safety_in *in, usec now)
{
    struct desk_place p = {0};
    int r = actor_check(who, RIGHT_EDITOR);

    if (r == 0)
        r = safety_check(in);
    if (r == 0)
        r = desk_place(NULL, db, of->news_id, of->lang, &p);
    if (r == 0 && !p.state)
        r = ERR_NOT_FOUND;
    if (r == 0 && !is_seen(of, &p))
        r = ERR_CONFLICT;
    if (r == 0)
        r = check_add(db, who, of, in, now);
    if (r == 0 && safety_passes(in) && !of->is_words)
        r = pictures_pass(db, of->news_id, now);
    return r < 0 ? r : bring(db, who, of, p.state, now);
}

int safety_read(struct arena *a, struct db *db, const struct actor *who, int64_t news_id, str lang,
                struct safety *ret_safety)
{
    struct safety s = {0};
    struct stmt *q;
    unsigned obstacles = 0;
    bool ok = true;
    int r = actor_check(who, RIGHT_EVENT | RIGHT_EDITOR);

    if (r < 0)
        return r;
    q = db_stmt(db,
                "SELECT k.faces, k.names, k.places, k.consent, k.note, k.is_passed, k.at, c.name"
                " FROM news_checks k LEFT JOIN accounts c ON c.account_id = k.account_id"
                " WHERE k.news_id = ?1 AND k.lang = ?2 ORDER BY k.news_check_id DESC LIMIT 1");
    stmt_i64(q, 1, news_id);
    stmt_str(q, 2, lang);
    r = stmt_row(q);
    if (r > 0)
        s = (struct safety){
            .in = {.faces = (int)col_i64(q, 0),
                   .names = (int)col_i64(q, 1),
                   .places = (int)col_i64(q, 2),
                   .consent = (int)col_i64(q, 3),
                   .note = rows_str(a, q, 4, &ok)},
            .is_passed = col_i64(q, 5) != 0,
            .at = col_i64(q, 6),
            .who = rows_str(a, q, 7, &ok),
        };
    r = rows_end_one(q, r, ok);
    if (r == 0)
        r = desk_obstacles(db, news_id, lang, s.at, &obstacles);
    if (r < 0)
        return r;
    s.is_current = !(obstacles & DESK_OLD_CHECK);
    *ret_safety = s;
    return 0;
}
