/*
 * What must last of a room: a struct of functions that app fills with works for the store thread.
 * live calls them on its media thread, in order; each one posts a message and returns at once. live
 * itself never touches the store. Times are UTC.
 */
#ifndef LIVE_RECORD_PORT_H
#define LIVE_RECORD_PORT_H

#include "base/types.h"

struct memory_chat;
struct memory_person;

struct record_port {
    /* Attendance: one interval per control connection; `connection` is random, 63 bits, never used
     * twice. */
    void (*joined)(void *ctx, int64_t seminar_id, int64_t person_id, int64_t connection, usec at);
    /* Every 15 s, all open connections of one room; the numbers are copied by the callee. */
    void (*seen)(void *ctx, int64_t seminar_id, const int64_t *connections, size_t n, usec at);
    void (*left)(void *ctx, int64_t seminar_id, int64_t connection, usec at);
    /* The room has ended: whatever is still open ends now. */
    void (*closed)(void *ctx, int64_t seminar_id, usec at);
    /* domain/seminar.h: SEMINAR_PRACTICE, SEMINAR_LIVE or SEMINAR_ENDED; by whom. */
    void (*state)(void *ctx, int64_t seminar_id, int64_t by_person_id, int state, usec at);
    /* person_id 0: nobody is on stage; by whom. */
    void (*stage)(void *ctx, int64_t seminar_id, int64_t by_person_id, int64_t person_id, usec at);
    /* What a restart must not lose (domain/memory.h); the callee copies. deck 0: none is shown. */
    void (*slide)(void *ctx, int64_t seminar_id, int64_t deck, int number);
    void (*lock)(void *ctx, int64_t seminar_id, bool is_on);
    void (*person)(void *ctx, int64_t seminar_id, const struct memory_person *p);
    void (*place)(void *ctx, int64_t seminar_id, int64_t person_id, str token);
    void (*chat)(void *ctx, int64_t seminar_id, const struct memory_chat *m);
    void *ctx;
};

#endif
