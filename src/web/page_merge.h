/*
 * Two people have changed the same text: what each did to it, paragraph by paragraph, and a form to
 * choose. Nothing is saved here: what was joined comes into the editor.
 */
#ifndef WEB_PAGE_MERGE_H
#define WEB_PAGE_MERGE_H

#include "net/route.h"

/* Answers a save that met a conflict; x->state is the struct edit_form. */
void merge_show(struct exchange *x);
route_show_fn news_merge;

#endif
