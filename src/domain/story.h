/*
 * Stories: items that a person at risk has told (NEWS_STORY of domain/news.h). Each stands on a
 * consent: who gave it, for what, since when, until when. The person has a pseudonym here and
 * nothing else; the signed paper with the name lies outside of this record. When the consent is
 * taken back or ends, readers get a notice in the story's place at once.
 */
#ifndef DOMAIN_STORY_H
#define DOMAIN_STORY_H

#include "base/types.h"

struct actor;
struct arena;
struct db;

/* Stored by number: append only. */
enum consent_giver {
    CONSENT_SELF = 1, /* the person, an adult */
    CONSENT_GUARDIAN, /* parent or guardian, and the child has agreed */
    CONSENT_GIVERS
};

/*
 * What it allows; stored as bits. Each decides about its use, and nothing else does:
 *
 *     SITE     pages, lists, search, sitemap of this site
 *     FEEDS    feeds, ninjs, pictures in previews of links and for search engines
 *     PRINT    zip and EPUB to take along, paper
 *     PICTURE  any picture of the story, anywhere
 */
enum consent_scope {
    CONSENT_SITE = 1 << 0,
    CONSENT_FEEDS = 1 << 1,
    CONSENT_PRINT = 1 << 2,
    CONSENT_PICTURE = 1 << 3,
    CONSENT_SCOPES = 1 << 4,
};

struct consent {
    str pseudonym;
    int giver;      /* enum consent_giver */
    unsigned scope; /* enum consent_scope */
    str paper;      /* where the signed paper is; never a name */
    str given_day;  /* 2026-03-01 */
    usec until_at;  /* 0: no end */
    usec withdrawn_at;
    int64_t revision;
};

/* RIGHT_EDITOR. ERR_NOT_FOUND: none yet. */
int consent_read(struct arena *a, struct db *db, const struct actor *who, int64_t news_id,
                 struct consent *ret_consent);
/*
 * Enters or changes it; a consent that was taken back can be given anew. in->revision: the one that
 * was changed, 0: the first. ERR_RANGE: a field does not fit (no CONSENT_SITE, no pseudonym, no
 * paper, no day, an end before the beginning), ERR_STATE: the item is no story, ERR_CONFLICT.
 * RIGHT_EDITOR.
 */
int consent_put(struct db *db, const struct actor *who, int64_t news_id, const struct consent *in,
                usec now);
/* Taken back: all languages of the story are withdrawn in the same moment. RIGHT_EDITOR. */
int consent_withdraw(struct db *db, const struct actor *who, int64_t news_id, usec now);
/* Does it hold at that moment? */
int consent_holds(struct db *db, int64_t news_id, usec at, bool *ret_holds);
/* May the item be used in all these ways? A report always; a story while its consent allows it. */
int story_may(struct db *db, int64_t news_id, unsigned scope, usec at, bool *ret_may);
/* What readers may know of the teller: the pseudonym. ERR_NOT_FOUND. */
int story_pseudonym(struct arena *a, struct db *db, int64_t news_id, str *ret_pseudonym);

#endif
