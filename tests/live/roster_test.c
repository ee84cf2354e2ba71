/*
 * Large rooms on thin lines: no message is long, no queue overflows, and in the end every page
 * knows everybody. 120 bytes are the longest name that a room shows: 60 letters of Cyrillic.
 */
#include "world.h"

#include <stdio.h>
#include <string.h>

enum { HOST = 1, EXPERT = 2, ANNA = 5, FIRST = 1000 };
enum { LONGEST = 16 << 10, THIN = 8000 /* bytes a second: 64 kbit/s */ };
enum { PAGE_SILENCE_S = 8 }; /* src/web/asset/js/control.js: SILENT_MS */

static void long_names(struct world *w)
{
    static char name[MAX_SHOWN_BYTES + 1];

    for (int i = 0; i < MAX_SHOWN_BYTES / 2; i++)
        memcpy(name + 2 * i, "Щ", 2);
    w->name = name;
}

static void live(struct world *w)
{
    world_enter(w, 0, HOST, ROLE_HOST);
    world_enter(w, 1, EXPERT, ROLE_SPEAKER);
    world_say(w, 0, "{\"type\":\"go_live\"}");
    world_pass(w, USEC_S);
}

static bool names(json_t *people, int64_t id)
{
    for (size_t i = 0; i < json_array_size(people); i++) {
        if (json_integer_value(json_object_get(json_array_get(people, i), "id")) == id)
            return true;
    }
    return false;
}

/* The page of wire i knows who is in the room, and nobody else. */
static void knows_all(struct world *w, int i)
{
    size_t n = 0;

    assert_true(w->wire[i].is_whole);
    for (const struct member *p = w->room->people; p; p = p->next, n++) {
        char key[24];
        json_t *known;

        (void)snprintf(key, sizeof key, "%lld", (long long)p->id);
        known = json_object_get(w->wire[i].people, key);
        assert_non_null(known);
        assert_string_equal(json_string_value(json_object_get(known, "name")), p->name);
        assert_int_equal(json_integer_value(json_object_get(known, "hand")), p->hand);
    }
    assert_int_equal(json_object_size(w->wire[i].people), n);
}

static void five_hundred_in_pieces(void **state)
{
    struct world *w = *state;
    json_t *welcome;

    live(w);
    long_names(w);
    world_crowd(w, FIRST, 500);
    world_say(w, 0, "{\"type\":\"stage\",\"person\":1400}");
    world_pass(w, USEC_S);
    world_enter(w, 2, ANNA, ROLE_PARTICIPANT);
    welcome = world_got(w, 2, "welcome");
    assert_false(json_is_true(json_object_get(welcome, "whole")));
    assert_true(json_array_size(json_object_get(welcome, "people")) < 40);
    /* who is needed to begin, although they came first, late and last */
    assert_true(names(json_object_get(welcome, "people"), HOST));
    assert_true(names(json_object_get(welcome, "people"), 1400));
    assert_true(names(json_object_get(welcome, "people"), ANNA));
    world_pass(w, USEC_S);
    knows_all(w, 2);
    knows_all(w, 0);
    assert_int_equal(json_object_size(w->wire[2].people), 503);
    assert_true(w->wire[2].longest < LONGEST);
    assert_true(w->wire[0].longest < LONGEST);
    assert_true(w->crowd.longest < LONGEST);
}

/* A small room is whole at once. */
static void ten_in_one_message(void **state)
{
    struct world *w = *state;

    live(w);
    world_crowd(w, FIRST, 7);
    world_pass(w, USEC_S);
    world_forget(w);
    world_enter(w, 2, ANNA, ROLE_PARTICIPANT);
    assert_string_equal(w->wire[2].all, "welcome ");
    knows_all(w, 2);
}

/* On a line of 64 kbit/s the page hears something before it takes the line for broken, and what
 * waits for it stays small, while others come, go and raise hands. */
static void a_thousand_on_a_thin_line(void **state)
{
    struct world *w = *state;
    usec quiet = 0;
    int seconds = 0;

    live(w);
    long_names(w);
    world_crowd(w, FIRST, 1000);
    world_pass(w, USEC_S);
    w->wire[2].bytes_per_s = THIN;
    world_enter(w, 2, ANNA, ROLE_PARTICIPANT);
    for (; !w->wire[2].is_whole && seconds < 600; seconds++) {
        unsigned before = w->wire[2].n;

        if (seconds < 20)
            world_crowd(w, FIRST + 1000 + seconds, 1);
        world_say(w, 1, seconds % 2 ? "{\"type\":\"hand\",\"up\":false}"
                                    : "{\"type\":\"hand\",\"up\":true}");
        world_pass(w, USEC_S);
        quiet = w->wire[2].n == before ? quiet + USEC_S : 0;
        assert_true(quiet + (usec)w->wire[2].longest * USEC_S / THIN < PAGE_SILENCE_S * USEC_S);
    }
    world_pass(w, 60 * USEC_S);
    knows_all(w, 2);
    assert_int_equal(json_object_size(w->wire[2].people), 1023);
    assert_true(w->wire[2].longest < LONGEST);
    assert_true(w->wire[2].most_waiting < 2 * LONGEST); /* never near MAX_WS_QUEUE */
    assert_true(seconds < 90); /* 1000 of 400 bytes are 50 s of this line */
}

/* All of a room come back within a moment, and one of them has a thin line. */
static void a_thousand_come_at_once(void **state)
{
    struct world *w = *state;

    live(w);
    long_names(w);
    w->wire[2].bytes_per_s = THIN;
    world_enter(w, 2, ANNA, ROLE_PARTICIPANT);
    for (int i = 0; i < 10; i++) {
        world_crowd(w, FIRST + 100 * i, 100);
        world_pass(w, 300 * USEC_MS);
    }
    assert_true(w->wire[2].most_waiting < 2 * LONGEST);
    world_pass(w, 90 * USEC_S);
    knows_all(w, 2);
    knows_all(w, 0);
}

/* 50 messages of 1,000 bytes do not fit into one message either. */
static void long_chats_in_pieces(void **state)
{
    struct world *w = *state;
    char text[MAX_CHAT_BYTES + 64];
    size_t n;

    live(w);
    for (int i = 0; i < MAX_CHAT_KEPT + 3; i++) {
        (void)snprintf(text, sizeof text, "{\"type\":\"chat\",\"text\":\"%d %0900d\"}", i + 1, 0);
        world_say(w, 1, text);
        world_pass(w, USEC_S);
    }
    world_enter(w, 2, ANNA, ROLE_PARTICIPANT);
    assert_true(json_array_size(json_object_get(world_got(w, 2, "welcome"), "chat")) > 0);
    world_say(w, 1, "{\"type\":\"chat\",\"text\":\"And now\"}");
    world_pass(w, USEC_S);
    assert_true(w->wire[2].is_whole);
    n = json_array_size(w->wire[2].chat);
    assert_int_equal(n, MAX_CHAT_KEPT + 1);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(json_integer_value(
                             json_object_get(json_array_get(w->wire[2].chat, i), "id")), i + 4);
    assert_true(w->wire[2].longest < LONGEST);
}

/* Whoever leaves and is back before it was told has not gone. */
static void back_within_a_moment(void **state)
{
    struct world *w = *state;

    live(w);
    world_enter(w, 2, ANNA, ROLE_PARTICIPANT);
    world_pass(w, USEC_S);
    world_say(w, 2, "{\"type\":\"leave\"}");
    world_enter(w, 2, ANNA, ROLE_PARTICIPANT);
    world_pass(w, USEC_S);
    knows_all(w, 0);
}

#define ROW(f) cmocka_unit_test_setup_teardown(f, world_new, world_free)

const struct CMUnitTest roster_tests[] = {
    ROW(five_hundred_in_pieces),    ROW(ten_in_one_message),   ROW(a_thousand_on_a_thin_line),
    ROW(a_thousand_come_at_once),   ROW(long_chats_in_pieces), ROW(back_within_a_moment),
};
const size_t nroster_tests = NELEM(roster_tests);
