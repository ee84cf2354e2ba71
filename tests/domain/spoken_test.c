/*
 * What a voice is given to read: row by row what stands on the page and what is said.
 */
#include "suite.h"

#include "base/sb.h"
#include "domain/numeral.h"
#include "domain/spoken.h"

static void is_said(void **state)
{
    static const struct {
        const char *lang, *text, *said;
    } rows[] = {
        {"en", "", ""},
        {"en", "Keep your passport", "Keep your passport."},
        {"en", "Keep it.", "Keep it."},
        {"en", "# Papers\nKeep **all** of _them_.", "Papers. Keep all of them."},
        {"en", "Take\n- a passport\n- a visa\n\nGo", "Take. a passport. a visa. Go."},
        {"en", "One sentence\nthat goes on.", "One sentence that goes on."},
        {"en", "Ask the [embassy](https://x.example/a).", "Ask the embassy."},
        {"en", "It is so[3], says a law [12].", "It is so, says a law."},
        {"en", "See https://www.evisa.example/en?a=1, then go.", "See evisa.example, then go."},
        {"en", "Call +993 12 34-56-78.", "Call + 9 9 3, 1 2, 3 4, 5 6, 7 8."},
        {"en", "+5 degrees", "+5 degrees."},
        {"en", "From 2026-05-12 on", "From 12 May 2026 on."},
        {"ru", "С 12.05.2026 года", "С 12 мая 2026 года."},
        {"en", "Version 2026-13-12", "Version 2026-13-12."},
        {"en", "It costs 12\xc2\xa0" "000 manat, in 2026 500 more",
         "It costs 12000 manat, in 2026 500 more."},
        {"ru", "700 000 долларов", "700000 долларов."},
        {"en", "bus/train, 1/2", "bus train, 1/2."},
        {"en", "a <b>bold</b> | word & more", "a b bold b , word & more."},
        {"en", "---\nAfter a line", "After a line."},
        {"fa", "کجا؟", "کجا؟"},
        {"tk", "150-den köp adam 1600 dollar", "ýüz elliden köp adam bir müň alty ýüz dollar."},
        {"tk", "181-nji, 2029-njy, 25%",
         "ýüz segsen birinji, iki müň ýigrimi dokuzynjy, ýigrimi bäş göterim."},
        {"tk", "+993 12", "+ dokuz ýüz togsan üç on iki."},
        {"tk", "+993 12 34 56", " dokuz dokuz üç, bir iki, üç dört, bäş alty."},
        {"tk", "12.05.2026", "on iki maý iki müň ýigrimi alty."},
    };
    struct world *w = *state;
    str said;

    for (size_t i = 0; i < NELEM(rows); i++) {
        assert_int_equal(
            spoken_text(w->a, str_c(rows[i].lang), str_c(rows[i].text), &said), 0);
        if (!str_eq(said, str_c(rows[i].said)))
            fail_msg("row %zu: \"%.*s\" instead of \"%s\"", i, STR(said), rows[i].said);
    }
    assert_int_equal(spoken_text(w->a, S("en"), S("\xff"), &said), ERR_ENCODING);
}

/* Nothing that a person wrote is an order to the voice: espeak-ng takes tags, and phonemes in
 * [[ ]]. */
static void words_are_no_orders(void **state)
{
    struct world *w = *state;
    str said;

    assert_int_equal(
        spoken_text(w->a, S("en"), S("[[h'El@]] <audio src=\"x\"/> & so"), &said), 0);
    assert_str(said, "h'El@ audio src=\"x\" & so.");
}

static void numbers_in_turkmen(void **state)
{
    static const struct {
        const char *digits, *words;
    } rows[] = {
        {"0", "nol"},
        {"7", "ýedi"},
        {"10", "on"},
        {"100", "ýüz"},
        {"219", "iki ýüz on dokuz"},
        {"1000", "bir müň"},
        {"1991", "bir müň dokuz ýüz togsan bir"},
        {"12000", "on iki müň"},
        {"3000001", "üç million bir"},
        {"0157", "ýüz elli ýedi"},
    };
    struct world *w = *state;

    assert_true(numeral_is_needed(S("tk")));
    assert_false(numeral_is_needed(S("ru")));
    for (size_t i = 0; i < NELEM(rows); i++) {
        struct sb b = sb_init(w->a, 0);

        numeral_add(&b, str_c(rows[i].digits), false);
        assert_str(sb_str(&b), rows[i].words);
    }
}

static const struct CMUnitTest tests[] = {ROW(is_said), ROW(words_are_no_orders),
                                          ROW(numbers_in_turkmen)};

SUITE(spoken);
