#include "world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void write_down(struct world *w, const char *fmt, ...) PRINTF_LIKE(2, 3);

static void write_down(struct world *w, const char *fmt, ...)
{
    size_t n = strlen(w->written);
    va_list args;

    va_start(args, fmt);
    (void)vsnprintf(w->written + n, sizeof w->written - n, fmt, args);
    va_end(args);
}

static void joined(void *ctx, int64_t seminar, int64_t person, int64_t connection, usec at)
{
    struct world *w = ctx;

    (void)at;
    assert_int_equal(seminar, 3);
    assert_true(connection > 0);
    assert_true(w->njoined < JOINS);
    w->connection[w->njoined++] = connection;
    write_down(w, "joined %lld\n", (long long)person);
}

static void seen(void *ctx, int64_t seminar, const int64_t *connections, size_t n, usec at)
{
    struct world *w = ctx;

    (void)seminar;
    (void)connections;
    (void)at;
    w->nseen += (unsigned)n;
}

static void left(void *ctx, int64_t seminar, int64_t connection, usec at)
{
    struct world *w = ctx;

    (void)seminar;
    (void)at;
    for (unsigned i = 0; i < w->njoined; i++) {
        if (w->connection[i] == connection) {
            write_down(w, "left %u\n", i);
            return;
        }
    }
    fail_msg("an unknown connection has left");
}

static void closed(void *ctx, int64_t seminar, usec at)
{
    (void)seminar;
    (void)at;
    write_down(ctx, "closed\n");
}

static void state_set(void *ctx, int64_t seminar, int64_t by, int state, usec at)
{
    (void)seminar;
    (void)at;
    write_down(ctx, "state %s by %lld\n", seminar_state_name(state), (long long)by);
}

static void stage_set(void *ctx, int64_t seminar, int64_t by, int64_t person, usec at)
{
    (void)seminar;
    (void)at;
    write_down(ctx, "stage %lld by %lld\n", (long long)person, (long long)by);
}

static void slide_kept(void *ctx, int64_t seminar, int64_t deck, int number)
{
    (void)seminar;
    write_down(ctx, "slide %lld/%d\n", (long long)deck, number);
}

static void lock_kept(void *ctx, int64_t seminar, bool is_on)
{
    (void)seminar;
    write_down(ctx, "lock %d\n", is_on);
}

static struct memory_person *person_of(struct world *w, int64_t id)
{
    for (size_t i = 0; i < w->memory.npersons; i++) {
        if (w->memory_person[i].id == id)
            return &w->memory_person[i];
    }
    assert_true(w->memory.npersons < CROWD);
    return &w->memory_person[w->memory.npersons++];
}

static void person_kept(void *ctx, int64_t seminar, const struct memory_person *p)
{
    struct world *w = ctx;

    (void)seminar;
    *person_of(w, p->id) = *p;
}

static void place_kept(void *ctx, int64_t seminar, int64_t person, str token)
{
    struct world *w = ctx;
    struct memory_place *p;

    (void)seminar;
    assert_true(w->memory.nplaces < JOINS);
    p = &w->memory_place[w->memory.nplaces++];
    p->person = person;
    secret_hash(token, p->hash);
}

static void chat_kept(void *ctx, int64_t seminar, const struct memory_chat *m)
{
    struct world *w = ctx;

    (void)seminar;
    for (size_t i = 0; i < w->memory.nchats; i++) {
        if (w->memory_chat[i].number == m->number) {
            w->memory_chat[i] = *m;
            return;
        }
    }
    if (w->memory.nchats < WIRES)
        w->memory_chat[w->memory.nchats++] = *m;
}

/* ---- what a page makes of it ---- */

static void put_people(struct wire *w, json_t *list)
{
    char key[24];
    size_t i;
    json_t *p;

    json_array_foreach(list, i, p)
    {
        (void)snprintf(key, sizeof key, "%lld",
                       (long long)json_integer_value(json_object_get(p, "id")));
        json_object_set(w->people, key, p);
    }
}

static void take_gone(struct wire *w, json_t *list)
{
    char key[24];
    size_t i;
    json_t *id;

    json_array_foreach(list, i, id)
    {
        (void)snprintf(key, sizeof key, "%lld", (long long)json_integer_value(id));
        json_object_del(w->people, key);
    }
}

static void follow(struct wire *w, const char *type, json_t *o)
{
    json_t *older = json_object_get(o, "older");

    if (strcmp(type, "welcome") == 0) {
        json_object_clear(w->people);
        json_array_clear(w->chat);
        json_array_extend(w->chat, json_object_get(o, "chat"));
        put_people(w, json_object_get(o, "people"));
        w->is_whole = json_is_true(json_object_get(o, "whole"));
    } else if (strcmp(type, "roster") == 0) {
        put_people(w, json_object_get(o, "put"));
        take_gone(w, json_object_get(o, "gone"));
        for (size_t i = json_array_size(older); i > 0; i--)
            json_array_insert(w->chat, 0, json_array_get(older, i - 1));
        w->is_whole |= json_is_true(json_object_get(o, "whole"));
    } else if (strcmp(type, "chat") == 0) {
        json_array_append(w->chat, o);
    }
}

static void count_bytes(struct wire *w, size_t n)
{
    w->longest = n > w->longest ? n : w->longest;
    w->waiting += w->bytes_per_s ? n : 0;
    w->most_waiting = w->waiting > w->most_waiting ? w->waiting : w->most_waiting;
}

static size_t wire_waiting(void *wire)
{
    return ((const struct wire *)wire)->waiting;
}

static void wire_send(void *wire, str text)
{
    struct wire *w = wire;
    json_t *o;
    const char *type;

    count_bytes(w, text.n);
    if (w->is_crowd)
        return;
    o = json_loadb(text.p, text.n, 0, NULL);
    type = json_string_value(json_object_get(o, "type"));
    assert_int_equal(w->code, 0);
    assert_non_null(type);
    assert_true(text.n < WIRE_TEXT);
    (void)snprintf(w->last, sizeof w->last, "%.*s", STR(text));
    if (w->unheard && strstr(w->last, w->unheard))
        fail_msg("%s stands in %s", w->unheard, w->last);
    follow(w, type, o);
    w->n++;
    (void)snprintf(w->all + strlen(w->all), sizeof w->all - strlen(w->all), "%s ", type);
    json_object_set(w->by_type, type, o);
    json_decref(o);
}

static void wire_shut(void *wire, int code, const char *reason)
{
    struct wire *w = wire;

    assert_non_null(reason);
    if (w->is_crowd)
        return;
    assert_int_equal(w->code, 0);
    w->code = code ? code : 1;
    w->client = NULL;
}

int world_new(void **state)
{
    static const struct sfu_events none;
    struct world *w = calloc(1, sizeof *w);
    struct sfu_conf conf = {.events = &none, .ctx = w};
    struct addr announce;

    if (!w)
        return -1;
    w->now = 1000 * USEC_S;
    w->arena = arena_new();
    if (pkt_pool_new(256, &w->pool) < 0 || addr_parse(S("127.0.0.1"), 4000, &announce) < 0)
        return -1;
    conf.pool = w->pool;
    conf.announce = &announce;
    conf.nannounce = 1;
    if (sfu_new(&conf, &w->sfu) < 0)
        return -1;
    w->record = (struct record_port){.joined = joined,
                                     .seen = seen,
                                     .left = left,
                                     .closed = closed,
                                     .state = state_set,
                                     .stage = stage_set,
                                     .slide = slide_kept,
                                     .lock = lock_kept,
                                     .person = person_kept,
                                     .place = place_kept,
                                     .chat = chat_kept,
                                     .ctx = w};
    w->env = (struct room_env){.sfu = w->sfu,
                               .record = &w->record,
                               .arena = w->arena,
                               .send = wire_send,
                               .waiting = wire_waiting,
                               .shut = wire_shut};
    for (int i = 0; i < WIRES; i++) {
        w->wire[i].by_type = json_object();
        w->wire[i].people = json_object();
        w->wire[i].chat = json_array();
    }
    w->crowd.is_crowd = true;
    *state = w;
    return 0;
}

int world_free(void **state)
{
    struct world *w = *state;
    struct pkt *p, *next;

    room_free(w->room, w->now);
    for (p = sfu_take_out(w->sfu); p; p = next ? next : sfu_take_out(w->sfu)) {
        next = p->next;
        pkt_unref(p);
    }
    sfu_free(w->sfu);
    pkt_pool_free(w->pool);
    arena_free(w->arena);
    for (int i = 0; i < WIRES; i++) {
        json_decref(w->wire[i].by_type);
        json_decref(w->wire[i].people);
        json_decref(w->wire[i].chat);
    }
    free(w);
    return 0;
}

static struct client *come(struct world *w, struct wire *wire, int64_t person, int role)
{
    static const str langs[] = {{"en", 2}, {"ru", 2}, {"tk", 2}};
    char name[32];
    struct room_who who = {.seminar_id = 3,
                           .person_id = person,
                           .slug = S("media-2026"),
                           .organisation = S("Example Org"),
                           .role = role,
                           .state = SEMINAR_PLANNED,
                           .lang = langs,
                           .nlangs = NELEM(langs)};

    (void)snprintf(name, sizeof name, "Person %lld", (long long)person);
    who.name = str_c(w->name ? w->name : name);
    who.organisation = w->name ? who.name : who.organisation;
    w->memory.person = w->memory_person;
    w->memory.place = w->memory_place;
    w->memory.chat = w->memory_chat;
    who.memory = w->memory.npersons ? &w->memory : NULL;
    if (!w->room)
        assert_int_equal(room_new(&w->env, &who, w->now, &w->room), 0);
    wire->code = 0;
    wire->client = NULL;
    (void)room_join(w->room, &who, wire, w->now, &wire->client);
    return wire->client;
}

struct client *world_come(struct world *w, int i, int64_t person, int role)
{
    return come(w, &w->wire[i], person, role);
}

void world_crowd(struct world *w, int64_t first, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct client *c = come(w, &w->crowd, first + (int64_t)i, ROLE_PARTICIPANT);

        assert_non_null(c);
        arena_reset(w->arena);
        room_rx(c, S("{\"type\":\"hello\",\"version\":1}"), w->now);
    }
}

void world_say(struct world *w, int i, const char *json)
{
    assert_non_null(w->wire[i].client);
    arena_reset(w->arena);
    room_rx(w->wire[i].client, str_c(json), w->now);
}

void world_hello(struct world *w, int i, const char *more)
{
    char text[256];

    (void)snprintf(text, sizeof text, "{\"type\":\"hello\",\"version\":1%s}", more);
    world_say(w, i, text);
}

void world_restart(struct world *w)
{
    room_free(w->room, w->now); /* which says good-bye; kill -9 says less and keeps no less */
    w->room = NULL;
}

struct client *world_enter(struct world *w, int i, int64_t person, int role)
{
    world_come(w, i, person, role);
    world_hello(w, i, "");
    return w->wire[i].client;
}

void world_pass(struct world *w, usec us)
{
    usec end = w->now + us;

    while (w->now < end) {
        usec next = w->room ? room_tick(w->room, w->now) : end;

        next = next > w->now && next < end ? next : end;
        for (int i = 0; i < WIRES; i++) {
            size_t sent = (size_t)(next - w->now) * w->wire[i].bytes_per_s / USEC_S;

            w->wire[i].waiting -= sent < w->wire[i].waiting ? sent : w->wire[i].waiting;
        }
        w->now = next;
    }
    if (w->room)
        room_tick(w->room, w->now);
}

json_t *world_got(struct world *w, int i, const char *type)
{
    json_t *o = json_object_get(w->wire[i].by_type, type);

    if (!o)
        fail_msg("wire %d got no %s, but %s", i, type, w->wire[i].all);
    return o;
}

bool world_has(struct world *w, int i, const char *type)
{
    return json_object_get(w->wire[i].by_type, type) != NULL;
}

void world_forget(struct world *w)
{
    for (int i = 0; i < WIRES; i++) {
        w->wire[i].all[0] = 0;
        w->wire[i].n = 0;
        json_object_clear(w->wire[i].by_type);
    }
    w->written[0] = 0;
}

bool world_may(json_t *may, const char *word)
{
    for (size_t i = 0; i < json_array_size(may); i++) {
        if (strcmp(json_string_value(json_array_get(may, i)), word) == 0)
            return true;
    }
    return false;
}
