#include "suite.h"

#include "base/limits.h"
#include "base/sb.h"
#include "domain/zip.h"

#include <stdlib.h>
#include <string.h>

static int add_both(struct zip *z)
{
    int r = zip_add(z, S("mimetype"), S("application/epub+zip"), ZIP_STORED);

    return r < 0 ? r : zip_add(z, S("a/b.html"), S("words words words words"), ZIP_DEFLATED);
}

static str made(struct arena *a, usec at)
{
    struct sb b = sb_init(a, 0);
    struct zip *z = NULL;

    assert_int_equal(zip_new(zip_to_text, &b, at, &z), 0);
    assert_int_equal(add_both(z), 0);
    assert_int_equal(zip_end(z), 0);
    assert_int_equal(zip_size(z), b.n);
    zip_free(z);
    return sb_str(&b);
}

/* The bytes of APPNOTE 4.3; other programs read whole packs in tests/server/publish.py. */
static void bytes(void **state)
{
    struct arena *a = arena_new();
    str zip = made(a, (usec)1606219202 * USEC_S); /* 2020-11-24 12:00:02 */

    (void)state;
    assert_memory_equal(zip.p, "PK\3\4\24\0\0\0\0\0\1\x60\x78\x51", 14);
    assert_memory_equal(zip.p + 30, "mimetypeapplication/epub+zip", 28);
    assert_true(str_find(zip, S("PK\1\2")) > 0);
    assert_true(str_find(zip, S("PK\5\6")) == (ptrdiff_t)zip.n - 22);
    assert_true(str_eq(zip, made(a, (usec)1606219202 * USEC_S)));
    assert_false(str_eq(zip, made(a, (usec)1606219204 * USEC_S)));
    assert_int_equal(made(a, 0).p[12], 0x21); /* 1 January 1980, where MS-DOS begins */
    arena_free(a);
}

/* Bytes that go past the sink count where they stand. */
static void far_files(void **state)
{
    static const char clip[] = "film film film";
    struct sb near = sb_init(NULL, 0), all = sb_init(NULL, 0);
    struct zip *z = NULL;
    size_t cut;

    (void)state;
    assert_int_equal(zip_new(zip_to_text, &all, 0, &z), 0);
    assert_int_equal(zip_add(z, S("clip"), str_c(clip), ZIP_STORED), 0);
    assert_int_equal(zip_add(z, S("words"), S("a"), ZIP_STORED), 0);
    assert_int_equal(zip_end(z), 0);
    zip_free(z);
    assert_int_equal(zip_new(zip_to_text, &near, 0, &z), 0);
    assert_int_equal(zip_add_far(z, S("clip"), strlen(clip), 0xafe7a319), 0);
    cut = near.n;
    assert_int_equal(zip_add(z, S("words"), S("a"), ZIP_STORED), 0);
    assert_int_equal(zip_end(z), 0);
    assert_int_equal(zip_size(z), all.n);
    assert_int_equal(near.n + strlen(clip), all.n);
    assert_memory_equal(sb_str(&near).p, sb_str(&all).p, cut);
    assert_memory_equal(sb_str(&near).p + cut, sb_str(&all).p + cut + strlen(clip), near.n - cut);
    assert_int_equal(zip_add_far(z, S("huge"), UINT32_MAX, 0), 0);
    assert_int_equal(zip_add(z, S("more"), S("a"), ZIP_STORED), ERR_TOO_BIG);
    zip_free(z);
    sb_done(&near);
    sb_done(&all);
}

/* No name leads out of the folder that the archive is unpacked in. */
static void names(void **state)
{
    static const str bad[] = {
        S(""),      S("/a"),   S("../a"), S("a/../b"),  S("a/"),       S("a//b"),    S("."),
        S(".a"),    S("a/.b"), S("-a"),   S("a\\b"),    S("C:a"),      S("a b"),     S("ё.html"),
        S("a\nb"), S("./a"),  S("a/./b"), S("a*"),     S("A/B.HTML"),
    };
    struct sb b = sb_init(NULL, 0);
    char most[ZIP_NAME_BYTES];
    struct zip *z = NULL;

    (void)state;
    assert_int_equal(zip_new(zip_to_text, &b, 0, &z), 0);
    assert_int_equal(add_both(z), 0);
    for (size_t i = 0; i < NELEM(bad); i++)
        assert_int_equal(zip_add(z, bad[i], S("x"), ZIP_STORED), ERR_RANGE);
    memset(most, 'a', sizeof(most));
    assert_int_equal(zip_add(z, (str){most, sizeof(most)}, S("x"), ZIP_STORED), ERR_RANGE);
    assert_int_equal(zip_add(z, (str){most, sizeof(most) - 1}, S(""), ZIP_DEFLATED), 0);
    assert_int_equal(zip_end(z), 0);
    zip_free(z);
    sb_done(&b);
}

static int full_sink(const void *p, size_t n, void *ctx)
{
    size_t *left = ctx;

    (void)p;
    if (n > *left)
        return ERR_DISK_FULL;
    *left -= n;
    return 0;
}

static void faults(void **state)
{
    char *big = calloc(1, MAX_PACK_BYTES);
    size_t left = 64;
    struct zip *z = NULL;

    (void)state;
    assert_non_null(big);
    assert_int_equal(zip_new(full_sink, &left, 0, &z), 0);
    assert_int_equal(add_both(z), ERR_DISK_FULL);
    zip_free(z);
    left = SIZE_MAX;
    assert_int_equal(zip_new(full_sink, &left, 0, &z), 0);
    assert_int_equal(zip_add(z, S("a"), (str){big, MAX_PACK_BYTES}, ZIP_STORED), ERR_TOO_BIG);
    zip_free(z);
    zip_free(NULL);
    free(big);
}

static const struct CMUnitTest tests[] = {cmocka_unit_test(bytes), cmocka_unit_test(far_files),
                                          cmocka_unit_test(names),
                                          cmocka_unit_test(faults)};
SUITE(zip);
