/*
 * Helpers of the domain's queries: texts of a row kept in an arena, lists that grow in an arena.
 * Private to domain/.
 */
#ifndef DOMAIN_ROWS_H
#define DOMAIN_ROWS_H

#include "base/types.h"

struct arena;
struct stmt;

/* The column's text in the arena; NULL stays unset. Out of memory clears *io_ok. */
str rows_str(struct arena *a, struct stmt *q, int column, bool *io_ok);
/* A copy in the arena under the same rule. */
str rows_keep(struct arena *a, str s, bool *io_ok);
/*
 * Room for row n (from 0) of a list of `size`-byte rows: returns the list, moved when it was full,
 * or NULL. Row n is zeroed. Begin with list NULL.
 */
void *rows_grow(struct arena *a, void *list, size_t n, size_t size);
/*
 * What remains of a walk: r as stmt_row gave it last (0 or an error), or ERR_MEM when not ok. Ends
 * q.
 */
int rows_end(struct stmt *q, int r, bool is_ok);
/* The same for a query of one row: r as its only stmt_row gave it; ERR_NOT_FOUND when none came. */
int rows_end_one(struct stmt *q, int r, bool is_ok);
/*
 * A number for a row whose address is kept by others: SQLite gives that of the newest row again
 * when it goes. Later ones are greater; below 2^53, which JavaScript counts to, until the year
 * 2248. The statement takes what is greater of it and the table's greatest plus one.
 */
int64_t rows_new_id(usec now);
/* All of a query for one row with one number; its parameters are bound. ERR_NOT_FOUND. */
int rows_number(struct stmt *q, int64_t *ret_n);

#endif
