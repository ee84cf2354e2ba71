#include "world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * docs/protocol.md cannot lie: its samples of the page are parsed, and a seminar is played in which
 * every message of the server comes and has the members of its sample, in the sample's types.
 */
struct sample {
    char type[32];
    json_t *json;
};

enum { SAMPLES = 40 };

static char *read_document(void)
{
    char *text = calloc(1, 65536);
    FILE *f = fopen(ROOT "/docs/protocol.md", "rb");

    if (!f || !text)
        fail_msg("docs/protocol.md is missing");
    assert_true(fread(text, 1, 65535, f) > 1000);
    fclose(f);
    return text;
}

/* The samples under one heading of the second level. */
static size_t read_samples(const char *heading, struct sample to[static SAMPLES])
{
    char *text = read_document();
    char *at = strstr(text, heading), *end;
    size_t n = 0;

    assert_non_null(at);
    end = strstr(at + 4, "\n## ");
    if (end)
        *end = 0;
    while ((at = strstr(at, "\n### ")) != NULL && n < SAMPLES) {
        char *sample = strstr(at, "```json\n"),
             *close = sample ? strstr(sample + 8, "\n```") : NULL;
        char *next = strstr(at + 5, "\n### ");

        at += 5;
        if (!close || (next && sample > next))
            continue;
        (void)snprintf(to[n].type, sizeof to[n].type, "%.*s", (int)strcspn(at, "\n"), at);
        to[n].json =
            json_loadb(sample + 8, (size_t)(close - sample - 8), JSON_REJECT_DUPLICATES, NULL);
        if (!to[n].json)
            fail_msg("the sample of %s is not JSON", to[n].type);
        assert_string_equal(json_string_value(json_object_get(to[n].json, "type")), to[n].type);
        n++;
    }
    free(text);
    return n;
}

static void free_samples(struct sample *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        json_decref(s[i].json);
}

static void samples_of_the_page(void **state)
{
    struct sample s[SAMPLES];
    size_t n = read_samples("\n## From the page", s);
    struct arena *a = arena_new();
    bool is_told[CONTROL_TYPES] = {false};

    (void)state;
    for (size_t i = 0; i < n; i++) {
        char *text = json_dumps(s[i].json, JSON_COMPACT);
        struct control c;
        int r = control_parse(a, str_c(text), NULL, &c);

        if (r < 0)
            fail_msg("%s: %s", text, err_name(r));
        assert_string_equal(control_type_name((int)c.type), s[i].type);
        is_told[c.type] = true;
        free(text);
    }
    for (int t = 0; t < CONTROL_TYPES; t++) {
        if (!is_told[t])
            fail_msg("docs/protocol.md has no sample of %s", control_type_name(t));
    }
    arena_free(a);
    free_samples(s, n);
}

/* Same members, same types; of lists the first element stands for all. */
static void same_shape(const char *where, json_t *sample, json_t *real)
{
    const char *key;
    json_t *value;

    if (json_is_boolean(sample) && json_is_boolean(real))
        return;
    if (json_typeof(sample) != json_typeof(real))
        fail_msg("%s has another type than in docs/protocol.md", where);
    if (json_is_array(sample) && json_array_size(sample) && json_array_size(real))
        same_shape(where, json_array_get(sample, 0), json_array_get(real, 0));
    if (!json_is_object(sample))
        return;
    json_object_foreach(sample, key, value)
    {
        if (!json_object_get(real, key))
            fail_msg("%s lacks %s, which docs/protocol.md has", where, key);
        same_shape(key, value, json_object_get(real, key));
    }
    json_object_foreach(real, key, value)
    {
        if (!json_object_get(sample, key))
            fail_msg("%s has %s, which docs/protocol.md lacks", where, key);
    }
}

static void play(struct world *w)
{
    world_enter(w, 0, 1, ROLE_HOST);
    world_enter(w, 1, 12, ROLE_SPEAKER);
    world_say(w, 1, "{\"type\":\"media\",\"mic\":true,\"camera\":true}");
    world_say(w, 1, "{\"type\":\"chat\",\"text\":\"Good morning\"}");
    world_say(w, 0, "{\"type\":\"stage\",\"person\":12}");
    room_decks_set(w->room, &(struct room_deck){7, 12, "talk.pdf"}, 1);
    world_say(w, 1, "{\"type\":\"slide\",\"deck\":7,\"number\":3}");
    world_say(w, 0, "{\"type\":\"lock\",\"on\":true}");
    world_say(w, 0, "{\"type\":\"lock\",\"on\":false}");
    world_say(w, 0, "{\"type\":\"go_live\"}");
    world_say(w, 0, "{\"type\":\"ping\",\"at\":123456}");
    world_say(w, 1, "{\"type\":\"end\"}");
    world_enter(w, 2, 15, ROLE_PARTICIPANT);
    room_on_slot(w->room, w->now);
    room_on_speaker(w->room, 12);
    tell_wish(w->wire[1].client, 360);
    tell_line(w->wire[1].client, SFU_LINE_LESS);
    w->room->blind[w->room->nblind++] = 15;
    tell_blind(w->room);
    world_enter(w, 3, 14, ROLE_INTERPRETER);
    world_enter(w, 4, 16, ROLE_INTERPRETER);
    world_say(w, 3, "{\"type\":\"booth\",\"lang\":\"en\"}");
    world_say(w, 4, "{\"type\":\"booth\",\"lang\":\"en\"}");
    world_say(w, 3, "{\"type\":\"signal\",\"what\":\"fast\"}");
    world_pass(w, USEC_S);
    world_say(w, 2, "{\"type\":\"leave\"}");
    world_say(w, 1, "{\"type\":\"hand\",\"up\":true}");
    world_say(w, 1, "{\"type\":\"stats\",\"loss\":7,\"rtt\":180,\"kbps\":64}");
    world_pass(w, USEC_S);
}

static void samples_of_the_server(void **state)
{
    struct world *w = *state;
    struct sample s[SAMPLES];
    size_t n = read_samples("\n## From the server", s);

    play(w);
    for (size_t i = 0; i < n; i++) {
        json_t *real = NULL;

        for (int wire = 2; wire >= 0 && !real; wire--)
            real = json_object_get(w->wire[wire].by_type, s[i].type);
        if (!real)
            fail_msg("the seminar of this test brings no %s", s[i].type);
        same_shape(s[i].type, s[i].json, real);
        for (int wire = 0; wire < 3; wire++)
            json_object_del(w->wire[wire].by_type, s[i].type);
    }
    for (int wire = 0; wire < 3; wire++) {
        if (json_object_size(w->wire[wire].by_type))
            fail_msg("docs/protocol.md has no sample of %s",
                     json_object_iter_key(json_object_iter(w->wire[wire].by_type)));
    }
    free_samples(s, n);
}

const struct CMUnitTest protocol_tests[] = {
    cmocka_unit_test(samples_of_the_page),
    cmocka_unit_test_setup_teardown(samples_of_the_server, world_new, world_free),
};
const size_t nprotocol_tests = NELEM(protocol_tests);
