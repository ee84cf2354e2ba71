#include "domain/spoken.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/sb.h"
#include "base/str.h"
#include "domain/numeral.h"

#include <unicode/ucal.h>
#include <unicode/udat.h>
#include <unicode/ustring.h>

/*
 * A line is walked once; at each place the first rule that fits takes what it knows:
 *
 *   https://www.a.example/b?c   ▶ a.example          [3]            ▶ (nothing)
 *   [words](address)            ▶ words              +993 12 34…    ▶ + 9 9 3, 1 2, 3 4 …
 *   2026-05-12, 12.05.2026      ▶ 12 May 2026        12 000 (no-break space) ▶ 12000
 */
enum { PHONE_DIGITS = 7, DATE_CHARS = 10, DATE_UNITS = 64, DIGITS = 24 };

struct line {
    struct sb *to;
    str lang, s;
    size_t at;
};

static void say(struct line *l);

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Any letter outside ASCII counts as one. */
static bool is_word(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (unsigned char)c >= 0x80;
}

static char peek(const struct line *l, size_t ahead)
{
    return l->at + ahead < l->s.n ? l->s.p[l->at + ahead] : 0;
}

static char before(const struct line *l)
{
    return l->at ? l->s.p[l->at - 1] : 0;
}

static void space(struct sb *to)
{
    if (to->n && to->p[to->n - 1] != ' ')
        sb_char(to, ' ');
}

static void unspace(struct sb *to)
{
    while (to->n && to->p[to->n - 1] == ' ')
        to->n--;
}

/* A space as it stands inside numbers: also U+00A0, U+202F, U+2009. Its bytes, or 0. */
static size_t number_space(const struct line *l)
{
    static const str spaces[] = {S("\xc2\xa0"), S("\xe2\x80\xaf"), S("\xe2\x80\x89"), S(" ")};

    for (size_t i = 0; i < NELEM(spaces); i++)
        if (str_starts(str_from(l->s, l->at), spaces[i]))
            return spaces[i].n;
    return 0;
}

/* ---- the rules: true when one has taken something ---- */

static bool take_address(struct line *l)
{
    str rest = str_from(l->s, l->at), host;
    size_t n = 0;

    if (!str_starts(rest, S("https://")) && !str_starts(rest, S("http://")))
        return false;
    while (n < rest.n && (unsigned char)rest.p[n] > ' ' && !str_starts(str_from(rest, n), S(")")) &&
           rest.p[n] != '>' && rest.p[n] != ']')
        n++;
    while (n && str_chr(S(".,;:!?"), rest.p[n - 1]) >= 0)
        n--;
    host = str_from(str_take(rest, n), (size_t)str_find(rest, S("://")) + 3);
    host = str_cut(host, '/').head;
    if (str_starts(host, S("www.")))
        host = str_from(host, 4);
    sb_add(l->to, host);
    l->at += n;
    return true;
}

/* A footnote goes; of a link the words stay. */
static bool take_bracket(struct line *l)
{
    size_t n = 1;

    if (peek(l, 0) == '[') {
        while (is_digit(peek(l, n)))
            n++;
        if (n > 1 && peek(l, n) == ']')
            unspace(l->to);
        l->at += n > 1 && peek(l, n) == ']' ? n + 1 : 1;
        return true;
    }
    if (peek(l, 0) != ']')
        return false;
    if (peek(l, 1) == '(') {
        ptrdiff_t end = str_chr(str_from(l->s, l->at), ')');

        n = end < 0 ? l->s.n - l->at : (size_t)end + 1;
    }
    l->at += n;
    return true;
}

/* Digits of a telephone number; a break between groups is a pause. */
static bool take_phone(struct line *l)
{
    size_t n = 1, ndigits = 0;
    bool is_gap = false, is_spelled = numeral_is_needed(l->lang);

    if (peek(l, 0) != '+' || !is_digit(peek(l, 1)))
        return false;
    while (is_digit(peek(l, n)) || (peek(l, n) && str_chr(S(" ()-"), peek(l, n)) >= 0))
        ndigits += is_digit(peek(l, n++));
    if (ndigits < PHONE_DIGITS)
        return false;
    while (n > 1 && !is_digit(peek(l, n - 1)))
        n--;
    sb_c(l->to, is_spelled ? "" : "+");
    for (size_t i = 1; i < n; i++) {
        if (!is_digit(peek(l, i))) {
            is_gap = true;
            continue;
        }
        sb_c(l->to, is_gap ? ", " : " ");
        if (is_spelled)
            numeral_add_digit(l->to, peek(l, i));
        else
            sb_char(l->to, peek(l, i));
        is_gap = false;
    }
    l->at += n;
    return true;
}

/* "d MMMM y" in the language, by the Gregorian calendar as it was written. */
static bool add_date(struct line *l, int year, int month, int day)
{
    char locale[64], text[3 * DATE_UNITS];
    UChar out[DATE_UNITS];
    UErrorCode e = U_ZERO_ERROR;
    UCalendar *calendar;
    UDateFormat *format = NULL;
    int32_t n = 0, nbytes = 0;
    str tail = S("@calendar=gregorian;numbers=latn");

    if (str_copy(locale, sizeof(locale) - tail.n, l->lang) < 0)
        return false;
    (void)str_copy(locale + l->lang.n, tail.n + 1, tail);
    calendar = ucal_open(u"UTC", -1, locale, UCAL_GREGORIAN, &e);
    if (U_SUCCESS(e))
        format = udat_open(UDAT_PATTERN, UDAT_PATTERN, locale, u"UTC", -1, u"d MMMM y", -1, &e);
    if (U_SUCCESS(e)) {
        ucal_setDate(calendar, year, month - 1, day, &e);
        n = udat_format(format, ucal_getMillis(calendar, &e), out, DATE_UNITS, NULL, &e);
    }
    if (U_SUCCESS(e))
        u_strToUTF8(text, sizeof(text), &nbytes, out, n, &e);
    if (format)
        udat_close(format);
    if (calendar)
        ucal_close(calendar);
    if (U_FAILURE(e) || nbytes > (int32_t)sizeof(text))
        return false;
    say(&(struct line){.to = l->to, .lang = l->lang, .s = {text, (size_t)nbytes}});
    return true;
}

static bool is_form(str s, const char *form)
{
    for (size_t i = 0; i < DATE_CHARS; i++)
        if (form[i] == '0' ? !is_digit(s.p[i]) : s.p[i] != form[i])
            return false;
    return true;
}

static int number(str s, size_t at, size_t n)
{
    uint64_t v = 0;

    (void)str_u64(str_take(str_from(s, at), n), 9999, &v);
    return (int)v;
}

static bool take_date(struct line *l)
{
    str s = str_take(str_from(l->s, l->at), DATE_CHARS);
    bool is_iso, is_taken;
    int year, month, day;

    if (s.n < DATE_CHARS || is_word(before(l)) || is_digit(peek(l, DATE_CHARS)))
        return false;
    is_iso = is_form(s, "0000-00-00");
    if (!is_iso && !is_form(s, "00.00.0000"))
        return false;
    year = number(s, is_iso ? 0 : 6, 4);
    month = number(s, is_iso ? 5 : 3, 2);
    day = number(s, is_iso ? 8 : 0, 2);
    if (year < 1 || month < 1 || month > 12 || day < 1 || day > 31)
        return false;
    is_taken = add_date(l, year, month, day);
    l->at += is_taken ? DATE_CHARS : 0;
    return is_taken;
}

/* "-nji" behind a number, in Turkmen; its bytes, or 0. Another ending is said as it is written. */
static size_t ordinal_size(const struct line *l)
{
    str rest = str_from(l->s, l->at);
    bool is_one = str_starts(rest, S("-nji")) || str_starts(rest, S("-njy"));

    return is_one ? 4 : 0;
}

static void spell(struct line *l, str digits)
{
    size_t ordinal = ordinal_size(l);

    numeral_add(l->to, digits, ordinal != 0);
    l->at += ordinal;
    if (!ordinal && peek(l, 0) == '-' && is_word(peek(l, 1)) && !is_digit(peek(l, 1)))
        l->at++; /* "150-den" */
    if (peek(l, 0) == '%') {
        sb_c(l->to, " göterim");
        l->at++;
    }
}

/* Bytes of the space before a group of exactly three digits; 0: none follows. */
static size_t group_space(const struct line *l)
{
    size_t gap = number_space(l), n = 0;

    while (gap && is_digit(peek(l, gap + n)))
        n++;
    return n == 3 ? gap : 0;
}

/* Groups of three with a space between are one number. */
static bool take_number(struct line *l)
{
    char digits[DIGITS];
    size_t n = 0, first, gap;

    if (!is_digit(peek(l, 0)) || is_digit(before(l)))
        return false;
    while (n < DIGITS && is_digit(peek(l, n))) {
        digits[n] = peek(l, n);
        n++;
    }
    first = n;
    l->at += n;
    while (first <= 3 && n + 3 <= DIGITS && (gap = group_space(l)) != 0) {
        for (size_t i = 0; i < 3; i++)
            digits[n++] = peek(l, gap + i);
        l->at += gap + 3;
    }
    if (numeral_is_needed(l->lang))
        spell(l, (str){digits, n});
    else
        sb_add(l->to, (str){digits, n});
    return true;
}

static bool take_space(struct line *l)
{
    size_t n = number_space(l);

    if (!n && (unsigned char)peek(l, 0) > ' ')
        return false;
    space(l->to);
    l->at += n ? n : 1;
    return true;
}

/* Signs that say how it looks, or nothing at all. */
static bool take_sign(struct line *l)
{
    char c = peek(l, 0);
    bool is_inside = is_word(before(l)) && is_word(peek(l, 1));
    bool is_loud = c == '!' && peek(l, 1) != '[';

    if (is_loud || str_chr(S("*`~|_/<>!\\"), c) < 0)
        return false;
    if (c == '/' && is_digit(before(l)) && is_digit(peek(l, 1)))
        return false;
    if (c == '|')
        sb_c(l->to, ",");
    if (is_inside || c == '|' || c == '<' || c == '>')
        space(l->to);
    l->at++;
    return true;
}

static void say(struct line *l)
{
    typedef bool rule_fn(struct line *l);
    static rule_fn *const rules[] = {take_address, take_bracket, take_phone, take_date,
                                     take_number,  take_space,   take_sign};

    while (l->at < l->s.n) {
        bool is_taken = false;

        for (size_t i = 0; i < NELEM(rules) && !is_taken; i++)
            is_taken = rules[i](l);
        if (!is_taken)
            sb_char(l->to, l->s.p[l->at++]);
    }
}

/* ---- lines ---- */

static void finish(struct sb *to)
{
    static const str ends[] = {S("."), S("!"), S("?"), S(":"), S(";"), S(","),
                               S("…"), S("؟"), S("۔"), S("،"), S("؛")};
    str s;

    unspace(to);
    s = sb_str(to);
    for (size_t i = 0; i < NELEM(ends); i++)
        if (!s.n || str_ends(s, ends[i]))
            return;
    sb_c(to, ".");
}

/* What begins a heading, a line of a list or a quotation; its bytes. */
static size_t mark_size(str line)
{
    static const str marks[] = {S("- "), S("* "), S("+ "), S("• "), S("– "), S("— "), S("> ")};
    size_t n = 0;

    while (n < line.n && line.p[n] == '#')
        n++;
    if (n && n < line.n && line.p[n] == ' ')
        return n + 1;
    for (size_t i = 0; i < NELEM(marks); i++)
        if (str_starts(line, marks[i]))
            return marks[i].n;
    return 0;
}

/* A line of nothing but signs is drawn, not said. */
static bool is_rule(str line)
{
    for (size_t i = 0; i < line.n; i++)
        if (str_chr(S("-*_=| :"), line.p[i]) < 0)
            return false;
    return true;
}

int spoken_text(struct arena *a, str lang, str text, str *ret_spoken)
{
    struct sb b = sb_init(a, 0);
    bool is_ended = true;
    str line;

    if (text.n > SPOKEN_MOST_BYTES)
        return ERR_TOO_BIG;
    if (!str_is_utf8(text))
        return ERR_ENCODING;
    while (str_line(&text, &line)) {
        size_t mark;

        line = str_trim(line);
        mark = mark_size(line);
        if (!is_ended && (mark || is_rule(line)))
            finish(&b);
        is_ended = line.n && (line.p[0] == '#' || is_rule(line));
        if (is_rule(line))
            continue;
        if (b.n)
            space(&b);
        say(&(struct line){.to = &b, .lang = lang, .s = str_from(line, mark)});
        if (is_ended)
            finish(&b);
    }
    finish(&b);
    if (b.err)
        return ERR_MEM;
    *ret_spoken = b.n ? sb_str(&b) : S("");
    return 0;
}
