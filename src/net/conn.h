/*
 * A connection of the edge, inside net only: its stream, buffers, deadlines (conn.c), the talk on
 * it (dialog.c, h2.c). Owner: the web thread that it lives on (worker.h).
 *
 *   server.c   accept ──▶ conn.c   stream (plain | TLS), input buffer, deadlines, lists
 *                            │
 *                         entry.c   what does it speak?
 *                            │ bytes
 *                         dialog.c  h1 head → body → exchange → reply;  h2.c for each stream
 *                            │ struct exchange
 *                         dispatch (web, live)
 */
#ifndef NET_CONN_H
#define NET_CONN_H

#include "base/addr.h"
#include "base/types.h"
#include "net/h1.h"
#include "net/http.h"
#include "net/loop.h"
#include "net/reply.h"
#include "net/stream.h"
#include "net/worker.h"

struct h2;
struct h2_stream;

/* A body or an answer that moves 4 kB in its time is slow, not hostile. */
enum { MOVED_BYTES = 4096 };

/*
 *   FIRST ─▶ SHAKE ─▶ … see entry.c
 *   HEAD ─▶ BODY ─▶ BUSY (the handler has it) ─▶ REPLY ─▶ HEAD …
 *     └──────┴── refused ──────────────────────▶ REPLY ─▶ LINGER
 * LINGER reads and throws away, so that the answer arrives.
 */
enum conn_state { CONN_FIRST, CONN_SHAKE, CONN_HEAD, CONN_BODY, CONN_BUSY, CONN_REPLY, CONN_LINGER,
                  CONN_H2 };

struct conn {
    struct worker *worker;
    struct conn_list *list;
    struct conn *prev, *next;
    struct stream stream;
    struct loop_fd *fd;
    /* Fires at or before the deadline; most deadlines move on before that. */
    struct loop_timer timer;
    struct loop_timer resume; /* goes on in the next round */
    unsigned nreads;          /* in this round, as is the next */
    size_t nsent;
    usec deadline; /* 0: none */
    usec listed_at;
    usec moved_at; /* when the last MOVED_BYTES of a body had come or of an answer had gone */
    size_t moved;  /* since then */
    size_t held; /* bytes of its exchanges that wait for the client */
    enum conn_state state;
    uint64_t peer_prefix;
    uint16_t peer_country;
    /* input that is not taken yet: in[at .. nin) */
    uint8_t *in;
    size_t at, nin, in_room;
    size_t looked; /* h1_head_end's memory */
    /* the exchange */
    struct exchange *x;
    struct h1_body framing;
    struct body body;
    struct reply reply;
    struct h2 *h2; /* CONN_H2 */
    size_t sent; /* of head and body together */
    bool keep_alive, is_http10;
    bool is_refused; /* input may still come that nobody wants */
    bool in_dispatch, is_dead, is_taken;
};

/* ---- conn.c ---- */
/* Takes the descriptor, also on failure. */
int conn_new(struct worker *w, int fd, const struct addr *peer);
/* Closes. The memory stays while a handler has the exchange (is_dead), and goes when it is
 * finished. */
void conn_end(struct conn *c);
/* Gives all away but is_framed of ret_raw; when it fails the connection stays. */
int conn_release(struct conn *c, struct server_raw *ret_raw);
/* Reads once. 0, ERR_BUSY, ERR_CLOSED, ERR_IO, ERR_MEM, ERR_FULL (the buffer is full). */
int conn_fill(struct conn *c);
/* The first n bytes of the input are done with. */
void conn_take(struct conn *c, size_t n);
void conn_want(struct conn *c, uint32_t events);
void conn_set_deadline(struct conn *c, usec at); /* 0: none */
/* The exchange's memory goes; the connection is ready for the next one. */
void conn_drop_exchange(struct conn *c);
/* One connection may not read for ever while others wait: true when it has to go on in the next
 * round, for which this call cares. */
bool conn_must_pause(struct conn *c);
/* As it may not write for ever: n bytes more went out. */
bool conn_must_rest(struct conn *c, size_t n);
/* Goes on in the next round. */
void conn_resume(struct conn *c);
/* n bytes more have come or gone: a byte now and then is no progress. */
void conn_move(struct conn *c, size_t n);
/* Into the list of idle or of busy ones, at its end. */
void conn_set_list(struct conn *c, struct conn_list *list);
/* Makes room for another one: ends who idles longest, or else who has let us wait longest. Never
 * one that we work for; false when there are only such. */
bool conn_end_oldest(struct worker *w);
/* Ends the one that holds most memory; false when none holds any. */
bool conn_end_fullest(struct worker *w);

/* ---- entry.c ---- */
/* Goes on as far as it can; false when the connection is gone. */
bool entry_run(struct conn *c);

/* ---- dialog.c ---- */
/* Goes on as far as it can; false when the connection is gone. */
bool dialog_run(struct conn *c);
/* The deadline has passed; false when the connection is gone. */
bool dialog_timeout(struct conn *c);
/* The body that arrives gives its room to another one: 408, in the next round. */
void dialog_cut(struct conn *c);

/* ---- h2.c ---- */
/* After the handshake that chose h2. ERR_MEM. */
int h2_start(struct conn *c);
/* As those of dialog.c. */
bool h2_run(struct conn *c);
bool h2_timeout(struct conn *c);
/* Says GOAWAY; ends at once when nothing runs. */
void h2_stop(struct conn *c);
void h2_cut(struct h2_stream *s); /* as dialog_cut */
/* Does a handler of ours work for it? */
bool h2_is_busy(const struct h2 *h);
/* The connection is gone; true when handlers still have exchanges of it. */
bool h2_end(struct conn *c);
void h2_free(struct h2 *h); /* NULL-safe */

/* ---- server.c ---- */
/* Who is at the other end. ERR_CLOSED, ERR_IO. */
int server_peer(int fd, struct addr *ret_peer);

#endif
