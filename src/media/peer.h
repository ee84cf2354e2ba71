/*
 * One peer connection: its ICE and DTLS, its keys, and what it carries: a publisher's tracks or a
 * viewer's slots. Owned by its room. Events are only noted here (is_…_new, gone) and given by
 * sfu_tick, so no callback runs inside a packet.
 */
#ifndef MEDIA_PEER_H
#define MEDIA_PEER_H

#include "base/limits.h"
#include "media/bucket.h"
#include "media/channel.h"
#include "media/drop.h"
#include "media/dtls.h"
#include "media/ice.h"
#include "media/remb.h"
#include "media/sfu.h"
#include "media/slot.h"
#include "media/srtp.h"
#include "media/track.h"
#include "media/twcc.h"

struct down;
struct dtls_keys;
struct sfu;

struct sfu_peer {
    struct sfu *sfu;
    struct sfu_room *room;
    uint32_t id; /* later peers have higher ones */
    enum sfu_role role;
    int64_t person;
    bool is_backstage;  /* DOWN */
    int channel;        /* UP: that it speaks into; DOWN: that A3 carries (enum SFU_FLOOR …) */
    bool is_choked;     /* DOWN: its stream is full, no video */
    unsigned ways;      /* that its answer named */
    bool is_on_air;     /* UP */
    bool is_allowed[2]; /* UP, by enum sfu_kind */
    bool is_connected, is_connected_told;
    bool is_dtls_client; /* the offer said that the browser is the server */
    bool is_gone;
    enum sfu_gone why;
    struct ice ice;
    uint8_t fingerprint[DTLS_FINGERPRINT_BYTES];
    struct dtls *dtls;     /* from its first datagram on, or from the nomination where we are the
                              client; NULL in plain mode */
    struct addr dtls_from; /* validated, where its last datagram came from */
    struct srtp_keys *up_keys, *down_keys;
    struct srtcp_rx rtcp_rx;
    uint32_t ssrc; /* ours in reports to it */
    usec due;      /* peer_tick is wanted */
    usec report_due;
    usec rtt_us; /* 0: not known */
    /* UP */
    struct track *tracks[MAX_UP_TRACKS];
    unsigned ntracks;
    struct twcc *twcc; /* UP only */
    struct bucket up;  /* bytes that it may send, of all tracks */
    usec clock_offset; /* our clock minus the publisher's, for all of its tracks */
    bool has_clock_offset, has_remb; /* has_remb: takes REMB and no transport-wide feedback */
    struct remb remb;
    /* DOWN: A0.. then V0.. */
    struct down *down;
    struct slot *slots;
    unsigned naudio, nvideo;
};

/* A peer without tracks and slots, with ICE credentials of ours that are known to the sfu. Not in
 * the room yet. */
int peer_new(struct sfu_room *r, const struct sfu_peer_conf *c, usec now,
             struct sfu_peer **ret_peer);
/* Keys for plain mode (tests): up 0,1,2…, down 128,129…, AES-128-GCM. */
void peer_plain_keys(struct dtls_keys *to);

/* peer_tick is wanted at `at` or before. */
void peer_wake(struct sfu_peer *p, usec at);
/* A STUN request of this peer (looked up by its ufrag) has come. Both: what became of it. */
enum drop peer_rx_stun(struct sfu_peer *p, const struct stun *m, str ufrag,
                       const struct addr *from, usec now);
/* A DTLS datagram from a validated address. */
enum drop peer_rx_dtls(struct sfu_peer *p, const uint8_t *d, size_t n, const struct addr *from,
                       usec now);
/* Sends a compound RTCP packet, encrypted. */
void peer_tx_rtcp(struct sfu_peer *p, const uint8_t *d, size_t n);
/* Everything with a time: DTLS, consent, reports, NACK, key-frame requests. Sets p->due. */
void peer_tick(struct sfu_peer *p, usec now);
/* New credentials, known to the sfu. */
int peer_restart(struct sfu_peer *p);
void peer_gone(struct sfu_peer *p, enum sfu_gone why);

struct slot *peer_slot(const struct sfu_peer *p, enum sfu_kind kind, int index);
/* By the SSRC of its media or of its RTX; NULL. */
struct slot *peer_slot_by_ssrc(const struct sfu_peer *p, uint32_t ssrc);
struct track *peer_track(const struct sfu_peer *p, enum sfu_kind kind);

/* Out of the sfu's tables; tracks, slots, keys freed. The room must have let it go. NULL-safe,
 * half-built-safe. */
void peer_free(struct sfu_peer *p);

#endif
