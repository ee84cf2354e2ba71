#include "domain/rows.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/random.h"
#include "store/db.h"

#include <string.h>

str rows_keep(struct arena *a, str s, bool *io_ok)
{
    str kept = arena_str(a, s);

    if (s.p && !kept.p)
        *io_ok = false;
    return kept;
}

str rows_str(struct arena *a, struct stmt *q, int column, bool *io_ok)
{
    return rows_keep(a, col_str(q, column), io_ok);
}

void *rows_grow(struct arena *a, void *list, size_t n, size_t size)
{
    char *bigger;

    /* Capacities are 8, 16, 32 …: a list is full when its length is one of them. */
    if (list && (n < 8 || (n & (n - 1))))
        return list;
    bigger = arena_array(a, n < 8 ? 8 : 2 * n, size);
    if (bigger && list)
        memcpy(bigger, list, n * size);
    return bigger;
}

int64_t rows_new_id(usec now)
{
    return now / USEC_MS << 10 | (random_u32() & 1023);
}

int rows_end(struct stmt *q, int r, bool is_ok)
{
    stmt_end(q);
    if (!is_ok)
        return ERR_MEM;
    return r < 0 ? r : 0;
}

int rows_end_one(struct stmt *q, int r, bool is_ok)
{
    return r == 0 ? ERR_NOT_FOUND : rows_end(q, r, is_ok);
}

int rows_number(struct stmt *q, int64_t *ret_n)
{
    int r = stmt_row(q);

    if (r > 0)
        *ret_n = col_i64(q, 0);
    return rows_end_one(q, r, true);
}
