#include "media/pacer.h"

#include "media/track.h"
#include "suites.h"

#include <string.h>

static struct track a, b;

static void add(struct pacer *p, enum pace_class class, struct track *t, uint32_t seq, uint8_t slot)
{
    struct pace_item item = {.track = t, .seq = seq, .slot = slot, .at = USEC_S};

    assert_true(pacer_add(p, class, &item));
}

static void test_first_in_first_out(void **state)
{
    static struct pacer p;

    (void)state;
    pacer_init(&p);
    assert_null(pacer_first(&p, PACE_STAGE));
    add(&p, PACE_STAGE, &a, 0, 4);
    for (uint32_t seq = 1; seq < 1000; seq++) { /* goes round the line */
        add(&p, PACE_STAGE, &a, seq, 4);
        assert_int_equal(pacer_first(&p, PACE_STAGE)->seq, seq - 1);
        pacer_take(&p, PACE_STAGE);
        assert_int_equal(pacer_first(&p, PACE_STAGE)->seq, seq);
    }
    pacer_take(&p, PACE_STAGE);
    assert_int_equal(p.n, 0);
}

/* What a viewer costs on an open line: the places are not even cleared, and a line that empties
 * begins at its first again. */
static void test_touches_little(void **state)
{
    static struct pacer p;
    static const uint8_t untouched[sizeof(p.at[0])] = {0};

    (void)state;
    memset(&p, 0xa5, sizeof(p));
    pacer_init(&p);
    for (size_t i = 0; i < sizeof(p.at); i++)
        assert_int_equal(((const uint8_t *)p.at)[i], 0xa5);
    memset(&p, 0, sizeof(p));
    for (uint32_t seq = 0; seq < 2 * PACE_ITEMS; seq++) {
        add(&p, PACE_STAGE, &a, seq, 4);
        pacer_take(&p, PACE_STAGE);
    }
    assert_memory_equal(&p.at[PACE_STAGE][1], untouched, sizeof(p.at[0]) - sizeof(p.at[0][0]));
}

static void test_is_bounded(void **state)
{
    static struct pacer p;
    struct pace_item item = {.track = &a};

    (void)state;
    pacer_init(&p);
    for (int i = 0; i < PACE_ITEMS; i++)
        add(&p, PACE_SMALL, &a, (uint32_t)i, 5);
    assert_false(pacer_add(&p, PACE_SMALL, &item));
    add(&p, PACE_STAGE, &a, 0, 4); /* every line for itself */
}

/* A slot's packets, or a track's, out of the middle; the rest keeps its order. */
static void test_cut_and_forget(void **state)
{
    static struct pacer p;

    (void)state;
    pacer_init(&p);
    for (uint32_t i = 0; i < 9; i++)
        add(&p, PACE_SMALL, i % 3 == 1 ? &b : &a, i, (uint8_t)(5 + i % 3));
    assert_int_equal(pacer_cut(&p, PACE_SMALL, 5), 3);
    pacer_forget(&p, &b);
    assert_int_equal(p.n, 3);
    for (uint32_t i = 2; i < 9; i += 3) {
        assert_int_equal(pacer_first(&p, PACE_SMALL)->seq, i);
        pacer_take(&p, PACE_SMALL);
    }
}

/* What a younger key frame makes needless goes; that frame and the other slot's packets stay. */
static void test_cut_some(void **state)
{
    static struct pacer p;

    (void)state;
    pacer_init(&p);
    for (uint32_t i = 0; i < 8; i++)
        add(&p, PACE_SMALL, &a, i, (uint8_t)(5 + i % 2));
    assert_int_equal(pacer_at(&p, PACE_SMALL, 7)->seq, 7);
    assert_null(pacer_at(&p, PACE_SMALL, 8));
    assert_int_equal(pacer_cut_some(&p, PACE_SMALL, 5, 4), 2);
    assert_int_equal(p.n, 6);
    assert_int_equal(pacer_at(&p, PACE_SMALL, 0)->seq, 1);
    assert_int_equal(pacer_at(&p, PACE_SMALL, 1)->seq, 3);
    assert_int_equal(pacer_at(&p, PACE_SMALL, 2)->seq, 4);
}

/* 100 packets of 1,000 bytes at 800 kbit/s take a second, less what goes ahead. */
static void test_pace(void **state)
{
    static struct pacer p;
    usec now = USEC_S;
    int sent = 0;

    (void)state;
    pacer_init(&p);
    for (; now < 2 * USEC_S; now += USEC_MS)
        for (; pacer_may(&p, now); sent++)
            pacer_charge(&p, 1000, 800000, now);
    assert_in_range(sent, 100, 103);
    pacer_charge(&p, 1000, INT64_MAX, now); /* no limit: no time */
    assert_true(p.free_at <= now + 20 * USEC_MS);
    for (int i = 0; i < 100; i++)
        pacer_charge(&p, 150, 20000, now); /* voices on a line that is too thin for them */
    assert_true(p.free_at <= now + 100 * USEC_MS);
}

/* What is more important and waits goes first; a repeat that is not yet due holds nobody up. */
static void test_who_need_not_wait(void **state)
{
    static struct pacer p;
    struct pace_item later = {.seq = 1, .at = 2 * USEC_S};

    (void)state;
    pacer_init(&p);
    assert_true(pacer_is_free(&p, PACE_SMALL, USEC_S));
    assert_true(pacer_next(&p) == INT64_MAX);
    assert_true(pacer_add(&p, PACE_AGAIN, &later));
    assert_true(pacer_is_free(&p, PACE_STAGE, USEC_S));
    assert_true(pacer_next(&p) == 2 * USEC_S);
    add(&p, PACE_STAGE, &a, 1, 4);
    assert_false(pacer_is_free(&p, PACE_SMALL, USEC_S));
    assert_false(pacer_is_free(&p, PACE_STAGE, USEC_S));
    assert_true(pacer_next(&p) == USEC_S);
}

int pacer_suite(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_first_in_first_out),
        cmocka_unit_test(test_touches_little),
        cmocka_unit_test(test_is_bounded),
        cmocka_unit_test(test_cut_and_forget),
        cmocka_unit_test(test_cut_some),
        cmocka_unit_test(test_pace),
        cmocka_unit_test(test_who_need_not_wait),
    };

    return cmocka_run_group_tests_name("pacer", tests, NULL, NULL);
}
