/*
 * WHIP and WHEP over HTTP: the route table and both ends of each exchange. A web thread reads the
 * request into a task, the media thread runs it against the room, the web thread sends the answer.
 * Spec: RFC 9725, RFC 9457; docs/protocol.md.
 */
#ifndef LIVE_WHIP_H
#define LIVE_WHIP_H

#include "base/types.h"
#include "media/sfu.h"
#include "net/route.h"

struct exchange;
struct hall;
struct room;

extern const struct route whip_routes[];
extern const size_t nwhip_routes;

/* What the media thread needs to know of a request. Lives in the exchange's arena; texts too. */
struct whip_task {
    enum whip_do { WHIP_OPEN, WHIP_PATCH, WHIP_CLOSE } what;
    enum sfu_role role;
    str slug, token, id, etag, body, rung;
    struct hall *hall; /* of the room; set by live_submit */
};

/* Media thread: does it and leaves the answer in x. room NULL: nobody has opened that seminar's
 * room. */
void whip_run(struct exchange *x, const struct whip_task *t, struct room *room, usec now);

#endif
