/*
 * What the files of live need of live.c: whip.c the way to the media thread (a route has no
 * context, so live.c remembers the live of this process), events.c the rooms.
 */
#ifndef LIVE_LIVE_I_H
#define LIVE_LIVE_I_H

struct exchange;
struct live;
struct room;
struct sfu_events;
struct whip_task;

/* What the sfu says goes to the room that it is about; ctx is the live. Media thread. */
extern const struct sfu_events live_events;
struct room *const *live_rooms(const struct live *l, unsigned *ret_n);

/* Defers x and carries it to the media thread and back. ERR_CLOSED: live is not running, x is not
 * deferred. */
int live_submit(struct exchange *x, struct whip_task *t);

#endif
