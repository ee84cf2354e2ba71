/*
 * The way of a packet, top to bottom: demultiplexing, decryption, keeping, forwarding. No system
 * call, no clock, no allocation; what must be refused is refused with a reason (media/drop.h).
 */
#ifndef MEDIA_PATH_H
#define MEDIA_PATH_H

#include "base/types.h"

struct pkt;
struct ring_entry;
struct sfu;
struct sfu_peer;
struct sfu_room;
struct slot;
struct span;
struct track;

/* A datagram has come. Takes over the reference. */
void path_rx(struct sfu *s, struct pkt *p, usec now);
/* Forwards what the room has collected: for each viewer, for each packet, so that runs to one
 * address are adjacent. */
void path_flush(struct sfu_room *r);
/* Shows a newcomer the track's recent key frame and all that followed it; false: a key frame must
 * be asked for. The room's batch must be empty, otherwise its packets would go out twice. */
bool path_replay(struct sfu_peer *viewer, struct slot *slot, struct track *t);
/* Sends a kept packet again by RTX (RFC 4588). */
void path_resend(struct sfu_peer *viewer, struct slot *slot, const struct span *span,
                 const struct ring_entry *e);

#endif
