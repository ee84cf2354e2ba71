/*
 * A participant's own page: tests, certificate, the way to the room.
 */
#ifndef WEB_PAGE_MINE_H
#define WEB_PAGE_MINE_H

struct db;
struct exchange;

void mine_show(struct exchange *x);
int mine_take_act(struct exchange *x, struct db *db);
void mine_take(struct exchange *x);
void mine_pdf(struct exchange *x);

#endif
