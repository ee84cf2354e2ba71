/*
 * Media kits for readers, and the same by a personal link before the moment of an embargo. What
 * waits for its moment is as if it were not there, and nothing that could name it is kept.
 */
#ifndef WEB_PAGE_KIT_H
#define WEB_PAGE_KIT_H

#include "domain/kit.h"
#include "gen/text.h"

struct exchange;

void kit_list_show(struct exchange *x);
void kit_show(struct exchange *x);
void kit_item_file(struct exchange *x);
void kit_zip(struct exchange *x);
void kit_link_show(struct exchange *x);
void kit_link_file(struct exchange *x);
void kit_link_zip(struct exchange *x);

/* Of enum kit_kind, as the heading of its part. */
enum text_id kit_kind_text(int kind);
/* Sends the file of the item that the address names, as `who` may have it. */
void kit_send_file(struct exchange *x, const struct actor *who, const struct kit *k);

#endif
