/*
 * The register of contacts that somebody has tried. A number that nobody has made sure of for
 * CONTACT_WARN_DAYS says so; after CONTACT_HIDE_DAYS, after two calls without an answer, or when it
 * was never tried, readers do not see it at all: most published numbers turned out to be dead
 * (domain/context.md 4.5). "Not stated" is a value. Everything may be read by everybody, except
 * what is hidden; RIGHT_EDITOR keeps the register.
 */
#ifndef DOMAIN_CONTACT_H
#define DOMAIN_CONTACT_H

#include "base/types.h"
#include "domain/text.h"

struct actor;
struct arena;
struct db;

enum { CONTACT_WARN_DAYS = 90, CONTACT_HIDE_DAYS = 180, CONTACT_MISSES = 2 };

/* Numbers are stored: append only. */
enum contact_answers { CONTACT_STATE = 1, CONTACT_NGO, CONTACT_INTERNATIONAL };
enum contact_cost { CONTACT_COST_NOT_STATED, CONTACT_FREE, CONTACT_PAID };
enum contact_abroad { CONTACT_ABROAD_NOT_STATED, CONTACT_ABROAD_YES, CONTACT_ABROAD_NO };
enum contact_result { CONTACT_ANSWERED = 1, CONTACT_MISSED };

enum contact_age { CONTACT_FRESH, CONTACT_OLD, CONTACT_HIDDEN };

struct contact {
    int64_t id, revision;
    str slug;
    struct text name, service;
    struct text eligible, access; /* whom it helps; what it has for people with disabilities */
    int answers, cost, abroad;
    str country, serves, langs; /* serves, langs: codes with commas, may be empty */
    str phone, url, email;      /* unset: none */
    str hours, zone;
    str source;
    usec checked_at; /* 0: never */
    str checked_by;  /* unset: nobody */
    int misses;
    bool is_sample;
    usec changed_at; /* its fields, texts or checks */
    enum contact_age age; /* at the `now` of the query */
};

struct contact_list {
    struct contact *row;
    size_t n;
};

struct contact_in {
    str slug;
    int answers, cost, abroad;
    str country, serves, langs, phone, url, email, hours, zone, source;
    bool is_sample;
    int64_t revision; /* the one that was edited, of any number; 0: must not exist yet */
};

struct contact_filter {
    str lang;
    str country;      /* whom a person in this country can ask; unset: all */
    bool is_worklist; /* all, those that wait longest for a check first; RIGHT_EDITOR */
};

struct contact_check {
    enum contact_result result;
    str note; /* unset: none */
    str by;   /* who tried, as shown to readers; unset: the account's name */
    usec at;  /* when; not after now */
    int64_t revision; /* of the contact as they saw it; 0: whatever it is */
};

struct contact_ask {
    str slug, lang;
    usec now;
};

/* A contact that hides is ERR_NOT_FOUND for everybody but RIGHT_EDITOR. */
int contact_by_slug(struct arena *a, struct db *db, const struct actor *who,
                    const struct contact_ask *ask, struct contact *ret_contact);
int contact_list(struct arena *a, struct db *db, const struct actor *who,
                 const struct contact_filter *f, usec now, struct contact_list *ret_list);
/* The countries that any shown contact serves, as codes with commas. */
int contact_countries(struct arena *a, struct db *db, usec now, str *ret_codes);
/*
 * Adds (revision 0) or changes. ERR_RANGE: a field is missing or malformed; ERR_CONFLICT: the slug
 * is taken or somebody else has changed it. A changed phone, address or page must be tried anew:
 * it counts as never checked. RIGHT_EDITOR.
 */
int contact_put(struct db *db, const struct actor *who, const struct contact_in *in, usec now,
                int64_t *ret_id);
/* The last two may be empty: an empty body takes that language of them away. */
enum contact_field { CONTACT_NAME, CONTACT_SERVICE, CONTACT_ELIGIBLE, CONTACT_ACCESS };
int contact_text_put(struct db *db, const struct actor *who, int64_t id, enum contact_field field,
                     const struct text_in *in, usec now);
/* Somebody has tried it. RIGHT_EDITOR. ERR_CONFLICT: it is another by now than they tried. */
int contact_try(struct db *db, const struct actor *who, int64_t id, const struct contact_check *c,
                usec now);
/* Its slug is remembered as gone. RIGHT_EDITOR. */
int contact_remove(struct db *db, const struct actor *who, int64_t id, usec now);
/*
 * The contacts of a file as examples/contacts.json has them; those whose slug is there already stay
 * as they are. ERR_SYNTAX, ERR_RANGE. RIGHT_EDITOR.
 */
int contact_import(struct arena *a, struct db *db, const struct actor *who, str json, usec now,
                   unsigned *ret_added);

#endif
