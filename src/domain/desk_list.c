#include "domain/desk_list.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/sb.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/desk.h"
#include "domain/news.h"
#include "domain/rows.h"
#include "store/db.h"

/* Who has not asked for the editor again in this time has gone. */
#define EDITING_US (20 * 60 * USEC_S)

/* ---- obstacles ---- */

/* Bits of enum desk_obstacle that the store can tell by itself. */
int desk_obstacles(struct db *db, int64_t news_id, str lang, usec at, unsigned *ret_obstacles)
{
    struct stmt *q = db_stmt(
        db,
        "SELECT k.news_check_id IS NULL,"
        " k.title_revision IS NOT t.revision OR k.body_revision IS NOT b.revision"
        " OR k.pictures_revision IS NOT n.pictures_revision, k.is_passed = 0,"
        " EXISTS (SELECT 1 FROM pictures p WHERE p.news_id = n.news_id AND p.state = 2"
        " AND (p.credit = '' OR NOT EXISTS (SELECT 1 FROM text_versions x"
        " WHERE x.text_id = p.alt_text_id AND x.lang = ?2 AND x.body <> ''))),"
        " EXISTS (SELECT 1 FROM pictures p WHERE p.news_id = n.news_id AND p.state = 1),"
        " n.kind = 2 AND NOT EXISTS (SELECT 1 FROM consents c WHERE c.news_id = n.news_id"
        " AND c.withdrawn_at IS NULL AND (c.until_at IS NULL OR c.until_at > ?3)"
        " AND (c.scope & 8 OR NOT EXISTS (SELECT 1 FROM pictures p WHERE p.news_id = n.news_id"
        " AND p.state = 2))), coalesce(n.embargo_at > ?3, 0)"
        " FROM news n LEFT JOIN text_versions t ON t.text_id = n.title_text_id AND t.lang = ?2"
        " LEFT JOIN text_versions b ON b.text_id = n.body_text_id AND b.lang = ?2"
        " LEFT JOIN news_checks k ON k.news_check_id = (SELECT max(m.news_check_id)"
        " FROM news_checks m WHERE m.news_id = n.news_id AND m.lang = ?2) WHERE n.news_id = ?1");
    unsigned bits = 0;
    int r;

    stmt_i64(q, 1, news_id);
    stmt_str(q, 2, lang);
    stmt_i64(q, 3, at);
    r = stmt_row(q);
    for (int i = 0; r > 0 && i < 7; i++)
        bits |= col_i64(q, i) ? 1u << i : 0;
    r = rows_end_one(q, r, true);
    if (r < 0)
        return r;
    /* What was never answered, or not passed, is not "changed since" besides. */
    if (bits & DESK_NO_CHECK)
        bits &= ~(unsigned)(DESK_OLD_CHECK | DESK_BAD_CHECK);
    else if (bits & DESK_OLD_CHECK)
        bits &= ~(unsigned)DESK_BAD_CHECK;
    *ret_obstacles = bits;
    return 0;
}

/* ---- the board ---- */

/* Languages of the site in which the item has no version. */
static int missing(struct arena *a, str site, str have, str *ret_missing)
{
    struct sb b = sb_init(a, 0);

    while (site.n) {
        struct str_pair want = str_cut(site, ',');
        str rest = have;
        bool is_there = false;

        while (rest.n && !is_there) {
            struct str_pair cut = str_cut(rest, ',');

            is_there = str_eq(cut.head, want.head);
            rest = cut.ok ? cut.tail : (str){0};
        }
        if (!is_there)
            sb_printf(&b, "%s%.*s", b.n ? "," : "", STR(want.head));
        site = want.ok ? want.tail : (str){0};
    }
    *ret_missing = sb_str(&b);
    return b.err ? ERR_MEM : 0;
}

static bool is_near(int state)
{
    return state >= DESK_CHECK && state <= DESK_CORRECTED;
}

struct board_row {
    int64_t news_id;
    str have;
};

static void line_read(struct arena *a, struct stmt *q, struct desk_line *to, struct board_row *row,
                      bool *io_ok)
{
    row->news_id = col_i64(q, 0);
    *to = (struct desk_line){
        .slug = rows_str(a, q, 1, io_ok),
        .kind = (int)col_i64(q, 2),
        .lang = rows_str(a, q, 3, io_ok),
        .state = (int)col_i64(q, 4),
        .due_at = col_i64(q, 5),
        .title = rows_str(a, q, 6, io_ok),
        .assignee = rows_str(a, q, 7, io_ok),
        .since_at = col_i64(q, 8),
        .last = rows_str(a, q, 9, io_ok),
    };
    row->have = rows_str(a, q, 10, io_ok);
}

/*
 * Published ones stand on the board only when they wait for something: a check of what has changed,
 * a language. So the newest of them are looked at, not all.
 */
static struct stmt *board_stmt(struct db *db, bool has_stories)
{
    struct stmt *q = db_stmt(
        db,
        "SELECT v.news_id, n.slug, n.kind, v.lang, v.state, v.due_at, t.body, h.name,"
        " coalesce(s.at, v.changed_at), w.name, (SELECT group_concat(x.lang) FROM news_versions x"
        " WHERE x.news_id = v.news_id)"
        " FROM news_versions v JOIN news n ON n.news_id = v.news_id"
        " JOIN text_versions t ON t.text_id = n.title_text_id AND t.lang = v.lang"
        " LEFT JOIN accounts h ON h.account_id = v.assignee_id"
        " LEFT JOIN news_steps s ON s.news_step_id = (SELECT max(y.news_step_id) FROM news_steps y"
        " WHERE y.news_id = v.news_id AND y.lang = v.lang)"
        " LEFT JOIN accounts w ON w.account_id = s.account_id"
        " WHERE (n.kind = 1 OR ?2) AND (v.state < 7 OR (v.state IN (7, 8) AND n.pictures_revision "
        "> coalesce((SELECT"
        " max(k.pictures_revision) FROM news_checks k WHERE k.news_id = n.news_id"
        " AND k.lang = v.lang), 0)))"
        " ORDER BY v.state, coalesce(s.at, v.changed_at), v.news_id, v.lang LIMIT ?1");

    stmt_i64(q, 1, MAX_BOARD_LINES);
    stmt_i64(q, 2, has_stories);
    return q;
}

static int board_read(struct arena *a, struct db *db, const struct actor *who, struct desk_board *b,
                      struct board_row **ret_rows)
{
    struct board_row *row = NULL;
    struct stmt *q = board_stmt(db, actor_can(who, RIGHT_EDITOR));
    bool ok = true;
    int r = 0;

    while (ok && (r = stmt_row(q)) > 0) {
        b->row = rows_grow(a, b->row, b->n, sizeof(*b->row));
        row = rows_grow(a, row, b->n, sizeof(*row));
        ok = b->row && row;
        if (ok) {
            line_read(a, q, &b->row[b->n], &row[b->n], &ok);
            b->n++;
        }
    }
    *ret_rows = row;
    return rows_end(q, r, ok);
}

int desk_board(struct arena *a, struct db *db, const struct actor *who, str site_langs, usec now,
               struct desk_board *ret_board)
{
    struct desk_board b = {0};
    struct board_row *row;
    int r = actor_check(who, RIGHT_EVENT | RIGHT_EDITOR);

    if (r == 0)
        r = board_read(a, db, who, &b, &row);
    for (size_t i = 0; r == 0 && i < b.n; i++) {
        struct desk_line *l = &b.row[i];

        if (is_near(l->state))
            r = desk_obstacles(db, row[i].news_id, l->lang, l->due_at ? l->due_at : now,
                               &l->obstacles);
        if (r == 0 && l->state == DESK_TRANSLATION)
            r = missing(a, site_langs, row[i].have, &l->missing);
    }
    if (r == 0)
        *ret_board = b;
    return r;
}

/* ---- the record ---- */

int desk_records(struct arena *a, struct db *db, const struct actor *who, int64_t news_id, str lang,
                 struct desk_record_list *ret_list)
{
    struct desk_record_list l = {0};
    struct stmt *q;
    bool ok = true;
    int r = actor_check(who, RIGHT_EVENT | RIGHT_EDITOR);

    if (r < 0)
        return r;
    q = db_stmt(db, "SELECT s.revision, s.from_state, s.to_state, c.name, s.note, s.at,"
                    " coalesce(lag(s.title_revision) OVER w <> s.title_revision"
                    " OR lag(s.body_revision) OVER w <> s.body_revision, 1)"
                    " FROM news_steps s LEFT JOIN accounts c ON c.account_id = s.account_id"
                    " WHERE s.news_id = ?1 AND s.lang = ?2 AND (?4 OR EXISTS (SELECT 1 FROM news n"
                    " WHERE n.news_id = ?1 AND n.kind = 1))"
                    " WINDOW w AS (ORDER BY s.news_step_id) ORDER BY s.news_step_id DESC LIMIT ?3");
    stmt_i64(q, 1, news_id);
    stmt_str(q, 2, lang);
    stmt_i64(q, 3, MAX_BOARD_LINES);
    stmt_i64(q, 4, actor_can(who, RIGHT_EDITOR));
    while (ok && (r = stmt_row(q)) > 0) {
        l.row = rows_grow(a, l.row, l.n, sizeof(*l.row));
        ok = l.row != NULL;
        if (ok)
            l.row[l.n++] = (struct desk_record){
                .revision = col_i64(q, 0),
                .from = (int)col_i64(q, 1),
                .to = (int)col_i64(q, 2),
                .who = rows_str(a, q, 3, &ok),
                .note = rows_str(a, q, 4, &ok),
                .at = col_i64(q, 5),
                .has_words = col_i64(q, 6) != 0,
            };
    }
    r = rows_end(q, r, ok);
    if (r == 0)
        *ret_list = l;
    return r;
}

int desk_words(struct arena *a, struct db *db, const struct actor *who, const struct desk_at *at,
               str *ret_title, str *ret_body)
{
    str title, body;
    struct stmt *q;
    bool ok = true;
    int r = actor_check(who, RIGHT_EVENT | RIGHT_EDITOR);

    if (r < 0)
        return r;
    q = db_stmt(
        db, "SELECT coalesce((SELECT body FROM text_versions WHERE text_id = n.title_text_id"
            " AND lang = ?2 AND revision = s.title_revision), (SELECT body FROM text_history"
            " WHERE text_id = n.title_text_id AND lang = ?2 AND revision = s.title_revision), ''),"
            " coalesce((SELECT body FROM text_versions WHERE text_id = n.body_text_id"
            " AND lang = ?2 AND revision = s.body_revision), (SELECT body FROM text_history"
            " WHERE text_id = n.body_text_id AND lang = ?2 AND revision = s.body_revision), '')"
            " FROM news_steps s JOIN news n ON n.news_id = s.news_id WHERE s.news_id = ?1"
            " AND s.lang = ?2 AND s.revision = ?3 AND (n.kind = 1 OR ?4) ORDER BY s.news_step_id "
            "DESC LIMIT 1");
    stmt_i64(q, 1, at->news_id);
    stmt_str(q, 2, at->lang);
    stmt_i64(q, 3, at->revision);
    stmt_i64(q, 4, actor_can(who, RIGHT_EDITOR));
    r = stmt_row(q);
    title = r > 0 ? rows_str(a, q, 0, &ok) : S("");
    body = r > 0 ? rows_str(a, q, 1, &ok) : S("");
    r = rows_end_one(q, r, ok);
    if (r < 0)
        return r;
    *ret_title = title;
    *ret_body = body;
    return 0;
}

/* ---- who is at it ---- */

int desk_editing(struct db *db, const struct actor *who, int64_t news_id, str lang, usec now)
{
    struct stmt *q;
    int r = actor_check(who, RIGHT_EDITOR);

    if (r < 0 || !who->account_id)
        return r;
    q = db_stmt(db, "DELETE FROM news_editors WHERE seen_at < ?1");
    stmt_i64(q, 1, now - EDITING_US);
    r = stmt_run(q);
    if (r < 0)
        return r;
    q = db_stmt(db, "INSERT INTO news_editors (news_id, lang, account_id, since_at, seen_at)"
                    " SELECT news_id, ?2, ?3, ?4, ?4 FROM news WHERE news_id = ?1"
                    " ON CONFLICT DO UPDATE SET seen_at = ?4");
    stmt_i64(q, 1, news_id);
    stmt_str(q, 2, lang);
    stmt_i64(q, 3, who->account_id);
    stmt_i64(q, 4, now);
    return stmt_run(q);
}

int desk_editors(struct arena *a, struct db *db, const struct actor *who, const struct desk_at *at,
                 usec now, struct desk_editor_list *ret_list)
{
    struct desk_editor_list l = {0};
    struct stmt *q;
    bool ok = true;
    int r = actor_check(who, RIGHT_EVENT | RIGHT_EDITOR);

    if (r < 0)
        return r;
    q = db_stmt(db, "SELECT c.name, e.since_at FROM news_editors e"
                    " JOIN accounts c ON c.account_id = e.account_id WHERE e.news_id = ?1"
                    " AND e.lang = ?2 AND e.account_id <> ?3 AND e.seen_at >= ?4"
                    " ORDER BY e.since_at");
    stmt_i64(q, 1, at->news_id);
    stmt_str(q, 2, at->lang);
    stmt_i64(q, 3, who->account_id);
    stmt_i64(q, 4, now - EDITING_US);
    while (ok && (r = stmt_row(q)) > 0) {
        l.row = rows_grow(a, l.row, l.n, sizeof(*l.row));
        ok = l.row != NULL;
        if (ok)
            l.row[l.n++] = (struct desk_editor){rows_str(a, q, 0, &ok), col_i64(q, 1)};
    }
    r = rows_end(q, r, ok);
    if (r == 0)
        *ret_list = l;
    return r;
}

int desk_hands(struct arena *a, struct db *db, const struct actor *who,
               struct desk_hand_list *ret_list)
{
    struct desk_hand_list l = {0};
    struct stmt *q;
    bool ok = true;
    int r = actor_check(who, RIGHT_EVENT | RIGHT_EDITOR);

    if (r < 0)
        return r;
    q = db_stmt(db, "SELECT account_id, name FROM accounts WHERE closed_at IS NULL AND rights & ?1"
                    " ORDER BY name, account_id");
    stmt_i64(q, 1, RIGHT_EDITOR);
    while (ok && (r = stmt_row(q)) > 0) {
        l.row = rows_grow(a, l.row, l.n, sizeof(*l.row));
        ok = l.row != NULL;
        if (ok)
            l.row[l.n++] = (struct desk_hand){col_i64(q, 0), rows_str(a, q, 1, &ok)};
    }
    r = rows_end(q, r, ok);
    if (r == 0)
        *ret_list = l;
    return r;
}
