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

struct news {
    int64_t id, seminar_id; /* seminar_id 0: belongs to none */
    str slug;
    str lang;               /* of this version */
    bool is_asked;          /* lang is the one asked for */
    bool is_published;
    bool is_stale;          /* older than its source */
    bool is_sample;         /* made from sample data */
    str title, body;        /* body: Markdown */
    int64_t revision;       /* of this version */
    usec published_at;      /* the day the item shows; 0: is not published */
    usec changed_at;
};

struct news_list {
    struct news *row;
    size_t n;
};

struct news_in {
    str lang, title, body;
    int64_t revision; /* the one that was edited; 0: a new language */
};

/* Which items a list shows. All 0: the newest. */
struct news_filter {
    str lang;                /* published in that language only; unset: any, shown in the first one */
    int year, month;         /* in UTC; month 0: the whole year */
    int64_t seminar_id;
    size_t limit, skip;      /* limit 0: 50 */
    bool is_desk;            /* drafts too; RIGHT_EVENT or RIGHT_EDITOR */
};

/* A month with items, for the archive. */
struct news_month { int year, month, n; };
struct news_month_list { struct news_month *row; size_t n; };
struct news_lang_list { str *row; size_t n; };

/*
 * Makes (or finds) the seminar's item and writes the draft in `lang` from the record: when, what,
 * who took part by organisation (recorded attendance; without any, who was invited, and it says
 * "invited"), topics, conclusions, who convened and paid. A version that exists already is left
 * alone: ERR_CONFLICT. RIGHT_EVENT or RIGHT_EDITOR.
 */
int news_draft(struct arena *a, struct db *db, const struct actor *who, int64_t seminar_id,
               str lang, usec now) MUST_CHECK;
/*
 * ERR_CONFLICT: revision is not the newest; nothing is lost, the caller shows both. RIGHT_EDITOR.
 */
int news_edit(struct db *db, const struct actor *who, int64_t id, const struct news_in *in,
              usec now);
/* RIGHT_EDITOR. published_at 0 means now. ERR_CONFLICT as above. */
int news_publish(struct db *db, const struct actor *who, int64_t id, const struct news_in *what,
                 usec published_at, usec now);
/* Takes one language back to draft. RIGHT_EDITOR. */
int news_withdraw(struct db *db, const struct actor *who, int64_t id, str lang, usec now);

/*
 * Published only, unless who holds RIGHT_EVENT or RIGHT_EDITOR. Falls back to a language that is
 * there; see is_asked.
 */
int news_by_slug(struct arena *a, struct db *db, const struct actor *who, str slug, str lang,
                 struct news *ret_news);
/* Of a seminar, in exactly `lang`, drafts too. RIGHT_EVENT or RIGHT_EDITOR. */
int news_by_seminar(struct arena *a, struct db *db, const struct actor *who, int64_t seminar_id,
                    str lang, struct news *ret_news);
int news_list(struct arena *a, struct db *db, const struct actor *who,
              const struct news_filter *f, struct news_list *ret_list);
/* Languages in which the item is published, for the language switch. */
int news_langs(struct arena *a, struct db *db, int64_t id, struct news_lang_list *ret_list);
/* Months that have items in `lang`, newest first. */
int news_months(struct arena *a, struct db *db, str lang, struct news_month_list *ret_list);

#endif
