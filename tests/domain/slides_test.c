#include "suite.h"

#include "base/limits.h"
#include "domain/invitation.h"
#include "domain/memory.h"
#include "domain/slides.h"

#include <string.h>

static struct deck of_live(struct world *w)
{
    return (struct deck){.seminar_id = w->demo.live_id, .name = S("talk.pdf")};
}

static int64_t added(struct world *w)
{
    const struct deck d = of_live(w);
    int64_t id = 0;

    assert_int_equal(deck_add(w->db, &w->event, &d, S("%PDF-1.4"), T0, &id), 0);
    return id;
}

static void made(struct world *w, int64_t id, int n)
{
    assert_int_equal(deck_begin(w->db, &actor_server, id, n), 0);
    for (int i = 1; i <= n; i++) {
        const struct slide s = {.number = i, .text = S("words"), .width = 1600, .height = 900,
                                .image = {[SLIDE_SMALL] = S("s"), [SLIDE_MEDIUM] = S("mm"),
                                          [SLIDE_LARGE] = S("lll")}};

        assert_int_equal(slide_put(w->db, &actor_server, id, &s), 0);
    }
}

static void state_is(struct world *w, int state)
{
    struct stmt *q = db_stmt(w->db, "UPDATE seminars SET state = ?1 WHERE seminar_id = ?2");

    stmt_i64(q, 1, state);
    stmt_i64(q, 2, w->demo.live_id);
    assert_int_equal(stmt_run(q), 0);
}

static size_t seen_by(struct world *w, const struct actor *who)
{
    struct deck_list l;

    assert_int_equal(deck_list(w->a, w->db, who, w->demo.live_id, &l), 0);
    return l.n;
}

/* Browsers keep slides by the number of their file for a year: it is nobody else's, whatever is
 * taken out, and what is still being made of it goes nowhere. */
static void numbers_are_not_given_again(void **state)
{
    struct world *w = *state;
    const struct deck d = of_live(w);
    const struct slide s = {.number = 1, .text = S("words"), .width = 1600, .height = 900,
                            .image = {[SLIDE_SMALL] = S("s"), [SLIDE_MEDIUM] = S("mm"),
                                      [SLIDE_LARGE] = S("lll")}};
    int64_t first, second, third;

    assert_int_equal(deck_add(w->db, &w->event, &d, S("%PDF-1.4"), T0, &first), 0);
    assert_int_equal(deck_remove(w->db, &w->event, d.seminar_id, first), 0);
    assert_int_equal(deck_add(w->db, &w->event, &d, S("%PDF-1.4"), T0 + 10 * USEC_MS, &second), 0);
    assert_int_equal(deck_add(w->db, &w->event, &d, S("%PDF-1.4"), T0 + 10 * USEC_MS, &third), 0);
    assert_true(second > first);
    assert_true(third > second);
    assert_true(third < INT64_C(1) << 53);
    assert_true(slide_put(w->db, &actor_server, first, &s) < 0);
}

static void who_may_bring(void **state)
{
    struct world *w = *state;
    struct deck d = of_live(w);
    struct actor speaker = w->member, guest = w->member;
    int64_t id;

    assert_int_equal(deck_add(w->db, &w->member, &d, S("%PDF-1.4"), T0, &id), ERR_DENIED);
    assert_int_equal(deck_add(w->db, &w->editor, &d, S("%PDF-1.4"), T0, &id), ERR_DENIED);
    assert_int_equal(deck_add(w->db, &w->nobody, &d, S("%PDF-1.4"), T0, &id), ERR_AUTH);
    speaker.role = ROLE_SPEAKER;
    assert_int_equal(deck_add(w->db, &speaker, &d, S("%PDF-1.4"), T0, &id), 0);
    guest.role = ROLE_SPEAKER;
    guest.seminar_id = w->demo.record_id;
    assert_int_equal(deck_add(w->db, &guest, &d, S("%PDF-1.4"), T0, &id), ERR_DENIED);
    assert_int_equal(deck_add(w->db, &speaker, &d, S("PK\3\4"), T0, &id), ERR_UNSUPPORTED);
    for (int i = 1; i < MAX_DECKS; i++)
        assert_int_equal(deck_add(w->db, &w->event, &d, S("%PDF-1.4"), T0, &id), 0);
    assert_int_equal(deck_add(w->db, &w->event, &d, S("%PDF-1.4"), T0, &id), ERR_FULL);
    assert_int_equal(deck_remove(w->db, &speaker, w->demo.live_id, id), ERR_DENIED);
    assert_int_equal(deck_remove(w->db, &w->event, w->demo.record_id, id), ERR_NOT_FOUND);
    assert_int_equal(deck_remove(w->db, &w->event, w->demo.live_id, id), 0);
}

static int note_file(void *ctx, str pdf)
{
    *(bool *)ctx = str_eq(pdf, S("%PDF-1.4"));
    return 0;
}

static int no_room(void *ctx, str pdf)
{
    (void)ctx, (void)pdf;
    return ERR_IO;
}

static void the_converter_works(void **state)
{
    struct world *w = *state;
    int64_t id = added(w);
    struct slide_at at = {id, w->demo.live_id, 2, SLIDE_MEDIUM};
    bool is_it = false;
    struct deck d;
    str bytes;

    state_is(w, SEMINAR_LIVE);
    assert_int_equal(deck_next(w->a, w->db, &w->event, note_file, &is_it, &d), ERR_DENIED);
    assert_false(is_it);
    assert_int_equal(deck_next(w->a, w->db, &actor_server, no_room, NULL, &d), ERR_IO);
    assert_int_equal(deck_next(w->a, w->db, &actor_server, note_file, &is_it, &d), 0);
    assert_true(is_it);
    made(w, id, 2);
    assert_int_equal(seen_by(w, &w->member), 0);
    made(w, id, 3); /* begun anew after a crash */
    assert_int_equal(deck_end(w->db, &actor_server, id, DECK_FINE), 0);
    assert_int_equal(seen_by(w, &w->member), 1);
    assert_int_equal(slide_image(w->a, w->db, &w->member, &at, &bytes), 0);
    assert_str(bytes, "mm");
    assert_int_equal(slide_image(w->a, w->db, &w->editor, &at, &bytes), ERR_DENIED);
    at.seminar_id = w->demo.record_id;
    assert_int_equal(slide_image(w->a, w->db, &w->event, &at, &bytes), ERR_NOT_FOUND);
    assert_int_equal(deck_next(w->a, w->db, &actor_server, note_file, &is_it, &d), ERR_NOT_FOUND);
    assert_int_equal(world_count(w, "SELECT count(*) FROM deck_files"), 0);
}

/* A participant with a link reads the slides no sooner than the room tells of them. */
static void who_waits_sees_none(void **state)
{
    struct world *w = *state;
    int64_t id = added(w), live = w->demo.live_id;
    const struct slide_at at = {id, live, 1, SLIDE_SMALL};
    const struct deck d = {.id = id, .seminar_id = live};
    struct actor who = w->member;
    struct slide_list slides;
    struct deck_list l;
    str bytes;

    made(w, id, 1);
    assert_int_equal(deck_end(w->db, &actor_server, id, DECK_FINE), 0);
    for (int s = SEMINAR_PLANNED; s <= SEMINAR_ARCHIVED; s++) {
        int waiting = s < SEMINAR_LIVE ? ERR_DENIED : 0;

        state_is(w, s);
        for (size_t i = 0; i < 3; i++) {
            static const int role[] = {ROLE_PARTICIPANT, ROLE_OBSERVER, ROLE_SPEAKER};
            int r = role[i] == ROLE_SPEAKER ? 0 : waiting;

            who.role = role[i];
            assert_int_equal(deck_list(w->a, w->db, &who, live, &l), r);
            assert_int_equal(slide_list(w->a, w->db, &who, &d, &slides), r);
            assert_int_equal(slide_image(w->a, w->db, &who, &at, &bytes), r);
        }
        assert_int_equal(deck_list(w->a, w->db, &w->event, live, &l), 0);
    }
}

static void what_failed_leaves_nothing(void **state)
{
    struct world *w = *state;
    int64_t id = added(w);

    state_is(w, SEMINAR_LIVE);
    made(w, id, 2);
    assert_int_equal(deck_end(w->db, &actor_server, id, DECK_TOO_HARD), 0);
    assert_int_equal(seen_by(w, &w->member), 0);
    assert_int_equal(seen_by(w, &w->event), 1);
    assert_int_equal(world_count(w, "SELECT count(*) FROM slides"), 0);
    assert_int_equal(world_count(w, "SELECT count(*) FROM slide_images"), 0);
    assert_int_equal(world_count(w, "SELECT count(*) FROM deck_files"), 0);
}

/* What the room writes down comes back whole, and goes with the end of the seminar. */
static void a_room_is_remembered(void **state)
{
    struct world *w = *state;
    const struct memory_person p = {.id = w->member.person_id, .hand = 3, .is_muted = true,
                                    .channel = "tk", .booth = "ru", .is_on_mic = true};
    struct memory_chat m = {.person = w->member.person_id, .at = T0, .name = "A", .text = "hello"};
    int64_t live = w->demo.live_id;
    struct memory got, *copy;

    assert_int_equal(memory_slide(w->db, &w->event, live, 1, 2), ERR_DENIED);
    assert_int_equal(memory_lock(w->db, &actor_server, live, true), 0);
    assert_int_equal(memory_slide(w->db, &actor_server, live, 1, 2), 0);
    assert_int_equal(memory_person(w->db, &actor_server, live, &p), 0);
    assert_int_equal(memory_place(w->db, &actor_server, live, p.id, S("token")), 0);
    for (m.number = 1; m.number <= MAX_CHAT_KEPT + 7; m.number++)
        assert_int_equal(memory_chat(w->db, &actor_server, live, &m), 0);
    assert_int_equal(memory_read(w->a, w->db, &actor_server, live, &got), 0);
    copy = memory_copy(&got);
    assert_true(copy->is_locked);
    assert_int_equal(copy->deck, 1);
    assert_int_equal(copy->slide, 2);
    assert_int_equal(copy->npersons, 1);
    assert_int_equal(copy->person[0].hand, 3);
    assert_true(copy->person[0].is_muted);
    assert_string_equal(copy->person[0].channel, "tk");
    assert_string_equal(copy->person[0].booth, "ru");
    assert_true(copy->person[0].is_on_mic);
    assert_int_equal(copy->nplaces, 1);
    assert_int_equal(copy->nchats, MAX_CHAT_KEPT);
    assert_int_equal(copy->chat[0].number, 8);
    assert_string_equal(copy->chat[0].text, "hello");
    memory_free(copy);
    assert_int_equal(seminar_state_set(w->db, &actor_server, live, SEMINAR_LIVE, T0), 0);
    assert_int_equal(memory_read(w->a, w->db, &actor_server, live, &got), 0);
    assert_int_equal(got.nchats, 0); /* what was written in practice */
    assert_int_equal(got.npersons, 1);
    m.number = MAX_CHAT_KEPT + 8;
    assert_int_equal(memory_chat(w->db, &actor_server, live, &m), 0);
    assert_int_equal(seminar_state_set(w->db, &w->event, live, SEMINAR_ENDED, T0 + USEC_S), 0);
    assert_int_equal(memory_read(w->a, w->db, &actor_server, live, &got), 0);
    assert_int_equal(got.npersons + got.nplaces + got.nchats, 0);
    assert_false(got.is_locked);
    /* the desk has ended it, and whoever is still in the room goes a minute later */
    assert_int_equal(memory_lock(w->db, &actor_server, live, true), 0);
    assert_int_equal(memory_slide(w->db, &actor_server, live, 1, 2), 0);
    assert_int_equal(memory_person(w->db, &actor_server, live, &p), 0);
    assert_int_equal(memory_place(w->db, &actor_server, live, p.id, S("token")), 0);
    assert_int_equal(memory_chat(w->db, &actor_server, live, &m), 0);
    assert_int_equal(memory_read(w->a, w->db, &actor_server, live, &got), 0);
    assert_int_equal(got.npersons + got.nplaces + got.nchats, 0);
    assert_true(!got.is_locked && !got.deck);
}

/* However often a person enters anew, by one link or by one that is known to many. */
static void places_are_bounded(void **state)
{
    struct world *w = *state;
    int64_t live = w->demo.live_id, other = w->member.person_id + 1;

    assert_int_equal(memory_place(w->db, &actor_server, live, other, S("one")), 0);
    for (char i = 0; i < 100; i++)
        assert_int_equal(memory_place(w->db, &actor_server, live, w->member.person_id,
                                      (str){&i, 1}),
                         0);
    assert_int_equal(world_count(w, "SELECT count(*) FROM room_places"), 2 * MAX_ROOM_PERSON + 1);
}

static const struct CMUnitTest tests[] = {
    ROW(places_are_bounded),
    ROW(numbers_are_not_given_again),
    ROW(who_may_bring),
    ROW(the_converter_works),
    ROW(who_waits_sees_none),
    ROW(what_failed_leaves_nothing),
    ROW(a_room_is_remembered),
};
SUITE(slides);
