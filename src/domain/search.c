#include "domain/search.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/sb.h"
#include "base/str.h"
#include "domain/rows.h"
#include "domain/search_i.h"
#include "domain/word.h"
#include "store/db.h"

#include <string.h>

/*
 * Every page with the words is ranked (domain/search_i.h), so the first are the best however common
 * a word is.
 */
enum {
    STEM_LETTERS = 4,   /* what stays at least when an ending is cut off */
    ENDING_LETTERS = 3, /* cut off: -laryň loses more only in steps of the reader's own */
    LIMIT_DEFAULT = 10,
    LIMIT_MAX = 50,
    EXTRACT_BYTES = 260,
    BEFORE_BYTES = 60, /* of the extract, before the first word that was found */
    MAX_MARKS = 256,
};

struct query {
    struct arena *a;
    struct db *db;
    struct search_query words;
};

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

static bool has_word(const struct search_query *q, str word)
{
    for (size_t i = 0; i < q->n; i++) {
        if (str_eq(q->word[i], word))
            return true;
    }
    return false;
}

static int words_read(struct arena *a, str text, struct search_query *to)
{
    char buffer[WORD_BYTES];
    struct word w;
    int r = word_compose(a, str_take_whole(text, MAX_SEARCH_BYTES), &text);

    if (r < 0)
        return r;
    while (to->n < SEARCH_MAX_WORDS && word_next(&text, buffer, &w)) {
        str kept = arena_str(a, w.folded);

        if (!kept.p)
            return ERR_MEM;
        if (!has_word(to, kept))
            to->word[to->n++] = kept;
    }
    return 0;
}

/* The beginnings that stand for other endings of the same words. */
static bool shorten(struct search_query *q)
{
    bool is_shorter = false;

    for (size_t i = 0; i < q->n; i++) {
        size_t n = search_letters(q->word[i]);
        size_t keep = n > STEM_LETTERS + ENDING_LETTERS ? n - ENDING_LETTERS : STEM_LETTERS;

        if (n <= STEM_LETTERS)
            continue;
        q->word[i] = first_letters(q->word[i], keep);
        is_shorter = true;
    }
    return is_shorter;
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
        for (size_t i = 0; i < q->words.n; i++) {
            str word = q->words.word[i];
            bool is_whole = search_letters(word) <= SEARCH_EXACT_LETTERS;

            if (is_whole ? !str_eq(w.folded, word) : !str_starts(w.folded, word))
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

    *h = (struct search_hit){.kind = (int)col_i64(s, 0),
                             .lang = rows_str(q->a, s, 1, &ok),
                             .path = rows_str(q->a, s, 2, &ok),
                             .at = col_i64(s, 5),
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

/* ---- the list ---- */

static int hit_add(const struct query *q, int64_t page_id, struct search_found *to)
{
    struct stmt *s = db_stmt(q->db, "SELECT kind, lang, path, title, body, at, zone"
                                    " FROM search_pages WHERE page_id = ?1");
    int r;

    stmt_i64(s, 1, page_id);
    r = stmt_row(s);
    if (r > 0) {
        to->row = rows_grow(q->a, to->row, to->n, sizeof(*to->row));
        r = to->row ? hit_read(q, s, &to->row[to->n]) : ERR_MEM;
        to->n += r == 0;
    }
    stmt_end(s);
    return r;
}

static int list(const struct query *q, const struct search_ranked *ranked, size_t skip,
                size_t limit, struct search_found *to)
{
    int r = 0;

    for (size_t i = skip; i < ranked->n && i < skip + limit && r == 0; i++)
        r = hit_add(q, ranked->page_id[i], to);
    to->has_more = ranked->n > skip + limit;
    return r;
}

/* All the words; or all with other endings; or some of these. */
static int rank(struct query *q, str lang, size_t most, int *ret_way,
                struct search_ranked *ret_ranked)
{
    int way = SEARCH_ALL;
    int r = search_rank(q->a, q->db, lang, &q->words, most, ret_ranked);

    if (r < 0)
        return r;
    if (!ret_ranked->has_all && shorten(&q->words)) {
        r = search_rank(q->a, q->db, lang, &q->words, most, ret_ranked);
        way = SEARCH_NEAR;
    }
    *ret_way = ret_ranked->has_all ? way : SEARCH_SOME;
    return r;
}

int search_find(struct arena *a, struct db *db, const struct search_ask *ask,
                struct search_found *ret_found)
{
    size_t limit = ask->limit ? ask->limit : LIMIT_DEFAULT;
    size_t skip = ask->skip < MAX_SEARCH_SKIP ? ask->skip : MAX_SEARCH_SKIP;
    struct query q = {.a = a, .db = db};
    struct search_ranked ranked = {0};
    struct search_found f = {0};
    int r = words_read(a, ask->query, &q.words);

    if (limit > LIMIT_MAX)
        limit = LIMIT_MAX;
    f.nwords = q.words.n;
    if (r == 0 && f.nwords)
        r = rank(&q, ask->lang, skip + limit + 1, &f.way, &ranked);
    if (r == 0)
        r = list(&q, &ranked, skip, limit, &f);
    if (r == 0)
        *ret_found = f;
    return r;
}

/*
 * When what readers see of a page was last another: of news what feeds tell as updated
 * (news_seen_at), in any of its languages; of seminars their words, time and state.
 */
#define NEWS_SEEN                                                                                  \
    " SELECT max(max(v.published_at, v.changed_at), coalesce(n.pictures_at, 0),"                   \
    " coalesce((SELECT k.changed_at FROM consents k WHERE k.news_id = n.news_id), 0),"             \
    " coalesce((SELECT max(t.changed_at) FROM text_versions t WHERE t.is_source = 1"               \
    " AND t.text_id IN (n.title_text_id, n.body_text_id)), 0))"                                    \
    " FROM news n JOIN news_versions v ON v.news_id = n.news_id AND v.published_at IS NOT NULL"    \
    " WHERE n.news_id = p.item_id ORDER BY 1 DESC LIMIT 1"
#define SEMINAR_SEEN                                                                               \
    " SELECT max(s.added_at, coalesce(s.changed_at, 0), coalesce(s.live_at, 0),"                   \
    " coalesce(s.ended_at, 0), coalesce((SELECT max(t.changed_at) FROM text_versions t"            \
    " WHERE t.text_id IN (SELECT s.title_text_id UNION ALL SELECT s.short_title_text_id"           \
    " UNION ALL SELECT title_text_id FROM agenda_items WHERE seminar_id = s.seminar_id"            \
    " UNION ALL SELECT text_id FROM conclusions WHERE seminar_id = s.seminar_id)), 0))"            \
    " FROM seminars s WHERE s.seminar_id = p.item_id"

int search_pages(struct arena *a, struct db *db, size_t limit, struct search_page_list *ret_list)
{
    struct search_page_list l = {0};
    struct stmt *q = db_stmt(db, "SELECT path, group_concat(lang),"
                                 " iif(kind = 1, (" NEWS_SEEN "), (" SEMINAR_SEEN "))"
                                 " FROM search_pages p WHERE kind IN (1, 2)"
                                 " GROUP BY kind, item_id ORDER BY max(at) DESC LIMIT ?1");
    bool ok = true;
    int r = 0;

    stmt_i64(q, 1, (int64_t)limit);
    while (ok && (r = stmt_row(q)) > 0) {
        l.row = rows_grow(a, l.row, l.n, sizeof(*l.row));
        ok = l.row != NULL;
        if (ok)
            l.row[l.n++] = (struct search_page){.path = rows_str(a, q, 0, &ok),
                                                .langs = rows_str(a, q, 1, &ok),
                                                .seen_at = col_i64(q, 2)};
    }
    r = rows_end(q, r, ok);
    if (r == 0)
        *ret_list = l;
    return r;
}
