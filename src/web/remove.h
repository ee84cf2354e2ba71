/*
 * The page that asks before something is deleted, and says why it cannot be
 * (template/desk_remove.html). Web thread.
 */
#ifndef WEB_REMOVE_H
#define WEB_REMOVE_H

#include "base/types.h"
#include "gen/text.h"

struct exchange;
struct needs;
struct text;

struct remove_page {
    enum text_id question;
    enum text_id advice, submit; /* TEXT_NONE: that it is for good; "delete" */
    const struct text *title;    /* of what would be deleted */
    str name;                    /* instead of an empty title; unset: the end of `own` */
    str own;                     /* its page, where who does not want to delete it goes */
    const char *verb;            /* the form goes to own/verb; NULL: "remove" */
    int64_t was;               /* what it was when it was asked about, for the form; 0: not said */
    bool is_changed;           /* it is not what the form that was sent was asked about */
    const struct needs *needs; /* any: refused; NULL: none */
    enum text_id instead;      /* what to do when it is refused; TEXT_NONE: nothing */
    str instead_url;
};

/* Status 409 when it is refused after a POST (x->result). */
void remove_send(struct exchange *x, const struct remove_page *p);
/* After the act: to the list when it is gone; ask again, and say why, when it is still
 * needed. ask NULL: it never is. */
void remove_done(struct exchange *x, str list, void (*ask)(struct exchange *x));

#endif
