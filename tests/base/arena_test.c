#include "suite.h"

#include "base/arena.h"
#include "base/limits.h"
#include "base/str.h"

#include <string.h>

static bool is_zero(const unsigned char *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (p[i])
            return false;
    return true;
}

static void test_zeroed_and_aligned(void **state)
{
    struct arena *a = arena_new();

    (void)state;
    for (size_t n = 0; n < 3000; n += 7) {
        unsigned char *p = arena_alloc(a, n);

        assert_non_null(p);
        assert_int_equal((uintptr_t)p % _Alignof(max_align_t), 0);
        assert_true(is_zero(p, n));
        memset(p, 0xff, n);
    }
    arena_free(a);
}

static void test_reset_gives_zeroes_again(void **state)
{
    struct arena *a = arena_new();
    unsigned char *p = arena_alloc(a, 100);

    (void)state;
    memset(p, 0xff, 100);
    arena_alloc(a, 100000);
    assert_true(arena_used(a) >= 100100);
    arena_reset(a);
    assert_int_equal(arena_used(a), 0);
    assert_ptr_equal(arena_alloc(a, 100), p);
    assert_true(is_zero(p, 100));
    arena_free(a);
}

static void test_limit(void **state)
{
    struct arena *a = arena_new();
    size_t n = 0;

    (void)state;
    assert_null(arena_alloc(a, (size_t)MAX_ARENA_BYTES + 1));
    assert_null(arena_alloc(a, SIZE_MAX));
    assert_null(arena_array(a, SIZE_MAX / 2, 3));
    while (arena_alloc(a, 100000))
        n += 100000;
    assert_true(n <= MAX_ARENA_BYTES && n > MAX_ARENA_BYTES / 2);
    arena_reset(a);
    assert_non_null(arena_alloc(a, 8u << 20));
    arena_free(a);
    arena_free(NULL);
}

static void test_texts(void **state)
{
    struct arena *a = arena_new();
    str s = arena_str(a, S("abc"));

    (void)state;
    assert_int_equal(s.n, 3);
    assert_string_equal(s.p, "abc");
    assert_null(arena_str(a, (str){NULL, 0}).p);
    assert_non_null(arena_str(a, S("")).p);
    assert_string_equal(arena_cstr(a, S("x")), "x");
    s = arena_printf(a, "%d-%s", 7, "y");
    assert_true(str_eq(s, S("7-y")));
    assert_string_equal(s.p, "7-y");
    arena_free(a);
}

int arena_test(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_zeroed_and_aligned),
        cmocka_unit_test(test_reset_gives_zeroes_again),
        cmocka_unit_test(test_limit),
        cmocka_unit_test(test_texts),
    };

    return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
