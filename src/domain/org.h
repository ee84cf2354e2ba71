/*
 * Organisations: who convenes, pays, is invited, takes part. kind is one code of a fixed list, so
 * reports can count by it.
 */
#ifndef DOMAIN_ORG_H
#define DOMAIN_ORG_H

#include "base/types.h"
#include "domain/text.h"

struct actor;
struct arena;
struct db;

/*
 * ORG_KIND(CODE, "name in files"); stored by number: append only. The text key of a kind is
 * org_kind.<code in lower case>.
 */
#define ORG_KIND_TABLE(ORG_KIND)                                   \
    ORG_KIND(OTHER, "other")                                       \
    ORG_KIND(STATE_MEDIA, "state media")                           \
    ORG_KIND(PRIVATE_MEDIA, "private or digital media")            \
    ORG_KIND(STATE_AGENCY, "state news agency")                    \
    ORG_KIND(PRESS_SERVICE, "press service")                       \
    ORG_KIND(MINISTRY, "ministry")                                 \
    ORG_KIND(LAW_ENFORCEMENT, "law enforcement")                   \
    ORG_KIND(MIGRATION_SERVICE, "migration service")               \
    ORG_KIND(BORDER, "border service")                             \
    ORG_KIND(PROSECUTOR, "prosecutor")                             \
    ORG_KIND(COURT, "court")                                       \
    ORG_KIND(OMBUDSMAN, "ombudsman")                               \
    ORG_KIND(EMBASSY, "embassy or consulate")                      \
    ORG_KIND(RED_CROSS, "red cross or red crescent")               \
    ORG_KIND(MASS_ORG, "mass organisation")                        \
    ORG_KIND(NGO, "ngo")                                           \
    ORG_KIND(TRADE_UNION, "trade union")                           \
    ORG_KIND(EMPLOYER, "employer")                                 \
    ORG_KIND(RECRUITER, "recruitment agency")                      \
    ORG_KIND(SCHOOL, "university or school")                       \
    ORG_KIND(INTERNATIONAL, "international organisation")          \
    ORG_KIND(DONOR, "donor")                                       \
    ORG_KIND(EXPERT, "expert or interpreter")

enum org_kind {
#define ORG_KIND(code, name) ORG_##code,
    ORG_KIND_TABLE(ORG_KIND)
#undef ORG_KIND
    ORG_KIND_COUNT
};

struct org {
    int64_t id;
    str slug;
    int kind;         /* enum org_kind */
    str country;      /* two capital letters; unset: none */
    struct text name;
    bool is_sample;   /* invented for the example, not a fact */
};

struct org_list {
    struct org *row;
    size_t n;
};

struct org_in {
    str slug;
    int kind;
    str country;
    bool is_sample;
};

/* As in files; "?" outside the list. */
const char *org_kind_name(int kind);
/* ERR_NOT_FOUND for a name that is not in the list. */
int org_kind_parse(str name, int *ret_kind);

int org_by_id(struct arena *a, struct db *db, int64_t id, str lang, struct org *ret_org);
int org_by_slug(struct arena *a, struct db *db, str slug, str lang, struct org *ret_org);
/*
 * By a name as people write it, in any language: the slug, a whole name, or the beginning of
 * exactly one name, all folded (case, quotes, ё/е). ERR_NOT_FOUND; ERR_CONFLICT when several names
 * begin so.
 */
int org_by_name(struct arena *a, struct db *db, str name, struct org *ret_org);
/* The same; ret_is_whole false: only the beginning was given, so somebody must agree. */
int org_match(struct arena *a, struct db *db, str name, struct org *ret_org, bool *ret_is_whole);
int org_list(struct arena *a, struct db *db, str lang, struct org_list *ret_list);
/* Adds, or brings an organisation of this slug up to date; says which. RIGHT_EVENT. */
int org_put(struct db *db, const struct actor *who, const struct org_in *in, usec now,
            int64_t *ret_id);
/* RIGHT_EVENT. */
int org_name_put(struct db *db, const struct actor *who, int64_t id, str lang, str name, usec now);
/*
 * With its names. ERR_CONFLICT while a person, a programme or a seminar still names it.
 * RIGHT_EVENT.
 */
int org_remove(struct db *db, const struct actor *who, int64_t id);

#endif
