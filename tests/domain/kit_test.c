#include "suite.h"

#include "domain/kit.h"
#include "domain/kit_file.h"

#include <string.h>

#define CHUNK(n, type, body) "\0\0\0" n type body "crc_"
#define PNG_HEAD             "\x89PNG\r\n\x1a\n" CHUNK("\x0d", "IHDR", "0123456789abc")
#define PNG_TAIL             CHUNK("\x02", "IDAT", "xx") CHUNK("\0", "IEND", "")
#define JPEG_HEAD            "\xff\xd8\xff\xe0\0\x05JFI"
#define JPEG_TAIL            "\xff\xda\0\x03s\x01\xff\0\xff\xd1\x02\xff\xd9"

static bool gives(const char *in, size_t n, const char *want, size_t nwant)
{
    struct kit_file f = {0};
    bool is_same =
        kit_file_clean((str){in, n}, &f) == 0 && f.n == nwant && !memcmp(f.p, want, nwant);

    kit_file_done(&f);
    return is_same;
}

#define GIVES(in, want) gives(in, sizeof(in) - 1, want, sizeof(want) - 1)

/* Nothing leaves but the dots: no place, time, name, and nothing behind the picture. */
static void files(void **state)
{
    struct kit_file f;

    (void)state;
    assert_true(GIVES(PNG_HEAD PNG_TAIL, PNG_HEAD PNG_TAIL));
    assert_true(GIVES(PNG_HEAD CHUNK("\x09", "tEXt", "Author\0me") CHUNK("\x02", "eXIf", "gp")
                          PNG_TAIL "behind",
                      PNG_HEAD PNG_TAIL));
    assert_true(GIVES(PNG_HEAD CHUNK("\x01", "tRNS", "t") PNG_TAIL,
                      PNG_HEAD CHUNK("\x01", "tRNS", "t") PNG_TAIL));
    assert_true(GIVES(JPEG_HEAD "\xff\xe1\0\x06"
                                "Exif"
                                "\xff\xfe\0\x04hi" JPEG_TAIL "behind",
                      JPEG_HEAD JPEG_TAIL));
    for (size_t n = 0; n < sizeof(PNG_HEAD PNG_TAIL) - 1; n++)
        assert_true(kit_file_clean((str){PNG_HEAD PNG_TAIL, n}, &f) < 0);
    for (size_t n = 0; n < sizeof(JPEG_HEAD JPEG_TAIL) - 1; n++)
        assert_true(kit_file_clean((str){JPEG_HEAD JPEG_TAIL, n}, &f) < 0);
    assert_int_equal(kit_file_clean(S("<svg onload='x'/>"), &f), ERR_UNSUPPORTED);
}

static int seen(struct world *w, const struct actor *who, usec now)
{
    const struct kit_ask ask = {.slug = S("later"), .lang = S("en"), .now = now};
    struct kit k;

    return kit_by_slug(w->a, w->db, who, &ask, &k);
}

/* To the microsecond, by the server's clock alone. */
static void embargo(void **state)
{
    struct world *w = *state;
    const struct text_in title = {.lang = S("en"), .body = S("Later"), .revision = -1};
    struct kit k = {.is_shown = true, .revision = 1, .opens_at = T0 + USEC_DAY};
    struct kit_ask ask = {.lang = S("en"), .now = k.opens_at - 1};
    struct kit_list l;
    bool is_waiting;

    assert_int_equal(kit_add(w->db, &actor_server, S("later"), false, T0, &k.id), 0);
    assert_int_equal(kit_text_put(w->db, &actor_server, k.id, KIT_TITLE, &title, T0), 0);
    assert_int_equal(seen(w, &actor_public, T0), ERR_NOT_FOUND);
    assert_int_equal(kit_save(w->db, &actor_server, &k, T0), 0);
    assert_int_equal(seen(w, &actor_public, k.opens_at - 1), ERR_NOT_FOUND);
    assert_int_equal(seen(w, &actor_public, k.opens_at), 0);
    assert_int_equal(seen(w, &actor_server, T0), 0);
    assert_int_equal(kit_list(w->a, w->db, &actor_public, &ask, &l), 0);
    assert_int_equal(l.n, 1); /* the sample */
    assert_int_equal(kit_is_waiting(w->db, k.opens_at - 1, &is_waiting), 0);
    assert_true(is_waiting);
    assert_int_equal(kit_is_waiting(w->db, k.opens_at, &is_waiting), 0);
    assert_false(is_waiting);
    assert_int_equal(kit_add(w->db, &actor_public, S("mine"), false, T0, &k.id), ERR_AUTH);
    assert_int_equal(kit_remove(w->db, &actor_server, k.id), 0);
    assert_int_equal(world_count(w, "SELECT count(*) FROM kits"), 1);
}

static const struct CMUnitTest tests[] = {ROW(files), ROW(embargo)};

SUITE(kit);
