/*
 * One character of UTF-8 at a time, for the loops that fold words (ICU's macros nest too deep to
 * stand in a loop). Private to domain/.
 */
#ifndef DOMAIN_LETTER_H
#define DOMAIN_LETTER_H

#include "base/types.h"

#include <unicode/utf8.h>

/* The character at *io_at, which goes behind it; < 0: these bytes are none. */
/* NOLINTNEXTLINE(readability-function-size): the nesting is the macro's */
static inline UChar32 letter_next(str s, int32_t *io_at)
{
    UChar32 c;

    U8_NEXT((const uint8_t *)s.p, *io_at, (int32_t)s.n, c);
    return c;
}

/* Puts c at *io_at, where there is room for U8_MAX_LENGTH bytes. */
/* NOLINTNEXTLINE(readability-function-size): as above */
static inline void letter_put(uint8_t *to, int32_t *io_at, UChar32 c)
{
    U8_APPEND_UNSAFE(to, *io_at, (uint32_t)c);
}

#endif
