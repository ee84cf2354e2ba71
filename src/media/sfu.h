/*
 * The live room's media, without sockets and without a clock: datagrams and `now` come in,
 * datagrams and deadlines go out. One sfu per media thread; everything here is called by that
 * thread alone. No call blocks or allocates per packet.
 *
 *     sfu_rx(pkt, now) ─▶ path_rx … ─▶ out queue ─▶ sfu_take_out() ─▶ net/udp.c, tests/sim, …
 *     sfu_tick(now)    ─▶ consent, RTCP, DTLS timers, NACK ─▶ out queue; returns the next deadline
 *
 * A peer is one peer connection. UP: a publisher (WHIP, RFC 9725), up to MAX_UP_TRACKS tracks.
 * DOWN: a viewer (WHEP) with fixed slots. The browser offers, we answer once (ICE-lite, DTLS
 * passive), and never again.
 *
 * Slots of a viewer: A0 = the person on stage, A1 A2 = the next loudest two; A3 = interpretation
 * (media/channel.h); V0 = stage or screen, V1.. = small pictures. Who fills them is decided by the
 * room for all viewers (loudest three, stage), save that nobody hears himself.
 */
#ifndef MEDIA_SFU_H
#define MEDIA_SFU_H

#include "base/addr.h"
#include "base/types.h"

struct arena;
struct pkt;
struct pkt_pool;
struct sfu;
struct sfu_room;
struct sfu_peer;

enum sfu_kind { SFU_AUDIO, SFU_VIDEO };
enum sfu_role { SFU_UP, SFU_DOWN };
enum sfu_line { SFU_LINE_FULL, SFU_LINE_LESS, SFU_LINE_VOICE };
enum sfu_gone { SFU_GONE_CLOSED, SFU_GONE_TIMEOUT, SFU_GONE_DTLS };
enum { SFU_AUDIO_SLOTS = 4, SFU_VIDEO_SLOTS = 9, SFU_FINGERPRINT_TEXT = 96 };
/*
 * person: the id that live gives, > 0; several peers may carry the same person (one UP, one or more
 * DOWN). Any of them may be NULL. They are given by sfu_tick alone, and may call every function of
 * this header but sfu_tick, sfu_free, sfu_room_free; `connected`, `gone` must not free their peer.
 */
struct sfu_events {
    /* ICE and DTLS are through; media flows. */
    void (*connected)(struct sfu_peer *p, usec now, void *ctx);
    /* The peer is going to be freed by sfu when this returns; drop your pointer. */
    void (*gone)(struct sfu_peer *p, enum sfu_gone why, usec now, void *ctx);
    /* The first packet of a source has come. */
    void (*track)(struct sfu_peer *p, enum sfu_kind kind, usec now, void *ctx);
    /* Another person fills a slot (0: nobody) on air, or backstage, where slots may differ. */
    void (*slot)(struct sfu_room *r, enum sfu_kind kind, int slot, int64_t person, usec now,
                 void *ctx);
    void (*backstage_slot)(struct sfu_room *r, enum sfu_kind kind, int slot, int64_t person,
                           usec now, void *ctx);
    /* Lines of the largest picture of this camera that anybody shows; the smallest layer stays. */
    void (*wish)(struct sfu_peer *up, int height, usec now, void *ctx);
    /* DOWN: the line carries all that is wanted, less of the pictures, or voices alone. */
    void (*line)(struct sfu_peer *p, enum sfu_line line, usec now, void *ctx);
    /* Another voice is in the channel, or it fell silent or speaks again: media/channel.h. */
    void (*channel)(struct sfu_room *r, int channel, usec now, void *ctx);
    /* The loudest speaker of the last second changed (0: silence); for "who speaks" in the page. */
    void (*speaker)(struct sfu_room *r, int64_t person, usec now, void *ctx);
};

struct sfu_conf {
    const struct sfu_events *events;
    void *ctx;                   /* given to events */
    struct pkt_pool *pool;       /* owned by the caller, outlives the sfu */
    const struct addr *announce; /* host candidates that answers carry, in order */
    size_t nannounce;
    char mark; /* of several sfus at one port: every ufrag of this one begins with it; 0: alone */
    addr_here_fn *here; /* with ctx, at every good check: it is ours; may be NULL as the next */
    bool (*is_elsewhere)(const struct addr *a, void *ctx); /* another's; asks him for it */
    bool is_uneven; /* packets of one picture keep their lengths; otherwise they become one run */
    bool is_plain; /* tests only: no DTLS; SRTP keys of peer_plain_keys() once ICE has nominated */
};

int sfu_new(const struct sfu_conf *c, struct sfu **ret_sfu);
/* Rooms and peers still there are freed, without events. NULL-safe. */
void sfu_free(struct sfu *s);

/* A datagram has come from p->addr at `now`. Takes over the caller's reference. */
void sfu_rx(struct sfu *s, struct pkt *p, usec now);
/* The TCP port of ICE-TCP at the announced addresses; 0 (at first): none is named. */
void sfu_announce_tcp(struct sfu *s, uint16_t port);
/* A stream is full: no video to that address until it is said not to be, then from a key frame. */
void sfu_choke(struct sfu *s, const struct addr *a, bool is_choked, usec now);
/* Whether ICE has validated it; whether a good check came from there in the last six seconds. */
bool sfu_knows(const struct sfu *s, const struct addr *a);
bool sfu_is_held(const struct sfu *s, const struct addr *a, usec now);
/* Timers; returns the next deadline (monotonic). After a batch of sfu_rx and when it is due. */
usec sfu_tick(struct sfu *s, usec now);
/* A chain (->next) of datagrams to send, runs to one address adjacent; the caller owns them. Call
 * until it is NULL: the rest is made while these are under way. */
struct pkt *sfu_take_out(struct sfu *s);

/* ---- rooms ---- */
int sfu_room_new(struct sfu *s, int64_t id, struct sfu_room **ret_room);
int64_t sfu_room_id(const struct sfu_room *r);
/* Frees its peers too, without events. NULL-safe. */
void sfu_room_free(struct sfu_room *r);
/* This person's audio fills A0 and video fills V0 (0: nobody; then the loudest fill A0..A2). */
void sfu_room_stage(struct sfu_room *r, int64_t person, usec now);
/* Ways (bits 1 << enum addr_way) of this room's media; all at first. No check comes by others. */
void sfu_room_ways(struct sfu_room *r, unsigned ways);
/* Who cannot decode what the stage shows (H264 from a tool): at most max; returns how many. */
unsigned sfu_room_blind(const struct sfu_room *r, int64_t *persons, unsigned max);
/* Who fills the slot now; 0: nobody. */
int64_t sfu_room_slot(const struct sfu_room *r, enum sfu_kind kind, int slot);
int64_t sfu_room_backstage_slot(const struct sfu_room *r, enum sfu_kind kind, int slot);

/* ---- peers ---- */
struct sfu_peer_conf {
    enum sfu_role role;
    int64_t person;
    str offer;         /* SDP */
    unsigned ways;     /* of the room's ways those that the answer names; 0: all */
    bool is_backstage; /* DOWN: hears what is not on air as well (sfu_peer_on_air) */
};
/* Answers an offer. ret_answer lives in the arena. ERR_SYNTAX: not an SDP; ERR_UNSUPPORTED: nothing
 * in it we can speak (no Opus, no VP8, no DTLS fingerprint …); ERR_FULL. */
int sfu_peer_new(struct sfu_room *r, const struct sfu_peer_conf *c, usec now, struct arena *a,
                 str *ret_answer, struct sfu_peer **ret_peer);
enum sfu_role sfu_peer_role(const struct sfu_peer *p);
int64_t sfu_peer_person(const struct sfu_peer *p);
bool sfu_peer_is_connected(const struct sfu_peer *p);
/* ICE restart (RFC 9725 4.3.2, application/trickle-ice-sdpfrag): new credentials in, ours out;
 * ERR_SYNTAX without any. */
int sfu_peer_restart(struct sfu_peer *p, str frag, usec now, struct arena *a, str *ret_frag);
/* The person's page has forgotten what it was told: `wish`, or a `line` that does not carry all, is
 * told again. */
void sfu_peer_retell(struct sfu_peer *p, usec now);
/* UP: lets that kind through or not (host's mute); on by default. */
void sfu_peer_allow(struct sfu_peer *p, enum sfu_kind kind, bool is_allowed);
/* UP: false = practice: only backstage viewers (DOWN) get one packet. On air by default. */
void sfu_peer_on_air(struct sfu_peer *p, bool is_on_air, usec now);
void sfu_peer_backstage(struct sfu_peer *p, bool is_backstage, usec now);
/* DOWN: the height that the page shows a video slot in; 0: hidden, nothing is sent. 720 first. */
void sfu_peer_want(struct sfu_peer *p, int video_slot, int height, usec now);
/* Sends DTLS close_notify and frees; no event. NULL-safe. */
void sfu_peer_free(struct sfu_peer *p, usec now);

#endif
