#include "suite.h"

#include "base/limits.h"
#include "base/sb.h"
#include "domain/csv.h"

#include <string.h>

static void expect_row(struct csv *c, unsigned line, const char *const *cells, size_t n)
{
    struct csv_row row;

    assert_int_equal(csv_read(c, &row), 1);
    assert_int_equal(row.line, line);
    assert_int_equal(row.n, n);
    for (size_t i = 0; i < n; i++)
        assert_str(row.cell[i], cells[i]);
}

static void cells(void **state)
{
    struct arena *a = arena_new();
    struct csv c =
        csv_init(a, S("a,b,c\r\n1,\"two, \"\"2\"\"\nlines\", 3 \n\n ,,\n5\" pipe, \"x\" ,"));
    struct csv_row row;

    (void)state;
    expect_row(&c, 1, (const char *[]){"a", "b", "c"}, 3);
    expect_row(&c, 2, (const char *[]){"1", "two, \"2\"\nlines", "3"}, 3);
    expect_row(&c, 6, (const char *[]){"5\" pipe", "x", ""}, 3);
    assert_int_equal(csv_read(&c, &row), 0);
    arena_free(a);
}

static void separators(void **state)
{
    struct arena *a = arena_new();

    (void)state;
    assert_int_equal(csv_init(a, S("a;b;c,d\n1,2,3,4,5")).separator, ';');
    assert_int_equal(csv_init(a, S("a\tb;c\td")).separator, '\t');
    assert_int_equal(csv_init(a, S("\"a;b;c\",d")).separator, ',');
    assert_int_equal(csv_init(a, S("one")).separator, ',');
    arena_free(a);
}

static void faults(void **state)
{
    struct arena *a = arena_new();
    char *big = arena_alloc(a, MAX_CSV_FIELD + 32);
    struct csv c;
    struct csv_row row;

    (void)state;
    c = csv_init(a, S("a,b\n1,\"open\n2,3\n"));
    assert_int_equal(csv_read(&c, &row), 1);
    assert_int_equal(csv_read(&c, &row), ERR_SYNTAX);
    assert_int_equal(c.line, 2);
    assert_int_equal(csv_read(&c, &row), 0);
    memset(big, 'x', MAX_CSV_FIELD + 1);
    memcpy(big + MAX_CSV_FIELD + 1, ",2\nnext", 7);
    c = csv_init(a, (str){big, MAX_CSV_FIELD + 8});
    assert_int_equal(csv_read(&c, &row), ERR_TOO_BIG);
    expect_row(&c, 2, (const char *[]){"next"}, 1);
    memset(big, ',', CSV_COLUMNS);
    c = csv_init(a, (str){big, CSV_COLUMNS});
    assert_int_equal(csv_read(&c, &row), ERR_TOO_BIG);
    arena_free(a);
}

/* Whoever opens the file in a spreadsheet runs nothing that others have typed. */
static void written(void **state)
{
    static const char *const formulas[] = {"=1", "+1", "-1", "@x", "\tx", "\rx"};
    struct arena *a = arena_new();
    struct sb b = sb_init(a, 0);

    (void)state;
    csv_cell(&b, S("a \"b\", c"), ",");
    csv_cell(&b, S(""), ",");
    csv_plain(&b, S("+44 1632"), "\r\n");
    assert_true(str_eq(sb_str(&b), S("\"a \"\"b\"\", c\",\"\",\"+44 1632\"\r\n")));
    for (size_t i = 0; i < NELEM(formulas); i++) {
        b = sb_init(a, 0);
        csv_cell(&b, str_c(formulas[i]), "");
        assert_true(str_starts(sb_str(&b), S("\"'")));
    }
    arena_free(a);
}

static const struct CMUnitTest tests[] = {cmocka_unit_test(cells), cmocka_unit_test(separators),
                                          cmocka_unit_test(faults), cmocka_unit_test(written)};
SUITE(csv);
