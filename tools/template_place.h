/*
 * Where in the HTML a template stands, character by character: what may be written there and with
 * which escape, and whether the page stays well formed whatever branches are taken. One value,
 * copied at branches; knows nothing of templates.
 */
#ifndef TOOLS_TEMPLATE_PLACE_H
#define TOOLS_TEMPLATE_PLACE_H

#include "base/types.h"

enum place_kind { PLACE_TEXT, PLACE_PLAIN, PLACE_ATTR, PLACE_URL, PLACE_URL_INSIDE, PLACE_REFUSED };
enum { PLACE_DEPTH = 48, PLACE_NAME = 24 };

struct place {
    enum { IN_TEXT, IN_LT, IN_BANG, IN_OPEN, IN_TAG, IN_ATTR, IN_EQ, IN_VALUE, IN_CLOSE } state;
    char quote, tag[PLACE_NAME], attr[PLACE_NAME];
    bool has_slash, has_src, has_alt, has_lang, has_dir, has_mode, has_value;
    bool is_entity, needs_space;
    int letters; /* in a row, for words that are in no .po file */
    int depth;
    char stack[PLACE_DEPTH][PLACE_NAME];
    const char *error; /* sticky: what is wrong and how to mend it */
};
/* One character of the template's own text. */
void place_feed(struct place *p, char c);
/* What may be written here. */
enum place_kind place_kind(const struct place *p);
/* Nothing but a number: inside srcset, whose addresses and widths are written out. */
bool place_takes_number(const struct place *p);
/* A value has been written here. */
void place_value(struct place *p);
/* White space may shrink here. */
bool place_shrinks(const struct place *p);
/* A {% %} stands here: a name that was being written ends. */
void place_settle(struct place *p);
/* Two branches meet: false when they leave the page in different places; else *p is what holds for
 * both. */
bool place_join(struct place *p, const struct place *other);
bool place_is_whole(const struct place *p);

#endif
