/*
 * Interpretation: a voice is on the floor (A0 to A2) or in one channel, never in both, and A3 of
 * each viewer carries the channel that this viewer has chosen. Part of media/sfu.h: same thread,
 * same rules of practice and of mute.
 */
#ifndef MEDIA_CHANNEL_H
#define MEDIA_CHANNEL_H

#include "base/types.h"

struct sfu_peer;
struct sfu_room;

/* Interpretation channels are 1 to SFU_CHANNELS; as many as a seminar may have languages. */
enum { SFU_CHANNELS = 12, SFU_FLOOR = 0, SFU_NOWHERE = -1 };

/* UP: its voice goes into this channel and not to the floor; SFU_FLOOR (at first): to the floor;
 * SFU_NOWHERE: nobody hears it. The newest of two in one channel is heard. */
void sfu_peer_speak(struct sfu_peer *p, int channel, usec now);
/* DOWN: the channel that A3 carries; SFU_FLOOR (at first): none. */
void sfu_peer_listen(struct sfu_peer *p, int channel, usec now);
/* Whose voice is in the channel now, on air or for the backstage; 0: nobody's. */
int64_t sfu_room_channel(const struct sfu_room *r, int channel, bool is_backstage,
                         bool *ret_is_speaking);

#endif
