#include "domain/contact_change.h"

#include "base/err.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/day.h"
#include "domain/rows.h"
#include "store/db.h"

#include <stdlib.h>
#include <string.h>

enum { SECOND = 19, WHOLE = 27 }; /* "2026-11-26T08:00:00", with ".123456Z" */

int contact_since_parse(str s, usec *ret_at)
{
    uint64_t part = 0;
    char text[SECOND + 1];
    struct day day;
    usec at = 0;

    if (s.n == WHOLE && s.p[SECOND] == '.' && s.p[WHOLE - 1] == 'Z') {
        if (str_u64(str_take(str_from(s, SECOND + 1), 6), USEC_S - 1, &part) < 0)
            return ERR_RANGE;
        memcpy(text, s.p, SECOND);
        text[SECOND] = 'Z';
        s = (str){text, sizeof(text)};
    }
    if (s.n == 10 && day_parse(s, &day) == 0)
        at = day_number(day) * USEC_DAY;
    else if (s.n && day_parse_time(s, &at) < 0)
        return ERR_RANGE;
    *ret_at = at + (usec)part;
    return 0;
}

static usec later(usec a, usec b)
{
    return a > b ? a : b;
}

usec contact_seen_at(const struct contact *c, usec now)
{
    usec warns = c->checked_at + CONTACT_WARN_DAYS * USEC_DAY;
    usec hides = c->checked_at + CONTACT_HIDE_DAYS * USEC_DAY;
    usec at = c->changed_at;

    if (c->checked_at && now > warns)
        at = later(at, warns);
    if (c->checked_at && now > hides)
        at = later(at, hides);
    return at;
}

static int add(struct arena *a, const struct contact_since *ask, const struct contact_change *c,
               struct contact_change_list *l)
{
    l->newest = later(l->newest, c->at);
    if (c->at <= ask->since)
        return 0;
    l->row = rows_grow(a, l->row, l->n, sizeof(*l->row));
    if (!l->row)
        return ERR_MEM;
    l->row[l->n++] = *c;
    return 0;
}

static int add_gone(struct arena *a, struct db *db, const struct contact_since *ask,
                    struct contact_change_list *l)
{
    struct stmt *q = db_stmt(db, "SELECT slug, gone_at FROM contacts_gone ORDER BY gone_at, slug");
    bool ok = true;
    int r;

    while ((r = stmt_row(q)) > 0) {
        struct contact_change c = {.is_gone = true, .at = col_i64(q, 1)};

        c.contact.slug = rows_str(a, q, 0, &ok);
        r = ok ? add(a, ask, &c, l) : ERR_MEM;
        if (r < 0)
            break;
    }
    return rows_end(q, r, true);
}

static int by_moment(const void *a, const void *b)
{
    const struct contact_change *x = a, *y = b;

    return x->at != y->at ? (x->at < y->at ? -1 : 1) : str_cmp(x->contact.slug, y->contact.slug);
}

int contact_changes(struct arena *a, struct db *db, const struct contact_since *ask,
                    struct contact_change_list *ret_list)
{
    /* Also those that hide: whoever carries one must hear of it. */
    struct contact_filter f = {.lang = ask->lang, .is_worklist = true};
    struct contact_change_list l = {0};
    struct contact_list all;
    int r = contact_list(a, db, &actor_server, &f, ask->now, &all);

    for (size_t i = 0; r == 0 && i < all.n; i++) {
        struct contact_change c = {.contact = all.row[i],
                                   .at = contact_seen_at(&all.row[i], ask->now)};

        r = add(a, ask, &c, &l);
    }
    if (r == 0)
        r = add_gone(a, db, ask, &l);
    if (r < 0)
        return r;
    if (l.n)
        qsort(l.row, l.n, sizeof(*l.row), by_moment);
    *ret_list = l;
    return 0;
}
