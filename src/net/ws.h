/*
 * A WebSocket connection (RFC 6455) on a loop: text messages both ways, frames by wslay. Owner: the
 * thread of the loop it was opened on, normally a media thread. Pings every 20 s; a peer that is
 * silent for 45 s is gone. What waits to be sent is bounded (MAX_WS_QUEUE): a peer that does not
 * read is cut, never waited for.
 */
#ifndef NET_WS_H
#define NET_WS_H

#include "base/types.h"
#include "net/http.h"

struct loop;
struct ws;

struct ws_events {
    void (*text)(struct ws *w, str message, void *ctx);
    /* Called once, whoever closed; afterwards the ws is freed by net. */
    void (*closed)(struct ws *w, int code, void *ctx);
};

/*
 * Checks the upgrade request of x (method, version 13, key, Origin equal to Host) and, when good,
 * takes the connection over and gives it in ret_takeover together with the Sec-WebSocket-Accept
 * answer to be sent first. On error x is answered 400/403/426 and nothing is taken. Web thread.
 */
struct ws_handover {
    struct http_takeover connection;
    char accept[32];
};
int ws_accept(struct exchange *x, struct ws_handover *ret_handover);
/* On the loop's own thread: sends the 101 and serves the connection. On error everything is closed.
 */
int ws_open(struct loop *l, struct ws_handover *h, const struct ws_events *events, void *ctx,
            struct ws **ret_ws);
/* Closes what was never opened. */
void ws_refuse(struct ws_handover *h);
/* Queues one text message; ERR_FULL when the peer does not read (it is then being closed). Copies.
 */
int ws_send(struct ws *w, str message);
/* Bytes of messages that have not gone to the system yet. */
size_t ws_waiting(const struct ws *w);
/* Sends a close frame with code and reason, then closes; `closed` is called later, from the loop.
 */
void ws_close(struct ws *w, int code, str reason);
void ws_set_ctx(struct ws *w, void *ctx);

#endif
