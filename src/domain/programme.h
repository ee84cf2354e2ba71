/*
 * A programme: the frame of seminars. Who convenes, who pays, which region, which years.
 */
#ifndef DOMAIN_PROGRAMME_H
#define DOMAIN_PROGRAMME_H

#include "base/types.h"
#include "domain/org.h"

struct programme {
    int64_t id;
    str slug;
    struct text title;
    str kind;                /* free words of the file: "regional project" */
    str region;              /* country codes with commas: "KZ,KG,TJ,TM,UZ" */
    struct org convener, donor; /* id 0: none */
    str from, to;            /* days as "2020-01-01"; unset: open */
    bool is_period_sample;
};

struct programme_list {
    struct programme *row;
    size_t n;
};

struct programme_in {
    str slug, kind, region, from, to;
    int64_t convener_id, donor_id;
    bool is_period_sample;
};

int programme_by_id(struct arena *a, struct db *db, int64_t id, str lang,
                    struct programme *ret_programme);
int programme_by_slug(struct arena *a, struct db *db, str slug, str lang,
                      struct programme *ret_programme);
/* Newest first. */
int programme_list(struct arena *a, struct db *db, str lang, struct programme_list *ret_list);
/* Adds, or brings the one of this slug up to date. RIGHT_EVENT. */
int programme_put(struct db *db, const struct actor *who, const struct programme_in *in, usec now,
                  int64_t *ret_id);
/* RIGHT_EVENT. */
int programme_title_put(struct db *db, const struct actor *who, int64_t id, str lang, str title,
                        usec now);
/* Partners beside convener and donor, in the order of their numbers. */
int programme_partners(struct arena *a, struct db *db, int64_t id, str lang,
                       struct org_list *ret_list);
/* Exactly these are its partners from now on. RIGHT_EVENT. */
int programme_partners_put(struct db *db, const struct actor *who, int64_t id,
                           const int64_t *org_ids, size_t n, usec now);
/* With its title. ERR_CONFLICT while a seminar is part of it. RIGHT_EVENT. */
int programme_remove(struct db *db, const struct actor *who, int64_t id);

#endif
