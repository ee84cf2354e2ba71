/*
 * The ranking against one that reads every page: 3,000 pages of made words, the commonest of which
 * stand in nearly all of them, then changed and thinned out. The two share nothing but the formula
 * at the head of domain/search_i.h.
 */
#include "suite.h"

#include "base/err.h"
#include "base/sb.h"
#include "domain/search.h"
#include "domain/search_i.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAGES = 3000, VOCABULARY = 900, TOP = 20, ZZ = 9, MAX_BODY = 60 };

struct made {
    bool is_there;
    char *title, *body;
};

static struct made made[PAGES + 1];
static uint64_t seed;

static uint32_t roll(uint32_t n)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(seed >> 33) % n;
}

/* Zipf by halves: word 0 is the commonest. Words are letters, so beginnings mean something. */
static void put_word(struct sb *b)
{
    uint32_t k = roll(VOCABULARY) * roll(VOCABULARY) / VOCABULARY * roll(VOCABULARY) / VOCABULARY;

    if (b->n)
        sb_char(b, ' ');
    for (k += 30; k; k /= 9)
        sb_char(b, (char)('a' + k % 9));
}

static char *text(struct world *w, uint32_t words)
{
    struct sb b = sb_init(w->a, 0);

    while (words--)
        put_word(&b);
    sb_char(&b, '\0');
    assert_false(b.err);
    return b.p;
}

static void change(struct world *w, struct search_changes *c, int i, bool is_there)
{
    struct search_text t = {.page_id = ((int64_t)ZZ << SEARCH_LANG_SHIFT) + i,
                            .title = str_c(made[i].title),
                            .body = str_c(made[i].body)};
    struct stmt *q;

    if (made[i].is_there)
        assert_int_equal(search_changes_add(c, &t), 0);
    made[i].is_there = t.is_there = is_there;
    q = db_stmt(w->db, "DELETE FROM search_pages WHERE page_id = ?1");
    stmt_i64(q, 1, t.page_id);
    assert_int_equal(stmt_run(q), 0);
    if (!is_there)
        return;
    made[i].title = text(w, 1 + roll(6));
    made[i].body = text(w, 5 + roll(MAX_BODY));
    t.title = str_c(made[i].title);
    t.body = str_c(made[i].body);
    assert_int_equal(search_changes_add(c, &t), 0);
    q = db_stmt(w->db, "INSERT INTO search_pages VALUES (?1, 1, ?1, 'zz', ?2, ?3, ?4, 0, 'UTC')");
    stmt_i64(q, 1, t.page_id);
    stmt_str(q, 2, t.title);
    stmt_str(q, 3, t.body);
    stmt_str(q, 4, arena_printf(w->a, "/%d", i));
    assert_int_equal(stmt_run(q), 0);
}

/* ---- the slow way ---- */

struct slow {
    int page;
    double score;
};

static int count_in(const char *in, str word)
{
    str rest = str_c(in);
    int n = 0;

    while (rest.n) {
        struct str_pair p = str_cut(rest, ' ');

        n += word.n > SEARCH_EXACT_LETTERS ? str_starts(p.head, word) : str_eq(p.head, word);
        rest = p.tail;
    }
    return n;
}

static int spaces(const char *s)
{
    int n = 1;

    for (; *s; s++)
        n += *s == ' ';
    return n;
}

static double g_of(int i, str word)
{
    int length = spaces(made[i].title) + spaces(made[i].body);
    int f = 10 * count_in(made[i].title, word) + count_in(made[i].body, word);

    return made[i].is_there ? f / (1.2 * (0.25 + 0.75 * length / 200)) : 0;
}

static int by_score(const void *a, const void *b)
{
    const struct slow *x = a, *y = b;

    return x->score != y->score ? (x->score < y->score ? 1 : -1) : y->page - x->page;
}

static size_t slow_find(const str *word, size_t nwords, struct slow *ret)
{
    double idf[4] = {0};
    size_t n = 0;

    for (size_t k = 0; k < nwords; k++) {
        double has = 0;

        for (int i = 1; i <= PAGES; i++)
            has += g_of(i, word[k]) > 0;
        idf[k] = log(1 + (PAGES + 1 - has + 0.5) / (has + 0.5));
    }
    for (int i = 1; i <= PAGES; i++) {
        struct slow s = {.page = i};
        bool has_all = true;

        for (size_t k = 0; k < nwords; k++) {
            double g = g_of(i, word[k]);

            s.score += idf[k] * g / (1 + g);
            has_all = has_all && g > 0;
        }
        if (has_all)
            ret[n++] = s;
    }
    qsort(ret, n, sizeof(*ret), by_score);
    return n;
}

/* ---- both ---- */

static double score_of(const struct slow *all, size_t n, int page)
{
    for (size_t i = 0; i < n; i++)
        if (all[i].page == page)
            return all[i].score;
    fail_msg("page %d does not have the words", page);
    return 0;
}

/* Weights are stored in steps, so pages may change places whose ranks differ by less than that. */
static void compare(struct world *w, const char *query)
{
    static struct slow all[PAGES];
    const struct search_ask ask = {.query = str_c(query), .lang = S("zz"), .limit = TOP};
    struct search_found f;
    str word[4], rest = ask.query;
    size_t n, nwords = 0;

    while (rest.n) {
        struct str_pair p = str_cut(rest, ' ');

        word[nwords] = p.head;
        rest = p.tail;
        for (n = 0; !str_eq(word[n], p.head);)
            n++;
        nwords += n == nwords; /* a word that is asked twice counts once */
    }
    n = slow_find(word, nwords, all);
    assert_int_equal(search_find(w->a, w->db, &ask, &f), 0);
    if (n == 0)
        return;
    assert_int_equal(f.way, SEARCH_ALL);
    assert_int_equal(f.n, n < TOP ? n : TOP);
    assert_int_equal(f.has_more, n > TOP);
    for (size_t i = 0; i < f.n; i++) {
        int page = atoi(f.row[i].path.p + 1);
        double is = score_of(all, n, page);

        if (fabs(is - all[i].score) > 0.01 * all[i].score)
            fail_msg("\"%s\": place %zu has page %d with %f, and should have %f", query, i, page,
                     is, all[i].score);
    }
}

static void queries(struct world *w)
{
    static const char *const fixed[] = {"dd", "ddd", "def", "ed", "ded", "fff ggg", "ed dd"};

    for (size_t i = 0; i < NELEM(fixed); i++)
        compare(w, fixed[i]);
    for (int i = 0; i < 60; i++) {
        char *q = text(w, 1 + (uint32_t)i % 3);

        if (i % 4 == 0 && strlen(q) > 4)
            q[3] = '\0'; /* a beginning of many words */
        compare(w, q);
    }
}

static void the_best_come_first(void **state)
{
    struct world *w = *state;
    struct search_changes c = {0};

    seed = 20201124;
    memset(made, 0, sizeof(made));
    assert_int_equal(db_begin(w->db), 0);
    assert_int_equal(db_script(w->db, "INSERT INTO search_langs VALUES (9, 'zz', 3000)"), 0);
    for (int i = 1; i <= PAGES; i++)
        change(w, &c, i, true);
    assert_int_equal(search_changes_write(&c, w->db), 0);
    queries(w);
    for (int i = 1; i <= PAGES; i += 1 + (int)roll(5))
        change(w, &c, i, roll(3) > 0); /* anew, or away */
    assert_int_equal(search_changes_write(&c, w->db), 0);
    queries(w);
    for (int i = 1; i <= PAGES; i++)
        if (made[i].is_there)
            change(w, &c, i, false);
    assert_int_equal(search_changes_write(&c, w->db), 0);
    assert_int_equal(world_count(w, "SELECT count(*) FROM search_words WHERE lang_number = 9"), 0);
    assert_int_equal(db_commit(w->db), 0);
    search_changes_done(&c);
}

/* A row that a fault of the disk has changed ends where it makes no sense. */
static void broken_rows(void **state)
{
    static const char *const rows[] = {"",
                                       "\x01",
                                       "\xff\xff\xff",
                                       "\x01\x01\x00\x01",
                                       "\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
                                       "\xff\xff\xff\x7f\x01"};

    (void)state;
    for (size_t i = 0; i < NELEM(rows); i++) {
        str rest = {rows[i], i == 3 ? 4 : strlen(rows[i])};
        int64_t at = -1;
        uint32_t weight;
        int n = 0;

        while (search_row_next(&rest, &at, &weight)) {
            assert_in_range(at, 0, SEARCH_BLOCK - 1);
            n++;
        }
        assert_true(n <= 1);
    }
}

static const struct CMUnitTest tests[] = {
    ROW(the_best_come_first),
    ROW(broken_rows),
};
SUITE(search_rank);
