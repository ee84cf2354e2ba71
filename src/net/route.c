#include "net/route.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "net/url.h"

#include <stdlib.h>
#include <string.h>

/*
 * Patterns are cut into segments once. A request is compared only with patterns of as many segments
 * as its path has, and these stand in an order in which a literal comes before a {x}, from the
 * left: the first that fits is the most exact.
 */
enum { MAX_SEGMENTS = 8, MAX_ROUTES = 512 };

struct entry {
    const struct route *route;
    str method;
    str seg[MAX_SEGMENTS]; /* of a {x}: its name */
    unsigned nseg;
    unsigned params; /* bit i: segment i is a {x} */
};

struct route_set {
    const struct route **order; /* as in the tables */
    struct entry *entries;
    size_t n;
    size_t first[MAX_SEGMENTS + 2]; /* entries of k segments stand at first[k] .. first[k + 1] */
};

static unsigned cut_path(str path, str seg[static MAX_SEGMENTS])
{
    unsigned n = 0;

    if (!path.n || path.p[0] != '/')
        return MAX_SEGMENTS + 1;
    path = str_from(path, 1);
    for (;;) {
        struct str_pair pair = str_cut(path, '/');

        if (n == MAX_SEGMENTS)
            return MAX_SEGMENTS + 1;
        seg[n++] = pair.head;
        if (!pair.ok)
            return n;
        path = pair.tail;
    }
}

static int entry_init(struct entry *e, const struct route *r)
{
    unsigned nparams = 0;

    *e = (struct entry){.route = r, .method = str_c(r->method)};
    e->nseg = cut_path(str_c(r->pattern), e->seg);
    if (e->nseg > MAX_SEGMENTS)
        return ERR_CONFLICT;
    for (unsigned i = 0; i < e->nseg; i++) {
        str s = e->seg[i];

        if (s.n < 3 || s.p[0] != '{' || s.p[s.n - 1] != '}')
            continue;
        e->seg[i] = (str){s.p + 1, s.n - 2};
        e->params |= 1u << i;
        nparams++;
    }
    return nparams > ROUTE_PARAMS ? ERR_CONFLICT : 0;
}

/* What is wrong with one row by itself; NULL when it is good. */
static const char *fault_of(const struct route *r)
{
    static const char *const methods[] = {"GET", "POST", "PATCH", "DELETE", "OPTIONS"};
    bool is_known = false;
    bool is_post = !strcmp(r->method, "POST");

    for (size_t i = 0; i < NELEM(methods); i++)
        is_known |= !strcmp(r->method, methods[i]);
    if (!is_known)
        return "unknown method";
    if (!r->right)
        return "no right is named";
    if (!r->show)
        return "nothing to show";
    if (r->act && !is_post)
        return "only a POST may act";
    /* A browser's form sends nothing else, so the token of a form cannot be asked for here. */
    if ((strcmp(r->method, "PATCH") == 0 || strcmp(r->method, "DELETE") == 0) &&
        !(r->flags & ROUTE_NO_CSRF))
        return "this method carries no form token: ROUTE_NO_CSRF must be said";
    if ((r->flags & (ROUTE_READER | ROUTE_UPGRADE | ROUTE_COUNT)) && strcmp(r->method, "GET") != 0)
        return "these flags are for GET";
    if (r->flags & ROUTE_EXIT && r->flags & ROUTE_COUNT)
        return "who opens a page of help is never counted";
    return NULL;
}

/* Literals first, from the left; then the text, so that equal shapes stand side by side. */
static int by_shape(const struct entry *a, const struct entry *b)
{
    if (a->nseg != b->nseg)
        return a->nseg < b->nseg ? -1 : 1;
    for (unsigned i = 0; i < a->nseg; i++) {
        unsigned pa = a->params >> i & 1, pb = b->params >> i & 1;
        int c;

        if (pa != pb)
            return pa ? 1 : -1;
        c = pa ? 0 : str_cmp(a->seg[i], b->seg[i]);
        if (c)
            return c;
    }
    return str_cmp(a->method, b->method);
}

static int compare(const void *a, const void *b)
{
    return by_shape(a, b);
}

static int refuse(const struct route *r, const char *why)
{
    log_debug("net", "route_refused", "name=%s method=%s pattern=%s why=\"%s\"", r->name, r->method,
              r->pattern, why);
    return ERR_CONFLICT;
}

static int build(struct route_set *s)
{
    for (size_t i = 0; i < s->n; i++) {
        const char *fault = fault_of(s->order[i]);

        if (!fault && entry_init(&s->entries[i], s->order[i]) < 0)
            fault = "the pattern is too long or not a path";
        if (fault)
            return refuse(s->order[i], fault);
    }
    if (s->n)
        qsort(s->entries, s->n, sizeof(s->entries[0]), compare);
    for (size_t i = 1; i < s->n; i++) {
        if (!by_shape(&s->entries[i - 1], &s->entries[i]))
            return refuse(s->entries[i].route, "another route has this method and pattern");
    }
    for (unsigned k = 0; k <= MAX_SEGMENTS + 1; k++) {
        s->first[k] = 0;
        while (s->first[k] < s->n && s->entries[s->first[k]].nseg < k)
            s->first[k]++;
    }
    return 0;
}

int route_set_new(const struct route *const *tables, const size_t *ntables, size_t n,
                  struct route_set **ret_set)
{
    struct route_set *s = calloc(1, sizeof(*s));
    size_t total = 0;
    int r = ERR_MEM;

    if (!s)
        return ERR_MEM;
    for (size_t t = 0; t < n; t++)
        total += ntables[t];
    if (total > MAX_ROUTES) {
        r = ERR_FULL;
        goto out;
    }
    s->order = calloc(total + 1, sizeof(s->order[0]));
    s->entries = calloc(total + 1, sizeof(s->entries[0]));
    if (!s->order || !s->entries)
        goto out;
    for (size_t t = 0; t < n; t++) {
        for (size_t i = 0; i < ntables[t]; i++)
            s->order[s->n++] = &tables[t][i];
    }
    r = build(s);
    if (r < 0)
        goto out;
    *ret_set = s;
    s = NULL;
out:
    route_set_free(s);
    return r;
}

static bool fits(const struct entry *e, const str seg[static MAX_SEGMENTS])
{
    for (unsigned i = 0; i < e->nseg; i++) {
        if (e->params >> i & 1 ? !seg[i].n : !str_eq(e->seg[i], seg[i]))
            return false;
    }
    return true;
}

static void fill_params(const struct entry *e, const str seg[static MAX_SEGMENTS],
                        struct route_param params[static ROUTE_PARAMS])
{
    unsigned n = 0;

    memset(params, 0, ROUTE_PARAMS * sizeof(params[0]));
    for (unsigned i = 0; i < e->nseg; i++) {
        if (e->params >> i & 1)
            params[n++] = (struct route_param){e->seg[i], seg[i]};
    }
}

/* A segment that hides a slash, a NUL or a way upwards names nothing here. */
static int decode_segments(struct arena *a, str seg[static MAX_SEGMENTS], unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        int r = url_decode(a, seg[i], false, &seg[i]);

        if (r == ERR_MEM)
            return r;
        if (r < 0 || str_chr(seg[i], '/') >= 0 || str_eq(seg[i], S(".")) || str_eq(seg[i], S("..")))
            return ERR_NOT_FOUND;
    }
    return 0;
}

int route_match(const struct route_set *s, struct arena *a, str method, str path,
                struct route_param params[static ROUTE_PARAMS], const struct route **ret_route)
{
    str seg[MAX_SEGMENTS];
    unsigned n = cut_path(path, seg);
    bool is_other_method = false;
    int r;

    if (n > MAX_SEGMENTS)
        return ERR_NOT_FOUND;
    r = decode_segments(a, seg, n);
    if (r < 0)
        return r;
    if (str_eq(method, S("HEAD")))
        method = S("GET");
    for (size_t i = s->first[n]; i < s->first[n + 1]; i++) {
        const struct entry *e = &s->entries[i];

        if (!fits(e, seg))
            continue;
        if (str_eq(e->method, method)) {
            fill_params(e, seg, params);
            *ret_route = e->route;
            return 0;
        }
        is_other_method = true;
    }
    return is_other_method ? ERR_METHOD : ERR_NOT_FOUND;
}

const struct route *route_at(const struct route_set *s, size_t i)
{
    return i < s->n ? s->order[i] : NULL;
}

void route_set_free(struct route_set *s)
{
    if (!s)
        return;
    free(s->order);
    free(s->entries);
    free(s);
}

const char *route_flag_word(size_t i, unsigned *ret_flag)
{
    static const struct {
        unsigned flag;
        const char *word;
    } words[] = {
        {ROUTE_READER, "reader"}, {ROUTE_NO_CSRF, "no-csrf"}, {ROUTE_UPLOAD, "upload"},
        {ROUTE_COUNT, "count"},   {ROUTE_UPGRADE, "upgrade"}, {ROUTE_ASYNC, "async"},
        {ROUTE_SCRIPT, "script"}, {ROUTE_EXIT, "exit"},       {ROUTE_SHARED, "shared"},
        {ROUTE_DECK, "deck"},
    };

    if (i >= NELEM(words))
        return NULL;
    *ret_flag = words[i].flag;
    return words[i].word;
}
