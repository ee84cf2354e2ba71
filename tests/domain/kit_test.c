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

static struct kit_item item_of(struct world *w, int64_t kit_id, int64_t id)
{
    const struct kit k = {.id = kit_id};
    struct kit_items l;

    assert_int_equal(kit_items(w->a, w->db, &w->editor, &k, S("en"), &l), 0);
    for (size_t i = 0; i < l.n; i++)
        if (l.row[i].id == id)
            return l.row[i];
    fail();
    return (struct kit_item){0};
}

/* Who is quoted or shown has agreed to the words that stood there, in every language. */
static void agreed(void **state)
{
    struct world *w = *state;
    const struct kit_item_in of[] = {
        {.kind = KIT_QUOTE, .credit = S("A. Speaker")},
        {.kind = KIT_PICTURE, .credit = S("Us"), .file_name = S("a.png"),
         .bytes = S(PNG_HEAD PNG_TAIL)},
        {.kind = KIT_LOGO, .credit = S("Us"), .file_name = S("b.png"),
         .bytes = S(PNG_HEAD PNG_TAIL)},
    };
    int64_t kit_id, id;

    assert_int_equal(kit_add(w->db, &w->editor, S("later"), false, T0, &kit_id), 0);
    for (size_t i = 0; i < NELEM(of); i++) {
        struct text_in en = {.lang = S("en"), .body = S("Words."), .revision = -1};
        struct text_in ru = {.lang = S("ru"), .body = S("Слова."), .revision = -1};
        struct kit_item was;

        assert_int_equal(kit_item_add(w->db, &w->editor, kit_id, &of[i], T0, &id), 0);
        assert_int_equal(kit_item_text_put(w->db, &w->editor, id, &en, T0), 0);
        was = item_of(w, kit_id, id);
        assert_int_equal(kit_item_text_put(w->db, &w->editor, id, &ru, T0), 0);
        assert_int_equal(kit_item_clear(w->db, &w->editor, id, S("A"), was.revision, T0),
                         ERR_CONFLICT);
        was = item_of(w, kit_id, id);
        assert_int_equal(kit_item_clear(w->db, &w->editor, id, S("A"), was.revision, T0), 0);
        /* the same again is no change; another moment decides nothing */
        assert_int_equal(kit_item_text_put(w->db, &w->editor, id, &en, T0 + 9), 0);
        assert_true(item_of(w, kit_id, id).cleared_at == T0);
        en.body = S("Others.");
        assert_int_equal(kit_item_text_put(w->db, &w->editor, id, &en, T0), 0);
        assert_true((item_of(w, kit_id, id).cleared_at != 0) == (of[i].kind == KIT_LOGO));
    }
}

/* A page of the desk that is kept open acts on the item that it shows, or on none. */
static void numbers_are_not_given_again(void **state)
{
    struct world *w = *state;
    const struct kit_item_in quote = {.kind = KIT_QUOTE, .credit = S("A. Speaker")};
    const struct text_in words = {.lang = S("en"), .body = S("Words."), .revision = -1};
    const usec later = T0 + 10 * USEC_MS;
    int64_t kit_id, first, second, third;
    struct kit_item was, is;

    assert_int_equal(kit_add(w->db, &w->editor, S("later"), false, T0, &kit_id), 0);
    assert_int_equal(kit_item_add(w->db, &w->editor, kit_id, &quote, T0, &first), 0);
    was = item_of(w, kit_id, first);
    assert_int_equal(kit_item_remove(w->db, &w->editor, first, T0), 0);
    assert_int_equal(kit_item_add(w->db, &w->editor, kit_id, &quote, later, &second), 0);
    assert_int_equal(kit_item_add(w->db, &w->editor, kit_id, &quote, later, &third), 0);
    assert_true(second > first && third > second && third < INT64_C(1) << 53);
    is = item_of(w, kit_id, second);
    assert_int_equal(is.revision, was.revision); /* which alone would let it pass */
    assert_int_equal(kit_item_clear(w->db, &w->editor, first, S("A"), was.revision, later),
                     ERR_CONFLICT);
    assert_int_equal(kit_item_text_put(w->db, &w->editor, first, &words, later), ERR_NOT_FOUND);
    assert_int_equal(kit_item_remove(w->db, &w->editor, first, later), ERR_NOT_FOUND);
    is = item_of(w, kit_id, second);
    assert_true(!is.cleared_at && !is.text.body.n && is.revision == was.revision);
}

static const struct CMUnitTest tests[] = {ROW(files), ROW(embargo), ROW(agreed),
                                          ROW(numbers_are_not_given_again)};

SUITE(kit);
