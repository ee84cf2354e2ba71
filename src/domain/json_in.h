/*
 * JSON that came from outside: parsed with a bound on its size and depth (jansson's own limit is
 * 2048 levels of recursion), and read without surprises. Private to domain/.
 */
#ifndef DOMAIN_JSON_IN_H
#define DOMAIN_JSON_IN_H

#include "base/types.h"

#include <jansson.h>

enum { JSON_IN_FAULT = 64 };

/*
 * ERR_TOO_BIG over max; ERR_SYNTAX with the place in fault ("line 3, column 7"). *ret_root is to be
 * json_decref'ed.
 */
int json_in_parse(str bytes, size_t max, json_t **ret_root, char fault[static JSON_IN_FAULT]);
/* The member's text, or v's own; unset when it is none. Points into the value. */
str json_in_text(const json_t *o, const char *key);
str json_in_str(const json_t *v);
/* Which of the names the member is, from 0; -1: none. A name may be NULL. */
int json_in_word(const json_t *o, const char *key, const char *const *names, size_t n);
/* Called with a record of a list; says whether it was new. */
typedef int json_in_fn(const json_t *o, bool *ret_is_added, void *ctx);
/*
 * A file {"<key>": [{…}, …]}: fn for every record until one fails. ERR_TOO_BIG, ERR_SYNTAX, or what
 * fn returned.
 */
int json_in_list(str json, const char *key, json_in_fn *fn, void *ctx, unsigned *ret_added);

#endif
