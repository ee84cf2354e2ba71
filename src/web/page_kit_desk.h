/*
 * Media kits at the desk: words, embargo, items with the record of who cleared them, personal
 * links. RIGHT_EDITOR.
 */
#ifndef WEB_PAGE_KIT_DESK_H
#define WEB_PAGE_KIT_DESK_H

#include "gen/text.h"

struct db;
struct exchange;

void desk_kits(struct exchange *x);
int desk_kit_add_act(struct exchange *x, struct db *db);
void desk_kit_add(struct exchange *x);
void desk_kit(struct exchange *x);
void desk_kit_file(struct exchange *x);
int desk_kit_save_act(struct exchange *x, struct db *db);
int desk_kit_state_act(struct exchange *x, struct db *db);
int desk_kit_remove_act(struct exchange *x, struct db *db);
void desk_kit_remove(struct exchange *x);
int desk_kit_item_add_act(struct exchange *x, struct db *db);
int desk_kit_item_save_act(struct exchange *x, struct db *db);
int desk_kit_item_clear_act(struct exchange *x, struct db *db);
int desk_kit_item_remove_act(struct exchange *x, struct db *db);
int desk_kit_link_add_act(struct exchange *x, struct db *db);
int desk_kit_link_close_act(struct exchange *x, struct db *db);
int desk_clip_add_act(struct exchange *x, struct db *db);
/* Its page once more, with what is wrong; TEXT_NONE: nothing is. */
void desk_kit_again(struct exchange *x, int status, enum text_id problem);
/* After any change of one kit. */
void desk_kit_done(struct exchange *x);

#endif
