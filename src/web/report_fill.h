/*
 * Fills the tables and bars of the donor's sheet from its figures. A hidden figure has no number
 * any more when it comes here.
 */
#ifndef WEB_REPORT_FILL_H
#define WEB_REPORT_FILL_H

struct exchange;
struct indicator;
struct tally;
struct tpl_desk_report;

/* ERR_MEM. */
int report_fill(struct exchange *x, const struct tally *t, const struct indicator *i,
                struct tpl_desk_report *v);

#endif
