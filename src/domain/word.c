#include "domain/word.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/sb.h"
#include "base/str.h"
#include "domain/letter.h"

#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

/*
 * A character is a letter (or digit) of a word, or vanishes (apostrophes, marks, joiners), or ends
 * the word. A letter is taken apart by Unicode (ň is n and a caron; the mark vanishes); what
 * Unicode holds for one letter and people type as another is in the table.
 */
enum { MAX_PARTS = 8 };

static const struct {
    UChar32 from, to;
} table[] = {
    {0x131, 'i'},   {0x259, 'e'},   {0xf8, 'o'},    {0x142, 'l'},   {0x111, 'd'}, /* ı ə ø ł đ */
    {0x456, 0x438}, {0x493, 0x433}, {0x497, 0x436}, {0x49b, 0x43a},               /* і ғ җ қ */
    {0x49d, 0x43a}, {0x4a3, 0x43d}, {0x4af, 0x443}, {0x4b1, 0x443},               /* ҝ ң ү ұ */
    {0x4b3, 0x445}, {0x4b7, 0x447}, {0x4b9, 0x447}, {0x4bb, 0x445},               /* ҳ ҷ ҹ һ */
    {0x4d9, 0x430}, {0x4e9, 0x43e},                                               /* ә ө */
    {0x643, 0x6a9}, {0x649, 0x6cc}, {0x64a, 0x6cc}, {0x629, 0x647},               /* ك ى ي ة */
    {0x6d5, 0x647}, {0x6c1, 0x647}, {0x6be, 0x647},                               /* ە ہ ھ */
};

static bool is_apostrophe(UChar32 c)
{
    return c == 0x27 || c == 0x60 || c == 0xb4 || (c >= 0x2b9 && c <= 0x2bf) ||
           (c >= 0x2018 && c <= 0x201b) || c == 0x2032 || c == 0x2c8 || c == 0xff07;
}

static UChar32 fold_part(UChar32 c)
{
    int32_t digit = u_charDigitValue(c);

    if (digit >= 0)
        return '0' + digit;
    c = u_foldCase(c, U_FOLD_CASE_DEFAULT);
    for (size_t i = 0; i < NELEM(table); i++) {
        if (table[i].from == c)
            return table[i].to;
    }
    return c;
}

static bool vanishes(UChar32 c)
{
    int8_t type = u_charType(c);

    return is_apostrophe(c) || type == U_NON_SPACING_MARK || type == U_ENCLOSING_MARK ||
           type == U_FORMAT_CHAR || c == 0x640; /* tatweel */
}

/* A to z and а to я (й is no и with a mark: it stays); what Unicode says of them is known. */
static bool is_plain(UChar32 c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= 0x430 && c <= 0x44f);
}

/* The letters that c stands for, at most MAX_PARTS; 0: it vanishes; -1: it ends a word. */
static int parts_of(UChar32 c, UChar32 to[static MAX_PARTS])
{
    const UNormalizer2 *nfkd;
    UErrorCode e = U_ZERO_ERROR;
    UChar wide[MAX_PARTS];
    int32_t at = 0, size = -1;
    int n = 0;

    if (is_plain(c)) { /* nearly all letters: a fifth of the time */
        to[0] = c < 0x430 ? c | 0x20 : c;
        return 1;
    }
    if (vanishes(c))
        return 0;
    if (!u_isalnum(c))
        return -1;
    nfkd = unorm2_getNFKDInstance(&e);
    if (U_SUCCESS(e) && c != 0x439 && c != 0x419) /* й is no и, whatever Unicode holds */
        size = unorm2_getDecomposition(nfkd, c, wide, MAX_PARTS, &e);
    if (U_FAILURE(e) || size < 0) {
        to[0] = fold_part(c);
        return 1;
    }
    while (at < size && n < MAX_PARTS) {
        uint32_t unit = wide[at++];
        UChar32 part = (UChar32)unit;

        if (U16_IS_LEAD(unit) && at < size)
            part = U16_GET_SUPPLEMENTARY(unit, (uint32_t)wide[at++]);
        if (!vanishes(part) && u_isalnum(part))
            to[n++] = fold_part(part);
    }
    return n;
}

/* Appends; what does not fit is left out. */
static size_t append(char *buffer, size_t n, const UChar32 *parts, int nparts)
{
    for (int i = 0; i < nparts && n + U8_MAX_LENGTH <= WORD_BYTES; i++) {
        int32_t at = (int32_t)n;

        letter_put((uint8_t *)buffer, &at, parts[i]);
        n = (size_t)at;
    }
    return n;
}

bool word_next(str *rest, char buffer[static WORD_BYTES], struct word *ret_word)
{
    str s = *rest;
    int32_t at = 0, begin = 0, end = 0;
    size_t n = 0;

    while (at < (int32_t)s.n) {
        UChar32 parts[MAX_PARTS], c;
        int32_t before = at;
        int nparts;

        c = letter_next(s, &at);
        nparts = c < 0 ? -1 : parts_of(c, parts);
        if (nparts < 0 && n)
            break;
        if (nparts > 0 && !n)
            begin = before;
        if (nparts > 0)
            n = append(buffer, n, parts, nparts);
        if (n)
            end = at; /* marks behind the last letter belong to it */
    }
    *rest = str_from(s, (size_t)at);
    if (!n)
        return false;
    *ret_word = (struct word){{s.p + begin, (size_t)(end - begin)}, {buffer, n}};
    return true;
}

int word_fold(struct arena *a, str text, str *ret_folded)
{
    struct sb b = sb_init(a, 0);
    char buffer[WORD_BYTES];
    struct word w;

    if (!str_is_utf8(text))
        return ERR_ENCODING;
    while (word_next(&text, buffer, &w)) {
        if (b.n)
            sb_char(&b, ' ');
        sb_add(&b, w.folded);
    }
    if (b.err)
        return ERR_MEM;
    *ret_folded = b.n ? sb_str(&b) : S("");
    return 0;
}

int word_compose(struct arena *a, str text, str *ret_text)
{
    UErrorCode e = U_ZERO_ERROR;
    const UNormalizer2 *nfc = unorm2_getNFCInstance(&e);
    int32_t n = 0, nwide = 0, nout = 0;
    UChar *wide, *out;
    char *to;

    if (!str_is_utf8(text))
        return ERR_ENCODING;
    wide = arena_array(a, text.n + 1, sizeof(*wide));
    out = arena_array(a, 3 * text.n + 1, sizeof(*out)); /* NFC makes at most three of one */
    if (!wide || !out)
        return ERR_MEM;
    u_strFromUTF8(wide, (int32_t)text.n + 1, &nwide, text.p ? text.p : "", (int32_t)text.n, &e);
    nout = unorm2_normalize(nfc, wide, nwide, out, (int32_t)(3 * text.n + 1), &e);
    to = U_SUCCESS(e) ? arena_alloc(a, 3 * (size_t)nout + 1) : NULL;
    if (!to)
        return ERR_MEM;
    u_strToUTF8(to, 3 * nout + 1, &n, out, nout, &e);
    if (U_FAILURE(e))
        return ERR_ENCODING;
    *ret_text = (str){to, (size_t)n};
    return 0;
}
