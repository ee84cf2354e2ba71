/*
 * An invitation: a person, a seminar, a role, and a personal link. The link's token is derived from
 * the server's secret, the invitation's number and its generation: nothing secret is stored, the
 * organiser can see the link again at any time, and withdrawing it is counting the generation up.
 * The number of one that was removed is given again, so the first generation is any: a removed
 * person's link opens nobody else's invitation.
 *
 *     token = base64url( number (5 bytes) | HMAC(secret, number | generation)[0..16) ), 28
 * characters
 */
#ifndef DOMAIN_INVITATION_H
#define DOMAIN_INVITATION_H

#include "base/types.h"
#include "domain/person.h"
#include "domain/text.h"

struct actor;
struct arena;
struct db;
struct secret;

/* Stored by number: append only. */
enum role {
    ROLE_HOST = 1,
    ROLE_COHOST,
    ROLE_SPEAKER,
    ROLE_INTERPRETER,
    ROLE_CAPTIONER,
    ROLE_PARTICIPANT,
    ROLE_OBSERVER,
    ROLE_PROTECTED, /* pseudonym, voice only, never in a recording unless released */
};

/* The first one, in SQL: 61 bits, above and below which there is room. */
#define INVITATION_GENERATION "0x2000000000000000 + (random() & 0x1fffffffffffffff)"

enum { INVITATION_TOKEN = 28, INVITATION_TOKEN_TEXT = INVITATION_TOKEN + 1 };

struct invitation {
    int64_t id, seminar_id, generation;
    int role; /* enum role */
    struct person person;
    struct text org; /* the organisation's name */
    int reply;       /* domain/reply.h: enum reply */
    usec replied_at; /* 0: has not */
    str note;        /* what came with the reply; unset: nothing */
    usec opened_at;  /* when the link was first used for a session; 0: never */
    bool is_closed;  /* withdrawn for good */
};

struct invitation_list {
    struct invitation *row;
    size_t n;
};

/* "host", "co-host", …; "?" outside the list. */
const char *role_name(int role);
/* All roles: i from 0 until 0. */
int role_at(size_t i);
/* Names as in files, in English and Russian. ERR_NOT_FOUND. */
int role_parse(str name, int *ret_role);

/* The token of an invitation, to be shown to staff with RIGHT_EVENT only. */
void invitation_token(const struct secret *s, int64_t id, int64_t generation,
                      char to[static INVITATION_TOKEN_TEXT]);
/*
 * ERR_NOT_FOUND: never was; ERR_GONE: withdrawn, or the link was renewed. lang is for the
 * organisation's name.
 */
int invitation_by_token(struct arena *a, struct db *db, const struct secret *s, str token, str lang,
                        struct invitation *ret_invitation);
/* RIGHT_EVENT, or the invited person. */
int invitation_by_id(struct arena *a, struct db *db, const struct actor *who, int64_t id, str lang,
                     struct invitation *ret_invitation);
/* By organisation, then role, then number. RIGHT_EVENT. */
int invitation_list(struct arena *a, struct db *db, const struct actor *who, int64_t seminar_id,
                    str lang, struct invitation_list *ret_list);
/*
 * Adds, or finds the one of this person and seminar (then the role is brought up to date). Role 0
 * is not said: a new one is a participant, who is there keeps theirs. RIGHT_EVENT.
 */
int invitation_put(struct db *db, const struct actor *who, int64_t seminar_id, int64_t person_id,
                   int role, int64_t *ret_id);
/* Seminars that are not over where this person is protected, by an invitation that is open.
 * RIGHT_EVENT. */
int invitation_protected(struct arena *a, struct db *db, const struct actor *who,
                         int64_t person_id, int64_t **ret_seminars, size_t *ret_n);
/*
 * A new link; the old one and its sessions end. RIGHT_EVENT. ERR_NOT_FOUND also for a person who
 * was erased.
 */
int invitation_renew(struct db *db, const struct actor *who, int64_t id, usec now);
/* Withdraws it; only a renewed link opens it again. RIGHT_EVENT. */
int invitation_close(struct db *db, const struct actor *who, int64_t id, usec now);

#endif
