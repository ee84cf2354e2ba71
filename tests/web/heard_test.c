/*
 * What a voice is given to read of a guide, and what the page says beside the player: a statement
 * that is not translated is told in both, in the language of the page. And packs that carry it.
 */
#include "suite.h"

#include "base/clock.h"
#include "base/limits.h"
#include "domain/actor.h"
#include "domain/guide.h"
#include "domain/sound.h"
#include "domain/sound_file.h"
#include "domain/text.h"
#include "web/guide_spoken.h"
#include "web/texts.h"

#include <string.h>

#define SLUG "tm-tr"

static struct guide guide_of(struct world *w, struct db *db, const struct texts *t,
                             const char *slug)
{
    struct guide g;

    assert_int_equal(guide_by_slug(w->a, db, str_c(slug), t->lang, &g), 0);
    return g;
}

void world_sound(struct world *w, const char *slug, const char *lang)
{
    struct sound_made m = {.script = {1}, .format = SOUND_FILE_MP3, .length_ms = 61000,
                           .bytes = S("made")};
    struct db *db = NULL;
    struct guide g;
    struct texts t;

    texts_init(&t, str_c(lang), S("UTC"));
    assert_int_equal(db_open_write(w->path, &db), 0);
    g = guide_of(w, db, &t, slug);
    assert_int_equal(guide_spoken_of(w->a, db, &t, &g, &m.of), 0);
    assert_int_equal(sound_put(w->a, db, &actor_server, &m, clock_wall()), 0);
    db_close(db);
}

static int script_of(struct world *w, const char *lang, str *ret_script)
{
    struct sound_of of;
    struct texts t;
    struct guide g;

    texts_init(&t, str_c(lang), S("UTC"));
    g = guide_of(w, w->db, &t, SLUG);
    return guide_spoken_make(w->a, w->db, &t, &g, &of, ret_script);
}

/* In the stage before departure, behind all that is there. */
static int64_t add_point(struct world *w, const char *lang, const char *body)
{
    const struct guide_point_in point = {
        .stage = GUIDE_BEFORE, .topic = GUIDE_COSTS, .source = S("https://x.example/")};
    const struct text_in in = {.lang = str_c(lang), .body = str_c(body), .revision = -1};
    struct texts t;
    struct db *db = NULL;
    int64_t id = 0;

    texts_init(&t, S("en"), S("UTC"));
    assert_int_equal(db_open_write(w->path, &db), 0);
    assert_int_equal(guide_point_add(db, &actor_server, guide_of(w, db, &t, SLUG).id, &point,
                                     clock_wall(), &id), 0);
    assert_int_equal(guide_point_text_put(db, &actor_server, id, &in, clock_wall()), 0);
    db_close(db);
    return id;
}

static void put(struct world *w, int64_t id, const char *lang, const char *body)
{
    const struct text_in in = {.lang = str_c(lang), .body = str_c(body), .revision = -1};
    struct db *db = NULL;

    assert_int_equal(db_open_write(w->path, &db), 0);
    assert_int_equal(guide_point_text_put(db, &actor_server, id, &in, clock_wall()), 0);
    db_close(db);
}

static struct reply page_of(struct world *w, const char *lang)
{
    const char *url = arena_cstr(w->a, arena_printf(w->a, "/%s/guides/" SLUG "?now=1", lang));
    struct reply r = run(w, &(struct ask){.method = "GET", .url = url});

    assert_int_equal(r.status, 200);
    row_check_page(&r, url);
    return r;
}

struct said {
    const char *lang, *voice, *page;
};

static void is_said(struct world *w, const struct said *row, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct reply r;
        str script;

        assert_int_equal(script_of(w, row[i].lang, &script), 0);
        if (str_find(script, str_c(row[i].voice)) < 0)
            fail_msg("%s: not in %.*s", row[i].lang, STR(script));
        world_sound(w, SLUG, row[i].lang);
        r = page_of(w, row[i].lang);
        if (str_find(r.body, str_c(row[i].page)) < 0)
            fail_msg("%s: not on %.*s", row[i].lang, STR(r.body));
        world_forget(w);
    }
}

static void whole_pages_say_nothing(void **state)
{
    static const char *const langs[] = {"en", "ru", "tk"};
    struct world *w = *state;
    str script;

    for (size_t i = 0; i < NELEM(langs); i++) {
        world_sound(w, SLUG, langs[i]);
        assert_true(str_find(page_of(w, langs[i]).body, S("</figcaption><audio")) > 0);
        assert_int_equal(str_find(page_of(w, langs[i]).body, S("</b></figcaption>")), -1);
        world_forget(w);
    }
    assert_int_equal(script_of(w, "fa", &script), ERR_NOT_FOUND);
}

/* One in another language, then three in two, told by language where they stand. */
static void what_is_left_out_is_told(void **state)
{
    static const struct said one[] = {
        {"ru",
         "<p>Частей этой страницы, которые есть только на другом языке (английский) и здесь не "
         "читаются: 1.</p>",
         " <b>Не читается 1 часть этой страницы: она ещё не переведена.</b></figcaption><audio"},
        {"tk",
         "<p>Bu sahypanyň bir bölegi diňe başga dilde (iňlis dili) bar we bu ýerde okalmaýar.</p>",
         " <b>Bu sahypanyň 1 bölegi okalmaýar, sebäbi ol entek terjime edilmedi.</b></figcaption>"},
        {"en", "<p>English &amp; alone.</p>", "</figcaption><audio"},
    };
    static const struct said more[] = {
        {"ru", "(английский) и здесь не читаются: 2.</p><break time=\"500ms\"/>\n<p>Частей",
         " <b>Не читаются 3 части этой страницы: они ещё не переведены.</b>"},
        {"en",
         "<p>One part of this page is only in another language (Turkmen) and is not read here.</p>",
         " <b>One part of this page is not read, because it is not translated yet.</b>"},
        {"tk", "<p>Bu sahypanyň iki bölegi diňe başga dilde (iňlis dili)",
         " <b>Bu sahypanyň 2 bölegi okalmaýar"},
    };
    struct world *w = *state;
    int64_t id = add_point(w, "en", "English & alone.");

    is_said(w, one, NELEM(one));
    add_point(w, "en", "Again.");
    add_point(w, "tk", "Diňe türkmençe.");
    is_said(w, more, NELEM(more));
    put(w, id, "fa", "پاسپورت خود را نگه دارید.");
}

/* Of Dari there is one statement; title, introduction and all others are told as missing. */
static void one_statement_is_enough(void **state)
{
    static const struct said rows[] = {
        {"fa",
         "<speak>\n<p>یک بخش از این صفحه تنها به زبان دیگر (انگلیسی) است و اینجا خوانده "
         "نمی‌شود.</p>",
         "لهجهٔ فارسی ایران"},
        {"fa", "<p>پاسپورت خود را نگه دارید.</p>", " بخش از این صفحه خوانده نمی‌شود"},
    };

    is_said(*state, rows, NELEM(rows));
}

/* A translation that is older than its source says so in the voice, too. */
static void old_words_say_so(void **state)
{
    struct world *w = *state;
    int64_t id = add_point(w, "en", "Old.");
    str script;

    put(w, id, "ru", "Старое.");
    put(w, id, "en", "New.");
    assert_int_equal(script_of(w, "ru", &script), 0);
    assert_true(str_find(script, S("<p>Старое.</p><break time=\"500ms\"/>\n"
                                   "<p>Перевод старше оригинала.")) > 0);
    assert_int_equal(script_of(w, "en", &script), 0);
    assert_int_equal(str_find(script, S("older than the original")), -1);
}

/* The desk tells who reads aloud what is missing; a language without a statement is not offered. */
static void the_desk_knows(void **state)
{
    struct world *w = *state;
    struct reply r = run(w, &(struct ask){.method = "GET", .url = "/desk/guides/" SLUG "?lang=en",
                                          .user = EDITOR});

    assert_int_equal(r.status, 200);
    assert_true(str_find(r.body, S("2 parts of this page are not read, because they are not "
                                   "translated yet.</b> The computer voice says so")) > 0);
    assert_int_equal(str_find(r.body, S("no statement is in this language yet")), -1);
}

/* ---- packs to take along ---- */

static struct reply pack_of(struct world *w, const char *file)
{
    const char *url = arena_cstr(w->a, arena_printf(w->a, "/en/offline/%s", file));

    return run(w, &(struct ask){.method = "GET", .url = url});
}

static bool has(const struct reply *r, const char *what)
{
    return r->body.p && str_find(r->body, str_c(what)) >= 0;
}

/* Only who asks for it carries the sound: a file beside each page that can be heard. */
static void packs_with_sound(void **state)
{
    static const char *const files[] = {"en/guide-tm-tr.mp3", "tk/guide-tm-tr.mp3",
                                        "en/legal-law-work-tr.mp3", "en/guide-tm-tr.html"};
    struct world *w = *state;
    struct reply r;

    world_sound(w, SLUG, "tk");
    world_sound(w, SLUG, "fa");
    world_sound(w, "law-work-tr", "en");
    r = pack_of(w, "guides/tm-tr.sound.zip");
    assert_true(r.status == 200 && !has(&r, files[0])); /* it says other words than the page */
    world_sound(w, SLUG, "en");
    r = pack_of(w, "guides/tm-tr.sound.zip");
    assert_int_equal(r.status, 200);
    assert_true(has(&r, "made")); /* stored, as the player needs it */
    assert_true(str_find(reply_header(&r, "Content-Disposition"),
                         S("\"kengesh-tm-tr-sound.zip\"")) > 0);
    for (size_t i = 0; i < NELEM(files); i++)
        if (!has(&r, files[i]))
            fail_msg("%s is missing", files[i]);
    assert_false(has(&r, "fa/legal-law-work-tr.mp3")); /* nothing is heard of it */
    r = pack_of(w, "programme.sound.zip");
    assert_true(r.status == 200 && has(&r, "en/legal-law-work-tr.mp3"));
    r = pack_of(w, "guides/tm-tr.zip");
    assert_true(r.status == 200 && !has(&r, ".mp3"));
    r = pack_of(w, "guides/tm-tr.epub");
    assert_true(r.status == 200 && !has(&r, ".mp3"));
    assert_int_equal(pack_of(w, "guides/tm-tr.sound.epub").status, 404);
    assert_int_equal(pack_of(w, "guides/none.sound.zip").status, 404);
    assert_int_equal(pack_of(w, "guides/.sound.zip").status, 404);
    assert_int_equal(pack_of(w, "sound.zip").status, 404);
    r = run(w, &(struct ask){.method = "GET", .url = "/en/offline"});
    row_check_page(&r, "/en/offline");
    assert_true(has(&r, "href=\"/en/offline/guides/tm-tr.sound.zip\">The same pages with sound"));
    assert_true(has(&r, "href=\"/en/offline/programme.sound.zip\">"));
}

/* What one may not carry is not offered; as before, when nothing was made. */
static void too_much_sound(void **state)
{
    struct world *w = *state;
    struct sound_made m = {.script = {1}, .format = SOUND_FILE_MP3, .length_ms = 61000};
    struct db *db = NULL;
    struct guide g;
    struct texts t;
    struct reply r;
    char *bytes = arena_alloc(w->a, MAX_PACK_SOUND_BYTES);
    int64_t n, mark, other;

    memset(bytes, 'x', MAX_PACK_SOUND_BYTES);
    m.bytes = (str){bytes, MAX_PACK_SOUND_BYTES};
    texts_init(&t, S("en"), S("UTC"));
    assert_int_equal(db_open_write(w->path, &db), 0);
    g = guide_of(w, db, &t, SLUG);
    assert_int_equal(sound_stock(db, g.id, &n, &mark), 0);
    assert_true(n > 0 && mark > 0);
    assert_int_equal(guide_spoken_of(w->a, db, &t, &g, &m.of), 0);
    assert_int_equal(sound_put(w->a, db, &actor_server, &m, clock_wall() + USEC_S), 0);
    assert_int_equal(sound_stock(db, g.id, &n, &other), 0);
    assert_true(n > MAX_PACK_SOUND_BYTES && other > mark);
    db_close(db);
    assert_int_equal(pack_of(w, "guides/tm-tr.sound.zip").status, 404);
    r = run(w, &(struct ask){.method = "GET", .url = "/en/offline"});
    assert_true(r.status == 200 && !has(&r, ".sound.zip"));
    world_sound(w, SLUG, "en");
    r = run(w, &(struct ask){.method = "GET", .url = "/en/offline"});
    assert_true(r.status == 200 && has(&r, "guides/tm-tr.sound.zip"));
    assert_int_equal(pack_of(w, "guides/tm-tr.sound.zip").status, 200);
}

/* A player asks for parts of it, and what waits for a slow line is counted: all in the arena. */
static void files_lie_in_the_arena(void **state)
{
    struct world *w = *state;
    struct reply page, file;
    str url;

    world_sound(w, SLUG, "ru");
    page = page_of(w, "ru");
    url = str_from(page.body, (size_t)str_find(page.body, S("src=\"/l/")) + 5);
    url = str_cut(url, '"').head;
    for (int is_desk = 0; is_desk < 2; is_desk++) {
        if (is_desk)
            url = arena_printf(w->a, "/desk%.*s", STR(url));
        file = run(w, &(struct ask){.method = "GET", .user = is_desk ? EDITOR : ANON,
                                    .url = arena_cstr(w->a, url)});
        assert_int_equal(file.status, 200);
        assert_true(str_eq(file.body, S("made")));
        assert_true(str_eq(file.type, S("audio/mpeg")));
        assert_true(str_starts(reply_header(&file, "ETag"), S("\"")));
        assert_non_null(file.x->shared);
        assert_null(file.x->shared->release);
    }
    world_forget(w);
}

int heard_suite(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_pages_say_nothing), cmocka_unit_test(what_is_left_out_is_told),
        cmocka_unit_test(one_statement_is_enough), cmocka_unit_test(old_words_say_so),
        cmocka_unit_test(the_desk_knows),           cmocka_unit_test(packs_with_sound),
        cmocka_unit_test(too_much_sound),           cmocka_unit_test(files_lie_in_the_arena),
    };

    return cmocka_run_group_tests(tests, suite_setup, suite_teardown);
}
