/* What the house says of itself to who may operate it: plain text, without names and addresses. */
#ifndef WEB_PAGE_DEBUG_H
#define WEB_PAGE_DEBUG_H

struct exchange;

/* Rooms, peers, slots, packets that were refused by reason; answered by the media thread. */
void debug_media(struct exchange *x);
/* The writer, the file and its log, slow statements, kept pages. */
void debug_store(struct exchange *x);
/* Each web thread: how long its rounds took. */
void debug_loop(struct exchange *x);

#endif
