/*
 * Who is in the room and who fills the slots. There are two programmes: what is on air, and what
 * backstage viewers get, which is everybody (practice room). Each is elected once for all its
 * viewers. Owned by the sfu; its media thread.
 */
#ifndef MEDIA_SFU_ROOM_H
#define MEDIA_SFU_ROOM_H

#include "base/limits.h"
#include "media/channel.h"
#include "media/sfu.h"

struct ring_entry;
struct sfu;
struct slot;
struct track;

enum {
    ROOM_VOICES = 3, /* A0..A2; A3 belongs to the interpretation channel */
    ROOM_BATCH = 64, /* packets forwarded in one walk over the viewers: a recvmmsg */
    ROOM_CNAME = 16,
};

struct programme {
    struct track *audio[ROOM_VOICES], *video[SFU_VIDEO_SLOTS];
    struct track *channel[SFU_CHANNELS + 1]; /* [0]: always NULL, the floor */
    bool is_speaking[SFU_CHANNELS + 1];
    usec audio_since[ROOM_VOICES], video_since;
    int64_t told_audio[ROOM_VOICES],
        told_video[SFU_VIDEO_SLOTS]; /* persons that events have named */
    int64_t told_channel[SFU_CHANNELS + 1];
    bool told_speaking[SFU_CHANNELS + 1];
};

enum programme_kind { PROGRAMME_ON_AIR, PROGRAMME_BACKSTAGE, PROGRAMMES };

struct sfu_room {
    struct sfu_room *next;
    struct sfu *sfu;
    int64_t id;
    unsigned ways; /* bits 1 << enum addr_way */
    char cname[ROOM_CNAME + 1];
    struct sfu_peer *ups[MAX_ROOM_PEERS], *downs[MAX_ROOM_PEERS]; /* oldest first */
    unsigned nups, ndowns;
    struct programme programmes[PROGRAMMES];
    int64_t stage;
    int64_t speaker; /* loudest on air; 0: silence */
    usec speaker_since;
    bool is_stale;       /* who fills the slots must be decided anew */
    usec elect_due, due; /* due: of the room's peers */
    struct {
        struct track *track;
        uint32_t seq;
    } batch[ROOM_BATCH]; /* came, not yet forwarded */
    unsigned nbatch;
    unsigned nserved, served_first; /* viewers that have the batch; who is the first of them */
};

int sfu_room_add(struct sfu_room *r, struct sfu_peer *p);
/* Takes the peer out: no slot, programme or batch points to its tracks any more. */
void sfu_room_remove(struct sfu_room *r, struct sfu_peer *p);
/* NULL: no such track (any more). */
struct track *sfu_room_track_by_id(const struct sfu_room *r, uint32_t id);
/* Whether this viewer may get this track: never one's own, never what is muted, never practice for
 * the audience. */
bool sfu_room_may_see(const struct sfu_peer *viewer, const struct track *t);
/* Lets a viewer's slots follow its programme: after it connected, after sfu_peer_want. */
void sfu_room_show(struct sfu_room *r, struct sfu_peer *viewer);
/* Decides who fills the slots, every 100 ms and when is_stale; tells viewers and events. */
void sfu_room_tick(struct sfu_room *r, usec now);

#endif
