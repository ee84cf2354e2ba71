/*
 * The promises of readers' pages: no script but the exit's on pages of help, no cookie, nobody
 * else's address, small; and what search engines and feed readers get.
 */
#include "suite.h"

#include "base/clock.h"
#include "domain/view.h"
#include "web/asset.h"
#include "web/hits.h"

#include <stdio.h>
#include <string.h>
#include <zlib.h>

enum { FIRST_VIEW_BYTES = 14 * 1024 };

static const char *const pages[] = {
    "/en",
    "/en/offer",
    "/ru/offer/deciding",
    "/en/offer/there",
    "/en/guides",
    "/ru/guides/tm-tr",
    "/ru/contacts",
    "/fa/contacts/sample-shelter",
    "/fa/legal",
    "/en/guides/tm-tr",
    "/tk/guides/tm-tr",
    "/en/contacts",
    "/en/legal/law-work-tr",
    "/en/kit",
    "/ru",
    "/tk",
    "/en/s/" DEMO_RECORD_SLUG,
    "/ru/s/" DEMO_RECORD_SLUG,
    "/tk/s/" DEMO_RECORD_SLUG,
    "/en/s/" DEMO_LIVE_SLUG,
    "/tk/s/" DEMO_LIVE_SLUG,
    "/en/news",
    "/ru/news",
    "/en/news/" DEMO_RECORD_SLUG,
    "/ru/news/" DEMO_RECORD_SLUG,
    "/tk/news/" DEMO_RECORD_SLUG,
    "/en/news?topic=media&month=2020-11",
    "/fa/news/" DEMO_RECORD_SLUG,
    "/en/search",
    "/en/search?q=trafficking",
    "/ru/search?q=%D1%82%D0%BE%D1%80%D0%B3%D0%BE%D0%B2%D0%BB%D0%B8",
    "/tk/search?q=zeppelin",
    "/en/counting",
    "/ru/counting",
    "/fa/counting",
    "/en/feeds",
    "/fa/feeds",
    "/en/nothing/here",
};

static size_t packed_size(struct arena *a, str s)
{
    uLongf n = compressBound((uLong)s.n);
    Bytef *to = arena_alloc(a, n);

    assert_int_equal(compress2(to, &n, (const Bytef *)s.p, (uLong)s.n, 9), Z_OK);
    return n + 12; /* gzip's frame is that much larger than zlib's */
}

/* All that a page loads by itself, as it goes over the line: styles, and the script of the exit. */
static size_t loaded_size(struct arena *a, str html)
{
    static const str signs[] = {S("<link rel=\"stylesheet\" href=\""), S("<script src=\"")};
    struct asset asset;
    bool is_current;
    size_t n = 0;

    for (size_t i = 0; i < NELEM(signs); i++) {
        str rest = html;
        ptrdiff_t at;

        while ((at = str_find(rest, signs[i])) >= 0) {
            rest = str_from(rest, (size_t)at + signs[i].n);
            assert_int_equal(asset_by_url(a, str_cut(rest, '"').head, &asset, &is_current), 0);
            assert_true(is_current);
            n += asset.gz.p ? asset.gz.n : asset.body.n;
        }
    }
    return n;
}

/* Pages of help have the quick exit, and with it the only script of a reader's page. */
static bool is_help(const char *url)
{
    static const char *const heads[] = {"/offer", "/guides", "/contacts", "/legal"};

    for (size_t i = 0; i < NELEM(heads); i++)
        if (strncmp(url + 3, heads[i], strlen(heads[i])) == 0)
            return true;
    return false;
}

/* Data blocks are no scripts. Of scripts: on a page of help exactly the exit's, else none. */
static bool has_its_scripts(struct arena *a, const char *url, str html)
{
    str ours = arena_printf(a, "<script src=\"%.*s\" defer></script>",
                            STR(asset_url(S("js/exit.js"))));
    str rest = html;
    ptrdiff_t at;
    int n = 0;

    while ((at = str_find(rest, S("<script"))) >= 0) {
        rest = str_from(rest, (size_t)at);
        if (str_starts(rest, ours))
            n++;
        else if (!str_starts(rest, S("<script type=\"application/ld+json\">")))
            return false;
        rest = str_from(rest, 7);
    }
    return n == (is_help(url) ? 1 : 0);
}

#define POLICY                                                                                     \
    "default-src 'none'; style-src 'self'; img-src 'self'; "                                       \
    "connect-src http://localhost:8080/robots.txt; form-action 'self'; base-uri 'none'; "          \
    "frame-ancestors 'none'"

/* To the byte: the one script, by its whole address, on pages of help alone. */
static bool has_its_policy(struct arena *a, const char *url, str policy)
{
    if (!is_help(url))
        return str_eq(policy, S(POLICY));
    return str_eq(policy, arena_printf(a, POLICY "; script-src http://localhost:8080%.*s",
                                       STR(asset_url(S("js/exit.js")))));
}

/* Everything that a browser loads by itself is on this site; the one full address allowed is the
 * canonical one. */
static bool loads_elsewhere(str html)
{
    static const str signs[] = {S("src=\"http"), S("src=\"//"), S("url(http"),
                                S("@import"),    S("<iframe"),  S("<img")};

    for (size_t i = 0; i < NELEM(signs); i++)
        if (str_find(html, signs[i]) >= 0)
            return true;
    return false;
}

static void promises(void **state)
{
    struct world *w = *state;
    for (size_t i = 0; i < NELEM(pages); i++) {
        struct reply r = run(w, &(struct ask){.method = "GET", .url = pages[i], .user = EVENT});
        size_t size = packed_size(w->a, r.body) + loaded_size(w->a, r.body);
        const char *fault = html_fault(w->a, r.body);

        if (fault || size > FIRST_VIEW_BYTES)
            fail_msg("%s: %zu bytes, %s", pages[i], size, fault ? fault : "too large");
        if (!has_its_scripts(w->a, pages[i], r.body))
            fail_msg("%s: not the scripts that it may have", pages[i]);
        if (!has_its_policy(w->a, pages[i], reply_header(&r, "Content-Security-Policy")))
            fail_msg("%s: another policy: %.*s", pages[i],
                     STR(reply_header(&r, "Content-Security-Policy")));
        assert_false(loads_elsewhere(r.body));
        assert_null(reply_header(&r, "Set-Cookie").p);
        print_message("%-34s %6zu bytes with all it loads\n", pages[i], size);
        world_forget(w);
    }
}

static void same_bytes_with_and_without_cookie(void **state)
{
    struct world *w = *state;
    struct reply anon = run(w, &(struct ask){.method = "GET", .url = "/en"});
    struct reply staff = run(w, &(struct ask){.method = "GET", .url = "/en", .user = EVENT});

    assert_true(str_eq(anon.body, staff.body));
    assert_true(str_eq(reply_header(&anon, "ETag"), reply_header(&staff, "ETag")));
}

/* The option: a tab of a page of help says the site's name alone; other pages keep theirs. */
static void titles_may_be_plain(void **state)
{
    static const str plain = S("<title>Kengesh</title>"), full = S("<title>Contacts that");
    struct world *w = *state;
    const struct ask help = {.method = "GET", .url = "/en/contacts"};
    const struct ask news = {.method = "GET", .url = "/en/feeds"};
    const struct ask paper = {.method = "GET", .url = "/en/print/a4"};

    assert_true(str_find(run(w, &help).body, full) > 0);
    assert_int_equal(str_find(run(w, &paper).body, plain), -1);
    w->site->conf.is_plain_titles = true;
    assert_true(str_find(run(w, &help).body, plain) > 0);
    assert_int_equal(str_find(run(w, &news).body, plain), -1);
    assert_true(str_find(run(w, &paper).body, plain) > 0);
    w->site->conf.is_plain_titles = false;
}

/*
 * Who reads a page of help on a shared telephone leaves none of it in the cache, and the next site
 * is not told; only a page with a player may play something. The exit clears what is left.
 */
static void help_leaves_no_trace(void **state)
{
    static const char *const urls[] = {
        "/en/guides", "/en/guides/tm-tr", "/en/guides/tm-tr/sms.txt", "/en/legal",
        "/en/legal/law-work-tr", "/en/offer", "/en/offer/deciding", "/en/offer/there",
        "/en/contacts", "/en/contacts/sample-shelter", "/en/print/a5", "/en/print/a5/tm-tr",
        "/en/calendar",
    };
    struct world *w = *state;
    const struct ask away = {.method = "GET", .url = "/en/exit"};
    struct reply r;

    for (size_t i = 0; i < NELEM(urls); i++) {
        r = run(w, &(struct ask){.method = "GET", .url = urls[i]});
        if (r.status != 200 || !str_eq(reply_header(&r, "Cache-Control"), S("no-store")) ||
            !str_eq(reply_header(&r, "Referrer-Policy"), S("no-referrer")))
            fail_msg("%s: %d %.*s, %.*s", urls[i], r.status,
                     STR(reply_header(&r, "Cache-Control")),
                     STR(reply_header(&r, "Referrer-Policy")));
        assert_int_equal(str_find(reply_header(&r, "Content-Security-Policy"), S("media-src")), -1);
    }
    r = run(w, &away);
    assert_int_equal(r.status, 303);
    assert_true(str_eq(reply_header(&r, "Clear-Site-Data"), S("\"cache\", \"storage\"")));
}

/* Whoever comes to the page meets its title, introduction and notes, then the player, then the
 * statements. The page may play what is ours, and does nothing else that it could not before. */
static void player_follows_the_title(void **state)
{
    static const struct {
        const char *url, *slug, *lang;
    } rows[] = {
        {"/en/guides/tm-tr", "tm-tr", "en"},
        {"/ru/guides/tm-tr", "tm-tr", "ru"},
        {"/tk/guides/tm-tr", "tm-tr", "tk"},
        {"/en/legal/law-work-tr", "law-work-tr", "en"},
    };
    static const str order[] = {S("<h1"), S("class=\"lead\""), S("class=\"notice"),
                                S("<figure class=\"listen\""), S("<h2"),
                                S("<section class=\"point\"")};
    struct world *w = *state;
    str policy = arena_printf(w->a, POLICY "; script-src http://localhost:8080%.*s; "
                              "media-src 'self'", STR(asset_url(S("js/exit.js"))));

    for (size_t i = 0; i < NELEM(rows); i++) {
        struct reply r;
        ptrdiff_t before = -1;

        world_sound(w, rows[i].slug, rows[i].lang);
        r = run(w, &(struct ask){.method = "GET", .url = rows[i].url});
        row_check_page(&r, rows[i].url);
        for (size_t k = 0; k < NELEM(order); k++) {
            ptrdiff_t at = str_find(r.body, order[k]);

            if (at <= before)
                fail_msg("%s: %.*s stands too early or not at all", rows[i].url, STR(order[k]));
            before = at;
        }
        if (!str_eq(reply_header(&r, "Content-Security-Policy"), policy))
            fail_msg("%s: %.*s", rows[i].url, STR(reply_header(&r, "Content-Security-Policy")));
        assert_true(packed_size(w->a, r.body) + loaded_size(w->a, r.body) <= FIRST_VIEW_BYTES);
        world_forget(w);
    }
}

/* Feeds name public pictures, so the pages of others may show them, but nothing else of ours. */
static void only_pictures_are_shared(void **state)
{
    static const struct {
        const char *url, *policy;
        enum user user;
    } rows[] = {
        {"/p/{pic}/1280.jpg", "cross-origin", ANON},
        {"/p/{pic}/320.webp", "cross-origin", ANON},
        {"/desk/pictures/{pic}/320.webp", "same-origin", EDITOR},
        {"/en/kit/media-and-ngos-2020/{road}/road.png", "same-origin", ANON},
        {"/en/news/road", "same-origin", ANON},
        {"/en/feed.atom", "same-origin", ANON},
    };
    struct world *w = *state;

    for (size_t i = 0; i < NELEM(rows); i++) {
        const struct ask ask = {.method = "GET",
                                .url = row_filled(w, rows[i].url, rows[i].user),
                                .user = rows[i].user};
        struct reply r = run(w, &ask);

        if (r.status != 200 || !str_eq(reply_header(&r, "Cross-Origin-Resource-Policy"),
                                       str_c(rows[i].policy)))
            fail_msg("%s: %d, not %s", rows[i].url, r.status, rows[i].policy);
    }
}

static void root_follows_the_browser(void **state)
{
    static const struct {
        const char *accept, *location;
    } rows[] = {
        {"ru-RU,ru;q=0.9,en;q=0.5", "/ru"}, {"tk", "/tk"}, {"fa-AF,fa;q=0.9", "/fa"},
        {"de, en;q=0.1", "/en"}, {NULL, "/en"}};
    struct world *w = *state;

    for (size_t i = 0; i < NELEM(rows); i++) {
        struct reply r = run(w, &(struct ask){.method = "GET", .url = "/", .lang = rows[i].accept});

        assert_int_equal(r.status, 302);
        assert_true(str_eq(r.location, str_c(rows[i].location)));
        assert_true(str_eq(reply_header(&r, "Vary"), S("Accept-Language")));
    }
}

static void views_are_counted_without_people(void **state)
{
    struct world *w = *state;
    const struct ask reader = {.method = "GET", .url = "/en/news/" DEMO_RECORD_SLUG};
    const struct ask robot = {
        .method = "GET", .url = "/en/news/" DEMO_RECORD_SLUG, .agent = "ExampleBot/1.0"};
    int64_t before, after = 0;

    assert_int_equal(view_count(w->db, S("news:" DEMO_RECORD_SLUG), &before), 0);
    hits_flush(w->site->hits, clock_wall());
    for (int i = 0; i < 12; i++)
        run(w, &reader);
    run(w, &robot);
    hits_flush(w->site->hits, clock_wall());
    /* The writer works in order: an answered form means that the batch before it is stored. */
    run(w, &(struct ask){.method = "POST", .url = "/sign-out"});
    assert_int_equal(view_count(w->db, S("news:" DEMO_RECORD_SLUG), &after), 0);
    assert_true(after >= before + 12);
    struct reply r = run(w, &reader);

    assert_true(str_find(r.body, S("Turkmenistan")) > 0);
}

static int64_t stored_views(struct world *w)
{
    struct stmt *q = db_stmt(w->db, "SELECT coalesce(sum(n), 0) FROM views");
    int64_t n;

    assert_int_equal(stmt_row(q), 1);
    n = col_i64(q, 0);
    stmt_end(q);
    return n;
}

/* Not by country, not at all: made anew or given out as kept, no page on this way leaves a
 * trace. */
static void nobody_is_counted_on_the_way_to_help(void **state)
{
    static const char *const ways[] = {
        "/en/offer",
        "/tk/offer/deciding",
        "/en/offer/there",
        "/ru/contacts",
        "/en/contacts?country=TR",
        "/en/contacts/sample-shelter",
        "/contacts.json",
        "/contacts.csv",
        "/ru/guides",
        "/tk/guides/tm-tr",
        "/en/guides/tm-tr/sms.txt",
        "/en/legal",
        "/en/legal/law-work-tr",
        "/en/print/a4",
        "/ru/print/a5/tm-tr",
        "/en/exit",
    };
    struct world *w = *state;
    int64_t before;

    hits_flush(w->site->hits, clock_wall());
    run(w, &(struct ask){.method = "POST", .url = "/sign-out"});
    before = stored_views(w);
    for (int turn = 0; turn < 2; turn++) {
        for (size_t i = 0; i < NELEM(ways); i++) {
            struct reply r = run(w, &(struct ask){.method = "GET", .url = ways[i]});

            if (r.status != 200 && r.status != 303)
                fail_msg("%s: %d", ways[i], r.status);
            world_forget(w);
        }
    }
    hits_flush(w->site->hits, clock_wall());
    run(w, &(struct ask){.method = "POST", .url = "/sign-out"});
    assert_int_equal(stored_views(w), before);
}

static void feed_is_well_formed(void **state)
{
    struct world *w = *state;
    struct reply r = run(w, &(struct ask){.method = "GET", .url = "/ru/feed.atom"});

    assert_int_equal(r.status, 200);
    assert_true(str_starts(r.type, S("application/atom+xml")));
    assert_true(str_find(r.body, S("<entry xml:lang=\"ru\">")) > 0);
    assert_true(str_find(r.body, S("http://localhost:8080/ru/news/" DEMO_RECORD_SLUG)) > 0);
    assert_true(str_ends(str_trim(r.body), S("</feed>")));
}

/* A film may come from this house, and only on a page that has one; players ask for parts. */
static void films_of_a_kit(void **state)
{
    struct world *w = *state;
    struct reply page = run(w, &(struct ask){.method = "GET", .url = "/en/kit/films"});
    struct reply other = run(w, &(struct ask){.method = "GET", .url = "/en/kit"});
    const char *clip = row_filled(w, "/en/kit/films/{film}/clip.mp4", ANON);
    struct reply file = run(w, &(struct ask){.method = "GET", .url = clip});
    struct reply zip = run(w, &(struct ask){.method = "GET", .url = "/en/kit/films/kit.zip"});
    str policy = reply_header(&page, "Content-Security-Policy");

    assert_true(str_find(policy, S("media-src 'self'")) > 0);
    assert_true(str_find(policy, S("script-src")) < 0);
    policy = reply_header(&other, "Content-Security-Policy");
    assert_true(policy.n && str_find(policy, S("media-src")) < 0);
    assert_true(str_eq(file.body, world_film()));
    assert_true(str_eq(file.type, S("video/mp4")));
    assert_true(str_starts(reply_header(&file, "ETag"), S("\"")));
    assert_true(str_starts(reply_header(&zip, "ETag"), S("\"")));
    assert_true(str_find(zip.body, world_film()) > 0);
}

/* Without ffmpeg the desk says so in place of the form; what is there already is shown. */
static void films_without_the_program(void **state)
{
    const struct ask ask = {.method = "GET", .url = "/desk/kits/films", .user = EDITOR};
    struct world *w = *state;
    struct reply r = run(w, &ask);

    assert_true(str_find(r.body, S("action=\"/desk/kits/films/clips\"")) > 0);
    assert_true(str_find(r.body, S("ffmpeg is not installed")) < 0);
    w->site->conf.has_clips = false;
    r = run(w, &ask);
    w->site->conf.has_clips = true;
    assert_int_equal(r.status, 200);
    assert_true(str_find(r.body, S("action=\"/desk/kits/films/clips\"")) < 0);
    assert_true(str_find(r.body, S("ffmpeg is not installed")) > 0);
    assert_true(str_find(r.body, S("action=\"/desk/kits/films/items\"")) > 0);
    assert_true(str_find(r.body, S("<video")) > 0);
}

static void assets_are_kept_for_ever(void **state)
{
    struct world *w = *state;
    char url[200];
    struct reply r;

    (void)snprintf(url, sizeof(url), "%.*s", STR(asset_url(S("css/site.css"))));
    r = run(w, &(struct ask){.method = "GET", .url = url});
    assert_int_equal(r.status, 200);
    assert_true(str_find(reply_header(&r, "Cache-Control"), S("immutable")) > 0);
    r = run(w, &(struct ask){.method = "GET", .url = "/a/000000000000/css/site.css"});
    assert_int_equal(r.status, 200);
    assert_true(str_eq(reply_header(&r, "Cache-Control"), S("no-cache")));
}

static void change(struct world *w, const char *sql)
{
    struct db *db = NULL;
    struct stmt *q;

    assert_int_equal(db_open_write(w->path, &db), 0);
    assert_int_equal(db_begin(db), 0);
    q = db_stmt(db, sql);
    assert_int_equal(stmt_run(q), 0);
    assert_int_equal(db_commit(db), 0);
    db_close(db);
}

static int count_of(str text, str what)
{
    int n = 0;

    for (ptrdiff_t at; (at = str_find(text, what)) >= 0; n++)
        text = str_from(text, (size_t)at + what.n);
    return n;
}

/* A zone that was mistyped before it was refused: the hours stand without a word on now. */
static void unknown_zone_is_never_open(void **state)
{
    const char *card = "/en/contacts/sample-advice-line";
    struct world *w = *state;
    struct reply r = run(w, &(struct ask){.method = "GET", .url = card});

    assert_true(str_find(r.body, S("There it is now")) > 0);
    change(w, "UPDATE contacts SET zone = 'Asia/Ashgabad'");
    r = run(w, &(struct ask){.method = "GET", .url = card});
    row_check_page(&r, card);
    assert_true(str_find(r.body, S("<dt>When</dt><dd> <ul>")) > 0);
    assert_true(str_find(r.body, S("09:00–18:00")) > 0);
    assert_true(str_find(r.body, S("There it is now")) < 0);
    r = run(w, &(struct ask){.method = "GET", .url = "/contacts.json"});
    assert_true(str_find(r.body, S("opens_at")) < 0);
}

/* A translation that is older than its source says so, wherever a reader meets it: titles, leads,
 * lines of the agenda, names of organisations, statements, contacts, questions of a test. A query
 * keeps an answer from being kept. */
static void old_translations_say_so(void **state)
{
    static const struct {
        const char *url;
        enum user user;
        int least;
    } places[] = {
        {"/ru?now=1", ANON, 7},
        {"/ru/p/counter-trafficking-central-asia?now=1", ANON, 7},
        {"/ru/s/" DEMO_RECORD_SLUG "?now=1", ANON, 24},
        {"/ru/news?now=1", ANON, 1},
        {"/ru/guides?now=1", ANON, 1},
        {"/ru/guides/tm-tr?now=1", ANON, 4},
        {"/ru/legal?now=1", ANON, 3},
        {"/ru/legal/law-work-tr?now=1", ANON, 4},
        {"/ru/contacts?now=1", ANON, 3},
        {"/ru/contacts/sample-shelter?now=1", ANON, 1},
        {"/ru/kit?now=1", ANON, 1},
        {"/ru/kit/" DEMO_RECORD_SLUG "?now=1", ANON, 4},
        {"/s/" DEMO_LIVE_SLUG "/quiz/pre?lang=ru", MEMBER, 5},
        {"/s/" DEMO_LIVE_SLUG "/mine?lang=ru", MEMBER, 1},
    };
    struct world *w = *state;
    struct reply r;

    for (int is_old = 0; is_old < 2; is_old++) {
        if (is_old)
            change(w, "UPDATE text_versions SET source_revision = 0 WHERE is_source = 0");
        for (size_t i = 0; i < NELEM(places); i++) {
            int n;

            r = run(w, &(struct ask){
                           .method = "GET", .url = places[i].url, .user = places[i].user});
            assert_int_equal(r.status, 200);
            row_check_page(&r, places[i].url);
            n = count_of(r.body, S("старше оригинала"));
            if (is_old ? n < places[i].least : n > 0)
                fail_msg("%s says so %d times", places[i].url, n);
            world_forget(w);
        }
    }
    r = run(w, &(struct ask){.method = "GET", .url = "/ru/news/" DEMO_RECORD_SLUG "?now=1"});
    assert_true(str_find(r.body, S("Перевод старше оригинала.")) > 0);
    r = run(w, &(struct ask){.method = "GET", .url = "/ru/guides/tm-tr/sms.txt"});
    assert_true(str_find(r.body, S("\nНе проверено: Старый перевод: ")) > 0);
    change(w, "UPDATE guide_points SET checked_at = 1");
    r = run(w, &(struct ask){.method = "GET", .url = "/ru/guides/tm-tr/sms.txt"});
    assert_true(str_find(r.body, S("\nПроверено давно, спросите: Старый")) > 0);
    change(w, "DELETE FROM text_versions WHERE is_source = 0");
    r = run(w, &(struct ask){.method = "GET", .url = "/ru/guides/tm-tr/sms.txt"});
    assert_true(str_find(r.body, S("\nПроверено давно, спросите: [en] ")) > 0);
}

int reader_suite(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(promises),
        cmocka_unit_test(same_bytes_with_and_without_cookie),
        cmocka_unit_test(titles_may_be_plain),
        cmocka_unit_test(root_follows_the_browser),
        cmocka_unit_test(views_are_counted_without_people),
        cmocka_unit_test(nobody_is_counted_on_the_way_to_help),
        cmocka_unit_test(feed_is_well_formed),
        cmocka_unit_test(help_leaves_no_trace),
        cmocka_unit_test(player_follows_the_title),
        cmocka_unit_test(only_pictures_are_shared),
        cmocka_unit_test(films_of_a_kit),
        cmocka_unit_test(films_without_the_program),
        cmocka_unit_test(assets_are_kept_for_ever),
        cmocka_unit_test(unknown_zone_is_never_open),
        cmocka_unit_test(old_translations_say_so), /* the last: it changes the record */
    };

    return cmocka_run_group_tests(tests, suite_setup, suite_teardown);
}
