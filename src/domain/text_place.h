/*
 * Where a text stands: the title of which seminar, the name of which organisation. One page edits
 * them all by the number of the text alone; the place says who may, how long it may be, and where
 * the way back leads. Texts of an article (news, guides) have editors of their own and are not
 * changed here.
 */
#ifndef DOMAIN_TEXT_PLACE_H
#define DOMAIN_TEXT_PLACE_H

#include "base/types.h"
#include "domain/text.h"

enum text_place_kind {
    TEXT_PLACE_PROGRAMME = 1, /* its title */
    TEXT_PLACE_SEMINAR,       /* its title */
    TEXT_PLACE_SHORT,         /* its short title */
    TEXT_PLACE_AGENDA,        /* the title of a line of the agenda */
    TEXT_PLACE_CONCLUSION,
    TEXT_PLACE_ORG,           /* its name */
};

struct text_place {
    int64_t text_id;
    int kind;         /* enum text_place_kind */
    str slug;         /* of the programme, the organisation, or the seminar it belongs to */
    int number;       /* of the line or the conclusion; otherwise 0 */
    size_t max_bytes;
};

struct text_place_list {
    struct text_place *row;
    size_t n;
};

/* ERR_NOT_FOUND: no such text, or an article's. RIGHT_EVENT or RIGHT_EDITOR. */
int text_place(struct arena *a, struct db *db, const struct actor *who, int64_t text_id,
               struct text_place *ret_place);
/* Title, short title, agenda, conclusions, in this order. RIGHT_EVENT or RIGHT_EDITOR. */
int text_places(struct arena *a, struct db *db, const struct actor *who, int64_t seminar_id,
                struct text_place_list *ret_list);
/*
 * As text_put, within the limit of the place: ERR_TOO_BIG; ERR_RANGE for an empty body. An empty
 * body with a revision takes a translation away (text_remove).
 */
int text_place_put(struct db *db, const struct actor *who, const struct text_place *place,
                   const struct text_in *in, usec now);

#endif
