#include "domain/org.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/fold.h"
#include "domain/rows.h"
#include "store/db.h"

static const char *const kind_names[] = {
#define ORG_KIND(code, name) name,
    ORG_KIND_TABLE(ORG_KIND)
#undef ORG_KIND
};

const char *org_kind_name(int kind)
{
    return kind >= 0 && kind < ORG_KIND_COUNT ? kind_names[kind] : "?";
}

int org_kind_parse(str name, int *ret_kind)
{
    for (int i = 0; i < ORG_KIND_COUNT; i++) {
        if (str_ieq(name, str_c(kind_names[i]))) {
            *ret_kind = i;
            return 0;
        }
    }
    return ERR_NOT_FOUND;
}

/* Columns: org_id, slug, kind, country, name_text_id, is_sample. */
static int row_read(struct arena *a, struct db *db, struct stmt *q, str lang, struct org *to)
{
    bool ok = true;
    struct org o = {
        .id = col_i64(q, 0),
        .slug = rows_str(a, q, 1, &ok),
        .kind = (int)col_i64(q, 2),
        .country = rows_str(a, q, 3, &ok),
        .is_sample = col_i64(q, 5) != 0,
    };
    int r = ok ? text_get(a, db, col_i64(q, 4), lang, &o.name) : ERR_MEM;

    if (r == 0)
        *to = o;
    return r;
}

static int one(struct arena *a, struct db *db, struct stmt *q, str lang, struct org *ret_org)
{
    int r = stmt_row(q);

    if (r == 0)
        return ERR_NOT_FOUND;
    if (r > 0)
        r = row_read(a, db, q, lang, ret_org);
    stmt_end(q);
    return r;
}

int org_by_id(struct arena *a, struct db *db, int64_t id, str lang, struct org *ret_org)
{
    struct stmt *q = db_stmt(db, "SELECT org_id, slug, kind, country, name_text_id, is_sample"
                                 " FROM orgs WHERE org_id = ?1");

    stmt_i64(q, 1, id);
    return one(a, db, q, lang, ret_org);
}

int org_by_slug(struct arena *a, struct db *db, str slug, str lang, struct org *ret_org)
{
    struct stmt *q = db_stmt(db, "SELECT org_id, slug, kind, country, name_text_id, is_sample"
                                 " FROM orgs WHERE slug = ?1");

    stmt_str(q, 1, slug);
    return one(a, db, q, lang, ret_org);
}

/* The best match so far of a name that people wrote. */
struct match {
    int64_t whole, begins; /* organisations; 0: none */
    bool is_several;       /* more than one begins so */
};

static void match_add(struct match *m, int64_t id, str folded, str wanted)
{
    if (str_eq(folded, wanted))
        m->whole = id;
    if (!str_starts(folded, wanted) || m->begins == id)
        return;
    m->is_several = m->begins != 0;
    m->begins = id;
}

int org_by_name(struct arena *a, struct db *db, str name, struct org *ret_org)
{
    bool is_whole;

    return org_match(a, db, name, ret_org, &is_whole);
}

int org_match(struct arena *a, struct db *db, str name, struct org *ret_org, bool *ret_is_whole)
{
    struct match m = {0};
    struct stmt *q;
    str wanted, folded;
    int r = org_by_slug(a, db, str_trim(name), S(""), ret_org);

    *ret_is_whole = true;
    if (r != ERR_NOT_FOUND)
        return r;
    r = fold_text(a, name, &wanted);
    if (r < 0)
        return r;
    if (!wanted.n)
        return ERR_NOT_FOUND;
    q = db_stmt(db, "SELECT o.org_id, v.body FROM orgs o"
                    " JOIN text_versions v ON v.text_id = o.name_text_id ORDER BY o.org_id");
    while ((r = stmt_row(q)) > 0) {
        r = fold_text(a, col_str(q, 1), &folded);
        if (r < 0)
            break;
        match_add(&m, col_i64(q, 0), folded, wanted);
    }
    stmt_end(q);
    if (r < 0)
        return r;
    if (!m.whole && m.is_several)
        return ERR_CONFLICT;
    *ret_is_whole = m.whole != 0;
    return org_by_id(a, db, m.whole ? m.whole : m.begins, S(""), ret_org);
}

int org_list(struct arena *a, struct db *db, str lang, struct org_list *ret_list)
{
    struct org_list l = {0};
    struct stmt *q = db_stmt(db, "SELECT org_id, slug, kind, country, name_text_id, is_sample"
                                 " FROM orgs ORDER BY org_id");
    int r;

    while ((r = stmt_row(q)) > 0) {
        l.row = rows_grow(a, l.row, l.n, sizeof(*l.row));
        r = l.row ? row_read(a, db, q, lang, &l.row[l.n]) : ERR_MEM;
        if (r < 0)
            break;
        l.n++;
    }
    r = rows_end(q, r, true);
    if (r == 0)
        *ret_list = l;
    return r;
}

static bool is_country(str s)
{
    return !s.p || (s.n == 2 && s.p[0] >= 'A' && s.p[0] <= 'Z' && s.p[1] >= 'A' && s.p[1] <= 'Z');
}

static int add(struct db *db, const struct actor *who, const struct org_in *in, usec now,
               int64_t *ret_id)
{
    struct stmt *q;
    int64_t name_id;
    int r = text_new(db, who, &name_id);

    if (r < 0)
        return r;
    q = db_stmt(db, "INSERT INTO orgs (slug, kind, country, name_text_id, is_sample, added_at)"
                    " VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
    stmt_str(q, 1, in->slug);
    stmt_i64(q, 2, in->kind);
    stmt_str(q, 3, in->country);
    stmt_i64(q, 4, name_id);
    stmt_i64(q, 5, in->is_sample);
    stmt_i64(q, 6, now);
    r = stmt_run(q);
    if (r == 0)
        *ret_id = db_last_id(db);
    return r;
}

int org_put(struct db *db, const struct actor *who, const struct org_in *in, usec now,
            int64_t *ret_id)
{
    struct stmt *q;
    int r = actor_check(who, RIGHT_EVENT);

    if (r < 0)
        return r;
    if (!in->slug.n || in->slug.n > 60 || in->kind < 0 || in->kind >= ORG_KIND_COUNT ||
        !is_country(in->country))
        return ERR_RANGE;
    q = db_stmt(db, "UPDATE orgs SET kind = ?2, country = ?3, is_sample = ?4 WHERE slug = ?1"
                    " RETURNING org_id");
    stmt_str(q, 1, in->slug);
    stmt_i64(q, 2, in->kind);
    stmt_str(q, 3, in->country);
    stmt_i64(q, 4, in->is_sample);
    r = stmt_row(q);
    if (r == 0)
        return add(db, who, in, now, ret_id);
    if (r > 0)
        *ret_id = col_i64(q, 0);
    return r < 0 ? r : stmt_run(q);
}

int org_name_put(struct db *db, const struct actor *who, int64_t id, str lang, str name, usec now)
{
    struct text_in in = {.lang = lang, .body = str_trim(name), .revision = -1};
    struct stmt *q;
    int64_t text_id = 0, revision;
    int r = actor_check(who, RIGHT_EVENT);

    if (r < 0)
        return r;
    if (!in.body.n || in.body.n > 500)
        return ERR_RANGE;
    q = db_stmt(db, "SELECT name_text_id FROM orgs WHERE org_id = ?1");
    stmt_i64(q, 1, id);
    r = stmt_row(q);
    if (r > 0)
        text_id = col_i64(q, 0);
    stmt_end(q);
    if (r <= 0)
        return r < 0 ? r : ERR_NOT_FOUND;
    return text_put(db, who, text_id, &in, now, &revision);
}

int org_remove(struct db *db, const struct actor *who, int64_t id)
{
    struct stmt *q;
    int64_t text_id = 0;
    int r = actor_check(who, RIGHT_EVENT);

    if (r < 0)
        return r;
    q = db_stmt(db, "DELETE FROM orgs WHERE org_id = ?1 RETURNING name_text_id");
    stmt_i64(q, 1, id);
    r = stmt_row(q);
    if (r > 0)
        text_id = col_i64(q, 0);
    if (r <= 0)
        return r < 0 ? r : ERR_NOT_FOUND;
    r = stmt_run(q);
    if (r < 0)
        return r;
    q = db_stmt(db, "DELETE FROM texts WHERE text_id = ?1");
    stmt_i64(q, 1, text_id);
    return stmt_run(q);
}
