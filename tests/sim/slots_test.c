#include "media/down.h"
#include "media/peer.h"
#include "media/sfu_room.h"
#include "sim/check.h"
#include "sim/publisher.h"
#include "sim/run.h"
#include "sim/viewer.h"
#include "sim/world.h"

#include <string.h>

/*
 * Who fills the slots when there are more cameras and voices than slots, and how long.
 *
 *     ten people ──▶ sfu ──▶ one page of nine pictures: V0 large, V1 to V8 small
 */

enum { PEOPLE = 10, LOUD = 40 /* -dBov, RFC 6464 */, SILENT = 127 };

struct scene {
    struct world *w;
    struct sim_peer *people[PEOPLE + 1], *viewer; /* by person */
};

/* People from 1 to n, all silent. */
static struct scene begin(int n)
{
    struct scene s = {.w = world_new(sim_seed)};

    for (int i = 1; i <= n; i++) {
        s.people[i] = world_publish(s.w, i);
        publisher_level(s.people[i]->publisher, SILENT);
    }
    s.viewer = world_watch_wide(s.w, 20);
    return s;
}

static void end(const struct scene *s)
{
    world_assert_sound(s->w);
    world_free(s->w);
}

static int64_t seen(const struct scene *s, int slot)
{
    return viewer_slot(s->viewer->viewer, SFU_VIDEO, slot)->person;
}

/* All nine move, each with another person's picture, and it is the one that the room was told of.
 * Returns who is left over of ten. */
static int64_t left_over(struct scene *s)
{
    unsigned frames[SFU_VIDEO_SLOTS];
    int64_t left = PEOPLE * (PEOPLE + 1) / 2;
    unsigned all = 0;

    for (int i = 0; i < SFU_VIDEO_SLOTS; i++)
        frames[i] = viewer_slot(s->viewer->viewer, SFU_VIDEO, i)->frames;
    world_run(s->w, USEC_S);
    for (int i = 0; i < SFU_VIDEO_SLOTS; i++) {
        assert_in_range(viewer_slot(s->viewer->viewer, SFU_VIDEO, i)->frames - frames[i], 25, 31);
        assert_int_equal(seen(s, i), s->w->slots[SFU_VIDEO][i]);
        assert_int_equal(seen(s, i), sfu_room_slot(s->w->room, SFU_VIDEO, i));
        all |= 1u << seen(s, i);
        left -= seen(s, i);
    }
    assert_int_equal(__builtin_popcount(all), SFU_VIDEO_SLOTS);
    return left;
}

/* Who comes onto the stage leaves no other small picture where it was not. */
static void nine_of_ten_cameras(void **state)
{
    struct scene s = begin(PEOPLE);
    int64_t before[SFU_VIDEO_SLOTS], left;

    (void)state;
    sfu_room_stage(s.w->room, 1, s.w->now);
    world_run(s.w, 4 * USEC_S);
    left = left_over(&s);
    assert_int_equal(seen(&s, 0), 1);
    memcpy(before, s.w->slots[SFU_VIDEO], sizeof(before));
    sfu_room_stage(s.w->room, left, s.w->now);
    world_run(s.w, 2 * USEC_S);
    assert_int_equal(left_over(&s), 1);
    assert_int_equal(seen(&s, 0), left);
    assert_memory_equal(before + 1, s.w->slots[SFU_VIDEO] + 1, sizeof(before) - sizeof(before[0]));
    end(&s);
}

/* One moves onto the stage and one goes: their places are filled, the others stay as they were. */
static void small_pictures_stay(void **state)
{
    struct scene s = begin(PEOPLE);
    int64_t is[SFU_VIDEO_SLOTS], left;

    (void)state;
    sfu_room_stage(s.w->room, PEOPLE, s.w->now);
    world_run(s.w, 4 * USEC_S);
    left = left_over(&s);
    memcpy(is, s.w->slots[SFU_VIDEO], sizeof(is));
    sfu_room_stage(s.w->room, is[3], s.w->now);
    world_run(s.w, 2 * USEC_S);
    is[0] = is[3];
    is[3] = PEOPLE;
    assert_memory_equal(is, s.w->slots[SFU_VIDEO], sizeof(is));
    sfu_peer_free(s.people[is[6]]->sfu_peer, s.w->now);
    s.people[is[6]]->sfu_peer = NULL;
    world_run(s.w, 2 * USEC_S);
    is[6] = left;
    assert_memory_equal(is, s.w->slots[SFU_VIDEO], sizeof(is));
    for (int i = 0; i < SFU_VIDEO_SLOTS; i++)
        assert_int_equal(seen(&s, i), is[i]);
    end(&s);
}

/* n people who interrupt each other four times a second, the others at this level meanwhile, and
 * the shortest time that `slot` was one's. */
static usec shortest(struct scene *s, enum sfu_kind kind, int slot, int n, uint8_t level,
                     unsigned *ret_changes)
{
    int64_t person = sfu_room_slot(s->w->room, kind, slot), now_in;
    usec since = s->w->now, least = INT64_MAX, took;

    *ret_changes = 0;
    for (int i = 0; i < 200; i++) {
        if (i % 5 == 0)
            for (int k = 1; k <= n; k++)
                publisher_level(s->people[k]->publisher, (i / 5 + k) % n ? level : LOUD - 20);
        world_run(s->w, 50 * USEC_MS);
        now_in = sfu_room_slot(s->w->room, kind, slot);
        if (now_in == person)
            continue;
        took = s->w->now - since;
        if ((*ret_changes)++ && took < least)
            least = took;
        person = now_in;
        since = s->w->now;
    }
    return least;
}

/* Nobody is on stage: the picture is the speaker's, and stays a second with one. */
static void the_large_picture_holds_a_second(void **state)
{
    struct scene s = begin(4);
    unsigned changes;

    (void)state;
    world_run(s.w, 3 * USEC_S);
    publisher_level(s.people[3]->publisher, LOUD);
    world_run(s.w, 2 * USEC_S);
    assert_int_equal(sfu_room_slot(s.w->room, SFU_VIDEO, 0), 3);
    publisher_level(s.people[3]->publisher, SILENT);
    world_run(s.w, 5 * USEC_S); /* whoever spoke last stays when nobody does */
    assert_int_equal(sfu_room_slot(s.w->room, SFU_VIDEO, 0), 3);
    assert_true(shortest(&s, SFU_VIDEO, 0, 2, SILENT, &changes) >= USEC_S);
    assert_in_range(changes, 4, 10);
    end(&s);
}

static bool is_heard(const struct scene *s, int64_t person)
{
    for (int i = 0; i < ROOM_VOICES; i++)
        if (sfu_room_slot(s->w->room, SFU_AUDIO, i) == person)
            return true;
    return false;
}

/* Six decibels: three are not clearly louder, eight are. */
static void who_is_in_is_challenged_by_six_decibels(void **state)
{
    struct scene s = begin(4);

    (void)state;
    for (int i = 1; i <= 3; i++)
        publisher_level(s.people[i]->publisher, LOUD);
    world_run(s.w, 3 * USEC_S);
    assert_true(is_heard(&s, 1) && is_heard(&s, 2) && is_heard(&s, 3));
    publisher_level(s.people[4]->publisher, LOUD - 3);
    world_run(s.w, 10 * USEC_S);
    assert_false(is_heard(&s, 4));
    publisher_level(s.people[4]->publisher, LOUD - 8);
    world_run(s.w, USEC_S);
    assert_true(is_heard(&s, 4));
    end(&s);
}

/* A slot is for a second with one who is not silent, whoever is louder. */
static void a_voice_keeps_its_slot_a_second(void **state)
{
    struct scene s = begin(5);
    unsigned changes, all = 0;
    usec least;

    (void)state;
    for (int slot = 0; slot < ROOM_VOICES; slot++) {
        least = shortest(&s, SFU_AUDIO, slot, 5, LOUD + 8, &changes);
        assert_true(least >= USEC_S);
        all += changes;
    }
    assert_true(all > 10);
    end(&s);
}

/* A person's screen and camera are two connections: the newer is the large picture, the other a
 * small one. On a thin line the small one goes first, and the voice is whole. */
static void a_screen_before_the_camera_of_its_person(void **state)
{
    struct scene s = begin(1);
    struct sim_peer *screen = world_publish(s.w, 1);
    const struct slot_stats *v0 = viewer_slot(s.viewer->viewer, SFU_VIDEO, 0);
    const struct slot_stats *v1 = viewer_slot(s.viewer->viewer, SFU_VIDEO, 1);
    unsigned large, small;

    (void)state;
    publisher_level(screen->publisher, LOUD);
    sfu_room_stage(s.w->room, 1, s.w->now);
    world_run(s.w, 4 * USEC_S);
    assert_ptr_equal(s.w->room->programmes[PROGRAMME_ON_AIR].video[0]->peer, screen->sfu_peer);
    assert_ptr_equal(s.w->room->programmes[PROGRAMME_ON_AIR].video[1]->peer,
                     s.people[1]->sfu_peer);
    s.viewer->down.rate_bps = 800000;
    s.viewer->down.queue = 300 * USEC_MS;
    world_run(s.w, 15 * USEC_S);
    large = v0->frames;
    small = v1->frames;
    world_run(s.w, 10 * USEC_S);
    assert_true(v0->frames - large > 270);
    assert_true(v1->frames - small < 30);
    end(&s);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nine_of_ten_cameras),
        cmocka_unit_test(small_pictures_stay),
        cmocka_unit_test(the_large_picture_holds_a_second),
        cmocka_unit_test(who_is_in_is_challenged_by_six_decibels),
        cmocka_unit_test(a_voice_keeps_its_slot_a_second),
        cmocka_unit_test(a_screen_before_the_camera_of_its_person),
    };

    return sim_run(tests, NELEM(tests), 3, argc, argv);
}
