#include "domain/news.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/rows.h"
#include "store/db.h"

int news_countries(struct arena *a, struct db *db, str lang, int64_t news_id,
                   struct news_country_list *ret_list)
{
    struct news_country_list l = {0};
    struct stmt *q = db_stmt(
        db, "SELECT c.country, count(v.news_id) FROM news_countries c LEFT JOIN news_versions v"
            " ON v.news_id = c.news_id AND v.lang = ?1 AND v.day IS NOT NULL"
            " WHERE ?2 = 0 OR c.country IN (SELECT i.country FROM news_countries i WHERE i.news_id "
            "= ?2)"
            " GROUP BY c.country HAVING ?2 <> 0 OR count(v.news_id) > 0 ORDER BY c.country");
    bool ok = true;
    int r = 0;

    stmt_str(q, 1, lang);
    stmt_i64(q, 2, news_id);
    while (ok && (r = stmt_row(q)) > 0) {
        l.row = rows_grow(a, l.row, l.n, sizeof(*l.row));
        ok = l.row != NULL;
        if (ok)
            l.row[l.n++] = (struct news_country){rows_str(a, q, 0, &ok), col_i64(q, 1)};
    }
    r = rows_end(q, r, ok);
    if (r == 0)
        *ret_list = l;
    return r;
}

static int add(struct db *db, int64_t id, str code)
{
    struct stmt *q = db_stmt(db, "INSERT OR IGNORE INTO news_countries (country, news_id)"
                                 " SELECT ?1, news_id FROM news WHERE news_id = ?2");

    if (code.n != 2 || code.p[0] < 'A' || code.p[0] > 'Z' || code.p[1] < 'A' || code.p[1] > 'Z')
        return ERR_RANGE;
    stmt_str(q, 1, code);
    stmt_i64(q, 2, id);
    return stmt_run(q);
}

int news_countries_put(struct db *db, const struct actor *who, int64_t id, str codes)
{
    struct stmt *q;
    int n = 0, r = actor_check(who, RIGHT_EDITOR);

    if (r < 0)
        return r;
    q = db_stmt(db, "DELETE FROM news_countries WHERE news_id = ?1");
    stmt_i64(q, 1, id);
    r = stmt_run(q);
    while (r == 0 && codes.n) {
        struct str_pair cut = str_cut(codes, ',');

        r = n++ < MAX_NEWS_COUNTRIES ? add(db, id, cut.head) : ERR_FULL;
        codes = cut.ok ? cut.tail : (str){0};
    }
    return r;
}
