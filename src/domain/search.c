#include "domain/search.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/sb.h"
#include "base/str.h"
#include "domain/rows.h"
#include "domain/word.h"
#include "store/db.h"

#include <string.h>

/*
 * bm25 reads every page that matches, so it ranks at most RANKED of them (some milliseconds); a
 * word that more pages have says little about a page and takes no part in the ranking as long as
 * another one does. Where all words together are in too many pages, ranking means nothing: pages
 * with the words in their title come first, the newest first, which the index gives by itself.
 * Counting ends at RANKED. The words of a query are folded, so they hold letters and digits only
 * and cannot be syntax of the index.
 */
enum {
    RANKED = 3000,
    MAX_WORDS = 8,
    EXACT_LETTERS = 1,  /* so short a word is not the beginning of another one */
    STEM_LETTERS = 4,   /* what stays at least when an ending is cut off */
    ENDING_LETTERS = 3, /* cut off: -laryň loses more only in steps of the reader's own */
    LIMIT_DEFAULT = 10,
    LIMIT_MAX = 50,
    EXTRACT_BYTES = 260,
    BEFORE_BYTES = 60,  /* of the extract, before the first word that was found */
    MAX_MARKS = 256,
};

struct query {
    struct arena *a;
    struct db *db;
    str word[MAX_WORDS];
    size_t n;
    int64_t low, high; /* numbers of pages: the language asked for, or all */
};

static size_t letters(str s)
{
    size_t n = 0;

    for (size_t i = 0; i < s.n; i++)
        n += ((unsigned char)s.p[i] & 0xc0) != 0x80;
    return n;
}

static str first_letters(str s, size_t n)
{
    size_t at = 0;

    while (at < s.n && n) {
        at++;
        while (at < s.n && ((unsigned char)s.p[at] & 0xc0) == 0x80)
            at++;
        n--;
    }
    return str_take(s, at);
}

static bool has_word(const struct query *q, str word)
{
    for (size_t i = 0; i < q->n; i++) {
        if (str_eq(q->word[i], word))
            return true;
    }
    return false;
}

static int words_read(struct query *q, str text)
{
    char buffer[WORD_BYTES];
    struct word w;
    int r = word_compose(q->a, str_take(text, MAX_SEARCH_BYTES), &text);

    if (r < 0)
        return r;
    while (q->n < MAX_WORDS && word_next(&text, buffer, &w)) {
        str kept = arena_str(q->a, w.folded);

        if (!kept.p)
            return ERR_MEM;
        if (!has_word(q, kept))
            q->word[q->n++] = kept;
    }
    return 0;
}

/* The beginnings that stand for other endings of the same words. */
static bool shorten(struct query *q)
{
    bool is_shorter = false;

    for (size_t i = 0; i < q->n; i++) {
        size_t n = letters(q->word[i]);
        size_t keep = n > STEM_LETTERS + ENDING_LETTERS ? n - ENDING_LETTERS : STEM_LETTERS;

        if (n <= STEM_LETTERS)
            continue;
        q->word[i] = first_letters(q->word[i], keep);
        is_shorter = true;
    }
    return is_shorter;
}

static void add_word(struct sb *b, str word, const char *join)
{
    if (b->n && b->p[b->n - 1] != '(')
        sb_c(b, join);
    sb_char(b, '"');
    sb_add(b, word);
    sb_c(b, letters(word) > EXACT_LETTERS ? "\"*" : "\"");
}

/* ---- counting ---- */

static int count(const struct query *q, str match, int64_t *ret_n)
{
    struct stmt *s = db_stmt(q->db,
        "SELECT count(*) FROM (SELECT 1 FROM search_index"
        " WHERE search_index MATCH ?1 AND rowid BETWEEN ?2 AND ?3 LIMIT ?4)");
    int r;

    stmt_str(s, 1, match);
    stmt_i64(s, 2, q->low);
    stmt_i64(s, 3, q->high);
    stmt_i64(s, 4, RANKED);
    r = stmt_row(s);
    if (r > 0)
        *ret_n = col_i64(s, 0);
    stmt_end(s);
    return r < 0 ? r : 0;
}

/* All words; and of them those that few enough pages have. */
static int expressions(const struct query *q, str *ret_all, str *ret_rare)
{
    struct sb all = sb_init(q->a, 0), rare = sb_init(q->a, 0);

    for (size_t i = 0; i < q->n; i++) {
        struct sb one = sb_init(q->a, 0);
        int64_t n = 0;
        int r;

        add_word(&one, q->word[i], "");
        add_word(&all, q->word[i], " ");
        if (one.err)
            return ERR_MEM;
        r = count(q, sb_str(&one), &n);
        if (r < 0)
            return r;
        if (n < RANKED)
            add_word(&rare, q->word[i], " ");
    }
    if (all.err || rare.err)
        return ERR_MEM;
    *ret_all = sb_str(&all);
    *ret_rare = rare.n ? sb_str(&rare) : *ret_all;
    return 0;
}

/* Pages with any of the words; of common words only when all are. */
static int some_expression(const struct query *q, str *ret_some)
{
    struct sb some = sb_init(q->a, 0), rest = sb_init(q->a, 0);

    for (size_t i = 0; i < q->n; i++) {
        struct sb one = sb_init(q->a, 0);
        int64_t n = 0;
        int r;

        add_word(&one, q->word[i], "");
        r = one.err ? ERR_MEM : count(q, sb_str(&one), &n);
        if (r < 0)
            return r;
        add_word(n < RANKED ? &some : &rest, q->word[i], " OR ");
    }
    if (some.err || rest.err)
        return ERR_MEM;
    *ret_some = some.n ? sb_str(&some) : sb_str(&rest);
    return 0;
}

/* ---- the extract ---- */

struct mark {
    size_t at, n; /* bytes */
    size_t word;
};

struct marks {
    struct mark row[MAX_MARKS];
    size_t n;
};

static void marks_read(const struct query *q, str text, struct marks *to)
{
    char buffer[WORD_BYTES];
    str rest = text;
    struct word w;

    to->n = 0;
    while (to->n < MAX_MARKS && word_next(&rest, buffer, &w)) {
        for (size_t i = 0; i < q->n; i++) {
            bool is_whole = letters(q->word[i]) <= EXACT_LETTERS;

            if (is_whole ? !str_eq(w.folded, q->word[i]) : !str_starts(w.folded, q->word[i]))
                continue;
            to->row[to->n++] = (struct mark){(size_t)(w.plain.p - text.p), w.plain.n, i};
            break;
        }
    }
}

/* Where the mark is from which an extract sees the most different words; 0 without marks. */
static size_t best_place(const struct marks *marks)
{
    const size_t sight = EXTRACT_BYTES - BEFORE_BYTES;
    size_t best = 0;
    int most = 0;

    for (size_t i = 0; i < marks->n; i++) {
        size_t at = marks->row[i].at;
        unsigned seen = 0;

        for (size_t k = i; k < marks->n && marks->row[k].at < at + sight; k++)
            seen |= 1u << marks->row[k].word;
        if (__builtin_popcount(seen) > most) {
            most = __builtin_popcount(seen);
            best = at;
        }
    }
    return best;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\t';
}

/* The window [from, to) moved to whole words; a text without spaces is cut at a character. */
static void window(str text, size_t at, size_t *ret_from, size_t *ret_to)
{
    size_t from = at > BEFORE_BYTES ? at - BEFORE_BYTES : 0;
    size_t to = from + EXTRACT_BYTES < text.n ? from + EXTRACT_BYTES : text.n;
    size_t end = to;

    while (from && from < at && !is_space(text.p[from - 1]))
        from++;
    while (end < text.n && end > at && !is_space(text.p[end]))
        end--;
    if (end > from)
        to = end;
    while (to < text.n && to > from && ((unsigned char)text.p[to] & 0xc0) == 0x80)
        to--;
    *ret_from = from;
    *ret_to = to;
}

static int part_add(struct arena *a, struct search_parts *to, str text, bool is_found)
{
    str kept;

    if (!text.n)
        return 0;
    to->row = rows_grow(a, to->row, to->n, sizeof(*to->row));
    kept = arena_str(a, text);
    if (!to->row || !kept.p)
        return ERR_MEM;
    for (size_t i = 0; i < kept.n; i++) {
        if (kept.p[i] == '\n')
            ((char *)(uintptr_t)kept.p)[i] = ' ';
    }
    to->row[to->n++] = (struct search_part){kept, is_found};
    return 0;
}

/* text[from, to) in pieces, with an ellipsis where something was left out. */
static int parts_make(struct arena *a, str text, size_t from, size_t to, const struct marks *marks,
                      struct search_parts *ret_parts)
{
    struct search_parts p = {0};
    size_t at = from;
    int r = from ? part_add(a, &p, S("… "), false) : 0;

    for (size_t i = 0; i < marks->n && r == 0; i++) {
        const struct mark *m = &marks->row[i];

        if (m->at < at || m->at + m->n > to)
            continue;
        r = part_add(a, &p, str_take(str_from(text, at), m->at - at), false);
        if (r == 0)
            r = part_add(a, &p, str_take(str_from(text, m->at), m->n), true);
        at = m->at + m->n;
    }
    if (r == 0)
        r = part_add(a, &p, str_take(str_from(text, at), to - at), false);
    if (r == 0 && to < text.n)
        r = part_add(a, &p, S(" …"), false);
    if (r == 0)
        *ret_parts = p;
    return r;
}

static int hit_read(const struct query *q, struct stmt *s, struct search_hit *h)
{
    struct marks marks;
    str title = col_str(s, 3), body = col_str(s, 4);
    size_t from, to;
    bool ok = true;
    int r;

    *h = (struct search_hit){.kind = (int)col_i64(s, 0), .lang = rows_str(q->a, s, 1, &ok),
                             .path = rows_str(q->a, s, 2, &ok), .at = col_i64(s, 5),
                             .zone = rows_str(q->a, s, 6, &ok)};
    if (!ok)
        return ERR_MEM;
    marks_read(q, title, &marks);
    r = parts_make(q->a, title, 0, title.n, &marks, &h->title);
    if (r < 0)
        return r;
    marks_read(q, body, &marks);
    window(body, best_place(&marks), &from, &to);
    return parts_make(q->a, body, from, to, &marks, &h->extract);
}

/* ---- the three ways to a list ---- */

#define HIT_COLUMNS "p.kind, p.lang, p.path, p.title, p.body, p.at, p.zone"

static struct stmt *ranked_stmt(const struct query *q, str all, str rare)
{
    struct stmt *s = db_stmt(q->db,
        "SELECT " HIT_COLUMNS " FROM (SELECT rowid AS id, rank AS place FROM search_index"
        " WHERE search_index MATCH ?1 AND rank MATCH 'bm25(10.0, 1.0)' AND rowid BETWEEN ?2 AND ?3"
        " AND rowid IN (SELECT rowid FROM search_index WHERE search_index MATCH ?6"
        " AND rowid BETWEEN ?2 AND ?3) ORDER BY rank LIMIT ?4 OFFSET ?5)"
        " JOIN search_pages p ON p.page_id = id ORDER BY place, id DESC");

    stmt_str(s, 1, rare);
    stmt_str(s, 6, all);
    return s;
}

static struct stmt *newest_stmt(const struct query *q, str match)
{
    struct stmt *s = db_stmt(q->db,
        "SELECT " HIT_COLUMNS " FROM (SELECT rowid AS id FROM search_index"
        " WHERE search_index MATCH ?1 AND rowid BETWEEN ?2 AND ?3"
        " ORDER BY rowid DESC LIMIT ?4 OFFSET ?5) JOIN search_pages p ON p.page_id = id"
        " ORDER BY id DESC");

    stmt_str(s, 1, match);
    return s;
}

static int list(const struct query *q, struct stmt *s, const struct search_ask *ask,
                struct search_found *to)
{
    size_t limit = ask->limit ? ask->limit : LIMIT_DEFAULT;
    int r;

    if (limit > LIMIT_MAX)
        limit = LIMIT_MAX;
    stmt_i64(s, 2, q->low);
    stmt_i64(s, 3, q->high);
    stmt_i64(s, 4, (int64_t)limit + 1);
    stmt_i64(s, 5, (int64_t)ask->skip);
    while ((r = stmt_row(s)) > 0) {
        if (to->n == limit) {
            to->has_more = true;
            break;
        }
        to->row = rows_grow(q->a, to->row, to->n, sizeof(*to->row));
        r = to->row ? hit_read(q, s, &to->row[to->n]) : ERR_MEM;
        if (r < 0)
            break;
        to->n++;
    }
    return rows_end(s, r, true);
}

static int many(const struct query *q, str all, const struct search_ask *ask,
                struct search_found *to)
{
    str in_title = arena_printf(q->a, "{title} : (%.*s)", STR(all));
    int64_t n = 0;
    int r = in_title.p ? count(q, in_title, &n) : ERR_MEM;

    if (r < 0)
        return r;
    to->way = SEARCH_MANY;
    return list(q, newest_stmt(q, n ? in_title : all), ask, to);
}

/* Pages with all of the words as they stand in q. *ret_n: how many, up to RANKED. */
static int all_words(const struct query *q, int way, const struct search_ask *ask, int64_t *ret_n,
                     struct search_found *to)
{
    str all, rare;
    int r = expressions(q, &all, &rare);

    if (r == 0)
        r = count(q, all, ret_n);
    if (r < 0 || !*ret_n)
        return r;
    if (*ret_n >= RANKED)
        return many(q, all, ask, to);
    to->way = way;
    return list(q, ranked_stmt(q, all, rare), ask, to);
}

static int some_words(const struct query *q, const struct search_ask *ask, struct search_found *to)
{
    int64_t n = 0;
    str some;
    int r = some_expression(q, &some);

    if (r == 0)
        r = count(q, some, &n);
    if (r < 0)
        return r;
    to->way = SEARCH_SOME;
    return list(q, n < RANKED ? ranked_stmt(q, some, some) : newest_stmt(q, some), ask, to);
}

/* The numbers of the language's pages; ERR_NOT_FOUND: it has none. */
static int range(struct query *q, str lang)
{
    struct stmt *s;
    int r;

    q->low = 0;
    q->high = INT64_MAX;
    if (!lang.p)
        return 0;
    s = db_stmt(q->db, "SELECT lang_number << 40, (lang_number + 1) << 40 FROM search_langs"
                       " WHERE lang = ?1");
    stmt_str(s, 1, lang);
    r = stmt_row(s);
    if (r > 0) {
        q->low = col_i64(s, 0);
        q->high = col_i64(s, 1) - 1;
    }
    stmt_end(s);
    return r < 0 ? r : r > 0 ? 0 : ERR_NOT_FOUND;
}

int search_find(struct arena *a, struct db *db, const struct search_ask *ask,
                struct search_found *ret_found)
{
    struct query q = {.a = a, .db = db};
    struct search_found f = {0};
    int64_t n = 0;
    int r = words_read(&q, ask->query);

    if (r < 0)
        return r;
    f.nwords = q.n;
    r = q.n ? range(&q, ask->lang) : ERR_NOT_FOUND;
    if (r == 0)
        r = all_words(&q, SEARCH_ALL, ask, &n, &f);
    if (r == 0 && !n && shorten(&q))
        r = all_words(&q, SEARCH_NEAR, ask, &n, &f);
    if (r == 0 && !n && q.n > 1)
        r = some_words(&q, ask, &f);
    if (r < 0 && r != ERR_NOT_FOUND)
        return r;
    *ret_found = f;
    return 0;
}

int search_pages(struct arena *a, struct db *db, size_t limit, struct search_page_list *ret_list)
{
    struct search_page_list l = {0};
    struct stmt *q = db_stmt(db, "SELECT path, group_concat(lang), max(at) FROM search_pages"
                                 " WHERE kind IN (1, 2, 4) GROUP BY kind, item_id"
                                 " ORDER BY 3 DESC LIMIT ?1");
    bool ok = true;
    int r = 0;

    stmt_i64(q, 1, (int64_t)limit);
    while (ok && (r = stmt_row(q)) > 0) {
        l.row = rows_grow(a, l.row, l.n, sizeof(*l.row));
        ok = l.row != NULL;
        if (ok)
            l.row[l.n++] = (struct search_page){.path = rows_str(a, q, 0, &ok),
                                                .langs = rows_str(a, q, 1, &ok),
                                                .at = col_i64(q, 2)};
    }
    r = rows_end(q, r, ok);
    if (r == 0)
        *ret_list = l;
    return r;
}
