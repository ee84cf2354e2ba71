/*
 * A text as a program that reads aloud should get it: no sign of Markdown, no footnote, of an
 * address only its host, telephone numbers digit by digit, dates in words of the language, numbers
 * whole, and an end where the eye sees one. Pure.
 */
#ifndef DOMAIN_SPOKEN_H
#define DOMAIN_SPOKEN_H

#include "base/types.h"

struct arena;

enum { SPOKEN_MOST_BYTES = 100000 }; /* given to a voice at once; a long guide has 20 kB */

/* Plain and on one line. ERR_ENCODING, ERR_TOO_BIG: over SPOKEN_MOST_BYTES; ERR_MEM. */
int spoken_text(struct arena *a, str lang, str text, str *ret_spoken);

#endif
