#include "suite.h"

#include "domain/suppress.h"

#include <string.h>

static void rows(void **state)
{
    static const struct {
        int64_t part[5];
        const char *want;
        bool has_total;
    } row[] = {
        {{12, 9, 7, 0, 30}, "-----", true},
        {{12, 3, 7, 0, 30}, "-xx--", true}, /* one alone would be the total less the rest */
        {{12, 3, 4, 0, 30}, "-xx--", true},
        {{12, 1, 2, 0, 30}, "xxx--", true}, /* two that make three are still few */
        {{3, 0, 0, 0, 0}, "x----", false},  /* the total is small itself */
        {{1, 1, 1, 1, 1}, "xxxxx", true},
        {{4, 6, 0, 0, 0}, "xx---", true},
    };

    (void)state;
    for (size_t i = 0; i < NELEM(row); i++) {
        bool hidden[5] = {false};

        assert_int_equal(suppress_parts(row[i].part, 5, hidden), row[i].has_total);
        for (int k = 0; k < 5; k++)
            assert_int_equal(hidden[k], row[i].want[k] == 'x');
    }
}

static void kept_hidden(void **state)
{
    const int64_t part[3] = {0, 20, 10};
    bool hidden[3] = {true, false, false};

    (void)state;
    assert_true(suppress_parts(part, 3, hidden));
    assert_true(hidden[0] && hidden[2] && !hidden[1]);
}

/* Every table of four parts up to eight people: never one hidden alone, never few in all. */
static void never_undone(void **state)
{
    (void)state;
    for (int code = 0; code < 9 * 9 * 9 * 9; code++) {
        int64_t part[4] = {code % 9, code / 9 % 9, code / 81 % 9, code / 729}, sum = 0;
        bool hidden[4] = {false};
        int n = 0;
        bool ok = suppress_parts(part, 4, hidden);

        for (int k = 0; k < 4; k++) {
            assert_true(hidden[k] || !suppress_is_small(part[k]));
            n += hidden[k];
            sum += hidden[k] ? part[k] : 0;
        }
        if (ok)
            assert_true(n == 0 || (n >= 2 && sum >= SUPPRESS_UNDER));
        else
            assert_true(suppress_is_small(part[0] + part[1] + part[2] + part[3]));
    }
}

static const struct CMUnitTest tests[] = {ROW(rows), ROW(kept_hidden), ROW(never_undone)};
SUITE(suppress);
