#include "domain/diff.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/sb.h"
#include "base/str.h"
#include "domain/rows.h"

#include <stdlib.h>
#include <string.h>

/*
 * E. Myers, An O(ND) Difference Algorithm and Its Variations (1986), section 4: greedy, with the
 * furthest points of every round kept for the way back. First over paragraphs, then over words
 * inside those that differ, so a long text costs no more than what was changed in it. Over
 * MAX_DIFF_EDITS changes it is no comparison any more: the rest counts as replaced.
 */

struct tokens {
    str *row;
    size_t n;
};

/* One pairing: for each token of x its place in y, or -1. */
struct pairs {
    int *of_x;
};

/* ---- tokens ---- */

static bool is_word_byte(char c)
{
    unsigned char u = (unsigned char)c;

    return u >= 0x80 || (u >= '0' && u <= '9') || ((u | 32) >= 'a' && (u | 32) <= 'z');
}

static size_t word_length(str s)
{
    size_t n = 1;

    if (is_word_byte(s.p[0])) {
        while (n < s.n && is_word_byte(s.p[n]))
            n++;
    } else if (s.p[0] == ' ') {
        while (n < s.n && s.p[n] == ' ')
            n++;
    }
    return n;
}

/* With its line end. */
static size_t line_length(str s)
{
    ptrdiff_t at = str_chr(s, '\n');

    return at < 0 ? s.n : (size_t)at + 1;
}

static int cut(struct arena *a, str s, size_t (*length)(str), struct tokens *to)
{
    struct tokens t = {0};

    while (s.n) {
        size_t n = length(s);

        t.row = rows_grow(a, t.row, t.n, sizeof(*t.row));
        if (!t.row)
            return ERR_MEM;
        t.row[t.n++] = str_take(s, n);
        s = str_from(s, n);
    }
    *to = t;
    return 0;
}

/* ---- pairing ---- */

/* Furthest x on each diagonal k = x - y after d rounds, at v[k + d] of that round's row. */
struct rounds {
    int **row;
    int d;
};

static bool eq(const struct tokens *x, const struct tokens *y, int i, int k)
{
    return str_eq(x->row[i], y->row[i - k]);
}

static int step_from(const struct rounds *r, int d, int k)
{
    const int *v = d ? r->row[d - 1] : NULL;

    if (!d)
        return 0;
    /* Row d - 1 holds diagonals -(d - 1) … d - 1. */
    if (k == -d || (k != d && v[k - 1 + d - 1] < v[k + 1 + d - 1]))
        return v[k + 1 + d - 1];
    return v[k - 1 + d - 1] + 1;
}

/* Runs rounds until the end is reached; ERR_FULL: too different. */
static int reach(struct arena *a, const struct tokens *x, const struct tokens *y, struct rounds *r)
{
    int nx = (int)x->n, ny = (int)y->n;

    r->row = arena_array(a, MAX_DIFF_EDITS + 1, sizeof(*r->row));
    if (!r->row)
        return ERR_MEM;
    for (int d = 0; d <= MAX_DIFF_EDITS; d++) {
        int *v = r->row[d] = arena_array(a, (size_t)(2 * d + 1), sizeof(*v));

        if (!v)
            return ERR_MEM;
        r->d = d;
        for (int k = -d; k <= d; k += 2) {
            int i = step_from(r, d, k);

            while (i < nx && i - k < ny && i - k >= 0 && eq(x, y, i, k))
                i++;
            v[k + d] = i;
            if (k == nx - ny && i >= nx)
                return 0;
        }
    }
    return ERR_FULL;
}

static void walk_back(const struct rounds *r, const struct tokens *x, const struct tokens *y,
                      struct pairs *to)
{
    int i = (int)x->n, j = (int)y->n;

    for (int d = r->d; d >= 0; d--) {
        int k = i - j, start = step_from(r, d, k);

        while (i > start && j > 0 && i > 0) {
            i--;
            j--;
            to->of_x[i] = j;
        }
        if (!d)
            break;
        /* The one edit of this round: was it down (y) or right (x)? */
        if (k == -d || (k != d && r->row[d - 1][k - 1 + d - 1] < r->row[d - 1][k + 1 + d - 1]))
            j--;
        else
            i--;
    }
}

/* Without what both begin and end with. */
static struct tokens middle(const struct tokens *t, size_t head, size_t tail)
{
    return (struct tokens){t->n ? t->row + head : NULL, t->n - head - tail};
}

static int pair(struct arena *a, const struct tokens *x, const struct tokens *y,
                struct pairs *ret_pairs)
{
    size_t head = 0, tail = 0;
    struct tokens mx, my;
    struct pairs inner, p = {arena_array(a, x->n + 1, sizeof(*p.of_x))};
    struct rounds r = {0};
    int e;

    inner.of_x = arena_array(a, x->n + 1, sizeof(*inner.of_x));
    if (!p.of_x || !inner.of_x)
        return ERR_MEM;
    while (head < x->n && head < y->n && str_eq(x->row[head], y->row[head]))
        head++;
    while (tail < x->n - head && tail < y->n - head &&
           str_eq(x->row[x->n - 1 - tail], y->row[y->n - 1 - tail]))
        tail++;
    mx = middle(x, head, tail);
    my = middle(y, head, tail);
    for (size_t i = 0; i < mx.n; i++)
        inner.of_x[i] = -1;
    e = mx.n && my.n ? reach(a, &mx, &my, &r) : ERR_FULL;
    if (e == 0)
        walk_back(&r, &mx, &my, &inner);
    else if (e != ERR_FULL)
        return e;
    for (size_t i = 0; i < x->n; i++) {
        if (i < head)
            p.of_x[i] = (int)i;
        else if (i < head + mx.n)
            p.of_x[i] = inner.of_x[i - head] < 0 ? -1 : inner.of_x[i - head] + (int)head;
        else
            p.of_x[i] = (int)(i + y->n - x->n);
    }
    *ret_pairs = p;
    return 0;
}

/* ---- pieces ---- */

/* Pieces of one kind that touch each other in the text become one. */
static int put(struct arena *a, struct diff *d, enum diff_op op, str text)
{
    struct diff_piece *last = d->n ? &d->row[d->n - 1] : NULL;

    if (!text.n)
        return 0;
    if (last && last->op == op && last->text.p + last->text.n == text.p) {
        last->text.n += text.n;
        return 0;
    }
    d->row = rows_grow(a, d->row, d->n, sizeof(*d->row));
    if (!d->row)
        return ERR_MEM;
    d->row[d->n++] = (struct diff_piece){op, text};
    return 0;
}

/* From the first of a run of tokens to the last: they stand behind each other in one text. */
static str span(const struct tokens *t, size_t from, size_t to)
{
    if (from >= to || !t->row)
        return S("");
    return (str){t->row[from].p, (size_t)(t->row[to - 1].p + t->row[to - 1].n - t->row[from].p)};
}

static bool is_space(str t)
{
    return t.p[0] == ' ' || t.p[0] == '\n';
}

/* A space that both happen to have between changed words is no island to read: it goes with them.
 */
static void drown(const struct tokens *x, struct pairs *p)
{
    for (size_t i = 0; i < x->n; i++) {
        bool is_after = i > 0 && p->of_x[i - 1] < 0;
        bool is_before = i + 1 < x->n && p->of_x[i + 1] < 0;

        if (p->of_x[i] >= 0 && is_space(x->row[i]) && is_after && is_before)
            p->of_x[i] = -1;
    }
}

typedef int gap_fn(struct arena *a, str was, str now, struct diff *to);

static int gap_whole(struct arena *a, str was, str now, struct diff *to)
{
    int r = put(a, to, DIFF_GONE, was);

    return r < 0 ? r : put(a, to, DIFF_NEW, now);
}

/* Walks both, kept tokens as they are, what lies between them by `gap`. */
static int walk(struct arena *a, const struct tokens *x, const struct tokens *y, gap_fn *gap,
                struct diff *to)
{
    struct pairs p = {0};
    size_t i = 0, j = 0;
    int r = pair(a, x, y, &p);

    if (r == 0 && gap == gap_whole)
        drown(x, &p);
    while (r == 0 && (i < x->n || j < y->n)) {
        size_t i0 = i, j0 = j;

        while (i < x->n && p.of_x[i] < 0)
            i++;
        j = i < x->n ? (size_t)p.of_x[i] : y->n;
        if (i > i0 || j > j0)
            r = gap(a, span(x, i0, i), span(y, j0, j), to);
        if (r == 0 && i < x->n) {
            r = j < y->n ? put(a, to, DIFF_KEPT, y->row[j]) : ERR_INTERNAL;
            i++;
            j++;
        }
    }
    return r;
}

static int gap_words(struct arena *a, str was, str now, struct diff *to)
{
    struct tokens x = {0}, y = {0};
    int r = cut(a, was, word_length, &x);

    if (r == 0)
        r = cut(a, now, word_length, &y);
    return r < 0 ? r : walk(a, &x, &y, gap_whole, to);
}

int diff_words(struct arena *a, str was, str now, struct diff *ret_diff)
{
    struct diff d = {0};
    struct tokens x = {0}, y = {0};
    int r = cut(a, was, line_length, &x);

    if (r == 0)
        r = cut(a, now, line_length, &y);
    if (r == 0)
        r = walk(a, &x, &y, gap_words, &d);
    if (r == 0)
        *ret_diff = d;
    return r;
}

/* ---- two people at once ---- */

struct three {
    struct tokens base, mine, theirs;
    struct pairs to_mine, to_theirs;
};

static int part_add(struct arena *a, struct merge *m, const struct merge_part *p)
{
    if (!p->base.n && !p->mine.n && !p->theirs.n)
        return 0;
    m->row = rows_grow(a, m->row, m->n, sizeof(*m->row));
    if (!m->row)
        return ERR_MEM;
    m->row[m->n++] = *p;
    m->nclashes += p->kind == MERGE_CLASH;
    return 0;
}

static enum merge_kind kind_of(const struct merge_part *p)
{
    if (str_eq(p->mine, p->theirs))
        return MERGE_SAME;
    if (str_eq(p->mine, p->base))
        return MERGE_THEIRS;
    return str_eq(p->theirs, p->base) ? MERGE_MINE : MERGE_CLASH;
}

/* Between lines that all three have in common; those are parts of their own. */
static int merge_walk(struct arena *a, const struct three *t, struct merge *m)
{
    size_t b = 0, i = 0, j = 0;
    int r = 0;

    while (r == 0 && (b < t->base.n || i < t->mine.n || j < t->theirs.n)) {
        size_t b0 = b, i0 = i, j0 = j;
        struct merge_part p = {0};

        while (b < t->base.n && (t->to_mine.of_x[b] < 0 || t->to_theirs.of_x[b] < 0))
            b++;
        i = b < t->base.n ? (size_t)t->to_mine.of_x[b] : t->mine.n;
        j = b < t->base.n ? (size_t)t->to_theirs.of_x[b] : t->theirs.n;
        p.base = span(&t->base, b0, b);
        p.mine = span(&t->mine, i0, i);
        p.theirs = span(&t->theirs, j0, j);
        p.kind = kind_of(&p);
        r = part_add(a, m, &p);
        if (r == 0 && b < t->base.n) {
            str same = t->base.row[b];

            r = part_add(a, m, &(struct merge_part){MERGE_SAME, same, same, same});
            b++;
            i++;
            j++;
        }
    }
    return r;
}

int merge_texts(struct arena *a, str base, str mine, str theirs, struct merge *ret_merge)
{
    struct merge m = {0};
    struct three t = {0};
    int r = cut(a, base, line_length, &t.base);

    if (r == 0)
        r = cut(a, mine, line_length, &t.mine);
    if (r == 0)
        r = cut(a, theirs, line_length, &t.theirs);
    if (r == 0)
        r = pair(a, &t.base, &t.mine, &t.to_mine);
    if (r == 0)
        r = pair(a, &t.base, &t.theirs, &t.to_theirs);
    if (r == 0 && t.to_mine.of_x && t.to_theirs.of_x)
        r = merge_walk(a, &t, &m);
    if (r == 0)
        *ret_merge = m;
    return r;
}

/* A last line without its end must not run into what follows. */
static void line_add(struct sb *b, str text)
{
    if (text.n && b->n && b->p[b->n - 1] != '\n')
        sb_char(b, '\n');
    sb_add(b, text);
}

int merge_join(struct arena *a, const struct merge *m, const enum merge_choice *choices, size_t n,
               str *ret_text)
{
    struct sb b = sb_init(a, 0);
    size_t clash = 0;

    for (size_t i = 0; i < m->n; i++) {
        const struct merge_part *p = &m->row[i];
        enum merge_choice c = MERGE_TAKE_BOTH;

        if (p->kind == MERGE_CLASH && clash++ < n)
            c = choices[clash - 1];
        else if (p->kind != MERGE_CLASH)
            c = p->kind == MERGE_THEIRS ? MERGE_TAKE_THEIRS : MERGE_TAKE_MINE;
        if (c != MERGE_TAKE_MINE)
            line_add(&b, p->theirs);
        if (c == MERGE_TAKE_BOTH && p->theirs.n && p->mine.n && !str_ends(sb_str(&b), S("\n\n")))
            line_add(&b, S("\n"));
        if (c != MERGE_TAKE_THEIRS)
            line_add(&b, p->mine);
    }
    if (b.err)
        return ERR_MEM;
    *ret_text = sb_str(&b).p ? sb_str(&b) : S("");
    return 0;
}
