#include "domain/contact.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/rows.h"
#include "store/db.h"

#define COLUMNS                                                                                    \
    "contact_id, slug, name_text_id, service_text_id, answers, country, serves, phone, url, "      \
    "email, cost, abroad, langs, hours, zone, source, checked_at, checked_by, misses, is_sample, " \
    "revision, max(contacts.changed_at, coalesce((SELECT max(v.changed_at) FROM text_versions v"   \
    " WHERE v.text_id IN (name_text_id, service_text_id, eligible_text_id, access_text_id)), 0))," \
    " eligible_text_id, access_text_id"

static enum contact_age age_of(const struct contact *c, usec now)
{
    usec age = now - c->checked_at;

    if (!c->checked_at || c->misses >= CONTACT_MISSES || age > CONTACT_HIDE_DAYS * USEC_DAY)
        return CONTACT_HIDDEN;
    return age > CONTACT_WARN_DAYS * USEC_DAY || c->misses ? CONTACT_OLD : CONTACT_FRESH;
}

struct query {
    struct arena *a;
    struct db *db;
    str lang;
    usec now;
};

static int row_read(const struct query *k, struct stmt *q, struct contact *to)
{
    bool ok = true;
    struct contact c = {
        .id = col_i64(q, 0),
        .slug = rows_str(k->a, q, 1, &ok),
        .answers = (int)col_i64(q, 4),
        .country = rows_str(k->a, q, 5, &ok),
        .serves = rows_str(k->a, q, 6, &ok),
        .phone = rows_str(k->a, q, 7, &ok),
        .url = rows_str(k->a, q, 8, &ok),
        .email = rows_str(k->a, q, 9, &ok),
        .cost = (int)col_i64(q, 10),
        .abroad = (int)col_i64(q, 11),
        .langs = rows_str(k->a, q, 12, &ok),
        .hours = rows_str(k->a, q, 13, &ok),
        .zone = rows_str(k->a, q, 14, &ok),
        .source = rows_str(k->a, q, 15, &ok),
        .checked_at = col_i64(q, 16),
        .checked_by = rows_str(k->a, q, 17, &ok),
        .misses = (int)col_i64(q, 18),
        .is_sample = col_i64(q, 19) != 0,
        .revision = col_i64(q, 20),
        .changed_at = col_i64(q, 21),
    };
    int64_t name_id = col_i64(q, 2), service_id = col_i64(q, 3);
    int r = ok ? text_get(k->a, k->db, name_id, k->lang, &c.name) : ERR_MEM;

    if (r == 0)
        r = text_get(k->a, k->db, service_id, k->lang, &c.service);
    if (r == 0)
        r = text_get(k->a, k->db, col_i64(q, 22), k->lang, &c.eligible);
    if (r == 0)
        r = text_get(k->a, k->db, col_i64(q, 23), k->lang, &c.access);
    c.age = age_of(&c, k->now);
    if (r == 0)
        *to = c;
    return r;
}

int contact_by_slug(struct arena *a, struct db *db, const struct actor *who,
                    const struct contact_ask *ask, struct contact *ret_contact)
{
    struct query k = {a, db, ask->lang, ask->now};
    struct stmt *q = db_stmt(db, "SELECT " COLUMNS " FROM contacts WHERE slug = ?1");
    struct contact c = {0};
    int r;

    stmt_str(q, 1, ask->slug);
    r = stmt_row(q);
    if (r == 0)
        return ERR_NOT_FOUND;
    if (r > 0)
        r = row_read(&k, q, &c);
    stmt_end(q);
    if (r == 0 && c.age == CONTACT_HIDDEN && !actor_can(who, RIGHT_EDITOR))
        r = ERR_NOT_FOUND;
    if (r == 0)
        *ret_contact = c;
    return r;
}

/* Serves this country, or every one, or is there. */
static bool is_for(const struct contact *c, str country)
{
    struct str_pair cut = {.tail = c->serves};

    if (!country.n || !c->serves.n || str_eq(c->country, country))
        return true;
    do {
        cut = str_cut(cut.tail, ',');
        if (str_eq(cut.head, country))
            return true;
    } while (cut.ok);
    return false;
}

static int walk(const struct query *k, struct stmt *q, const struct contact_filter *f,
                struct contact_list *ret_list)
{
    struct contact_list l = {0};
    int r;

    while ((r = stmt_row(q)) > 0) {
        l.row = rows_grow(k->a, l.row, l.n, sizeof(*l.row));
        r = l.row ? row_read(k, q, &l.row[l.n]) : ERR_MEM;
        if (r < 0)
            break;
        if (f->is_worklist || (l.row[l.n].age != CONTACT_HIDDEN && is_for(&l.row[l.n], f->country)))
            l.n++;
    }
    r = rows_end(q, r, true);
    if (r == 0)
        *ret_list = l;
    return r;
}

int contact_list(struct arena *a, struct db *db, const struct actor *who,
                 const struct contact_filter *f, usec now, struct contact_list *ret_list)
{
    struct query k = {a, db, f->lang, now};
    int r = f->is_worklist ? actor_check(who, RIGHT_EDITOR) : 0;

    if (r < 0)
        return r;
    if (f->is_worklist)
        return walk(&k,
                    db_stmt(db, "SELECT " COLUMNS " FROM contacts"
                                " ORDER BY misses DESC, checked_at, contact_id"),
                    f, ret_list);
    return walk(&k, db_stmt(db, "SELECT " COLUMNS " FROM contacts ORDER BY country, contact_id"), f,
                ret_list);
}

static bool has_code(str codes, str code)
{
    struct str_pair cut = {.tail = codes};

    do {
        cut = str_cut(cut.tail, ',');
        if (str_eq(cut.head, code))
            return true;
    } while (cut.ok);
    return false;
}

int contact_countries(struct arena *a, struct db *db, usec now, str *ret_codes)
{
    struct contact_filter f = {.lang = S("en")};
    struct contact_list l;
    str all = S("");
    int r = contact_list(a, db, &actor_public, &f, now, &l);

    for (size_t i = 0; r == 0 && i < l.n; i++) {
        struct str_pair cut = {
            .tail = arena_printf(a, "%.*s,%.*s", STR(l.row[i].country), STR(l.row[i].serves))};

        do {
            cut = str_cut(cut.tail, ',');
            if (cut.head.n && !has_code(all, cut.head))
                all = arena_printf(a, "%.*s%s%.*s", STR(all), all.n ? "," : "", STR(cut.head));
        } while (cut.ok);
    }
    if (r == 0)
        *ret_codes = all;
    return r;
}
