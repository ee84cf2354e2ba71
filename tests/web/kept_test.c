/*
 * Readers' pages that are kept: rendered once, true after every acknowledged change, the same for
 * everybody, bounded in bytes.
 */
#include "suite.h"

#include "base/clock.h"
#include "base/limits.h"
#include "domain/view.h"
#include "net/pack.h"
#include "web/hits.h"
#include "web/kept.h"

#include <brotli/decode.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>

#define NEWS "/en/news/" DEMO_RECORD_SLUG
#define FRESH "/en/news/" DEMO_LIVE_SLUG
#define DESK "/desk/news/" DEMO_LIVE_SLUG "/en"

static struct reply get(struct world *w, const char *url)
{
    return run(w, &(struct ask){.method = "GET", .url = url});
}

static void rendered_once(void **state)
{
    struct world *w = *state;
    struct reply first = get(w, NEWS), again = get(w, NEWS);
    struct reply staff = run(w, &(struct ask){.method = "GET", .url = NEWS, .user = EVENT});

    assert_int_equal(first.status, 200);
    assert_non_null(first.x->shared);
    assert_ptr_equal(first.x->shared, again.x->shared);
    assert_ptr_equal(first.x->shared, staff.x->shared);
    assert_int_equal(first.x->nout, again.x->nout);
    for (size_t i = 0; i < first.x->nout; i++)
        assert_true(str_eq(reply_header(&again, arena_cstr(w->a, first.x->out[i].name)),
                           first.x->out[i].value));
    assert_true(str_eq(first.type, again.type));
    assert_null(reply_header(&again, "Set-Cookie").p);
}

/* Nothing of these may be given to the next who asks. */
static void not_for_everybody(void **state)
{
    static const char *const urls[] = {"/", "/en/nothing/here", "/en/news?skip=1", "/healthz",
                                       "/i/wrong", "/sign-in"};
    struct world *w = *state;

    for (size_t i = 0; i < NELEM(urls); i++) {
        get(w, urls[i]);
        if (get(w, urls[i]).x->shared)
            fail_msg("%s was kept", urls[i]);
    }
    /* a language that is not written as its code would fill the table with doubles */
    assert_int_equal(get(w, "/en-GB").status, 200);
    assert_null(get(w, "/en-GB").x->shared);
}

static str revision_of(struct world *w)
{
    struct reply r = run(w, &(struct ask){.method = "GET", .url = DESK, .user = EDITOR});
    ptrdiff_t at = str_find(r.body, S("name=\"revision\" value=\""));

    assert_true(at > 0);
    return str_cut(str_from(r.body, (size_t)at + 23), '"').head;
}

#define ANSWERS "&faces=1&names=1&places=1&consent=1"

static void post(struct world *w, const char *url, const char *fields)
{
    struct ask ask = {.method = "POST", .url = url, .user = EDITOR};

    ask.body = arena_cstr(
        w->a, arena_printf(w->a, "revision=%.*s%s", STR(revision_of(w)), fields));
    assert_int_equal(run(w, &ask).status, 303);
}

static bool shows(struct world *w, const char *url, const char *word)
{
    return str_find(get(w, url).body, str_c(word)) > 0;
}

/* Each page is asked for twice, so that it is kept before the change. */
static void true_after_every_change(void **state)
{
    static const struct ask draft = {
        .method = "POST", .url = "/desk/s/" DEMO_LIVE_SLUG "/draft", .user = EVENT};
    struct world *w = *state;

    assert_int_equal(run(w, &draft).status, 303);
    assert_int_equal(get(w, FRESH).status, 404);
    assert_false(shows(w, "/en", "Alpha"));
    post(w, DESK, "&title=Alpha&body=Words");
    post(w, DESK "/safety", "&pictures=0" ANSWERS);
    post(w, DESK "/step", "&to=7");
    for (int i = 0; i < 2; i++) {
        assert_true(shows(w, FRESH, "Alpha"));
        assert_true(shows(w, "/en", "Alpha"));
        assert_true(shows(w, "/en/feed.atom", "Alpha"));
    }
    assert_non_null(get(w, FRESH).x->shared);
    post(w, DESK, "&title=Beta&body=Words" ANSWERS);
    for (int i = 0; i < 2; i++) {
        assert_true(shows(w, FRESH, "Beta"));
        assert_false(shows(w, FRESH, "Alpha"));
        assert_true(shows(w, "/en", "Beta"));
    }
    post(w, DESK "/step", "&to=9&sure=1");
    assert_int_equal(get(w, FRESH).status, 410);
    assert_int_equal(get(w, FRESH).status, 410);
    assert_false(shows(w, "/en", "Beta"));
}

static void kept_answers_are_counted(void **state)
{
    const struct ask robot = {.method = "GET", .url = NEWS, .agent = "ExampleBot/1.0"};
    struct world *w = *state;
    int64_t before = 0, after = 0;

    hits_flush(w->site->hits, clock_wall());
    run(w, &(struct ask){.method = "POST", .url = "/sign-out"});
    assert_int_equal(view_count(w->db, S("news:" DEMO_RECORD_SLUG), &before), 0);
    for (int i = 0; i < 20; i++)
        get(w, NEWS);
    run(w, &robot);
    hits_flush(w->site->hits, clock_wall());
    run(w, &(struct ask){.method = "POST", .url = "/sign-out"});
    assert_int_equal(view_count(w->db, S("news:" DEMO_RECORD_SLUG), &after), 0);
    assert_int_equal(after, before + 20);
}

static int put(struct kept *k, const char *path, uint64_t version, usec now, str plain,
               const struct kept_page **ret_page)
{
    static const struct http_header out[] = {{S("ETag"), S("W/\"1\"")}};
    const struct kept_page page = {.shared = {.plain = plain},
                                   .type = S("text/html"),
                                   .out = out,
                                   .nout = 1,
                                   .lang = S("en")};

    return kept_put(k, str_c(path), version, now, &page, ret_page);
}

static void give(const struct kept_page *p)
{
    p->shared.release(&p->shared);
}

static void holds_for_version_and_time(void **state)
{
    const struct kept_page *p = NULL;
    struct kept *k = NULL;

    (void)state;
    assert_int_equal(kept_new(&k), 0);
    assert_null(kept_take(k, S("/a"), 1, 0));
    assert_int_equal(put(k, "/a", 1, 0, S("old"), &p), 0);
    give(p);
    p = kept_take(k, S("/a"), 1, KEPT_US - 1);
    assert_non_null(p);
    assert_true(str_eq(p->shared.plain, S("old")));
    assert_true(str_eq(p->out[0].value, S("W/\"1\"")));
    assert_null(kept_take(k, S("/b"), 1, 0));
    /* made before the change, put after it: nobody gets it */
    assert_null(kept_take(k, S("/a"), 2, 0));
    assert_int_equal(kept_bytes(k), 0);
    assert_true(str_eq(p->shared.plain, S("old"))); /* still on its way out */
    give(p);
    assert_int_equal(put(k, "/a", 2, 0, S("new"), &p), 0);
    give(p);
    assert_null(kept_take(k, S("/a"), 2, KEPT_US));
    assert_int_equal(put(k, "/a", 2, 0, S("new"), &p), 0);
    kept_free(k);
    assert_true(str_eq(p->shared.plain, S("new")));
    give(p);
}

static void bounded_in_bytes(void **state)
{
    enum { BODY = 100000, PAGES = MAX_KEPT_BYTES / BODY + 50 };
    struct world *w = *state;
    char *body = arena_alloc(w->a, MAX_KEPT_PAGE), path[32];
    const struct kept_page *p = NULL;
    struct kept *k = NULL;

    assert_int_equal(kept_new(&k), 0);
    assert_int_equal(put(k, "/large", 1, 0, (str){body, MAX_KEPT_PAGE}, &p), ERR_TOO_BIG);
    for (int i = 0; i < PAGES; i++) {
        (void)snprintf(path, sizeof(path), "/%d", i);
        assert_int_equal(put(k, path, 1, 0, (str){body, BODY}, &p), 0);
        give(p);
        p = kept_take(k, S("/0"), 1, 0); /* asked for all the time */
        assert_non_null(p);
        give(p);
        assert_true(kept_bytes(k) <= MAX_KEPT_BYTES);
    }
    assert_null(kept_take(k, S("/1"), 1, 0));
    assert_true(kept_bytes(k) > MAX_KEPT_BYTES - 2 * BODY);
    kept_free(k);
}

static void packed_forms_are_the_same_text(void **state)
{
    struct world *w = *state;
    str text = get(w, NEWS).body, gzip = {0}, br = {0};
    uint8_t *to = arena_alloc(w->a, text.n);
    size_t n = text.n;
    z_stream z = {0};

    assert_int_equal(pack_text(w->a, text, &gzip, &br), 0);
    assert_true(br.n && br.n < gzip.n && gzip.n < text.n / 2);
    assert_int_equal(BrotliDecoderDecompress(br.n, (const uint8_t *)br.p, &n, to),
                     BROTLI_DECODER_RESULT_SUCCESS);
    assert_true(str_eq((str){(char *)to, n}, text));
    memset(to, 0, n);
    assert_int_equal(inflateInit2(&z, 15 + 16), Z_OK);
    z.next_in = (Bytef *)(uintptr_t)gzip.p;
    z.avail_in = (uInt)gzip.n;
    z.next_out = to;
    z.avail_out = (uInt)text.n;
    assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
    inflateEnd(&z);
    assert_memory_equal(to, text.p, text.n);
    /* What would grow stays as it is. */
    assert_int_equal(pack_text(w->a, S("x"), &gzip, &br), 0);
}

int kept_suite(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rendered_once),
        cmocka_unit_test(not_for_everybody),
        cmocka_unit_test(true_after_every_change),
        cmocka_unit_test(kept_answers_are_counted),
        cmocka_unit_test(holds_for_version_and_time),
        cmocka_unit_test(bounded_in_bytes),
        cmocka_unit_test(packed_forms_are_the_same_text),
    };

    return cmocka_run_group_tests(tests, suite_setup, suite_teardown);
}
