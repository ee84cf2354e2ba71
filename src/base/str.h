/*
 * Text is (pointer, length). These functions allocate nothing; results point into their input.
 * ASCII rules only: case and white space of other scripts are the business of base/fold.h and ICU.
 */
#ifndef BASE_STR_H
#define BASE_STR_H

#include "base/types.h"

struct str_pair {
    str head, tail;
    bool ok; /* the separator was found; otherwise head is all and tail is empty */
};

/* Of a NUL-terminated text; NULL gives the unset str. */
str str_c(const char *s);
bool str_eq(str a, str b);
/* ASCII letters compare equal in either case (header names, encodings). */
bool str_ieq(str a, str b);
/* <0, 0, >0 in byte order. */
int str_cmp(str a, str b);
bool str_starts(str s, str prefix);
bool str_ends(str s, str suffix);
bool str_istarts(str s, str prefix);
/* From byte `from` to the end, clamped. */
str str_from(str s, size_t from);
/* At most n bytes. */
str str_take(str s, size_t n);
/* At most n bytes of UTF-8, cut between two characters. */
str str_take_whole(str s, size_t n);
/* Without ASCII space, tab, CR, LF at both ends. */
str str_trim(str s);
/* At the first `sep`. */
struct str_pair str_cut(str s, char sep);
/* At the last `sep`. */
struct str_pair str_rcut(str s, char sep);
/* Takes the next line off *rest, without its \n or \r\n; false when nothing is left. */
bool str_line(str *rest, str *ret_line);
/* Position, or -1. */
ptrdiff_t str_find(str s, str needle);
ptrdiff_t str_chr(str s, char c);
/* The whole of s must be a decimal number in range: 0 or ERR_SYNTAX / ERR_RANGE. */
int str_u64(str s, uint64_t max, uint64_t *ret_n);
int str_i64(str s, int64_t min, int64_t max, int64_t *ret_n);
/* Well-formed UTF-8 without NUL (RFC 3629). */
bool str_is_utf8(str s);
/* FNV-1a, for tables that nobody hostile fills; base/table.h keys its own. */
uint64_t str_hash(str s);
/* Copies with a NUL into a buffer of `size`; ERR_TOO_BIG when it does not fit (buffer then holds
 * ""). */
int str_copy(char *to, size_t size, str s);

#endif
