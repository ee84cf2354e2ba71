/*
 * VP8 payload descriptors (RFC 7741 4.2) and as much of the frame header (RFC 6386 9.1) as
 * forwarding needs. Pure functions over bytes, any thread.
 *
 *     |X|R|N|S|R| PID |   required
 *  X: |I|L|T|K| RSV   |   I: picture id, L: TL0PICIDX, T: TID and Y, K: KEYIDX
 *  I: |M| PictureID   |   M: 15 bits, otherwise 7
 *     |   PictureID   |
 *  L: |   TL0PICIDX   |
 *  T/K:|TID|Y| KEYIDX |
 */
#ifndef MEDIA_VP8_H
#define MEDIA_VP8_H

#include "base/types.h"

struct wr;

enum { VP8_MAX_DESCRIPTOR = 6 };

struct vp8 {
    uint8_t n;             /* bytes of the descriptor */
    bool is_start;         /* the first packet of a frame: S = 1 and PID = 0 */
    bool is_key;           /* is_start, and the frame is a key frame */
    bool is_non_reference; /* N: may be dropped without harm */
    bool s;
    uint8_t partition; /* PID */
    bool has_picture_id, is_long_id, has_tl0, has_tid, has_key_idx;
    bool y; /* layer sync: this layer can be entered here */
    uint16_t picture_id;
    uint8_t tl0, tid, key_idx;
    uint16_t width, height; /* of a key frame; 0 otherwise */
};

/* The payload of one RTP packet. ERR_TRUNCATED when the descriptor or nothing behind it fits. */
int vp8_parse(const uint8_t *p, size_t n, struct vp8 *ret_vp8);
/*
 * Writes a descriptor with the fields of v; a picture id is always written with 15 bits, so ids of
 * several sources go on in one slot. At most VP8_MAX_DESCRIPTOR bytes: the `front` of srtp_parts,
 * the payload then starts at v->n.
 */
void vp8_write(struct wr *w, const struct vp8 *v);

#endif
