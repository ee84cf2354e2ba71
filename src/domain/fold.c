#include "domain/fold.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "domain/letter.h"

#include <unicode/uchar.h>
#include <unicode/ustring.h>

/* 0: drop it; ' ': a word ends. */
static UChar32 fold_one(UChar32 c)
{
    switch (c) {
    case 0x27: case 0x60: case 0xb4: case 0x2bb: case 0x2bc: case 0x2018: case 0x2019: case 0x201b:
        return 0;    /* apostrophes: o', o`, oʻ, o’ are one letter in Uzbek practice */
    case 0x22: case 0xab: case 0xbb: case 0x201c: case 0x201d: case 0x201e:
        return 0;    /* quotation marks around names */
    case 0x401: case 0x451:
        return 0x435; /* ё is written е as often as not */
    default:
        break;
    }
    if (u_isUWhiteSpace(c) || u_ispunct(c))
        return ' ';
    return u_foldCase(c, U_FOLD_CASE_DEFAULT);
}

int fold_text(struct arena *a, str s, str *ret_folded)
{
    uint8_t *to;
    int32_t at = 0, n = 0, size;
    bool is_space = true;

    if (s.n > MAX_CSV_FIELD)
        return ERR_TOO_BIG;
    if (!str_is_utf8(s))
        return ERR_ENCODING;
    size = (int32_t)s.n * 2 + 4; /* folding one character by itself at most doubles its bytes */
    to = arena_alloc(a, (size_t)size);
    if (!to)
        return ERR_MEM;
    while (at < (int32_t)s.n) {
        UChar32 c;
        UChar32 u;

        c = letter_next(s, &at);
        c = fold_one(c);
        if (!c || (c == ' ' && is_space))
            continue;
        is_space = c == ' ';
        u = c;
        letter_put(to, &n, u);
    }
    if (n && is_space)
        n--;
    *ret_folded = (str){(const char *)to, (size_t)n};
    return 0;
}
