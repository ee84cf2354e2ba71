/*
 * What differs between two texts, word by word; and what becomes of a text that two people have
 * changed at once, paragraph by paragraph. Pure. Pieces point into the texts given.
 */
#ifndef DOMAIN_DIFF_H
#define DOMAIN_DIFF_H

#include "base/types.h"

struct arena;

enum diff_op { DIFF_KEPT, DIFF_GONE, DIFF_NEW };

struct diff_piece {
    enum diff_op op;
    str text;
};
struct diff {
    struct diff_piece *row;
    size_t n;
};

enum merge_kind {
    MERGE_SAME,   /* nobody has changed it, or both alike */
    MERGE_MINE,   /* only I have */
    MERGE_THEIRS, /* only the other one has */
    MERGE_CLASH,  /* both, differently: somebody must choose */
};

struct merge_part {
    enum merge_kind kind;
    str base, mine, theirs; /* whole lines with their ends; may be empty */
};
struct merge {
    struct merge_part *row;
    size_t n;
    size_t nclashes;
};

/* How a clash is decided. BOTH: theirs, then mine. */
enum merge_choice { MERGE_TAKE_MINE, MERGE_TAKE_THEIRS, MERGE_TAKE_BOTH };

/* Word by word; paragraphs that differ altogether come as a whole. ERR_MEM. */
int diff_words(struct arena *a, str was, str now, struct diff *ret_diff);
/* ERR_MEM. */
int merge_texts(struct arena *a, str base, str mine, str theirs, struct merge *ret_merge);
/* choices: one for each clash, in order; where one lacks, BOTH: nothing is lost. */
int merge_join(struct arena *a, const struct merge *m, const enum merge_choice *choices, size_t n,
               str *ret_text);

#endif
