#include "media/bwe.h"

#include "media/rtcp.h"

#include <string.h>

static const usec slice_most = 200 * USEC_MS;
static const usec base_period = 5 * USEC_S;
static const usec gap_most = USEC_S;
static const usec report_base_period = 30 * USEC_S;
static const usec standing_most = 40 * USEC_MS; /* two frames of sound: nobody hears it */
static const usec over_least =
    40 * USEC_MS; /* a queue is as long at the end of it; a nap is over */
static const usec first_jitter = 30 * USEC_MS;          /* until it is known */
static const usec report_standing_most = 150 * USEC_MS; /* a round trip is seen once a second */
static const usec waiting = 10 * USEC_MS;
static const usec carried_least = 80 * USEC_MS;
static const usec rate_period = 300 * USEC_MS;
static const usec fall_hold = 200 * USEC_MS; /* and a round trip: until the fall can be seen */
static const usec loss_period = 2 * USEC_S;
static const usec loss_seen = 4 * USEC_S; /* behind a fall: what was lost before it is told about */
static const int32_t outage = 400 * USEC_MS;
static const usec sent_period = 500 * USEC_MS;
static const usec probe_period = 2500 * USEC_MS;
static const usec probe_patience = USEC_S;
static const usec probe_again = 500 * USEC_MS;
static const usec probe_length = 25 * USEC_MS; /* three times the rate adds 50 ms to the queue */
static const int64_t tried_most_bps = 1000000000;
static const usec report_calm = 10 * USEC_S;   /* without feedback, after a fall */

enum {
    SLICE = 8,          /* packets: the least of them is near the truth under jitter */
    RATE_LEAST = 10000, /* bit/s */
    LOSS_PACKETS = 40,  /* fewer say nothing */
    LOSS_MOST = 200,    /* permille above the line's own */
    LOSS_SUDDEN = 400,  /* otherwise twice in a row: bursts reach a quarter by chance */
    PROBE_LEAST = 400,  /* bytes: five packets of nothing but headers */
    PROBE_MOST = 6000,
    PROBE_TRIES = 2,
    PROBE_STEP = 3, /* times the rate: a burst may pass where a stream does not */
};

static void begin_base(struct bwe *b, usec now)
{
    b->base[0] = b->base[1] = INT64_MAX;
    b->base_until = now + base_period;
    b->standing = b->standing_before = 0;
}

void bwe_init(struct bwe *b, usec now)
{
    memset(b, 0, sizeof(*b));
    b->next = 65536u;
    begin_base(b, now);
    b->loss_until = now + loss_period;
    b->sent_from = b->risen_at = now;
    b->jitter = first_jitter;
}

/* ---- sending ---- */

static struct bwe_sent *place(struct bwe *b, uint32_t number)
{
    return &b->sent[number % BWE_HISTORY];
}

uint16_t bwe_sent(struct bwe *b, size_t n, unsigned slot, uint16_t out, usec now)
{
    *place(b, b->next) = (struct bwe_sent){
        .at = (uint32_t)now, .out = out, .half = (n + 1) / 2 & 1023, .slot = slot & 15};
    b->sent_bytes += n + BWE_WRAP;
    return (uint16_t)b->next++;
}

void bwe_sent_plain(struct bwe *b, size_t n)
{
    b->sent_bytes += n + BWE_WRAP;
}

static void measure_sent(struct bwe *b, usec now)
{
    if (now - b->sent_from < sent_period)
        return;
    b->sent_bps = (int64_t)(b->sent_bytes - b->sent_before) * 8 * USEC_S / (now - b->sent_from);
    b->sent_before = b->sent_bytes;
    b->sent_from = now;
}

static int64_t size_of(const struct bwe_sent *s)
{
    return 2 * s->half + BWE_WRAP;
}

/* 16 bits to 32: the last one so called that was sent. */
static uint32_t extend(const struct bwe *b, uint16_t number)
{
    return b->next - 1 - (uint16_t)((uint16_t)(b->next - 1) - number);
}

static bool is_known(const struct bwe *b, uint32_t number)
{
    return b->next - number <= BWE_HISTORY && (int32_t)(number - 65536u) >= 0;
}

const struct bwe_sent *bwe_by_number(const struct bwe *b, uint16_t number)
{
    uint32_t ext = extend(b, number);

    return is_known(b, ext) ? &b->sent[ext % BWE_HISTORY] : NULL;
}

/* ---- rates ---- */

static int64_t at_least(int64_t a, int64_t least)
{
    return a > least ? a : least;
}

static int64_t at_most(int64_t a, int64_t most)
{
    return a < most ? a : most;
}

int64_t bwe_rate(const struct bwe *b)
{
    int64_t rate = b->is_limited ? b->rate_bps : INT64_MAX;

    return b->is_limited && b->cap_bps ? at_most(rate, at_least(b->cap_bps, RATE_LEAST)) : rate;
}

static void fall(struct bwe *b, int64_t to, usec now)
{
    to = at_least(to, RATE_LEAST);
    b->rate_bps = b->is_limited ? at_most(b->rate_bps, to) : to;
    b->is_limited = true;
    b->fallen_at = now;
}

/*
 * Only a rate that is used may rise. What comes and leaves no queue is carried, though: a burst
 * that is lost at the very beginning says next to nothing came, and voices alone prove more.
 */
static void rise(struct bwe *b, usec now)
{
    usec since = at_most(now - b->risen_at, USEC_S);
    int64_t most = b->acked_bps + b->acked_bps / 2;

    b->risen_at = now;
    b->rate_bps = at_least(b->rate_bps, at_most(b->acked_bps, b->sent_bps) * 85 / 100);
    if (!b->is_limited || b->sent_bps < b->rate_bps * 7 / 10 || b->rate_bps >= most)
        return;
    b->rate_bps = at_most(b->rate_bps + b->rate_bps * 8 / 100 * since / USEC_S + 1, most);
}

bool bwe_is_calm(const struct bwe *b)
{
    return b->standing <= standing_most + b->jitter;
}

void bwe_open(struct bwe *b)
{
    b->is_limited = false;
    b->probe.is_under_way = false;
}

void bwe_cap(struct bwe *b, int64_t bps, usec now)
{
    b->cap_bps = at_least(bps, 1); /* 0 would be none: a REMB of 0 asks for silence */
    measure_sent(b, now);
    if (!b->is_limited && b->sent_bps > bps)
        fall(b, bps, now);
}

/* ---- delay ---- */

static usec base_of(const struct bwe *b)
{
    return b->base[0] < b->base[1] ? b->base[0] : b->base[1];
}

static void add_base(struct bwe *b, usec delay, usec now)
{
    if (now >= b->base_until) {
        b->base[1] = b->base[0];
        b->base[0] = INT64_MAX;
        b->base_until = now + (b->has_feedback ? base_period : report_base_period);
    }
    if (delay < b->base[0])
        b->base[0] = delay;
}

/* What came within the last 300 ms of the viewer's clock. */
static void measure_acked(struct bwe *b)
{
    const struct bwe_slice *last = &b->spans[(b->nspans - 1) % BWE_SPANS], *from = last;
    int64_t bytes = 0;
    unsigned n = b->nspans < BWE_SPANS ? b->nspans : BWE_SPANS;

    for (unsigned i = 1; i < n && last->end - from->end < rate_period; i++) {
        bytes += from->bytes;
        from = &b->spans[(b->nspans - 1 - i) % BWE_SPANS];
    }
    if (last->end > from->end)
        b->acked_bps = bytes * 8 * USEC_S / (last->end - from->end);
}

/*
 * What waited in a line's queue comes one by one, as fast as the line carries. What comes all at
 * once waited for something else: for a radio that slept, or for the viewer's own processor. It
 * says nothing of rates: of 50 falls in six plays on a busy machine all were of this kind.
 */
static bool is_heap(struct bwe *b, usec most)
{
    const struct bwe_slice *last = &b->spans[(b->nspans - 1) % BWE_SPANS];

    if (!b->is_over)
        b->over_from = last->begin;
    b->is_over = b->standing > most;
    return b->is_over && last->end - b->over_from < over_least;
}

/* While something waits in its queue, what comes is what the line carries; before it did, little
 * may have been sent. */
static int64_t carried(const struct bwe *b)
{
    const struct bwe_slice *last = &b->spans[(b->nspans - 1) % BWE_SPANS], *from = last;
    unsigned n = b->nspans < BWE_SPANS ? b->nspans : BWE_SPANS;
    int64_t bytes = 0;

    for (unsigned i = 1; i < n && from->standing > waiting && last->end - from->end < rate_period;
         i++) {
        bytes += from->bytes;
        from = &b->spans[(b->nspans - 1 - i) % BWE_SPANS];
    }
    if (last->end - from->end < carried_least)
        return b->acked_bps;
    return at_least(b->acked_bps, bytes * 8 * USEC_S / (last->end - from->end));
}

static void judge(struct bwe *b, usec most, usec now)
{
    bool is_draining = b->standing < b->standing_before;

    if (b->standing <= most / 2)
        rise(b, now);
    if (b->standing <= most)
        return;
    b->over_at = now;
    if (b->is_limited && (is_draining || now - b->fallen_at < b->rtt_us + fall_hold))
        return;
    fall(b, carried(b) * 9 / 10, now);
}

static void close_slice(struct bwe *b, usec now)
{
    usec mean = b->slice.sum / b->slice.n;

    add_base(b, b->slice.least, now);
    b->standing_before = b->standing;
    b->standing = b->slice.least - base_of(b);
    b->jitter += (mean - b->slice.least - b->jitter) / 16;
    if (b->nspans && b->spans[(b->nspans - 1) % BWE_SPANS].end > b->slice.end)
        b->slice.end = b->spans[(b->nspans - 1) % BWE_SPANS].end;
    b->slice.standing = b->standing;
    b->spans[b->nspans++ % BWE_SPANS] = b->slice;
    b->slice = (struct bwe_slice){0};
    measure_acked(b);
    if (!is_heap(b, standing_most + b->jitter))
        judge(b, standing_most + b->jitter, now);
}

/* Behind a long time without anything, rates are taken anew; a leap is another clock. */
static void check_gap(struct bwe *b, usec gap)
{
    if (gap > gap_most)
        b->nspans = 0;
    if (gap > 10 * USEC_S || gap < -10 * USEC_S) {
        b->nspans = 0;
        b->base[0] = b->base[1] = INT64_MAX;
        b->slice = (struct bwe_slice){0};
    }
}

static void arrived(struct bwe *b, const struct bwe_sent *s, usec at, usec now)
{
    usec sent = now - (uint32_t)((uint32_t)now - s->at), delay = at - sent;
    struct bwe_slice *sl = &b->slice;

    if (b->nspans)
        check_gap(b, at - b->spans[(b->nspans - 1) % BWE_SPANS].end);
    if (!sl->n || delay < sl->least)
        sl->least = delay;
    if (!sl->n || at > sl->end)
        sl->end = at;
    if (!sl->n || at < sl->begin)
        sl->begin = at;
    sl->sum += delay;
    sl->bytes += size_of(s);
    sl->n++;
    if (sl->n >= SLICE || (b->nspans && sl->n > 1 &&
                           sl->end - b->spans[(b->nspans - 1) % BWE_SPANS].end >= slice_most))
        close_slice(b, now);
}

/* ---- loss ---- */

/*
 * A line that loses by itself is not helped by sending less. When the rate fell for loss, less is
 * sent, and as much is lost as before, it is the line's own: the rate goes back.
 */
static void judge_loss(struct bwe *b, usec now)
{
    unsigned loss = b->loss_permille;
    bool is_long;

    if (b->loss_then && now - b->loss_fell_at > loss_seen && b->sent_bps < b->sent_then * 7 / 10) {
        if (loss * 3 > b->loss_then * 2) {
            b->loss_own = loss;
            b->rate_bps = at_least(b->rate_bps, b->rate_then);
        }
        b->loss_then = 0;
    }
    if (loss < b->loss_own)
        b->loss_own = loss;
    is_long = b->loss_before > b->loss_own + LOSS_MOST;
    b->loss_before = loss;
    if (loss <= b->loss_own + LOSS_MOST || (!is_long && loss < LOSS_SUDDEN))
        return;
    if (!b->loss_then || now - b->loss_fell_at > 3 * loss_seen) {
        b->loss_fell_at = now;
        b->loss_then = loss;
        b->rate_then = b->is_limited ? b->rate_bps : b->sent_bps;
        b->sent_then = b->sent_bps;
    }
    fall(b, b->acked_bps, now);
}

/* One more is lost. A long time in which nothing comes at all is a NAT that forgot or a telephone
 * between two masts, and says nothing about rates. */
static void lose(struct bwe *b, const struct bwe_sent *s)
{
    bool was_outage = b->run && (int32_t)(b->run_last - b->run_at) > outage;
    unsigned uncounted = was_outage ? 1 : b->run + 1;

    b->run_at = b->run++ ? b->run_at : s->at;
    b->run_last = s->at;
    b->lost++;
    if ((int32_t)(s->at - b->run_at) <= outage)
        return;
    b->lost -= b->lost < uncounted ? b->lost : uncounted;
    b->told -= b->told < uncounted ? b->told : uncounted;
}

static void measure_loss(struct bwe *b, usec now)
{
    if (now < b->loss_until)
        return;
    if (b->told >= LOSS_PACKETS) {
        b->loss_permille = b->lost * 1000 / b->told;
        judge_loss(b, now);
        b->told = b->lost = 0;
    }
    b->loss_until = now + loss_period;
}

/* ---- probes ---- */

/* Up by PROBE_STEP from what is known. */
static int64_t next_target(const struct bwe *b, int64_t goal)
{
    return at_most(b->rate_bps * PROBE_STEP, goal);
}

bool bwe_wants_probe(struct bwe *b, int64_t goal_bps, usec now, struct bwe_plan *ret_plan)
{
    struct bwe_probe *p = &b->probe;
    usec length = probe_length + 2 * b->jitter;
    int64_t target, bytes;

    if (p->is_under_way && now - p->next < probe_patience)
        return false;
    if (!b->has_feedback || !b->is_limited || b->rate_bps >= goal_bps || now < p->next ||
        !bwe_is_calm(b))
        return false;
    if (b->cap_bps && b->rate_bps >= b->cap_bps)
        return false;
    target = next_target(b, goal_bps);
    bytes = at_most(at_least(target * length / USEC_S / 8, PROBE_LEAST), PROBE_MOST);
    *ret_plan = (struct bwe_plan){.bytes = (size_t)bytes, .length = length};
    return true;
}

void bwe_probe(struct bwe *b, unsigned n, usec now)
{
    struct bwe_probe *p = &b->probe;

    *p =
        (struct bwe_probe){.is_under_way = true, .wanted = n, .failures = p->failures, .next = now};
}

void bwe_probe_sent(struct bwe *b, usec now)
{
    struct bwe_probe *p = &b->probe;

    if (!p->is_under_way)
        return;
    if (!p->n++) {
        p->first = b->next - 1;
        p->sent_from = now;
    }
    p->last = b->next - 1;
    p->sent_to = now;
}

static void probe_arrived(struct bwe_probe *p, const struct bwe_sent *s, usec at)
{
    if (!p->came++) {
        p->from = p->to = at;
        return;
    }
    p->bytes += size_of(s);
    if (at < p->from)
        p->from = at;
    if (at > p->to)
        p->to = at;
}

static void probe_failed(struct bwe_probe *p, usec now)
{
    bool is_last = ++p->failures >= PROBE_TRIES;

    p->failures = is_last ? 0 : p->failures;
    p->next = now + (is_last ? probe_period : probe_again);
}

/*
 * The last of it has been told about: did it come as fast as it was sent? If not, the line was full
 * of it, and carries what came; or the viewer was late in reading, and it carries more. The rate
 * never falls for it: five packets say too little, and a queue would be seen.
 */
static void judge_probe(struct bwe *b, usec now)
{
    struct bwe_probe *p = &b->probe;
    usec sent = at_least(p->sent_to - p->sent_from, USEC_MS);
    usec came = at_least(p->to - p->from, sent), even = at_least(came - b->jitter, sent);
    int64_t sent_bps = p->bytes * 8 * USEC_S / sent, even_bps = p->bytes * 8 * USEC_S / even;
    int64_t least_bps = p->bytes * 8 * USEC_S / came * 85 / 100;

    p->is_under_way = false;
    if (p->came * 4 < p->n * 3 || p->came < 2) {
        probe_failed(p, now);
    } else if (even_bps * 10 >= sent_bps * 9) {
        p->failures = 0;
        p->next = now; /* the next step at once */
        b->rate_bps = at_least(b->rate_bps, even_bps * 95 / 100);
    } else if (least_bps * 20 > b->rate_bps * 21) {
        p->failures = 0;
        p->next = now + (least_bps > b->rate_bps * 3 / 2 ? probe_again : probe_period);
        b->rate_bps = least_bps;
    } else {
        probe_failed(p, now);
    }
}

/* ---- feedback ---- */

static void tell(struct bwe *b, uint32_t number, usec at, usec now)
{
    struct bwe_probe *p = &b->probe;
    struct bwe_sent *s = place(b, number);
    bool is_probe = p->is_under_way && p->n && number - p->first <= p->last - p->first;

    if (s->is_here)
        return;
    b->told += !s->is_lost;
    if (at == RTCP_LOST) {
        if (!s->is_lost)
            lose(b, s);
        s->is_lost = true;
    } else {
        b->lost -= s->is_lost && b->lost; /* it was only late */
        b->run = 0;
        s->is_here = true;
        arrived(b, s, at, now);
        if (is_probe)
            probe_arrived(p, s, at);
    }
    if (is_probe && number == p->last && p->n == p->wanted)
        judge_probe(b, now);
}

void bwe_feedback(struct bwe *b, const struct rtcp_twcc *head, const usec *at, usec now)
{
    if (!b->has_feedback)
        begin_base(b, now); /* round trips of reports are of our clock, delays between two */
    b->has_feedback = true;
    measure_sent(b, now);
    for (unsigned i = 0; i < head->count; i++) {
        uint32_t number = extend(b, (uint16_t)(head->base_seq + i));

        if (is_known(b, number))
            tell(b, number, at[i], now);
    }
    measure_loss(b, now);
}

/* ---- reports ---- */

/* A quarter more, once a second however often is reported; no viewer's line carries more than the
 * ceiling, and what is computed from the rate stays a number. */
static void try_more(struct bwe *b, usec now)
{
    if (now - b->tried_at < USEC_S * 9 / 10)
        return;
    b->tried_at = now;
    b->rate_bps = at_most(b->rate_bps + b->rate_bps / 4, at_least(tried_most_bps, b->rate_bps));
}

void bwe_report(struct bwe *b, unsigned lost_permille, usec rtt_us, usec now)
{
    if (rtt_us >= 0)
        b->rtt_us = b->rtt_us ? (b->rtt_us * 7 + rtt_us) / 8 : rtt_us;
    if (b->has_feedback && b->can_probe)
        return;
    /* Nothing else than a trial tells more; who tries too much is held back by the allocation. */
    if (b->is_limited && now - at_least(b->fallen_at, b->over_at) > report_calm)
        try_more(b, now);
    if (b->has_feedback)
        return;
    measure_sent(b, now);
    b->acked_bps = b->sent_bps * (1000 - (int64_t)lost_permille) / 1000;
    if (rtt_us >= 0) {
        add_base(b, rtt_us, now);
        b->standing_before = b->standing;
        b->standing = rtt_us - base_of(b);
        judge(b, report_standing_most, now);
    }
    b->loss_permille = (b->loss_permille + lost_permille) / 2;
    judge_loss(b, now);
}
