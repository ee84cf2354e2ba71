/*
 * A client of HTTP/2 (nghttp2) on the other end of an edge's pair.
 *
 *   guest_ask ─▶ [session] ─ socket pair ─ [conn → h2.c] ─▶ the test's dispatcher
 */
#ifndef TESTS_NET_GUEST_H
#define TESTS_NET_GUEST_H

#include "base/str.h"
#include "edge.h"

#include <nghttp2/nghttp2.h>
#include <string.h>

enum { GUEST_ANSWERS = 256 };

struct heard {
    int32_t id;
    int status;
    char encoding[16], etag[32], location[64];
    size_t nbody, length;
    char body[128];
    bool is_closed;
    uint32_t error;
};

struct guest {
    struct edge e;
    nghttp2_session *session;
    struct heard heard[GUEST_ANSWERS];
    size_t nheard;
    bool has_goaway;
    uint32_t goaway_error;
    str upload;
};

/* Clients that are made while it is true open no window by themselves. */
extern bool guest_is_stingy;

/* A client, and a connection that does not speak HTTP/2 yet. */
void guest_come(struct guest *g, http_dispatch_fn *dispatch);
void guest_open(struct guest *g, http_dispatch_fn *dispatch);
void guest_close(struct guest *g);
/* Bytes one way, as far as they go; false when there are none. */
bool guest_say(struct guest *g);
bool guest_hear(struct guest *g);
/* Until nothing moves any more. before and behind: called around what the server does. */
void guest_talk_without(struct guest *g, void (*before)(void), void (*behind)(void));
void guest_talk(struct guest *g);
/* A request with one more field; its number. With g->upload it has a body. */
int32_t guest_ask(struct guest *g, const char *method, const char *path, const char *name,
                  const char *value);
/* Asks and talks. */
struct heard *guest_get(struct guest *g, const char *path);
struct heard *guest_heard(struct guest *g, int32_t id);

#define NV(name, value)                                                                            \
    {                                                                                              \
        (uint8_t *)(name), (uint8_t *)(value), strlen(name), strlen(value), NGHTTP2_NV_FLAG_NONE   \
    }

#endif
