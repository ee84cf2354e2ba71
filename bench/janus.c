#include "janus.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "call.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

enum { ROOM = 4711, POLLS = 50 };

struct janus {
    const char *where;
    uint64_t session;
};

/* Sends a request (and drops it); the reply is the caller's. */
static int post(struct janus *j, struct arena *a, uint64_t handle, json_t *request,
                json_t **ret_reply)
{
    const char *base = j->session ? arena_printf(a, "/janus/%" PRIu64, j->session).p : "/janus";
    const char *path = handle ? arena_printf(a, "%s/%" PRIu64, base, handle).p : base;
    char *text = json_dumps(request, JSON_COMPACT);
    struct call c = {.where = j->where,
                     .method = "POST",
                     .path = path,
                     .type = "application/json",
                     .body = str_c(text)};
    json_t *reply;
    int r = call_http(a, &c);

    free(text);
    json_decref(request);
    if (r < 0)
        return r;
    reply = json_loadb(c.reply.p, c.reply.n, 0, NULL);
    if (!reply || json_object_get(reply, "error")) {
        fprintf(stderr, "janus: %.*s\n", STR(c.reply));
        json_decref(reply);
        return ERR_CONFLICT;
    }
    *ret_reply = reply;
    return 0;
}

static int post_for_id(struct janus *j, struct arena *a, json_t *request, uint64_t *ret_id)
{
    json_t *reply;
    int r = post(j, a, 0, request, &reply);

    if (r < 0)
        return r;
    *ret_id = (uint64_t)json_integer_value(json_object_get(json_object_get(reply, "data"), "id"));
    json_decref(reply);
    return *ret_id ? 0 : ERR_SYNTAX;
}

static int attach(struct janus *j, struct arena *a, uint64_t *ret_handle)
{
    return post_for_id(j, a,
                       json_pack("{s:s,s:s,s:s}", "janus", "attach", "plugin",
                                 "janus.plugin.videoroom", "transaction", "bench"),
                       ret_handle);
}

/* body and jsep (may be NULL) are taken over. */
static int message(struct janus *j, struct arena *a, uint64_t handle, json_t *body, json_t *jsep)
{
    json_t *request =
               json_pack("{s:s,s:s,s:o}", "janus", "message", "transaction", "bench", "body", body),
           *reply;
    int r;

    if (jsep)
        json_object_set_new(request, "jsep", jsep);
    r = post(j, a, handle, request, &reply);
    if (r == 0)
        json_decref(reply);
    return r;
}

static json_t *jsep(const char *type, str sdp)
{
    return json_pack("{s:s,s:s%}", "type", type, "sdp", sdp.p, sdp.n);
}

/* 1: the description was in this event. */
static int look(struct arena *a, const json_t *event, uint64_t handle, str *ret_sdp)
{
    const json_t *data = json_object_get(json_object_get(event, "plugindata"), "data");
    const json_t *sdp = json_object_get(json_object_get(event, "jsep"), "sdp");

    if ((uint64_t)json_integer_value(json_object_get(event, "sender")) != handle)
        return 0;
    if (json_object_get(data, "error")) {
        fprintf(stderr, "janus: %s\n", json_string_value(json_object_get(data, "error")));
        return ERR_CONFLICT;
    }
    if (!sdp)
        return 0;
    *ret_sdp = arena_str(a, (str){json_string_value(sdp), json_string_length(sdp)});
    return ret_sdp->p ? 1 : ERR_MEM;
}

/* The description that this handle's next events bring. */
static int wait_sdp(struct janus *j, struct arena *a, uint64_t handle, str *ret_sdp)
{
    const char *path = arena_printf(a, "/janus/%" PRIu64 "?maxev=50", j->session).p;
    int r = 0;

    for (unsigned i = 0; i < POLLS && r == 0; i++) {
        struct call c = {.where = j->where, .method = "GET", .path = path};
        json_t *events, *event;
        size_t at;

        r = call_http(a, &c);
        if (r < 0)
            break;
        events = json_loadb(c.reply.p, c.reply.n, 0, NULL);
        json_array_foreach(events, at, event)
        {
            if (r == 0)
                r = look(a, event, handle, ret_sdp);
        }
        json_decref(events);
    }
    if (r == 0)
        r = ERR_TIMEOUT;
    return r < 0 ? r : 0;
}

int janus_new(const char *where, struct janus **ret_janus)
{
    struct janus *j = calloc(1, sizeof(*j));
    struct arena *a = arena_new();
    uint64_t handle;
    int r = j && a ? 0 : ERR_MEM;

    if (r < 0)
        goto out;
    j->where = where;
    r = post_for_id(j, a, json_pack("{s:s,s:s}", "janus", "create", "transaction", "bench"),
                    &j->session);
    if (r < 0)
        goto out;
    r = attach(j, a, &handle);
    if (r < 0)
        goto out;
    r = message(j, a, handle,
                json_pack("{s:s,s:i,s:i,s:s,s:s,s:b}", "request", "create", "room", ROOM,
                          "publishers", 16, "videocodec", "vp8", "audiocodec", "opus",
                          "notify_joining", 0),
                NULL);
    if (r < 0)
        goto out;
    *ret_janus = j;
    j = NULL;
out:
    arena_free(a);
    free(j);
    return r;
}

int janus_publish(struct janus *j, struct arena *a, unsigned feed, str offer, str *ret_answer)
{
    uint64_t handle;
    int r = attach(j, a, &handle);

    if (r < 0)
        return r;
    r = message(j, a, handle,
                json_pack("{s:s,s:s,s:i,s:i}", "request", "joinandconfigure", "ptype", "publisher",
                          "room", ROOM, "id", (int)feed),
                jsep("offer", offer));
    return r < 0 ? r : wait_sdp(j, a, handle, ret_answer);
}

int janus_view(struct janus *j, struct arena *a, unsigned nfeeds, str *ret_offer,
               uint64_t *ret_handle)
{
    json_t *streams;
    int r = attach(j, a, ret_handle);

    if (r < 0)
        return r;
    streams = json_array();
    for (unsigned i = 1; i <= nfeeds; i++)
        json_array_append_new(streams, json_pack("{s:i}", "feed", (int)i));
    r = message(j, a, *ret_handle,
                json_pack("{s:s,s:s,s:i,s:o}", "request", "join", "ptype", "subscriber", "room",
                          ROOM, "streams", streams),
                NULL);
    return r < 0 ? r : wait_sdp(j, a, *ret_handle, ret_offer);
}

int janus_answer(struct janus *j, struct arena *a, uint64_t handle, str answer)
{
    return message(j, a, handle, json_pack("{s:s}", "request", "start"), jsep("answer", answer));
}

void janus_free(struct janus *j)
{
    free(j);
}
