/*
 * What readers search for, and what is searched. The first line of the input is the title of a
 * page, the second is the query, the rest is the page's text. Every query that is UTF-8 is
 * answered, what is shown as found is a part of the page, and a page is found by its own title.
 */
#include "domain/search.c"
#include "domain/search_index.c"

#include "fuzz.h"

/* As search_refresh does with an item of the record. */
static void add_page(struct arena *a, struct db *db, int64_t item_id, str title, str body)
{
    struct job j = {.a = a, .db = db};
    struct page page = {.kind = SEARCH_NEWS, .item_id = item_id, .lang = S("en"), .title = title,
                        .body = body, .path = S("/news/one"), .at = 1, .zone = S("UTC")};

    CHECK(compose(a, &page) == 0 && page_put(&j, &page) == 0);
    CHECK(search_changes_write(&j.changes, db) == 0);
    search_changes_done(&j.changes);
}

static void check_parts(const struct search_parts *parts)
{
    for (size_t i = 0; i < parts->n; i++)
        CHECK(parts->row[i].text.n && str_is_utf8(parts->row[i].text));
}

static struct search_found find(struct arena *a, struct db *db, str query, size_t limit)
{
    const struct search_ask ask = {.query = query, .lang = S("en"), .limit = limit};
    struct search_found f = {0};
    int r = search_find(a, db, &ask, &f);

    CHECK(r == 0 || (r == ERR_ENCODING && !str_is_utf8(query)));
    CHECK(f.n <= limit && (f.nwords || !f.n));
    for (size_t i = 0; i < f.n; i++) {
        check_parts(&f.row[i].title);
        check_parts(&f.row[i].extract);
    }
    return f;
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    static struct db *db; /* lives as long as the process: its schema takes longer than a run */
    str rest = {(const char *)p, n}, title, query;
    struct arena *a = arena_new();
    struct search_found one, all;

    CHECK(a);
    if (!db)
        CHECK(db_open_memory(&db) == 0);
    if (!str_line(&rest, &title) || !str_line(&rest, &query))
        goto out;
    CHECK(db_begin(db) == 0);
    if (str_is_utf8(title) && str_is_utf8(rest)) {
        add_page(a, db, 1, title, rest);
        add_page(a, db, 2, S("Another page"), S("Words beside it"));
        all = find(a, db, title, 10);
        CHECK(!all.nwords || (all.n && all.way == SEARCH_ALL));
    }
    all = find(a, db, query, 10);
    one = find(a, db, query, 1);
    CHECK(one.n == (all.n ? 1 : 0) && one.has_more == (all.n > 1));
    db_abort(db);
out:
    arena_free(a);
    return 0;
}
