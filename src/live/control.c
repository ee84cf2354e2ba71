#include "live/control.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"

#include <jansson.h>
#include <string.h>

/*
 * Jansson reads the text (its own depth limit holds; a message has at most MAX_WS_MESSAGE bytes),
 * one function per type takes the members out. Members that a type does not know are ignored, so
 * that newer pages can talk to older servers.
 */
typedef int take_fn(struct arena *a, const json_t *o, struct control *c);

static int take_bool(const json_t *o, const char *key, bool *ret_value)
{
    const json_t *v = json_object_get(o, key);

    if (!json_is_boolean(v))
        return ERR_SYNTAX;
    *ret_value = json_is_true(v);
    return 0;
}

static int take_i64(const json_t *o, const char *key, int64_t max, int64_t *ret_value)
{
    const json_t *v = json_object_get(o, key);
    json_int_t n;

    if (!json_is_integer(v))
        return ERR_SYNTAX;
    n = json_integer_value(v);
    if (n < 0 || n > max)
        return ERR_RANGE;
    *ret_value = n;
    return 0;
}

static int take_int(const json_t *o, const char *key, int max, int *ret_value)
{
    int64_t n;
    int r = take_i64(o, key, max, &n);

    if (r == 0)
        *ret_value = (int)n;
    return r;
}

static int take_str(struct arena *a, const json_t *o, const char *key, size_t max, str *ret_value)
{
    const json_t *v = json_object_get(o, key);
    str s;

    if (!json_is_string(v))
        return ERR_SYNTAX;
    s = (str){json_string_value(v), json_string_length(v)};
    if (s.n > max)
        return ERR_TOO_BIG;
    s = arena_str(a, s);
    if (!s.p)
        return ERR_MEM;
    *ret_value = s;
    return 0;
}

static int take_nothing(struct arena *a, const json_t *o, struct control *c)
{
    (void)a;
    (void)o;
    (void)c;
    return 0;
}

static int take_hello(struct arena *a, const json_t *o, struct control *c)
{
    int64_t version;
    int r = take_i64(o, "version", 1000, &version);

    if (r == 0 && json_object_get(o, "resume"))
        r = take_str(a, o, "resume", 64, &c->resume);
    if (r == 0 && json_object_get(o, "hand"))
        r = take_bool(o, "hand", &c->is_on);
    return r;
}

static int take_ping(struct arena *a, const json_t *o, struct control *c)
{
    (void)a;
    return take_i64(o, "at", INT64_C(1) << 53, &c->at);
}

static int take_hand(struct arena *a, const json_t *o, struct control *c)
{
    (void)a;
    return take_bool(o, "up", &c->is_on);
}

static int take_chat(struct arena *a, const json_t *o, struct control *c)
{
    int r = take_str(a, o, "text", MAX_CHAT_BYTES, &c->text);

    if (r < 0)
        return r;
    c->text = str_trim(c->text);
    return c->text.n == 0 ? ERR_RANGE : 0;
}

static int take_media(struct arena *a, const json_t *o, struct control *c)
{
    int r = take_bool(o, "mic", &c->has_mic);

    (void)a;
    return r < 0 ? r : take_bool(o, "camera", &c->has_camera);
}

static int take_want(struct arena *a, const json_t *o, struct control *c)
{
    const json_t *video = json_object_get(o, "video");
    char key[3] = "V0";
    int r = json_is_object(video) ? 0 : ERR_SYNTAX;

    (void)a;
    for (int i = 0; i < CONTROL_VIDEO_SLOTS; i++)
        c->want[i] = -1;
    for (int i = 0; r == 0 && i < CONTROL_VIDEO_SLOTS; i++) {
        key[1] = (char)('0' + i);
        if (json_object_get(video, key))
            r = take_int(video, key, 4320, &c->want[i]);
    }
    return r;
}

static int take_stats(struct arena *a, const json_t *o, struct control *c)
{
    int r = take_int(o, "loss", 100, &c->loss);

    (void)a;
    if (r == 0)
        r = take_int(o, "rtt", 60000, &c->rtt);
    if (r == 0)
        r = take_int(o, "kbps", 10000000, &c->kbps);
    return r;
}

static int take_person(struct arena *a, const json_t *o, struct control *c)
{
    (void)a;
    return take_i64(o, "person", INT64_C(1) << 53, &c->person);
}

static int take_mute(struct arena *a, const json_t *o, struct control *c)
{
    int r = take_person(a, o, c);

    return r < 0 ? r : take_bool(o, "on", &c->is_on);
}

static int take_slide(struct arena *a, const json_t *o, struct control *c)
{
    int r = take_i64(o, "deck", INT64_C(1) << 53, &c->deck);

    (void)a;
    return r < 0 ? r : take_int(o, "number", MAX_SLIDES, &c->number);
}

static int take_on(struct arena *a, const json_t *o, struct control *c)
{
    (void)a;
    return take_bool(o, "on", &c->is_on);
}

static int take_lang(struct arena *a, const json_t *o, struct control *c)
{
    return take_str(a, o, "lang", 16, &c->lang);
}

static const char *const signals[CONTROL_SIGNALS] = {[SIGNAL_FAST] = "fast", [SIGNAL_MIC] = "mic"};

const char *control_signal_name(enum control_signal s)
{
    return signals[s];
}

static int take_signal(struct arena *a, const json_t *o, struct control *c)
{
    const char *what = json_string_value(json_object_get(o, "what"));

    (void)a;
    for (int i = 0; what && i < CONTROL_SIGNALS; i++) {
        if (strcmp(what, signals[i]) != 0)
            continue;
        c->signal = (enum control_signal)i;
        return 0;
    }
    return ERR_SYNTAX;
}

static const struct {
    const char *name;
    take_fn *take;
} types[CONTROL_TYPES] = {
    [CONTROL_HELLO] = {"hello", take_hello},
    [CONTROL_PING] = {"ping", take_ping},
    [CONTROL_HAND] = {"hand", take_hand},
    [CONTROL_CHAT] = {"chat", take_chat},
    [CONTROL_MEDIA] = {"media", take_media},
    [CONTROL_WANT] = {"want", take_want},
    [CONTROL_STATS] = {"stats", take_stats},
    [CONTROL_LEAVE] = {"leave", take_nothing},
    [CONTROL_STAGE] = {"stage", take_person},
    [CONTROL_LOWER] = {"lower", take_person},
    [CONTROL_MUTE] = {"mute", take_mute},
    [CONTROL_REMOVE] = {"remove", take_person},
    [CONTROL_SLIDE] = {"slide", take_slide},
    [CONTROL_LOCK] = {"lock", take_on},
    [CONTROL_CHANNEL] = {"channel", take_lang},
    [CONTROL_BOOTH] = {"booth", take_lang},
    [CONTROL_HANDOVER] = {"handover", take_on},
    [CONTROL_SIGNAL] = {"signal", take_signal},
    [CONTROL_GO_LIVE] = {"go_live", take_nothing},
    [CONTROL_END] = {"end", take_nothing},
};

const char *control_type_name(int type)
{
    return type >= 0 && type < CONTROL_TYPES ? types[type].name : "";
}

static int type_of(const json_t *o)
{
    const char *name = json_string_value(json_object_get(o, "type"));

    for (int i = 0; name && i < CONTROL_TYPES; i++) {
        if (strcmp(name, types[i].name) == 0)
            return i;
    }
    return -1;
}

int control_parse(struct arena *a, str message, int *ret_type, struct control *ret_control)
{
    struct control c = {0};
    json_error_t err;
    json_t *o = NULL;
    int type, r = ERR_SYNTAX;

    if (message.n > MAX_WS_MESSAGE)
        return ERR_TOO_BIG;
    o = json_loadb(message.p ? message.p : "", message.n, JSON_REJECT_DUPLICATES, &err);
    if (!json_is_object(o))
        goto out;
    type = type_of(o);
    if (type < 0)
        goto out;
    if (ret_type)
        *ret_type = type;
    c.type = (enum control_type)type;
    r = types[type].take(a, o, &c);
    if (r == 0)
        *ret_control = c;
out:
    json_decref(o);
    return r;
}
