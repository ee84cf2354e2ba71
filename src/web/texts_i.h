/*
 * Between texts.c (tables and arguments) and texts_show.c (ICU): which plural form a number takes.
 */
#ifndef WEB_TEXTS_I_H
#define WEB_TEXTS_I_H

#include "web/texts.h"

/* Index into lang->plural; the last one when ICU does not know. */
size_t texts_plural_form(const struct text_lang *lang, int64_t n);

#endif
