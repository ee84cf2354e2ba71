/*
 * One place of one viewer: A0.., V0... Sources are switched into it, and what goes out looks like
 * one sender to the browser: one SSRC, sequence numbers without a break, timestamps that never go
 * back, picture ids that go on. The slot decides and numbers; the path encrypts and sends. Owned by
 * its peer; one thread. No allocation.
 *
 *   target (the room's wish) ──▶ its layer: next ──its key frame comes──▶ source ──▶ prev
 *
 * prev is kept because its late packets still find their way.
 */
#ifndef MEDIA_SLOT_H
#define MEDIA_SLOT_H

#include "base/types.h"
#include "media/codec.h"
#include "media/layer.h"
#include "media/rtp.h"
#include "media/sfu.h"
#include "media/spans.h"
#include "media/srtp.h"
#include "media/vp8.h"

struct ring_entry;
struct rtcp_sr;
struct track;

enum {
    SLOT_RESENDS =
        128, /* packets whose repeats are counted: as many as one viewer gets at once (down.h) */
    SLOT_HEIGHT = 720, /* until the page says what it shows */
    SLOT_MAX_TRIES =
        3, /* repeats of one packet: what is lost four times is better asked as a key frame */
};

struct resend {
    uint16_t out;
    uint8_t tries;
    uint32_t at; /* low bits of the moment */
};

struct slot {
    enum sfu_kind kind;
    int index;
    uint32_t rate;
    uint32_t ssrc, rtx_ssrc;
    uint8_t pts[CODEC_COUNT], rtx_pts[CODEC_COUNT]; /* SDP_NO_PT: the viewer does not take it */
    uint8_t red_pt;                                 /* of Opus in RED; SDP_NO_PT: no */
    bool is_red;                                    /* the line loses so much that it pays */
    uint8_t twcc_id;       /* header extension of transport-wide numbers; 0: not offered */
    bool is_accepted;      /* the offer had a line for it */
    bool is_shown;         /* what the page wants: height > 0 */
    int height;            /* … in lines, of a video slot */
    struct layer_pick cap; /* what the viewer's line allows; LAYER_ALL until somebody measures it */
    struct layer_pick pick; /* what the two make of target */
    struct srtp_tx tx, rtx_tx;
    uint16_t rtx_seq;
    struct track *target;               /* lead of the source that the room wants here */
    struct track *source, *next, *prev; /* pointers are cut by slot_forget */
    uint32_t prev_end;                  /* the first of prev's packets that the slot did not show */
    struct spans spans;
    bool is_begun, is_cut;    /* cut: the last packet sent did not end its frame */
    uint32_t out_top, out_ts; /* highest sent; out_top extended */
    uint16_t pid;
    uint8_t tl0;
    int8_t temporal;                /* highest TID that is shown now */
    bool has_frame, is_frame_shown; /* the decision on the newest frame */
    uint32_t frame_ts;              /* … of the source */
    uint32_t base_ts; /* the slot's timestamp at base_at: the line that sources are aligned to */
    usec base_at;
    usec replayed_at; /* when a key frame was sent again to show its source; 0: never */
    struct resend *resends; /* SLOT_RESENDS of the book; is_resent, by bit: it has been written */
    uint64_t is_resent[SLOT_RESENDS / 64];
    uint32_t packets, octets; /* for sender reports */
};

/* What a slot writes before it reads it: apart and not cleared, so that a slot that shows nothing
 * takes no memory for it. */
struct slot_book {
    struct span spans[SPANS_MAX];
    struct resend resends[SLOT_RESENDS];
};

enum slot_result {
    SLOT_SEND,
    SLOT_SKIP /* padding, or of a frame left out: numbers were closed up */,
    SLOT_BEFORE_KEY,
    SLOT_LATE
};

enum slot_again {
    SLOT_AGAIN,
    SLOT_AGAIN_SOON,  /* within a round trip of the last time: it may still be under way; or
                         another has its place for as long */
    SLOT_AGAIN_OFTEN, /* SLOT_MAX_TRIES times already */
};

/* How a packet of a source is called in the slot. */
struct slot_packet {
    uint16_t seq;
    uint32_t ts;
    bool is_marker;
    bool is_empty; /* the number was kept for it, and it is of a frame that was left out */
    struct vp8 vp8;
    const struct ring_entry *older; /* goes along once more, in RED; NULL: nothing */
};

/* Zeroed but for what the offer gave: chooses the random beginnings (RFC 3550 5.1). The book is its
 * own and lives as long. */
void slot_init(struct slot *s, struct slot_book *book, usec now);
/* Which layer of the target is wanted; NULL: nothing. True when a key frame of it is needed. */
bool slot_target(struct slot *s, struct track *t);
/* The source's packets are not sent until its next key frame, with which it goes on as a new one
 * would: no number is left out. */
void slot_pause(struct slot *s);
/* Whether packet seq of t concerns this slot at all: the cheap question, asked for every viewer. */
static inline bool slot_knows(const struct slot *s, const struct track *t, uint32_t seq)
{
    return t == s->source || t == s->next || (t == s->prev && (int32_t)(seq - s->prev_end) < 0);
}
/* A packet that slot_knows has come (late ones too): may switch, numbers it. ret_packet is set with
 * SLOT_SEND. */
enum slot_result slot_map(struct slot *s, struct track *t, const struct ring_entry *e,
                          struct slot_packet *ret_packet);
/* A packet that went out before under `span`, as it was called then. */
void slot_again(const struct span *span, const struct ring_entry *e,
                struct slot_packet *ret_packet);
/* Whether `out` may be sent again now; counts it if so. */
enum slot_again slot_may_resend(struct slot *s, uint16_t out, usec rtt_us, usec now);
/* The viewer has lost so much of it since the last report, in 1/256. */
void slot_heard(struct slot *s, uint8_t lost_q8);
/* How often it was sent again. */
unsigned slot_tries(struct slot *s, uint16_t out);
/* Payload type of RTX that padding may go by; SDP_NO_PT: none. */
uint8_t slot_padding_pt(const struct slot *s);
/* The sender report at `now`; false when nothing has been sent or nobody sends. ntp is left to the
 * caller. */
bool slot_report(const struct slot *s, usec now, struct rtcp_sr *ret_sr);
/* The track is going to be freed. */
void slot_forget(struct slot *s, const struct track *t);

#endif
