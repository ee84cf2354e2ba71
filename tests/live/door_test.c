/*
 * Who is sent out, and what is left of somebody who is not here any more: the stage, a name in what
 * was said.
 */
#include "world.h"

#include "media/stats.h"

#include <stdio.h>
#include <string.h>

enum { HOST = 1, EXPERT = 2, ANNA = 5, BERDI = 6 };

static int64_t number(json_t *o, const char *key)
{
    return json_integer_value(json_object_get(o, key));
}

static void live(struct world *w)
{
    world_enter(w, 0, HOST, ROLE_HOST);
    world_enter(w, 1, EXPERT, ROLE_SPEAKER);
    world_enter(w, 2, ANNA, ROLE_PARTICIPANT);
    world_enter(w, 3, BERDI, ROLE_PARTICIPANT);
    world_say(w, 0, "{\"type\":\"go_live\"}");
    world_pass(w, USEC_S);
}

static void open_media(struct world *w, int i, enum sfu_role role)
{
    static char text[MAX_SDP_BYTES];
    struct session_offer asked = {.role = role};
    struct arena *a = arena_new();
    char path[512];
    FILE *f;
    str answer;

    (void)snprintf(path, sizeof path, "%s/tests/data/sdp/chromium_%s.sdp", ROOT,
                   role == SFU_UP ? "publish" : "listen");
    f = fopen(path, "rb");
    assert_non_null(f);
    asked.sdp = (str){text, fread(text, 1, sizeof text, f)};
    fclose(f);
    assert_int_equal(session_open(w->wire[i].client, &asked, w->now, a, &answer), 0);
    arena_free(a);
}

static unsigned peers(struct world *w)
{
    struct sfu_stats stats;

    sfu_stats(w->sfu, &stats);
    return stats.peers;
}

/* ---- sent out ---- */

/* The person's own page and the one of whoever found the link: both end, with all they had open. */
static void expelled_is_out_everywhere(void **state)
{
    struct world *w = *state;
    char token[64], more[128];

    live(w);
    world_enter(w, 8, EXPERT, ROLE_SPEAKER);
    world_come(w, 9, EXPERT, ROLE_SPEAKER); /* has not said hello yet */
    open_media(w, 1, SFU_UP);
    open_media(w, 8, SFU_DOWN);
    assert_int_equal(peers(w), 2);
    (void)snprintf(token, sizeof token, "%s", w->wire[1].client->token);
    (void)snprintf(more, sizeof more, ",\"resume\":\"%s\"", w->wire[1].client->resume);
    room_expel(w->room, EXPERT, (str){0}, w->now);
    assert_int_equal(w->wire[1].code, CLOSE_EXPELLED);
    assert_int_equal(w->wire[8].code, CLOSE_EXPELLED);
    assert_int_equal(w->wire[9].code, CLOSE_EXPELLED);
    assert_null(room_by_token(w->room, str_c(token)));
    assert_int_equal(peers(w), 0);
    assert_null(room_member(w->room, EXPERT));
    assert_int_equal(room_present(w->room), 3);
    /* what was on its way by the old link comes too late */
    assert_null(world_come(w, 9, EXPERT, ROLE_SPEAKER));
    assert_int_equal(w->wire[9].code, CLOSE_EXPELLED);
    assert_non_null(world_come(w, 10, 77, ROLE_PARTICIPANT));
    /* nobody is barred: the same person comes by the new link, and no old place is waiting */
    world_pass(w, ROOM_EXPEL_US);
    assert_non_null(world_come(w, 1, EXPERT, ROLE_SPEAKER));
    world_hello(w, 1, more);
    assert_string_not_equal(w->wire[1].client->token, token);
    assert_true(world_may(json_object_get(json_object_get(world_got(w, 1, "welcome"), "you"),
                                          "may"), "publish"));
}

static void a_place_that_is_kept_is_lost_too(void **state)
{
    struct world *w = *state;

    live(w);
    room_lost(w->wire[2].client, w->now);
    room_expel(w->room, ANNA, (str){0}, w->now);
    assert_null(room_member(w->room, ANNA));
}

/* ---- the stage ---- */

static void the_stage_waits_for_nobody(void **state)
{
    struct world *w = *state;

    live(w);
    world_say(w, 0, "{\"type\":\"stage\",\"person\":5}");
    room_lost(w->wire[2].client, w->now); /* a short break: the stage stays */
    world_pass(w, 55 * USEC_S);
    assert_int_equal(w->room->stage, ANNA);
    world_enter(w, 4, ANNA, ROLE_PARTICIPANT);
    world_pass(w, 10 * USEC_S);
    assert_int_equal(w->room->stage, ANNA);
    w->written[0] = 0;
    world_say(w, 4, "{\"type\":\"leave\"}");
    assert_int_equal(w->room->stage, 0);
    assert_int_equal(number(world_got(w, 3, "stage"), "person"), 0);
    assert_non_null(strstr(w->written, "stage 0 by 5\n"));
    /* and does not come back with the person */
    world_enter(w, 4, ANNA, ROLE_PARTICIPANT);
    assert_false(world_may(json_object_get(json_object_get(world_got(w, 4, "welcome"), "you"),
                                           "may"), "publish"));
}

static void the_stage_of_the_removed(void **state)
{
    struct world *w = *state;

    live(w);
    world_say(w, 0, "{\"type\":\"stage\",\"person\":5}");
    world_say(w, 0, "{\"type\":\"remove\",\"person\":5}");
    assert_int_equal(w->room->stage, 0);
    world_say(w, 0, "{\"type\":\"stage\",\"person\":2}");
    room_lost(w->wire[1].client, w->now);
    world_pass(w, ROOM_KEEP_US + 2 * ROOM_SLOW_US);
    assert_int_equal(w->room->stage, 0);
}

/* The server's good-bye is nobody's: the record keeps the stage for those who come back to it. */
static void a_restart_keeps_the_stage(void **state)
{
    struct world *w = *state;

    live(w);
    world_say(w, 0, "{\"type\":\"stage\",\"person\":5}");
    w->written[0] = 0;
    world_restart(w);
    assert_null(strstr(w->written, "stage"));
    world_come(w, 0, HOST, ROLE_HOST);
    w->room->state = SEMINAR_LIVE;
    w->room->stage = ANNA; /* as the record gives it */
    world_hello(w, 0, "");
    world_pass(w, ROOM_KEEP_US - USEC_S);
    assert_int_equal(w->room->stage, ANNA);
    world_pass(w, 3 * USEC_S);
    assert_int_equal(w->room->stage, 0);
}

/* ---- names ---- */

enum { LAWYER = 4 };

static void chat_as_anna(struct world *w)
{
    w->name = "Anna";
    world_come(w, LAWYER, ANNA + 10, ROLE_PARTICIPANT);
    w->name = NULL;
    world_hello(w, LAWYER, "");
    world_say(w, LAWYER, "{\"type\":\"chat\",\"text\":\"They came at night\"}");
    world_pass(w, USEC_S);
}

static void nobody_hears_of_anna(struct world *w)
{
    world_forget(w);
    for (int i = 0; i < WIRES; i++)
        w->wire[i].unheard = "Anna";
}

static const char *said_by(struct world *w, int i)
{
    return json_string_value(json_object_get(json_array_get(w->wire[i].chat, 0), "name"));
}

/* The organiser has made her protected; she comes again under her function. */
static void a_pseudonym_covers_what_was_said(void **state)
{
    struct world *w = *state;

    live(w);
    chat_as_anna(w);
    assert_string_equal(said_by(w, 3), "Anna");
    nobody_hears_of_anna(w);
    room_expel(w->room, ANNA + 10, S("Lawyer"), w->now);
    assert_string_equal(said_by(w, 3), "Lawyer"); /* on the pages that have it already */
    assert_string_equal(w->memory_chat[0].name, "Lawyer");
    world_enter(w, 5, 77, ROLE_PARTICIPANT); /* somebody who comes late */
    assert_string_equal(said_by(w, 5), "Lawyer");
    world_pass(w, ROOM_EXPEL_US);
    w->name = "Lawyer";
    world_enter(w, LAWYER, ANNA + 10, ROLE_PROTECTED);
    w->name = NULL;
    world_pass(w, USEC_S);
    assert_string_equal(said_by(w, LAWYER), "Lawyer");
    world_restart(w);
    world_enter(w, 6, HOST, ROLE_HOST);
    assert_string_equal(said_by(w, 6), "Lawyer");
}

/* The role came by a file of guests, and nobody told the room: it learns it at the door. */
static void a_protected_person_brings_the_pseudonym(void **state)
{
    struct world *w = *state;

    live(w);
    chat_as_anna(w);
    nobody_hears_of_anna(w);
    w->name = "Lawyer";
    world_enter(w, 8, ANNA + 10, ROLE_PROTECTED);
    w->name = NULL;
    world_pass(w, USEC_S);
    assert_string_equal(said_by(w, 3), "Lawyer");
    assert_string_equal(said_by(w, LAWYER), "Lawyer");
    assert_string_equal(w->memory_chat[0].name, "Lawyer");
}

/* As the record was told last. */
static int64_t hand_of(const struct world *w, int64_t person)
{
    for (size_t i = 0; i < w->memory.npersons; i++)
        if (w->memory_person[i].id == person)
            return w->memory_person[i].hand;
    return -1;
}

static void the_erased_are_forgotten(void **state)
{
    struct world *w = *state;
    size_t known;

    live(w);
    chat_as_anna(w);
    world_say(w, 0, "{\"type\":\"chat\",\"text\":\"Thank you\"}");
    world_say(w, LAWYER, "{\"type\":\"hand\",\"up\":true}");
    known = w->memory.nchats;
    nobody_hears_of_anna(w);
    assert_int_not_equal(hand_of(w, ANNA + 10), 0);
    room_forget(w->room, ANNA + 10, w->now);
    assert_int_equal(w->wire[LAWYER].code, CLOSE_EXPELLED);
    assert_int_equal(json_array_size(w->wire[3].chat), 1);
    assert_string_equal(said_by(w, 3), "Person 1");
    assert_int_equal(w->memory.nchats, known); /* nothing of it goes to the record again */
    assert_int_not_equal(hand_of(w, ANNA + 10), 0); /* nor does it hear of the hand */
    assert_string_equal(w->memory_chat[0].name, "Anna"); /* whose rows are gone already */
}

#define ROW(f) cmocka_unit_test_setup_teardown(f, world_new, world_free)

const struct CMUnitTest door_tests[] = {
    ROW(expelled_is_out_everywhere),
    ROW(a_place_that_is_kept_is_lost_too),
    ROW(the_stage_waits_for_nobody),
    ROW(the_stage_of_the_removed),
    ROW(a_restart_keeps_the_stage),
    ROW(a_pseudonym_covers_what_was_said),
    ROW(a_protected_person_brings_the_pseudonym),
    ROW(the_erased_are_forgotten),
};
const size_t ndoor_tests = NELEM(door_tests);
