/*
 * Recordings: what kind they are, how long, and that nothing leaves but the sound; and which sound
 * of a guide is heard while its words change. The files of tests/data/sound are a tone of one
 * second with a name, a place and a telephone in every field that their kind has for it.
 */
#include "suite.h"

#include "base/file.h"
#include "domain/guide.h"
#include "domain/sound.h"
#include "domain/sound_file.h"

#include <string.h>

static str read_file(struct world *w, const char *name)
{
    str bytes;

    assert_int_equal(file_read(w->a, file_join(w->a, DATA "/sound", name), 1 << 20, &bytes), 0);
    return bytes;
}

static void nothing_but_the_sound(void **state)
{
    static const struct {
        const char *name, *type;
        int kind;
    } rows[] = {
        {"tone.mp3", "audio/mpeg", SOUND_FILE_MP3},
        {"tone.ogg", "audio/ogg", SOUND_FILE_OGG},
        {"tone.webm", "audio/webm", SOUND_FILE_WEBM},
    };
    struct world *w = *state;

    for (size_t i = 0; i < NELEM(rows); i++) {
        str bytes = read_file(w, rows[i].name);
        struct sound_file f;

        assert_true(str_find(bytes, S("SECRET-P")) >= 0);
        assert_int_equal(sound_file_clean(bytes, &f), 0);
        assert_int_equal(f.kind, rows[i].kind);
        assert_in_range(f.length_ms, 980, 1150);
        assert_true(str_find((str){(const char *)f.p, f.n}, S("SECRET")) < 0);
        assert_string_equal(sound_file_type(f.kind), rows[i].type);
        sound_file_done(&f);
        /* A download that broke off is shorter or none, never more. */
        for (size_t n = 0; n < bytes.n; n += 7) {
            if (sound_file_clean((str){bytes.p, n}, &f) < 0)
                continue;
            assert_true(f.n <= n && f.length_ms <= 1150);
            sound_file_done(&f);
        }
    }
}

/* The page of Ogg that took the place of the comments is as RFC 3533 and RFC 7845 want it. */
static void ogg_pages_count_anew(void **state)
{
    struct world *w = *state;
    struct sound_file f;
    const uint8_t *p;
    size_t at = 0, n = 0;

    assert_int_equal(sound_file_clean(read_file(w, "tone.ogg"), &f), 0);
    p = f.p;
    while (at < f.n) {
        size_t size = 27u + p[at + 26];

        for (size_t i = 0; i < p[at + 26]; i++)
            size += p[at + 27 + i];
        assert_memory_equal(p + at, "OggS", 4);
        assert_int_equal(p[at + 18], n);
        if (n == 1)
            assert_memory_equal(p + at + 28, "OpusTags\0\0\0\0\0\0\0\0", 16);
        at += size;
        n++;
    }
    assert_int_equal(at, f.n);
    assert_int_equal(n, 4); /* the second page of the comments is gone */
    sound_file_done(&f);
}

static void others_are_refused(void **state)
{
    static const struct {
        str bytes;
        int r;
    } rows[] = {
        {S(""), ERR_UNSUPPORTED},
        {S("RIFF\x24\0\0\0WAVEfmt "), ERR_UNSUPPORTED},
        {S("<html><script>"), ERR_UNSUPPORTED},
        {S("ID3\x04\0\0\0\0\0\x02xx<script>"), ERR_UNSUPPORTED},
        {S("\xff\xfb\x90\0 one frame that is none"), ERR_UNSUPPORTED},
        {S("OggS"), ERR_SYNTAX},
        {S("\x1a\x45\xdf\xa3\x84\x42\x82\x81x"), ERR_UNSUPPORTED},
    };
    struct world *w = *state;
    struct sound_file f = {0};
    str ogg = read_file(w, "tone.ogg");
    char *vorbis = arena_cstr(w->a, ogg);
    int r;

    for (size_t i = 0; i < NELEM(rows); i++) {
        r = sound_file_clean(rows[i].bytes, &f);
        if (r != rows[i].r)
            fail_msg("row %zu: %d instead of %d", i, r, rows[i].r);
    }
    memcpy(vorbis + 28, "\x01vorbis", 7);
    assert_int_equal(sound_file_clean((str){vorbis, ogg.n}, &f), ERR_UNSUPPORTED);
}

/* ---- which is heard ---- */

static struct sound_of words_of(struct world *w, const char *lang)
{
    struct sound_of of = {.lang = str_c(lang)};
    struct guide_points p;
    struct guide g;

    assert_int_equal(guide_by_slug(w->a, w->db, S("tm-tr"), of.lang, &g), 0);
    assert_int_equal(guide_points(w->a, w->db, g.id, of.lang, T0, &p), 0);
    assert_int_equal(sound_words(w->a, &g, &p, &of), 0);
    of.guide_id = g.id;
    return of;
}

static int heard(struct world *w, const char *lang, struct sound *ret_sound)
{
    struct sound_of of = words_of(w, lang);

    return sound_heard(w->a, w->db, &of, ret_sound);
}

static void make(struct world *w, const char *lang, int fault)
{
    struct sound_made m = {.of = words_of(w, lang), .script = {1}, .fault = fault,
                           .format = SOUND_FILE_MP3, .length_ms = 1000, .bytes = S("made")};

    assert_int_equal(sound_put(w->a, w->db, &w->editor, &m, T0), ERR_DENIED);
    assert_int_equal(sound_put(w->a, w->db, &actor_server, &m, T0), 0);
}

static void change(struct world *w, const char *lang, const char *body)
{
    const struct text_in in = {.lang = str_c(lang), .body = str_c(body), .revision = -1};
    struct guide_points p;

    assert_int_equal(
        guide_points(w->a, w->db, words_of(w, lang).guide_id, str_c(lang), T0, &p), 0);
    assert_int_equal(guide_point_text_put(w->db, &w->editor, p.row[0].id, &in, T0), 0);
}

static void what_is_heard_is_what_is_read(void **state)
{
    struct world *w = *state;
    struct sound_in in = {.of = words_of(w, "tk"), .reader = S(" "),
                          .bytes = read_file(w, "tone.mp3")};
    struct sound s;
    int format;
    str bytes;

    assert_int_equal(heard(w, "tk", &s), ERR_NOT_FOUND);
    make(w, "tk", SOUND_NO_VOICE);
    assert_int_equal(heard(w, "tk", &s), ERR_NOT_FOUND);
    make(w, "tk", SOUND_FINE);
    assert_int_equal(heard(w, "tk", &s), 0);
    assert_int_equal(heard(w, "ru", &s), ERR_NOT_FOUND);
    assert_int_equal(heard(w, "tk", &s), 0);
    assert_int_equal(s.kind, SOUND_MADE);
    assert_int_equal(sound_bytes(w->a, w->db, s.id, s.name, &format, &bytes), 0);
    assert_str(bytes, "made");
    assert_int_equal(sound_bytes(w->a, w->db, s.id, S("x.mp3"), &format, &bytes), ERR_NOT_FOUND);

    assert_int_equal(sound_record(w->a, w->db, &w->event, &in, T0), ERR_DENIED);
    assert_int_equal(sound_record(w->a, w->db, &w->editor, &in, T0), ERR_RANGE);
    in.reader = S("A. Reader");
    assert_int_equal(sound_record(w->a, w->db, &w->editor, &in, T0), 0);
    assert_int_equal(heard(w, "tk", &s), 0);
    assert_int_equal(s.kind, SOUND_READ);
    assert_str(s.reader, "A. Reader");

    change(w, "tk", "Başga sözler."); /* neither says these words */
    assert_int_equal(heard(w, "tk", &s), ERR_NOT_FOUND);
    make(w, "tk", SOUND_FINE);
    assert_int_equal(heard(w, "tk", &s), 0);
    assert_int_equal(s.kind, SOUND_MADE);
    assert_int_equal(sound_remove(w->db, &w->event, &in.of), ERR_DENIED);
    assert_int_equal(sound_remove(w->db, &w->editor, &in.of), 0);
    assert_int_equal(sound_remove(w->db, &w->editor, &in.of), ERR_NOT_FOUND);
    assert_int_equal(guide_remove(w->db, &w->editor, in.of.guide_id), 0);
    assert_int_equal(world_count(w, "SELECT count(*) FROM guide_sounds"), 0);
}

/* What a program gave up on is not tried again until its script is another. */
static void a_second_try_is_known_by_its_script(void **state)
{
    struct world *w = *state;
    struct sound_of of = words_of(w, "ru");
    uint8_t other[SOUND_HASH] = {2}, script[SOUND_HASH] = {1};
    int fault;
    usec at;

    assert_int_equal(sound_tried(w->db, &of, script, &fault, &at), ERR_NOT_FOUND);
    make(w, "ru", SOUND_NO_TOOLS);
    assert_int_equal(sound_tried(w->db, &of, script, &fault, &at), 0);
    assert_int_equal(fault, SOUND_NO_TOOLS);
    assert_true(at == T0);
    assert_int_equal(sound_tried(w->db, &of, other, &fault, &at), ERR_NOT_FOUND);
}

static int64_t add_point(struct world *w, int64_t guide_id, const char *lang)
{
    const struct guide_point_in point = {
        .stage = GUIDE_THERE, .topic = GUIDE_COSTS, .source = S("https://x.example/")};
    const struct text_in in = {.lang = str_c(lang), .body = S("Only here."), .revision = -1};
    int64_t id = 0;

    assert_int_equal(guide_point_add(w->db, &w->editor, guide_id, &point, T0, &id), 0);
    assert_int_equal(guide_point_text_put(w->db, &w->editor, id, &in, T0), 0);
    return id;
}

/*
 * What is not translated is counted, and nothing is heard any more that says nothing of it; when it
 * is translated, or is to be read in yet another language, that counts as other words, too.
 */
static void what_is_not_translated_is_no_secret(void **state)
{
    const struct text_in ru = {.lang = S("ru"), .body = S("По-русски."), .revision = -1};
    struct world *w = *state;
    struct sound_of before = words_of(w, "ru"), of;
    struct sound s;
    struct guide_points p;
    struct guide g;
    int64_t id;

    assert_int_equal(before.nforeign, 0);
    make(w, "ru", SOUND_FINE);
    id = add_point(w, before.guide_id, "en");
    of = words_of(w, "ru");
    assert_int_equal(of.nforeign, 1);
    assert_int_equal(words_of(w, "en").nforeign, 0);
    assert_int_equal(heard(w, "ru", &s), ERR_NOT_FOUND);
    make(w, "ru", SOUND_FINE);
    assert_int_equal(heard(w, "ru", &s), 0);

    assert_int_equal(guide_point_remove(w->db, &w->editor, id, T0), 0);
    assert_memory_equal(words_of(w, "ru").words, before.words, SOUND_HASH);
    id = add_point(w, before.guide_id, "tk");
    assert_int_equal(words_of(w, "ru").nforeign, 1);
    assert_int_equal(heard(w, "ru", &s), ERR_NOT_FOUND); /* it said English */
    assert_int_equal(guide_point_text_put(w->db, &w->editor, id, &ru, T0), 0);
    assert_int_equal(words_of(w, "ru").nforeign, 0);

    assert_int_equal(guide_by_slug(w->a, w->db, S("tm-tr"), S("fa"), &g), 0);
    assert_int_equal(guide_points(w->a, w->db, g.id, S("fa"), T0, &p), 0);
    assert_int_equal(sound_words(w->a, &g, &p, &of), ERR_NOT_FOUND);
}

static const struct CMUnitTest tests[] = {
    ROW(nothing_but_the_sound), ROW(ogg_pages_count_anew), ROW(others_are_refused),
    ROW(what_is_heard_is_what_is_read), ROW(a_second_try_is_known_by_its_script),
    ROW(what_is_not_translated_is_no_secret)};

SUITE(sound);
