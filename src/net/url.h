/*
 * Percent-encoding as it comes from outside (RFC 3986 2.1, and '+' for a blank as HTML forms write
 * it).
 */
#ifndef NET_URL_H
#define NET_URL_H

#include "base/types.h"

struct arena;

/*
 * The decoded text, in the arena when it differs from s. ERR_SYNTAX for a broken %xx; ERR_ENCODING
 * when the result is not UTF-8 or holds a NUL; ERR_MEM.
 */
int url_decode(struct arena *a, str s, bool is_form, str *ret_text);
/* Takes the next name=value off *rest (still encoded, separated by '&'); false when nothing is
 * left. */
bool url_next_pair(str *rest, str *ret_name, str *ret_value);

#endif
