/*
 * ICU's formatters take some 100 µs to open and must not be shared by threads, so every thread
 * keeps the last few.
 */
#include "web/texts_i.h"

#include "base/sb.h"
#include "base/str.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unicode/ucal.h>
#include <unicode/udat.h>
#include <unicode/uldnames.h>
#include <unicode/uloc.h>
#include <unicode/unum.h>
#include <unicode/upluralrules.h>
#include <unicode/ustring.h>

/* 28: seven kinds for four pairs of language and zone, which is what one seminar's readers use at a
 * time. */
enum { KEPT = 28, ZONE_TEXT = 48, WIDE = 256 };

enum kind {
    KIND_NONE,
    KIND_DATE,
    KIND_TIME,
    KIND_DATETIME,
    KIND_CITY,
    KIND_MONTH,
    KIND_NUM,
    KIND_PLURAL
};

struct kept {
    enum kind kind;
    const char *locale; /* of a struct text_lang, so pointers compare */
    char zone[ZONE_TEXT];
    void *icu;
};

struct cache {
    struct kept kept[KEPT];
    unsigned next; /* to be replaced, round and round */
};

static pthread_key_t cache_key;
static pthread_once_t cache_once = PTHREAD_ONCE_INIT;

static void kept_close(struct kept *k)
{
    if (k->kind == KIND_NUM)
        unum_close(k->icu);
    else if (k->kind == KIND_PLURAL)
        uplrules_close(k->icu);
    else if (k->kind != KIND_NONE)
        udat_close(k->icu);
    k->kind = KIND_NONE;
}

static void cache_free(void *p)
{
    struct cache *c = p;

    for (unsigned i = 0; i < KEPT; i++)
        kept_close(&c->kept[i]);
    free(c);
}

static void cache_init(void)
{
    pthread_key_create(&cache_key, cache_free);
}

static struct cache *cache_of_thread(void)
{
    struct cache *c;

    pthread_once(&cache_once, cache_init);
    c = pthread_getspecific(cache_key);
    if (c)
        return c;
    c = calloc(1, sizeof(*c));
    if (c && pthread_setspecific(cache_key, c) != 0) {
        free(c);
        return NULL;
    }
    return c;
}

static void *open_date(UDateFormatStyle time, UDateFormatStyle date, const struct kept *k,
                       const char *pattern)
{
    UErrorCode status = U_ZERO_ERROR;
    UChar zone[ZONE_TEXT], wide[8] = {0};

    u_charsToUChars(k->zone, zone, (int32_t)strlen(k->zone) + 1);
    u_charsToUChars(pattern, wide, (int32_t)strlen(pattern) + 1);
    return udat_open(time, date, k->locale, zone, -1, *pattern ? wide : NULL, *pattern ? -1 : 0,
                     &status);
}

/* Addresses of the archive name months of the Gregorian calendar, in every language. */
static void *open_month(const struct kept *k)
{
    UErrorCode status = U_ZERO_ERROR;
    char locale[ULOC_FULLNAME_CAPACITY];
    UChar pattern[12], zone[ZONE_TEXT];

    (void)snprintf(locale, sizeof(locale), "%s@calendar=gregorian", k->locale);
    u_charsToUChars(k->zone, zone, (int32_t)strlen(k->zone) + 1);
    u_charsToUChars("LLLL yyyy", pattern, sizeof("LLLL yyyy"));
    return udat_open(UDAT_PATTERN, UDAT_PATTERN, locale, zone, -1, pattern, -1, &status);
}

static void *icu_open(const struct kept *k)
{
    UErrorCode status = U_ZERO_ERROR;

    switch (k->kind) {
    case KIND_DATE:
        return open_date(UDAT_NONE, UDAT_LONG, k, "");
    case KIND_TIME:
        return open_date(UDAT_SHORT, UDAT_NONE, k, "");
    case KIND_DATETIME:
        return open_date(UDAT_SHORT, UDAT_LONG, k, "");
    case KIND_CITY:
        return open_date(UDAT_PATTERN, UDAT_PATTERN, k, "VVV");
    case KIND_MONTH:
        return open_month(k);
    case KIND_NUM:
        return unum_open(UNUM_DECIMAL, NULL, 0, k->locale, NULL, &status);
    case KIND_PLURAL:
        return uplrules_openForType(k->locale, UPLURAL_TYPE_CARDINAL, &status);
    default:
        return NULL;
    }
}

/* NULL when memory ends or ICU does not know the language. */
static void *formatter(enum kind kind, const char *locale, str zone)
{
    struct cache *c = cache_of_thread();
    struct kept want = {.kind = kind, .locale = locale};
    struct kept *k;

    if (!c || str_copy(want.zone, sizeof(want.zone), zone) < 0)
        return NULL;
    for (unsigned i = 0; i < KEPT; i++) {
        k = &c->kept[i];
        if (k->kind == kind && k->locale == locale && strcmp(k->zone, want.zone) == 0)
            return k->icu;
    }
    want.icu = icu_open(&want);
    if (!want.icu)
        return NULL;
    k = &c->kept[c->next++ % KEPT];
    kept_close(k);
    *k = want;
    return k->icu;
}

static void add_wide(struct sb *to, const UChar *wide, int32_t n)
{
    UErrorCode status = U_ZERO_ERROR;
    char text[3 * WIDE];
    int32_t len = 0;

    u_strToUTF8(text, sizeof(text), &len, wide, n < WIDE ? n : WIDE, &status);
    if (U_SUCCESS(status))
        sb_add(to, (str){text, (size_t)len});
}

static bool add_date(struct sb *to, const struct texts *t, enum kind kind, usec at)
{
    UDateFormat *format = formatter(kind, t->table->locale, t->zone);
    UErrorCode status = U_ZERO_ERROR;
    UChar wide[WIDE];
    int32_t n = 0;

    if (format)
        n = udat_format(format, (UDate)(at / USEC_MS), wide, WIDE, NULL, &status);
    if (!format || U_FAILURE(status))
        return false;
    add_wide(to, wide, n);
    return true;
}

static void add_iso(struct sb *to, usec at)
{
    time_t s = (time_t)(at / USEC_S);
    char text[40];
    struct tm tm;

    gmtime_r(&s, &tm);
    strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm);
    sb_c(to, text);
}

static bool add_num(struct sb *to, const struct texts *t, int64_t n)
{
    UNumberFormat *format = formatter(KIND_NUM, t->table->locale, S(""));
    UErrorCode status = U_ZERO_ERROR;
    UChar wide[WIDE];
    int32_t len = 0;

    if (format)
        len = unum_formatInt64(format, n, wide, WIDE, NULL, &status);
    if (!format || U_FAILURE(status))
        return false;
    add_wide(to, wide, len);
    return true;
}

/* "24 November 2020 at 10:00 (Ashgabat)" */
static bool add_datetime(struct sb *to, const struct texts *t, usec at)
{
    if (!add_date(to, t, KIND_DATETIME, at))
        return false;
    sb_c(to, " (");
    if (str_eq(t->zone, S("UTC")) || !add_date(to, t, KIND_CITY, at))
        sb_add(to, t->zone);
    sb_c(to, ")");
    return true;
}

void texts_show(struct sb *to, const struct texts *t, enum texts_show how, int64_t n)
{
    bool done = false;

    if (how == SHOW_DATE)
        done = add_date(to, t, KIND_DATE, n);
    else if (how == SHOW_TIME)
        done = add_date(to, t, KIND_TIME, n);
    else if (how == SHOW_DATETIME)
        done = add_datetime(to, t, n);
    else if (how == SHOW_MONTH)
        done = add_date(to, t, KIND_MONTH, n);
    else if (how == SHOW_NUM)
        done = add_num(to, t, n);
    if (done)
        return;
    if (how == SHOW_NUM)
        sb_printf(to, "%lld", (long long)n);
    else
        add_iso(to, n);
}

static void add_city(struct sb *to, const struct texts *t, str zone)
{
    struct texts in = *t;

    in.zone = zone;
    if (str_eq(zone, S("UTC")) || !add_date(to, &in, KIND_CITY, 0))
        sb_add(to, zone);
}

/* Our Dari is "fa", which ICU calls Persian; by the place it knows the dialect and its name. */
static int32_t language_name(const struct texts *t, const char *id, UChar wide[static WIDE],
                             UErrorCode *status)
{
    ULocaleDisplayNames *names;
    int32_t n;

    if (strcmp(id, "fa") != 0)
        return uloc_getDisplayName(id, t->table->locale, wide, WIDE, status);
    names = uldn_open(t->table->locale, ULDN_DIALECT_NAMES, status);
    if (U_FAILURE(*status))
        return 0;
    n = uldn_localeDisplayName(names, "fa_AF", wide, WIDE, status);
    uldn_close(names);
    return n;
}

void texts_show_code(struct sb *to, const struct texts *t, enum texts_show how, str code)
{
    UErrorCode status = U_ZERO_ERROR;
    char id[ULOC_FULLNAME_CAPACITY] = "und_";
    UChar wide[WIDE];
    int32_t n;

    if (how == SHOW_CITY) {
        add_city(to, t, code);
        return;
    }
    if (code.n + 5 > sizeof(id)) {
        sb_add(to, code);
        return;
    }
    /* Its name in the United Nations since 2022; ICU before 73 has the older one in English. */
    if (how == SHOW_COUNTRY && str_eq(code, S("TR")) && str_eq(t->table->code, S("en"))) {
        sb_c(to, "Türkiye");
        return;
    }
    str_copy(id + (how == SHOW_COUNTRY ? 4 : 0), sizeof(id) - 4, code);
    if (how == SHOW_COUNTRY)
        n = uloc_getDisplayCountry(id, t->table->locale, wide, WIDE, &status);
    else
        n = language_name(t, id, wide, &status);
    if (U_FAILURE(status) || status == U_USING_DEFAULT_WARNING || n == 0)
        sb_add(to, code);
    else
        add_wide(to, wide, n);
}

bool texts_is_zone(str zone)
{
    UErrorCode status = U_ZERO_ERROR;
    UBool is_system = 0;
    UChar wide[ZONE_TEXT], canonical[ZONE_TEXT];
    char text[ZONE_TEXT];

    if (!zone.n || str_copy(text, sizeof(text), zone) < 0)
        return false;
    for (size_t i = 0; i < zone.n; i++)
        if ((unsigned char)zone.p[i] >= 0x80)
            return false;
    u_charsToUChars(text, wide, (int32_t)zone.n + 1);
    ucal_getCanonicalTimeZoneID(wide, -1, canonical, ZONE_TEXT, &is_system, &status);
    return U_SUCCESS(status) && is_system;
}

size_t texts_plural_form(const struct text_lang *lang, int64_t n)
{
    UPluralRules *rules = formatter(KIND_PLURAL, lang->locale, S(""));
    UErrorCode status = U_ZERO_ERROR;
    UChar wide[16];
    char category[16] = "";
    int32_t len = 0;
    size_t i;

    if (rules)
        len = uplrules_select(rules, (double)(n < 0 ? -n : n), wide, NELEM(wide) - 1, &status);
    if (rules && U_SUCCESS(status) && len > 0) {
        u_UCharsToChars(wide, category, len);
        category[len] = 0;
    }
    for (i = 0; lang->plural[i]; i++)
        if (strcmp(lang->plural[i], category) == 0)
            return i;
    return i - 1;
}
