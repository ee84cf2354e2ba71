/*
 * What the line of one viewer carries, as far as a sender can tell: every packet has a
 * transport-wide number, and the viewer's feedback says when each came
 * (draft-holmer-rmcat-transport-wide-cc-extensions-01). Without feedback of that kind the loss and
 * round trip of receiver reports must do. A value inside a peer; one thread; no allocation.
 *
 *   standing delay   the least delay of the last few packets over the least of ten seconds: what
 *                    waits in the line's queue. The least, because jitter only adds.
 *   over             it stands above a bound that grows with the line's jitter, for longer than a
 *                    heap of packets takes to come: the rate falls to nine tenths of what came
 *   loss             more than a fifth, and not the line's own: the rate falls to what came
 *   rising           by 8 % a second while what is sent fills the rate; otherwise by probes alone:
 * a line that was not filled has proved nothing probe            a few packets of padding at once;
 * how far apart they come is what the line carries
 */
#ifndef MEDIA_BWE_H
#define MEDIA_BWE_H

#include "base/types.h"

struct rtcp_twcc;

enum {
    BWE_HISTORY = 1024, /* packets under way: 2 s at 500 packets/s */
    BWE_NO_SLOT = 15,   /* padding */
    BWE_SPANS = 8,      /* slices that the rate of arrivals is taken from */
    BWE_WRAP = 28,      /* IP and UDP headers; counted in every rate here */
};

/* 8 bytes, because each viewer has BWE_HISTORY of them. */
struct bwe_sent {
    uint32_t at;        /* low bits of the moment */
    uint16_t out;       /* its number in the slot */
    uint16_t half : 10; /* of its bytes */
    uint16_t slot : 4, is_here : 1, is_lost : 1;
};

/* What came, of some packets in a row. */
struct bwe_slice {
    unsigned n;
    int64_t bytes;
    usec least, sum; /* of delays, by two clocks: only differences mean something */
    usec standing;
    usec begin, end; /* the first arrival and the last, on the viewer's clock */
};

struct bwe_probe {
    bool is_under_way;
    uint32_t first,
        last; /* extended numbers: all packets between belong to it, whatever they are */
    unsigned wanted, n, came;
    int64_t bytes; /* of those that came, but the first to come */
    usec sent_from, sent_to, from, to;
    usec next; /* not before */
    unsigned failures;
};

/* Padding to be sent over a time. */
struct bwe_plan {
    size_t bytes;
    usec length;
};

struct bwe {
    struct bwe_sent sent[BWE_HISTORY];
    uint32_t next;     /* extended number of the next packet */
    bool has_feedback; /* transport-wide, ever */
    bool can_probe;    /* the viewer takes padding */
    bool is_limited;   /* the line has shown its end, and since then not that it is gone */
    int64_t rate_bps;  /* the estimate; means something while is_limited */
    int64_t cap_bps;   /* REMB; 0: none */
    int64_t acked_bps; /* what came lately */
    usec rtt_us;
    struct bwe_slice slice, spans[BWE_SPANS];
    unsigned nspans;          /* ever closed */
    usec base[2], base_until; /* least delay of this and of the last five seconds */
    usec standing, standing_before, jitter;
    bool is_over;
    usec over_from; /* on the viewer's clock */
    usec fallen_at, risen_at, over_at, tried_at;
    /* loss, over two seconds */
    unsigned told, lost;
    usec loss_until;
    unsigned run;                     /* lost in a row */
    uint32_t run_at, run_last;        /* when the first and the last of them were sent */
    unsigned loss_permille, loss_own; /* the last two seconds'; what is the line's own */
    unsigned loss_then;               /* when the rate fell for it; 0: it did not */
    int64_t rate_then, sent_then;
    usec loss_fell_at;
    unsigned loss_before;
    /* what was sent */
    uint64_t sent_bytes, sent_before;
    usec sent_from;
    int64_t sent_bps; /* of the last half second */
    struct bwe_probe probe;
};

void bwe_init(struct bwe *b, usec now);
/* The transport-wide number of the packet that is counted next. */
static inline uint16_t bwe_next(const struct bwe *b)
{
    return (uint16_t)b->next;
}
/* A packet of n bytes goes out now; returns its transport-wide number. */
uint16_t bwe_sent(struct bwe *b, size_t n, unsigned slot, uint16_t out, usec now);
/* The same of a packet that carries no number. */
void bwe_sent_plain(struct bwe *b, size_t n);
/* Feedback; at as rtcp_twcc_parse gave it. */
void bwe_feedback(struct bwe *b, const struct rtcp_twcc *head, const usec *at, usec now);
/* The packet of that number; NULL: it was not sent, or is forgotten. */
const struct bwe_sent *bwe_by_number(const struct bwe *b, uint16_t number);
/* A receiver report: share lost, and the round trip that it proves (-1: none). */
void bwe_report(struct bwe *b, unsigned lost_permille, usec rtt_us, usec now);
/* REMB: a cap on a limited line, and the end of an open one that is sent more. */
void bwe_cap(struct bwe *b, int64_t bps, usec now);
/* What may be sent; INT64_MAX while nothing speaks against it. */
int64_t bwe_rate(const struct bwe *b);
/* Nothing waits on the line. */
bool bwe_is_calm(const struct bwe *b);
/* Whether a probe is worth sending, goal being the rate that would be used. */
bool bwe_wants_probe(struct bwe *b, int64_t goal_bps, usec now, struct bwe_plan *ret_plan);
/* n packets are going to be sent for it; and each has been, by bwe_sent just before. */
void bwe_probe(struct bwe *b, unsigned n, usec now);
void bwe_probe_sent(struct bwe *b, usec now);
/* Long calm with all that was wanted: the line is taken for open again. */
void bwe_open(struct bwe *b);

#endif
