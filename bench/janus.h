/*
 * Joins a room of Janus' videoroom plugin over its HTTP interface: publishers offer, viewers answer
 * what Janus offers. Blocking; before anything is measured. Spec:
 * https://janus.conf.meetecho.com/docs/videoroom.html
 */
#ifndef BENCH_JANUS_H
#define BENCH_JANUS_H

#include "base/types.h"

struct arena;
struct janus;
struct offer_end;

/* Opens a session and makes the room. where: "127.0.0.1:8088". */
int janus_new(const char *where, struct janus **ret_janus);
/* Feed 1, 2 … publishes; Janus' answer lives in the arena. */
int janus_publish(struct janus *j, struct arena *a, unsigned feed, str offer, str *ret_answer);
/* Subscribes to feeds 1 to nfeeds; Janus' offer lives in the arena. What it is answered goes to
 * janus_answer. */
int janus_view(struct janus *j, struct arena *a, unsigned nfeeds, str *ret_offer,
               uint64_t *ret_handle);
int janus_answer(struct janus *j, struct arena *a, uint64_t handle, str answer);
/* NULL-safe. */
void janus_free(struct janus *j);

#endif
