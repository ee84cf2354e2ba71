/*
 * The pseudo-language "xx", made from en.po by the build: [Ĵöìñ ťĥè śéḿïńàř óńê ţŵö]. A page shown
 * in it proves that no word is written into the program (it would stand there plain), that nothing
 * is cut off (texts are a third longer, and the bracket at the end must be seen), and that accents
 * survive. Shown only by `kengesh serve --pseudo`.
 */
#ifndef TOOLS_PSEUDO_H
#define TOOLS_PSEUDO_H

#include "base/types.h"

struct po;
struct sb;

/* One text; {arguments}, {{ and }} stay as they are. */
void pseudo_text(struct sb *to, str s);
/* A whole .po file of what en.po has. */
void pseudo_po(struct sb *to, const struct po *en);

#endif
