/*
 * The organiser's side of the tests: open and close, questions, import.
 */
#ifndef WEB_PAGE_TESTS_H
#define WEB_PAGE_TESTS_H

struct db;
struct exchange;

void desk_tests(struct exchange *x);
int desk_tests_gate_act(struct exchange *x, struct db *db);
void desk_tests_gate(struct exchange *x);
int desk_tests_import_act(struct exchange *x, struct db *db);
void desk_tests_import(struct exchange *x);

#endif
