#include "suite.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "net/http.h"
#include "net/route.h"
#include "net/url.h"

static void show(struct exchange *x)
{
    (void)x;
}

static int act(struct exchange *x, struct db *db)
{
    (void)x;
    (void)db;
    return 0;
}

static const struct route pages[] = {
    {"home", "GET", "/", 1, 0, show, NULL},
    {"list", "GET", "/s", 1, 0, show, NULL},
    {"page", "GET", "/s/{slug}", 1, ROUTE_READER, show, NULL},
    {"new", "GET", "/s/new", 1, 0, show, NULL},
    {"reply", "POST", "/s/{slug}/reply", 1, 0, show, act},
    {"change", "POST", "/s/{slug}", 1, 0, show, act},
};
static const struct route live[] = {
    {"whip", "POST", "/s/{slug}/whip", 1, ROUTE_NO_CSRF | ROUTE_ASYNC, show, NULL},
    {"whip_end", "DELETE", "/s/{slug}/whip/{id}", 1, ROUTE_NO_CSRF, show, NULL},
    {"deep", "GET", "/{lang}/s/news/{id}", 1, 0, show, NULL},
};

static struct route_set *join(void)
{
    static const struct route *const tables[] = {pages, live};
    static const size_t n[] = {NELEM(pages), NELEM(live)};
    struct route_set *s = NULL;

    assert_int_equal(route_set_new(tables, n, 2, &s), 0);
    return s;
}

static void matching(void **state)
{
    static const struct {
        const char *method, *path;
        int result;
        const char *name, *first;
    } rows[] = {
        {"GET", "/", 0, "home", NULL},
        {"GET", "/s", 0, "list", NULL},
        {"HEAD", "/s", 0, "list", NULL},
        {"GET", "/s/", ERR_NOT_FOUND, NULL, NULL},
        {"GET", "/s/abc", 0, "page", "abc"},
        {"GET", "/s/new", 0, "new", NULL},
        {"POST", "/s/new", 0, "change", "new"},
        {"GET", "/s/a%20b", 0, "page", "a b"},
        {"GET", "/s/%D1%8F", 0, "page", "я"},
        {"GET", "/s/a+b", 0, "page", "a+b"},
        {"GET", "/%73/abc", 0, "page", "abc"},
        {"GET", "/s/a%2Fb", ERR_NOT_FOUND, NULL, NULL},
        {"GET", "/s/%00", ERR_NOT_FOUND, NULL, NULL},
        {"GET", "/s/%ff", ERR_NOT_FOUND, NULL, NULL},
        {"GET", "/s/%4", ERR_NOT_FOUND, NULL, NULL},
        {"GET", "/s/%zz", ERR_NOT_FOUND, NULL, NULL},
        {"GET", "/s/..", ERR_NOT_FOUND, NULL, NULL},
        {"GET", "/s/%2e%2e", ERR_NOT_FOUND, NULL, NULL},
        {"GET", "/s/abc/reply", ERR_METHOD, NULL, NULL},
        {"PUT", "/s", ERR_METHOD, NULL, NULL},
        {"POST", "/s/abc/whip", 0, "whip", "abc"},
        {"DELETE", "/s/abc/whip/7", 0, "whip_end", "abc"},
        {"GET", "/ru/s/news/7", 0, "deep", "ru"},
        {"GET", "/a/b/c/d/e/f/g/h/i/j", ERR_NOT_FOUND, NULL, NULL},
        {"GET", "", ERR_NOT_FOUND, NULL, NULL},
        {"OPTIONS", "*", ERR_NOT_FOUND, NULL, NULL},
    };
    struct route_set *s = join();
    struct arena *a = arena_new();

    (void)state;
    for (size_t i = 0; i < NELEM(rows); i++) {
        struct route_param params[ROUTE_PARAMS] = {0};
        const struct route *r = NULL;
        int result = route_match(s, a, str_c(rows[i].method), str_c(rows[i].path), params, &r);

        assert_int_equal(result, rows[i].result);
        if (result < 0)
            continue;
        assert_string_equal(r->name, rows[i].name);
        assert_true(str_eq(params[0].value, str_c(rows[i].first)));
    }
    assert_string_equal(route_at(s, 0)->name, "home");
    assert_string_equal(route_at(s, NELEM(pages))->name, "whip");
    assert_null(route_at(s, NELEM(pages) + NELEM(live)));
    arena_free(a);
    route_set_free(s);
}

static void second_param(void **state)
{
    struct route_set *s = join();
    struct arena *a = arena_new();
    struct exchange *x = exchange_new(a, NULL);

    (void)state;
    assert_int_equal(route_match(s, a, S("DELETE"), S("/s/abc/whip/7"), x->params, &x->route), 0);
    assert_true(str_eq(http_param(x, S("slug")), S("abc")));
    assert_true(str_eq(http_param(x, S("id")), S("7")));
    assert_null(http_param(x, S("none")).p);
    arena_free(a);
    route_set_free(s);
}

static void bad_tables(void **state)
{
    static const struct route rows[] = {
        {"no_right", "GET", "/a", 0, 0, show, NULL},
        {"no_show", "GET", "/a", 1, 0, NULL, NULL},
        {"get_acts", "GET", "/a", 1, 0, show, act},
        {"method", "BREW", "/a", 1, 0, show, NULL},
        {"relative", "GET", "a", 1, 0, show, NULL},
        {"too_deep", "GET", "/1/2/3/4/5/6/7/8/9", 1, 0, show, NULL},
        {"delete_by_form", "DELETE", "/a", 1, 0, show, NULL},
        {"reader_post", "POST", "/a", 1, ROUTE_READER, show, NULL},
        {"counted_help", "GET", "/a", 1, ROUTE_READER | ROUTE_EXIT | ROUTE_COUNT, show, NULL},
        {"params", "GET", "/{a}/{b}/{c}/{d}/{e}", 1, 0, show, NULL},
    };
    static const struct route twice[] = {
        {"one", "GET", "/a/{x}", 1, 0, show, NULL},
        {"two", "GET", "/a/{y}", 1, 0, show, NULL},
    };
    const struct route *tables[1] = {twice};
    size_t n[1] = {2};
    struct route_set *s = NULL;

    (void)state;
    assert_int_equal(route_set_new(tables, n, 1, &s), ERR_CONFLICT);
    n[0] = 1;
    for (size_t i = 0; i < NELEM(rows); i++) {
        tables[0] = &rows[i];
        assert_int_equal(route_set_new(tables, n, 1, &s), ERR_CONFLICT);
        assert_null(s);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(matching),
    cmocka_unit_test(second_param),
    cmocka_unit_test(bad_tables),
};
SUITE(route, tests);
