#include "live/street.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/pkt.h"
#include "base/sb.h"
#include "base/table.h"
#include "media/ice.h"
#include "media/stun.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

/*
 * RING: datagrams on their way between two halls; what 500 viewers' reports make in 50 ms.
 * ADDRS: that one hall may have: by its sfu and by its end of TURN.
 */
enum { RING = 512, ADDRS = MAX_PEERS * ICE_ADDRS + MAX_TURN };

_Static_assert((RING & (RING - 1)) == 0, "places are found by the low bits of a count");

struct parcel {
    struct addr addr;
    uint32_t n;
    uint8_t bytes[PKT_ROOM];
};

/* One putter, one taker: each writes its own count and reads the other's. On lines of their own, so
 * that they do not take the line from each other. */
struct ring {
    _Alignas(64) atomic_uint put;
    _Alignas(64) atomic_uint taken;
    _Atomic uint64_t full; /* lost by the putter, told by the taker */
    struct parcel parcels[RING];
};

/* What only the thread of one hall touches, save the bell. */
struct hall_end {
    int bell; /* eventfd: anybody writes, the hall reads */
    struct table *homes; /* addr_key → hall + 1, as a pointer */
    bool is_given[MAX_HALLS];
    unsigned next; /* whose ring is looked at first */
    uint64_t came, handed, lost; /* lost: no packet was free */
};

struct street {
    unsigned n;
    struct hall_end end[MAX_HALLS];
    struct ring *ring[MAX_HALLS][MAX_HALLS]; /* [from][to] */
};

char street_mark(unsigned hall)
{
    return (char)('A' + hall);
}

int street_by_name(const struct street *s, const uint8_t *d, size_t n)
{
    struct stun m;
    unsigned hall;

    if (!stun_is(d, n) || stun_parse(d, n, &m) < 0 || !m.username.n)
        return -1;
    hall = (unsigned)(uint8_t)m.username.p[0] - 'A';
    return hall < s->n ? (int)hall : -1;
}

int street_owner(const struct street *s, unsigned me, const struct addr *a)
{
    uintptr_t hall = (uintptr_t)table_by_key(s->end[me].homes, addr_key(a));

    return (int)hall - 1;
}

unsigned street_home(const struct street *s, unsigned me, const struct pkt *p)
{
    int home = street_by_name(s, p->data, p->n);

    if (home < 0)
        home = street_owner(s, me, &p->addr);
    return home < 0 ? me : (unsigned)home;
}

void street_hand(struct street *s, unsigned me, unsigned to, struct pkt *p)
{
    struct ring *r = s->ring[me][to];
    unsigned put = atomic_load_explicit(&r->put, memory_order_relaxed);
    struct parcel *c = &r->parcels[put & (RING - 1)];

    if (put - atomic_load_explicit(&r->taken, memory_order_acquire) == RING) {
        atomic_fetch_add_explicit(&r->full, 1, memory_order_relaxed);
        pkt_unref(p);
        return;
    }
    c->addr = p->addr;
    c->n = p->n;
    memcpy(c->bytes, p->data, p->n);
    atomic_store_explicit(&r->put, put + 1, memory_order_release);
    s->end[me].is_given[to] = true;
    s->end[me].handed++;
    pkt_unref(p);
}

static void ring_bell(const struct street *s, unsigned hall)
{
    uint64_t one = 1;

    if (write(s->end[hall].bell, &one, sizeof(one)) < 0)
        return; /* the counter is full, hence readable */
}

void street_ring(struct street *s, unsigned me)
{
    for (unsigned to = 0; to < s->n; to++) {
        if (s->end[me].is_given[to])
            ring_bell(s, to);
        s->end[me].is_given[to] = false;
    }
}

int street_fd(const struct street *s, unsigned me)
{
    return s->n > 1 ? s->end[me].bell : -1;
}

/* The next parcel of the ring as a packet; NULL: the ring is empty. *ret_lost: it was not, but no
 * packet was free. */
static struct pkt *unpack(struct ring *r, struct pkt_pool *pool, usec now, bool *ret_lost)
{
    unsigned taken = atomic_load_explicit(&r->taken, memory_order_relaxed);
    const struct parcel *c = &r->parcels[taken & (RING - 1)];
    struct pkt *p = NULL;

    *ret_lost = false;
    if (taken == atomic_load_explicit(&r->put, memory_order_acquire))
        return NULL;
    p = pkt_get(pool);
    *ret_lost = !p;
    if (p) {
        p->addr = c->addr;
        p->n = c->n;
        p->at = now;
        memcpy(p->data, c->bytes, c->n);
    }
    atomic_store_explicit(&r->taken, taken + 1, memory_order_release);
    return p;
}

/* As with the socket's, the bell is silenced before the rings are looked at: what comes later rings
 * again. */
struct pkt *street_take(struct street *s, unsigned me, struct pkt_pool *pool, usec now)
{
    struct hall_end *e = &s->end[me];
    struct pkt *chain = NULL, **end = &chain, *p;
    unsigned n = 0;
    uint64_t count;
    bool is_lost;

    if (read(e->bell, &count, sizeof(count)) < 0 && errno != EAGAIN)
        return NULL;
    for (unsigned i = 0; i < s->n; i++) {
        struct ring *r = s->ring[(e->next + i) % s->n][me];

        while (r && n < MAX_UDP_BATCH && ((p = unpack(r, pool, now, &is_lost)) || is_lost)) {
            n++;
            e->lost += is_lost;
            e->came += !is_lost;
            if (!p)
                continue;
            *end = p;
            end = &p->next;
        }
    }
    *end = NULL;
    e->next++;
    if (n == MAX_UDP_BATCH)
        ring_bell(s, me); /* there may be more */
    return chain;
}

bool street_note(struct street *s, unsigned me, unsigned of, const struct addr *a, bool is_here)
{
    struct table *t = s->end[me].homes;
    void *value = (void *)(uintptr_t)(of + 1);
    uint64_t key = addr_key(a);

    if (is_here == (table_by_key(t, key) == value))
        return false; /* known; or somebody else has said that it is his since */
    table_remove(t, key);
    if (is_here)
        (void)table_add(t, key, value); /* full: by name alone, until the next check */
    return true;
}

static uint64_t drops(const struct street *s, unsigned me, enum street_drop why)
{
    uint64_t full = 0;

    if (why == STREET_DROP_POOL)
        return s->end[me].lost;
    for (unsigned from = 0; from < s->n; from++)
        if (s->ring[from][me])
            full += atomic_load_explicit(&s->ring[from][me]->full, memory_order_relaxed);
    return full;
}

void street_print(const struct street *s, unsigned me, struct sb *to)
{
    static const char *const names[] = {
#define DROP(name, text) #name,
        STREET_DROP_TABLE(DROP)
#undef DROP
    };
    const struct hall_end *e = &s->end[me];

    if (s->n == 1)
        return;
    sb_printf(to, "street handed %llu came %llu addresses %u\n",
              (unsigned long long)e->handed, (unsigned long long)e->came,
              table_len(e->homes));
    for (enum street_drop i = 0; i < STREET_DROPS; i++)
        if (drops(s, me, i))
            sb_printf(to, "street drop %s %llu\n", names[i],
                      (unsigned long long)drops(s, me, i));
}

static int open_end(struct street *s, unsigned me)
{
    struct hall_end *e = &s->end[me];
    int r;

    e->bell = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (e->bell < 0)
        return err_from_errno(errno);
    r = table_new(ADDRS * s->n, &e->homes);
    for (unsigned to = 0; r == 0 && to < s->n; to++) {
        if (to == me)
            continue;
        s->ring[me][to] = aligned_alloc(_Alignof(struct ring), sizeof(struct ring));
        if (!s->ring[me][to])
            return ERR_MEM;
        atomic_init(&s->ring[me][to]->put, 0);
        atomic_init(&s->ring[me][to]->taken, 0);
        atomic_init(&s->ring[me][to]->full, 0);
    }
    return r;
}

int street_new(unsigned nhalls, struct street **ret_street)
{
    struct street *s = calloc(1, sizeof(*s));
    int r = 0;

    if (!s)
        return ERR_MEM;
    s->n = nhalls;
    for (unsigned i = 0; i < MAX_HALLS; i++)
        s->end[i].bell = -1;
    for (unsigned i = 0; nhalls > 1 && i < nhalls && r == 0; i++)
        r = open_end(s, i);
    if (r < 0)
        goto out;
    *ret_street = s;
    s = NULL;
out:
    street_free(s);
    return r;
}

void street_free(struct street *s)
{
    if (!s)
        return;
    for (unsigned i = 0; i < s->n; i++) {
        if (s->end[i].bell >= 0)
            close(s->end[i].bell);
        table_free(s->end[i].homes);
        for (unsigned to = 0; to < s->n; to++)
            free(s->ring[i][to]);
    }
    free(s);
}
