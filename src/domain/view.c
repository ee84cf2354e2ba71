#include "domain/view.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/rows.h"
#include "store/db.h"

static str country_text(uint16_t code, char to[static 2])
{
    to[0] = (char)(code >> 8);
    to[1] = (char)(code & 0xff);
    if (to[0] < 'A' || to[0] > 'Z' || to[1] < 'A' || to[1] > 'Z')
        return S("");
    return (str){to, 2};
}

int view_add(struct db *db, const struct view *views, size_t n, usec now)
{
    int r = 0;

    for (size_t i = 0; i < n && r == 0; i++) {
        struct stmt *q = db_stmt(db, "INSERT INTO views (page, lang, day, country, is_bot, n)"
                                     " VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
                                     " ON CONFLICT DO UPDATE SET n = n + ?6");
        char code[2];

        stmt_str(q, 1, views[i].page);
        stmt_str(q, 2, views[i].lang.p ? views[i].lang : S(""));
        stmt_i64(q, 3, now / USEC_DAY);
        stmt_str(q, 4, country_text(views[i].country, code));
        stmt_i64(q, 5, views[i].is_bot);
        stmt_i64(q, 6, views[i].n);
        r = stmt_run(q);
    }
    return r;
}

int view_count(struct db *db, str page, int64_t *ret_n)
{
    struct stmt *q = db_stmt(db, "SELECT coalesce(sum(n), 0) FROM views"
                                 " WHERE page = ?1 AND is_bot = 0");
    int64_t n = 0;
    int r;

    stmt_str(q, 1, page);
    r = stmt_row(q);
    if (r > 0)
        n = col_i64(q, 0);
    stmt_end(q);
    if (r < 0)
        return r;
    *ret_n = n;
    return 0;
}

/* Sums what must not be shown by itself; list comes sorted by number, the largest first. */
static void suppress(struct view_country_list *l, int64_t unknown)
{
    int64_t hidden = unknown;
    size_t shown = l->n;
    int nfew = 0;

    while (shown && l->row[shown - 1].n < VIEW_COUNTRY_MIN) {
        hidden += l->row[--shown].n;
        nfew++;
    }
    /* What is hidden could be had by subtraction from the total: one country alone, and a sum that
     * is small itself. */
    while (shown && ((nfew == 1 && !unknown) || (hidden && hidden < VIEW_COUNTRY_MIN))) {
        hidden += l->row[--shown].n;
        nfew++;
    }
    l->n = shown;
    l->nfew = nfew;
    if (hidden)
        l->row[l->n++] = (struct view_country){.n = hidden, .is_few = hidden < VIEW_COUNTRY_MIN};
}

int view_countries(struct arena *a, struct db *db, str page, struct view_country_list *ret_list)
{
    struct view_country_list l = {0};
    struct stmt *q = db_stmt(db, "SELECT country, sum(n) FROM views WHERE page = ?1 AND is_bot = 0"
                                 " GROUP BY country ORDER BY 2 DESC, 1");
    int64_t unknown = 0;
    int r;

    stmt_str(q, 1, page);
    while ((r = stmt_row(q)) > 0) {
        l.row = rows_grow(a, l.row, l.n, sizeof(*l.row));
        if (!l.row) {
            r = ERR_MEM;
            break;
        }
        if (col_str(q, 0).n != 2) {
            unknown = col_i64(q, 1);
            continue;
        }
        l.row[l.n].n = col_i64(q, 1);
        (void)str_copy(l.row[l.n++].code, sizeof(l.row->code), col_str(q, 0));
    }
    r = rows_end(q, r, true);
    if (r < 0)
        return r;
    l.row = rows_grow(a, l.row, l.n, sizeof(*l.row)); /* the summed line */
    if (!l.row)
        return ERR_MEM;
    suppress(&l, unknown);
    *ret_list = l;
    return 0;
}

int view_days(struct arena *a, struct db *db, str page, int64_t from_day, int64_t to_day,
              struct view_day_list *ret_list)
{
    struct view_day_list l = {0};
    struct stmt *q = db_stmt(db, "SELECT day, sum(n) FROM views WHERE page = ?1 AND is_bot = 0"
                                 " AND day BETWEEN ?2 AND ?3 GROUP BY day ORDER BY day");
    int r;

    stmt_str(q, 1, page);
    stmt_i64(q, 2, from_day);
    stmt_i64(q, 3, to_day);
    while ((r = stmt_row(q)) > 0) {
        l.row = rows_grow(a, l.row, l.n, sizeof(*l.row));
        if (!l.row) {
            r = ERR_MEM;
            break;
        }
        l.row[l.n++] = (struct view_day){col_i64(q, 0), col_i64(q, 1)};
    }
    r = rows_end(q, r, true);
    if (r == 0)
        *ret_list = l;
    return r;
}
