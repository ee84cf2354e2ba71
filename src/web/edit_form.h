/*
 * What the editor's form says, for saving, previewing and joining two people's changes. Kept from
 * act to show. Web thread, store thread in an act.
 */
#ifndef WEB_EDIT_FORM_H
#define WEB_EDIT_FORM_H

#include "domain/news.h"
#include "domain/safety.h"
#include "domain/topic.h"

struct arena;
struct db;
struct exchange;

struct edit_form {
    int64_t news_id;
    struct news_in in;
    struct safety_in answers; /* in.answers points here when any was given */
    struct topic_list topics; /* is_chosen as the form says */
    str countries, codes;     /* as typed; "TM,TR" */
};

/*
 * Into x->state as well, so that the form can be shown again also when it does not fit: ERR_RANGE.
 */
int edit_form_read(struct exchange *x, struct db *db, struct edit_form **ret_form);
/* Browsers end lines by CR LF; texts are kept, and compared, with LF alone. */
str edit_form_plain(struct arena *a, str s);

#endif
