#include "domain/csv.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/sb.h"
#include "base/str.h"

#include <string.h>

struct csv csv_init(struct arena *a, str text)
{
    struct csv c = {.a = a, .rest = text, .separator = ',', .next_line = 1};
    size_t n[3] = {0};
    static const char separators[3] = {',', ';', '\t'};
    bool is_quoted = false;
    size_t best = 0;

    for (size_t i = 0; i < text.n && (is_quoted || text.p[i] != '\n'); i++) {
        if (text.p[i] == '"')
            is_quoted = !is_quoted;
        for (size_t k = 0; k < 3 && !is_quoted; k++)
            n[k] += text.p[i] == separators[k];
    }
    for (size_t k = 1; k < 3; k++) {
        if (n[k] > n[best])
            best = k;
    }
    c.separator = separators[best];
    return c;
}

static char take(struct csv *c)
{
    char ch = c->rest.p[0];

    c->rest = str_from(c->rest, 1);
    if (ch == '\n')
        c->next_line++;
    return ch;
}

/*
 * After an opening quotation mark: up to the closing one; "" stands for ". The text is at most n
 * bytes long in `to`.
 */
static int quoted_read(struct csv *c, char *to, size_t size, size_t *io_n)
{
    size_t n = *io_n;

    while (c->rest.n) {
        char ch = take(c);

        if (ch == '"') {
            if (!c->rest.n || c->rest.p[0] != '"') {
                *io_n = n;
                return 0;
            }
            take(c);
        }
        if (n < size)
            to[n] = ch;
        n++; /* also past the end, so that the caller sees that the cell is too long */
    }
    return ERR_SYNTAX;
}

/* One cell; the separator or line end behind it is taken. *ret_is_last: the row ends with it. */
static int cell_read(struct csv *c, char *to, size_t size, str *ret_cell, bool *ret_is_last)
{
    size_t n = 0;

    *ret_is_last = true;
    while (c->rest.n) {
        char ch = take(c);

        if (ch == '\n' || ch == c->separator) {
            *ret_is_last = ch == '\n';
            break;
        }
        /* A quotation mark opens only where a cell begins; inside, as in 5" pipe, it is text. */
        if (ch == '"' && str_trim((str){to, n < size ? n : size}).n == 0) {
            n = 0;
            if (quoted_read(c, to, size, &n) < 0)
                return ERR_SYNTAX;
            continue;
        }
        if (n < size)
            to[n] = ch;
        n++;
    }
    if (n > size)
        return ERR_TOO_BIG;
    *ret_cell = arena_str(c->a, str_trim((str){to, n}));
    return ret_cell->p ? 0 : ERR_MEM;
}

static bool is_empty(const struct csv_row *row)
{
    for (size_t i = 0; i < row->n; i++) {
        if (row->cell[i].n)
            return false;
    }
    return true;
}

/* One row, empty or not. An error of a cell is kept while the row is read to its end. */
static int row_read(struct csv *c, struct csv_row *row)
{
    char buffer[MAX_CSV_FIELD];
    bool is_last = false;
    int r = 0;

    *row = (struct csv_row){.line = c->next_line};
    c->line = c->next_line;
    while (!is_last) {
        str cell = S("");
        int one = cell_read(c, buffer, sizeof(buffer), &cell, &is_last);

        if (one == ERR_SYNTAX || one == ERR_MEM)
            return one;
        if (one < 0 || row->n == CSV_COLUMNS)
            r = ERR_TOO_BIG;
        else
            row->cell[row->n++] = cell;
    }
    return r;
}

int csv_read(struct csv *c, struct csv_row *ret_row)
{
    while (c->rest.n) {
        int r = row_read(c, ret_row);

        if (r < 0)
            return r;
        if (!is_empty(ret_row))
            return 1;
    }
    return 0;
}

static void add(struct sb *b, const char *begin, str s, const char *end)
{
    sb_c(b, begin);
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"')
            sb_char(b, '"');
        sb_char(b, s.p[i]);
    }
    sb_c(b, "\"");
    sb_c(b, end);
}

void csv_plain(struct sb *b, str s, const char *end)
{
    add(b, "\"", s, end);
}

void csv_cell(struct sb *b, str s, const char *end)
{
    add(b, s.n && memchr("=+-@\t\r", s.p[0], 6) ? "\"'" : "\"", s, end);
}
