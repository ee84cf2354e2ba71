/*
 * Guides at the desk: a new guide, its title, its statements, and the check of each source.
 * RIGHT_EDITOR.
 */
#ifndef WEB_PAGE_GUIDE_DESK_H
#define WEB_PAGE_GUIDE_DESK_H

#include "gen/text.h"

struct db;
struct exchange;

void desk_guides(struct exchange *x);
int desk_guide_add_act(struct exchange *x, struct db *db);
void desk_guide_add(struct exchange *x);
void desk_guide(struct exchange *x);
int desk_guide_save_act(struct exchange *x, struct db *db);
int desk_guide_remove_act(struct exchange *x, struct db *db);
void desk_guide_remove(struct exchange *x);
/* The whole page was read by somebody who knows the law; the form names them. */
int desk_guide_review_act(struct exchange *x, struct db *db);
int desk_point_add_act(struct exchange *x, struct db *db);
int desk_point_save_act(struct exchange *x, struct db *db);
int desk_point_check_act(struct exchange *x, struct db *db);
int desk_point_remove_act(struct exchange *x, struct db *db);
/* The page of one guide once more, with what did not fit. */
void desk_guide_again(struct exchange *x, int status, enum text_id problem);
/* After any change of one guide. */
void desk_guide_done(struct exchange *x);

#endif
