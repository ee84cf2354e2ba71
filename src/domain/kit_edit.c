#include "domain/kit.h"

#include "base/encode.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/random.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/kit_file.h"
#include "domain/rows.h"
#include "domain/secret.h"
#include "domain/seen.h"
#include "domain/seminar.h"
#include "store/db.h"

#include <string.h>

enum { CREDIT_LONGEST = 300, SOURCE_LONGEST = 500, NAME_LONGEST = 60, TOKEN_BYTES = 16 };

static str or_null(str s)
{
    return s.n ? s : (str){NULL, 0};
}

int kit_add(struct db *db, const struct actor *who, str slug, bool is_sample, usec now,
            int64_t *ret_id)
{
    int64_t title_id = 0, lead_id = 0;
    struct stmt *q;
    int r = actor_check(who, RIGHT_EDITOR);

    if (r < 0)
        return r;
    if (!seminar_is_slug(slug))
        return ERR_RANGE;
    r = text_new(db, who, &title_id);
    if (r == 0)
        r = text_new(db, who, &lead_id);
    if (r < 0)
        return r;
    q = db_stmt(db, "INSERT INTO kits (slug, title_text_id, lead_text_id, is_shown, is_sample,"
                    " revision, added_at) VALUES (?1, ?2, ?3, 0, ?4, 1, ?5)");
    stmt_str(q, 1, slug);
    stmt_i64(q, 2, title_id);
    stmt_i64(q, 3, lead_id);
    stmt_i64(q, 4, is_sample);
    stmt_i64(q, 5, now);
    r = stmt_run(q);
    if (r == 0)
        *ret_id = db_last_id(db);
    return r;
}

/* The number in column 0 of a query about `id`. */
static int number(struct stmt *q, int64_t id, int64_t *ret_n)
{
    stmt_i64(q, 1, id);
    return rows_number(q, ret_n);
}

/* No words: that language goes, if it is there. */
static int words_put(struct db *db, const struct actor *who, int64_t text_id,
                     const struct text_in *in, usec now)
{
    int64_t revision;
    int r;

    if (in->body.n)
        return text_put(db, who, text_id, in, now, &revision);
    r = text_remove(db, who, text_id, in->lang, in->revision, now);
    return r == ERR_NOT_FOUND ? 0 : r;
}

int kit_text_put(struct db *db, const struct actor *who, int64_t id, enum kit_field field,
                 const struct text_in *in, usec now)
{
    int64_t text_id = 0;
    int r = actor_check(who, RIGHT_EDITOR);

    if (r < 0)
        return r;
    if (in->body.n > KIT_TEXT_BYTES)
        return ERR_RANGE;
    r = field == KIT_TITLE
            ? number(db_stmt(db, "SELECT title_text_id FROM kits WHERE kit_id = ?1"), id, &text_id)
            : number(db_stmt(db, "SELECT lead_text_id FROM kits WHERE kit_id = ?1"), id, &text_id);
    return r == 0 ? words_put(db, who, text_id, in, now) : r;
}

int kit_save(struct db *db, const struct actor *who, const struct kit *k, usec now)
{
    struct stmt *q;
    int64_t is_same = 0;
    int r = actor_check(who, RIGHT_EDITOR);

    if (r == 0) {
        q = db_stmt(db, "SELECT is_shown = ?2 AND coalesce(opens_at, 0) = ?3 FROM kits"
                        " WHERE kit_id = ?1");
        stmt_i64(q, 2, k->is_shown);
        stmt_i64(q, 3, k->opens_at);
        r = number(q, k->id, &is_same);
    }
    if (r < 0)
        return r == ERR_NOT_FOUND ? ERR_CONFLICT : r;
    q = db_stmt(db, "UPDATE kits SET opens_at = nullif(?2, 0), is_shown = ?3, revision = revision"
                    " + 1 WHERE kit_id = ?1 AND revision = ?4");
    stmt_i64(q, 1, k->id);
    stmt_i64(q, 2, k->opens_at);
    stmt_i64(q, 3, k->is_shown);
    stmt_i64(q, 4, k->revision);
    r = stmt_run(q);
    if (r == 0 && db_changes(db) == 0)
        return ERR_CONFLICT;
    return r == 0 && !is_same ? seen_kit_put(db, k->id, now) : r;
}

static int text_drop(struct db *db, int64_t text_id)
{
    struct stmt *q = db_stmt(db, "DELETE FROM texts WHERE text_id = ?1");

    stmt_i64(q, 1, text_id);
    return stmt_run(q);
}

int kit_item_remove(struct db *db, const struct actor *who, int64_t id, usec now)
{
    struct stmt *q;
    int64_t text_id = 0, seen_kit_id = 0;
    int r = actor_check(who, RIGHT_EDITOR);

    if (r == 0)
        r = number(db_stmt(db, "SELECT text_id FROM kit_items WHERE kit_item_id = ?1"), id,
                   &text_id);
    /* readers saw words always, the rest when it was cleared: as kit_items shows them */
    if (r == 0)
        r = number(db_stmt(db, "SELECT CASE WHEN i.kind IN (1, 2, 4) OR (i.cleared_at IS NOT NULL"
                               " AND coalesce(c.state, 2) = 2) THEN i.kit_id ELSE 0 END"
                               " FROM kit_items i LEFT JOIN clips c USING (kit_item_id)"
                               " WHERE i.kit_item_id = ?1"),
                   id, &seen_kit_id);
    if (r == 0 && seen_kit_id)
        r = seen_kit_put(db, seen_kit_id, now);
    if (r < 0)
        return r;
    q = db_stmt(db, "DELETE FROM kit_items WHERE kit_item_id = ?1");
    stmt_i64(q, 1, id);
    r = stmt_run(q);
    return r == 0 ? text_drop(db, text_id) : r;
}

int kit_remove(struct db *db, const struct actor *who, int64_t id)
{
    int64_t title_id = 0, lead_id = 0, item_id = 0;
    struct stmt *q;
    int r = actor_check(who, RIGHT_EDITOR);

    if (r == 0)
        r = number(db_stmt(db, "SELECT title_text_id FROM kits WHERE kit_id = ?1"), id, &title_id);
    if (r == 0)
        r = number(db_stmt(db, "SELECT lead_text_id FROM kits WHERE kit_id = ?1"), id, &lead_id);
    while (r == 0) {
        r = number(db_stmt(db, "SELECT kit_item_id FROM kit_items WHERE kit_id = ?1 LIMIT 1"), id,
                   &item_id);
        if (r == 0)
            r = kit_item_remove(db, who, item_id, 0); /* the kit goes as well */
        else if (r == ERR_NOT_FOUND)
            break;
    }
    if (r != ERR_NOT_FOUND)
        return r;
    q = db_stmt(db, "DELETE FROM kits WHERE kit_id = ?1");
    stmt_i64(q, 1, id);
    r = stmt_run(q);
    if (r == 0)
        r = text_drop(db, title_id);
    return r == 0 ? text_drop(db, lead_id) : r;
}

/* ---- items ---- */

static bool is_web(str s)
{
    return str_starts(s, S("https://")) || str_starts(s, S("http://"));
}

/* A name that any system takes: [a-z0-9-] and the kind of the file. */
static bool is_file_name(str s, enum kit_file_kind kind)
{
    str ext = kind == KIT_FILE_PNG ? S(".png") : S(".jpg");

    if (s.n <= ext.n || s.n > NAME_LONGEST || !str_ends(s, ext))
        return false;
    for (size_t i = 0; i < s.n - ext.n; i++)
        if (!(s.p[i] >= 'a' && s.p[i] <= 'z') && !(s.p[i] >= '0' && s.p[i] <= '9') && s.p[i] != '-')
            return false;
    return true;
}

static int item_check(struct db *db, int64_t kit_id, const struct kit_item_in *in)
{
    bool has_file = in->kind == KIT_LOGO || in->kind == KIT_PICTURE || in->kind == KIT_CLIP;
    int64_t n = 0;
    int r = number(db_stmt(db, "SELECT count(*) FROM kit_items WHERE kit_id = ?1"), kit_id, &n);

    if (r < 0)
        return r;
    if (n >= MAX_KIT_ITEMS)
        return ERR_FULL;
    r = number(
        db_stmt(db, "SELECT coalesce(sum(length(file)), 0) FROM kit_items WHERE kit_id = ?1"),
        kit_id, &n);
    if (r < 0)
        return r;
    if (in->kind != KIT_CLIP && (size_t)n + in->bytes.n > MAX_KIT_FILES)
        return ERR_FULL;
    if (in->kind < KIT_ABOUT || in->kind >= KIT_KINDS || in->credit.n > CREDIT_LONGEST ||
        in->source.n > SOURCE_LONGEST)
        return ERR_RANGE;
    if (has_file != (in->bytes.n > 0) || ((has_file || in->kind == KIT_QUOTE) && !in->credit.n))
        return ERR_RANGE;
    if (in->kind == KIT_CLIP)
        return clip_check(db, kit_id, in->bytes);
    return in->kind == KIT_FACT && !is_web(in->source) ? ERR_RANGE : 0;
}

int kit_item_add(struct db *db, const struct actor *who, int64_t kit_id,
                 const struct kit_item_in *in, usec now, int64_t *ret_id)
{
    bool is_picture = in->bytes.n && in->kind != KIT_CLIP;
    struct kit_file file = {0};
    struct stmt *q;
    int64_t text_id = 0, id;
    int r = actor_check(who, RIGHT_EDITOR);

    if (r == 0)
        r = item_check(db, kit_id, in);
    if (r == 0 && is_picture)
        r = kit_file_clean(in->bytes, &file);
    if (r == 0 && is_picture && !is_file_name(in->file_name, file.kind))
        r = ERR_RANGE;
    if (r == 0)
        r = text_new(db, who, &text_id);
    if (r < 0)
        goto out;
    q = db_stmt(db,
                "INSERT INTO kit_items (kit_id, kind, place, text_id, credit, source, file_name,"
                " file, revision, kit_item_id) SELECT ?1, ?2, coalesce(max(place), 0) + 1, ?3, ?4,"
                " ?5, ?6, ?7, 1, max(?8, (SELECT coalesce(max(kit_item_id), 0) + 1 FROM kit_items))"
                " FROM kit_items WHERE kit_id = ?1 AND kind = ?2");
    stmt_i64(q, 1, kit_id);
    stmt_i64(q, 2, in->kind);
    stmt_i64(q, 3, text_id);
    stmt_str(q, 4, or_null(in->credit));
    stmt_str(q, 5, or_null(in->source));
    if (file.n) {
        stmt_str(q, 6, in->file_name);
        stmt_blob(q, 7, file.p, file.n);
    }
    stmt_i64(q, 8, rows_new_id(now)); /* a page that is kept open names what it shows by it */
    r = stmt_run(q);
    id = db_last_id(db);
    if (r == 0 && in->kind == KIT_CLIP)
        r = clip_add(db, id, in->bytes);
    if (r == 0)
        *ret_id = id;
out:
    kit_file_done(&file);
    return r;
}

/* Who is quoted or shown has not agreed to other words; a mark is the same with any. */
static int unclear(struct db *db, int64_t id, usec now)
{
    struct stmt *q = db_stmt(db, "UPDATE kit_items SET cleared_at = NULL, cleared_by = NULL,"
                                 " entered_by = NULL WHERE kit_item_id = ?1 AND kind IN (3, 6, 7)"
                                 " AND cleared_at IS NOT NULL RETURNING CASE WHEN"
                                 " EXISTS (SELECT 1 FROM clips c WHERE c.state != 2"
                                 " AND c.kit_item_id = ?1) THEN 0 ELSE kit_id END");
    int64_t kit_id = 0;
    int r;

    r = number(q, id, &kit_id);
    if (r == 0 && kit_id) /* a clip that is not made yet was not there */
        return seen_kit_put(db, kit_id, now);
    return r == ERR_NOT_FOUND ? 0 : r;
}

int kit_item_text_put(struct db *db, const struct actor *who, int64_t id, const struct text_in *in,
                      usec now)
{
    struct stmt *q;
    int64_t text_id = 0, before = db_total_changes(db);
    int r = actor_check(who, RIGHT_EDITOR);

    if (r < 0)
        return r;
    if (in->body.n > KIT_TEXT_BYTES)
        return ERR_RANGE;
    r = number(db_stmt(db, "SELECT text_id FROM kit_items WHERE kit_item_id = ?1"), id, &text_id);
    if (r == 0)
        r = words_put(db, who, text_id, in, now);
    if (r < 0 || db_total_changes(db) == before)
        return r;
    r = unclear(db, id, now);
    if (r < 0)
        return r;
    q = db_stmt(db, "UPDATE kit_items SET revision = revision + 1 WHERE kit_item_id = ?1");
    stmt_i64(q, 1, id);
    return stmt_run(q);
}

int kit_item_clear(struct db *db, const struct actor *who, int64_t id, str by, int64_t revision,
                   usec now)
{
    struct stmt *q;
    int r = actor_check(who, RIGHT_EDITOR);

    if (r < 0)
        return r;
    if (!by.n || by.n > CREDIT_LONGEST)
        return ERR_RANGE;
    q = db_stmt(db, "UPDATE kit_items SET cleared_by = ?2, cleared_at = ?3, entered_by = ?4,"
                    " revision = revision + 1 WHERE kit_item_id = ?1"
                    " AND (?5 < 0 OR revision = ?5)");
    stmt_i64(q, 1, id);
    stmt_str(q, 2, by);
    stmt_i64(q, 3, now);
    stmt_str(q, 4, who->name.n ? who->name : S("-"));
    stmt_i64(q, 5, revision);
    r = stmt_run(q);
    return r == 0 && db_changes(db) == 0 ? revision < 0 ? ERR_NOT_FOUND : ERR_CONFLICT : r;
}

/* ---- personal links ---- */

void kit_link_token(const struct secret *s, int64_t id, char to[static KIT_LINK_TOKEN])
{
    uint8_t mac[32];

    secret_mac(s, "kit link", &id, sizeof(id), mac);
    encode_hex(to, mac, TOKEN_BYTES);
}

int kit_link_add(struct db *db, const struct actor *who, const struct secret *s, int64_t kit_id,
                 str person, usec now)
{
    char token[KIT_LINK_TOKEN];
    uint8_t hash[32];
    struct stmt *q;
    /* never that of a link that went with its kit: the token is made of it */
    int64_t id = (int64_t)(random_u64() >> 3 | (uint64_t)1 << 61), n = 0;
    int r = actor_check(who, RIGHT_EDITOR);

    if (r < 0)
        return r;
    if (!person.n || person.n > CREDIT_LONGEST)
        return ERR_RANGE;
    r = number(db_stmt(db, "SELECT count(*) FROM kit_links WHERE kit_id = ?1"), kit_id, &n);
    if (r == 0 && n >= MAX_KIT_LINKS)
        r = ERR_FULL;
    if (r < 0)
        return r;
    kit_link_token(s, id, token);
    secret_hash(str_c(token), hash);
    q = db_stmt(db, "INSERT INTO kit_links (kit_link_id, kit_id, token_hash, person, made_by,"
                    " made_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
    stmt_i64(q, 1, id);
    stmt_i64(q, 2, kit_id);
    stmt_blob(q, 3, hash, sizeof(hash));
    stmt_str(q, 4, person);
    stmt_str(q, 5, who->name.n ? who->name : S("-"));
    stmt_i64(q, 6, now);
    return stmt_run(q);
}

int kit_link_close(struct db *db, const struct actor *who, int64_t kit_id, int64_t id, usec now)
{
    struct stmt *q;
    int r = actor_check(who, RIGHT_EDITOR);

    if (r < 0)
        return r;
    q = db_stmt(db, "UPDATE kit_links SET closed_at = ?3 WHERE kit_link_id = ?1 AND kit_id = ?2"
                    " AND closed_at IS NULL");
    stmt_i64(q, 1, id);
    stmt_i64(q, 2, kit_id);
    stmt_i64(q, 3, now);
    r = stmt_run(q);
    return r == 0 && db_changes(db) == 0 ? ERR_NOT_FOUND : r;
}
