/*
 * Two passes over the text. The first cuts words and counts sentences; the second marks what is
 * quoted: between quotation marks of one paragraph, in lines that begin with '>', and behind the
 * word for a law when a linking word follows ("Protocol against …", "закон о …") up to the next
 * sign.
 */
#include "domain/check_i.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/letter.h"

#include <unicode/uchar.h>

enum { LAW_TITLE_WORDS = 12 }; /* the long ones: "On the prevention of trafficking in persons, …" */

/* 0: drop it. */
static UChar32 fold_letter(UChar32 c)
{
    switch (c) {
    case 0x27:
    case 0x60:
    case 0xb4:
    case 0x2bb:
    case 0x2bc:
    case 0x2018:
    case 0x2019:
    case 0x201b:
        return 0; /* o', o`, oʻ, o’ are one letter in Uzbek practice */
    case 0x401:
    case 0x451:
        return 0x435; /* ё */
    /* Tajik letters as they are, and by the code points of old fonts (domain/context.md 3.3) */
    case 0x492:
    case 0x493:
    case 0x403:
    case 0x453:
        return 0x433; /* ғ */
    case 0x4e2:
    case 0x4e3:
        return 0x438; /* ӣ */
    case 0x49a:
    case 0x49b:
    case 0x40c:
    case 0x45c:
        return 0x43a; /* қ */
    case 0x4ee:
    case 0x4ef:
        return 0x443; /* ӯ */
    case 0x4b2:
    case 0x4b3:
    case 0x40a:
    case 0x45a:
        return 0x445; /* ҳ */
    case 0x4b6:
    case 0x4b7:
    case 0x409:
    case 0x459:
        return 0x447; /* ҷ */
    default:
        return u_foldCase(c, U_FOLD_CASE_DEFAULT);
    }
}

static bool is_letter(UChar32 c)
{
    return u_isalnum(c) || u_getCombiningClass(c) || (c != '`' && !fold_letter(c));
}

str check_fold(struct arena *a, str s)
{
    uint8_t *to = arena_alloc(a, s.n * 2 + 4); /* folding at most doubles the bytes of a letter */
    int32_t at = 0, n = 0;

    while (to && at < (int32_t)s.n) {
        UChar32 c;
        UChar32 u;

        c = letter_next(s, &at);
        u = c < 0 ? 0 : fold_letter(c);
        if (u)
            letter_put(to, &n, u);
    }
    return (str){(const char *)to, (size_t)n};
}

/* What a sign between two words means. */
struct gap {
    bool is_apart, is_sentence;
    unsigned newlines;
};

static void gap_sign(struct gap *g, UChar32 c)
{
    if (c == '\n')
        g->newlines++;
    if (c == '.' || c == '!' || c == '?' || c == 0x2026 || c == ';' || g->newlines > 1)
        g->is_sentence = true;
    if (!u_isUWhiteSpace(c) && c != '-' && c != 0x2010 && c != 0x2011 && c != '*' && c != '_')
        g->is_apart = true;
}

static int cut_words(struct arena *a, str text, struct words *w)
{
    struct gap gap = {0};
    uint32_t sentence = 0;
    int32_t at = 0;

    while (at < (int32_t)text.n) {
        int32_t begin = at;
        UChar32 c;
        struct word *k;

        c = letter_next(text, &at);
        if (!u_isalnum(c)) {
            gap_sign(&gap, c);
            continue;
        }
        for (int32_t next = at; next < (int32_t)text.n && is_letter(c);) {
            at = next;
            c = letter_next(text, &next);
            if (next == (int32_t)text.n && is_letter(c))
                at = next;
        }
        sentence += gap.is_sentence;
        k = &w->word[w->n++];
        *k = (struct word){.at = (size_t)begin,
                           .n = (size_t)(at - begin),
                           .sentence = sentence,
                           .is_apart = gap.is_apart || gap.is_sentence};
        k->folded = check_fold(a, (str){text.p + begin, k->n});
        if (!k->folded.p)
            return ERR_MEM;
        gap = (struct gap){0};
    }
    return 0;
}

/* Ranges come in order: io_next is the word that the next one is looked for from. */
static void quote_range(struct words *w, size_t *io_next, size_t from, size_t to)
{
    size_t i = *io_next;

    for (; i < w->n && w->word[i].at < to; i++) {
        w->word[i].is_quoted |= w->word[i].at >= from;
        ++*w->steps;
    }
    *io_next = i;
}

/* The sign that closes what c opens; 0: c opens nothing. */
static UChar32 closing(UChar32 c)
{
    switch (c) {
    case 0xab:
        return 0xbb; /* « » */
    case 0x201e:
        return 0x201c; /* „ “ */
    case 0x201c:
        return 0x201d; /* “ ” */
    case '"':
        return '"';
    default:
        return 0;
    }
}

/* A quotation that its paragraph does not close is none. */
static void mark_quotations(struct words *w)
{
    UChar32 closes = 0;
    size_t next = 0;
    int32_t at = 0, begin = 0;
    unsigned newlines = 0;

    while (at < (int32_t)w->text.n) {
        UChar32 c;

        c = letter_next(w->text, &at);
        newlines = c == '\n' ? newlines + 1 : u_isUWhiteSpace(c) ? newlines : 0;
        if (newlines > 1) {
            closes = 0;
        } else if (closes && c == closes) {
            quote_range(w, &next, (size_t)begin, (size_t)at);
            closes = 0;
        } else if (!closes && closing(c)) {
            closes = closing(c);
            begin = at;
        }
    }
}

static void mark_quoted_lines(struct words *w)
{
    str rest = w->text, line;
    size_t next = 0;

    while (str_line(&rest, &line)) {
        size_t from = (size_t)(line.p - w->text.p);

        if (str_starts(str_trim(line), S(">")))
            quote_range(w, &next, from, from + line.n);
    }
}

static void mark_law_titles(const struct check_rules *r, struct words *w)
{
    for (size_t i = 0; i + 1 < w->n; i++) {
        size_t k = i + 1;

        if (!check_any(w, &r->laws, i, i + 1) || w->word[k].is_apart ||
            !check_any(w, &r->law_links, k, k + 1))
            continue;
        for (; k < w->n && k < i + LAW_TITLE_WORDS && !w->word[k].is_apart; k++)
            w->word[k].is_quoted = true;
    }
}

int check_words(struct arena *a, const struct check_rules *r, str text, struct words *ret_words)
{
    /* a word and the sign behind it take two bytes at least */
    struct words w = {.text = text,
                      .word = arena_array(a, text.n / 2 + 1, sizeof(struct word)),
                      .steps = arena_array(a, 1, sizeof(uint64_t))};
    int e;

    if (!w.word || !w.steps)
        return ERR_MEM;
    if (!str_is_utf8(text))
        return ERR_ENCODING;
    e = cut_words(a, text, &w);
    if (e < 0)
        return e;
    mark_quotations(&w);
    mark_quoted_lines(&w);
    if (r)
        mark_law_titles(r, &w);
    *ret_words = w;
    return 0;
}
