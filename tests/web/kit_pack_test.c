/*
 * The zip of a kit with large pictures: whole, from any byte on, and never in memory at once. And
 * its personal links after their time.
 */
#include "suite.h"

#include "base/clock.h"
#include "base/limits.h"
#include "domain/actor.h"
#include "domain/kit.h"
#include "domain/rows.h"
#include "net/source.h"

#include <string.h>
#include <zlib.h>

#define PNG_HEAD "\x89PNG\r\n\x1a\n\0\0\0\x01IHDR!crc!"
#define PNG_TAIL "\0\0\0\0IENDcrc!"

/* Three of them are more than an arena can double its text to, and fit into MAX_KIT_FILES. */
enum { PICTURES = 3, DOTS = 1400 << 10, PICTURE = DOTS + 8 + 13 + 12 + 12, LOCAL = 30 };

static char picture[PICTURES][PICTURE];

static str picture_of(int number)
{
    char *p = picture[number];
    uint32_t seed = (uint32_t)number + 1;

    memcpy(p, PNG_HEAD "\0\x15\xe0\0IDAT", 29); /* 0x15e000: DOTS */
    for (size_t i = 0; i < DOTS; i++) {
        seed = seed * 1664525 + 1013904223;
        p[29 + i] = (char)(seed >> 24);
    }
    memcpy(p + 29 + DOTS, "crc!" PNG_TAIL, 16);
    return (str){p, PICTURE};
}

static void add_pictures(struct db *db, int64_t kit_id)
{
    static const struct text_in words = {.lang = S("en"), .body = S("A road"), .revision = -1};
    struct kit_item_in in = {.kind = KIT_PICTURE, .credit = S("Us"), .file_name = S("road.png")};
    int64_t id;

    for (int i = 0; i < PICTURES; i++) {
        in.bytes = picture_of(i);
        assert_int_equal(kit_item_add(db, &actor_server, kit_id, &in, clock_wall(), &id), 0);
        assert_int_equal(kit_item_text_put(db, &actor_server, id, &words, clock_wall()), 0);
        assert_int_equal(
            kit_item_clear(db, &actor_server, id, S("Who drew"), -1, clock_wall()), 0);
    }
}

static int add_kit(void **state)
{
    static const struct text_in title = {.lang = S("en"), .body = S("Large"), .revision = -1};
    struct kit k = {.is_shown = true, .revision = 1};
    struct db *db = NULL;
    struct world *w;

    suite_setup(state);
    w = *state;
    assert_int_equal(db_open_write(w->path, &db), 0);
    assert_int_equal(kit_add(db, &actor_server, S("large"), false, clock_wall(), &k.id), 0);
    assert_int_equal(kit_text_put(db, &actor_server, k.id, KIT_TITLE, &title, clock_wall()), 0);
    add_pictures(db, k.id);
    assert_int_equal(kit_save(db, &actor_server, &k, clock_wall()), 0);
    db_close(db);
    return 0;
}

static uint32_t le32(const char *p)
{
    const uint8_t *b = (const uint8_t *)p;

    return b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

/* The stored file behind its local header (APPNOTE 4.3.7); the archive goes on behind it. */
static str next_stored(str *zip)
{
    uint32_t size = le32(zip->p + 18), sum = le32(zip->p + 14);
    size_t name = (uint8_t)zip->p[26];
    bool is_stored = zip->p[8] == 0;
    str body = str_take(str_from(*zip, LOCAL + name), size);

    assert_memory_equal(zip->p, "PK\3\4", 4);
    assert_int_equal(body.n, size);
    *zip = str_from(*zip, LOCAL + name + size);
    if (!is_stored)
        return next_stored(zip);
    assert_int_equal(crc32(0, (const Bytef *)body.p, (uInt)body.n), sum);
    return body;
}

static struct reply zip_of(struct world *w)
{
    return run(w, &(struct ask){.method = "GET", .url = "/en/kit/large/kit.zip"});
}

static void large_pictures(void **state)
{
    struct world *w = *state;
    struct reply r = zip_of(w);
    str zip = r.body;

    assert_int_equal(r.status, 200);
    for (int i = 0; i < PICTURES; i++)
        assert_true(str_eq(next_stored(&zip), (str){picture[i], PICTURE}));
    assert_memory_equal(zip.p, "PK\1\2", 4);
    assert_true(arena_used(r.x->arena) - r.body.n < 512 << 10);
}

/* As a range would have it: pieces of any length from any byte on are those of the whole. */
static void from_any_byte(void **state)
{
    static char piece[HTTP_PIECE];
    struct world *w = *state;
    struct reply r = zip_of(w);
    struct exchange *x = (struct exchange *)(uintptr_t)r.x;

    for (uint64_t at = 0; at < r.body.n; at += 9973) {
        size_t n = 0, room = at % 3 ? 1000 : HTTP_PIECE;

        assert_int_equal(x->source->read(x, at, piece, room, &n), 0);
        assert_in_range(n, 1, room);
        assert_true(at + n <= r.body.n);
        assert_memory_equal(piece, r.body.p + at, n);
    }
}

static int64_t last_item(struct db *db)
{
    int64_t id = 0;

    assert_int_equal(rows_number(db_stmt(db, "SELECT max(kit_item_id) FROM kit_items"), &id), 0);
    return id;
}

/* One that was cleared anew, or is another by now, is not read on. */
static void another_meanwhile(void **state)
{
    char piece[64];
    struct world *w = *state;
    struct reply r = zip_of(w);
    struct exchange *x = (struct exchange *)(uintptr_t)r.x;
    struct db *db = NULL;
    size_t n = 0;

    assert_int_equal(x->source->read(x, r.body.n / 2, piece, sizeof(piece), &n), 0);
    assert_int_equal(db_open_write(w->path, &db), 0);
    for (int i = 0; i < 2; i++)
        assert_int_equal(kit_item_remove(db, &actor_server, last_item(db), clock_wall()), 0);
    db_close(db);
    assert_int_equal(x->source->read(x, r.body.n / 2, piece, sizeof(piece), &n), ERR_NOT_FOUND);
    assert_int_equal(zip_of(w).status, 200);
}

/* The name has gone when its period has passed; the link can be seen, and taken back. */
static void nameless_link(void **state)
{
    struct world *w = *state;
    struct db *db = NULL;
    struct reply r;
    int64_t id = 0;

    assert_int_equal(rows_number(db_stmt(w->db, "SELECT kit_id FROM kits WHERE slug = 'large'"),
                                 &id), 0);
    assert_int_equal(db_open_write(w->path, &db), 0);
    assert_int_equal(kit_link_add(db, &actor_server, &w->secret, id, S("Reporter"), clock_wall()),
                     0);
    assert_int_equal(stmt_run(db_stmt(db, "UPDATE kit_links SET person = ''")), 0);
    db_close(db);
    r = run(w, &(struct ask){.method = "GET", .url = "/desk/kits/large", .user = EDITOR});
    assert_int_equal(r.status, 200);
    row_check_page(&r, "kit");
    assert_true(str_find(r.body, S("<h3 dir=\"auto\">–</h3>")) > 0);
    assert_true(str_find(r.body, S("/close\"")) > 0);
}

int kit_pack_suite(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(large_pictures),
        cmocka_unit_test(from_any_byte),
        cmocka_unit_test(another_meanwhile),
        cmocka_unit_test(nameless_link),
    };

    return cmocka_run_group_tests(tests, add_kit, suite_teardown);
}
