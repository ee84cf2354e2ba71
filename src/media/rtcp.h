/*
 * RTCP (RFC 3550 6, RFC 4585, RFC 5104, draft-alvestrand-rmcat-remb,
 * draft-holmer-rmcat-transport-wide-cc-extensions-01): walking a compound packet, reading its
 * parts, writing parts. Pure functions over bytes: no state, no allocation, any thread. Results
 * point into the packet. Writers append one part each; w->err tells when it did not fit.
 *
 *     |V=2|P| count/FMT |      PT       |  length in words - 1  |
 *     |                    SSRC of the sender                   |
 *     |          feedback: SSRC of the media source             |
 */
#ifndef MEDIA_RTCP_H
#define MEDIA_RTCP_H

#include "base/types.h"

struct rd;
struct wr;

enum rtcp_type {
    RTCP_SR = 200,
    RTCP_RR = 201,
    RTCP_SDES = 202,
    RTCP_BYE = 203,
    RTCP_APP = 204,
    RTCP_RTPFB = 205, /* RFC 4585 6.2; count is the FMT */
    RTCP_PSFB = 206,  /* RFC 4585 6.3 */
};

/* FMT of RTCP_RTPFB and of RTCP_PSFB. */
enum { RTCP_FMT_NACK = 1, RTCP_FMT_TWCC = 15 };
enum { RTCP_FMT_PLI = 1, RTCP_FMT_FIR = 4, RTCP_FMT_AFB = 15 /* REMB */ };

enum {
    RTCP_MAX_REPORTS = 31,
    RTCP_MAX_TWCC = 1024 /* packets in one feedback: 100 ms at 10,000 packets/s */
};

/* A packet that has not come, in the array of rtcp_twcc_*. */
#define RTCP_LOST INT64_MIN

/* One part of a compound packet. */
struct rtcp {
    uint8_t type, count; /* count: reports, sources, or the FMT of feedback */
    uint32_t ssrc;       /* sender; the first source of SDES and BYE; 0 when there is none */
    uint32_t media_ssrc; /* feedback only */
    const uint8_t *body; /* behind the SSRC, or behind the media SSRC for feedback, without padding;
                            for SDES and BYE behind the first word of the part */
    size_t n;
};

struct rtcp_sr {
    uint64_t ntp; /* 32.32 seconds since 1900 */
    uint32_t rtp_ts, packets, octets;
};

/* A report block, RFC 3550 6.4.1. */
struct rtcp_report {
    uint32_t ssrc;
    uint8_t lost_q8;  /* share lost since the last report, in 1/256 */
    int32_t lost;     /* in all, 24 bits signed */
    uint32_t top_seq; /* extended highest sequence number */
    uint32_t jitter;  /* in clock units of the media */
    uint32_t lsr;     /* middle of the last SR's NTP time; 0: none was seen */
    uint32_t dlsr;    /* delay since that SR, in 1/65536 s */
};

struct rtcp_twcc {
    uint16_t base_seq;
    uint16_t count;   /* packets told about, from base_seq on */
    uint8_t fb_count; /* counter of feedback packets */
};

/* Every part's header and length is right and they fill the n bytes exactly (RFC 3550 A.2). 0 or
 * ERR_SYNTAX. */
int rtcp_check(const uint8_t *p, size_t n);
/* The next part of a checked packet; false at the end. Start with rd_init(p, n). */
bool rtcp_next(struct rd *r, struct rtcp *ret_part);

int rtcp_sr_parse(const struct rtcp *part, struct rtcp_sr *ret_sr);
/* Report block i (from 0) of an SR or RR; false behind the last. */
bool rtcp_report_parse(const struct rtcp *part, unsigned i, struct rtcp_report *ret_report);
/* The CNAME of a source in an SDES part; unset when it is not there. */
str rtcp_cname(const struct rtcp *part, uint32_t ssrc);
/* Source i of a BYE; false behind the last. */
bool rtcp_bye_parse(const struct rtcp *part, unsigned i, uint32_t *ret_ssrc);
/* Sequence numbers asked for again, in order, at most max of them. Returns how many; 0 when it is
 * not a NACK. */
unsigned rtcp_nack_parse(const struct rtcp *part, uint16_t *to, unsigned max);
bool rtcp_is_pli(const struct rtcp *part);
/* Entry i of a FIR (RFC 5104 4.3.1): source and command number; false behind the last or when it is
 * no FIR. */
bool rtcp_fir_parse(const struct rtcp *part, unsigned i, uint32_t *ret_ssrc, uint8_t *ret_command);
/* ERR_UNSUPPORTED when it is not REMB. Rates past 2^63 are given as INT64_MAX. */
int rtcp_remb_parse(const struct rtcp *part, int64_t *ret_bps);
/*
 * at[i]: when base_seq + i came, in microseconds on the peer's clock (an epoch of its own), or
 * RTCP_LOST. `at` has room for RTCP_MAX_TWCC. ERR_UNSUPPORTED: another kind of feedback;
 * ERR_SYNTAX; ERR_TOO_BIG.
 */
int rtcp_twcc_parse(const struct rtcp *part, struct rtcp_twcc *ret_head, usec *at);

void rtcp_sr_write(struct wr *w, uint32_t ssrc, const struct rtcp_sr *sr);
/* n <= RTCP_MAX_REPORTS; 0 gives the empty RR that a compound packet may begin with (RFC 3550 6.1).
 */
void rtcp_rr_write(struct wr *w, uint32_t ssrc, const struct rtcp_report *reports, unsigned n);
void rtcp_cname_write(struct wr *w, uint32_t ssrc, str cname);
void rtcp_bye_write(struct wr *w, uint32_t ssrc);
/* seqs ascending in sequence number arithmetic; up to 17 neighbours share an entry. */
void rtcp_nack_write(struct wr *w, uint32_t ssrc, uint32_t media_ssrc, const uint16_t *seqs,
                     unsigned n);
void rtcp_pli_write(struct wr *w, uint32_t ssrc, uint32_t media_ssrc);
void rtcp_fir_write(struct wr *w, uint32_t ssrc, uint32_t media_ssrc, uint8_t command);
void rtcp_remb_write(struct wr *w, uint32_t ssrc, const uint32_t *media_ssrcs, unsigned n,
                     int64_t bps);
/*
 * Feedback on head->count packets from head->base_seq on; at as in rtcp_twcc_parse, on a clock of
 * ours. Stops before the first packet whose distance from the one before does not fit (8 s).
 * Returns how many were told about, 0 when none has come (nothing is written then). count <=
 * RTCP_MAX_TWCC.
 */
unsigned rtcp_twcc_write(struct wr *w, uint32_t ssrc, uint32_t media_ssrc,
                         const struct rtcp_twcc *head, const usec *at);

/* 32.32 NTP time of a wall clock in microseconds since 1970, and back. */
uint64_t rtcp_ntp(usec wall);
usec rtcp_ntp_wall(uint64_t ntp);
/* Round trip that a report proves, `ntp` being now; -1 when it proves none (RFC 3550 6.4.1). */
usec rtcp_rtt(const struct rtcp_report *r, uint64_t ntp);

#endif
