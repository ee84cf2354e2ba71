#include "media/ring.h"

#include "base/err.h"
#include "base/pkt.h"
#include "suites.h"

static void test_keeps_and_forgets(void **state)
{
    struct pkt_pool *pool = NULL;
    struct ring_entry *kept = NULL;
    struct ring r = {0};

    (void)state;
    assert_int_equal(pkt_pool_new(32, &pool), 0);
    assert_int_equal(ring_init(&r, 8), 0);
    for (uint32_t seq = 100; seq < 120; seq++) {
        struct ring_entry e = {.pkt = pkt_get(pool), .seq = seq};

        assert_int_equal(ring_add(&r, &e, &kept), 0);
        assert_int_equal(kept->seq, seq);
    }
    assert_int_equal(pkt_pool_used(pool), 8);
    assert_null(ring_by_seq(&r, 111));
    assert_int_equal(ring_by_seq(&r, 112)->seq, 112);
    assert_int_equal(ring_add(&r, &(struct ring_entry){.seq = 119}, &kept), ERR_REPLAY);
    assert_int_equal(ring_add(&r, &(struct ring_entry){.seq = 111}, &kept), ERR_RANGE);
    ring_done(&r);
    ring_done(&r);
    pkt_pool_free(pool);
}

/* What is given back early is as if it had never been kept; the rest stays. */
static void test_trims(void **state)
{
    struct pkt_pool *pool = NULL;
    struct ring_entry *kept = NULL;
    struct ring r = {0};

    (void)state;
    assert_int_equal(pkt_pool_new(8, &pool), 0);
    assert_int_equal(ring_init(&r, 8), 0);
    for (uint32_t seq = 100; seq < 108; seq++) {
        struct ring_entry e = {.pkt = pkt_get(pool), .seq = seq};

        assert_int_equal(ring_add(&r, &e, &kept), 0);
    }
    ring_trim(&r, 107, 2);
    assert_int_equal(pkt_pool_used(pool), 3);
    assert_null(ring_by_seq(&r, 104));
    assert_int_equal(ring_by_seq(&r, 105)->seq, 105);
    ring_trim(&r, 107, 2);
    assert_int_equal(pkt_pool_used(pool), 3);
    ring_done(&r);
    pkt_pool_free(pool);
}

int ring_suite(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_keeps_and_forgets),
                                       cmocka_unit_test(test_trims)};

    return cmocka_run_group_tests_name("ring", tests, NULL, NULL);
}
