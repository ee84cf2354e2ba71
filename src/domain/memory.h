/*
 * What a room remembers over a restart of the server: the slide, the lock, hands, who was shut out
 * or muted, the places that browsers may come back to, the newest messages. (Roles are the
 * invitations'; the stage is the seminar's.) Written by the server itself as it happens, read once
 * when the room is opened again, gone when the seminar ends.
 */
#ifndef DOMAIN_MEMORY_H
#define DOMAIN_MEMORY_H

#include "base/limits.h"
#include "base/types.h"

struct actor;
struct arena;
struct db;

enum { MEMORY_LANG = 16 }; /* bytes of a language's code and its end */

struct memory_person {
    int64_t id;
    int64_t hand; /* order; 0: down */
    bool is_muted, is_removed;
    char channel[MEMORY_LANG], booth[MEMORY_LANG]; /* hears, interprets into; "": floor, nothing */
    bool is_on_mic;                                /* of that booth */
};

struct memory_place {
    int64_t person;
    uint8_t hash[32]; /* of the resume token */
};

struct memory_chat {
    int64_t number, person;
    usec at;
    char name[MAX_SHOWN_BYTES + 1];
    char text[MAX_CHAT_BYTES + 1];
};

struct memory {
    int64_t deck;
    int slide;
    bool is_locked;
    struct memory_person *person;
    size_t npersons;
    struct memory_place *place;
    size_t nplaces;
    struct memory_chat *chat; /* oldest first */
    size_t nchats;
};

/* All of it; nothing is an empty one. actor_server: web asks on behalf of the room. */
int memory_read(struct arena *a, struct db *db, const struct actor *who, int64_t seminar_id,
              struct memory *ret_memory);
/* A copy on the heap that lives as long as the room; NULL when out of memory. */
struct memory *memory_copy(const struct memory *k);
void memory_free(struct memory *k);

/* ---- the room's record; actor_server ---- */
int memory_slide(struct db *db, const struct actor *who, int64_t seminar_id, int64_t deck,
               int number);
int memory_lock(struct db *db, const struct actor *who, int64_t seminar_id, bool is_on);
int memory_person(struct db *db, const struct actor *who, int64_t seminar_id,
                const struct memory_person *p);
/* token: as the browser has it. */
int memory_place(struct db *db, const struct actor *who, int64_t seminar_id, int64_t person,
               str token);
/* Of each seminar the newest MAX_CHAT_KEPT stay. One that is known takes the name. */
int memory_chat(struct db *db, const struct actor *who, int64_t seminar_id,
              const struct memory_chat *m);
/* It goes on air: what the backstage wrote in practice was for itself alone. */
int memory_hush(struct db *db, const struct actor *who, int64_t seminar_id);
/* The seminar has ended. */
int memory_end(struct db *db, const struct actor *who, int64_t seminar_id);

#endif
