/*
 * Guides by corridor (from → to) and legal pages by country or corridor and subject: statements in
 * four parts (the stages of a guide; what a law says, means, lets one do, leaves open), each with
 * its source and the day on which somebody last read it there. A statement that nobody has made
 * sure of for GUIDE_WARN_DAYS, or ever, says so to the reader. Everybody reads; RIGHT_EDITOR
 * writes.
 */
#ifndef DOMAIN_GUIDE_H
#define DOMAIN_GUIDE_H

#include "base/types.h"
#include "domain/text.h"

struct actor;
struct arena;
struct db;

enum { GUIDE_WARN_DAYS = 180, GUIDE_TEXT_BYTES = 1000 };

/* Numbers are stored: append only. */
enum guide_stage { GUIDE_BEFORE = 1, GUIDE_ON_THE_WAY, GUIDE_THERE, GUIDE_RETURN };
enum guide_topic {
    GUIDE_DOCUMENTS = 1,
    GUIDE_COSTS,
    GUIDE_RIGHTS,
    GUIDE_RISKS,
    GUIDE_PRECAUTIONS,
    GUIDE_SCAMS,
};

enum guide_kind { GUIDE_CORRIDOR = 1, GUIDE_LEGAL };
/* Of a legal page. */
enum guide_subject {
    LEGAL_WORK = 1,
    LEGAL_STAY,
    LEGAL_RECRUITMENT,
    LEGAL_TRAFFICKING,
    LEGAL_PAPERS,
    LEGAL_SERVICE, /* armies and guards */
    LEGAL_SUBJECTS,
};
/* The parts of a legal page, where a guide has its stages. */
enum legal_part { LEGAL_SAYS = 1, LEGAL_MEANS, LEGAL_ACT, LEGAL_OPEN };

struct guide {
    int64_t id;
    str slug, from, to; /* countries; a legal page of one country names it twice */
    struct text title, lead;
    bool is_sample;
    int kind, subject;
    usec reviewed_at; /* by somebody who knows the law; 0: never, or it was changed since */
    str reviewed_by;
    usec changed_at;  /* its words, points or sources; 0: not since that is noted */
};

struct guide_list {
    struct guide *row;
    size_t n;
};

struct guide_point {
    int64_t id, revision; /* revision: of its source, place and words */
    int stage, topic;
    struct text text;
    str source;
    usec checked_at; /* 0: never */
    str checked_by;  /* unset: nobody */
    bool is_overdue; /* at the `now` of the query */
};

struct guide_points {
    struct guide_point *row; /* by stage and place */
    size_t n;
};

struct guide_in {
    str slug, from, to;
    bool is_sample;
    int kind, subject; /* kind 0: a guide */
};

struct guide_point_in {
    int stage, topic;
    str source;
    int64_t revision; /* the one that was edited */
};

/* The guides by corridor; the legal pages, by country. */
int guide_list(struct arena *a, struct db *db, str lang, struct guide_list *ret_list);
int legal_list(struct arena *a, struct db *db, str lang, struct guide_list *ret_list);
/* Of any kind. */
int guide_by_slug(struct arena *a, struct db *db, str slug, str lang, struct guide *ret_guide);
/* Of any kind, the first whose number is above `id`: for walks through all. ERR_NOT_FOUND. */
int guide_next(struct arena *a, struct db *db, int64_t id, str lang, struct guide *ret_guide);
int guide_points(struct arena *a, struct db *db, int64_t guide_id, str lang, usec now,
                 struct guide_points *ret_points);

/* ERR_CONFLICT: the slug is taken. ERR_RANGE. All below: RIGHT_EDITOR. */
int guide_add(struct db *db, const struct actor *who, const struct guide_in *in, usec now,
              int64_t *ret_id);
enum guide_field { GUIDE_TITLE, GUIDE_LEAD };
int guide_text_put(struct db *db, const struct actor *who, int64_t id, enum guide_field field,
                   const struct text_in *in, usec now);
/* With all its points. */
int guide_remove(struct db *db, const struct actor *who, int64_t id);

/* At the end of its stage. */
int guide_point_add(struct db *db, const struct actor *who, int64_t guide_id,
                    const struct guide_point_in *in, usec now, int64_t *ret_id);
/* Another source must be read anew: the point counts as never checked. ERR_CONFLICT. */
int guide_point_save(struct db *db, const struct actor *who, int64_t id,
                     const struct guide_point_in *in, usec now);
/* The statement in one language; a changed source text must be checked anew as well. */
int guide_point_text_put(struct db *db, const struct actor *who, int64_t id,
                         const struct text_in *in, usec now);
/*
 * `who` has read the source and the statement of this revision (-1: whatever it is) agrees with it;
 * by: as readers see it, unset: the account's name. ERR_CONFLICT: it is another by now.
 */
int guide_point_check(struct db *db, const struct actor *who, int64_t id, str by, int64_t revision,
                      usec now);
int guide_point_remove(struct db *db, const struct actor *who, int64_t id, usec now);
/*
 * `by` (name and office, as readers see it) has read the whole page and it agrees with the law. Any
 * later change of its words or sources takes that back. ERR_RANGE: no name; ERR_CONFLICT: it has
 * changed since `seen_at`, which was its changed_at (-1: whatever it is).
 */
int guide_review(struct db *db, const struct actor *who, int64_t id, str by, usec seen_at,
                 usec now);
/* When what readers see of it was last another, in any language; for maps of the site. */
int guide_seen_at(struct db *db, int64_t id, usec *ret_at);
/* The guide that a point belongs to. */
int guide_point_owner(struct db *db, int64_t id, int64_t *ret_guide_id);

/*
 * Guides and legal pages of a file as examples/guides.json has them; those whose slug is there
 * already stay as they are. ERR_SYNTAX, ERR_RANGE.
 */
int guide_import(struct arena *a, struct db *db, const struct actor *who, str json, usec now,
                 unsigned *ret_added);

#endif
