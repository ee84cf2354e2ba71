/*
 * Texts whose words, sentences and syllables are counted by hand.
 */
#include "suite.h"

#include "domain/reading.h"

static void counted_by_hand(void **state)
{
    static const struct {
        const char *lang, *text;
        size_t nwords, nsentences, nsyllables, nlong;
        int scale, score;
    } rows[] = {
        {"en", "", 0, 0, 0, 0, READING_NONE, 0},
        {"en", "!!! ...", 0, 0, 0, 0, READING_NONE, 0},
        /* 0.39 × 3.5 + 11.8 × 8/7 − 15.59 < 0 */
        {"en", "The cat sat. The dog ran away.", 7, 2, 8, 0, READING_GRADE, 0},
        /* 0.39 × 7 + 11.8 × 13/7 − 15.59 = 9.05: re-cruit-ment a-gen-cies must ne-ver keep your
         * pass-port */
        {"en", "Recruitment agencies must never keep your passport.", 7, 1, 13, 3, READING_GRADE,
         9},
        {"en", "Mr. Smith paid 250 dollars", 5, 1, 6, 1, READING_GRADE, 1},
        {"en", "A heading\nA sentence", 4, 2, 6, 2, READING_GRADE, 3},
        /* 206.835 − 1.3 × 4 − 60.1 × 20/8 = 51.4 */
        {"ru", "Мама мыла раму. Работа за границей требует внимания.", 8, 2, 20, 3, READING_EASE,
         51},
        /* Pas-por-ty-ňy-zy hiç ki-me ber-mäň */
        {"tk", "Pasportyňyzy hiç kime bermäň.", 4, 1, 10, 1, READING_NONE, 0},
        {"fa", "پاسپورت خود را به کسی ندهید.", 6, 1, 0, 1, READING_NONE, 0},
        {"uz", "Pasportingizni hech kimga bermang.", 4, 1, 0, 2, READING_NONE, 0},
    };
    struct reading r;

    (void)state;
    for (size_t i = 0; i < NELEM(rows); i++) {
        assert_int_equal(reading_measure(str_c(rows[i].lang), str_c(rows[i].text), &r), 0);
        if (r.nwords != rows[i].nwords || r.nsentences != rows[i].nsentences ||
            r.nsyllables != rows[i].nsyllables || r.nlong != rows[i].nlong ||
            r.scale != rows[i].scale || r.score != rows[i].score)
            fail_msg("row %zu: %zu words, %zu sentences, %zu syllables, %zu long, %d: %d", i,
                     r.nwords, r.nsentences, r.nsyllables, r.nlong, r.scale, r.score);
    }
    assert_int_equal(reading_measure(S("en"), S("\xff"), &r), ERR_ENCODING);
}

static void english_syllables(void **state)
{
    static const struct {
        const char *word;
        size_t n;
    } rows[] = {
        {"the", 1},    {"come", 1},   {"makes", 1},    {"asked", 1},     {"table", 2},
        {"tables", 2}, {"boxes", 2},  {"wanted", 2},   {"people", 2},    {"agency", 3},
        {"visa", 2},   {"money", 2},  {"language", 2}, {"residence", 3}, {"churches", 2},
        {"free", 1},   {"rhythm", 1}, {"Türkiye", 2},  {"tsk", 1},       {"agreed", 2},
    };
    struct reading r;

    (void)state;
    for (size_t i = 0; i < NELEM(rows); i++) {
        assert_int_equal(reading_measure(S("en"), str_c(rows[i].word), &r), 0);
        if (r.nsyllables != rows[i].n)
            fail_msg("%s: %zu", rows[i].word, r.nsyllables);
    }
}

static void the_longest_come_first(void **state)
{
    struct reading r;

    (void)state;
    assert_int_equal(
        reading_measure(S("en"), S("One two. One. One two three four. One two three. Two one."),
                        &r),
        0);
    assert_int_equal(r.nlongest, READING_LONGEST);
    assert_str(r.longest[0].text, "One two three four.");
    assert_int_equal(r.longest[0].nwords, 4);
    assert_str(r.longest[1].text, "One two three.");
    assert_str(r.longest[2].text, "One two.");
}

static const struct CMUnitTest tests[] = {ROW(counted_by_hand), ROW(english_syllables),
                                          ROW(the_longest_come_first)};

SUITE(reading);
