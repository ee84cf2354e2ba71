#include "domain/country.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/sb.h"
#include "base/str.h"
#include "domain/fold.h"

#include <string.h>
#include <unicode/uloc.h>
#include <unicode/ustring.h>

/* Names in use that ICU does not give, or gives otherwise; folded. */
static const struct {
    const char *text, *code;
} also[] = {
    {"кыргызстан", "KG"}, {"кыргызская республика", "KG"}, {"kyrgyz republic", "KG"},
    {"российская федерация", "RU"}, {"рф", "RU"}, {"russian federation", "RU"},
    {"республика узбекистан", "UZ"}, {"республика казахстан", "KZ"},
    {"республика таджикистан", "TJ"}, {"сша", "US"},
    /* its English name in the United Nations since 2022, as our pages and as keyboards write it */
    {"türkiye", "TR"}, {"turkiye", "TR"},
};

/* Is the folded name what `lang` calls this country? */
static bool is_called(struct arena *a, const char *code, const char *lang, str wanted)
{
    char locale[8] = "und_";
    UChar wide[128];
    char name[512];
    UErrorCode e = U_ZERO_ERROR;
    int32_t n;
    str folded;

    memcpy(locale + 4, code, 3);
    n = uloc_getDisplayCountry(locale, lang, wide, NELEM(wide), &e);
    u_strToUTF8(name, sizeof(name), &n, wide, n, &e);
    return U_SUCCESS(e) && fold_text(a, (str){name, (size_t)n}, &folded) == 0 &&
           str_eq(folded, wanted);
}

int country_parse(struct arena *a, str cell, str *ret_code)
{
    static const char *const langs[] = {"en", "ru", "tk", "fa_AF"};
    const char *const *codes = uloc_getISOCountries();
    str folded;

    if (!cell.n) {
        *ret_code = (str){NULL, 0};
        return 0;
    }
    if (fold_text(a, cell, &folded) < 0)
        return ERR_NOT_FOUND;
    for (size_t i = 0; i < NELEM(also); i++) {
        if (str_eq(folded, str_c(also[i].text))) {
            *ret_code = str_c(also[i].code);
            return 0;
        }
    }
    for (; *codes; codes++) {
        bool is_it = str_ieq(cell, str_take(str_c(*codes), 2)) && strlen(*codes) == 2;

        for (size_t i = 0; i < NELEM(langs) && !is_it && folded.n > 2; i++)
            is_it = is_called(a, *codes, langs[i], folded);
        if (is_it) {
            *ret_code = str_c(*codes); /* ICU's own constant */
            return 0;
        }
    }
    return ERR_NOT_FOUND;
}

int country_list_parse(struct arena *a, str cells, str *ret_codes)
{
    struct sb b = sb_init(a, 0);

    while (cells.n) {
        size_t n = 0;
        str code;

        while (n < cells.n && cells.p[n] != ',' && cells.p[n] != ';')
            n++;
        if (country_parse(a, str_trim(str_take(cells, n)), &code) < 0)
            return ERR_NOT_FOUND;
        if (code.p)
            sb_printf(&b, "%s%.*s", b.n ? "," : "", STR(code));
        cells = str_from(cells, n + 1);
    }
    if (b.err)
        return ERR_MEM;
    *ret_codes = b.n ? sb_str(&b) : (str){NULL, 0};
    return 0;
}
