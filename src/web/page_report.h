/*
 * The donor's sheet of a seminar at the desk: of this moment, and frozen ones.
 */
#ifndef WEB_PAGE_REPORT_H
#define WEB_PAGE_REPORT_H

struct db;
struct exchange;

void desk_report(struct exchange *x);
void desk_report_csv(struct exchange *x);
void desk_report_json(struct exchange *x);
int desk_report_freeze_act(struct exchange *x, struct db *db);
void desk_report_freeze(struct exchange *x);
void desk_sheet(struct exchange *x);
void desk_sheet_csv(struct exchange *x);
void desk_sheet_json(struct exchange *x);
void desk_sheet_records(struct exchange *x);

#endif
