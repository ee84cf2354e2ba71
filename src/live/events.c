/*
 * What the sfu says is brought to the room that it is about. A peer is found by asking each room,
 * since these things are rare.
 */
#include "live/hall.h"

#include "live/room.h"
#include "media/sfu.h"

static struct room *room_of(const struct sfu_room *sr, void *ctx)
{
    unsigned n;
    struct room *const *rooms = hall_rooms(ctx, &n);

    for (unsigned i = 0; i < n; i++) {
        if (room_id(rooms[i]) == sfu_room_id(sr))
            return rooms[i];
    }
    return NULL;
}

static void on_connected(struct sfu_peer *p, usec now, void *ctx)
{
    unsigned n;
    struct room *const *rooms = hall_rooms(ctx, &n);

    (void)now;
    for (unsigned i = 0; i < n; i++) {
        if (room_on_connected(rooms[i], p))
            return;
    }
}

static void on_gone(struct sfu_peer *p, enum sfu_gone why, usec now, void *ctx)
{
    unsigned n;
    struct room *const *rooms = hall_rooms(ctx, &n);

    (void)now;
    (void)why;
    for (unsigned i = 0; i < n; i++) {
        if (room_on_gone(rooms[i], p))
            return;
    }
}

static void on_wish(struct sfu_peer *p, int height, usec now, void *ctx)
{
    unsigned n;
    struct room *const *rooms = hall_rooms(ctx, &n);

    (void)now;
    for (unsigned i = 0; i < n; i++) {
        if (room_on_wish(rooms[i], p, height))
            return;
    }
}

static void on_line(struct sfu_peer *p, enum sfu_line line, usec now, void *ctx)
{
    unsigned n;
    struct room *const *rooms = hall_rooms(ctx, &n);

    (void)now;
    for (unsigned i = 0; i < n; i++) {
        if (room_on_line(rooms[i], p, line))
            return;
    }
}

static void on_slot(struct sfu_room *sr, enum sfu_kind kind, int slot, int64_t person, usec now,
                    void *ctx)
{
    struct room *r = room_of(sr, ctx);

    (void)kind;
    (void)slot;
    (void)person;
    if (r)
        room_on_slot(r, now);
}

static void on_channel(struct sfu_room *sr, int channel, usec now, void *ctx)
{
    struct room *r = room_of(sr, ctx);

    (void)channel;
    if (r)
        room_on_channel(r, now);
}

static void on_speaker(struct sfu_room *sr, int64_t person, usec now, void *ctx)
{
    struct room *r = room_of(sr, ctx);

    (void)now;
    if (r)
        room_on_speaker(r, person);
}

const struct sfu_events hall_events = {
    .connected = on_connected,
    .gone = on_gone,
    .slot = on_slot,
    .backstage_slot = on_slot,
    .channel = on_channel,
    .wish = on_wish,
    .line = on_line,
    .speaker = on_speaker,
};
