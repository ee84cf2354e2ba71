/*
 * One question in the organiser's hands.
 */
#ifndef WEB_PAGE_QUESTION_H
#define WEB_PAGE_QUESTION_H

#include "gen/text.h"

struct db;
struct exchange;

void desk_question(struct exchange *x);
void desk_question_new(struct exchange *x);
int desk_question_add_act(struct exchange *x, struct db *db);
void desk_question_add(struct exchange *x);
int desk_question_save_act(struct exchange *x, struct db *db);
void desk_question_save(struct exchange *x);
int desk_question_remove_act(struct exchange *x, struct db *db);
void desk_question_remove(struct exchange *x);

/* Of enum question_kind and enum measure, for other pages. */
enum text_id question_kind_text(int kind);
enum text_id measure_text(int measure);

#endif
