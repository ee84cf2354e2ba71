/*
 * RTP packets (RFC 3550 5.1) with header extensions (RFC 8285), retransmission payloads (RFC 4588)
 * and a look into RED (RFC 2198). Pure functions over bytes: no state, no allocation, any thread.
 * Results point into the packet given.
 *
 *      0                   1                   2                   3
 *     |V=2|P|X|  CC   |M|     PT      |       sequence number         |
 *     |                           timestamp                           |
 *     |                             SSRC                              |
 *     |                       CSRC × CC (dropped)                     |
 *     |      profile 0xBEDE / 0x100X  |   length in 32-bit words      |  if X
 *     |                      extension elements                       |
 */
#ifndef MEDIA_RTP_H
#define MEDIA_RTP_H

#include "base/types.h"

struct wr;

enum {
    RTP_HEADER = 12,      /* without CSRC and extension */
    RTP_MAX_HEADER = 128, /* rtp_write makes 84 at most: 12, 4, and all of enum rtp_ext */
    RTP_TWCC_BYTES = 8,   /* a transport-wide number with all that is around it */
    RTP_RTX_BYTES = 2,    /* original sequence number before a repeated payload (RFC 4588 4) */
    RTP_RED_BLOCKS = 4,   /* browsers send two, three on a bad line */
    RTP_RED_BACK = 1 << 14,
    RTP_RED_LENGTH = 1 << 10,
    RTP_RED_HEADS = 5, /* of one older block and of the packet's own */
    RTP_PADDED = 0x20, /* P, in the first byte: the payload's last byte says how many are padding */
    RTP_MAX_NAME = 16, /* a longer MID or RID is not carried on packets */
};

/* What the house understands of header extensions; the ids are the offer's (a=extmap), echoed. */
enum rtp_ext {
    RTP_EXT_LEVEL,    /* urn:ietf:params:rtp-hdrext:ssrc-audio-level, RFC 6464 */
    RTP_EXT_TWCC,     /* transport-wide sequence number,
                         draft-holmer-rmcat-transport-wide-cc-extensions-01 */
    RTP_EXT_ABS_TIME, /* http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time */
    RTP_EXT_MID,      /* urn:ietf:params:rtp-hdrext:sdes:mid, RFC 9143 */
    RTP_EXT_RID,      /* urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id, RFC 8852 */
    RTP_EXT_RRID,     /* urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id, RFC 8852 */
    RTP_EXT_COUNT
};

/* id[kind] is the number on the wire, 1-255 (15 and above force the two-byte form); 0: not
 * negotiated. */
struct rtp_ext_ids {
    uint8_t id[RTP_EXT_COUNT];
};

struct rtp {
    uint32_t ts, ssrc;
    uint16_t seq;
    uint8_t pt;
    bool marker;
    uint16_t header_n;  /* fixed header, CSRC and extension */
    uint16_t profile;   /* of the extension; 0: none */
    const uint8_t *ext; /* its elements */
    size_t ext_n;
    const uint8_t *payload; /* without padding */
    size_t payload_n;       /* 0: padding only (a probe, or Chromium's filler) */
    size_t padding_n;       /* set by rtp_parse alone */
};

/* Values of one packet; in rtp_write those that are set and have an id are written. */
struct rtp_exts {
    bool has_level, has_twcc, has_abs_time;
    bool is_voice; /* V bit of RFC 6464 */
    uint8_t level; /* -dBov: 0 loud, 127 silence */
    uint16_t twcc;
    uint32_t abs_time;  /* 24 bits: seconds in 6.18 fixed point */
    str mid, rid, rrid; /* unset when absent */
};

/*
 * Header of a packet whose payload may still be encrypted: payload is all that follows the header,
 * padding_n is 0. ERR_SYNTAX: not version 2, or an extension that runs past the end; ERR_TRUNCATED:
 * shorter than a header.
 */
int rtp_head(const uint8_t *p, size_t n, struct rtp *ret_rtp);
/* The same of a decrypted packet, padding taken off (RFC 3550 5.1, P bit). ERR_SYNTAX also for
 * impossible padding. */
int rtp_parse(const uint8_t *p, size_t n, struct rtp *ret_rtp);
/* True when a datagram's second byte says RTCP (RFC 5761 4: 64-95 after the marker bit is cut).
 * False for n < 2. */
bool rtp_is_rtcp(const uint8_t *p, size_t n);

/* The extension values of a packet. Malformed elements end the walk quietly: what came before them
 * counts. */
void rtp_exts_parse(const struct rtp *r, const struct rtp_ext_ids *ids, struct rtp_exts *ret_exts);
/*
 * Writes a header: pt, marker, seq, ts, ssrc of r, without CSRC, with the extensions that are set
 * in e and have an id. e and ids may be NULL. At most RTP_MAX_HEADER bytes. w->err tells when it
 * did not fit.
 */
void rtp_write(struct wr *w, const struct rtp *r, const struct rtp_ext_ids *ids,
               const struct rtp_exts *e);

/* Adds the transport-wide number, as the only extension, to a header that rtp_write has made
 * without one: RTP_TWCC_BYTES. */
void rtp_twcc_write(struct wr *w, uint8_t id, uint16_t number);

/*
 * Turns a parsed RTX packet into the packet it repeats (RFC 4588 4): seq is the original's, payload
 * without the two bytes; pt and ssrc of the original are given. ERR_TRUNCATED: nothing in it (a
 * probe); r is untouched then.
 */
int rtp_rtx_parse(struct rtp *r, uint8_t pt, uint32_t ssrc);
/* The two bytes that go in front of the payload when it is sent again. */
void rtp_rtx_write(struct wr *w, uint16_t original_seq);

/* One block of a RED payload (RFC 2198 3). */
struct rtp_red {
    uint8_t pt;
    uint16_t back; /* how far before the packet's timestamp it begins, below RTP_RED_BACK */
    const uint8_t *p;
    size_t n;
};

/*
 * The blocks of a RED payload, oldest first; the last is the packet's own. ERR_SYNTAX: more than
 * RTP_RED_BLOCKS, or nothing of its own; ERR_TRUNCATED.
 */
int rtp_red_parse(const struct rtp *r, struct rtp_red blocks[static RTP_RED_BLOCKS],
                  unsigned *ret_n);
/* What stands in front of the packet's own bytes when one older block goes along: both heads and
 * the older block. back and n are in range. */
void rtp_red_write(struct wr *w, const struct rtp_red *older, uint8_t pt);

/* a is after b in sequence number arithmetic (RFC 1982, 16 bits). */
static inline bool rtp_seq_after(uint16_t a, uint16_t b)
{
    return (int16_t)(uint16_t)(a - b) > 0;
}

#endif
