#include "web/shelf.h"

#include "base/encode.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "domain/secret.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

enum { ETAG_BYTES = 8 };

/* One reference is the shelf's. */
struct entry {
    struct shelf_pack pack; /* first: release gets its address */
    atomic_uint refs;
};

struct place {
    char name[SHELF_NAME];
    struct shelf_now now;
    size_t size;
    uint64_t used; /* the turn of its last use */
    struct entry *entry; /* NULL: only the size is known */
};

struct shelf {
    pthread_mutex_t lock;
    uint64_t turn;
    size_t bytes;
    struct place place[MAX_PACKS];
};

int shelf_new(struct shelf **ret_shelf)
{
    struct shelf *s = calloc(1, sizeof(*s));

    if (!s)
        return ERR_MEM;
    if (pthread_mutex_init(&s->lock, NULL) != 0) {
        free(s);
        return ERR_MEM;
    }
    *ret_shelf = s;
    return 0;
}

static void unref(struct entry *e)
{
    if (e && atomic_fetch_sub_explicit(&e->refs, 1, memory_order_acq_rel) == 1) {
        free((void *)(uintptr_t)e->pack.shared.plain.p);
        free(e);
    }
}

static void release(const struct http_shared *shared)
{
    unref((struct entry *)(uintptr_t)shared);
}

static void drop(struct shelf *s, struct place *p)
{
    if (p->entry)
        s->bytes -= p->size;
    unref(p->entry);
    p->entry = NULL;
}

/* The one of this name, else NULL. */
static struct place *by_name(struct shelf *s, str name)
{
    for (size_t i = 0; i < MAX_PACKS; i++)
        if (str_eq(str_c(s->place[i].name), name))
            return &s->place[i];
    return NULL;
}

static bool is_true(const struct place *p, const struct shelf_now *now)
{
    return p && p->now.day == now->day && p->now.news == now->news &&
           (p->now.version == now->version || now->at - p->now.at < SHELF_US);
}

const struct shelf_pack *shelf_take(struct shelf *s, str name, const struct shelf_now *now)
{
    struct entry *e = NULL;
    struct place *p;

    pthread_mutex_lock(&s->lock);
    p = by_name(s, name);
    if (is_true(p, now) && p->entry) {
        e = p->entry;
        p->used = ++s->turn;
        atomic_fetch_add_explicit(&e->refs, 1, memory_order_relaxed);
    }
    pthread_mutex_unlock(&s->lock);
    return e ? &e->pack : NULL;
}

size_t shelf_size(struct shelf *s, str name, const struct shelf_now *now)
{
    struct place *p;
    size_t n;

    pthread_mutex_lock(&s->lock);
    p = by_name(s, name);
    n = is_true(p, now) ? p->size : 0;
    pthread_mutex_unlock(&s->lock);
    return n;
}

static struct entry *entry_new(str bytes)
{
    struct entry *e = calloc(1, sizeof(*e));
    char hex[2 * ETAG_BYTES + 1];
    uint8_t hash[32];

    if (!e)
        return NULL;
    secret_hash(bytes, hash);
    encode_hex(hex, hash, ETAG_BYTES);
    (void)snprintf(e->pack.etag, sizeof(e->pack.etag), "\"%s\"", hex);
    e->pack.shared = (struct http_shared){.plain = bytes, .release = release};
    atomic_init(&e->refs, 2);
    return e;
}

/* The place of this name, else the one that was used the longest ago; with_bytes: among those. */
static struct place *oldest(struct shelf *s, const struct place *but, bool with_bytes)
{
    struct place *found = NULL;

    for (size_t i = 0; i < MAX_PACKS; i++) {
        struct place *p = &s->place[i];

        if (p != but && (p->entry || !with_bytes) && (!found || p->used < found->used))
            found = p;
    }
    return found;
}

int shelf_put(struct shelf *s, str name, const struct shelf_now *now, str bytes,
              const struct shelf_pack **ret_pack)
{
    struct entry *e = name.n < SHELF_NAME ? entry_new(bytes) : NULL;
    struct place *p, *old;

    if (!e) {
        free((void *)(uintptr_t)bytes.p);
        return name.n < SHELF_NAME ? ERR_MEM : ERR_TOO_BIG;
    }
    pthread_mutex_lock(&s->lock);
    p = by_name(s, name);
    if (!p)
        p = oldest(s, NULL, false);
    drop(s, p);
    *p = (struct place){.now = *now, .size = bytes.n, .used = ++s->turn, .entry = e};
    (void)str_copy(p->name, sizeof(p->name), name);
    s->bytes += bytes.n;
    while (s->bytes > MAX_PACKS_BYTES && (old = oldest(s, p, true)))
        drop(s, old);
    pthread_mutex_unlock(&s->lock);
    *ret_pack = &e->pack;
    return 0;
}

void shelf_free(struct shelf *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < MAX_PACKS; i++)
        drop(s, &s->place[i]);
    pthread_mutex_destroy(&s->lock);
    free(s);
}
