#include "domain/slug.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/seminar.h"

#include <unicode/ustring.h>
#include <unicode/utrans.h>

/* A beginning is enough; one character becomes up to 18 letters (U+FDFA). */
enum { SLUG_BYTES = 50, TAKEN = 100, WIDE = 18 * TAKEN };

/* In Latin letters without marks; ICU's own names of the rules. */
static int32_t latin(str title, UChar wide[static WIDE])
{
    static const UChar rules[] = u"Any-Latin; Latin-ASCII; Lower";
    UErrorCode e = U_ZERO_ERROR;
    UTransliterator *t = utrans_openU(rules, -1, UTRANS_FORWARD, NULL, 0, NULL, &e);
    int32_t n = 0, limit;

    if (U_FAILURE(e))
        return 0;
    u_strFromUTF8(wide, TAKEN, &n, title.p, (int32_t)title.n, &e);
    if (e == U_BUFFER_OVERFLOW_ERROR) {
        e = U_ZERO_ERROR;
        n = TAKEN;
    }
    limit = n;
    utrans_transUChars(t, wide, &n, WIDE, 0, &limit, &e);
    utrans_close(t);
    return U_SUCCESS(e) && n <= WIDE ? n : 0;
}

int slug_make(struct arena *a, str title, str instead, str *ret_slug)
{
    UChar wide[WIDE];
    int32_t n = latin(str_take_whole(title, 4 * TAKEN), wide);
    char *to = arena_alloc(a, SLUG_BYTES + 1);
    size_t len = 0, word = 0;
    int32_t i = 0;

    if (!to)
        return ERR_MEM;
    for (; i < n && len < SLUG_BYTES; i++) {
        UChar c = wide[i];
        bool is_part = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');

        if (is_part)
            to[len++] = (char)c;
        else if (c != '\'' && c != '`' && len && to[len - 1] != '-') {
            word = len;
            to[len++] = '-';
        }
    }
    if (i < n && word > 8) /* cut inside a word: without its half */
        len = word;
    while (len && to[len - 1] == '-')
        len--;
    *ret_slug = seminar_is_slug((str){to, len}) ? (str){to, len} : instead;
    return 0;
}
