/*
 * Hex and base64 (RFC 4648), both ways. Results go to caller's buffers; sizes are said at each.
 */
#ifndef BASE_ENCODE_H
#define BASE_ENCODE_H

#include "base/types.h"

/* to[2 * n + 1], lower case, with a NUL. */
void encode_hex(char *to, const void *from, size_t n);
/* Exactly n bytes out of 2 * n digits, or ERR_SYNTAX. */
int decode_hex(void *to, size_t n, str from);
/* Standard alphabet with padding: to[4 * ((n + 2) / 3) + 1]; returns the length without the NUL. */
size_t encode_base64(char *to, const void *from, size_t n);
/* URL alphabet without padding, same buffer size. */
size_t encode_base64url(char *to, const void *from, size_t n);
/* Either alphabet, padding optional; at most `size` bytes. ERR_SYNTAX or ERR_TOO_BIG. */
int decode_base64(void *to, size_t size, str from, size_t *ret_n);

#endif
