/* Pictures: the heads of three kinds of file, bombs refused, who sees what and when. */
#include "suite.h"

#include "domain/desk.h"
#include "domain/news.h"
#include "domain/picture.h"
#include "domain/safety.h"
#include "domain/story.h"

/* The least that has a head: FFD8, APP1 with the orientation 6, SOF0 of 16 × 8. */
#define JPEG                                                                                       \
    "\xff\xd8\xff\xe1\x00\x22"                                                                     \
    "Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0"                      \
    "\xff\xc0\x00\x0b\x08\x00\x08\x00\x10\x01\x01\x11\x00"
#define PNG_HEAD(w, h) "\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR" w h "\x08\x02\0\0\0"
#define WEBP_X         "RIFF\x20\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x7f\x02\0\xdf\x01\0"

static int parse(str b, struct picture_head *h)
{
    return picture_head_parse(b, h);
}

static void heads(void **state)
{
    struct picture_head h;
    str jpeg = S(JPEG);

    (void)state;
    assert_int_equal(parse(jpeg, &h), 0);
    assert_int_equal(h.kind, PICTURE_JPEG);
    assert_int_equal(h.width, 16);
    assert_int_equal(h.height, 8);
    assert_int_equal(h.turn, 6);
    for (size_t n = 0; n < jpeg.n - 2; n++)
        assert_true(parse(str_take(jpeg, n), &h) < 0);
    assert_int_equal(parse(S(PNG_HEAD("\0\0\x05\0", "\0\0\x02\xd0")), &h), 0);
    assert_int_equal(h.width, 1280);
    assert_int_equal(h.height, 720);
    assert_int_equal(parse(S(WEBP_X), &h), 0);
    assert_int_equal(h.width, 640);
    assert_int_equal(h.height, 480);
    /* A bomb: few bytes that say they are a billion dots. */
    assert_int_equal(parse(S(PNG_HEAD("\0\0\xff\xff", "\0\0\xff\xff")), &h), ERR_TOO_BIG);
    assert_int_equal(parse(S(PNG_HEAD("\xff\xff\xff\xff", "\0\0\0\x01")), &h), ERR_TOO_BIG);
    assert_int_equal(parse(S(PNG_HEAD("\0\0\0\0", "\0\0\0\x01")), &h), ERR_SYNTAX);
    assert_int_equal(parse(S("%PDF-1.7"), &h), ERR_UNSUPPORTED);
    assert_int_equal(parse(S("<svg onload=alert(1)>"), &h), ERR_UNSUPPORTED);
}

static int image(struct world *w, const struct actor *who, int64_t id, usec at, str *ret_bytes)
{
    const struct picture_ask ask = {.id = id, .size = PICTURE_W320, .now = at};

    return picture_image(w->a, w->db, who, &ask, ret_bytes);
}

static int make(struct world *w, int64_t id)
{
    const struct picture_image_list made = {
        .row = {{.size = PICTURE_W320, .width = 320, .height = 180, .bytes = S("small")},
                {.size = PICTURE_J640, .width = 640, .height = 360, .bytes = S("jpeg")}},
        .n = 2};

    return picture_end(w->db, &actor_server, id, PICTURE_FINE, &made);
}

/* Without description and credit, and before the check, no reader sees it; a change hides it. */
static void seen(void **state)
{
    struct world *w = *state;
    struct picture_words words = {
        .lang = S("en"), .alt = S("A bus at a border"), .credit = S("Sample drawing, free to use")};
    struct picture_list l;
    struct picture p;
    int64_t id;
    unsigned bits;
    str bytes;

    assert_int_equal(picture_add(w->db, &w->event, 1, S(JPEG), T0, &id), ERR_DENIED);
    assert_int_equal(picture_add(w->db, &w->editor, 1, S(JPEG), T0, &id), 0);
    assert_int_equal(desk_obstacles(w->db, 1, S("en"), T0, &bits), 0);
    assert_int_equal(bits, DESK_OLD_CHECK | DESK_NO_PICTURE);
    assert_int_equal(picture_next(w->a, w->db, &w->system, &p, &bytes), ERR_DENIED);
    assert_int_equal(picture_next(w->a, w->db, &actor_server, &p, &bytes), 0);
    assert_int_equal(p.turn, 6);
    assert_int_equal(make(w, id), 0);
    assert_int_equal(world_count(w, "SELECT count(*) FROM picture_files"), 0);
    assert_int_equal(desk_obstacles(w->db, 1, S("en"), T0, &bits), 0);
    assert_int_equal(bits, DESK_OLD_CHECK | DESK_NO_WORDS);
    assert_int_equal(picture_put(w->db, &w->editor, 1, id, &words, T0), 0);
    assert_int_equal(picture_put(w->db, &w->editor, 1, id, &words, T0), ERR_CONFLICT);
    assert_int_equal(image(w, &w->nobody, id, T0, &bytes), ERR_NOT_FOUND);
    assert_int_equal(image(w, &w->editor, id, T0, &bytes), 0);
    world_check(w, 1, "en");
    assert_int_equal(image(w, &w->nobody, id, T0, &bytes), 0);
    assert_str(bytes, "small");
    assert_int_equal(picture_shown(w->a, w->db, 1, S("en"), T0, &l), 0);
    assert_int_equal(l.n, 1);
    assert_int_equal(l.row[0].width, 640);
    /* Without a description in that language it is not shown there. */
    assert_int_equal(picture_shown(w->a, w->db, 1, S("ru"), T0, &l), 0);
    assert_int_equal(l.n, 0);
    words.alt_revision = 1;
    words.credit = S("Somebody else");
    assert_int_equal(picture_put(w->db, &w->editor, 1, id, &words, T0), 0);
    assert_int_equal(image(w, &w->nobody, id, T0, &bytes), ERR_NOT_FOUND);
    world_check(w, 1, "en");
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(
            news_withdraw(w->db, &w->editor, 1, (const str[]){S("en"), S("ru"), S("tk")}[i], T0),
            0);
    assert_int_equal(image(w, &w->nobody, id, T0, &bytes), ERR_GONE);
    assert_int_equal(picture_remove(w->db, &w->editor, 1, id, T0), 0);
    assert_int_equal(picture_remove(w->db, &w->editor, 1, id, T0), ERR_NOT_FOUND);
    assert_int_equal(world_count(w, "SELECT count(*) FROM picture_images"), 0);
}

static usec beside(struct world *w)
{
    struct news n;
    struct news_list l;
    const struct news_filter f = {.lang = S("en")};

    assert_int_equal(news_list(w->a, w->db, &w->nobody, &f, &l), 0);
    n = l.row[0];
    assert_true(n.beside_at == 0 || news_seen_at(&n) >= n.beside_at);
    return n.beside_at;
}

/* Who carries a copy hears of a picture when readers see it, and when they see it no more. */
static void told(void **state)
{
    struct world *w = *state;
    struct picture_words words = {
        .lang = S("en"), .alt = S("A bus at a border"), .credit = S("Sample drawing, free to use")};
    const struct safety_of all = {.news_id = 1, .lang = S("en"), .revision = -1,
                                  .pictures_revision = -1};
    int64_t id;

    assert_int_equal(picture_add(w->db, &w->editor, 1, S(JPEG), T0, &id), 0);
    assert_int_equal(make(w, id), 0);
    assert_int_equal(picture_put(w->db, &w->editor, 1, id, &words, T0 + 1), 0);
    assert_int_equal(beside(w), 0);
    assert_int_equal(safety_put(w->db, &w->editor, &all, &world_answers, T0 + 2), 0);
    assert_int_equal(beside(w), T0 + 2);
    assert_int_equal(safety_put(w->db, &w->editor, &all, &world_answers, T0 + 3), 0);
    assert_int_equal(beside(w), T0 + 2);
    words.alt_revision = 1;
    words.credit = S("Somebody else");
    assert_int_equal(picture_put(w->db, &w->editor, 1, id, &words, T0 + 4), 0);
    assert_int_equal(beside(w), T0 + 4);
    assert_int_equal(picture_remove(w->db, &w->editor, 1, id, T0 + 5), 0);
    assert_int_equal(beside(w), T0 + 4); /* it was hidden already */
}

/* The first item, whose picture waits for a check of it. */
static struct safety_of brought(struct world *w, int64_t *ret_id)
{
    static const struct picture_words words = {
        .lang = S("en"), .alt = S("A bus at a border"), .credit = S("Sample drawing, free to use")};
    struct desk_place place;

    assert_int_equal(picture_add(w->db, &w->editor, 1, S(JPEG), T0, ret_id), 0);
    assert_int_equal(picture_put(w->db, &w->editor, 1, *ret_id, &words, T0), 0);
    assert_int_equal(desk_place(w->a, w->db, 1, S("en"), &place), 0);
    return (struct safety_of){.news_id = 1, .revision = place.revision, .lang = S("en"),
                              .pictures_revision = place.pictures_revision};
}

/* No answer is for a picture that came, was made or was described after somebody had looked. */
static void unseen(void **state)
{
    struct world *w = *state;
    int64_t id, other;
    struct safety_of before = brought(w, &id), of;
    str bytes;

    assert_int_equal(make(w, id), 0);
    assert_int_equal(safety_put(w->db, &w->editor, &before, &world_answers, T0), ERR_CONFLICT);
    of = brought(w, &other);
    assert_int_equal(make(w, other), 0);
    of.pictures_revision++;
    assert_int_equal(picture_remove(w->db, &w->editor, 1, other, T0), 0);
    assert_int_equal(safety_put(w->db, &w->editor, &of, &world_answers, T0), ERR_CONFLICT);
    of.pictures_revision++;
    assert_int_equal(image(w, &w->nobody, id, T0, &bytes), ERR_NOT_FOUND);
    assert_int_equal(safety_put(w->db, &w->editor, &of, &world_answers, T0), 0);
    assert_int_equal(image(w, &w->nobody, id, T0, &bytes), 0);
}

/* Who corrects a word of what is out sees no pictures: those that wait go on waiting. */
static void words_alone(void **state)
{
    struct world *w = *state;
    struct safety_of of;
    struct news n;
    struct news_in in = {.lang = S("en"), .body = S("Mended."), .answers = &world_answers};
    int64_t id;
    unsigned bits;
    str bytes;

    of = brought(w, &id);
    assert_int_equal(make(w, id), 0);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(news_by_seminar(w->a, w->db, &w->editor, w->demo.record_id,
                                         S("en"), &n), 0);
        in.title = n.title;
        in.revision = n.revision;
        assert_int_equal(news_edit(w->db, &w->editor, 1, &in, T0), 0);
        in.body = S("Mended again.");
        assert_int_equal(desk_obstacles(w->db, 1, S("en"), T0, &bits), 0);
        /* The second time the picture has passed, and goes on being seen. */
        assert_int_equal(bits, i ? 0 : DESK_OLD_CHECK);
        assert_int_equal(image(w, &w->nobody, id, T0, &bytes), i ? 0 : ERR_NOT_FOUND);
        of.revision = of.pictures_revision = -1;
        assert_int_equal(safety_put(w->db, &w->editor, &of, &world_answers, T0), 0);
        assert_int_equal(image(w, &w->nobody, id, T0, &bytes), 0);
    }
}

/* The consent decides when somebody asks, not when the server comes to withdraw the story. */
static void consented(void **state)
{
    struct world *w = *state;
    const struct desk_idea idea = {.slug = S("ajap"), .lang = S("en"), .kind = NEWS_STORY,
                                   .title = S("Sample"), .body = S("Invented for a test.")};
    const struct consent paper = {.pseudonym = S("Ajap"), .giver = CONSENT_SELF,
                                  .scope = CONSENT_SITE | CONSENT_PICTURE, .paper = S("File 7"),
                                  .given_day = S("2026-03-01"),
                                  .until_at = T0 + USEC_DAY};
    const struct picture_words words = {
        .lang = S("en"), .alt = S("A bus at a border"), .credit = S("Sample drawing")};
    const struct news_in out = {.lang = S("en"), .revision = -1};
    struct picture_list l;
    int64_t id, picture;
    str bytes;

    assert_int_equal(desk_begin(w->db, &w->editor, &idea, T0), 0);
    id = world_count(w, "SELECT news_id FROM news WHERE slug = 'ajap'");
    assert_int_equal(picture_add(w->db, &w->editor, id, S(JPEG), T0, &picture), 0);
    assert_int_equal(make(w, picture), 0);
    assert_int_equal(picture_put(w->db, &w->editor, id, picture, &words, T0), 0);
    assert_int_equal(consent_put(w->db, &w->editor, id, &paper, T0), 0);
    world_check(w, id, "en");
    assert_int_equal(news_publish(w->db, &w->editor, id, &out, 0, T0), 0);
    for (usec at = paper.until_at - 1; at <= paper.until_at; at++) {
        bool is_ended = at == paper.until_at;

        assert_int_equal(picture_shown(w->a, w->db, id, S("en"), at, &l), 0);
        assert_int_equal(l.n, !is_ended);
        assert_int_equal(image(w, &w->nobody, picture, at, &bytes), is_ended ? ERR_NOT_FOUND : 0);
    }
    assert_int_equal(consent_withdraw(w->db, &w->editor, id, T0), 0);
    assert_int_equal(picture_shown(w->a, w->db, id, S("en"), T0, &l), 0);
    assert_int_equal(l.n, 0);
    assert_int_equal(image(w, &w->nobody, picture, T0, &bytes), ERR_GONE);
}

static void many(void **state)
{
    struct world *w = *state;
    int64_t id;

    for (int i = 0; i < 13; i++)
        assert_int_equal(picture_add(w->db, &w->editor, 1, S(JPEG), T0, &id),
                         i < 12 ? 0 : ERR_FULL);
}

/* Partners show it by its address, and the converter may be at one that is taken out. */
static void numbers_are_not_given_again(void **state)
{
    struct world *w = *state;
    int64_t first, second;

    assert_int_equal(picture_add(w->db, &w->editor, 1, S(JPEG), T0, &first), 0);
    assert_int_equal(picture_remove(w->db, &w->editor, 1, first, T0), 0);
    assert_int_equal(picture_add(w->db, &w->editor, 1, S(JPEG), T0 + 10 * USEC_MS, &second), 0);
    assert_true(second > first);
}

static const struct CMUnitTest tests[] = {ROW(numbers_are_not_given_again),
                                          ROW(heads), ROW(seen), ROW(told), ROW(unseen),
                                          ROW(words_alone), ROW(consented), ROW(many)};
SUITE(picture);
