/*
 * A simulated browser: one peer connection, publishing or watching, built on media's own parsers.
 * It offers, reads the answer, sends ICE checks with USE-CANDIDATE every 2.5 s and has the fixed
 * keys of plain mode instead of DTLS.
 */
#ifndef SIM_PEER_H
#define SIM_PEER_H

#include "base/types.h"
#include "media/sfu.h"
#include "media/srtp.h"
#include "sim/net.h"

struct arena;
struct publisher;
struct viewer;
struct world;

enum {
    SIM_AUDIO_PT = 111,
    SIM_VIDEO_PT = 96,
    SIM_RTX_PT = 97,
    SIM_H264_PT = 98,
    SIM_H264_RTX_PT = 99,
    SIM_RED_PT = 63,
    SIM_EXT_LEVEL = 1,
    SIM_EXT_TWCC = 2,
    SIM_EXT_MID = 3,
    SIM_EXT_RID = 4,
    SIM_EXT_RRID = 5
};

struct sim_peer {
    struct world *world;
    struct sfu_peer *sfu_peer; /* NULL: gone */
    int64_t person;
    struct addr addr;
    struct link up, down;
    char ufrag[64], pwd[64]; /* theirs, from the answer */
    struct srtp_keys *tx, *rx;
    struct srtcp_rx rtcp_rx;
    uint32_t ssrc; /* of its RTCP */
    usec next_check;
    bool is_answered;            /* a check has come back */
    bool is_old;                 /* a publisher that knows REMB and no transport-wide feedback */
    bool is_wide;                /* a viewer of VIEWER_WIDE pictures */
    bool is_plain;               /* a viewer that takes neither H264 nor RED */
    bool has_transport;          /* watching: gives transport-wide feedback */
    bool is_silent;              /* sends nothing any more: a browser that was killed */
    unsigned rtp_came;           /* RTP datagrams, whatever is in them */
    struct publisher *publisher; /* one of the two */
    struct viewer *viewer;
};

/* Value of the line that begins so, in a media section (0: the first; -1: anywhere); unset when
 * there is none. */
str sim_sdp_line(str sdp, int section, const char *begins);
/* Offers `text` and takes the answer's credentials. *ret_answer lives in the arena. */
int sim_peer_connect(struct sim_peer *p, enum sfu_role role, bool is_backstage, str text,
                     struct arena *a, str *ret_answer);
/* Those of plain mode, in either suite. */
void sim_peer_keys(enum srtp_suite suite, bool is_browser, struct srtp_keys **ret_up,
                   struct srtp_keys **ret_down);
/* As if a NAT had given another port. */
void sim_peer_rebind(struct sim_peer *p);
void sim_peer_rx(struct sim_peer *p, const struct datagram *d, usec now);
void sim_peer_tick(struct sim_peer *p, usec now);
usec sim_peer_due(const struct sim_peer *p);
/* Encrypted RTP out of a plain header and payload; encrypted RTCP. */
void sim_peer_tx_rtp(struct sim_peer *p, struct srtp_tx *tx, const struct srtp_parts *parts,
                     usec now);
void sim_peer_tx_rtcp(struct sim_peer *p, const uint8_t *d, size_t n, usec now);
/* Frees what it holds, not itself; the sfu's side stays. */
void sim_peer_done(struct sim_peer *p);

#endif
