#include "world.h"

#include <stdio.h>
#include <string.h>

enum { HOST = 1, EXPERT = 2, ANNA = 5, BERDI = 6, OBSERVER = 7, INTERPRETER = 14 };

static int64_t number(json_t *o, const char *key)
{
    return json_integer_value(json_object_get(o, key));
}

static json_t *you(struct world *w, int i)
{
    return json_object_get(world_got(w, i, "welcome"), "you");
}

static bool person_is(struct world *w, int i, int64_t person, const char *key, int64_t wanted)
{
    json_t *put = json_object_get(world_got(w, i, "roster"), "put");

    for (size_t k = 0; k < json_array_size(put); k++) {
        json_t *p = json_array_get(put, k);

        if (number(p, "id") == person)
            return json_is_boolean(json_object_get(p, key))
                       ? json_is_true(json_object_get(p, key)) == (wanted != 0)
                       : number(p, key) == wanted;
    }
    return false;
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
    world_enter(w, 3, BERDI, ROLE_PARTICIPANT);
    world_pass(w, USEC_S);
}

static void live(struct world *w)
{
    start(w);
    world_say(w, 0, "{\"type\":\"go_live\"}");
    world_pass(w, USEC_S);
}

static void practice_is_closed(void **state)
{
    struct world *w = *state;
    json_t *channel;
    size_t i;

    start(w);
    assert_true(json_is_true(json_object_get(you(w, 2), "waiting")));
    assert_int_equal(json_array_size(json_object_get(you(w, 2), "may")), 0);
    assert_int_equal(json_array_size(json_object_get(world_got(w, 2, "welcome"), "people")), 0);
    room_decks_set(w->room, &(struct room_deck){8, 3, "law.pdf"}, 1);
    world_enter(w, 4, INTERPRETER, ROLE_INTERPRETER);
    world_say(w, 4, "{\"type\":\"booth\",\"lang\":\"tk\"}");
    world_enter(w, 5, ANNA, ROLE_PARTICIPANT);
    assert_int_equal(json_array_size(json_object_get(world_got(w, 5, "welcome"), "decks")), 0);
    json_array_foreach(json_object_get(world_got(w, 5, "welcome"), "channels"), i, channel)
    {
        assert_int_equal(json_array_size(json_object_get(channel, "booth")), 0);
        assert_int_equal(json_integer_value(json_object_get(channel, "mic")), 0);
    }
    world_say(w, 0, "{\"type\":\"chat\",\"text\":\"only us\"}");
    world_say(w, 0, "{\"type\":\"stage\",\"person\":2}");
    world_pass(w, 5 * USEC_S);
    assert_string_equal(w->wire[2].all, "welcome ");
    assert_true(world_has(w, 1, "chat"));
    world_say(w, 2, "{\"type\":\"hand\",\"up\":true}");
    refused_as(w, 2, "denied");
    world_say(w, 2, "{\"type\":\"chat\",\"text\":\"hello\"}");
    refused_as(w, 2, "denied");
}

static void going_live_lets_all_in(void **state)
{
    struct world *w = *state;

    start(w);
    world_say(w, 0, "{\"type\":\"chat\",\"text\":\"only us\"}");
    assert_true(world_has(w, 1, "chat"));
    w->wire[2].unheard = "only us";
    world_say(w, 0, "{\"type\":\"go_live\"}");
    world_pass(w, USEC_S);
    assert_false(json_is_true(json_object_get(you(w, 2), "waiting")));
    assert_true(world_may(json_object_get(you(w, 2), "may"), "listen"));
    assert_false(world_may(json_object_get(you(w, 2), "may"), "publish"));
    assert_int_equal(json_array_size(json_object_get(world_got(w, 2, "welcome"), "people")), 4);
    assert_string_equal(json_string_value(json_object_get(world_got(w, 1, "state"), "state")),
                        "live");
    world_say(w, 0, "{\"type\":\"go_live\"}");
    refused_as(w, 0, "state");
    world_say(w, 0, "{\"type\":\"chat\",\"text\":\"welcome all\"}");
    assert_true(world_has(w, 2, "chat"));
    w->wire[7].unheard = "only us";
    world_enter(w, 7, ANNA, ROLE_PARTICIPANT);
    assert_int_equal(json_array_size(json_object_get(world_got(w, 7, "welcome"), "chat")), 1);
}

static void a_rehearsal_does_not_end_the_seminar(void **state)
{
    struct world *w = *state;

    start(w);
    world_say(w, 0, "{\"type\":\"end\"}");
    refused_as(w, 0, "state");
    assert_false(world_has(w, 2, "state"));
    assert_null(strstr(w->written, "closed"));
    world_say(w, 0, "{\"type\":\"go_live\"}");
    assert_false(json_is_true(json_object_get(you(w, 2), "waiting")));
}

static void the_record_is_told(void **state)
{
    struct world *w = *state;

    live(w);
    world_say(w, 0, "{\"type\":\"stage\",\"person\":2}");
    world_say(w, 0, "{\"type\":\"end\"}");
    assert_string_equal(
        w->written, "joined 1\nstate practice by 1\njoined 2\njoined 5\njoined 6\nstate live by 1\n"
                    "stage 2 by 1\nstate ended by 1\nleft 3\nleft 2\nleft 1\nleft 0\nclosed\n");
}

static void seen_every_15_s(void **state)
{
    struct world *w = *state;

    start(w);
    world_pass(w, 13 * USEC_S);
    assert_int_equal(w->nseen, 0);
    world_pass(w, 2 * USEC_S);
    assert_int_equal(w->nseen, 4);
    room_lost(w->wire[3].client, w->now);
    world_pass(w, 15 * USEC_S);
    assert_int_equal(w->nseen, 7);
}

static void hands_keep_their_order(void **state)
{
    struct world *w = *state;

    live(w);
    world_say(w, 3, "{\"type\":\"hand\",\"up\":true}");
    world_say(w, 2, "{\"type\":\"hand\",\"up\":true}");
    world_say(w, 1, "{\"type\":\"hand\",\"up\":true}");
    world_pass(w, USEC_S);
    assert_true(person_is(w, 0, BERDI, "hand", 1));
    assert_true(person_is(w, 0, ANNA, "hand", 2));
    assert_true(person_is(w, 0, EXPERT, "hand", 3));
    world_say(w, 0, "{\"type\":\"lower\",\"person\":6}");
    world_pass(w, USEC_S);
    assert_true(person_is(w, 0, BERDI, "hand", 0));
    assert_false(person_is(w, 0, ANNA, "hand", 2)); /* told already, and it has not changed */
    assert_int_equal(json_array_size(json_object_get(world_got(w, 0, "roster"), "put")), 1);
    world_say(w, 2, "{\"type\":\"leave\"}");
    world_pass(w, USEC_S);
    assert_int_equal(
        json_integer_value(json_array_get(json_object_get(world_got(w, 0, "roster"), "gone"), 0)),
        ANNA);
}

static void the_stage_gives_a_voice(void **state)
{
    struct world *w = *state;

    live(w);
    world_say(w, 2, "{\"type\":\"hand\",\"up\":true}");
    world_say(w, 0, "{\"type\":\"stage\",\"person\":5}");
    assert_true(world_may(json_object_get(world_got(w, 2, "you"), "may"), "publish"));
    assert_int_equal(number(world_got(w, 3, "stage"), "person"), ANNA);
    world_pass(w, USEC_S);
    assert_true(person_is(w, 0, ANNA, "hand", 0));
    world_say(w, 0, "{\"type\":\"stage\",\"person\":6}");
    assert_false(world_may(json_object_get(world_got(w, 2, "you"), "may"), "publish"));
    world_say(w, 0, "{\"type\":\"stage\",\"person\":0}");
    assert_int_equal(number(world_got(w, 3, "stage"), "person"), 0);
}

static void who_may_not_is_refused(void **state)
{
    static const char *const acts[] = {
        "{\"type\":\"stage\",\"person\":5}",
        "{\"type\":\"mute\",\"person\":2,\"on\":true}",
        "{\"type\":\"go_live\"}",
        "{\"type\":\"remove\",\"person\":2}",
        "{\"type\":\"lower\",\"person\":2}",
        "{\"type\":\"end\"}",
    };
    struct world *w = *state;

    live(w);
    world_enter(w, 4, OBSERVER, ROLE_OBSERVER);
    for (size_t i = 0; i < NELEM(acts); i++) {
        for (int who = 1; who <= 4; who++) {
            json_object_clear(w->wire[who].by_type);
            world_say(w, who, acts[i]);
            refused_as(w, who, "denied");
        }
    }
    assert_null(strstr(w->written, "stage"));
    world_say(w, 4, "{\"type\":\"chat\",\"text\":\"x\"}");
    refused_as(w, 4, "denied");
    world_say(w, 0, "{\"type\":\"stage\",\"person\":7}");
    refused_as(w, 0, "denied");
    world_say(w, 0, "{\"type\":\"stage\",\"person\":99}");
    refused_as(w, 0, "state");
}

static void protected_has_no_face(void **state)
{
    struct world *w = *state;

    live(w);
    world_enter(w, 4, 8, ROLE_PROTECTED);
    assert_true(world_may(json_object_get(you(w, 4), "may"), "publish"));
    assert_false(world_may(json_object_get(you(w, 4), "may"), "camera"));
    world_say(w, 0, "{\"type\":\"stage\",\"person\":8}");
    assert_false(world_may(json_object_get(world_got(w, 4, "you"), "may"), "camera"));
    world_say(w, 4, "{\"type\":\"media\",\"mic\":true,\"camera\":true}");
    world_pass(w, USEC_S);
    assert_true(person_is(w, 0, 8, "mic", 1));
    assert_true(person_is(w, 0, 8, "camera", 0)); /* nor is one said to be on */
    world_say(w, 1, "{\"type\":\"media\",\"mic\":true,\"camera\":true}");
    world_pass(w, USEC_S);
    assert_true(person_is(w, 0, EXPERT, "camera", 1));
}

static void removed_stays_out(void **state)
{
    struct world *w = *state;

    live(w);
    world_say(w, 0, "{\"type\":\"remove\",\"person\":1}");
    refused_as(w, 0, "state");
    world_say(w, 0, "{\"type\":\"remove\",\"person\":5}");
    assert_int_equal(w->wire[2].code, CLOSE_REMOVED);
    assert_null(world_come(w, 2, ANNA, ROLE_PARTICIPANT));
    assert_int_equal(w->wire[2].code, CLOSE_REMOVED);
}

static void resume_keeps_the_place(void **state)
{
    struct world *w = *state;
    char token[64], more[128];

    live(w);
    world_say(w, 2, "{\"type\":\"hand\",\"up\":true}");
    world_pass(w, USEC_S);
    (void)snprintf(token, sizeof token, "%s", w->wire[2].client->token);
    (void)snprintf(more, sizeof more, ",\"resume\":\"%s\"", w->wire[2].client->resume);
    room_lost(w->wire[2].client, w->now);
    world_pass(w, 59 * USEC_S);
    assert_true(person_is(w, 0, ANNA, "away", 1));
    world_come(w, 8, ANNA, ROLE_PARTICIPANT);
    world_hello(w, 8, more);
    assert_true(json_is_true(json_object_get(you(w, 8), "resumed")));
    assert_string_equal(w->wire[8].client->token, token);
    world_pass(w, USEC_S);
    assert_true(person_is(w, 0, ANNA, "away", 0));
    assert_true(person_is(w, 0, ANNA, "hand", 1));
    /* somebody else's resume token opens nothing */
    world_come(w, 9, BERDI, ROLE_PARTICIPANT);
    world_hello(w, 9, more);
    assert_false(json_is_true(json_object_get(you(w, 9), "resumed")));
    assert_string_not_equal(w->wire[9].client->token, token);
}

/* The page does not know yet that the host took its hand down. */
static void a_lowered_hand_stays_down(void **state)
{
    struct world *w = *state;
    char more[128];

    live(w);
    world_say(w, 2, "{\"type\":\"hand\",\"up\":true}");
    (void)snprintf(more, sizeof more, ",\"hand\":true,\"resume\":\"%s\"",
                   w->wire[2].client->resume);
    room_lost(w->wire[2].client, w->now);
    world_say(w, 0, "{\"type\":\"lower\",\"person\":5}");
    world_come(w, 8, ANNA, ROLE_PARTICIPANT);
    world_hello(w, 8, more);
    assert_int_equal(room_member(w->room, ANNA)->hand, 0);
    /* the same after a restart, which keeps hands as well */
    world_restart(w);
    world_come(w, 8, ANNA, ROLE_PARTICIPANT);
    w->room->state = SEMINAR_LIVE;
    world_hello(w, 8, more);
    assert_true(json_is_true(json_object_get(you(w, 8), "resumed")));
    assert_int_equal(room_member(w->room, ANNA)->hand, 0);
    /* whose place was given away raises it anew */
    world_say(w, 8, "{\"type\":\"leave\"}");
    world_come(w, 8, ANNA, ROLE_PARTICIPANT);
    world_hello(w, 8, ",\"hand\":true");
    assert_true(room_member(w->room, ANNA)->hand > 0);
}

static void a_place_is_given_away_after_60_s(void **state)
{
    struct world *w = *state;

    live(w);
    room_lost(w->wire[2].client, w->now);
    world_forget(w);
    world_pass(w, 62 * USEC_S);
    assert_int_equal(
        json_integer_value(json_array_get(json_object_get(world_got(w, 0, "roster"), "gone"), 0)),
        ANNA);
    assert_null(room_member(w->room, ANNA));
}

static void a_second_window_takes_over(void **state)
{
    struct world *w = *state;
    char more[128];

    live(w);
    (void)snprintf(more, sizeof more, ",\"resume\":\"%s\"", w->wire[2].client->resume);
    world_come(w, 8, ANNA, ROLE_PARTICIPANT);
    world_hello(w, 8, more);
    assert_int_equal(w->wire[2].code, CLOSE_RESUMED);
    assert_int_equal(room_present(w->room), 4);
}

static void two_devices_are_one_person(void **state)
{
    struct world *w = *state;

    live(w);
    world_enter(w, 8, ANNA, ROLE_PARTICIPANT);
    assert_int_equal(room_present(w->room), 4);
    room_lost(w->wire[2].client, w->now);
    world_pass(w, 61 * USEC_S);
    assert_non_null(room_member(w->room, ANNA));
    assert_false(room_member(w->room, ANNA)->is_away);
}

/* One more page than a person may have, on wires from 4 on. */
enum { MANY = 20, FIRST = 4, PAGES = MAX_ROOM_PERSON + 1 };

static void the_oldest_page_makes_room(void **state)
{
    struct world *w = *state;

    live(w);
    for (int i = 0; i < PAGES - 1; i++)
        world_enter(w, FIRST + i, MANY, ROLE_PARTICIPANT);
    assert_int_equal(w->wire[FIRST].code, 0);
    world_enter(w, FIRST + PAGES - 1, MANY, ROLE_PARTICIPANT);
    assert_int_equal(w->wire[FIRST].code, CLOSE_RESUMED);
    for (int i = 1; i < PAGES; i++)
        assert_int_equal(w->wire[FIRST + i].code, 0);
    assert_int_equal(room_member(w->room, MANY)->nclients, MAX_ROOM_PERSON);
    assert_true(world_has(w, FIRST + PAGES - 1, "welcome"));
}

/* A place that is only kept goes before a page that is open; but not to the page that resumes it.
 */
static void a_lost_page_makes_room_first(void **state)
{
    struct world *w = *state;
    char more[128];

    live(w);
    for (int i = 0; i < PAGES - 1; i++)
        world_enter(w, FIRST + i, MANY, ROLE_PARTICIPANT);
    (void)snprintf(more, sizeof more, ",\"resume\":\"%s\"", w->wire[FIRST + 3].client->resume);
    room_lost(w->wire[FIRST + 3].client, w->now);
    world_come(w, FIRST + PAGES, MANY, ROLE_PARTICIPANT);
    world_hello(w, FIRST + PAGES, more);
    assert_true(json_is_true(json_object_get(you(w, FIRST + PAGES), "resumed")));
    for (int i = 0; i < PAGES - 1; i++)
        assert_int_equal(w->wire[FIRST + i].code, 0);
    room_lost(w->wire[FIRST + PAGES].client, w->now);
    world_enter(w, FIRST + PAGES + 1, MANY, ROLE_PARTICIPANT);
    for (int i = 0; i < PAGES - 1; i++)
        assert_int_equal(w->wire[FIRST + i].code, 0);
    assert_int_equal(room_member(w->room, MANY)->nclients, MAX_ROOM_PERSON);
}

static void one_person_fills_no_room(void **state)
{
    struct world *w = *state;

    live(w);
    for (int i = 0; i < MAX_ROOM_PEERS + 100; i++) {
        if (i >= PAGES)
            assert_int_equal(w->wire[FIRST + i % PAGES].code, CLOSE_RESUMED);
        world_enter(w, FIRST + i % PAGES, MANY, ROLE_PARTICIPANT);
    }
    for (int i = 0; i < MAX_ROOM_PEERS + 100; i++) /* and those that say nothing */
        (void)world_come(w, FIRST + PAGES + i % PAGES, MANY, ROLE_PARTICIPANT);
    assert_int_equal(room_member(w->room, MANY)->nclients, MAX_ROOM_PERSON);
    assert_int_equal(w->room->nclients, 4 + 2 * MAX_ROOM_PERSON);
    assert_non_null(world_enter(w, WIRES - 1, MANY + 1, ROLE_HOST));
    assert_true(world_may(json_object_get(you(w, WIRES - 1), "may"), "host"));
    for (int i = 0; i < FIRST; i++)
        assert_int_equal(w->wire[i].code, 0);
}

static void hello_comes_first(void **state)
{
    struct world *w = *state;

    live(w);
    world_come(w, 4, 9, ROLE_PARTICIPANT);
    world_say(w, 4, "{\"type\":\"chat\",\"text\":\"x\"}");
    refused_as(w, 4, "state");
    world_pass(w, 11 * USEC_S);
    assert_int_equal(w->wire[4].code, CLOSE_SYNTAX);
    world_hello(w, 1, "");
    refused_as(w, 1, "state");
}

static void a_flood_is_stopped(void **state)
{
    struct world *w = *state;

    live(w);
    world_forget(w);
    for (int i = 0; i < 60; i++)
        world_say(w, 2, "{\"type\":\"chat\",\"text\":\"x\"}");
    refused_as(w, 2, "busy");
    assert_int_equal(w->wire[3].n, 40);
    world_pass(w, USEC_S);
    world_forget(w);
    world_say(w, 2, "{\"type\":\"chat\",\"text\":\"x\"}");
    assert_true(world_has(w, 3, "chat"));
}

static void the_end_is_for_all(void **state)
{
    struct world *w = *state;

    live(w);
    world_say(w, 0, "{\"type\":\"end\"}");
    for (int i = 0; i < 4; i++) {
        assert_int_equal(w->wire[i].code, CLOSE_ENDED);
        assert_string_equal(json_string_value(json_object_get(world_got(w, i, "state"), "state")),
                            "ended");
    }
    assert_true(room_is_empty(w->room));
    assert_null(world_come(w, 4, 9, ROLE_PARTICIPANT));
    assert_int_equal(w->wire[4].code, CLOSE_ENDED);
}

static void late_comers_read_the_chat(void **state)
{
    struct world *w = *state;
    json_t *chat;

    live(w);
    for (int i = 0; i < MAX_CHAT_KEPT + 5; i++) {
        world_say(w, 2, "{\"type\":\"chat\",\"text\":\"<b>Öwezow</b>\"}");
        world_pass(w, USEC_S);
    }
    world_enter(w, 4, 9, ROLE_PARTICIPANT);
    assert_true(w->wire[4].is_whole);
    chat = w->wire[4].chat;
    assert_int_equal(json_array_size(chat), MAX_CHAT_KEPT);
    assert_int_equal(number(json_array_get(chat, 0), "id"), 6);
    assert_string_equal(json_string_value(json_object_get(json_array_get(chat, 0), "text")),
                        "<b>Öwezow</b>");
}

static void muting_is_told(void **state)
{
    struct world *w = *state;

    live(w);
    world_say(w, 0, "{\"type\":\"mute\",\"person\":2,\"on\":true}");
    assert_true(json_is_true(json_object_get(world_got(w, 1, "you"), "muted")));
    world_pass(w, USEC_S);
    assert_true(person_is(w, 3, EXPERT, "muted", 1));
    world_say(w, 0, "{\"type\":\"mute\",\"person\":2,\"on\":false}");
    assert_false(json_is_true(json_object_get(world_got(w, 1, "you"), "muted")));
}

static void names_are_cut_whole(void **state)
{
    char to[MAX_SHOWN_BYTES + 1], name[200] = "x";
    struct world *w = *state;
    struct room_who who = {.seminar_id = 3,
                           .person_id = 9,
                           .slug = S("media-2026"),
                           .organisation = S(""),
                           .role = ROLE_PARTICIPANT,
                           .state = SEMINAR_PLANNED};

    for (int i = 0; i < 90; i++)
        strcat(name, "ä");
    who.name = str_c(name);
    start(w);
    assert_int_equal(room_join(w->room, &who, &w->wire[4], w->now, &w->wire[4].client), 0);
    (void)snprintf(to, sizeof to, "%s", w->wire[4].client->name);
    assert_int_equal(strlen(to), MAX_SHOWN_BYTES - 1);
    assert_true(str_is_utf8(str_c(to)));
}

#define ROOM(f) cmocka_unit_test_setup_teardown(f, world_new, world_free)

const struct CMUnitTest room_tests[] = {
    ROOM(practice_is_closed),
    ROOM(going_live_lets_all_in),
    ROOM(a_rehearsal_does_not_end_the_seminar),
    ROOM(the_record_is_told),
    ROOM(seen_every_15_s),
    ROOM(hands_keep_their_order),
    ROOM(the_stage_gives_a_voice),
    ROOM(who_may_not_is_refused),
    ROOM(protected_has_no_face),
    ROOM(removed_stays_out),
    ROOM(resume_keeps_the_place),
    ROOM(a_lowered_hand_stays_down),
    ROOM(a_place_is_given_away_after_60_s),
    ROOM(a_second_window_takes_over),
    ROOM(two_devices_are_one_person),
    ROOM(the_oldest_page_makes_room),
    ROOM(a_lost_page_makes_room_first),
    ROOM(one_person_fills_no_room),
    ROOM(hello_comes_first),
    ROOM(a_flood_is_stopped),
    ROOM(the_end_is_for_all),
    ROOM(late_comers_read_the_chat),
    ROOM(muting_is_told),
    ROOM(names_are_cut_whole),
};
const size_t nroom_tests = NELEM(room_tests);
