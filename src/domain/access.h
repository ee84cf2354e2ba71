/*
 * How the layers above come to the record without seeing the store: a thread's own connection for
 * reading, and changes that run on the store thread. Nothing here knows SQL but the one statement
 * that asks whether the store answers.
 */
#ifndef DOMAIN_ACCESS_H
#define DOMAIN_ACCESS_H

#include "base/types.h"

struct db;
struct queue;
struct sb;
struct writer;

/* On the store thread, inside the transaction; an error undoes this change alone. */
typedef int access_act_fn(struct db *db, void *ctx);
/* After the commit, on the thread of the answer queue (without one: on the store thread). */
typedef void access_done_fn(int result, void *ctx);

struct change {
    access_act_fn *act;
    access_done_fn *done;
    struct queue *answer; /* may be NULL */
    bool is_aside;        /* no reader's page must show it at once: see store/writer.h */
    void *ctx;
};

/* A connection for reading, for the calling thread alone. */
int access_open(const char *path, struct db **ret_db);
/* 0 when the store answers. */
int access_check(struct db *db);
/* From here to access_release everything that is read is of one moment. */
int access_hold(struct db *db);
void access_release(struct db *db);
/* NULL-safe. */
void access_close(struct db *db);

/* c is copied. ERR_FULL, ERR_MEM: nothing will be called. Any thread. */
int access_put(struct writer *w, const struct change *c);
/* As access_put, but a full queue does not refuse it: for what has happened already. */
int access_record(struct writer *w, const struct change *c);
/* Another number after every change that is not aside, before it is acknowledged. Any thread. */
uint64_t access_version(const struct writer *w);
/* The state of the store, for a person: the writer, the file as this connection sees it, slow
 * statements. */
void access_print(struct writer *w, const struct db *db, struct sb *to);

#endif
