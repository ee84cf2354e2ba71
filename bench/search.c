/*
 * Search over many pages: makes a store of news items in three languages and asks the fixed list
 * of queries (bench/data/queries.txt, "lang query" to a line; lang "all": in every language).
 *
 *     search EXAMPLES QUERIES STORE [PAGES]
 *
 * The words are those of the examples, as often as they stand there, and behind them words made of
 * them with usual endings, to 30,000 for each language; how often a word is said follows Zipf's
 * law. STORE is made when it is not there. Everything follows from a seed.
 */
#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/file.h"
#include "base/sb.h"
#include "base/str.h"
#include "domain/search.h"
#include "hist.h"
#include "store/db.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
    LANGS = 3,
    VOCABULARY = 30000,
    DRAWS = 1 << 20, /* a table of Zipf's law: words as often as they are said */
    TITLE_WORDS = 8,
    BODY_WORDS = 150,
    TOP = 20,
    ROUNDS = 10,
    MAX_QUERIES = 400,
};

static const char *const langs[LANGS] = {"en", "ru", "tk"};
static const char *const endings[LANGS][8] = {
    {"s", "ed", "ing", "er", "ly", "ness", "al", "ment"},
    {"а", "у", "ом", "ами", "ость", "ный", "ение", "ов"},
    {"lar", "da", "dan", "yň", "çy", "lyk", "synyň", "ly"},
};

struct vocabulary {
    str word[VOCABULARY];
    unsigned n, times[VOCABULARY];
};

struct bench {
    struct arena *a;
    struct vocabulary voc[LANGS];
    uint32_t *draw;
    uint64_t seed;
};

static uint32_t roll(struct bench *b, uint32_t n)
{
    b->seed = b->seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(b->seed >> 33) % n;
}

static void fail(const char *what, int r)
{
    fprintf(stderr, "search: %s: %s\n", what, err_text(r));
    exit(1);
}

/* ---- words ---- */

static void word_add(struct bench *b, struct vocabulary *v, str word)
{
    for (unsigned i = 0; i < v->n; i++) {
        if (str_eq(v->word[i], word)) {
            v->times[i]++;
            return;
        }
    }
    if (v->n < VOCABULARY) {
        v->times[v->n] = 1;
        v->word[v->n++] = arena_str(b->a, word);
    }
}

static bool is_letter(char c)
{
    return (unsigned char)c >= 0x80 || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static void text_add(struct bench *b, struct vocabulary *v, const char *text)
{
    while (*text) {
        size_t n = 0;

        while (is_letter(text[n]))
            n++;
        if (n)
            word_add(b, v, (str){text, n});
        text += n + (text[n] != '\0');
    }
}

/* Every text that stands under the code of a language. */
static void walk(struct bench *b, json_t *o)
{
    const char *key;
    json_t *v;
    size_t at;

    json_array_foreach(o, at, v)
    {
        walk(b, v);
    }
    json_object_foreach(o, key, v)
    {
        for (int l = 0; l < LANGS; l++)
            if (json_is_string(v) && strcmp(key, langs[l]) == 0)
                text_add(b, &b->voc[l], json_string_value(v));
        walk(b, v);
    }
}

/* The commonest first; then, from those, words with endings. */
static void finish(struct bench *b, struct vocabulary *v, int lang)
{
    unsigned base = v->n;

    for (unsigned i = 1; i < v->n; i++) {
        str word = v->word[i];
        unsigned times = v->times[i], k = i;

        for (; k && v->times[k - 1] < times; k--) {
            v->word[k] = v->word[k - 1];
            v->times[k] = v->times[k - 1];
        }
        v->word[k] = word;
        v->times[k] = times;
    }
    for (unsigned i = 0; v->n < VOCABULARY && base; i++) {
        str word = v->word[i / NELEM(endings[lang])];
        const char *end = endings[lang][i % NELEM(endings[lang])];

        if (word.n < 40)
            v->word[v->n++] = arena_printf(b->a, "%.*s%s", STR(word), end);
    }
}

static void words_read(struct bench *b, const char *folder)
{
    static const char *const files[] = {"seminar.json", "guides.json", "quiz.json",
                                        "contacts.json"};
    double sum = 0, so_far = 0;

    for (size_t i = 0; i < NELEM(files); i++) {
        str path = arena_printf(b->a, "%s/%s", folder, files[i]);
        json_t *root = json_load_file(path.p, 0, NULL);

        if (!root)
            fail(path.p, ERR_NOT_FOUND);
        walk(b, root);
        json_decref(root);
    }
    for (int l = 0; l < LANGS; l++)
        finish(b, &b->voc[l], l);
    b->draw = arena_array(b->a, DRAWS, sizeof(*b->draw));
    if (!b->draw)
        fail("words", ERR_MEM);
    for (unsigned i = 1; i <= VOCABULARY; i++)
        sum += 1.0 / i;
    for (unsigned i = 0, at = 0; i < VOCABULARY; i++) {
        so_far += 1.0 / (i + 1);
        while (at < DRAWS && at <= so_far / sum * DRAWS)
            b->draw[at++] = i;
    }
}

/* ---- the store ---- */

static str said(struct bench *b, struct arena *a, int lang, uint32_t words)
{
    struct sb s = sb_init(a, 0);

    while (words--) {
        if (s.n)
            sb_char(&s, ' ');
        sb_add(&s, b->voc[lang].word[b->draw[roll(b, DRAWS)]]);
    }
    return sb_str(&s);
}

static void run(struct stmt *q)
{
    int r = stmt_run(q);

    if (r < 0)
        fail("store", r);
}

static void text_put(struct db *db, int64_t id, int lang, str body)
{
    struct stmt *q = db_stmt(db, "INSERT INTO text_versions (text_id, lang, body, is_source,"
                                 " source_revision, revision, state, changed_at)"
                                 " VALUES (?1, ?2, ?3, ?4, 1, 1, 1, 0)");

    stmt_i64(q, 1, id);
    stmt_str(q, 2, str_c(langs[lang]));
    stmt_str(q, 3, body);
    stmt_i64(q, 4, lang == 0);
    run(q);
}

static void item_put(struct bench *b, struct arena *a, struct db *db, int64_t i)
{
    const int64_t title = 1000000 + 2 * i, body = title + 1;
    struct stmt *q = db_stmt(db, "INSERT INTO texts (text_id) VALUES (?1), (?1 + 1)");

    stmt_i64(q, 1, title);
    run(q);
    q = db_stmt(db, "INSERT INTO news (news_id, slug, title_text_id, body_text_id, is_sample,"
                    " added_at) VALUES (?1, 'item-' || ?1, ?2, ?3, 1, 0)");
    stmt_i64(q, 1, i);
    stmt_i64(q, 2, title);
    stmt_i64(q, 3, body);
    run(q);
    for (int l = 0; l < LANGS; l++) {
        text_put(db, title, l, said(b, a, l, 3 + roll(b, TITLE_WORDS)));
        text_put(db, body, l, said(b, a, l, 30 + roll(b, 2 * BODY_WORDS - 60)));
        q = db_stmt(db,
                    "INSERT INTO news_versions (news_id, lang, revision, published_at, changed_at)"
                    " VALUES (?1, ?2, 1, ?3, 0)");
        stmt_i64(q, 1, i);
        stmt_str(q, 2, str_c(langs[l]));
        stmt_i64(q, 3, i * 1000000);
        run(q);
    }
}

static void store_make(struct bench *b, const char *path, int64_t pages)
{
    struct arena *a = arena_new();
    struct db *db = NULL;
    usec began = clock_mono(), made;
    int r = a ? db_open_write(path, &db) : ERR_MEM;

    if (r == 0)
        r = db_begin(db);
    for (int64_t i = 1; r == 0 && i <= (pages + LANGS - 1) / LANGS; i++) {
        item_put(b, a, db, i);
        arena_reset(a);
    }
    if (r == 0)
        r = db_commit(db);
    made = clock_mono();
    if (r == 0)
        r = search_catch_up(db);
    if (r < 0)
        fail("making the store", r);
    printf("store made in %.0f s, indexed in %.0f s\n", (double)(made - began) / 1e6,
           (double)(clock_mono() - made) / 1e6);
    db_close(db);
    arena_free(a);
}

static int64_t number(struct db *db, struct stmt *q)
{
    int64_t n = stmt_row(q) > 0 ? col_i64(q, 0) : -1;

    (void)db;
    stmt_end(q);
    return n;
}

/* ---- the queries ---- */

struct asked {
    struct search_ask ask;
    int64_t ns, cpu_ns;
};

static int64_t cpu_now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return t.tv_sec * 1000000000ll + t.tv_nsec;
}

static size_t queries_read(str file, struct asked *ret)
{
    size_t n = 0;
    str line;

    while (n < MAX_QUERIES && str_line(&file, &line)) {
        struct str_pair p = str_cut(line, ' ');

        if (line.n && line.p[0] != '#')
            ret[n++].ask = (struct search_ask){.query = p.tail,
                                               .lang = str_eq(p.head, S("all")) ? (str){0} : p.head,
                                               .limit = TOP};
    }
    return n;
}

static size_t ask(struct arena *a, struct db *db, struct asked *q)
{
    struct search_found f;
    usec began = clock_mono();
    int64_t cpu = cpu_now();
    int r = search_find(a, db, &q->ask, &f);

    q->cpu_ns = cpu_now() - cpu;
    q->ns = (clock_mono() - began) * 1000;
    if (r < 0)
        fail("search_find", r);
    return f.n;
}

struct played {
    struct hist clock, cpu;
    size_t found;
};

static void round_play(struct arena *a, struct db *db, struct asked *q, size_t n, struct played *p)
{
    for (size_t i = 0; i < n; i++) {
        p->found += ask(a, db, &q[i]) > 0;
        hist_add(&p->clock, q[i].ns);
        hist_add(&p->cpu, q[i].cpu_ns);
        arena_reset(a);
    }
}

static void print(const char *what, const struct hist *h)
{
    printf("%-12s p50 %.2f ms, p90 %.2f, p99 %.2f, longest %.2f\n", what,
           (double)hist_at(h, 0.5) / 1e6, (double)hist_at(h, 0.9) / 1e6,
           (double)hist_at(h, 0.99) / 1e6, (double)h->max / 1e6);
}

static void ask_all(struct arena *a, const char *path, str file)
{
    static struct asked q[MAX_QUERIES];
    static struct played first, later;
    size_t n = queries_read(file, q), worst = 0;
    struct db *db = NULL;
    int r = db_open_read(path, &db);

    if (r < 0)
        fail(path, r);
    printf("%lld pages, %zu queries, the first %d shown\n",
           (long long)number(db, db_stmt(db, "SELECT count(*) FROM search_pages")), n, TOP);
    round_play(a, db, q, n, &first);
    print("first round", &first.clock);
    for (int i = 0; i < ROUNDS; i++)
        round_play(a, db, q, n, &later);
    print("then", &later.clock);
    print("processor", &later.cpu);
    for (size_t i = 0; i < n; i++)
        worst = q[i].cpu_ns > q[worst].cpu_ns ? i : worst;
    printf("%zu of %zu found something; the slowest of the last round: %.*s (%.2f ms)\n",
           first.found, n, STR(q[worst].ask.query), (double)q[worst].cpu_ns / 1e6);
    db_close(db);
}

/* The commonest words, to write the list of queries from. */
static void print_words(const struct bench *b)
{
    for (int l = 0; l < LANGS; l++)
        for (unsigned i = 0; i < VOCABULARY; i += i < 300 ? 1 : 400)
            printf("%s %.*s\n", langs[l], STR(b->voc[l].word[i]));
}

int main(int argc, char **argv)
{
    struct bench *b = calloc(1, sizeof(*b));
    struct arena *a = arena_new();
    str queries;
    int r;

    if (argc < 3 || !b || !a) {
        fprintf(stderr, "search EXAMPLES QUERIES STORE [PAGES] | search EXAMPLES --words\n");
        return 2;
    }
    b->a = a;
    b->seed = 20201124;
    words_read(b, argv[1]);
    if (strcmp(argv[2], "--words") == 0) {
        print_words(b);
        return 0;
    }
    r = file_read(a, argv[2], 1 << 20, &queries);
    if (r < 0 || argc < 4)
        fail(argv[2], r);
    if (access(argv[3], F_OK) != 0)
        store_make(b, argv[3], argc > 4 ? atoll(argv[4]) : 100000);
    ask_all(arena_new(), argv[3], queries);
    arena_free(a);
    free(b);
    return 0;
}
