#include "web/kept.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "base/table.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* SLOTS: chains stay short for the 2,000 pages of 8 kB that MAX_KEPT_BYTES holds. */
enum { SLOTS = 2048 };

/* One allocation: this, the headers, then every text. One reference is the table's. */
struct entry {
    struct kept_page page; /* first: release gets its address */
    atomic_uint refs;
    struct entry *next;          /* in its slot */
    struct entry *newer, *older; /* by last use */
    uint64_t key, version;
    usec until;
    str path;
    size_t size;
};

struct kept {
    pthread_mutex_t lock;
    size_t bytes;
    struct entry *newest, *oldest;
    struct entry *slot[SLOTS];
};

int kept_new(struct kept **ret_kept)
{
    struct kept *k = calloc(1, sizeof(*k));

    if (!k)
        return ERR_MEM;
    if (pthread_mutex_init(&k->lock, NULL) != 0) {
        free(k);
        return ERR_MEM;
    }
    *ret_kept = k;
    return 0;
}

static void unref(struct entry *e)
{
    if (atomic_fetch_sub_explicit(&e->refs, 1, memory_order_acq_rel) == 1)
        free(e);
}

static void release(const struct http_shared *s)
{
    unref((struct entry *)(uintptr_t)s);
}

static void use_remove(struct kept *k, struct entry *e)
{
    if (k->newest == e)
        k->newest = e->older;
    else
        e->newer->older = e->older;
    if (k->oldest == e)
        k->oldest = e->newer;
    else
        e->older->newer = e->newer;
}

static void use_add(struct kept *k, struct entry *e)
{
    e->newer = NULL;
    e->older = k->newest;
    *(e->older ? &e->older->newer : &k->oldest) = e;
    k->newest = e;
}

/* Out of the table; who sends the page still has it. */
static void entry_remove(struct kept *k, struct entry *e)
{
    struct entry **at = &k->slot[e->key % SLOTS];

    while (*at != e)
        at = &(*at)->next;
    *at = e->next;
    use_remove(k, e);
    k->bytes -= e->size;
    unref(e);
}

static struct entry *entry_by_path(struct kept *k, uint64_t key, str path)
{
    struct entry *e = k->slot[key % SLOTS];

    while (e && (e->key != key || !str_eq(e->path, path)))
        e = e->next;
    return e;
}

const struct kept_page *kept_take(struct kept *k, str path, uint64_t version, usec now)
{
    uint64_t key = table_key(path.p, path.n);
    struct entry *e;

    pthread_mutex_lock(&k->lock);
    e = entry_by_path(k, key, path);
    if (e && (e->version != version || now >= e->until)) {
        entry_remove(k, e);
        e = NULL;
    }
    if (e) {
        use_remove(k, e);
        use_add(k, e);
        atomic_fetch_add_explicit(&e->refs, 1, memory_order_relaxed);
    }
    pthread_mutex_unlock(&k->lock);
    return e ? &e->page : NULL;
}

/* Moves the text behind *io_at. */
static void lay(str *s, char **io_at)
{
    if (!s->p)
        return;
    if (s->n)
        memcpy(*io_at, s->p, s->n);
    s->p = *io_at;
    *io_at += s->n;
}

static size_t size_of(const struct kept_page *p, str path)
{
    size_t n = sizeof(struct entry) + p->nout * sizeof(*p->out) + path.n + p->shared.plain.n +
               p->shared.gzip.n + p->shared.br.n + p->type.n + p->lang.n + p->count.n;

    for (size_t i = 0; i < p->nout; i++)
        n += p->out[i].name.n + p->out[i].value.n;
    return n;
}

static struct entry *entry_new(const struct kept_page *from, str path)
{
    size_t size = size_of(from, path);
    struct entry *e = malloc(size);
    struct http_header *out;
    char *at;

    if (!e)
        return NULL;
    *e = (struct entry){.page = *from, .path = path, .size = size};
    out = (struct http_header *)(void *)(e + 1);
    if (from->nout)
        memcpy(out, from->out, from->nout * sizeof(*out));
    e->page.out = out;
    at = (char *)(out + from->nout);
    for (size_t i = 0; i < from->nout; i++) {
        lay(&out[i].name, &at);
        lay(&out[i].value, &at);
    }
    lay(&e->path, &at);
    lay(&e->page.shared.plain, &at);
    lay(&e->page.shared.gzip, &at);
    lay(&e->page.shared.br, &at);
    lay(&e->page.type, &at);
    lay(&e->page.lang, &at);
    lay(&e->page.count, &at);
    e->page.shared.release = release;
    atomic_init(&e->refs, 2);
    return e;
}

int kept_put(struct kept *k, str path, uint64_t version, usec now, const struct kept_page *page,
             const struct kept_page **ret_page)
{
    struct entry *e, *old;

    if (size_of(page, path) > MAX_KEPT_PAGE)
        return ERR_TOO_BIG;
    e = entry_new(page, path);
    if (!e)
        return ERR_MEM;
    e->key = table_key(path.p, path.n);
    e->version = version;
    e->until = now + KEPT_US;
    pthread_mutex_lock(&k->lock);
    old = entry_by_path(k, e->key, path);
    if (old)
        entry_remove(k, old);
    e->next = k->slot[e->key % SLOTS];
    k->slot[e->key % SLOTS] = e;
    use_add(k, e);
    k->bytes += e->size;
    while (k->bytes > MAX_KEPT_BYTES && k->oldest != e)
        entry_remove(k, k->oldest);
    pthread_mutex_unlock(&k->lock);
    *ret_page = &e->page;
    return 0;
}

size_t kept_bytes(struct kept *k)
{
    size_t n;

    pthread_mutex_lock(&k->lock);
    n = k->bytes;
    pthread_mutex_unlock(&k->lock);
    return n;
}

void kept_free(struct kept *k)
{
    if (!k)
        return;
    for (size_t i = 0; i < SLOTS; i++) {
        struct entry *e, *next;

        for (e = k->slot[i]; e; e = next) {
            next = e->next;
            unref(e);
        }
    }
    pthread_mutex_destroy(&k->lock);
    free(k);
}
