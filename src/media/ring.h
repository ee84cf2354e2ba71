/*
 * The last packets of one track, decrypted, shared by all its viewers: what is forwarded now, and
 * what is sent again when a viewer asks (RFC 4585 6.2.1). Owned by its track; one thread. Nothing
 * is allocated after ring_init.
 */
#ifndef MEDIA_RING_H
#define MEDIA_RING_H

#include "base/types.h"
#include "media/codec.h"
#include "media/vp8.h"

struct pkt;

/* One packet, decrypted and parsed once. */
struct ring_entry {
    struct pkt *pkt;        /* a reference; NULL: empty place */
    const uint8_t *payload; /* inside pkt */
    uint32_t seq;           /* extended: never wraps within a track */
    uint32_t ts;
    uint16_t n; /* of payload; 0: nothing but padding */
    bool is_marker;
    bool is_key;    /* video: the first packet of a key frame */
    uint8_t codec;  /* enum codec */
    uint8_t pad;    /* bytes of RTP padding that stand behind the payload and go along */
    struct vp8 vp8; /* of VP8; its picture_id always has 15 bits here */
};

struct ring {
    struct ring_entry *at;
    unsigned size; /* a power of two */
};

int ring_init(struct ring *r, unsigned size);
/* Takes over e's reference. ERR_REPLAY when it is there already, ERR_RANGE when it is older than
 * all that is kept. */
int ring_add(struct ring *r, const struct ring_entry *e, struct ring_entry **ret_entry);
/* NULL when it is not kept (any more). */
struct ring_entry *ring_by_seq(const struct ring *r, uint32_t seq);
/* Gives back all but the last `keep` packets before top and top itself. */
void ring_trim(struct ring *r, uint32_t top, unsigned keep);
/* Gives back every packet. Safe on a zeroed ring. */
void ring_done(struct ring *r);

#endif
