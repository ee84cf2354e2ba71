/*
 * A whole live with two media threads over real sockets, and what tests do with it from outside:
 *
 *     guest (a WebSocket by hand) ══ hall ── room      the test ── question ──▶ hall, on its thread
 */
#ifndef TESTS_LIVE_HALLS_H
#define TESTS_LIVE_HALLS_H

#include "base/addr.h"
#include "base/queue.h"
#include "base/types.h"
#include "media/ice.h"
#include "media/sfu.h"
#include "media/turn_cred.h"

#include <semaphore.h>

struct arena;
struct hall;
struct live;

enum { HALLS_PATIENCE_S = 60, HALLS_AGAIN_MS = 300 };
enum {
    HALLS_TRIES = HALLS_PATIENCE_S * 1000 / HALLS_AGAIN_MS,
    HALLS_WAITS = HALLS_PATIENCE_S * 1000, /* of a millisecond */
    HALLS_TOKEN = 64
};

/* Setup and teardown: the state is the live. */
int halls_open(void **state);
int halls_open_without_gso(void **state);
int halls_close(void **state);
struct hall *halls_at(const struct live *l, unsigned i);
/* Where the seminar's room is; -1: it is not open. */
int halls_by_seminar(const struct live *l, int64_t seminar);
/* What the record was told since halls_open. */
unsigned halls_joined(void);
unsigned halls_left(void);

/* Asked of a hall and answered on its thread. */
struct question {
    struct msg msg;
    struct hall *hall;
    int64_t seminar;
    str token;
    enum sfu_role role;
    str offer;           /* unset: that of Chromium */
    struct arena *arena; /* the answer lives there; NULL: it is not wanted */
    struct addr addr;    /* of a socket of the test */
    int result;
    str answer;
    char ufrag[ICE_UFRAG + 1], pwd[ICE_PWD + 1];
    struct turn_cred cred;
    unsigned drops[2]; /* of datagrams from a known address; from an unknown one */
    unsigned nobodys;  /* checks for a name that nobody has */
    unsigned unread;   /* RTP, RTCP and DTLS that was refused, for whatever reason */
    unsigned allocations;
    bool has_gso;
    unsigned handed, moved; /* to the other hall: datagrams; streams */
    sem_t done;
};

/* Opens a session of the person with this token. */
void halls_run_open(struct msg *m, void *ctx);
/* As if no check had come from q->addr for as long as it is held. ERR_NOT_FOUND: no peer's. */
void halls_run_silence(struct msg *m, void *ctx);
/* Adds the hall's counters to the question's. */
void halls_run_count(struct msg *m, void *ctx);
/* Returns when `run` has called sem_post(&q->done). */
void halls_ask(struct hall *h, struct question *q, msg_fn *run);
/* All that the halls were sent before has been done. */
void halls_settle(const struct live *l);

/* A person whose page is connected. */
struct guest {
    int fd;
    int64_t seminar;
    char token[HALLS_TOKEN + 1];
};

struct guest halls_come(struct live *l, int64_t seminar, int64_t person);
void halls_leave(struct guest *g);
void halls_wait_closed(struct live *l, int64_t seminar);
void halls_take_bytes(int fd, void *to, size_t n);

#endif
