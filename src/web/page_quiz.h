/*
 * The tests as participants see them: one page each, without a script, through the session of the
 * personal link.
 */
#ifndef WEB_PAGE_QUIZ_H
#define WEB_PAGE_QUIZ_H

#include "gen/text.h"

struct db;
struct exchange;

void quiz_show(struct exchange *x);
int quiz_answer_act(struct exchange *x, struct db *db);
void quiz_answer(struct exchange *x);

/* Of enum quiz_kind, for other pages. */
enum text_id quiz_kind_text(int kind);

#endif
