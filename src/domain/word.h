/*
 * The words of a text as search compares them: case, accents, the several apostrophes of Uzbek,
 * Tajik, Kazakh, Kyrgyz, Turkmen and Karakalpak letters typed on a foreign keyboard, е and ё,
 * Arabic and Persian forms of a letter and digits of other scripts make no difference. For finding,
 * never for showing. Pure. Private to domain/.
 */
#ifndef DOMAIN_WORD_H
#define DOMAIN_WORD_H

#include "base/types.h"

struct arena;

/* Counts changes of the folding: an index made with another one is made anew. */
enum { WORD_FOLDING = 1 };

struct word {
    str plain;  /* as it stands in the text */
    str folded; /* never empty */
};

/*
 * Takes the next word off *rest; false when there is none. folded is valid until the buffer is used
 * again; what does not fit is cut at a character.
 */
enum { WORD_BYTES = 96 };
bool word_next(str *rest, char buffer[static WORD_BYTES], struct word *ret_word);
/* All words folded, with a space between. ERR_ENCODING, ERR_MEM. */
int word_fold(struct arena *a, str text, str *ret_folded);
/* NFC, so that a letter and its mark are one character, as word_next wants it. */
int word_compose(struct arena *a, str text, str *ret_text);

#endif
