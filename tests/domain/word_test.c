#include "suite.h"

#include "domain/word.h"

static void same(struct world *w, const char *a, const char *b)
{
    str x, y;

    assert_int_equal(word_compose(w->a, str_c(a), &x), 0);
    assert_int_equal(word_compose(w->a, str_c(b), &y), 0);
    assert_int_equal(word_fold(w->a, x, &x), 0);
    assert_int_equal(word_fold(w->a, y, &y), 0);
    if (!str_eq(x, y))
        fail_msg("%s and %s: %.*s, %.*s", a, b, STR(x), STR(y));
}

static void differ(struct world *w, const char *a, const char *b)
{
    str x, y;

    assert_int_equal(word_fold(w->a, str_c(a), &x), 0);
    assert_int_equal(word_fold(w->a, str_c(b), &y), 0);
    if (str_eq(x, y))
        fail_msg("%s is %s", a, b);
}

/* What people type instead of the letter that the language has. */
static void foldings(void **state)
{
    struct world *w = *state;
    static const char *const uzbek[] = {"O'zbekiston", "O`zbekiston", "Oʻzbekiston", "O‘zbekiston",
                                        "O’zbekiston", "OZBEKISTON",  "ozbekiston"};

    for (size_t i = 1; i < NELEM(uzbek); i++)
        same(w, uzbek[0], uzbek[i]);
    same(w, "g'alaba", "gʻalaba");
    same(w, "Тоҷикистон ҳуқуқи муҳоҷирон", "точикистон хукуки мухочирон");
    same(w, "ғайриқонунӣ", "гайриконуни");
    same(w, "осведомлённость", "ОСВЕДОМЛЕННОСТЬ");
    same(w, "Türkmenistanyň ýaşaýjylary çözgüt žurnaly",
         "turkmenistanyn yasayjylary cozgut zurnaly");
    same(w, "Қазақстан өңірі үкімет әйел", "казакстан онири укимет айел");
    same(w, "Өзгөн Ыссык-Көл", "озгон ыссык кол");
    same(w, "Qaraqalpaqstan ǵárezsiz", "qaraqalpaqstan garezsiz");
    same(w, "مهاجرين كابل", "مهاجرین کابل");
    same(w, "می‌شود", "میشود");
    same(w, "۱۲۳ ١٢٣", "123 123");
    same(w, "e\u0301cole", "école");
    same(w, "и\u0306од", "йод");
    same(w, "ＦＵＬＬ ﬁne", "full fine");
    same(w, "  a-b,c.d\n", "a b c d");
    differ(w, "йод", "иод");
    differ(w, "мир", "мор");
}

static void pieces(void **state)
{
    char buffer[WORD_BYTES], much[400];
    str rest = S("«Ýaş’ligi», 24-nji");
    struct word word;

    (void)state;
    assert_true(word_next(&rest, buffer, &word));
    assert_str(word.plain, "Ýaş’ligi");
    assert_str(word.folded, "yasligi");
    assert_true(word_next(&rest, buffer, &word));
    assert_str(word.folded, "24");
    assert_true(word_next(&rest, buffer, &word));
    assert_str(word.folded, "nji");
    assert_false(word_next(&rest, buffer, &word));
    assert_int_equal(rest.n, 0);
    rest = S("' ’ ʻ --");
    assert_false(word_next(&rest, buffer, &word));
    for (size_t i = 0; i < sizeof(much); i++)
        much[i] = i % 2 ? '\xd0' : '\xb0'; /* begins inside a character: not UTF-8, no fault */
    rest = (str){much, sizeof(much)};
    while (word_next(&rest, buffer, &word))
        assert_true(word.folded.n && word.folded.n <= WORD_BYTES);
}

static const struct CMUnitTest tests[] = {ROW(foldings), ROW(pieces)};
SUITE(word);
