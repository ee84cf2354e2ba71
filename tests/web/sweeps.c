/*
 * Every kind of page, with each allocation of its making failing in turn: see tests/sweep/sweep.h.
 * A reader gets the whole page, or an error; never a part of it with status 200.
 */
#include "suite.h"

#include "web/dispatch.h"
#include "web/pack.h"
#include "web/rate.h"

#include <stdio.h>

static struct world *world;

static struct http_header headers[] = {{S("Host"), S("localhost:8080")},
                                       {S("User-Agent"), S("Mozilla/5.0")},
                                       {S("Cookie"), {0}}};

static int differs(str got, str want)
{
    size_t at = 0;

    while (at < got.n && at < want.n && got.p[at] == want.p[at])
        at++;
    at = at > 60 ? at - 60 : 0;
    (void)fprintf(stderr, "got  …%.*s…\nwant …%.*s…\n", STR(str_take(str_from(got, at), 120)),
                  STR(str_take(str_from(want, at), 120)));
    return ERR_STATE;
}

/* `whole` remembers the page of the first time. */
static int page(const char *url, enum user user, str *io_whole)
{
    struct arena *a;
    struct exchange *x;
    struct str_pair cut;
    int r = 0;
    str body;

    sweep_pause();
    if (!world)
        world = world_new();
    cut = str_cut(str_c(row_filled(world, url, user)), '?');
    rate_free(world->site->rate); /* or the rounds would be too many for one session */
    assert_int_equal(rate_new(&world->site->rate), 0);
    a = arena_new();
    x = exchange_new(a, world->loop);
    *x = (struct exchange){.arena = a, .loop = world->loop, .status = 200, .reply = sb_init(a, 0),
                           .method = S("GET"), .path = cut.head, .query = cut.tail,
                           .db = world->db, .headers = headers,
                           .nheaders = user == ANON ? 2 : 3};
    headers[2].value = arena_printf(a, "kengesh-staff=%s", world->token[user]);
    sweep_resume();
    dispatch(x, world->site);
    sweep_pause();
    body = run_body(x);
    if (!io_whole->p)
        *io_whole = arena_str(world->a, body);
    else if (x->is_broken || x->reply.err || arena_is_short(a) || x->status >= 500)
        r = ERR_MEM; /* net answers 500 */
    else if (x->status == 401 || x->status == 403)
        r = ERR_MEM; /* the session was not found */
    else if (x->status != 200)
        r = ERR_STATE;
    else if (!str_eq(body, *io_whole))
        r = differs(body, *io_whole);
    if (x->shared && x->shared->release)
        x->shared->release(x->shared);
    arena_free(a);
    sweep_resume();
    return r;
}

/* A whole pack: when memory runs out there is none, never half of one. */
static int pack(str guide, str lang, size_t *io_size)
{
    struct pack_ask ask = {.guide = guide, .lang = lang, .sounds = lang.p ? 0 : 1,
                           .origin = S("http://localhost:8080"),
                           .now = (usec)1790000000 * USEC_S};
    struct sb b;
    int r;

    sweep_pause();
    if (!world)
        world = world_new();
    if (ask.sounds && !*io_size)
        world_sound(world, "tm-tr", "tk");
    sweep_resume();
    b = sb_init(NULL, 0);
    r = pack_write(world->db, &ask, zip_to_text, &b);
    if (r == 0 && !*io_size)
        *io_size = b.n;
    if (r == ERR_TOO_BIG && b.err)
        r = ERR_MEM; /* the text of the test could not grow */
    else if (r == 0 && b.n != *io_size)
        r = ERR_STATE;
    sb_done(&b);
    return r;
}

static int pack_zip_sweep(void)
{
    static size_t size;

    return pack(S("tm-tr"), (str){NULL, 0}, &size);
}

static int pack_book_sweep(void)
{
    static size_t size;

    return pack((str){NULL, 0}, S("en"), &size); /* its item has a picture */
}

/* A query keeps the page from being kept. */
#define PAGE(name, url, user)                                                                      \
    static int name##_sweep(void)                                                                  \
    {                                                                                              \
        static str whole;                                                                          \
        return page(url, user, &whole);                                                            \
    }

PAGE(home, "/ru?x", ANON)
PAGE(news, "/en/news/" DEMO_RECORD_SLUG "?x", ANON)
PAGE(seminar, "/tk/s/" DEMO_RECORD_SLUG "?x", ANON)
PAGE(feed, "/ru/feed.atom?x", ANON)
PAGE(feed_json, "/en/feed.json?x", ANON)
PAGE(ics, "/ru/s/" DEMO_LIVE_SLUG "/calendar.ics?x", ANON)
PAGE(kit, "/ru/kit/films?x", ANON)
PAGE(kit_zip, "/en/kit/films/kit.zip", ANON)
PAGE(kit_clip, "/en/kit/films/{film}/clip.mp4", ANON)
PAGE(desk_kit, "/desk/kits/films", EDITOR)
PAGE(guide, "/tk/guides/tm-tr?x", ANON)
PAGE(desk, "/desk", EVENT)
PAGE(desk_people, "/desk/s/" DEMO_LIVE_SLUG "/people", EVENT)

const struct sweep_row web_sweeps[] = {
    {"home", home_sweep}, {"news", news_sweep}, {"seminar", seminar_sweep},
    {"feed", feed_sweep}, {"feed_json", feed_json_sweep}, {"ics", ics_sweep},
    {"kit", kit_sweep}, {"kit_zip", kit_zip_sweep}, {"kit_clip", kit_clip_sweep},
    {"desk_kit", desk_kit_sweep}, {"desk", desk_sweep}, {"desk_people", desk_people_sweep},
    {"pack_zip", pack_zip_sweep}, {"pack_book", pack_book_sweep},
    {"guide", guide_sweep}, /* behind the packs: it can be heard */
};
const size_t nweb_sweeps = NELEM(web_sweeps);
