/*
 * A contact as the pages show it: the part contact_card of the register, of guides, packs and
 * paper. No exchange is needed, so that a worker and a command can make it. Any thread.
 */
#ifndef WEB_CONTACT_CARD_H
#define WEB_CONTACT_CARD_H

#include "base/types.h"

struct arena;
struct contact;
struct contact_list;
struct texts;
struct tpl_contact_card;

struct card_ask {
    const struct texts *t; /* the language; the zone is each contact's own */
    usec now;
    bool is_paper; /* nothing that is true for this minute alone */
};

int contact_card_make(struct arena *a, const struct card_ask *ask, const struct contact *c,
                      struct tpl_contact_card *ret_card);
/* At most max of them. */
int contact_cards_make(struct arena *a, const struct card_ask *ask, const struct contact_list *l,
                       size_t max, const struct tpl_contact_card **ret_row, size_t *ret_n);
/* A time in another zone than that of t; p is NULL when out of memory. */
str card_time(struct arena *a, const struct texts *t, int how, usec at, str zone);

#endif
