/*
 * People who are invited: as little of them as the work needs. "Not stated" is a value (0), never a
 * guess.
 */
#ifndef DOMAIN_PERSON_H
#define DOMAIN_PERSON_H

#include "base/types.h"

struct actor;
struct arena;
struct db;

/* Stored by number: append only. */
enum sex { SEX_NOT_STATED, SEX_FEMALE, SEX_MALE };
enum age_group { AGE_NOT_STATED, AGE_UNDER_18, AGE_18_29, AGE_30_49, AGE_50_UP };

struct person {
    int64_t id;
    int64_t org_id;
    str name;       /* unset: known by function only */
    str function;   /* "Editor, society desk" */
    str email;      /* unset: reached by hand */
    str lang;       /* that they listen and read in */
    bool is_lang_guess; /* person_put: nobody has said lang, it is for somebody new alone */
    int sex, age;
    str country;    /* two capital letters; unset: not stated */
    usec changed_at;
    bool is_erased; /* name, function and address were taken out; see domain/person_data.h */
};

struct person_list {
    struct person *row;
    size_t n;
};

/* Looks like an address that mail can be sent to. */
bool person_is_email(str s);
/* The name, or the function where no name was given. Points into p. */
str person_shown(const struct person *p);

/* RIGHT_EVENT, or the person. */
int person_by_id(struct arena *a, struct db *db, const struct actor *who, int64_t id,
                 struct person *ret_person);
/*
 * Who on record `in` is: of this organisation with the same e-mail; without e-mail, with the same
 * name and function. *ret_id 0: nobody. RIGHT_EVENT.
 */
int person_same(struct db *db, const struct actor *who, const struct person *in, int64_t *ret_id);
/*
 * Of whom person_same does not know, who alone of this organisation and name may be meant: the
 * function is the same, or one of the two says neither function nor e-mail. Nobody (0) where two
 * may be, and never who is invited as protected: who is invited twice is seen and mended, who is
 * merged is lost. For lists, which may lack a column. RIGHT_EVENT.
 */
int person_alike(struct db *db, const struct actor *who, const struct person *in, int64_t *ret_id);
/*
 * Adds, or brings up to date who person_same knows, or in->id where it is set; but not with what
 * `in` does not say: a list without a column takes nothing back. RIGHT_EVENT.
 */
int person_put(struct db *db, const struct actor *who, const struct person *in, usec now,
               int64_t *ret_id);
/*
 * Changes the person of in->id. ERR_CONFLICT: somebody of that organisation has this e-mail
 * address; ERR_STATE: erased. RIGHT_EVENT.
 */
int person_change(struct db *db, const struct actor *who, const struct person *in, usec now);
/*
 * With invitations that nobody has used. ERR_CONFLICT while the report needs it (need_of_person).
 * RIGHT_EVENT.
 */
int person_remove(struct db *db, const struct actor *who, int64_t id);
/* Everybody, by organisation and number. RIGHT_EVENT. */
int person_list(struct arena *a, struct db *db, const struct actor *who,
                struct person_list *ret_list);
/* The language of pages and of the first channel. The person, or RIGHT_EVENT. */
int person_lang_set(struct db *db, const struct actor *who, int64_t id, str lang, usec now);

#endif
