/*
 * The reporting check against sentences that carry the numbers of the rules a careful editor would
 * raise (tests/data/check). Precision and recall are printed for each language and held.
 */
#include "suite.h"

#include "base/limits.h"
#include "base/sb.h"
#include "domain/check_i.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* tests/data and the data files of the site lie beside the examples. */
static str read_file(struct arena *a, const char *folder, const char *lang, const char *kind)
{
    enum { ROOM = 262144 };
    char path[1024];
    char *p = arena_alloc(a, ROOM);
    FILE *f;
    size_t n;

    (void)snprintf(path, sizeof(path), "%s/../%s/%s.%s", EXAMPLES, folder, lang, kind);
    f = fopen(path, "rb");
    assert_non_null(f);
    n = fread(p, 1, ROOM, f);
    (void)fclose(f);
    return (str){p, n};
}

static struct check_rules *rules_of(struct arena *a, const char *lang)
{
    struct check_rules *r = NULL;

    assert_int_equal(check_rules_parse(read_file(a, "src/web/asset/check", lang, "json"), &r), 0);
    assert_true(str_eq(check_rules_lang(r), str_c(lang)));
    return r;
}

static struct check_result run(struct arena *a, const struct check_rules *r, str title, str body)
{
    struct check_in in = {title, body};
    struct check_result to;

    assert_int_equal(check_run(a, r, &in, &to), 0);
    return to;
}

static bool is_expected(str ids, int id)
{
    struct str_pair cut = {.tail = ids};
    uint64_t n;

    do {
        cut = str_cut(cut.tail, ',');
        if (str_u64(cut.head, 1000, &n) == 0 && (int)n == id)
            return true;
    } while (cut.ok);
    return false;
}

struct score {
    unsigned right, wrong, missed, sentences;
};

static void score_line(struct arena *a, const struct check_rules *r, str line, struct score *s)
{
    struct str_pair cut = str_cut(line, '\t');
    struct check_result to = run(a, r, (str){NULL, 0}, cut.tail);
    struct str_pair id = {.tail = cut.head};

    assert_true(cut.ok);
    s->sentences++;
    for (size_t i = 0; i < to.n; i++) {
        if (to.finds[i].note != CHECK_WORD || to.finds[i].severity == CHECK_INFO)
            if (to.finds[i].note != CHECK_WORD || !is_expected(cut.head, to.finds[i].rule->id))
                continue; /* information is no alarm: it counts where it is wanted */
        if (is_expected(cut.head, to.finds[i].rule->id)) {
            s->right++;
        } else {
            s->wrong++;
            printf("  wrong %d: %.*s\n", to.finds[i].rule->id, STR(cut.tail));
        }
    }
    if (str_eq(cut.head, S("-")))
        return;
    do {
        uint64_t n;
        bool is_found = false;

        id = str_cut(id.tail, ',');
        assert_int_equal(str_u64(id.head, 1000, &n), 0);
        for (size_t i = 0; i < to.n; i++)
            is_found |= to.finds[i].note == CHECK_WORD && to.finds[i].rule->id == (int)n;
        if (!is_found)
            printf("  missed %d: %.*s\n", (int)n, STR(cut.tail));
        s->missed += !is_found;
    } while (id.ok);
}

/* folder: of the sentences; least: what precision and recall must reach. */
struct bar {
    const char *folder;
    double precision, recall;
};

static unsigned score_lang(const char *lang, const struct bar *bar)
{
    struct arena *a = arena_new();
    struct check_rules *r = rules_of(a, lang);
    struct score s = {0};
    str rest = read_file(a, bar->folder, lang, "tsv"), line;
    double precision, recall;

    while (str_line(&rest, &line))
        if (line.n && line.p[0] != '#')
            score_line(a, r, line, &s);
    precision = s.right / (double)(s.right + s.wrong);
    recall = s.right / (double)(s.right + s.missed);
    printf("%s %s: %u sentences, precision %.3f, recall %.3f\n", bar->folder, lang, s.sentences,
           precision, recall);
    assert_true(precision >= bar->precision);
    assert_true(recall >= bar->recall);
    check_rules_free(r);
    arena_free(a);
    return s.sentences;
}

static void labelled(void **state)
{
    static const struct bar fitted = {"tests/data/check", 0.95, 0.95};
    unsigned n;

    (void)state;
    n = score_lang("en", &fitted);
    n += score_lang("ru", &fitted);
    n += score_lang("tk", &fitted);
    assert_true(n >= 200);
}

/*
 * Sentences written without a look at the rules: what a stranger's text may expect. At the first
 * run en had 1.000 and 0.879, ru 0.962 and 0.781; the bars are what two mended rules made of it.
 * tk had 1.000 and 0.364: it knew 18 of some 50 rules; the bar is what seven more and the endings
 * of four made of it. Most of what is missed stands alone here: those rules want a word of the
 * crime near by.
 */
static void blind(void **state)
{
    static const struct bar en = {"tests/data/check_blind", 1.0, 0.90},
                            ru = {"tests/data/check_blind", 0.96, 0.81},
                            tk = {"tests/data/check_blind", 1.0, 0.66};

    (void)state;
    assert_true(score_lang("en", &en) + score_lang("ru", &ru) + score_lang("tk", &tk) >= 100);
}

static void quotations(void **state)
{
    struct arena *a = arena_new();
    struct check_rules *r = rules_of(a, "ru");
    struct check_result to;

    (void)state;
    to = run(a, r, (str){NULL, 0}, S("Он сказал: «нелегалы везде». Нелегалы, пишет газета."));
    assert_int_equal(to.nquoted, 1);
    assert_int_equal(to.n, 1);
    to = run(a, r, (str){NULL, 0}, S("Вышел закон о нелегальной миграции, а статья о нём — нет."));
    assert_int_equal(to.n, 0);
    assert_int_equal(to.nquoted, 1);
    to = run(a, r, (str){NULL, 0}, S("> нелегалы\n\nТекст «не закрыт, нелегалы.\n\nДальше."));
    assert_int_equal(to.n, 1);
    assert_int_equal(to.nquoted, 1);
    check_rules_free(r);
    arena_free(a);
}

static bool has_note(const struct check_result *to, enum check_note note)
{
    for (size_t i = 0; i < to->n; i++)
        if (to->finds[i].note == note)
            return true;
    return false;
}

static const struct {
    enum check_note note;
    bool is_there;
    const char *title, *body;
} notes[] = {
    {CHECK_PHONE, true, NULL, "Call her on +993 65 00 00 00 at night."},
    {CHECK_PHONE, false, NULL, "The fund paid 1 250 000 manat in 2020."},
    {CHECK_PASSPORT, true, NULL, "Her passport AB 1234567 was taken."},
    {CHECK_PASSPORT, true, NULL, "The document AN1234567 is lost."},
    {CHECK_PASSPORT, true, NULL, "У неё был паспорт АН 123456 и билет."},
    {CHECK_PASSPORT, true, NULL, "Паспорт АН1234567, удостоверение N12345678."},
    {CHECK_PASSPORT, false, NULL, "Им грозит штраф в 500000 рублей."},
    {CHECK_PASSPORT, false, NULL, "Из них по 300000 каждому, до 900000 всем."},
    {CHECK_PASSPORT, false, NULL, "The fate of 700000 people is open."},
    {CHECK_PASSPORT, false, NULL, "In the year 2020 there were 45 of them."},
    {CHECK_EMAIL, true, NULL, "Write to somebody@example.org today."},
    {CHECK_EMAIL, false, NULL, "See @example for more."},
    {CHECK_PLACE, true, NULL, "The survivor lives in the village of Garagum."},
    {CHECK_PLACE, false, NULL, "The new school stands in the village of Garagum."},
    {CHECK_BIRTH, true, NULL, "The survivor was born 24.11.2001 in the north."},
    {CHECK_BIRTH, false, NULL, "The seminar was held on 24.11.2020."},
    {CHECK_FIGURE, true, NULL, "Some 40000 people left."},
    {CHECK_FIGURE, false, NULL, "According to the office 40000 people left in 2019."},
    {CHECK_PICTURE, true, NULL, "Text.\nPhoto: hands in chains\n"},
    {CHECK_PICTURE, true, NULL, "![a girl in a cage](x)"},
    {CHECK_PICTURE, false, NULL, "The chain of shops opened a store."},
    {CHECK_TITLE, true, "Thousands vanish without trace abroad",
     "The office opened a new room for the people who come back."},
    {CHECK_TITLE, false, "Office opened a new room", "The office opened a new room for people."},
};

static void other_notes(void **state)
{
    struct arena *a = arena_new();
    struct check_rules *r = rules_of(a, "en");

    (void)state;
    for (size_t i = 0; i < NELEM(notes); i++) {
        struct check_result to = run(a, r, notes[i].title ? str_c(notes[i].title) : (str){NULL, 0},
                                     str_c(notes[i].body));

        if (has_note(&to, notes[i].note) != notes[i].is_there)
            fail_msg("note %d: %s", notes[i].note, notes[i].body);
    }
    check_rules_free(r);
    arena_free(a);
}

/* A long text from one source that names no help; with both it is quiet. */
static void whole_text(void **state)
{
    struct arena *a = arena_new();
    struct check_rules *r = rules_of(a, "en");
    str filler = S("The road to the station is long and the train leaves in the morning. ");
    struct sb b = sb_init(a, 0);
    struct check_result to;

    (void)state;
    for (int i = 0; i < 12; i++)
        sb_add(&b, filler);
    to = run(a, r, (str){NULL, 0}, sb_str(&b));
    assert_true(has_note(&to, CHECK_ONE_SOURCE));
    assert_true(has_note(&to, CHECK_NO_HELP));
    assert_int_equal(to.finds[to.n - 1].n, 0);
    sb_c(&b, "The lawyer said so. The doctor said so too. Free help: see the hotline of the list.");
    to = run(a, r, (str){NULL, 0}, sb_str(&b));
    assert_false(has_note(&to, CHECK_ONE_SOURCE));
    assert_false(has_note(&to, CHECK_NO_HELP));
    check_rules_free(r);
    arena_free(a);
}

static void folding(void **state)
{
    struct arena *a = arena_new();

    (void)state;
    assert_str(check_fold(a, S("Ёлка")), "елка");
    assert_true(str_eq(check_fold(a, S("Oʻz")), check_fold(a, S("o'z"))));
    assert_true(str_eq(check_fold(a, S("Муқовимат")), check_fold(a, S("муковимат"))));
    arena_free(a);
}

static const char *const bad_rules[] = {
    "",
    "{}",
    "[1]",
    "{\"lang\":\"en\"}",
    "{\"lang\":\"en\",\"rules\":[{}]}",
    "{\"lang\":\"en\",\"rules\":[{\"id\":1,\"severity\":\"high\",\"avoid\":[\"x+none\"],"
    "\"prefer\":[\"y\"],\"label\":\"w\",\"reason\":\"z\",\"sources\":[\"s\"]}]}",
    "{\"lang\":\"en\",\"rules\":[{\"id\":1,\"severity\":\"loud\",\"avoid\":[\"word\"],"
    "\"prefer\":[\"y\"],\"label\":\"w\",\"reason\":\"z\",\"sources\":[\"s\"]}]}",
    "{\"lang\":\"en\",\"rules\":[{\"id\":1,\"severity\":\"high\",\"avoid\":[\"_ word\"],"
    "\"prefer\":[\"y\"],\"label\":\"w\",\"reason\":\"z\",\"sources\":[\"s\"]}]}",
    "{\"lang\":\"en\",\"rules\":[{\"id\":1,\"severity\":\"high\",\"avoid\":[\"@none word\"],"
    "\"prefer\":[\"y\"],\"label\":\"w\",\"reason\":\"z\",\"sources\":[\"s\"]}]}",
};

static void refuses(void **state)
{
    struct check_rules *r = NULL;
    struct arena *a = arena_new();
    struct check_result to;
    struct check_in in = {.body = {NULL, MAX_CHECK_BYTES + 1}};

    (void)state;
    for (size_t i = 0; i < NELEM(bad_rules); i++)
        assert_int_equal(check_rules_parse(str_c(bad_rules[i]), &r), ERR_SYNTAX);
    assert_null(r);
    r = rules_of(a, "en");
    assert_int_equal(check_run(a, r, &in, &to), ERR_TOO_BIG);
    in = (struct check_in){.title = {NULL, CHECK_TITLE_BYTES + 1}, .body = S("a")};
    assert_int_equal(check_run(a, r, &in, &to), ERR_TOO_BIG);
    in.title = (str){NULL, 0};
    in.body = S("\xff");
    assert_int_equal(check_run(a, r, &in, &to), ERR_ENCODING);
    check_rules_free(r);
    arena_free(a);
}

/* Texts that once took seconds; the limit is of a text that says nothing of the kind. */
static const struct {
    const char *lang, *title, *part;
} costly[] = {
    {"en", "", "influx "},
    {"en", "", "alien "},
    {"en", "", "survivor school "},
    {"en", "", "\"a\" b "},
    {"en", "", ">a\n"},
    {"en", "", "according 2019 40000 "},
    {"ru", "", "проститутка "},
    {"ru", "", "рабыня "},
    {"en", "absent ", "a "},
};

enum { STEPS_A_BYTE = 400 };

static str repeated(struct arena *a, const char *part, size_t most)
{
    struct sb b = sb_init(a, 0);

    while (*part && sb_str(&b).n + strlen(part) <= most)
        sb_c(&b, part);
    return sb_str(&b);
}

/* No clock: what a check costs grows with its length, whatever is in the text. */
static void cost_is_bound(void **state)
{
    (void)state;
    for (size_t i = 0; i < NELEM(costly); i++) {
        struct arena *a = arena_new();
        struct check_rules *r = rules_of(a, costly[i].lang);
        struct check_result to = run(a, r, repeated(a, costly[i].title, CHECK_TITLE_BYTES),
                                     repeated(a, costly[i].part, MAX_CHECK_BYTES));

        printf("steps of \"%s\": %llu\n", costly[i].part, (unsigned long long)to.steps);
        assert_true(to.steps < (uint64_t)STEPS_A_BYTE * MAX_CHECK_BYTES);
        check_rules_free(r);
        arena_free(a);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(labelled),   cmocka_unit_test(blind),
    cmocka_unit_test(quotations), cmocka_unit_test(other_notes),
    cmocka_unit_test(whole_text), cmocka_unit_test(folding),    cmocka_unit_test(refuses),
    cmocka_unit_test(cost_is_bound),
};

SUITE(check);
