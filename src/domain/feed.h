/*
 * A feed of news as data, the same for every format of it. JSON Feed 1.1
 * (https://www.jsonfeed.org/version/1.1/) is written here, ninjs 3.0 in domain/ninjs.h, Atom and
 * RSS in web/html_feed.h. Addresses are whole, moments are texts as the formats want them. No
 * state.
 */
#ifndef DOMAIN_FEED_H
#define DOMAIN_FEED_H

#include "base/types.h"

struct sb;

/* A moment in both ways of writing it. */
struct feed_time {
    str iso;  /* RFC 3339 */
    str mail; /* RFC 822 with the year of RFC 1123 */
};

struct feed_tag {
    str slug, name;
};

/* A JPEG of a picture; whole address. */
struct feed_file {
    str url;
    int width, height;
    int64_t length; /* in bytes */
};

enum { FEED_PICTURE_FILES = 2 };

struct feed_picture {
    str alt, credit;
    struct feed_file file[FEED_PICTURE_FILES]; /* the largest first */
    size_t nfiles;                             /* at least one */
};

struct feed_entry {
    str id, url, title, lang;
    str summary;              /* plain */
    str text;                 /* all of it, plain */
    str html;                 /* all of it, safe markup, links whole */
    str correction;           /* what was corrected, for readers; unset: nothing */
    str note;                 /* the state of its words, which stands before them; unset: nothing */
    str ed_note;              /* both, for who edits there; unset: nothing */
    struct feed_time published, updated;
    const struct feed_tag *tag;
    size_t ntags;
    const struct feed_tag *country; /* slug: two capital letters */
    size_t ncountries;
    const struct feed_picture *picture;
    size_t npictures;
};

/*
 * An item that is no longer there, for those who carry a copy. Atom and RSS name it
 * (at:deleted-entry), ninjs has `canceled`; in RSS and JSON Feed, whose readers mostly know no
 * such thing, an item with its identity says so in words, which take the place of the copy's.
 */
struct feed_gone {
    str id, title, text;
    struct feed_time at;
};

struct feed {
    str id, self, home, title, about, lang;
    str site, origin; /* who publishes: name and address */
    struct feed_time updated;
    const struct feed_entry *entry;
    size_t n;
    const struct feed_gone *gone;
    size_t ngone;
};

/* ,"name":"value" */
void feed_member(struct sb *out, const char *name, str value);
void feed_json(struct sb *out, const struct feed *f);

#endif
