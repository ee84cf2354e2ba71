#include "world.h"

#include "live/whip.h"
#include "media/down.h"
#include "media/peer.h"
#include "media/sdp.h"
#include "media/stats.h"
#include "net/http.h"

#include <stdio.h>
#include <string.h>

/* Sessions against the real sfu: who may open one, and what ends it. The offer is one of
 * Chromium's. */
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

static int try_open(struct world *w, int i, enum sfu_role role)
{
    str offer = read_offer(role == SFU_UP ? "chromium_publish.sdp" : "chromium_listen.sdp"), answer;
    const struct session_offer asked = {.role = role, .sdp = offer};
    struct arena *a = arena_new();
    struct session *s;
    int r = session_open(w->wire[i].client, &asked, w->now, a, &answer);

    if (r == 0) {
        s = session_by_role(w->wire[i].client, role);
        assert_true(str_starts(answer, S("v=0\r\n")));
        assert_int_equal(session_version(s), 1);
        assert_ptr_equal(session_by_id(w->wire[i].client, role, session_id(s)), s);
    }
    arena_free(a);
    return r;
}

static void start(struct world *w)
{
    world_enter(w, 0, 1, ROLE_HOST);
    world_enter(w, 1, 2, ROLE_SPEAKER);
    world_enter(w, 2, 5, ROLE_PARTICIPANT);
}

static void who_waits_gets_nothing(void **state)
{
    struct world *w = *state;

    start(w);
    assert_int_equal(try_open(w, 2, SFU_DOWN), ERR_DENIED);
    assert_int_equal(try_open(w, 2, SFU_UP), ERR_DENIED);
    assert_int_equal(try_open(w, 1, SFU_UP), 0);
    assert_int_equal(try_open(w, 1, SFU_DOWN), 0);
    world_say(w, 0, "{\"type\":\"go_live\"}");
    assert_int_equal(try_open(w, 2, SFU_DOWN), 0);
    assert_int_equal(try_open(w, 2, SFU_UP), ERR_DENIED);
}

static void the_stage_opens_and_closes(void **state)
{
    struct world *w = *state;
    struct client *c;

    start(w);
    world_say(w, 0, "{\"type\":\"go_live\"}");
    world_say(w, 0, "{\"type\":\"stage\",\"person\":5}");
    assert_int_equal(try_open(w, 2, SFU_UP), 0);
    assert_int_equal(try_open(w, 2, SFU_DOWN), 0);
    c = w->wire[2].client;
    assert_non_null(c->session[SFU_UP].peer);
    world_say(w, 0, "{\"type\":\"stage\",\"person\":0}");
    assert_null(c->session[SFU_UP].peer);
    assert_non_null(c->session[SFU_DOWN].peer);
}

static void a_new_session_replaces_the_old(void **state)
{
    struct sfu_stats stats;
    struct world *w = *state;

    start(w);
    for (int i = 0; i < 3; i++)
        assert_int_equal(try_open(w, 1, SFU_UP), 0);
    sfu_stats(w->sfu, &stats);
    assert_int_equal(stats.peers, 1);
    world_say(w, 1, "{\"type\":\"leave\"}");
    sfu_stats(w->sfu, &stats);
    assert_int_equal(stats.peers, 0);
}

static void a_token_is_one_client(void **state)
{
    struct world *w = *state;
    char token[ROOM_TOKEN + 1];

    start(w);
    memcpy(token, w->wire[1].client->token, sizeof token);
    assert_ptr_equal(room_by_token(w->room, str_c(token)), w->wire[1].client);
    token[0] = token[0] == 'a' ? 'b' : 'a';
    assert_null(room_by_token(w->room, str_c(token)));
    assert_null(room_by_token(w->room, S("")));
}

static int status_of(struct world *w, const struct whip_task *t, str *ret_reply)
{
    static struct sb reply;
    struct arena *a = arena_new();
    struct exchange *x = exchange_new(a, NULL);
    int status;

    sb_done(&reply);
    reply = sb_init(NULL, 0);
    whip_run(x, t, w->room, w->now);
    status = x->status;
    sb_add(&reply, sb_str(&x->reply));
    *ret_reply = sb_str(&reply);
    arena_free(a);
    return status;
}

static void answers_by_http(void **state)
{
    struct world *w = *state;
    struct whip_task t = {
        .what = WHIP_OPEN, .role = SFU_UP, .slug = S("media-2026"), .token = S("wrong")};
    str reply;

    start(w);
    assert_int_equal(status_of(w, &t, &reply), 401);
    assert_true(str_find(reply, S("\"code\":\"auth\"")) > 0);
    t.token = str_c(w->wire[2].client->token);
    assert_int_equal(status_of(w, &t, &reply), 403);
    t.token = str_c(w->wire[1].client->token);
    t.body = S("hello");
    assert_int_equal(status_of(w, &t, &reply), 400);
    t.body = read_offer("chromium_publish.sdp");
    assert_int_equal(status_of(w, &t, &reply), 201);
    t.what = WHIP_PATCH;
    t.id = S("nobody");
    assert_int_equal(status_of(w, &t, &reply), 404);
    t.id = session_id(&w->wire[1].client->session[SFU_UP]);
    assert_int_equal(status_of(w, &t, &reply), 428);
    t.etag = S("\"7\"");
    assert_int_equal(status_of(w, &t, &reply), 412);
    t.etag = S("\"1\"");
    assert_int_equal(status_of(w, &t, &reply), 204);
    t.etag = S("*"); /* a restart needs credentials; candidates alone are none */
    t.body = S("m=audio 9 x 1\r\na=candidate:1 1 udp 1 192.0.2.1 1 typ host\r\n");
    assert_int_equal(status_of(w, &t, &reply), 400);
    t.body = S("a=ice-ufrag:anew\r\na=ice-pwd:anewanewanewanewanewanew\r\n");
    assert_int_equal(status_of(w, &t, &reply), 200);
    assert_int_equal(session_version(&w->wire[1].client->session[SFU_UP]), 2);
    t.what = WHIP_CLOSE;
    assert_int_equal(status_of(w, &t, &reply), 200);
    assert_null(w->wire[1].client->session[SFU_UP].peer);
}

/* The organiser has changed it in the list; the page comes back after a break of its line. */
static void comes_back_as(struct world *w, int i, int from, int64_t person, int role)
{
    char more[128];
    const json_t *you;

    (void)snprintf(more, sizeof more, ",\"resume\":\"%s\"", w->wire[from].client->resume);
    room_lost(w->wire[from].client, w->now);
    world_come(w, i, person, role);
    world_hello(w, i, more);
    you = json_object_get(world_got(w, i, "welcome"), "you");
    assert_true(json_is_true(json_object_get(you, "resumed")));
}

static void another_role_ends_what_it_may_not(void **state)
{
    struct world *w = *state;
    struct client *c;

    start(w);
    world_say(w, 0, "{\"type\":\"go_live\"}");
    assert_int_equal(try_open(w, 1, SFU_UP), 0);
    assert_int_equal(try_open(w, 1, SFU_DOWN), 0);
    assert_true(w->wire[1].client->session[SFU_UP].peer->is_allowed[SFU_VIDEO]);
    comes_back_as(w, 3, 1, 2, ROLE_PROTECTED);
    c = w->wire[3].client;
    assert_non_null(c->session[SFU_UP].peer);
    assert_true(c->session[SFU_UP].peer->is_allowed[SFU_AUDIO]);
    assert_false(c->session[SFU_UP].peer->is_allowed[SFU_VIDEO]);
    world_say(w, 0, "{\"type\":\"stage\",\"person\":2}");
    world_say(w, 3, "{\"type\":\"hand\",\"up\":true}");
    comes_back_as(w, 4, 3, 2, ROLE_OBSERVER);
    c = w->wire[4].client;
    assert_int_equal(c->person->hand, 0);
    assert_int_equal(w->room->stage, 0);
    assert_null(c->session[SFU_UP].peer);
    assert_non_null(c->session[SFU_DOWN].peer);
}

/* What was told over a line that was broken went nowhere, and the page begins without it. */
static void who_comes_back_is_told_again(void **state)
{
    struct world *w = *state;
    struct track *camera;
    struct client *c;

    start(w);
    world_say(w, 0, "{\"type\":\"go_live\"}");
    assert_int_equal(try_open(w, 1, SFU_UP), 0);
    assert_int_equal(try_open(w, 1, SFU_DOWN), 0);
    c = w->wire[1].client;
    camera = peer_track(c->session[SFU_UP].peer, SFU_VIDEO);
    camera->layers->told = 360;
    c->session[SFU_DOWN].peer->down->told = SFU_LINE_VOICE;
    comes_back_as(w, 3, 1, 2, ROLE_SPEAKER);
    c = w->wire[3].client;
    assert_int_equal(camera->layers->told, -1);
    assert_int_equal(c->session[SFU_DOWN].peer->down->told, SFU_LINE_FULL);
}

/* Names of slots are those of what is on air: so must be the pictures. */
static void on_air_the_backstage_sees_what_all_see(void **state)
{
    struct world *w = *state;

    start(w);
    assert_int_equal(try_open(w, 1, SFU_DOWN), 0);
    assert_true(w->wire[1].client->session[SFU_DOWN].peer->is_backstage);
    world_say(w, 0, "{\"type\":\"go_live\"}");
    assert_false(w->wire[1].client->session[SFU_DOWN].peer->is_backstage);
}

/* The page of wire i has V0 to show, in H264, and takes VP8 alone. */
static void make_blind(struct world *w, int i, struct track *camera)
{
    struct slot *v0 = peer_slot(w->wire[i].client->session[SFU_DOWN].peer, SFU_VIDEO, 0);

    camera->codec = CODEC_H264;
    v0->is_accepted = true;
    v0->target = camera;
    v0->pts[CODEC_H264] = SDP_NO_PT;
}

static json_int_t blind_as_told(struct world *w, int i)
{
    json_t *persons = json_object_get(world_got(w, i, "blind"), "persons");

    assert_int_equal(json_array_size(persons), 1);
    return json_integer_value(json_array_get(persons, 0));
}

/* Who can change it may come to the room, or to the stage, after the others were told. */
static void who_comes_is_told_of_the_blind(void **state)
{
    struct world *w = *state;

    start(w);
    world_say(w, 0, "{\"type\":\"go_live\"}");
    assert_int_equal(try_open(w, 1, SFU_UP), 0);
    assert_int_equal(try_open(w, 2, SFU_DOWN), 0);
    make_blind(w, 2, peer_track(w->wire[1].client->session[SFU_UP].peer, SFU_VIDEO));
    sight_look(w->room);
    assert_int_equal(blind_as_told(w, 0), 5);
    world_forget(w);
    sight_look(w->room);
    assert_false(world_has(w, 0, "blind"));
    world_enter(w, 3, 9, ROLE_COHOST);
    sight_look(w->room);
    assert_int_equal(blind_as_told(w, 3), 5);
    assert_false(world_has(w, 1, "blind"));
    world_say(w, 0, "{\"type\":\"stage\",\"person\":2}");
    make_blind(w, 2, peer_track(w->wire[1].client->session[SFU_UP].peer, SFU_VIDEO));
    sight_look(w->room);
    assert_int_equal(blind_as_told(w, 1), 5);
    assert_false(world_has(w, 2, "blind"));
}

#define SESSION(f) cmocka_unit_test_setup_teardown(f, world_new, world_free)

const struct CMUnitTest session_tests[] = {
    SESSION(who_waits_gets_nothing),
    SESSION(the_stage_opens_and_closes),
    SESSION(a_new_session_replaces_the_old),
    SESSION(a_token_is_one_client),
    SESSION(answers_by_http),
    SESSION(another_role_ends_what_it_may_not),
    SESSION(who_comes_back_is_told_again),
    SESSION(on_air_the_backstage_sees_what_all_see),
    SESSION(who_comes_is_told_of_the_blind),
};
const size_t nsession_tests = NELEM(session_tests);
