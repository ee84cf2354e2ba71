/*
 * A password checked or hashed on a worker's thread, for a page that waits for it: a tenth of a
 * second that no web thread and not the store may wait. Embed struct hash first; lives in the
 * exchange's arena. For routes with ROUTE_ASYNC.
 */
#ifndef WEB_HASH_H
#define WEB_HASH_H

#include "base/types.h"
#include "domain/account.h"
#include "web/worker.h"

struct exchange;
struct hash;

typedef void hash_done_fn(struct hash *h);

struct hash {
    struct job job;        /* its own */
    struct exchange *x;
    str known, old;        /* known set: `old` is checked against it first */
    str password;          /* to be hashed when that was right */
    hash_done_fn *done;    /* on x's web thread; x is deferred: visit_act_later or visit_finish */
    bool is_right;         /* true without `known` */
    int result;            /* of the hash: ERR_RANGE for a password that is too short or too long */
    char text[ACCOUNT_HASH_TEXT];
};

/* Defers x. When no worker is free, x is answered with "busy" and done is not called. */
void hash_start(struct hash *h);

#endif
