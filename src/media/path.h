/*
 * The way of a packet, top to bottom: demultiplexing, decryption, keeping, forwarding. No system
 * call, no clock, no allocation; what must be refused is refused with a reason (media/drop.h).
 */
#ifndef MEDIA_PATH_H
#define MEDIA_PATH_H

#include "base/types.h"

struct bwe_plan;
struct pkt;
struct ring_entry;
struct sfu;
struct sfu_peer;
struct sfu_room;
struct slot;
struct track;

/* A datagram has come. Takes over the reference. */
void path_rx(struct sfu *s, struct pkt *p, usec now);
/* One packet of a track to the slots of a viewer that know it. */
void path_forward(struct sfu_peer *viewer, struct track *t, const struct ring_entry *e);
/* Forwards what the room has collected: for each viewer, for each packet, so that runs to one
 * address are adjacent. */
void path_flush(struct sfu_room *r);
/* The same until about max packets more stand in the out queue; the rest follows when it is called
 * again. Each batch begins with another viewer. */
void path_flush_some(struct sfu_room *r, unsigned max);
/* Shows a newcomer the track's recent key frame and all that followed it; false: a key frame must
 * be asked for, also when the kept one is from behind a gate. The room's batch must be empty,
 * otherwise its packets would go out twice. */
bool path_replay(struct sfu_peer *viewer, struct slot *slot, struct track *t);
/* Sends a kept packet again by RTX (RFC 4588), as the slot called it; false: it is not kept, or may
 * not be shown any more. Gates hold here as for the first sending. */
bool path_resend(struct sfu_peer *viewer, struct slot *slot, uint16_t number);
/* … when the line has room, and not before `at`. */
void path_resend_later(struct sfu_peer *viewer, const struct slot *slot, uint16_t number, usec at);
/* Whether the packet is kept for that, and may be shown. */
bool path_is_kept(const struct sfu_peer *viewer, const struct slot *slot, uint16_t number);
/* Padding as planned, through a slot that takes RTX and transport-wide numbers. */
void path_probe(struct sfu_peer *viewer, const struct slot *slot, const struct bwe_plan *plan);
/* Sends what has waited, as far as the line has room. */
void path_release(struct sfu_peer *viewer, usec now);
/* Whether pieces of the track's newest key frame wait for the slot: one asked for in its place
 * would come later. */
bool path_key_waits(const struct sfu_peer *viewer, const struct slot *slot, const struct track *t);

#endif
