/* Differences word by word, and two people's changes joined. */
#include "suite.h"

#include "base/sb.h"
#include "domain/diff.h"

static str shown(struct world *w, const char *was, const char *now)
{
    static const char *const open[] = {"", "[-", "[+"}, *const close[] = {"", "]", "]"};
    struct sb b = sb_init(w->a, 0);
    struct diff d;

    assert_int_equal(diff_words(w->a, str_c(was), str_c(now), &d), 0);
    for (size_t i = 0; i < d.n; i++)
        sb_printf(&b, "%s%.*s%s", open[d.row[i].op], STR(d.row[i].text), close[d.row[i].op]);
    return sb_str(&b);
}

static void by_words(void **state)
{
    struct world *w = *state;

    assert_str(shown(w, "The bus leaves at nine.", "The bus leaves at ten."),
               "The bus leaves at [-nine][+ten].");
    assert_str(shown(w, "a b c", "a c"), "a [-b ]c");
    assert_str(shown(w, "", "new"), "[+new]");
    assert_str(shown(w, "Одно слово", "Другое слово"), "[-Одно][+Другое] слово");
    assert_str(shown(w, "one\n\ntwo\n\nthree\n", "one\n\nthree\n"), "one\n\n[-two\n\n]three\n");
}

/* Both texts can be read out of the pieces, whatever they are. */
static void whole(void **state)
{
    struct world *w = *state;
    uint32_t seed = 7;

    for (int round = 0; round < 400; round++) {
        char text[2][64];
        struct sb side[2] = {sb_init(w->a, 0), sb_init(w->a, 0)};
        struct diff d;

        for (int k = 0; k < 2; k++) {
            size_t n;

            seed = seed * 1664525 + 1013904223;
            n = (seed >> 16) % 60;
            for (size_t i = 0; i < n; i++) {
                seed = seed * 1664525 + 1013904223;
                text[k][i] = "ab \n."[(seed >> 20) % 5];
            }
            text[k][n] = '\0';
        }
        assert_int_equal(diff_words(w->a, str_c(text[0]), str_c(text[1]), &d), 0);
        for (size_t i = 0; i < d.n; i++) {
            if (d.row[i].op != DIFF_NEW)
                sb_add(&side[0], d.row[i].text);
            if (d.row[i].op != DIFF_GONE)
                sb_add(&side[1], d.row[i].text);
        }
        for (int k = 0; k < 2; k++)
            assert_true(str_eq(sb_str(&side[k]).p ? sb_str(&side[k]) : S(""), str_c(text[k])));
    }
}

static str joined(struct world *w, const char *base, const char *mine, const char *theirs)
{
    struct merge m;
    str text;

    assert_int_equal(merge_texts(w->a, str_c(base), str_c(mine), str_c(theirs), &m), 0);
    assert_int_equal(m.nclashes, 0);
    assert_int_equal(merge_join(w->a, &m, NULL, 0, &text), 0);
    return text;
}

static void fits(void **state)
{
    struct world *w = *state;

    assert_str(joined(w, "1\n2\n3\n", "one\n2\n3\n", "1\n2\nthree\n"), "one\n2\nthree\n");
    assert_str(joined(w, "1\n2\n3\n", "1\n2\n3\n", "1\n3\n"), "1\n3\n");
    assert_str(joined(w, "1\n2\n", "1\nsame\n", "1\nsame\n"), "1\nsame\n");
    assert_str(joined(w, "1\n2\n3\n", "0\n1\n2\n3\n", "1\n2\n3\n4\n"), "0\n1\n2\n3\n4\n");
}

static void clashes(void **state)
{
    struct world *w = *state;
    enum merge_choice c = MERGE_TAKE_MINE;
    struct merge m;
    str text;

    assert_int_equal(merge_texts(w->a, S("1\n2\n3"), S("1\nmine\n3"), S("1\ntheirs\n3"), &m), 0);
    assert_int_equal(m.nclashes, 1);
    assert_int_equal(merge_join(w->a, &m, &c, 1, &text), 0);
    assert_str(text, "1\nmine\n3");
    c = MERGE_TAKE_THEIRS;
    assert_int_equal(merge_join(w->a, &m, &c, 1, &text), 0);
    assert_str(text, "1\ntheirs\n3");
    /* Who chooses nothing loses nothing. */
    assert_int_equal(merge_join(w->a, &m, NULL, 0, &text), 0);
    assert_str(text, "1\ntheirs\n\nmine\n3");
}

static const struct CMUnitTest tests[] = {ROW(by_words), ROW(whole), ROW(fits), ROW(clashes)};
SUITE(diff);
