/*
 * How hard a text is to read: its figures, a grade where a formula for its language is known, and
 * its longest sentences, which say what to do about it. Sentences and words are those of ICU
 * (Unicode UAX 29).
 *
 *   English  grade = 0.39 words/sentence + 11.8 syllables/word - 15.59
 *            Kincaid, Fishburne, Rogers, Chissom: Derivation of new readability formulas for Navy
 *            enlisted personnel. Research Branch Report 8-75, 1975
 *   Russian  ease = 206.835 - 1.3 words/sentence - 60.1 syllables/word
 *            Оборнева И. В. Автоматизированная оценка сложности учебных текстов на основе
 *            статистических параметров. Диссертация, Москва, 2006
 *
 * For Turkmen and Dari no formula that was checked for the language is known to us, so they have
 * none. A number is a word of one syllable. English syllables are counted by rules of spelling:
 * some words come out one too many or too few. Pure.
 */
#ifndef DOMAIN_READING_H
#define DOMAIN_READING_H

#include "base/types.h"

struct arena;

enum reading_scale { READING_NONE, READING_GRADE, READING_EASE };
enum { READING_LONGEST = 3, READING_LONG_WORD = 7 /* letters: as LIX has it, Björnsson 1968 */ };

struct reading_sentence {
    str text;
    size_t nwords;
};

struct reading {
    size_t nwords, nsentences, nlong;
    size_t nsyllables; /* 0: the script does not show them (Dari), or the language is not known */
    int scale;         /* enum reading_scale */
    int score;         /* rounded; a grade is 0 at least */
    struct reading_sentence longest[READING_LONGEST]; /* point into the text; the longest first */
    size_t nlongest;
};

/* Plain text; the end of a line ends a sentence. ERR_ENCODING, ERR_TOO_BIG (MAX_TEXT_BYTES),
 * ERR_MEM. */
int reading_measure(str lang, str text, struct reading *ret_reading);

#endif
