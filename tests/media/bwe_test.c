#include "media/bwe.h"

#include "media/rtcp.h"
#include "suites.h"

/*
 * A line with a rate and a queue, and a viewer that tells every 50 ms what came. */
struct wire {
    struct bwe bwe;
    int64_t rate_bps;
    usec now, busy, told_at, delay, jitter;
    unsigned loss_permille, random;
    uint16_t next, told; /* numbers */
    usec padding_at, padding_apart, padding_bytes;
    unsigned padding; /* packets of a probe that have yet to be sent */
    usec bytes;       /* of each packet, all headers with them */
    usec grid;        /* the viewer reads as seldom as that */
    usec ahead;       /* the viewer's clock, of ours */
    usec nap, awake;  /* from when to when the viewer looks at nothing */
    usec came[65536]; /* at the viewer, by number; RTCP_LOST */
};

enum { BYTES = 1000, SOUND = 144 };

/* Reference times have 24 bits, in 64 ms: 12 days. */
static const usec clock_wraps = ((usec)1 << 24) * 64 * USEC_MS;

static usec on_clock(const struct wire *w, usec at)
{
    usec half = clock_wraps / 2;

    return (at + w->ahead + half) % clock_wraps - half;
}

static struct wire *wire_new(int64_t rate_bps)
{
    static struct wire w;

    w = (struct wire){.bytes = BYTES,
                      .rate_bps = rate_bps,
                      .now = 5 * USEC_S,
                      .delay = 50 * USEC_MS,
                      .random = 1};
    bwe_init(&w.bwe, w.now);
    return &w;
}

static unsigned draw(struct wire *w, unsigned n)
{
    w->random = w->random * 1103515245u + 12345u;
    return (w->random >> 8) % n;
}

static void push(struct wire *w, size_t n)
{
    usec start = w->busy > w->now ? w->busy : w->now;
    uint16_t number = bwe_sent(&w->bwe, n, 4, 7, w->now);
    bool is_lost = start - w->now > 500 * USEC_MS || draw(w, 1000) < w->loss_permille;

    assert_int_equal(number, w->next);
    w->next++;
    w->came[number] = RTCP_LOST;
    if (start - w->now > 500 * USEC_MS)
        return;
    w->busy = start + (usec)(n + BWE_WRAP) * 8 * USEC_S / w->rate_bps;
    if (is_lost)
        return;
    w->came[number] = w->busy + w->delay + (w->jitter ? draw(w, (unsigned)w->jitter) : 0);
    if (w->grid)
        w->came[number] += w->grid - w->came[number] % w->grid + draw(w, 3000);
    if (w->came[number] >= w->nap && w->came[number] < w->awake)
        w->came[number] = w->awake + (w->came[number] - w->nap) / 20;
}

/* All numbers up to the highest that has come. */
static void tell(struct wire *w)
{
    static usec at[RTCP_MAX_TWCC];
    struct rtcp_twcc head = {.base_seq = w->told};

    for (uint16_t i = w->told; i != w->next && (uint16_t)(i - w->told) < RTCP_MAX_TWCC; i++) {
        bool is_here = w->came[i] != RTCP_LOST && w->came[i] <= w->now;

        at[(uint16_t)(i - w->told)] = is_here ? on_clock(w, w->came[i]) : RTCP_LOST;
        if (is_here)
            head.count = (uint16_t)(i - w->told + 1);
    }
    if (head.count)
        bwe_feedback(&w->bwe, &head, at, w->now + w->delay);
    head.count = head.count > 16 ? head.count : 16; /* what came late is told again */
    w->told = (uint16_t)(w->told + head.count - 16);
}

/* Its next packet, when it is time. */
static void probe(struct wire *w)
{
    if (!w->padding || w->now < w->padding_at)
        return;
    push(w, (size_t)w->padding_bytes - BWE_WRAP);
    bwe_probe_sent(&w->bwe, w->now);
    w->padding--;
    w->padding_at += w->padding_apart;
}

/* Sends bps for so long. */
static void flow(struct wire *w, int64_t bps, usec length)
{
    usec end = w->now + length, each = w->bytes * 8 * USEC_S / bps, next = w->now;

    for (; w->now < end; w->now += USEC_MS) {
        for (; next <= w->now; next += each)
            push(w, (size_t)w->bytes - BWE_WRAP);
        probe(w);
        if (w->now >= w->told_at) {
            tell(w);
            w->told_at = w->now + 50 * USEC_MS;
        }
    }
}

/* With probes, ten times a second. */
static void flow_probing(struct wire *w, int64_t bps, int64_t goal, usec length)
{
    for (usec t = 0; t < length; t += 100 * USEC_MS) {
        struct bwe_plan plan;

        if (!w->padding && bwe_wants_probe(&w->bwe, goal, w->now, &plan)) {
            w->padding = 5;
            w->padding_at = w->now;
            w->padding_bytes = (usec)plan.bytes / 5;
            w->padding_apart = plan.length / 4;
            bwe_probe(&w->bwe, 5, w->now);
        }
        flow(w, bps, 100 * USEC_MS);
    }
}

static void test_open_line(void **state)
{
    struct wire *w = wire_new(2000000);

    (void)state;
    flow(w, 500000, 30 * USEC_S);
    assert_false(w->bwe.is_limited);
    assert_true(bwe_rate(&w->bwe) == INT64_MAX);
    assert_in_range(w->bwe.acked_bps, 450000, 550000);
}

/* The rate is found within half a second, before the queue is full. */
static void test_rate_falls(void **state)
{
    struct wire *w = wire_new(2000000);

    (void)state;
    flow(w, 500000, 10 * USEC_S);
    w->rate_bps = 300000;
    flow(w, 500000, 500 * USEC_MS);
    assert_in_range(bwe_rate(&w->bwe), 220000, 300000);
    assert_true(w->busy - w->now < 400 * USEC_MS);
}

/* A telephone whose processor or radio sleeps now and then has a line as good as before, also while
 * little is sent, which is all that a fall could be measured by. */
static void test_nap_is_not_congestion(void **state)
{
    struct wire *w = wire_new(20000000);

    (void)state;
    flow(w, 500000, 5 * USEC_S);
    for (int i = 0; i < 40; i++) {
        w->nap = w->now + w->delay;
        w->awake = w->nap + 100 * USEC_MS * (1 + i % 8);
        flow(w, i % 2 ? 1000000 : 250000, USEC_S);
        assert_false(w->bwe.is_limited);
    }
}

/* … and behind a nap a line that has become thin is found as ever. */
static void test_nap_hides_nothing(void **state)
{
    struct wire *w = wire_new(2000000);

    (void)state;
    flow(w, 500000, 5 * USEC_S);
    w->nap = w->now + w->delay;
    w->awake = w->nap + 300 * USEC_MS;
    w->rate_bps = 300000;
    flow(w, 500000, USEC_S);
    assert_in_range(bwe_rate(&w->bwe), 200000, 300000);
}

/* An application that sends little has proved nothing: neither more nor less. */
static void test_little_proves_nothing(void **state)
{
    struct wire *w = wire_new(300000);
    int64_t rate;

    (void)state;
    flow(w, 500000, USEC_S);
    flow(w, 60000, 2 * USEC_S);
    rate = bwe_rate(&w->bwe);
    w->rate_bps = 2000000;
    flow(w, 60000, 30 * USEC_S);
    assert_true(bwe_rate(&w->bwe) == rate);
}

static void test_probe_finds(void **state)
{
    struct wire *w = wire_new(64000);

    (void)state;
    flow(w, 500000, USEC_S);
    w->bytes = SOUND;
    flow_probing(w, 50000, 600000, 10 * USEC_S);
    assert_in_range(bwe_rate(&w->bwe), 35000, 75000);
    w->rate_bps = 1000000;
    flow_probing(w, 50000, 600000, 4 * USEC_S);
    assert_in_range(bwe_rate(&w->bwe), 450000, 700000);
}

/* A viewer that reads late makes every probe look slower than it was: the rate climbs all the same.
 */
static void test_probe_finds_through_late_reading(void **state)
{
    struct wire *w = wire_new(64000);

    (void)state;
    flow(w, 500000, USEC_S);
    w->bytes = SOUND;
    w->grid = 40 * USEC_MS;
    flow_probing(w, 50000, 600000, 5 * USEC_S);
    w->rate_bps = 5000000;
    flow_probing(w, 50000, 600000, 15 * USEC_S);
    assert_in_range(bwe_rate(&w->bwe), 400000, 700000);
}

/* A probe adds 50 ms to the queue of a line that is as slow as believed. */
static void test_probe_is_small(void **state)
{
    struct wire *w = wire_new(64000);
    usec most = 0;

    (void)state;
    flow(w, 500000, USEC_S);
    w->bytes = SOUND;
    flow_probing(w, 50000, 600000, 10 * USEC_S);
    for (int i = 0; i < 100; i++) {
        flow_probing(w, 50000, 600000, 100 * USEC_MS);
        most = w->busy - w->now > most ? w->busy - w->now : most;
    }
    assert_in_range(most, 0, 200 * USEC_MS);
}

static void test_jitter_is_no_queue(void **state)
{
    struct wire *w = wire_new(2000000);

    (void)state;
    w->jitter = 80 * USEC_MS;
    flow(w, 500000, 60 * USEC_S);
    assert_false(w->bwe.is_limited);
}

static void test_random_loss_is_not_congestion(void **state)
{
    struct wire *w = wire_new(2000000);

    (void)state;
    w->loss_permille = 100;
    flow(w, 500000, 120 * USEC_S);
    assert_false(w->bwe.is_limited);
}

/* For three seconds nothing comes at all: a NAT has forgotten, or two masts hand over. */
static void test_an_outage_says_nothing(void **state)
{
    struct wire *w = wire_new(2000000);

    (void)state;
    flow(w, 500000, 5 * USEC_S);
    w->loss_permille = 1000;
    flow(w, 500000, 3 * USEC_S);
    w->loss_permille = 0;
    flow(w, 500000, 5 * USEC_S);
    assert_false(w->bwe.is_limited);
}

/* A third is lost whatever is sent: the rate comes back. */
static void test_own_loss_is_learnt(void **state)
{
    struct wire *w = wire_new(2000000);

    (void)state;
    w->loss_permille = 350;
    flow(w, 500000, 5 * USEC_S);
    assert_true(w->bwe.is_limited);
    flow(w, 200000, 12 * USEC_S);
    assert_true(w->bwe.loss_own > 200);
    assert_true(bwe_rate(&w->bwe) >= 400000);
}

static void test_remb_caps(void **state)
{
    struct wire *w = wire_new(2000000);

    (void)state;
    flow(w, 500000, USEC_S);
    bwe_cap(&w->bwe, 700000, w->now);
    assert_true(bwe_rate(&w->bwe) == INT64_MAX);
    bwe_cap(&w->bwe, 200000, w->now);
    assert_int_equal(bwe_rate(&w->bwe), 200000);
    bwe_cap(&w->bwe, 0, w->now); /* nothing at all: the least that is sent, not all there is */
    assert_int_equal(bwe_rate(&w->bwe), 10000);
}

/* Numbers wrap; feedback of what was never sent, or long ago, changes nothing. */
static void test_strange_feedback(void **state)
{
    static usec at[RTCP_MAX_TWCC];
    static struct bwe before;
    struct wire *w = wire_new(2000000);
    struct rtcp_twcc head = {.count = RTCP_MAX_TWCC};

    (void)state;
    flow(w, 1500000, 400 * USEC_S); /* 75,000 packets */
    assert_false(w->bwe.is_limited);
    before = w->bwe;
    for (unsigned i = 0; i < 65536; i += 1000) {
        head.base_seq = (uint16_t)i;
        bwe_feedback(&w->bwe, &head, at, w->now);
    }
    assert_int_equal(w->bwe.acked_bps, before.acked_bps);
    assert_int_equal(w->bwe.rate_bps, before.rate_bps);
    assert_int_equal(w->bwe.loss_permille, before.loss_permille);
    assert_int_equal(w->bwe.is_limited, before.is_limited);
}

/* A report may come before any feedback does: its round trip is by our clock, and feedback by one
 * that may be days ahead. */
static void test_report_before_feedback(void **state)
{
    struct wire *w = wire_new(2000000);

    (void)state;
    w->ahead = 450000 * USEC_S;
    w->told_at = w->now + 500 * USEC_MS;
    flow(w, 500000, 200 * USEC_MS);
    bwe_report(&w->bwe, 0, 11 * USEC_MS, w->now);
    for (int i = 0; i < 100; i++) {
        flow(w, 500000, 100 * USEC_MS);
        assert_false(w->bwe.is_limited);
    }
    assert_true(w->bwe.has_feedback);
}

/* The viewer's clock begins anew, as it does every twelve days: what comes is measured on. */
static void test_clock_wraps(void **state)
{
    struct wire *w = wire_new(2000000);

    (void)state;
    w->ahead = clock_wraps / 2 - 15 * USEC_S; /* in ten seconds */
    flow(w, 1000000, 9 * USEC_S);
    assert_in_range(w->bwe.acked_bps, 900000, 1100000);
    flow(w, 300000, 4 * USEC_S);
    assert_in_range(w->bwe.acked_bps, 270000, 330000);
    flow(w, 800000, 10 * USEC_S);
    assert_in_range(w->bwe.acked_bps, 720000, 880000);
    assert_false(w->bwe.is_limited);
}

/* A packet each 10 ms, and a report each second that says the same. */
static void reported(struct bwe *b, int seconds, unsigned loss, usec rtt, usec *io_now)
{
    for (int i = 0; i < seconds * 100; i++, *io_now += 10 * USEC_MS) {
        bwe_sent_plain(b, BYTES);
        if (i % 100 == 0)
            bwe_report(b, loss, rtt, *io_now);
    }
}

/* No feedback but reports: loss and round trip. */
static void test_reports_alone(void **state)
{
    static struct bwe b;
    usec now = USEC_S;

    (void)state;
    bwe_init(&b, now);
    reported(&b, 10, 0, 80 * USEC_MS, &now);
    assert_false(b.is_limited);
    reported(&b, 20, 500, 80 * USEC_MS, &now);
    assert_true(b.is_limited);
    bwe_init(&b, now);
    reported(&b, 10, 0, 80 * USEC_MS, &now);
    reported(&b, 20, 0, 500 * USEC_MS, &now);
    assert_true(b.is_limited);
}

/* However many reports come at once, and however long the line is calm. */
static void test_reports_do_not_run_away(void **state)
{
    static struct bwe b;
    usec now = USEC_S;
    int64_t before;

    (void)state;
    bwe_init(&b, now);
    reported(&b, 10, 0, 80 * USEC_MS, &now);
    reported(&b, 20, 500, 80 * USEC_MS, &now);
    assert_true(b.is_limited);
    now += 30 * USEC_S;
    bwe_report(&b, 0, 80 * USEC_MS, now);
    before = bwe_rate(&b);
    for (int i = 0; i < 500; i++)
        bwe_report(&b, 0, 80 * USEC_MS, now);
    assert_in_range(bwe_rate(&b), before, before * 5 / 4);
    for (int i = 0; i < 60000 && b.is_limited; i++, now += 10 * USEC_MS) {
        bwe_sent_plain(&b, BYTES);
        if (i % 100 == 0)
            bwe_report(&b, 0, 140 * USEC_MS, now);
        assert_in_range(bwe_rate(&b), 1, 1000000000);
    }
}

int bwe_suite(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_open_line),
        cmocka_unit_test(test_rate_falls),
        cmocka_unit_test(test_nap_is_not_congestion),
        cmocka_unit_test(test_nap_hides_nothing),
        cmocka_unit_test(test_little_proves_nothing),
        cmocka_unit_test(test_probe_finds),
        cmocka_unit_test(test_probe_finds_through_late_reading),
        cmocka_unit_test(test_probe_is_small),
        cmocka_unit_test(test_jitter_is_no_queue),
        cmocka_unit_test(test_random_loss_is_not_congestion),
        cmocka_unit_test(test_an_outage_says_nothing),
        cmocka_unit_test(test_own_loss_is_learnt),
        cmocka_unit_test(test_remb_caps),
        cmocka_unit_test(test_strange_feedback),
        cmocka_unit_test(test_report_before_feedback),
        cmocka_unit_test(test_clock_wraps),
        cmocka_unit_test(test_reports_alone),
        cmocka_unit_test(test_reports_do_not_run_away),
    };

    return cmocka_run_group_tests_name("bwe", tests, NULL, NULL);
}
