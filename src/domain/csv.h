/*
 * Reads and writes a table of cells as spreadsheets save it (RFC 4180; read with ';' or tab too).
 * Text is UTF-8; domain/import.c has decoded it. Pure; one pass; cells live in the arena.
 */
#ifndef DOMAIN_CSV_H
#define DOMAIN_CSV_H

#include "base/types.h"

struct arena;
struct sb;

enum { CSV_COLUMNS = 64 };

struct csv {
    struct arena *a;
    str rest;
    char separator;
    unsigned line;      /* of the row that was read last: where it begins, from 1 */
    unsigned next_line;
};

struct csv_row {
    unsigned line;
    size_t n;
    str cell[CSV_COLUMNS]; /* trimmed, without quotes */
};

/*
 * Finds the separator by the first line: the one of , ; tab that stands there most often outside
 * quotes.
 */
struct csv csv_init(struct arena *a, str text);
/*
 * 1: a row (empty lines are skipped); 0: the end; ERR_SYNTAX: a quotation mark is never closed (the
 * rest is skipped); ERR_TOO_BIG: a cell over MAX_CSV_FIELD or more than CSV_COLUMNS cells (that row
 * is skipped; go on). line is set then too.
 */
int csv_read(struct csv *c, struct csv_row *ret_row);

/* One cell, quoted, and what stands behind it: "," or "\r\n". */
void csv_plain(struct sb *b, str s, const char *end);
/*
 * The same of what was typed by others: a text that a spreadsheet would take for a formula (it
 * begins with = + - @, a tab or CR) gets an apostrophe.
 */
void csv_cell(struct sb *b, str s, const char *end);

#endif
