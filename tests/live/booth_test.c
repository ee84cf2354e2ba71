/*
 * Interpretation: who is heard where (the numbers that the sfu is given), who has the microphone,
 * and what a restart leaves as it was. What A3 then carries is tests/sim/sim_test.c.
 */
#include "world.h"

#include "media/peer.h"

#include <stdio.h>
#include <string.h>

enum { HOST = 1, EXPERT = 2, ANNA = 5, MERET = 14, OGUL = 15 };
enum { RU = 2, TK = 3 }; /* places in the world's languages: en, ru, tk */

static str read_offer(const char *name)
{
    static char text[MAX_SDP_BYTES];
    char path[512];
    FILE *f;
    str s;

    (void)snprintf(path, sizeof path, "%s/tests/data/sdp/%s", ROOT, name);
    f = fopen(path, "rb");
    if (!f)
        fail_msg("cannot read %s", path);
    s = (str){text, fread(text, 1, sizeof text, f)};
    fclose(f);
    return s;
}

static void open_media(struct world *w, int i, enum sfu_role role)
{
    const struct session_offer asked = {
        .role = role,
        .sdp = read_offer(role == SFU_UP ? "chromium_publish.sdp" : "chromium_listen.sdp")};
    struct arena *a = arena_new();
    str answer;

    assert_int_equal(session_open(w->wire[i].client, &asked, w->now, a, &answer), 0);
    arena_free(a);
}

/* The channel that this person's voice goes to; what A3 of this person's page carries. */
static int says(struct world *w, int i)
{
    return w->wire[i].client->session[SFU_UP].peer->channel;
}

static int hears(struct world *w, int i)
{
    return w->wire[i].client->session[SFU_DOWN].peer->channel;
}

static json_t *channel(struct world *w, int i, const char *lang)
{
    json_t *list = json_object_get(world_got(w, i, "channels"), "channels");

    for (size_t k = 0; k < json_array_size(list); k++) {
        json_t *c = json_array_get(list, k);

        if (strcmp(json_string_value(json_object_get(c, "lang")), lang) == 0)
            return c;
    }
    fail_msg("no channel %s", lang);
    return NULL;
}

static int64_t number(json_t *o, const char *key)
{
    return json_integer_value(json_object_get(o, key));
}

static void refused_as(struct world *w, int i, const char *code)
{
    assert_string_equal(json_string_value(json_object_get(world_got(w, i, "error"), "code")), code);
}

static void start(struct world *w)
{
    world_enter(w, 0, HOST, ROLE_HOST);
    world_enter(w, 1, EXPERT, ROLE_SPEAKER);
    world_enter(w, 2, ANNA, ROLE_PARTICIPANT);
    world_enter(w, 3, MERET, ROLE_INTERPRETER);
    world_enter(w, 4, OGUL, ROLE_INTERPRETER);
    open_media(w, 1, SFU_UP);
    open_media(w, 3, SFU_UP);
    open_media(w, 4, SFU_UP);
    world_pass(w, USEC_S);
}

static void booths(struct world *w)
{
    start(w);
    world_say(w, 0, "{\"type\":\"go_live\"}");
    world_say(w, 3, "{\"type\":\"booth\",\"lang\":\"tk\"}");
    world_say(w, 4, "{\"type\":\"booth\",\"lang\":\"tk\"}");
    world_pass(w, USEC_S);
}

static void an_interpreter_is_not_on_the_floor(void **state)
{
    struct world *w = *state;

    start(w);
    assert_int_equal(says(w, 3), SFU_FLOOR); /* practice: they talk with each other */
    world_say(w, 0, "{\"type\":\"go_live\"}");
    assert_int_equal(says(w, 1), SFU_FLOOR);
    assert_int_equal(says(w, 3), SFU_NOWHERE);
    world_say(w, 3, "{\"type\":\"booth\",\"lang\":\"ru\"}");
    assert_int_equal(says(w, 3), RU);
    assert_string_equal(json_string_value(json_object_get(world_got(w, 3, "you"), "booth")), "ru");
    world_say(w, 3, "{\"type\":\"booth\",\"lang\":\"tk\"}");
    assert_int_equal(says(w, 3), TK);
    world_say(w, 0, "{\"type\":\"stage\",\"person\":14}");
    assert_int_equal(says(w, 3), SFU_FLOOR);
    world_say(w, 0, "{\"type\":\"stage\",\"person\":2}");
    assert_int_equal(says(w, 3), TK);
    world_say(w, 3, "{\"type\":\"booth\",\"lang\":\"uz\"}");
    refused_as(w, 3, "state");
    world_say(w, 2, "{\"type\":\"booth\",\"lang\":\"tk\"}");
    refused_as(w, 2, "denied");
}

static void a_listener_chooses(void **state)
{
    struct world *w = *state;

    booths(w);
    open_media(w, 2, SFU_DOWN);
    open_media(w, 0, SFU_DOWN);
    assert_int_equal(hears(w, 2), SFU_FLOOR);
    world_forget(w);
    world_say(w, 2, "{\"type\":\"channel\",\"lang\":\"tk\"}");
    assert_int_equal(hears(w, 2), TK);
    assert_int_equal(hears(w, 0), SFU_FLOOR);
    assert_string_equal(json_string_value(json_object_get(world_got(w, 2, "you"), "channel")),
                        "tk");
    assert_false(world_has(w, 0, "you"));
    world_say(w, 2, "{\"type\":\"channel\",\"lang\":\"\"}");
    assert_int_equal(hears(w, 2), SFU_FLOOR);
    world_say(w, 2, "{\"type\":\"channel\",\"lang\":\"de\"}");
    refused_as(w, 2, "state");
    assert_string_equal(w->written, ""); /* attendance and the rest of the record know nothing */
}

static void the_microphone_changes_hands(void **state)
{
    struct world *w = *state;

    booths(w);
    assert_int_equal(says(w, 3), TK);
    assert_int_equal(says(w, 4), SFU_NOWHERE);
    world_say(w, 4, "{\"type\":\"handover\",\"on\":true}"); /* nobody has asked */
    refused_as(w, 4, "state");
    world_say(w, 3, "{\"type\":\"handover\",\"on\":true}");
    world_pass(w, USEC_S);
    assert_int_equal(number(channel(w, 4, "tk"), "asked"), OGUL);
    assert_int_equal(number(channel(w, 4, "tk"), "ms"), 0);
    world_say(w, 4, "{\"type\":\"handover\",\"on\":true}");
    room_tick(w->room, w->now);
    assert_int_equal(number(channel(w, 3, "tk"), "ms"), ROOM_HANDOVER_US / USEC_MS);
    world_pass(w, ROOM_HANDOVER_US - USEC_MS);
    assert_int_equal(says(w, 3), TK);
    world_pass(w, 2 * USEC_MS);
    assert_int_equal(says(w, 3), SFU_NOWHERE);
    assert_int_equal(says(w, 4), TK);
    assert_int_equal(number(channel(w, 2, "tk"), "mic"), OGUL);
}

/* The partner said yes, and the line broke before the countdown was over. */
static void nobody_hands_over_to_who_is_away(void **state)
{
    struct world *w = *state;

    booths(w);
    world_say(w, 3, "{\"type\":\"handover\",\"on\":true}");
    world_say(w, 4, "{\"type\":\"handover\",\"on\":true}");
    room_lost(w->wire[4].client, w->now);
    world_pass(w, ROOM_HANDOVER_US + USEC_MS);
    assert_int_equal(says(w, 3), TK);
    assert_int_equal(number(channel(w, 3, "tk"), "mic"), MERET);
    assert_int_equal(number(channel(w, 3, "tk"), "asked"), 0);
    assert_int_equal(number(channel(w, 3, "tk"), "ms"), 0);
}

static void a_handover_is_called_off(void **state)
{
    struct world *w = *state;

    booths(w);
    world_say(w, 3, "{\"type\":\"handover\",\"on\":true}");
    world_say(w, 4, "{\"type\":\"handover\",\"on\":true}");
    world_say(w, 4, "{\"type\":\"handover\",\"on\":false}");
    world_pass(w, ROOM_HANDOVER_US * 2);
    assert_int_equal(says(w, 3), TK);
    assert_int_equal(number(channel(w, 3, "tk"), "asked"), 0);
}

static void the_partner_goes_on_alone(void **state)
{
    struct world *w = *state;

    booths(w);
    room_lost(w->wire[3].client, w->now);
    assert_int_equal(says(w, 4), SFU_NOWHERE); /* a short break is none */
    world_say(w, 4, "{\"type\":\"handover\",\"on\":true}");
    assert_int_equal(says(w, 4), TK);
    world_say(w, 4, "{\"type\":\"leave\"}");
    world_pass(w, ROOM_KEEP_US + ROOM_SLOW_US);
    assert_int_equal(number(channel(w, 2, "tk"), "mic"), 0);
    assert_int_equal(json_array_size(json_object_get(channel(w, 2, "tk"), "booth")), 0);
}

/* A line that was away for longer than the place is kept: the way back leads into the booth. */
static void the_booth_is_kept(void **state)
{
    struct world *w = *state;

    booths(w);
    world_say(w, 4, "{\"type\":\"leave\"}");
    room_lost(w->wire[3].client, w->now);
    world_pass(w, ROOM_KEEP_US + 2 * ROOM_SLOW_US);
    assert_null(room_member(w->room, MERET));
    assert_int_equal(number(channel(w, 2, "tk"), "mic"), 0);
    world_enter(w, 3, MERET, ROLE_INTERPRETER);
    open_media(w, 3, SFU_UP);
    world_pass(w, USEC_S);
    assert_int_equal(number(channel(w, 2, "tk"), "mic"), MERET);
    assert_int_equal(says(w, 3), TK);
    /* the partner took it meanwhile: one is back as a partner */
    world_enter(w, 4, OGUL, ROLE_INTERPRETER);
    room_lost(w->wire[3].client, w->now);
    world_pass(w, ROOM_KEEP_US + 2 * ROOM_SLOW_US);
    world_enter(w, 3, MERET, ROLE_INTERPRETER);
    open_media(w, 3, SFU_UP);
    world_pass(w, USEC_S);
    assert_int_equal(number(channel(w, 2, "tk"), "mic"), OGUL);
    assert_int_equal(says(w, 3), SFU_NOWHERE);
    assert_int_equal(room_member(w->room, MERET)->booth, TK);
    /* left on purpose: it is not kept */
    world_say(w, 3, "{\"type\":\"booth\",\"lang\":\"\"}");
    world_say(w, 3, "{\"type\":\"leave\"}");
    world_enter(w, 3, MERET, ROLE_INTERPRETER);
    assert_int_equal(room_member(w->room, MERET)->booth, 0);
}

static void who_depends_on_whom(void **state)
{
    struct world *w = *state;

    booths(w);
    world_say(w, 4, "{\"type\":\"booth\",\"lang\":\"ru\"}");
    world_say(w, 4, "{\"type\":\"channel\",\"lang\":\"tk\"}");
    world_pass(w, USEC_S);
    assert_string_equal(json_string_value(json_object_get(channel(w, 0, "ru"), "from")), "tk");
    assert_string_equal(json_string_value(json_object_get(channel(w, 0, "tk"), "from")), "");
}

static void signals_reach_who_speaks(void **state)
{
    struct world *w = *state;

    booths(w);
    world_say(w, 0, "{\"type\":\"stage\",\"person\":2}");
    world_forget(w);
    world_say(w, 3, "{\"type\":\"signal\",\"what\":\"fast\"}");
    assert_true(world_has(w, 0, "signal"));
    assert_true(world_has(w, 1, "signal"));
    assert_false(world_has(w, 2, "signal"));
    assert_false(world_has(w, 4, "signal"));
    world_say(w, 4, "{\"type\":\"signal\",\"what\":\"fast\"}");
    refused_as(w, 4, "busy");
    world_say(w, 4, "{\"type\":\"signal\",\"what\":\"mic\"}");
    assert_string_equal(json_string_value(json_object_get(world_got(w, 1, "signal"), "what")),
                        "mic");
    world_say(w, 1, "{\"type\":\"signal\",\"what\":\"fast\"}");
    refused_as(w, 1, "denied");
}

static void a_restart_keeps_channels(void **state)
{
    struct world *w = *state;

    booths(w);
    world_say(w, 2, "{\"type\":\"channel\",\"lang\":\"tk\"}");
    world_say(w, 4, "{\"type\":\"channel\",\"lang\":\"ru\"}");
    world_restart(w);
    world_enter(w, 4, OGUL, ROLE_INTERPRETER); /* first: the microphone stays the other's */
    w->room->state = SEMINAR_LIVE;
    world_enter(w, 3, MERET, ROLE_INTERPRETER);
    world_enter(w, 2, ANNA, ROLE_PARTICIPANT);
    open_media(w, 2, SFU_DOWN);
    open_media(w, 3, SFU_UP);
    open_media(w, 4, SFU_UP);
    assert_int_equal(hears(w, 2), TK);
    assert_int_equal(says(w, 3), TK);
    assert_int_equal(says(w, 4), SFU_NOWHERE);
    world_pass(w, USEC_S);
    assert_int_equal(number(channel(w, 2, "tk"), "mic"), MERET);
    assert_string_equal(json_string_value(json_object_get(
                            json_object_get(world_got(w, 2, "welcome"), "you"), "channel")),
                        "tk");
}

static bool is_kept_on_mic(const struct world *w, int64_t person)
{
    for (size_t i = 0; i < w->memory.npersons; i++) {
        if (w->memory_person[i].id == person)
            return w->memory_person[i].is_on_mic;
    }
    fail_msg("nothing is kept of person %lld", (long long)person);
    return false;
}

/* The server restarts, the partner is back in the booth, and who had its microphone is not. */
static void restart_without_meret(struct world *w)
{
    booths(w);
    world_restart(w);
    world_enter(w, 4, OGUL, ROLE_INTERPRETER);
    w->room->state = SEMINAR_LIVE;
    open_media(w, 4, SFU_UP);
    world_pass(w, USEC_S);
    assert_int_equal(says(w, 4), SFU_NOWHERE);
    assert_true(is_kept_on_mic(w, MERET));
}

static void a_restart_keeps_no_microphone_for_ever(void **state)
{
    struct world *w = *state;

    restart_without_meret(w);
    world_pass(w, ROOM_KEEP_US - 2 * USEC_S);
    assert_int_equal(says(w, 4), SFU_NOWHERE);
    world_pass(w, 2 * USEC_S);
    assert_int_equal(says(w, 4), TK);
    assert_int_equal(number(channel(w, 4, "tk"), "mic"), OGUL);
    assert_true(is_kept_on_mic(w, OGUL));
    assert_false(is_kept_on_mic(w, MERET));
    world_enter(w, 3, MERET, ROLE_INTERPRETER);
    world_pass(w, USEC_S);
    assert_int_equal(number(channel(w, 4, "tk"), "mic"), OGUL);
}

static void another_role_keeps_no_microphone(void **state)
{
    struct world *w = *state;

    restart_without_meret(w);
    world_enter(w, 3, MERET, ROLE_SPEAKER);
    open_media(w, 3, SFU_UP);
    world_pass(w, ROOM_KEEP_US);
    assert_int_equal(number(channel(w, 4, "tk"), "mic"), OGUL);
    assert_int_equal(says(w, 4), TK);
    assert_int_equal(says(w, 3), SFU_FLOOR);
    assert_false(is_kept_on_mic(w, MERET));
}

/* … and the partner need not wait for that. */
static void the_partner_of_another_role_takes_it(void **state)
{
    struct world *w = *state;

    restart_without_meret(w);
    world_enter(w, 3, MERET, ROLE_SPEAKER);
    world_say(w, 4, "{\"type\":\"handover\",\"on\":true}");
    assert_int_equal(says(w, 4), TK);
}

#define ROW(name) cmocka_unit_test_setup_teardown(name, world_new, world_free)

const struct CMUnitTest booth_tests[] = {
    ROW(an_interpreter_is_not_on_the_floor), ROW(a_listener_chooses),
    ROW(the_microphone_changes_hands),       ROW(a_handover_is_called_off),
    ROW(the_partner_goes_on_alone),          ROW(who_depends_on_whom),
    ROW(signals_reach_who_speaks),           ROW(a_restart_keeps_channels),
    ROW(the_booth_is_kept),                  ROW(nobody_hands_over_to_who_is_away),
    ROW(a_restart_keeps_no_microphone_for_ever),
    ROW(another_role_keeps_no_microphone),   ROW(the_partner_of_another_role_takes_it),
};
const size_t nbooth_tests = NELEM(booth_tests);
