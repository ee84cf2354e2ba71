/*
 * A guide as pages, packs and paper show it: the part guide_body, made without an exchange, so that
 * a worker and a command can make it. Any thread that has a connection for reading.
 */
#ifndef WEB_GUIDE_BODY_H
#define WEB_GUIDE_BODY_H

#include "base/types.h"
#include "web/contact_card.h"

struct db;
struct sb;
struct guide;
struct tpl_guide_body;
struct tpl_legal_body;

/* A guide of a corridor; ERR_NOT_FOUND for a legal page, too. */
int guide_corridor(struct arena *a, struct db *db, str slug, str lang, struct guide *ret_guide);
/* ERR_NOT_FOUND. */
int guide_body_make(struct arena *a, struct db *db, const struct card_ask *ask, str slug,
                    struct guide *ret_guide, struct tpl_guide_body *ret_body);
/* A legal page; ERR_NOT_FOUND for a guide. */
int legal_body_make(struct arena *a, struct db *db, const struct card_ask *ask, str slug,
                    struct guide *ret_guide, struct tpl_legal_body *ret_body);
/*
 * Its statements as messages for a telephone, one a line, each short enough for one. Each says what
 * the page says of it: not checked, checked long ago, an old translation, another language. They
 * end with the page's address under `origin` and the day.
 */
int guide_messages_make(struct arena *a, struct db *db, const struct card_ask *ask, str slug,
                        str origin, struct sb *to);

#endif
