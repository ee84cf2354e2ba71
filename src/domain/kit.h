/*
 * Media kits: what journalists may use of a programme. Texts about it, facts with their sources,
 * quotations and pictures that somebody has cleared, logos, whom to ask. A kit may have an embargo:
 * before its moment it is as if it were not there, but for RIGHT_EDITOR and for whoever has a
 * personal link to it; the store decides by `now` at every request. What nobody has cleared is
 * shown to RIGHT_EDITOR alone.
 */
#ifndef DOMAIN_KIT_H
#define DOMAIN_KIT_H

#include "base/types.h"
#include "domain/clip.h"
#include "domain/text.h"

struct actor;
struct arena;
struct db;
struct secret;

enum { KIT_TEXT_BYTES = 4000, KIT_LINK_TOKEN = 33 };

/* Stored by number: append only. */
enum kit_kind {
    KIT_ABOUT = 1, KIT_FACT, KIT_QUOTE, KIT_CONTACT, KIT_LOGO, KIT_PICTURE, KIT_CLIP,
    KIT_KINDS
};

struct kit {
    int64_t id;
    str slug;
    struct text title, lead;
    usec opens_at; /* 0: no embargo */
    bool is_shown; /* false: being made */
    bool is_sample;
    int64_t revision;
};

struct kit_list {
    struct kit *row;
    size_t n;
};

struct kit_item {
    int64_t id, revision; /* revision: of its words and its clearance */
    int kind;
    struct text text;
    str credit, source;
    str cleared_by, entered_by; /* unset: nobody has cleared it */
    usec cleared_at;
    str file; /* its name; unset: words alone, or a clip */
    int64_t file_bytes;
    struct clip clip;
};

struct kit_items {
    struct kit_item *row; /* by kind and place */
    size_t n;
};

struct kit_link {
    int64_t id;
    str person, made_by;
    usec made_at, closed_at; /* closed_at 0: it works */
};

struct kit_links {
    struct kit_link *row;
    size_t n;
};

struct kit_ask {
    str slug, lang;
    usec now;
};

struct kit_item_in {
    int kind;
    str credit, source, file_name; /* file_name: of a PNG or JPEG */
    str bytes;                     /* unset: words alone */
};

/* ---- what somebody may see now ---- */

int kit_list(struct arena *a, struct db *db, const struct actor *who, const struct kit_ask *ask,
             struct kit_list *ret_list);
/* ERR_NOT_FOUND also before its moment, and while it is being made. */
int kit_by_slug(struct arena *a, struct db *db, const struct actor *who, const struct kit_ask *ask,
                struct kit *ret_kit);
/* Before its moment as well. ERR_NOT_FOUND; ERR_GONE: the link was taken back. */
int kit_by_link(struct arena *a, struct db *db, str token, str lang, struct kit *ret_kit);
/* Those that may be used, of clips those that are ready; all of them for RIGHT_EDITOR. */
int kit_items(struct arena *a, struct db *db, const struct actor *who, const struct kit *k,
              str lang, struct kit_items *ret_items);
/* The file of an item that kit_items gave. */
int kit_file(struct arena *a, struct db *db, const struct kit *k, const struct kit_item *item,
             str *ret_bytes);
/* Some kit waits for its moment: nothing that names kits may be kept. */
int kit_is_waiting(struct db *db, usec now, bool *ret_is_waiting);

/* ---- RIGHT_EDITOR ---- */

/* ERR_CONFLICT: the slug is taken. ERR_RANGE. */
int kit_add(struct db *db, const struct actor *who, str slug, bool is_sample, usec now,
            int64_t *ret_id);
/*
 * One language of a text; an empty body takes that language away. ERR_STATE: it is the one that the
 * text was begun in. The lead of a kit may have no words at all.
 */
enum kit_field { KIT_TITLE, KIT_LEAD };
int kit_text_put(struct db *db, const struct actor *who, int64_t id, enum kit_field field,
                 const struct text_in *in, usec now);
/* opens_at, is_shown; revision is the one that was edited. ERR_CONFLICT. */
int kit_save(struct db *db, const struct actor *who, const struct kit *k, usec now);
int kit_remove(struct db *db, const struct actor *who, int64_t id);
/*
 * ERR_UNSUPPORTED: neither PNG nor JPEG, no clip; ERR_SYNTAX, ERR_TOO_BIG, ERR_FULL, ERR_RANGE. A
 * clip waits for the converter then.
 */
int kit_item_add(struct db *db, const struct actor *who, int64_t kit_id,
                 const struct kit_item_in *in, usec now, int64_t *ret_id);
/* Words of a quotation, a picture or a clip that change need a new consent. */
int kit_item_text_put(struct db *db, const struct actor *who, int64_t id, const struct text_in *in,
                      usec now);
/*
 * `by` has agreed to the use of this revision (-1: whatever it is). ERR_RANGE: no name;
 * ERR_CONFLICT: it is another by now.
 */
int kit_item_clear(struct db *db, const struct actor *who, int64_t id, str by, int64_t revision,
                   usec now);
int kit_item_remove(struct db *db, const struct actor *who, int64_t id, usec now);
/* The kit that an item belongs to. */
int kit_item_owner(struct db *db, int64_t id, int64_t *ret_kit_id);

int kit_link_add(struct db *db, const struct actor *who, const struct secret *s, int64_t kit_id,
                 str person, usec now);
int kit_link_close(struct db *db, const struct actor *who, int64_t kit_id, int64_t id, usec now);
int kit_links(struct arena *a, struct db *db, const struct actor *who, int64_t kit_id,
              struct kit_links *ret_links);
/* For staff to hand over. */
void kit_link_token(const struct secret *s, int64_t id, char to[static KIT_LINK_TOKEN]);

/*
 * Kits of a file as examples/kit.json has them; those whose slug is there stay as they are.
 * ERR_SYNTAX, ERR_RANGE.
 */
int kit_import(struct arena *a, struct db *db, const struct actor *who, str json, usec now,
               unsigned *ret_added);

#endif
