/*
 * A room without sockets: a real sfu, wires that remember what was sent, and a record that writes
 * down what it was told, one short line each ("joined 12", "stage 12 by 1"). Time is a number that
 * tests move.
 */
#ifndef TESTS_LIVE_WORLD_H
#define TESTS_LIVE_WORLD_H

#include "base/arena.h"
#include "base/err.h"
#include "base/pkt.h"
#include "base/str.h"
#include "domain/invitation.h"
#include "domain/secret.h"
#include "domain/seminar.h"
#include "live/record_port.h"
#include "live/room_i.h"
#include "sweep/sweep.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { WIRES = 32, WIRE_TEXT = 65536, RECORD_TEXT = 8192, CROWD = MAX_ROOM_PEERS };
enum { JOINS = CROWD + 200 }; /* more than a room has places */

struct wire {
    struct client *client; /* NULL: shut or never let in */
    int code;              /* it was shut with; 0: open */
    unsigned n;            /* messages so far */
    char last[WIRE_TEXT];  /* the newest message */
    char all[WIRE_TEXT];   /* their types, each with a space behind */
    json_t *by_type;       /* the newest message of each type */
    json_t *people, *chat; /* as a page knows them: by number; oldest first */
    bool is_whole;         /* the page knows all of them */
    size_t longest;        /* message so far */
    const char *unheard;   /* must not stand in any message; NULL: everything may */
    size_t bytes_per_s;    /* its line; 0: takes everything at once */
    size_t waiting, most_waiting; /* bytes, when there is a line */
    bool is_crowd;         /* of many people who are nothing but there */
};

struct world {
    struct pkt_pool *pool;
    struct sfu *sfu;
    struct arena *arena;
    struct room_env env;
    struct record_port record;
    struct room *room;
    struct wire wire[WIRES], crowd;
    const char *name;          /* of whoever comes next; NULL: Person and the number */
    char written[RECORD_TEXT];
    int64_t connection[JOINS]; /* as joined */
    struct memory memory;      /* what the record would give a room that is opened anew */
    struct memory_person memory_person[CROWD];
    struct memory_place memory_place[JOINS];
    struct memory_chat memory_chat[WIRES];
    unsigned njoined, nseen;
    usec now;
};

int world_new(void **state);
int world_free(void **state);
/* The connection i of a person comes, and says hello (with `more` inside, for instance
 * ",\"hand\":true"). */
struct client *world_come(struct world *w, int i, int64_t person, int role);
void world_hello(struct world *w, int i, const char *more);
/* As world_enter, n people from this number on, whose wires are nobody's. */
void world_crowd(struct world *w, int64_t first, size_t n);
/* The server restarts: the next who comes opens the room with what was remembered. */
void world_restart(struct world *w);
/* Both. */
struct client *world_enter(struct world *w, int i, int64_t person, int role);
void world_say(struct world *w, int i, const char *json);
void world_pass(struct world *w, usec us);
/* The newest message of that type on wire i; fails when there is none. */
json_t *world_got(struct world *w, int i, const char *type);
bool world_has(struct world *w, int i, const char *type);
/* Forgets what came on every wire. */
void world_forget(struct world *w);
/* "listen publish …" of the newest welcome or you on wire i. */
bool world_may(json_t *may, const char *word);

extern const struct CMUnitTest booth_tests[], door_tests[], roster_tests[];
extern const size_t nbooth_tests, ndoor_tests, nroster_tests;
extern const struct sweep_row live_sweeps[];
extern const size_t nlive_sweeps;
extern const struct CMUnitTest link_tests[], network_tests[], street_tests[], hall_tests[],
    drops_tests[];
extern const size_t nlink_tests, nnetwork_tests, nstreet_tests, nhall_tests, ndrops_tests;
extern const struct CMUnitTest control_tests[], memory_tests[], room_tests[], session_tests[],
    protocol_tests[];
extern const size_t ncontrol_tests, nmemory_tests, nroom_tests, nsession_tests, nprotocol_tests;

#endif
