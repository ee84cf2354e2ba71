/*
 * Film clips of a media kit: what begins as one, what ffprobe says of it, how one waits, is made,
 * is read part by part and goes. Real films: tests/app/convert_test.c, tests/server/clips.py.
 */
#include "suite.h"

#include "base/limits.h"
#include "domain/clip.h"
#include "domain/clip_probe.h"
#include "domain/kit.h"

#include <stdlib.h>
#include <string.h>

#define MP4  "0000ftypisom"
#define WEBM "\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm"

static void kinds(void **state)
{
    (void)state;
    assert_int_equal(clip_format_of(S(MP4)), CLIP_MP4);
    assert_int_equal(clip_format_of(S("0000ftypqt  ")), CLIP_MP4);
    assert_int_equal(clip_format_of(S(WEBM)), CLIP_WEBM);
    assert_int_equal(clip_format_of(S("\x1a\x45\xdf\xa3\x9f\x42\x82\x88matroska")), 0);
    assert_int_equal(clip_format_of(S("#EXTM3U\nftyp")), 0);
    assert_int_equal(clip_format_of(S("ftypisom")), 0);
    for (size_t n = 0; n < 8; n++)
        assert_int_equal(clip_format_of((str){MP4, n}), 0);
    assert_int_equal(clip_format_of((str){0}), 0);
}

#define VIDEO(codec, w, h, more)                                                                   \
    "{\"codec_type\": \"video\", \"codec_name\": \"" codec "\", \"width\": " w ", \"height\": " h  \
    ", \"disposition\": {\"attached_pic\": 0}" more "}"
#define COVER                                                                                      \
    "{\"codec_type\": \"video\", \"codec_name\": \"png\", \"width\": 9000, \"height\": 9000,"      \
    " \"disposition\": {\"attached_pic\": 1}}"
#define SOUND(codec) "{\"codec_type\": \"audio\", \"codec_name\": \"" codec "\"}"
#define PROBE(streams, length)                                                                     \
    "{\"programs\": [], \"streams\": [" streams "], \"format\": {\"duration\": \"" length "\"}}"

static void probes(void **state)
{
    static const struct {
        const char *json;
        int format, fault, width, sound;
        int64_t length_ms;
    } rows[] = {
        {PROBE(VIDEO("h264", "640", "360", "") "," SOUND("aac"), "4.023000"), CLIP_MP4, CLIP_FINE,
         640, CLIP_AAC, 4023},
        {PROBE(COVER "," VIDEO("h264", "640", "360", ""), "4"), CLIP_MP4, CLIP_FINE, 640, 0, 4000},
        {PROBE(VIDEO("h264", "640", "360", ", \"side_data_list\": [{\"rotation\": -90}]"), "0.5"),
         CLIP_MP4, CLIP_FINE, 360, 0, 500},
        {PROBE(VIDEO("h264", "640", "360", ", \"side_data_list\": [{\"rotation\": 180}]"), "x"),
         CLIP_MP4, CLIP_FINE, 640, 0, 0},
        {PROBE(VIDEO("vp9", "640", "360", "") "," SOUND("vorbis") "," SOUND("opus"), "1.0"),
         CLIP_WEBM, CLIP_FINE, 640, CLIP_OTHER_CODEC, 1000},
        {PROBE(VIDEO("vp9", "640", "360", ""), "1.0"), CLIP_MP4, CLIP_CODEC, 640, 0, 1000},
        {PROBE(VIDEO("h264", "640", "360", ""), "1.0"), CLIP_WEBM, CLIP_CODEC, 640, 0, 1000},
        {PROBE(VIDEO("hevc", "640", "360", ""), "1.0"), CLIP_MP4, CLIP_CODEC, 640, 0, 1000},
        {PROBE(VIDEO("h264", "9", "9", "") "," VIDEO("h264", "9", "9", ""), "1.0"), CLIP_MP4,
         CLIP_TWO_PICTURES, 9, 0, 1000},
        {PROBE(VIDEO("h264", "16", "4097", ""), "1.0"), CLIP_MP4, CLIP_TOO_WIDE, 16, 0, 1000},
        {PROBE(VIDEO("h264", "99999999999", "16", ""), "1.0"), CLIP_MP4, CLIP_BROKEN, 0, 0, 1000},
        {PROBE(VIDEO("h264", "-16", "16", ""), "1.0"), CLIP_MP4, CLIP_BROKEN, -16, 0, 1000},
        {PROBE(VIDEO("h264", "16", "16", ""), "600.001"), CLIP_MP4, CLIP_TOO_LONG, 16, 0, 600001},
        {PROBE(SOUND("aac"), "1.0"), CLIP_MP4, CLIP_BROKEN, 0, CLIP_AAC, 1000},
        {PROBE(COVER, "1.0"), CLIP_MP4, CLIP_BROKEN, 0, 0, 1000},
        {"{\"streams\": []}", CLIP_MP4, CLIP_BROKEN, 0, 0, 0},
    };
    struct clip_probe p;

    (void)state;
    for (size_t i = 0; i < NELEM(rows); i++) {
        assert_int_equal(clip_probe_parse(str_c(rows[i].json), &p), 0);
        assert_int_equal(clip_probe_fault(&p, rows[i].format), rows[i].fault);
        assert_int_equal(p.width, rows[i].width);
        assert_int_equal(p.sound, rows[i].sound);
        assert_int_equal(p.length_ms, rows[i].length_ms);
    }
    p.length_ms = 3000;
    assert_true(clip_probe_is_cut(&p, &(struct clip_probe){.length_ms = 2400}));
    assert_false(clip_probe_is_cut(&p, &(struct clip_probe){.length_ms = 2600}));
    p.length_ms = 0; /* a browser that records does not say */
    assert_false(clip_probe_is_cut(&p, &(struct clip_probe){.length_ms = 2400}));
    assert_int_equal(clip_probe_parse(S(""), &p), ERR_SYNTAX);
    assert_int_equal(clip_probe_parse(S("{\"streams\": {}}"), &p), ERR_SYNTAX);
}

#define EBML(inside) "\x1a\x45\xdf\xa3\x82hi\x18\x53\x80\x67\x01\xff\xff\xff\xff\xff\xff\xff" inside
#define CLUSTER      "\x1f\x43\xb6\x75\x88\xe7\x81\x01"

static void hidden_pictures(void **state)
{
    static const str seen = S(EBML(CLUSTER "\xa3\x83\x75\xa1\x80" CLUSTER "\xa0\x83\xa1\x81."));
    static const str hidden = S(EBML(CLUSTER "\xa0\x86\xa1\x81.\x75\xa1\x80"));

    (void)state;
    assert_false(clip_probe_hides(seen));
    assert_true(clip_probe_hides(hidden));
    assert_true(clip_probe_hides(str_take(seen, seen.n - 1)));
    assert_true(clip_probe_hides(S("\0\0\0")));
}

static int64_t new_kit(struct world *w)
{
    int64_t id;

    assert_int_equal(kit_add(w->db, &actor_server, S("films"), false, T0, &id), 0);
    return id;
}

static int add(struct world *w, int64_t kit_id, str bytes, int64_t *ret_id)
{
    const struct kit_item_in in = {.kind = KIT_CLIP, .credit = S("Us, CC BY 4.0"), .bytes = bytes};

    /* at the beginning of time: by a clock that is wrong the number of the newest is given again */
    return kit_item_add(w->db, &actor_server, kit_id, &in, 0, ret_id);
}

static struct kit_items items(struct world *w, const struct actor *who, int64_t kit_id)
{
    const struct kit k = {.id = kit_id};
    struct kit_items l;

    assert_int_equal(kit_items(w->a, w->db, who, &k, S("en"), &l), 0);
    return l;
}

static int take(void *ctx, str bytes)
{
    *(size_t *)ctx = bytes.n;
    return 0;
}

/* The oldest that waits becomes `film`. */
static struct clip make(struct world *w, str film)
{
    struct clip_made m = {.width = 640, .height = 360, .length_ms = 2000, .bytes = film};
    struct clip c;
    size_t n = 0;

    m.still = S("\xff\xd8still");
    clip_sum(&m);
    assert_int_equal(clip_next(w->db, &actor_server, 0, take, &n, &c), 0);
    assert_true(n > 0);
    assert_int_equal(clip_end(w->db, &actor_server, c.id, CLIP_FINE, &m, T0), 0);
    return c;
}

static void waits_then_plays(void **state)
{
    enum { FILM = 2 * CLIP_PART + 777 };
    struct world *w = *state;
    char *film = malloc(FILM), *got = malloc(FILM);
    struct kit_items l;
    int64_t kit_id = new_kit(w), id;
    size_t n, at = 0;
    str still;

    for (size_t i = 0; i < FILM; i++)
        film[i] = (char)(i * 31 % 251);
    assert_int_equal(add(w, kit_id, S(MP4), &id), 0);
    assert_int_equal(items(w, &actor_server, kit_id).row[0].clip.state, CLIP_WAITING);
    assert_int_equal(kit_item_clear(w->db, &actor_server, id, S("Who filmed"), -1, T0), 0);
    assert_int_equal(items(w, &actor_public, kit_id).n, 0); /* agreed to, and not clean yet */
    make(w, (str){film, FILM});
    l = items(w, &actor_public, kit_id);
    assert_int_equal(l.n, 1);
    assert_int_equal(l.row[0].clip.nbytes, FILM);
    assert_int_equal(l.row[0].clip.digest.n, CLIP_DIGITS);
    for (; at < FILM; at += n)
        assert_int_equal(clip_read(w->db, &l.row[0].clip, at, got + at, 50000, &n), 0);
    assert_memory_equal(got, film, FILM);
    assert_int_equal(clip_read(w->db, &l.row[0].clip, FILM + CLIP_PART, got, 9, &n), ERR_NOT_FOUND);
    assert_int_equal(clip_still(w->a, w->db, &l.row[0].clip, &still), 0);
    assert_int_equal(world_count(w, "SELECT count(*) FROM clip_files"), 0);
    assert_int_equal(kit_remove(w->db, &actor_server, kit_id), 0);
    assert_int_equal(world_count(w, "SELECT count(*) FROM clips"), 0);
    assert_int_equal(world_count(w, "SELECT count(*) FROM clip_parts"), 0);
    assert_int_equal(clip_read(w->db, &l.row[0].clip, 0, got, 9, &n), ERR_NOT_FOUND);
    free(film);
    free(got);
}

/* Though the number of an item is given anew: what is made for one must not become the other. */
static void gone_while_it_was_made(void **state)
{
    struct clip_made m = {.width = 9, .height = 9, .bytes = S("the first film")};
    struct world *w = *state;
    int64_t kit_id = new_kit(w), first, second;
    struct kit_items l;
    struct clip c;
    size_t n;

    clip_sum(&m);
    assert_int_equal(add(w, kit_id, S(MP4), &first), 0);
    assert_int_equal(clip_next(w->db, &actor_server, 0, take, &n, &c), 0);
    assert_int_equal(kit_item_remove(w->db, &actor_server, first, T0), 0);
    assert_int_equal(add(w, kit_id, S(WEBM), &second), 0);
    assert_int_equal(first, second);
    assert_int_equal(clip_end(w->db, &actor_server, c.id, CLIP_FINE, &m, T0), 0);
    l = items(w, &actor_server, kit_id);
    assert_int_equal(l.row[0].clip.state, CLIP_WAITING);
    assert_int_equal(l.row[0].clip.format, CLIP_WEBM);
    assert_int_equal(world_count(w, "SELECT count(*) FROM clip_parts"), 0);
    assert_int_equal(clip_next(w->db, &actor_server, 0, take, &n, &c), 0);
    assert_int_equal(clip_end(w->db, &actor_server, c.id, CLIP_BROKEN, NULL, T0), 0);
    assert_int_equal(items(w, &actor_server, kit_id).row[0].clip.fault, CLIP_BROKEN);
    assert_int_equal(clip_next(w->db, &actor_server, 0, take, &n, &c), ERR_NOT_FOUND);
    assert_int_equal(kit_remove(w->db, &actor_server, kit_id), 0);
}

static void what_is_not_taken(void **state)
{
    struct world *w = *state;
    int64_t kit_id = new_kit(w), id;
    struct kit_item_in in = {.kind = KIT_CLIP, .bytes = S(MP4)};
    char *big = calloc(1, MAX_CLIP_BYTES + 1);
    struct clip c = {0};
    size_t n;

    assert_int_equal(kit_item_add(w->db, &actor_server, kit_id, &in, T0, &id), ERR_RANGE);
    in.credit = S("Us");
    assert_int_equal(kit_item_add(w->db, &actor_public, kit_id, &in, T0, &id), ERR_AUTH);
    assert_int_equal(add(w, kit_id, S("GIF89a"), &id), ERR_UNSUPPORTED);
    assert_int_equal(add(w, kit_id, (str){0}, &id), ERR_RANGE);
    memcpy(big, MP4, sizeof(MP4));
    assert_int_equal(add(w, kit_id, (str){big, MAX_CLIP_BYTES + 1}, &id), ERR_TOO_BIG);
    free(big);
    for (int i = 0; i < MAX_CLIPS; i++)
        assert_int_equal(add(w, kit_id, S(MP4), &id), 0);
    assert_int_equal(add(w, kit_id, S(MP4), &id), ERR_FULL);
    for (int i = 0; i < MAX_CLIPS; i++)
        assert_int_equal(clip_next(w->db, &actor_server, c.id, take, &n, &c), 0);
    assert_int_equal(clip_next(w->db, &actor_server, c.id, take, &n, &c), ERR_NOT_FOUND);
    assert_int_equal(clip_next(w->db, &actor_public, 0, take, &n, &c), ERR_DENIED);
    assert_int_equal(clip_end(w->db, &actor_public, 1, CLIP_BROKEN, NULL, T0), ERR_DENIED);
    assert_int_equal(kit_remove(w->db, &actor_server, kit_id), 0);
}

static const struct CMUnitTest tests[] = {ROW(kinds), ROW(probes), ROW(hidden_pictures),
                                          ROW(waits_then_plays),
                                          ROW(gone_while_it_was_made), ROW(what_is_not_taken)};

SUITE(clip);
