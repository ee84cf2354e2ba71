/*
 * Inside tools/tidy: one file of the project and the checks that look at it. Messages are
 * `file:line: what; how to fix` (tools/tool.h). A measure that is over its limit may stand in
 * tools/tidy.ratchet, and must then not grow.
 */
#ifndef TOOLS_TIDY_H
#define TOOLS_TIDY_H

#include "base/types.h"

struct tidy {
    const char *path; /* relative to the root */
    str text;
    str code;     /* C only: comments and the insides of strings blanked, same length as text */
    str literals; /* C only: everything but the insides of strings blanked */
};

/* One limit of the style (CONTRIBUTING.md): what is counted, how far it may go, how to mend it. */
struct tidy_limit {
    const char *what;
    size_t most;
    const char *mend;
};

bool tidy_is(const struct tidy *f, const char *suffix);
bool tidy_under(const struct tidy *f, const char *folder);
/* The word stands at `at`, with no letter, digit or underscore next to it. */
bool tidy_word_at(str text, size_t at, str word);
/* Finds the next place of a whole word from *at on; false: none. *at is left on the word. */
bool tidy_next_word(str text, size_t *at, str word);
int tidy_line(const struct tidy *f, size_t at);
/* Says an error when n is over the limit, unless the ratchet holds it. `who` is a function or "".
 */
void tidy_measure(const struct tidy *f, int line, const struct tidy_limit *limit, str who,
                  size_t n);

/* tidy_c.c: includes, sizes, calls */
void tidy_c(struct tidy *f);
/* tidy_web.c: scripts, styles, markup inside C */
void tidy_web(const struct tidy *f);

#endif
