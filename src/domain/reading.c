#include "domain/reading.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "domain/letter.h"

#include <math.h>
#include <unicode/ubrk.h>
#include <unicode/uchar.h>
#include <unicode/utext.h>

struct walk {
    UBreakIterator *sentences, *words;
    str lang;
    struct reading r;
};

/* ---- syllables ---- */

static bool is_in(UChar32 c, str letters)
{
    int32_t at = 0;

    while (at < (int32_t)letters.n)
        if (letter_next(letters, &at) == c)
            return true;
    return false;
}

/* In these each vowel that is written is a syllable. */
static str vowels_of(str lang)
{
    if (str_eq(lang, S("ru")))
        return S("аеёиоуыэюя");
    if (str_eq(lang, S("tk")))
        return S("aäeioöuüy");
    return str_eq(lang, S("en")) ? S("aeiouy") : S("");
}

/* A last e is silent in "come", "makes", "asked", not in "table", "boxes", "wanted". */
static bool has_silent_end(const char *w, size_t n)
{
    char before;

    if (n < 3)
        return false;
    if (w[n - 1] == 'e')
        return !(w[n - 2] == 'l' && !is_in(w[n - 3], S("aeiouy"))) &&
               !is_in(w[n - 2], S("aeiouy"));
    before = w[n - 3];
    if (n < 4 || w[n - 2] != 'e' || is_in(before, S("aeiouy")))
        return false;
    if (w[n - 1] == 'd')
        return before != 't' && before != 'd';
    return w[n - 1] == 's' && !is_in(before, S("sxzcg")) &&
           !(before == 'h' && is_in(w[n - 4], S("cs"))) &&
           !(before == 'l' && !is_in(w[n - 4], S("aeiouy")));
}

/* English: groups of vowels, but a silent end. */
static size_t english(str word)
{
    char w[64];
    int32_t at = 0;
    size_t n = 0, count = 0;
    bool was_vowel = false;

    while (at < (int32_t)word.n && n < sizeof(w)) {
        UChar32 c = u_tolower(letter_next(word, &at));
        bool is_vowel = is_in(c, S("aeiouyäöüáàâéèêëíîïóôúû"));

        w[n] = c > 0 && c < 0x80 ? (char)c : is_vowel ? 'a' : 'x';
        count += is_vowel && !was_vowel;
        was_vowel = is_vowel;
        n++;
    }
    count -= count > 1 && has_silent_end(w, n);
    return count ? count : 1;
}

static size_t syllables(str lang, str word)
{
    str vowels = vowels_of(lang);
    int32_t at = 0;
    size_t n = 0;

    if (!vowels.n)
        return 0;
    if (str_eq(lang, S("en")))
        return english(word);
    while (at < (int32_t)word.n)
        n += is_in(u_tolower(letter_next(word, &at)), vowels);
    return n ? n : 1;
}

static size_t letters(str word)
{
    int32_t at = 0;
    size_t n = 0;

    while (at < (int32_t)word.n)
        n += u_isalpha(letter_next(word, &at)) != 0;
    return n;
}

/* ---- sentences and words ---- */

static int set_text(UBreakIterator *b, str s, UText *ut)
{
    UErrorCode e = U_ZERO_ERROR;

    utext_openUTF8(ut, s.p, (int64_t)s.n, &e);
    ubrk_setUText(b, ut, &e);
    return U_FAILURE(e) ? ERR_MEM : 0;
}

static void count_word(struct walk *w, str word, bool is_number)
{
    w->r.nwords++;
    w->r.nlong += letters(word) >= READING_LONG_WORD;
    w->r.nsyllables += is_number && vowels_of(w->lang).n ? 1 : syllables(w->lang, word);
}

/* Kept in order; the last of four goes. */
static void note_sentence(struct walk *w, str text, size_t nwords)
{
    size_t at = w->r.nlongest;

    while (at && w->r.longest[at - 1].nwords < nwords) {
        if (at < READING_LONGEST)
            w->r.longest[at] = w->r.longest[at - 1];
        at--;
    }
    if (at < READING_LONGEST)
        w->r.longest[at] = (struct reading_sentence){text, nwords};
    w->r.nlongest += w->r.nlongest < READING_LONGEST;
}

static int sentence(struct walk *w, str s)
{
    UText ut = UTEXT_INITIALIZER;
    size_t before = w->r.nwords;
    int32_t from = 0, to;
    int r = set_text(w->words, s, &ut);

    if (r == 0)
        from = ubrk_first(w->words);
    while (r == 0 && (to = ubrk_next(w->words)) != UBRK_DONE) {
        int32_t kind = ubrk_getRuleStatus(w->words);

        if (kind >= UBRK_WORD_NUMBER)
            count_word(w, str_take(str_from(s, (size_t)from), (size_t)(to - from)),
                       kind < UBRK_WORD_LETTER);
        from = to;
    }
    utext_close(&ut);
    if (r == 0 && w->r.nwords > before) {
        w->r.nsentences++;
        note_sentence(w, str_trim(s), w->r.nwords - before);
    }
    return r;
}

static int line(struct walk *w, str s)
{
    UText ut = UTEXT_INITIALIZER;
    int32_t from = 0, to;
    int r = set_text(w->sentences, s, &ut);

    if (r == 0)
        from = ubrk_first(w->sentences);
    while (r == 0 && (to = ubrk_next(w->sentences)) != UBRK_DONE) {
        r = sentence(w, str_take(str_from(s, (size_t)from), (size_t)(to - from)));
        from = to;
    }
    utext_close(&ut);
    return r;
}

static void judge(struct reading *r, str lang)
{
    double asl, asw;

    if (!r->nsentences || !r->nsyllables)
        return;
    asl = (double)r->nwords / (double)r->nsentences;
    asw = (double)r->nsyllables / (double)r->nwords;
    if (str_eq(lang, S("en"))) {
        r->scale = READING_GRADE;
        r->score = (int)lround(fmax(0, 0.39 * asl + 11.8 * asw - 15.59));
    } else if (str_eq(lang, S("ru"))) {
        r->scale = READING_EASE;
        r->score = (int)lround(206.835 - 1.3 * asl - 60.1 * asw);
    }
}

/* "ss=standard": "Mr." and "г." end no sentence, where CLDR knows such words of the language. */
static UBreakIterator *open_breaks(UBreakIteratorType type, str lang)
{
    char locale[48];
    UErrorCode e = U_ZERO_ERROR;
    str tail = S("@ss=standard");

    if (str_copy(locale, sizeof(locale) - tail.n, lang) < 0)
        return NULL;
    (void)str_copy(locale + lang.n, tail.n + 1, tail);
    return ubrk_open(type, locale, NULL, 0, &e);
}

int reading_measure(str lang, str text, struct reading *ret_reading)
{
    struct walk w = {.lang = lang};
    str s;
    int r = text.n > MAX_TEXT_BYTES ? ERR_TOO_BIG : str_is_utf8(text) ? 0 : ERR_ENCODING;

    if (r < 0)
        return r;
    w.sentences = open_breaks(UBRK_SENTENCE, lang);
    w.words = open_breaks(UBRK_WORD, lang);
    r = w.sentences && w.words ? 0 : ERR_MEM;
    while (r == 0 && str_line(&text, &s))
        r = line(&w, s);
    if (w.sentences)
        ubrk_close(w.sentences);
    if (w.words)
        ubrk_close(w.words);
    if (r < 0)
        return r;
    judge(&w.r, lang);
    *ret_reading = w.r;
    return 0;
}
