/*
 * Makes UTF-8 of a file that a spreadsheet has saved: by its byte order mark, by being well-formed
 * UTF-8, or by what ICU recognises among the encodings that occur here. Pure. Private to domain/.
 */
#ifndef DOMAIN_CHARSET_H
#define DOMAIN_CHARSET_H

#include "base/types.h"

struct arena;

/*
 * ret_name: a constant ("UTF-8", "windows-1251"). ERR_ENCODING when nothing fits, ERR_TOO_BIG over
 * MAX_HTTP_BODY.
 */
int charset_utf8(struct arena *a, str bytes, str *ret_text, const char **ret_name);

#endif
