#include "suite.h"

#include "base/addr.h"
#include "domain/geo.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct folder {
    char dir[40], v4[64], v6[64], bin[64];
};

static void write_text(const char *path, const char *text)
{
    FILE *f = fopen(path, "w");

    assert_non_null(f);
    assert_true(fputs(text, f) >= 0);
    fclose(f);
}

static struct folder folder_new(void)
{
    struct folder f = {.dir = "/tmp/kengesh-geo-XXXXXX"};

    assert_non_null(mkdtemp(f.dir));
    (void)snprintf(f.v4, sizeof(f.v4), "%s/4", f.dir);
    (void)snprintf(f.v6, sizeof(f.v6), "%s/6", f.dir);
    (void)snprintf(f.bin, sizeof(f.bin), "%s/bin", f.dir);
    return f;
}

static void folder_free(struct folder *f)
{
    unlink(f->v4);
    unlink(f->v6);
    unlink(f->bin);
    assert_int_equal(rmdir(f->dir), 0);
}

static void expect(const struct geo *g, const char *ip, const char *want)
{
    struct addr a;
    uint16_t c;
    char got[3] = {0};

    assert_int_equal(addr_parse(str_c(ip), 0, &a), 0);
    c = geo_country(g, &a);
    if (c) {
        got[0] = (char)(c >> 8);
        got[1] = (char)(c & 0xff);
    }
    assert_string_equal(got, want);
}

static void lookup(void **state)
{
    struct folder f = folder_new();
    struct geo *g = NULL;

    (void)state;
    /* 95.85.96.0-95.85.127.255 TM, right behind it a gap, then 100.0.0.0/8 UZ in two ranges */
    write_text(f.v4, "# a comment\n1599430656,1599438847,TM\n1677721600,1677721700,UZ\n"
                     "1677721701,1694498815,UZ\n4294967040,4294967295,??\n");
    write_text(f.v6, "2001:db8::,2001:db8:0:ffff:ffff:ffff:ffff:ffff,KG\n"
                     "2001:db9::,2001:db9::ff,KZ\n2001:db9::100,2001:db9::fff,TJ\n");
    assert_int_equal(geo_import(f.v4, f.v6, "1 January 2027, test", f.bin), 0);
    assert_int_equal(geo_open(f.bin, &g), 0);
    assert_str(geo_note(g), "1 January 2027, test");
    expect(g, "95.85.96.0", "TM");
    expect(g, "95.85.127.255", "TM");
    expect(g, "95.85.128.0", "");
    expect(g, "95.85.95.255", "");
    expect(g, "100.200.1.1", "UZ");
    expect(g, "101.0.0.0", "");
    expect(g, "0.0.0.0", "");
    expect(g, "255.255.255.255", "");
    expect(g, "2001:db8:0:1::1", "KG");
    expect(g, "2001:db8:1::", "");
    expect(g, "2001:db9::5", "KZ"); /* the first range of a /64 speaks for it */
    expect(g, "::1", "");
    expect(NULL, "95.85.96.0", "");
    geo_free(g);
    assert_int_equal(geo_begin(f.bin, &g), 0); /* in two steps */
    assert_str(geo_note(g), "1 January 2027, test");
    expect(g, "95.85.96.0", "");
    assert_int_equal(geo_load(g), 0);
    expect(g, "95.85.96.0", "TM");
    assert_int_equal(geo_load(g), 0);
    geo_free(g);
    assert_int_equal(geo_load(NULL), 0);
    folder_free(&f);
}

static void refused(void **state)
{
    struct folder f = folder_new();
    struct geo *g = NULL;
    uint8_t bytes[64] = "KGEO1";

    (void)state;
    assert_int_equal(geo_parse(bytes, 20, &g), 0); /* an empty table is one */
    expect(g, "95.85.96.0", "");
    geo_free(g);
    g = NULL;
    assert_int_equal(geo_parse(bytes, 19, &g), ERR_SYNTAX);
    bytes[8] = 2;
    assert_int_equal(geo_parse(bytes, 20, &g), ERR_SYNTAX);
    assert_int_equal(geo_parse(bytes, 32, &g), ERR_SYNTAX); /* two rows that both begin at 0 */
    bytes[26] = 1;
    assert_int_equal(geo_parse(bytes, 32, &g), 0);
    geo_free(g);
    write_text(f.v4, "5,2,TM\n");
    write_text(f.v6, "");
    assert_int_equal(geo_import(f.v4, f.v6, "", f.bin), ERR_SYNTAX);
    assert_int_equal(access(f.bin, F_OK), -1);
    folder_free(&f);
}

static const struct CMUnitTest tests[] = {cmocka_unit_test(lookup), cmocka_unit_test(refused)};
SUITE(geo);
