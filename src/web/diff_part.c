#include "web/diff_part.h"

#include "base/arena.h"
#include "base/err.h"
#include "domain/diff.h"

int diff_part_fill(struct arena *a, str was, str now, struct tpl_diff_piece *ret_part)
{
    struct tpl_diff_piece_pieces *row;
    struct diff d;
    int r = diff_words(a, was, now, &d);

    row = r == 0 ? arena_array(a, d.n, sizeof(*row)) : NULL;
    if (!row)
        return r < 0 ? r : ERR_MEM;
    for (size_t i = 0; i < d.n; i++)
        row[i] = (struct tpl_diff_piece_pieces){.text = d.row[i].text,
                                                .is_gone = d.row[i].op == DIFF_GONE,
                                                .is_new = d.row[i].op == DIFF_NEW};
    *ret_part = (struct tpl_diff_piece){.pieces = row, .npieces = d.n};
    return 0;
}
