#include "suite.h"

#include "base/encode.h"
#include "domain/sign.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* RFC 8032, 7.1, test 2. */
static void rfc(void **state)
{
    uint8_t seed[SIGN_SEED], want[SIGN_BYTES], got[SIGN_BYTES];
    char text[SIGN_TEXT];
    struct signer s;
    size_t n;

    (void)state;
    assert_int_equal(
        decode_hex(seed, 32, S("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")),
        0);
    assert_int_equal(
        decode_hex(want, 64,
                   S("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                     "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")),
        0);
    assert_int_equal(sign_from_seed(seed, &s), 0);
    assert_int_equal(sign_text(&s, S("r"), text), 0);
    assert_int_equal(decode_base64(got, sizeof(got), str_c(text), &n), 0);
    assert_memory_equal(got, want, 64);
    assert_int_equal(sign_verify(str_c(s.key_text), str_c(text), S("r")), 0);
    assert_int_equal(sign_verify(str_c(s.key_text), str_c(text), S("s")), ERR_CRYPTO);
    assert_int_equal(sign_verify(S("AAAA"), str_c(text), S("r")), ERR_CRYPTO);
    assert_int_equal(sign_verify(str_c(s.key_text), S("%%"), S("r")), ERR_CRYPTO);
}

static void kept(void **state)
{
    struct world *w = *state;
    char folder[] = "/tmp/kengesh-sign-XXXXXX";
    struct signer one, two;
    struct stat st;
    const char *path;

    assert_non_null(mkdtemp(folder));
    path = arena_cstr(w->a, arena_printf(w->a, "%s/sign.key", folder));
    assert_int_equal(sign_open(path, &one), 0);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(sign_open(path, &two), 0);
    assert_string_equal(one.key_text, two.key_text);
    assert_int_equal(truncate(path, 31), 0);
    assert_int_equal(sign_open(path, &two), ERR_SYNTAX);
    (void)unlink(path);
    (void)rmdir(folder);
}

static const struct CMUnitTest tests[] = {ROW(rfc), ROW(kept)};
SUITE(sign);
