#include "suite.h"

#include "base/err.h"
#include "base/table.h"
#include "base/types.h"

#include <string.h>

enum { KEYS = 300, ROUNDS = 20000 };

static void test_limits(void **state)
{
    struct table *t = NULL;
    int x, y;

    (void)state;
    assert_int_equal(table_new(1, &t), 0);
    assert_null(table_by_key(t, 0));
    assert_null(table_remove(t, 0));
    assert_int_equal(table_add(t, 0, &x), 0);
    assert_int_equal(table_add(t, 0, &y), ERR_CONFLICT);
    assert_int_equal(table_add(t, 1, &y), ERR_FULL);
    assert_ptr_equal(table_by_key(t, 0), &x);
    assert_ptr_equal(table_remove(t, 0), &x);
    assert_int_equal(table_len(t), 0);
    assert_int_equal(table_add(t, UINT64_MAX, &y), 0);
    assert_ptr_equal(table_by_key(t, UINT64_MAX), &y);
    table_free(t);
    table_free(NULL);
    t = NULL;
    assert_int_equal(table_new((1u << 28) + 1, &t), ERR_RANGE);
    assert_null(t);
}

/* The table against a plain array, with a small generator of our own so that a failure repeats (the
 * table's seed does not). */
struct model {
    bool is_there[KEYS];
    char values[KEYS];
    unsigned n;
    uint32_t dice;
};

static unsigned roll(struct model *m, unsigned sides)
{
    m->dice = m->dice * 1664525u + 1013904223u;
    return (m->dice >> 8) % sides;
}

static void check_all(const struct model *m, const struct table *t)
{
    for (unsigned k = 0; k < KEYS; k++)
        assert_ptr_equal(table_by_key(t, k), m->is_there[k] ? &m->values[k] : NULL);
    assert_int_equal(table_len(t), m->n);
}

static void one_step(struct model *m, struct table *t)
{
    unsigned k = roll(m, KEYS);
    void *value = &m->values[k];

    if (m->is_there[k]) {
        assert_ptr_equal(table_remove(t, k), value);
        m->n--;
    } else {
        assert_int_equal(table_add(t, k, value), 0);
        m->n++;
    }
    m->is_there[k] = !m->is_there[k];
}

/* Deletion shifts what stood behind the hole: no key may be lost or doubled by it, also where the
 * table wraps. */
static void test_deletion(void **state)
{
    struct model m = {.dice = 1};
    struct table *t = NULL;

    (void)state;
    assert_int_equal(table_new(KEYS, &t), 0);
    for (int i = 0; i < ROUNDS; i++) {
        one_step(&m, t);
        if (i % 50 == 0)
            check_all(&m, t);
    }
    check_all(&m, t);
    table_free(t);
}

static void test_walk(void **state)
{
    int seen[10] = {0}, *value;
    struct table *t = NULL;
    unsigned at = 0, n = 0;

    (void)state;
    assert_int_equal(table_new(10, &t), 0);
    assert_null(table_next(t, &at));
    for (unsigned k = 0; k < 10; k++)
        assert_int_equal(table_add(t, k * 1000, &seen[k]), 0);
    for (at = 0; (value = table_next(t, &at));) {
        (*value)++;
        n++;
    }
    assert_int_equal(n, 10);
    for (unsigned k = 0; k < 10; k++)
        assert_int_equal(seen[k], 1);
    table_free(t);
}

static void test_key_of_bytes(void **state)
{
    char text[40] = "0123456789abcdef0123456789abcdef";

    (void)state;
    for (size_t n = 0; n < 33; n++) {
        assert_true(table_key(text, n) == table_key(text, n));
        assert_true(table_key(text, n) != table_key(text, n + 1));
    }
    assert_true(table_key("a", 1) != table_key("b", 1));
}

int table_test(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_deletion),
        cmocka_unit_test(test_walk),
        cmocka_unit_test(test_key_of_bytes),
    };

    return cmocka_run_group_tests_name("table", tests, NULL, NULL);
}
