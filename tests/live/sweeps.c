/*
 * A seminar on the air, with each allocation failing in turn: see tests/sweep/sweep.h. Whoever
 * cannot be served is told so or shut out; the room goes on, and no message goes out by half.
 */
#include "world.h"

#include "live/control.h"

#include <stdio.h>
#include <string.h>

enum { HOST = 1, EXPERT = 2, ANNA = 5, BERDI = 6, MERET = 14 };

static struct world *world;

static void begin(void)
{
    void *state = NULL;

    sweep_pause();
    assert_int_equal(world_new(&state), 0);
    world = state;
    sweep_resume();
}

static void end(void)
{
    void *state = world;

    sweep_pause();
    (void)world_free(&state);
    sweep_resume();
}

static int come(int i, int64_t person, int role)
{
    static const str langs[] = {{"en", 2}, {"ru", 2}, {"tk", 2}};
    struct wire *wire = &world->wire[i];
    const struct room_who who = {.seminar_id = 3,
                                 .person_id = person,
                                 .slug = S("media-2026"),
                                 .name = S("Person"),
                                 .organisation = S("Example Org"),
                                 .role = role,
                                 .state = SEMINAR_PLANNED,
                                 .lang = langs,
                                 .nlangs = NELEM(langs)};
    int r = world->room ? 0 : room_new(&world->env, &who, world->now, &world->room);

    if (r == 0)
        r = room_join(world->room, &who, wire, world->now, &wire->client);
    if (r == 0)
        world_hello(world, i, "");
    return r == 0 && !wire->client ? ERR_MEM : r; /* shut out at its greeting */
}

struct said {
    int wire;
    const char *text;
};

/* Every message of docs/protocol.md, "From the page", that a page may send here. */
static const struct said lines[] = {
    {0, "{\"type\":\"go_live\"}"},
    {2, "{\"type\":\"ping\",\"at\":7}"},
    {2, "{\"type\":\"hand\",\"up\":true}"},
    {3, "{\"type\":\"hand\",\"up\":true}"},
    {2, "{\"type\":\"chat\",\"text\":\"\\u044f <b>\"}"},
    {0, "{\"type\":\"stage\",\"person\":5}"},
    {2, "{\"type\":\"media\",\"mic\":true,\"camera\":true}"},
    {3, "{\"type\":\"want\",\"video\":{\"V0\":360}}"},
    {3, "{\"type\":\"stats\",\"loss\":9,\"rtt\":80,\"kbps\":300}"},
    {0, "{\"type\":\"lower\",\"person\":6}"},
    {0, "{\"type\":\"mute\",\"person\":5,\"on\":true}"},
    {1, "{\"type\":\"slide\",\"deck\":7,\"number\":2}"},
    {4, "{\"type\":\"booth\",\"lang\":\"ru\"}"},
    {4, "{\"type\":\"signal\",\"what\":\"fast\"}"},
    {2, "{\"type\":\"channel\",\"lang\":\"ru\"}"},
    {4, "{\"type\":\"handover\",\"on\":true}"},
    {0, "{\"type\":\"lock\",\"on\":true}"},
    {3, "{\"type\":\"nonsense\"}"},
    {3, "{\"type\":\"leave\"}"},
    {0, "{\"type\":\"remove\",\"person\":5}"},
    {0, "{\"type\":\"end\"}"},
};

static void talk(void)
{
    static const struct room_deck deck = {7, 12, "talk.pdf"};

    room_decks_set(world->room, &deck, 1);
    for (size_t i = 0; i < NELEM(lines); i++) {
        if (world->wire[lines[i].wire].client)
            world_say(world, lines[i].wire, lines[i].text);
        world_pass(world, USEC_S);
    }
}

/* Without a fault the whole of it has happened; a sweep tells that by the first round. */
static int room_sweep(void)
{
    static const int64_t persons[] = {HOST, EXPERT, ANNA, BERDI, MERET};
    static const int roles[] = {ROLE_HOST, ROLE_SPEAKER, ROLE_PARTICIPANT, ROLE_PARTICIPANT,
                                ROLE_INTERPRETER};
    int r = 0;

    begin();
    for (int i = 0; i < (int)NELEM(roles) && r == 0; i++)
        r = come(i, persons[i], roles[i]);
    if (world->room)
        talk();
    if (r == 0 && (!strstr(world->written, "stage 5 by 1") || !strstr(world->written, "lock 1") ||
                   !strstr(world->written, "state ended by 1")))
        r = ERR_MEM;
    end();
    return r;
}

static str read_offer(const char *name)
{
    static char text[MAX_SDP_BYTES];
    char path[512];
    FILE *f;
    str s;

    (void)snprintf(path, sizeof path, "%s/tests/data/sdp/%s", ROOT, name);
    f = fopen(path, "rb");
    assert_non_null(f);
    s = (str){text, fread(text, 1, sizeof text, f)};
    fclose(f);
    return s;
}

/* A page that publishes and one that listens; both leave. */
static int media_sweep(void)
{
    struct session_offer up = {.role = SFU_UP}, down = {.role = SFU_DOWN};
    struct arena *a = NULL;
    str answer;
    int r;

    begin();
    r = come(0, HOST, ROLE_HOST);
    a = r == 0 ? arena_new() : NULL;
    if (r == 0 && !a)
        r = ERR_MEM;
    sweep_pause();
    up.sdp = read_offer("chromium_publish.sdp");
    sweep_resume();
    if (r == 0)
        r = session_open(world->wire[0].client, &up, world->now, a, &answer);
    sweep_pause();
    down.sdp = read_offer("chromium_listen.sdp");
    sweep_resume();
    if (r == 0)
        r = session_open(world->wire[0].client, &down, world->now, a, &answer);
    if (world->room)
        world_pass(world, USEC_S);
    arena_free(a);
    end();
    return r;
}

static int control_sweep(void)
{
    struct arena *a = arena_new();
    struct control c;
    int r = a ? 0 : ERR_MEM;

    for (size_t i = 0; i < NELEM(lines) && r == 0; i++) {
        r = control_parse(a, str_c(lines[i].text), NULL, &c);
        if (r == ERR_SYNTAX && strstr(lines[i].text, "nonsense"))
            r = 0;
    }
    arena_free(a);
    return r;
}

const struct sweep_row live_sweeps[] = {
    {"control", control_sweep},
    {"room", room_sweep},
    {"media", media_sweep},
};
const size_t nlive_sweeps = NELEM(live_sweeps);
