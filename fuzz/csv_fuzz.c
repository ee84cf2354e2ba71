/*
 * Tables of cells. Every row advances, no cell is longer than its limit, cells of valid UTF-8 stay
 * valid.
 */
#include "domain/csv.c"

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    str text = {(const char *)p, n};
    bool is_utf8 = str_is_utf8(text);
    struct arena *a = arena_new();
    struct csv c;
    struct csv_row row;
    unsigned line = 0;
    int r;

    CHECK(a);
    c = csv_init(a, text);
    while ((r = csv_read(&c, &row)) != 0) {
        CHECK(c.line > line);
        line = c.line;
        if (r == ERR_SYNTAX || r == ERR_MEM)
            break;
        for (size_t i = 0; r > 0 && i < row.n; i++) {
            CHECK(row.cell[i].n <= MAX_CSV_FIELD);
            CHECK(!is_utf8 || str_is_utf8(row.cell[i]));
        }
    }
    arena_free(a);
    return 0;
}
