/*
 * The one thing that whip.c needs of live.c: the way to the media thread. A route has no context,
 * so live.c remembers the live of this process.
 */
#ifndef LIVE_LIVE_I_H
#define LIVE_LIVE_I_H

struct exchange;
struct whip_task;

/* Defers x and carries it to the media thread and back. ERR_CLOSED: live is not running, x is not
 * deferred. */
int live_submit(struct exchange *x, struct whip_task *t);

#endif
