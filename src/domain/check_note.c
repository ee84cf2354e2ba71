/*
 * What no list of words can find. Each note is a question to the writer, never a verdict; the marks
 * C1 … C7 are those of domain/reporting-check.md, whose sources the page names.
 */
#include "domain/check_i.h"

#include "base/str.h"
#include "domain/letter.h"

#include <stdlib.h>
#include <unicode/uchar.h>

enum {
    LONG_BYTES = 600, /* a short notice needs neither two sources nor a box with help */
    PHONE_DIGITS = 7, /* without a code of the country or the town */
    PASSPORT_DIGITS = 6,
    BIG_FIGURE = 1000,
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Digits of a number that goes on over spaces, brackets and hyphens; ret_end: behind the last. */
static unsigned count_digits(str s, size_t at, size_t *ret_end)
{
    unsigned digits = 0;
    size_t gap = 0;

    for (size_t i = at; i < s.n && gap < 3; i++) {
        if (is_digit(s.p[i])) {
            digits++;
            gap = 0;
            *ret_end = i + 1;
        } else if (s.p[i] == ' ' || s.p[i] == '-' || s.p[i] == '(' || s.p[i] == ')') {
            gap++;
        } else {
            break;
        }
    }
    return digits;
}

/* "24.11.2020": day, month, year. */
static bool is_day(str s)
{
    return s.n == 10 && is_digit(s.p[0]) && is_digit(s.p[1]) && s.p[2] == '.' && is_digit(s.p[3]) &&
           is_digit(s.p[4]) && s.p[5] == '.' && is_digit(s.p[6]) && is_digit(s.p[9]);
}

/* A sum, not a telephone: groups of three with single spaces, "1 250 000". */
static bool is_grouped(str s)
{
    size_t run = 0;

    for (size_t i = s.n; i > 0; i--) {
        if (is_digit(s.p[i - 1]))
            run++;
        else if (s.p[i - 1] != ' ' || run != 3)
            return false;
        else
            run = 0;
    }
    return run >= 1 && run <= 3;
}

static void note_phones(struct finder *f)
{
    str s = f->in->body;

    for (size_t i = 0; i < s.n; i++) {
        bool is_plus = s.p[i] == '+';
        size_t end = i;
        unsigned n;

        if (!is_digit(s.p[i]) && !is_plus)
            continue;
        n = count_digits(s, i + is_plus, &end);
        if (n >= PHONE_DIGITS && n <= 15 && !is_grouped(str_from(str_take(s, end), i)))
            check_add(f, CHECK_PHONE, CHECK_MEDIUM, i, end - i);
        if (end > i)
            i = end;
    }
}

/* How many letters, when all of them are capitals, as a series of passports is written; else 0. */
static size_t count_capitals(str s)
{
    size_t n = 0;

    for (int32_t at = 0; at < (int32_t)s.n; n++)
        if (!u_isupper(letter_next(s, &at)))
            return 0;
    return n;
}

/* Two capitals, perhaps a space, and six digits or more: the number of a passport. Written as one
 * word it may have one letter alone. */
static void note_passports(struct finder *f)
{
    const struct words *w = &f->body;

    for (size_t i = 0; i < w->n; i++) {
        const struct word *k = &w->word[i];
        str raw = {w->text.p + k->at, k->n};
        size_t letters = 0, digits = 0;

        while (letters < raw.n && !is_digit(raw.p[letters]))
            letters++;
        while (letters + digits < raw.n && is_digit(raw.p[letters + digits]))
            digits++;
        if (letters + digits != raw.n || digits < PASSPORT_DIGITS || digits > 9)
            continue;
        if (letters) {
            size_t capitals = count_capitals(str_take(raw, letters));

            if (capitals == 1 || capitals == 2)
                check_add(f, CHECK_PASSPORT, CHECK_HIGH, k->at, k->n);
        } else if (i && !k->is_apart) {
            const struct word *series = k - 1;

            if (count_capitals((str){w->text.p + series->at, series->n}) == 2)
                check_add(f, CHECK_PASSPORT, CHECK_HIGH, series->at, k->at + k->n - series->at);
        }
    }
}

static bool is_address_char(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
           c == '-' || c == '_';
}

static void note_emails(struct finder *f)
{
    str s = f->in->body;

    for (size_t i = 1; i + 1 < s.n; i++) {
        size_t from = i, to = i + 1;

        if (s.p[i] != '@')
            continue;
        while (from && is_address_char(s.p[from - 1]))
            from--;
        while (to < s.n && is_address_char(s.p[to]))
            to++;
        if (from < i && str_chr(str_from(str_take(s, to), i), '.') > 0)
            check_add(f, CHECK_EMAIL, CHECK_MEDIUM, from, to - from);
    }
}

/* Where somebody who was harmed lives or works, or when he was born: small details add up. */
static void note_details(struct finder *f)
{
    const struct words *w = &f->body;

    for (size_t i = 0; i < w->n; i++) {
        const struct word *k = &w->word[i];
        bool is_date = i + 2 < w->n && is_day((str){w->text.p + k->at,
                                                    w->word[i + 2].at + w->word[i + 2].n - k->at});
        size_t from, to;

        if (!is_date && !check_any(w, &f->r->places, i, i + 1))
            continue;
        check_span(w, i, 0, &from, &to);
        if (is_date) /* the points of a date end no sentence for a reader */
            check_span(w, i, 2, &from, &to);
        if (check_any(w, &f->r->person, from, to))
            check_add(f, is_date ? CHECK_BIRTH : CHECK_PLACE, CHECK_HIGH, k->at,
                      is_date ? 10 : k->n);
    }
}

static bool is_year(str digits)
{
    uint64_t y;

    return digits.n == 4 && str_u64(digits, 2100, &y) == 0 && y >= 1900;
}

/* A big number, a share or "thousands" whose sentence names no year or no source. */
static void note_figures(struct finder *f)
{
    const struct words *w = &f->body;
    uint32_t last = UINT32_MAX;

    for (size_t i = 0; i < w->n; i++) {
        const struct word *k = &w->word[i];
        uint64_t value = 0;
        bool is_number = str_u64(k->folded, UINT64_MAX / 2, &value) == 0 && !is_year(k->folded);
        bool has_year = false;
        size_t from, to;

        if (k->sentence == last || k->is_quoted ||
            !((is_number && value >= BIG_FIGURE) || check_any(w, &f->r->figures, i, i + 1)))
            continue;
        check_span(w, i, 0, &from, &to);
        for (size_t y = from; y < to; y++)
            has_year |= is_year(w->word[y].folded);
        last = k->sentence; /* one look and at most one note a sentence */
        if (!has_year || !check_any(w, &f->r->attributions, from, to))
            check_add(f, CHECK_FIGURE, CHECK_MEDIUM, k->at, k->n);
    }
}

static void note_pictures(struct finder *f)
{
    const struct words *w = &f->body;
    str rest = w->text, line;
    size_t i = 0;

    while (str_line(&rest, &line)) {
        size_t from = (size_t)(line.p - w->text.p), first;
        bool is_caption = str_find(line, S("![")) >= 0;

        while (i < w->n && w->word[i].at < from)
            i++;
        first = i;
        while (i < w->n && w->word[i].at < from + line.n)
            i++;
        if (!is_caption && !(first < i && check_any(w, &f->r->captions, first, first + 1)))
            continue;
        for (size_t k = first; k < i; k++)
            if (check_any(w, &f->r->pictures, k, k + 1))
                check_add(f, CHECK_PICTURE, CHECK_MEDIUM, w->word[k].at, w->word[k].n);
    }
}

static void note_sources(struct finder *f)
{
    const struct words *w = &f->body;
    unsigned sources = 0;
    uint32_t last = UINT32_MAX;

    if (w->text.n < LONG_BYTES)
        return;
    for (size_t i = 0; i < w->n; i++)
        if (w->word[i].sentence != last && check_any(w, &f->r->attributions, i, i + 1)) {
            sources++;
            last = w->word[i].sentence;
        }
    if (sources < 2)
        check_add(f, CHECK_ONE_SOURCE, CHECK_INFO, 0, 0);
    if (f->r->help.n && !check_any(w, &f->r->help, 0, w->n))
        check_add(f, CHECK_NO_HELP, CHECK_INFO, 0, 0);
}

/* Whether a word of the headline stands in the text, as far as its first letters: forms differ. */
static bool is_in_body(const struct words *body, str word)
{
    str stem = str_take_whole(word, word.n > 10 ? word.n * 2 / 3 : word.n);

    for (size_t i = 0; i < body->n; i++) {
        ++*body->steps;
        if (str_starts(body->word[i].folded, stem))
            return true;
    }
    return false;
}

/* Long words only: the short ones are articles and prepositions. */
static void note_title(struct finder *f)
{
    unsigned all = 0, found = 0;

    for (size_t i = 0; i < f->title.n; i++) {
        str word = f->title.word[i].folded;

        if (word.n < 5)
            continue;
        all++;
        found += is_in_body(&f->body, word);
    }
    if (all >= 3 && f->body.n >= 10 && found * 2 < all)
        check_add(f, CHECK_TITLE, CHECK_INFO, 0, 0);
}

void check_notes(struct finder *f)
{
    note_phones(f);
    note_passports(f);
    note_emails(f);
    note_details(f);
    note_figures(f);
    note_pictures(f);
    note_sources(f);
    note_title(f);
}
