#include "domain/charset.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"

#include <unicode/ucnv.h>
#include <unicode/ucsdet.h>

/*
 * In the order of trust when ICU's confidence is alike: Windows-1251 is what spreadsheets of the
 * region write.
 */
static const char *const known[] = {"windows-1251", "IBM866", "KOI8-R", "windows-1254",
                                    "windows-1252"};

static const char *known_name(const char *name)
{
    /*
     * ICU names bytes without any Cyrillic or Turkish letter so; windows-1252 holds the same ones.
     */
    if (str_eq(str_c(name), S("ISO-8859-1")))
        return "windows-1252";
    if (str_eq(str_c(name), S("ISO-8859-9")))
        return "windows-1254";
    for (size_t i = 0; i < NELEM(known); i++) {
        if (str_eq(str_c(name), str_c(known[i])))
            return known[i];
    }
    return NULL;
}

static const char *detect(str bytes)
{
    UErrorCode e = U_ZERO_ERROR;
    UCharsetDetector *d = ucsdet_open(&e);
    const UCharsetMatch **all;
    const char *name = NULL;
    int32_t n = 0;

    if (U_FAILURE(e))
        return NULL;
    ucsdet_setText(d, bytes.p, (int32_t)bytes.n, &e);
    all = ucsdet_detectAll(d, &n, &e);
    for (int32_t i = 0; i < n && !name && U_SUCCESS(e); i++)
        name = known_name(ucsdet_getName(all[i], &e));
    ucsdet_close(d);
    return name;
}

static int convert(struct arena *a, const char *name, str bytes, str *ret_text)
{
    UErrorCode e = U_ZERO_ERROR;
    size_t room = bytes.n * 3 + 1; /* a byte or a UTF-16 unit becomes at most three bytes */
    char *to = arena_alloc(a, room);
    int32_t n;

    if (!to)
        return ERR_MEM;
    n = ucnv_convert("UTF-8", name, to, (int32_t)room, bytes.p, (int32_t)bytes.n, &e);
    if (U_FAILURE(e) || n < 0 || !str_is_utf8((str){to, (size_t)n}))
        return ERR_ENCODING;
    *ret_text = (str){to, (size_t)n};
    return 0;
}

int charset_utf8(struct arena *a, str bytes, str *ret_text, const char **ret_name)
{
    const char *name;
    int r;

    if (bytes.n > MAX_HTTP_BODY)
        return ERR_TOO_BIG;
    if (str_starts(bytes, S("\xef\xbb\xbf")))
        bytes = str_from(bytes, 3);
    if (str_is_utf8(bytes)) {
        *ret_text = bytes;
        *ret_name = "UTF-8";
        return 0;
    }
    if (str_starts(bytes, S("\xff\xfe")) || str_starts(bytes, S("\xfe\xff")))
        name = "UTF-16"; /* the converter takes the mark away */
    else
        name = detect(bytes);
    if (!name)
        return ERR_ENCODING;
    r = convert(a, name, bytes, ret_text);
    if (r == 0)
        *ret_name = name;
    return r;
}
