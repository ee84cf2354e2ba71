#include "domain/search_i.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/sb.h"
#include "base/str.h"
#include "store/db.h"

#include <stdlib.h>
#include <string.h>

/*
 * A page of a hundred words changes a hundred rows, and a common word's row is long, so changes are
 * gathered, sorted by row, and each row is merged once. The later change of a word in a page holds.
 */
enum {
    MANY_CHANGES = 400 * 1000, /* some 25 MB with their words */
    LENGTH_USUAL = 200,        /* words */
    TITLE_COUNTS = 10,
};

struct search_change {
    int64_t lang_number, block;
    str word;
    uint32_t at, weight; /* weight 0: the word is not in the page any more */
    size_t turn;
};

size_t search_letters(str s)
{
    size_t n = 0;

    for (size_t i = 0; i < s.n; i++)
        n += ((unsigned char)s.p[i] & 0xc0) != 0x80;
    return n;
}

/* ---- gathering ---- */

void search_changes_done(struct search_changes *c)
{
    free(c->row);
    arena_free(c->words);
    *c = (struct search_changes){0};
}

bool search_changes_are_many(const struct search_changes *c)
{
    return c->n >= MANY_CHANGES || (c->words && arena_used(c->words) > MAX_ARENA_BYTES / 2);
}

static struct search_change *room(struct search_changes *c, size_t n)
{
    size_t cap = c->cap ? c->cap : 512;
    struct search_change *row;

    while (cap < c->n + n)
        cap *= 2;
    if (cap == c->cap)
        return c->row + c->n;
    row = realloc(c->row, cap * sizeof(*row));
    if (!row)
        return NULL;
    c->row = row;
    c->cap = cap;
    return c->row + c->n;
}

static int by_word(const void *a, const void *b)
{
    const struct search_change *x = a, *y = b;

    return str_cmp(x->word, y->word);
}

static size_t count_words(str s)
{
    size_t n = s.n > 0;

    for (size_t i = 0; i < s.n; i++)
        n += s.p[i] == ' ';
    return n;
}

/* A change for every word as it stands; weight is how much it counts. */
static void list_words(struct search_change *to, str text, uint32_t counts, size_t *io_n)
{
    while (text.n) {
        struct str_pair p = str_cut(text, ' ');

        to[(*io_n)++] = (struct search_change){.word = p.head, .weight = counts};
        text = p.tail;
    }
}

static uint32_t weight_of(uint32_t f, size_t length)
{
    double k = 1.2 * (0.25 + 0.75 * (double)length / LENGTH_USUAL);
    double w = (double)f / k * SEARCH_ONE + 0.5;

    return w < 1 ? 1 : w > SEARCH_WEIGHT_MAX ? SEARCH_WEIGHT_MAX : (uint32_t)w;
}

/* Equal words become one; *io_n is how many are left. */
static void join_words(struct search_change *row, size_t *io_n)
{
    size_t n = 0;

    for (size_t i = 0; i < *io_n; i++) {
        if (n && str_eq(row[n - 1].word, row[i].word))
            row[n - 1].weight += row[i].weight;
        else
            row[n++] = row[i];
    }
    *io_n = n;
}

int search_changes_add(struct search_changes *c, const struct search_text *t)
{
    size_t length = count_words(t->title) + count_words(t->body), n = 0;
    int64_t count = t->page_id & ((1ll << SEARCH_LANG_SHIFT) - 1);
    struct search_change *row = room(c, length);

    if (!c->words)
        c->words = arena_new();
    if (!row || !c->words)
        return ERR_MEM;
    list_words(row, t->title, TITLE_COUNTS, &n);
    list_words(row, t->body, 1, &n);
    qsort(row, n, sizeof(*row), by_word);
    join_words(row, &n);
    for (size_t i = 0; i < n; i++) {
        row[i].lang_number = t->page_id >> SEARCH_LANG_SHIFT;
        row[i].block = count / SEARCH_BLOCK;
        row[i].at = (uint32_t)(count % SEARCH_BLOCK);
        row[i].weight = t->is_there ? weight_of(row[i].weight, length) : 0;
        row[i].turn = c->n + i;
        row[i].word = arena_str(c->words, row[i].word);
        if (!row[i].word.p)
            return ERR_MEM;
    }
    c->n += n;
    return 0;
}

/* ---- rows ---- */

static void varint_put(struct sb *b, uint64_t v)
{
    for (; v >= 0x80; v >>= 7)
        sb_char(b, (char)(v | 0x80));
    sb_char(b, (char)v);
}

static void put_page(struct sb *b, int64_t *io_last, int64_t at, uint32_t weight)
{
    if (!weight)
        return;
    varint_put(b, (uint64_t)(at - *io_last));
    varint_put(b, weight);
    *io_last = at;
}

/* The row with n changes of it, which are sorted by page. */
static void merge(str old, const struct search_change *c, size_t n, struct sb *to)
{
    int64_t at = -1, last = -1;
    uint32_t weight = 0;
    bool has_old = search_row_next(&old, &at, &weight);

    for (size_t i = 0; i < n; i++) {
        while (has_old && at < c[i].at) {
            put_page(to, &last, at, weight);
            has_old = search_row_next(&old, &at, &weight);
        }
        if (has_old && at == c[i].at)
            has_old = search_row_next(&old, &at, &weight);
        put_page(to, &last, c[i].at, c[i].weight);
    }
    for (; has_old; has_old = search_row_next(&old, &at, &weight))
        put_page(to, &last, at, weight);
}

static void bind_row(struct stmt *q, const struct search_change *c)
{
    stmt_i64(q, 1, c->lang_number);
    stmt_str(q, 2, c->word);
    stmt_i64(q, 3, c->block);
}

static int write_row(struct db *db, const struct search_change *c, size_t n, struct sb *buffer)
{
    struct stmt *q = db_stmt(db, "SELECT pages FROM search_words"
                                 " WHERE lang_number = ?1 AND word = ?2 AND block = ?3");
    int r;

    bind_row(q, c);
    r = stmt_row(q);
    sb_reset(buffer);
    merge(r > 0 ? col_str(q, 0) : S(""), c, n, buffer);
    stmt_end(q);
    if (r < 0 || buffer->err)
        return r < 0 ? r : ERR_MEM;
    if (!buffer->n) {
        q = db_stmt(db, "DELETE FROM search_words"
                        " WHERE lang_number = ?1 AND word = ?2 AND block = ?3");
    } else {
        q = db_stmt(db, "INSERT INTO search_words (lang_number, word, block, pages)"
                        " VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO UPDATE SET pages = ?4");
        stmt_blob(q, 4, buffer->p, buffer->n);
    }
    bind_row(q, c);
    return stmt_run(q);
}

static int by_row(const void *a, const void *b)
{
    const struct search_change *x = a, *y = b;
    int n = x->lang_number != y->lang_number ? (x->lang_number < y->lang_number ? -1 : 1)
                                             : str_cmp(x->word, y->word);

    if (n == 0 && x->block != y->block)
        n = x->block < y->block ? -1 : 1;
    if (n == 0 && x->at != y->at)
        n = x->at < y->at ? -1 : 1;
    return n ? n : x->turn < y->turn ? -1 : 1;
}

static bool is_same_row(const struct search_change *x, const struct search_change *y)
{
    return x->lang_number == y->lang_number && x->block == y->block && str_eq(x->word, y->word);
}

/* Of several changes of one word in one page the last stays. */
static size_t last_of_each(struct search_change *row, size_t n)
{
    size_t kept = 0;

    for (size_t i = 0; i < n; i++) {
        if (i + 1 < n && row[i].at == row[i + 1].at && is_same_row(&row[i], &row[i + 1]))
            continue;
        row[kept++] = row[i];
    }
    return kept;
}

int search_changes_write(struct search_changes *c, struct db *db)
{
    struct sb buffer = sb_init(NULL, 0);
    size_t n;
    int r = 0;

    if (c->n)
        qsort(c->row, c->n, sizeof(*c->row), by_row);
    c->n = last_of_each(c->row, c->n);
    for (size_t i = 0; i < c->n && r == 0; i += n) {
        for (n = 1; i + n < c->n && is_same_row(&c->row[i], &c->row[i + n]);)
            n++;
        r = write_row(db, &c->row[i], n, &buffer);
    }
    sb_done(&buffer);
    c->n = 0;
    if (c->words)
        arena_reset(c->words);
    return r;
}

int search_words_walk(struct db *db, int64_t lang_number, str word, search_row_fn *fn, void *ctx)
{
    /* no word has the last character of Unicode, or the first */
    const char *end = search_letters(word) > SEARCH_EXACT_LETTERS ? "\xf4\x8f\xbf\xbf" : "\x01";
    char beyond[128];
    struct stmt *q = db_stmt(db, "SELECT block, pages FROM search_words"
                                 " WHERE lang_number = ?1 AND word >= ?2 AND word < ?3");
    int r;

    if (word.n + strlen(end) > sizeof(beyond))
        return ERR_TOO_BIG;
    memcpy(beyond, word.p, word.n);
    memcpy(beyond + word.n, end, strlen(end));
    stmt_i64(q, 1, lang_number);
    stmt_str(q, 2, word);
    stmt_str(q, 3, (str){beyond, word.n + strlen(end)});
    while ((r = stmt_row(q)) > 0)
        fn(col_i64(q, 0) * SEARCH_BLOCK, col_str(q, 1), ctx);
    return r;
}
