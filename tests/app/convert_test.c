/*
 * The converter over a real store: the sample's slides become pictures within their sizes and
 * words; files that are none, need a password or are too long end with a fault that can be said.
 */
#include "suite.h"

#include "app/box.h"
#include "app/convert.h"
#include "app/convert_i.h"
#include "app/place.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/clip.h"
#include "domain/clip_probe.h"
#include "domain/demo.h"
#include "domain/desk.h"
#include "domain/guide.h"
#include "domain/kit.h"
#include "domain/news.h"
#include "domain/picture.h"
#include "domain/slides.h"
#include "domain/sound.h"
#include "domain/sound_file.h"
#include "store/db.h"
#include "store/writer.h"

#include <dirent.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NOW ((usec)1805086800 * USEC_S)

struct world {
    struct arena *a;
    char folder[40];
    struct place place;
    struct demo demo;
    struct writer *writer;
    struct convert *convert;
    struct db *db;
    sem_t changed;
    size_t nready; /* of the last call of changed */
};

static int begin(void **state)
{
    struct world *w = calloc(1, sizeof(*w));
    struct demo_in in = {.password_hash = S("unused")};
    struct db *db;

    w->a = arena_new();
    strcpy(w->folder, "/tmp/kengesh-convert-XXXXXX");
    sem_init(&w->changed, 0, 0);
    *state = w;
    if (!mkdtemp(w->folder) || place_open(&w->place, w->a, w->folder) < 0 ||
        db_open_write(w->place.db_path, &db) < 0)
        return -1;
    if (file_read(w->a, EXAMPLES "/seminar.json", 1 << 20, &in.seminar_json) < 0 ||
        file_read(w->a, EXAMPLES "/invitations.csv", 1 << 20, &in.invitations_csv) < 0 ||
        demo_import(w->a, db, &in, NOW, &w->demo) < 0)
        return -1;
    db_close(db);
    return db_open_read(w->place.db_path, &w->db);
}

static void remove_folder(const char *path)
{
    DIR *d = opendir(path);
    const struct dirent *e;
    char name[600];

    while (d && (e = readdir(d)) != NULL) {
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
            continue;
        snprintf(name, sizeof(name), "%s/%s", path, e->d_name);
        if (unlink(name) != 0)
            remove_folder(name);
    }
    if (d)
        closedir(d);
    rmdir(path);
}

static int end(void **state)
{
    struct world *w = *state;

    convert_free(w->convert);
    writer_free(w->writer);
    db_close(w->db);
    remove_folder(w->folder);
    sem_destroy(&w->changed);
    arena_free(w->a);
    free(w);
    return 0;
}

/* Instead of a program in its box; NULL: it runs. */
static int (*instead)(const struct box *b);
static unsigned nruns;

int __real_box_run(const struct box *b, int *ret_code);
int __wrap_box_run(const struct box *b, int *ret_code);

int __wrap_box_run(const struct box *b, int *ret_code)
{
    nruns++;
    return instead ? instead(b) : __real_box_run(b, ret_code);
}

static void changed(void *ctx, int64_t seminar_id, const struct deck_list *ready)
{
    struct world *w = ctx;

    if (seminar_id == w->demo.live_id)
        w->nready = ready->n;
    sem_post(&w->changed);
}

static void pictured(void *ctx)
{
    sem_post(&((struct world *)ctx)->changed);
}

static void sounded(void *ctx)
{
    sem_post(&((struct world *)ctx)->changed);
}

static void clipped(void *ctx)
{
    sem_post(&((struct world *)ctx)->changed);
}

static void add(struct world *w, str pdf)
{
    const struct deck d = {.seminar_id = w->demo.live_id, .name = S("talk.pdf")};
    struct db *db;
    int64_t id;

    assert_int_equal(db_open_write(w->place.db_path, &db), 0);
    assert_int_equal(deck_add(db, &actor_server, &d, pdf, NOW, &id), 0);
    db_close(db);
}

/* The converter works through what waits: one call of changed for each. */
static void work(struct world *w, int n)
{
    struct convert_conf conf = {.db_path = w->place.db_path, .data = w->folder,
                                .changed = changed, .pictured = pictured,
                                .sounded = sounded, .clipped = clipped, .ctx = w};

    assert_int_equal(writer_new(w->place.db_path, &w->writer), 0);
    conf.writer = w->writer;
    assert_int_equal(convert_new(&conf, &w->convert), 0);
    while (n-- > 0)
        assert_int_equal(sem_wait(&w->changed), 0);
}

static struct deck_list decks(struct world *w)
{
    struct deck_list l;

    assert_int_equal(deck_list(w->a, w->db, &actor_server, w->demo.live_id, &l), 0);
    return l;
}

static void check_page(struct world *w, const struct deck *d, const struct slide *s)
{
    static const size_t most[SLIDE_SIZES] = {0, MAX_SLIDE_SMALL, MAX_SLIDE_MEDIUM, MAX_SLIDE_BYTES};
    size_t before = 0;

    assert_in_range(s->width, 1600, 1601);
    assert_in_range(s->height, 890, 910);
    assert_true(s->text.n > 20);
    for (int size = SLIDE_SMALL; size < SLIDE_SIZES; size++) {
        const struct slide_at at = {d->id, d->seminar_id, s->number, size};
        str bytes;

        assert_int_equal(slide_image(w->a, w->db, &actor_server, &at, &bytes), 0);
        assert_true(str_starts(bytes, S("RIFF")));
        assert_true(str_eq(str_take(str_from(bytes, 8), 4), S("WEBP")));
        assert_in_range(bytes.n, before + 1, most[size]);
        before = bytes.n;
    }
}

static void the_sample_becomes_pictures(void **state)
{
    struct world *w = *state;
    struct deck_list l;
    struct slide_list pages;
    str pdf;

    assert_int_equal(file_read(w->a, EXAMPLES "/slides.pdf", 1 << 20, &pdf), 0);
    add(w, pdf);
    work(w, 1);
    assert_int_equal(w->nready, 1);
    l = decks(w);
    assert_int_equal(l.n, 1);
    assert_int_equal(l.row[0].state, DECK_READY);
    assert_int_equal(l.row[0].nslides, 6);
    assert_int_equal(l.row[0].ndone, 6);
    assert_int_equal(slide_list(w->a, w->db, &actor_server, &l.row[0], &pages), 0);
    assert_int_equal(pages.n, 6);
    assert_true(str_find(pages.row[0].text, S("migration")) >= 0);
    for (size_t i = 0; i < pages.n; i++)
        check_page(w, &l.row[0], &pages.row[i]);
}

#define HEAD "%PDF-1.4\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
#define KIDS4(k)   k k k k
#define KIDS       KIDS4(KIDS4(KIDS4(KIDS4("3 0 R "))))
#define PAGE "3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 400]>>\nendobj\n"

static void faults_are_told(void **state)
{
    static const struct {
        str pdf;
        int fault;
    } rows[] = {
        {S("%PDF-1.4\nand nothing else"), DECK_NOT_PDF},
        {S("%PDF-1.7\n\xff\xff\xff\xff startxref 4 %%EOF"), DECK_NOT_PDF},
        {S(HEAD "2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n" PAGE
                "4 0 obj\n<</Filter/Standard/V 1/R 2/P -4/O(12345678901234567890123456789012)"
                "/U(12345678901234567890123456789012)>>\nendobj\n"
                "trailer\n<</Root 1 0 R/Encrypt 4 0 R/ID[(a)(b)]/Size 5>>\n%%EOF"),
         DECK_LOCKED},
        {S(HEAD "2 0 obj\n<</Type/Pages/Kids[" KIDS "]/Count 256>>\nendobj\n" PAGE
                "trailer\n<</Root 1 0 R/Size 4>>\n%%EOF"),
         DECK_TOO_MANY},
    };
    struct world *w = *state;
    struct deck_list l;

    for (size_t i = 0; i < NELEM(rows); i++)
        add(w, rows[i].pdf);
    work(w, NELEM(rows));
    assert_int_equal(w->nready, 0);
    l = decks(w);
    assert_int_equal(l.n, NELEM(rows));
    for (size_t i = 0; i < l.n; i++) {
        assert_int_equal(l.row[i].state, DECK_FAILED);
        assert_int_equal(l.row[i].fault, rows[i].fault);
        assert_int_equal(l.row[i].ndone, 0);
    }
}

/* A page as large as a stadium and one as thin as a thread are drawn within the sizes. */
static void odd_pages_are_drawn_small(void **state)
{
    static const str pdf =
        S(HEAD "2 0 obj\n<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2>>\nendobj\n"
               "3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 900000 900000]>>\nendobj\n"
               "4 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 14400]>>\nendobj\n"
               "trailer\n<</Root 1 0 R/Size 5>>\n%%EOF");
    struct world *w = *state;
    struct slide_list pages;
    struct deck_list l;

    add(w, pdf);
    work(w, 1);
    l = decks(w);
    assert_int_equal(l.row[0].state, DECK_READY);
    assert_int_equal(slide_list(w->a, w->db, &actor_server, &l.row[0], &pages), 0);
    assert_int_equal(pages.n, 2);
    for (size_t i = 0; i < pages.n; i++) {
        assert_in_range(pages.row[i].width, 1, 1601);
        assert_in_range(pages.row[i].height, 1, 1601);
    }
}

/* ---- clips of media kits ---- */

static int64_t kit_with(struct world *w, const str *files, size_t n)
{
    struct kit_item_in in = {.kind = KIT_CLIP, .credit = S("Whoever filmed, CC BY 4.0")};
    int64_t kit_id, id;
    struct db *db;

    assert_int_equal(db_open_write(w->place.db_path, &db), 0);
    assert_int_equal(kit_add(db, &actor_server, S("films"), false, NOW, &kit_id), 0);
    for (size_t i = 0; i < n; i++) {
        in.bytes = files[i];
        assert_int_equal(kit_item_add(db, &actor_server, kit_id, &in, NOW, &id), 0);
    }
    db_close(db);
    return kit_id;
}

static struct kit_items clips_of(struct world *w, int64_t kit_id)
{
    const struct kit k = {.id = kit_id};
    struct kit_items l;

    assert_int_equal(kit_items(w->a, w->db, &actor_server, &k, S("en"), &l), 0);
    return l;
}

static str whole(struct world *w, const struct clip *c)
{
    char *to = arena_alloc(w->a, (size_t)c->nbytes + 1);
    size_t at = 0, n;

    assert_non_null(to);
    for (; at < (size_t)c->nbytes; at += n)
        assert_int_equal(clip_read(w->db, c, at, to + at, CLIP_PART, &n), 0);
    return (str){to, at};
}

/* Tags of file and tracks, chapters, subtitles, a timecode, a message inside the picture's stream,
 * tags inside the sound's: see tests/data/clip. */
static void nothing_is_said_of_a_clip(void **state)
{
    static const char *const names[] = {"shot.mp4", "shot.webm"};
    struct world *w = *state;
    str file[2];
    struct kit_items l;
    int64_t kit_id;

    for (int i = 0; i < 2; i++) {
        const char *path = file_join(w->a, DATA "/clip", names[i]);

        assert_int_equal(file_read(w->a, path, 1 << 20, &file[i]), 0);
        assert_true(str_find(file[i], S("SECRET")) >= 0 && str_find(file[i], S("42.87")) >= 0);
        assert_true(clip_format_of(file[i]) == (i ? CLIP_WEBM : CLIP_MP4));
    }
    kit_id = kit_with(w, file, 2);
    work(w, 2);
    l = clips_of(w, kit_id);
    assert_int_equal(l.n, 2);
    for (int i = 0; i < 2; i++) {
        const struct clip *c = &l.row[i].clip;
        str bytes, still;

        assert_int_equal(c->fault, CLIP_FINE);
        assert_int_equal(c->state, CLIP_READY);
        assert_int_equal(c->width, 160);
        assert_int_equal(c->height, 120);
        assert_in_range(c->length_ms, 1900, 2200);
        bytes = whole(w, c);
        assert_int_equal(clip_format_of(bytes), c->format);
        assert_true(str_find(bytes, S("SECRET")) < 0 && str_find(bytes, S("42.87")) < 0);
        assert_true(str_find(bytes, S("2024")) < 0 && str_find(bytes, S("x264")) < 0);
        assert_true(str_find(bytes, S("tmcd")) < 0 && str_find(bytes, S("libvpx")) < 0);
        assert_true(c->has_still);
        assert_int_equal(clip_still(w->a, w->db, c, &still), 0);
        assert_true(str_starts(still, S("\xff\xd8")) && still.n <= MAX_CLIP_STILL);
    }
}

static void what_is_no_clip(void **state)
{
    struct world *w = *state;
    str file[4];
    struct kit_items l;
    int64_t kit_id;

    assert_int_equal(file_read(w->a, DATA "/clip/shot.mp4", 1 << 20, &file[0]), 0);
    file[0] = str_take(file[0], file[0].n / 2);
    assert_int_equal(file_read(w->a, DATA "/clip/shot.webm", 1 << 20, &file[1]), 0);
    file[1] = str_take(file[1], 300);
    file[2] = S("0000ftyp\n#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nfile:///etc/passwd\n");
    file[3] = S("\x1a\x45\xdf\xa3webm\nffconcat version 1.0\nfile /etc/passwd\n");
    kit_id = kit_with(w, file, NELEM(file));
    work(w, NELEM(file));
    l = clips_of(w, kit_id);
    for (size_t i = 0; i < l.n; i++) {
        assert_int_equal(l.row[i].clip.state, CLIP_FAILED);
        assert_int_equal(l.row[i].clip.fault, CLIP_BROKEN);
        assert_int_equal(l.row[i].clip.nbytes, 0);
    }
}

/* ---- pictures of news ---- */

static int64_t bring(struct world *w, str bytes)
{
    const struct desk_idea idea = {.slug = S("bus"), .lang = S("en"), .title = S("A bus"),
                                   .body = S("x"), .kind = NEWS_REPORT};
    struct db *db;
    int64_t id;

    assert_int_equal(db_open_write(w->place.db_path, &db), 0);
    (void)desk_begin(db, &actor_server, &idea, NOW);
    assert_int_equal(picture_add(db, &actor_server, 1, bytes, NOW, &id), 0);
    db_close(db);
    return id;
}

static struct picture finished(struct world *w, int64_t id)
{
    struct picture_list l = {0};

    assert_int_equal(picture_list(w->a, w->db, &actor_server, 1, S("en"), &l), 0);
    for (size_t k = 0; k < l.n; k++)
        if (l.row[k].id == id)
            return l.row[k];
    fail_msg("there is no picture %lld", (long long)id);
    return (struct picture){0};
}

static bool holds(str bytes, str what)
{
    return str_find(bytes, what) >= 0;
}

/*
 * A phone's picture with its place, in EXIF and XMP, a comment, and lying on its side: it comes out
 * upright, in five files, and nothing of all that is in any of them.
 */
static void a_place_in_a_picture_is_gone(void **state)
{
    struct world *w = *state;
    struct picture_image_list made;
    struct picture p;
    str file, bytes;
    int64_t id;

    assert_int_equal(file_read(w->a, DATA "/picture/gps.jpg", 1 << 20, &file), 0);
    assert_true(holds(file, S("Exif")) && holds(file, S("SECRET-PLACE")) &&
                holds(file, S("SECRET-COMMENT")) && holds(file, S("Sample Camera")));
    id = bring(w, file);
    work(w, 1);
    p = finished(w, id);
    assert_int_equal(p.fault, PICTURE_FINE);
    assert_int_equal(p.width, 1280); /* 1000 × 1600 lay on its side */
    assert_int_equal(p.height, 800);
    assert_int_equal(picture_images(w->db, id, &made), 0);
    assert_int_equal(made.n, 5);
    for (size_t i = 0; i < made.n; i++) {
        struct picture_head h;

        assert_int_equal(
            picture_image(w->a, w->db, &actor_server,
                          &(struct picture_ask){.id = id, .size = made.row[i].size}, &bytes),
            0);
        assert_int_equal(picture_head_parse(bytes, &h), 0);
        assert_int_equal(h.width, made.row[i].width);
        assert_int_equal(h.height, made.row[i].height);
        assert_int_equal(h.turn, 1);
        assert_false(holds(bytes, S("Exif")) || holds(bytes, S("EXIF")) || holds(bytes, S("XMP")));
        assert_false(holds(bytes, S("SECRET")) || holds(bytes, S("Sample Camera")));
        /* 41° and 50° as EXIF writes them */
        assert_false(holds(bytes, S("\x29\0\0\0\x01\0\0\0\x1e\0\0\0")));
        assert_true(bytes.n < MAX_PICTURE_BYTES);
    }
}

/* A head that promises a picture and a body that is none; and small ones are not made larger. */
static void broken_and_small_pictures(void **state)
{
    static const str broken =
        S("\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\x20\0\0\0\x10\0\x08\x02\0\0\0"
          "and nothing that could be a picture");
    struct world *w = *state;
    struct picture_image_list made;
    int64_t bad, small;
    str file;

    assert_int_equal(file_read(w->a, CORPUS "/picture/png", 1 << 20, &file), 0);
    bad = bring(w, broken);
    small = bring(w, file);
    work(w, 2);
    assert_int_equal(finished(w, bad).fault, PICTURE_BROKEN);
    assert_int_equal(finished(w, small).fault, PICTURE_FINE);
    assert_int_equal(picture_images(w->db, small, &made), 0);
    for (size_t i = 0; i < made.n; i++)
        assert_int_equal(made.row[i].width, 4);
}

/* ---- the sound of guides ---- */

static void import_guides(struct world *w)
{
    static const char *const langs[] = {"en", "ru", "tk"};
    struct guide_in in = {.slug = S("a-b"), .from = S("TM"), .to = S("TR")};
    struct guide_point_in point = {
        .stage = GUIDE_BEFORE, .topic = GUIDE_COSTS, .source = S("https://x.example/")};
    struct db *db;
    int64_t id, point_id;

    assert_int_equal(db_open_write(w->place.db_path, &db), 0);
    assert_int_equal(guide_add(db, &actor_server, &in, NOW, &id), 0);
    assert_int_equal(guide_point_add(db, &actor_server, id, &point, NOW, &point_id), 0);
    for (size_t i = 0; i < NELEM(langs); i++) {
        struct text_in t = {.lang = str_c(langs[i]), .body = S("12"), .revision = -1};

        assert_int_equal(guide_text_put(db, &actor_server, id, GUIDE_TITLE, &t, NOW), 0);
        assert_int_equal(guide_text_put(db, &actor_server, id, GUIDE_LEAD, &t, NOW), 0);
        assert_int_equal(guide_point_text_put(db, &actor_server, point_id, &t, NOW), 0);
    }
    db_close(db);
}

static struct sound heard(struct world *w, const char *lang)
{
    struct sound_of of = {.lang = str_c(lang)};
    struct guide_points p;
    struct sound s = {0};
    struct guide g;

    assert_int_equal(guide_by_slug(w->a, w->db, S("a-b"), of.lang, &g), 0);
    assert_int_equal(guide_points(w->a, w->db, g.id, of.lang, NOW, &p), 0);
    assert_int_equal(sound_words(w->a, &g, &p, &of), 0);
    of.guide_id = g.id;
    assert_int_equal(sound_heard(w->a, w->db, &of, &s), 0);
    return s;
}

/* A second statement, in Dari alone: the others say that they lack it, Dari that it lacks all else.
 */
static void add_dari(struct world *w)
{
    const struct guide_point_in point = {
        .stage = GUIDE_BEFORE, .topic = GUIDE_COSTS, .source = S("https://x.example/")};
    const struct text_in t = {.lang = S("fa"), .body = S("12"), .revision = -1};
    struct db *db;
    struct guide g;
    int64_t id;

    assert_int_equal(db_open_write(w->place.db_path, &db), 0);
    assert_int_equal(guide_by_slug(w->a, db, S("a-b"), S("en"), &g), 0);
    assert_int_equal(guide_point_add(db, &actor_server, g.id, &point, NOW, &id), 0);
    assert_int_equal(guide_point_text_put(db, &actor_server, id, &t, NOW), 0);
    db_close(db);
}

/* Each language once. */
static void guides_are_read_aloud(void **state)
{
    static const char *const langs[] = {"en", "ru", "tk", "fa"};
    struct world *w = *state;

    import_guides(w);
    add_dari(w);
    work(w, NELEM(langs));
    for (size_t i = 0; i < NELEM(langs); i++) {
        struct sound s = heard(w, langs[i]);
        struct sound_file f;
        int format;
        str bytes;

        assert_int_equal(s.kind, SOUND_MADE);
        assert_int_equal(s.format, SOUND_FILE_MP3);
        assert_in_range(s.length_ms, 6000, 40000);
        /* 24 kbit/s are 3 bytes a millisecond */
        assert_in_range(s.nbytes, s.length_ms * 2, s.length_ms * 4);
        assert_int_equal(sound_bytes(w->a, w->db, s.id, s.name, &format, &bytes), 0);
        assert_int_equal(sound_file_clean(bytes, &f), 0);
        assert_int_equal(f.length_ms, s.length_ms);
        sound_file_done(&f);
    }
}

/* ---- one after the other ---- */

static void the_store_refuses(struct world *w, int64_t item_id)
{
    struct db *db;
    struct stmt *q;

    assert_int_equal(db_open_write(w->place.db_path, &db), 0);
    q = db_stmt(db, "CREATE TABLE test_refused AS SELECT clip_id FROM clips"
                    " WHERE kit_item_id = ?1");
    stmt_i64(q, 1, item_id);
    assert_int_equal(stmt_run(q), 0);
    q = db_stmt(db, "CREATE TRIGGER test_refuses BEFORE INSERT ON clip_parts WHEN NEW.clip_id IN"
                    " (SELECT clip_id FROM test_refused) BEGIN SELECT raise(ABORT, 'full'); END");
    assert_int_equal(stmt_run(q), 0);
    db_close(db);
}

/* As when the disk is full: those behind it have their turn, sounds as well, and it waits. */
static void a_clip_that_is_refused(void **state)
{
    struct world *w = *state;
    struct kit_items l;
    str file[2];
    int64_t kit_id;

    assert_int_equal(file_read(w->a, DATA "/clip/shot.mp4", 1 << 20, &file[0]), 0);
    assert_int_equal(file_read(w->a, DATA "/clip/shot.webm", 1 << 20, &file[1]), 0);
    kit_id = kit_with(w, file, 2);
    l = clips_of(w, kit_id);
    the_store_refuses(w, l.row[0].id);
    import_guides(w);
    work(w, 3);
    l = clips_of(w, kit_id);
    assert_int_equal(l.row[0].clip.state, CLIP_WAITING);
    assert_int_equal(l.row[1].clip.state, CLIP_READY);
    assert_int_equal(heard(w, "en").fault, SOUND_FINE);
}

/* The same of slides, whose end comes twice: before and after the sound's. */
static void slides_that_are_refused(void **state)
{
    struct world *w = *state;
    struct db *db;

    assert_int_equal(db_open_write(w->place.db_path, &db), 0);
    assert_int_equal(stmt_run(db_stmt(db, "CREATE TRIGGER test_refuses BEFORE UPDATE OF fault"
                                          " ON decks BEGIN SELECT raise(ABORT, 'full'); END")), 0);
    db_close(db);
    add(w, S("%PDF-1.4\nand nothing else"));
    import_guides(w);
    work(w, 2);
    assert_int_equal(decks(w).row[0].state, DECK_WAITING);
    assert_int_equal(heard(w, "en").fault, SOUND_FINE);
}

static int killed(const struct box *b)
{
    (void)b;
    return ERR_TOO_BIG;
}

/* Twice as much as anybody says of a film. */
static int talkative(const struct box *b)
{
    FILE *f = fopen(b->out, "w");

    for (int i = 0; f && i < CLIP_PROBE_BYTES / 4; i++)
        fputs("{\"a\":1} ", f);
    return f && fclose(f) == 0 ? 0 : ERR_IO;
}

static int fault_instead(struct world *w, int (*program)(const struct box *b))
{
    static const str film = S("0000ftypisom");
    int64_t kit_id = kit_with(w, &film, 1);

    instead = program;
    work(w, 1);
    instead = NULL;
    return clips_of(w, kit_id).row[0].clip.fault;
}

static void a_probe_that_is_killed(void **state)
{
    assert_int_equal(fault_instead(*state, killed), CLIP_TOO_HARD);
}

static void a_probe_that_says_too_much(void **state)
{
    assert_int_equal(fault_instead(*state, talkative), CLIP_BROKEN);
}

/* What was begun is begun anew at the next start; no further program is run for it now. */
static void stopping_waits_for_no_program(void **state)
{
    struct world *w = *state;
    struct convert c = {.arena = w->a, .db = w->db, .is_stopping = true};
    str file;
    int64_t kit_id;

    assert_int_equal(file_read(w->a, DATA "/clip/shot.mp4", 1 << 20, &file), 0);
    kit_id = kit_with(w, &file, 1);
    assert_int_equal(str_copy(c.folder, sizeof(c.folder), str_c(w->folder)), 0);
    nruns = 0;
    assert_int_equal(convert_clip(&c), 0);
    assert_int_equal(nruns, 0);
    assert_int_equal(clips_of(w, kit_id).row[0].clip.state, CLIP_WAITING);
}

int convert_test(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_sample_becomes_pictures, begin, end),
        cmocka_unit_test_setup_teardown(faults_are_told, begin, end),
        cmocka_unit_test_setup_teardown(odd_pages_are_drawn_small, begin, end),
        cmocka_unit_test_setup_teardown(a_place_in_a_picture_is_gone, begin, end),
        cmocka_unit_test_setup_teardown(broken_and_small_pictures, begin, end),
        cmocka_unit_test_setup_teardown(nothing_is_said_of_a_clip, begin, end),
        cmocka_unit_test_setup_teardown(what_is_no_clip, begin, end),
        cmocka_unit_test_setup_teardown(a_clip_that_is_refused, begin, end),
        cmocka_unit_test_setup_teardown(slides_that_are_refused, begin, end),
        cmocka_unit_test_setup_teardown(guides_are_read_aloud, begin, end),
        cmocka_unit_test_setup_teardown(a_probe_that_is_killed, begin, end),
        cmocka_unit_test_setup_teardown(a_probe_that_says_too_much, begin, end),
        cmocka_unit_test_setup_teardown(stopping_waits_for_no_program, begin, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
