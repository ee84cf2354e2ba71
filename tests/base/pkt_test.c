#include "suite.h"

#include "base/pkt.h"

enum { MANY = 4 };

static void test_pool_ends_and_refills(void **state)
{
    struct pkt_pool *pool = NULL;
    struct pkt *p[MANY];

    (void)state;
    assert_int_equal(pkt_pool_new(MANY, &pool), 0);
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < MANY; i++) {
            p[i] = pkt_get(pool);
            assert_non_null(p[i]);
            assert_int_equal(p[i]->n, 0);
            assert_int_equal(p[i]->refs, 1);
            assert_ptr_equal(p[i]->data, p[i]->bytes + PKT_HEADROOM);
            p[i]->n = 99; /* must be gone when it is handed out again */
            p[i]->addr.port = 5;
        }
        assert_null(pkt_get(pool));
        assert_int_equal(pkt_pool_used(pool), MANY);
        for (int i = 0; i < MANY; i++)
            pkt_unref(p[i]);
        assert_int_equal(pkt_pool_used(pool), 0);
    }
    pkt_pool_free(pool);
    pkt_pool_free(NULL);
}

static void test_references(void **state)
{
    struct pkt_pool *pool = NULL;
    struct pkt *p;

    (void)state;
    assert_int_equal(pkt_pool_new(1, &pool), 0);
    assert_int_equal(pkt_pool_max(pool), 1);
    p = pkt_get(pool);
    assert_ptr_equal(pkt_ref(p), p);
    pkt_unref(p);
    assert_int_equal(pkt_pool_used(pool), 1);
    assert_null(pkt_get(pool));
    pkt_unref(p);
    assert_int_equal(pkt_pool_used(pool), 0);
    pkt_unref(NULL);
    pkt_pool_free(pool);
}

int pkt_test(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pool_ends_and_refills),
        cmocka_unit_test(test_references),
    };

    return cmocka_run_group_tests_name("pkt", tests, NULL, NULL);
}
