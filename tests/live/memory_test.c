/*
 * Slides, the lock, and what a restart of the server leaves as it was.
 */
#include "world.h"

#include <stdio.h>
#include <string.h>

enum { HOST = 1, EXPERT = 2, ANNA = 5, BERDI = 6, STRANGER = 9 };

static int64_t number(json_t *o, const char *key)
{
    return json_integer_value(json_object_get(o, key));
}

static json_t *part(struct world *w, int i, const char *key)
{
    return json_object_get(world_got(w, i, "welcome"), key);
}

static void refused_as(struct world *w, int i, const char *code)
{
    assert_string_equal(json_string_value(json_object_get(world_got(w, i, "error"), "code")), code);
}

static void decks(struct world *w)
{
    static const struct room_deck two[] = {{7, 12, "talk.pdf"}, {8, 3, "law.pdf"}};

    room_decks_set(w->room, two, NELEM(two));
}

static void live(struct world *w)
{
    world_enter(w, 0, HOST, ROLE_HOST);
    world_enter(w, 1, EXPERT, ROLE_SPEAKER);
    world_enter(w, 2, ANNA, ROLE_PARTICIPANT);
    world_enter(w, 3, BERDI, ROLE_PARTICIPANT);
    decks(w);
    world_say(w, 0, "{\"type\":\"go_live\"}");
    world_pass(w, USEC_S);
    world_forget(w);
}

/* The state that the record would give back: live. */
static void again(struct world *w, int i, int64_t person, int role, const char *more)
{
    bool is_first = w->room == NULL;

    world_come(w, i, person, role);
    if (is_first)
        w->room->state = SEMINAR_LIVE;
    world_hello(w, i, more);
}

static void one_message_moves_everybody(void **state)
{
    struct world *w = *state;

    live(w);
    world_say(w, 1, "{\"type\":\"slide\",\"deck\":7,\"number\":1}");
    for (int i = 0; i < 4; i++) {
        assert_string_equal(w->wire[i].all, "slide ");
        assert_int_equal(number(world_got(w, i, "slide"), "deck"), 7);
        assert_int_equal(number(world_got(w, i, "slide"), "number"), 1);
        assert_int_equal(number(world_got(w, i, "slide"), "person"), EXPERT);
    }
    world_say(w, 1, "{\"type\":\"slide\",\"deck\":7,\"number\":1}"); /* nothing new, nothing said */
    assert_int_equal(strlen(w->wire[2].all), strlen("slide "));
    world_say(w, 0, "{\"type\":\"slide\",\"deck\":7,\"number\":12}");
    world_enter(w, 4, STRANGER, ROLE_OBSERVER);
    assert_int_equal(number(part(w, 4, "slide"), "number"), 12);
    assert_int_equal(json_array_size(part(w, 4, "decks")), 2);
    assert_string_equal(w->written + strlen("slide 7/1\n"), "slide 7/12\njoined 9\n");
}

static void who_may_show(void **state)
{
    struct world *w = *state;

    live(w);
    world_say(w, 2, "{\"type\":\"slide\",\"deck\":7,\"number\":2}");
    refused_as(w, 2, "denied");
    world_say(w, 1, "{\"type\":\"slide\",\"deck\":7,\"number\":13}");
    refused_as(w, 1, "state");
    world_say(w, 1, "{\"type\":\"slide\",\"deck\":99,\"number\":1}");
    refused_as(w, 1, "state");
    world_say(w, 1, "{\"type\":\"slide\",\"deck\":7,\"number\":0}");
    refused_as(w, 1, "state");
    world_say(w, 0, "{\"type\":\"stage\",\"person\":5}");
    assert_true(world_may(json_object_get(world_got(w, 2, "you"), "may"), "slides"));
    world_say(w, 2, "{\"type\":\"slide\",\"deck\":8,\"number\":3}");
    assert_int_equal(number(world_got(w, 3, "slide"), "person"), ANNA);
    world_say(w, 2, "{\"type\":\"slide\",\"deck\":0,\"number\":5}");
    assert_int_equal(number(world_got(w, 3, "slide"), "number"), 0);
}

/* In practice the wall is the backstage's alone. */
static void practice_shows_nothing_outside(void **state)
{
    struct world *w = *state;

    world_enter(w, 0, HOST, ROLE_HOST);
    world_enter(w, 2, ANNA, ROLE_PARTICIPANT);
    decks(w);
    world_say(w, 0, "{\"type\":\"slide\",\"deck\":7,\"number\":4}");
    assert_string_equal(w->wire[2].all, "welcome ");
    world_enter(w, 3, BERDI, ROLE_PARTICIPANT);
    assert_int_equal(number(part(w, 3, "slide"), "number"), 0);
    world_say(w, 0, "{\"type\":\"go_live\"}");
    assert_int_equal(number(part(w, 2, "slide"), "number"), 4);
}

static void a_removed_deck_is_taken_down(void **state)
{
    struct world *w = *state;

    live(w);
    world_say(w, 1, "{\"type\":\"slide\",\"deck\":7,\"number\":3}");
    room_decks_set(w->room, &(struct room_deck){8, 3, "law.pdf"}, 1);
    assert_int_equal(json_array_size(json_object_get(world_got(w, 2, "decks"), "decks")), 1);
    assert_int_equal(number(world_got(w, 2, "slide"), "deck"), 0);
}

static void a_locked_door(void **state)
{
    struct world *w = *state;

    live(w);
    world_say(w, 2, "{\"type\":\"lock\",\"on\":true}");
    refused_as(w, 2, "denied");
    world_say(w, 0, "{\"type\":\"lock\",\"on\":true}");
    assert_true(json_is_true(json_object_get(world_got(w, 3, "lock"), "on")));
    assert_null(world_come(w, 4, STRANGER, ROLE_PARTICIPANT));
    assert_int_equal(w->wire[4].code, CLOSE_LOCKED);
    /* who was inside comes back, also after having left; a host always comes in */
    world_say(w, 3, "{\"type\":\"leave\"}");
    assert_non_null(world_come(w, 5, BERDI, ROLE_PARTICIPANT));
    assert_non_null(world_come(w, 6, 77, ROLE_COHOST));
    world_say(w, 0, "{\"type\":\"lock\",\"on\":false}");
    assert_non_null(world_come(w, 4, STRANGER, ROLE_PARTICIPANT));
}

static void a_restart_forgets_nothing(void **state)
{
    struct world *w = *state;
    char more[128];

    live(w);
    (void)snprintf(more, sizeof more, ",\"resume\":\"%s\"", w->wire[2].client->resume);
    world_say(w, 0, "{\"type\":\"chat\",\"text\":\"Good morning\"}");
    world_say(w, 3, "{\"type\":\"hand\",\"up\":true}");
    world_say(w, 2, "{\"type\":\"hand\",\"up\":true}");
    world_say(w, 0, "{\"type\":\"mute\",\"person\":2,\"on\":true}");
    world_enter(w, 4, STRANGER, ROLE_PARTICIPANT);
    world_say(w, 0, "{\"type\":\"remove\",\"person\":9}");
    world_say(w, 1, "{\"type\":\"slide\",\"deck\":7,\"number\":5}");
    world_say(w, 0, "{\"type\":\"lock\",\"on\":true}");
    w->memory.deck = 7;
    w->memory.slide = 5;
    w->memory.is_locked = true;
    world_restart(w);
    world_forget(w);

    /* places in the order of hands: those who are back */
    again(w, 2, ANNA, ROLE_PARTICIPANT, more);
    assert_int_equal(number(part(w, 2, "slide"), "number"), 5);
    assert_true(json_is_true(part(w, 2, "locked")));
    assert_int_equal(json_array_size(part(w, 2, "chat")), 1);
    assert_true(json_is_true(json_object_get(part(w, 2, "you"), "resumed")));
    assert_int_equal(json_array_size(json_object_get(part(w, 2, "you"), "media")), 0);
    assert_int_equal(number(json_array_get(part(w, 2, "people"), 0), "hand"), 2);
    again(w, 3, BERDI, ROLE_PARTICIPANT, "");
    assert_false(json_is_true(json_object_get(part(w, 3, "you"), "resumed")));
    assert_int_equal(number(json_array_get(part(w, 3, "people"), 0), "hand"), 2);
    assert_int_equal(number(json_array_get(part(w, 3, "people"), 1), "hand"), 1);
    assert_null(world_come(w, 4, STRANGER, ROLE_PARTICIPANT));
    assert_int_equal(w->wire[4].code, CLOSE_REMOVED);
    assert_null(world_come(w, 5, 10, ROLE_PARTICIPANT));
    assert_int_equal(w->wire[5].code, CLOSE_LOCKED);
    again(w, 1, EXPERT, ROLE_SPEAKER, "");
    assert_true(w->wire[1].client->person->is_muted);
    /* a message that comes next follows the numbers of before */
    again(w, 0, HOST, ROLE_HOST, "");
    world_say(w, 0, "{\"type\":\"chat\",\"text\":\"We are back\"}");
    assert_int_equal(number(world_got(w, 2, "chat"), "id"), 2);
    /* somebody else's token is no place of theirs */
    world_forget(w);
    again(w, 7, BERDI, ROLE_PARTICIPANT, more);
    assert_false(json_is_true(json_object_get(part(w, 7, "you"), "resumed")));
}

static int64_t kept_hand(const struct world *w, int64_t person)
{
    for (size_t i = 0; i < w->memory.npersons; i++) {
        if (w->memory_person[i].id == person)
            return w->memory_person[i].hand;
    }
    fail_msg("nothing is kept of person %lld", (long long)person);
    return 0;
}

/* Neither in the room nor for the restart after it: somebody would be called who is not there. */
static void who_stays_away_loses_hand_and_stage(void **state)
{
    struct world *w = *state;

    live(w);
    world_say(w, 3, "{\"type\":\"hand\",\"up\":true}");
    world_say(w, 2, "{\"type\":\"hand\",\"up\":true}");
    world_restart(w);
    world_forget(w);
    again(w, 0, HOST, ROLE_HOST, "");
    again(w, 2, ANNA, ROLE_OBSERVER, "");
    assert_int_equal(number(json_array_get(part(w, 2, "people"), 0), "hand"), 0);
    world_pass(w, ROOM_KEEP_US - USEC_S);
    assert_int_equal(kept_hand(w, BERDI), 1);
    world_pass(w, 2 * USEC_S);
    assert_int_equal(kept_hand(w, BERDI), 0);
    assert_int_equal(kept_hand(w, ANNA), 0);
    again(w, 3, BERDI, ROLE_PARTICIPANT, "");
    assert_int_equal(room_member(w->room, BERDI)->hand, 0);
    world_say(w, 3, "{\"type\":\"hand\",\"up\":true}");
    world_pass(w, 2 * ROOM_KEEP_US);
    assert_int_equal(kept_hand(w, BERDI), 3); /* of this room: nothing takes it */
}

/* The stage is nobody's whose role has no voice. */
static void another_role_loses_the_stage(void **state)
{
    struct world *w = *state;

    live(w);
    world_restart(w);
    world_come(w, 0, HOST, ROLE_HOST);
    w->room->state = SEMINAR_LIVE;
    w->room->stage = ANNA; /* as recorded */
    world_hello(w, 0, "");
    again(w, 2, ANNA, ROLE_OBSERVER, "");
    world_pass(w, ROOM_KEEP_US + ROOM_SLOW_US);
    assert_int_equal(number(world_got(w, 0, "stage"), "person"), 0);
}

const struct CMUnitTest memory_tests[] = {
    cmocka_unit_test_setup_teardown(one_message_moves_everybody, world_new, world_free),
    cmocka_unit_test_setup_teardown(who_may_show, world_new, world_free),
    cmocka_unit_test_setup_teardown(practice_shows_nothing_outside, world_new, world_free),
    cmocka_unit_test_setup_teardown(a_removed_deck_is_taken_down, world_new, world_free),
    cmocka_unit_test_setup_teardown(a_locked_door, world_new, world_free),
    cmocka_unit_test_setup_teardown(a_restart_forgets_nothing, world_new, world_free),
    cmocka_unit_test_setup_teardown(who_stays_away_loses_hand_and_stage, world_new, world_free),
    cmocka_unit_test_setup_teardown(another_role_loses_the_stage, world_new, world_free),
};
const size_t nmemory_tests = NELEM(memory_tests);
