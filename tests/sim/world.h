/*
 * One sfu, one room, simulated browsers and the network between them, in virtual time of one
 * millisecond's grain.
 */
#ifndef SIM_WORLD_H
#define SIM_WORLD_H

#include "media/channel.h"
#include "media/sfu.h"
#include "sim/net.h"
#include "sim/peer.h"

struct arena;

enum { WORLD_PEERS = 64 };

struct world {
    struct net *net;
    struct pkt_pool *pool;
    struct sfu *sfu;
    struct sfu_room *room;
    struct addr server;
    struct arena *arena;
    usec now, sfu_due;
    struct sim_peer peers[WORLD_PEERS];
    unsigned npeers;
    uint64_t trace;   /* a hash of all that arrived: when, from whom, to whom, every byte */
    unsigned refused; /* datagrams that found no packet in the pool */
    unsigned strays;  /* datagrams of the sfu to an address that no browser has */
    unsigned bad;     /* datagrams of ours that a browser could not read: must stay 0 */
    unsigned connected, gone, tracks;  /* events */
    int wish;                          /* lines, as an event told last */
    int line;                          /* enum sfu_line, of any viewer; the same */
    enum srtp_suite suite;             /* of all peers' keys; plain mode's at first */
    int64_t slots[2][SFU_VIDEO_SLOTS]; /* as events told */
    int64_t channel[SFU_CHANNELS + 1]; /* the same, of what is on air */
    bool is_speaking[SFU_CHANNELS + 1];
};

/* Fails the test when it cannot be made. */
struct world *world_new(uint64_t seed);
/* With a pool of so many packets. */
struct world *world_with_pool(uint64_t seed, unsigned packets);
/* A publisher of voice and camera; a viewer with 4 audio and 5 video lines. Links: 20 ms each way,
 * no loss. */
struct sim_peer *world_publish(struct world *w, int64_t person);
/* … whose camera sends three sizes. */
struct sim_peer *world_publish_layers(struct world *w, int64_t person);
/* … whose camera speaks H264. */
struct sim_peer *world_publish_h264(struct world *w, int64_t person);
/* … that knows REMB alone. */
struct sim_peer *world_publish_old(struct world *w, int64_t person);
/* A viewer that takes neither H264 nor RED. */
struct sim_peer *world_watch_plain(struct world *w, int64_t person);
struct sim_peer *world_watch(struct world *w, int64_t person, bool is_backstage);
/* A viewer of nine pictures. */
struct sim_peer *world_watch_wide(struct world *w, int64_t person);
/* A viewer that gives no transport-wide feedback: an old telephone, aiortc. */
struct sim_peer *world_watch_old(struct world *w, int64_t person);
/* Lets virtual time pass. */
void world_run(struct world *w, usec duration);
/* What must hold for every slot of every viewer, whatever the network did. */
void world_assert_sound(const struct world *w);
void world_free(struct world *w);

#endif
