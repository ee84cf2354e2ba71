/* What differs between two texts, word by word, as a part of a page. Any thread. */
#ifndef WEB_DIFF_PART_H
#define WEB_DIFF_PART_H

#include "gen/template.h"

struct arena;

/* ERR_MEM. */
int diff_part_fill(struct arena *a, str was, str now, struct tpl_diff_piece *ret_part);

#endif
