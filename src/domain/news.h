/*
 * News: made as a draft from the record, changed by an editor in Markdown, published per language.
 * One item has one slug and a version per language; readers see only languages that are published.
 */
#ifndef DOMAIN_NEWS_H
#define DOMAIN_NEWS_H

#include "base/types.h"
#include "domain/text.h"

struct actor;
struct arena;
struct db;
struct safety_in;

/* Stored by number: append only. */
enum news_kind { NEWS_REPORT = 1, NEWS_STORY };

struct news {
    int64_t id, seminar_id; /* seminar_id 0: belongs to none */
    int kind;               /* enum news_kind */
    str slug;
    str lang;               /* of this version */
    bool is_asked;          /* lang is the one asked for */
    bool is_published;
    bool is_stale;          /* older than its source */
    usec stale_at;          /* since when; 0: it is not */
    usec beside_at;         /* its pictures or a story's consent were last changed; 0: never */
    bool is_sample;         /* made from sample data */
    str title, body;        /* body: Markdown */
    int64_t revision;       /* of this version */
    usec published_at;      /* the day the item shows; 0: is not published */
    usec changed_at;        /* of its words, or where it stands on the desk */
    usec corrected_at;      /* last change of its words after publication; 0: none */
    str correction;         /* what was corrected, for readers; unset: not said */
    str zone;               /* of its seminar: published_at is shown in it; else "UTC" */
};

/*
 * When what readers and feeds get of it last became another: its words, its pictures, under which
 * name it is told, or the notice that it is older than its source.
 */
usec news_seen_at(const struct news *n);

struct news_list {
    struct news *row;
    size_t n;
};

struct news_in {
    str lang, title, body;
    int64_t revision; /* the one that was edited; 0: a new language */
    str correction;   /* of a published version: what readers are told; unset or empty: nothing */
    /* Of a published version whose words change: the safety check of them; else NULL. */
    const struct safety_in *answers;
};

/* Which items a list shows. All 0: the newest. */
struct news_filter {
    str lang;                /* published in that one only; unset: any, shown in the first one */
    int year, month;         /* of the date shown; month 0: the whole year */
    int64_t seminar_id, topic_id;
    str country;             /* two capital letters: concerns that one; unset: any or none */
    int kind;                /* enum news_kind; 0: every kind */
    unsigned use;            /* enum consent_scope: stories that may be used so at `now`; 0: any */
    usec now;
    size_t limit, skip;      /* limit 0: 50 */
    bool is_desk;            /* drafts too; RIGHT_EVENT or RIGHT_EDITOR */
};

/* A month with items, for the archive. */
struct news_month { int year, month, n; };
struct news_month_list { struct news_month *row; size_t n; };
struct news_lang_list { str *row; size_t n; };

/* A country that items concern; nitems: published in the language asked for. */
struct news_country { str code; int64_t nitems; };
struct news_country_list { struct news_country *row; size_t n; };

/* What the source of an archived item counted; never added to our own numbers. */
struct news_source {
    int64_t views;
    str day; /* 2020-11-24: when it was published there */
};

/*
 * Makes (or finds) the seminar's item and writes the draft in `lang` from the record: when, what,
 * who took part by organisation (recorded attendance; without any, who was invited, and it says
 * "invited"), topics, conclusions, who convened and paid. A draft that nobody has edited is made
 * anew; a version that was edited or published, or to which the record adds nothing, is left alone:
 * ERR_CONFLICT (news_redraft helps). RIGHT_EVENT or RIGHT_EDITOR.
 */
int news_draft(struct arena *a, struct db *db, const struct actor *who, int64_t seminar_id,
               str lang, usec now) MUST_CHECK;
/*
 * ERR_CONFLICT: revision is not the newest; nothing is lost, the caller shows both. A published
 * version whose words change is marked as corrected, and needs in->answers that pass, since readers
 * see the new words at once: ERR_PRECOND. What was checked and waits for its readers goes back to
 * the check (domain/desk.h). RIGHT_EDITOR.
 */
int news_edit(struct db *db, const struct actor *who, int64_t id, const struct news_in *in,
              usec now);
/* "2020-11-24" as a moment of that day in the zone; empty is 0. ERR_RANGE. */
int news_day_parse(str day, str zone, usec *ret_at);
/* The date of a moment in the zone as "2020-11-24"; p is NULL when out of memory. */
str news_day(struct arena *a, usec at, str zone);
/* desk_move() to DESK_PUBLISHED. published_at 0 means now. ERR_CONFLICT as above; ERR_PRECOND:
 * without a safety check that holds. */
int news_publish(struct db *db, const struct actor *who, int64_t id, const struct news_in *what,
                 usec published_at, usec now);
/* desk_move() to DESK_WITHDRAWN: readers get a notice in the place of that language. */
int news_withdraw(struct db *db, const struct actor *who, int64_t id, str lang, usec now);

/*
 * Published only, unless who holds RIGHT_EVENT or, for a story too, RIGHT_EDITOR. Falls back to a
 * language that is there; see is_asked. ERR_GONE for readers: that language, or all there was, has
 * been withdrawn.
 */
int news_by_slug(struct arena *a, struct db *db, const struct actor *who, str slug, str lang,
                 struct news *ret_news);
/* Of a seminar, in exactly `lang`, drafts too. RIGHT_EVENT or RIGHT_EDITOR. */
int news_by_seminar(struct arena *a, struct db *db, const struct actor *who, int64_t seminar_id,
                    str lang, struct news *ret_news);
int news_list(struct arena *a, struct db *db, const struct actor *who,
              const struct news_filter *f, struct news_list *ret_list);
/* By code: those of the item; news_id 0: those of all items that are published in `lang`. */
int news_countries(struct arena *a, struct db *db, str lang, int64_t news_id,
                   struct news_country_list *ret_list);
/* The item concerns these, no others: "TM,TR"; empty: none. ERR_RANGE, ERR_FULL. RIGHT_EDITOR. */
int news_countries_put(struct db *db, const struct actor *who, int64_t id, str codes);
/* Languages in which the item is published, for the language switch. */
int news_langs(struct arena *a, struct db *db, int64_t id, struct news_lang_list *ret_list);
/* ERR_NOT_FOUND: the record says nothing of a source. */
int news_source(struct arena *a, struct db *db, int64_t seminar_id,
                struct news_source *ret_source);
/* RIGHT_EVENT. */
int news_source_put(struct db *db, const struct actor *who, int64_t seminar_id,
                    const struct news_source *in);
/* Months that have items in `lang`, newest first. */
int news_months(struct arena *a, struct db *db, str lang, struct news_month_list *ret_list);

#endif
