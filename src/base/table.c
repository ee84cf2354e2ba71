#include "base/table.h"

#include "base/err.h"
#include "base/random.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct slot {
    uint64_t key;
    void *value; /* NULL: free */
};

struct table {
    uint64_t seed;
    unsigned max, n, mask;
    struct slot slots[];
};

int table_new(unsigned max, struct table **ret_table)
{
    unsigned size = 8;
    struct table *t;

    if (max > 1u << 28)
        return ERR_RANGE;
    while (size / 4 * 3 < max)
        size *= 2;
    t = calloc(1, sizeof(*t) + size * sizeof(t->slots[0]));
    if (!t)
        return ERR_MEM;
    t->seed = random_u64();
    t->max = max;
    t->mask = size - 1;
    *ret_table = t;
    return 0;
}

/* Finaliser of MurmurHash3 (public domain constants): every key bit reaches every index bit. */
static unsigned home_of(const struct table *t, uint64_t key)
{
    uint64_t h = key ^ t->seed;

    h = (h ^ h >> 33) * 0xff51afd7ed558ccdu;
    h = (h ^ h >> 33) * 0xc4ceb9fe1a85ec53u;
    return (unsigned)(h ^ h >> 33) & t->mask;
}

static unsigned find(const struct table *t, uint64_t key)
{
    unsigned i = home_of(t, key);

    while (t->slots[i].value && t->slots[i].key != key)
        i = (i + 1) & t->mask;
    return i;
}

int table_add(struct table *t, uint64_t key, void *value)
{
    unsigned i = find(t, key);

    if (t->slots[i].value)
        return ERR_CONFLICT;
    if (t->n >= t->max)
        return ERR_FULL;
    t->slots[i] = (struct slot){key, value};
    t->n++;
    return 0;
}

void *table_by_key(const struct table *t, uint64_t key)
{
    return t->slots[find(t, key)].value;
}

void *table_remove(struct table *t, uint64_t key)
{
    unsigned i = find(t, key), j = i;
    void *value = t->slots[i].value;

    if (!value)
        return NULL;
    for (;;) {
        unsigned home;

        j = (j + 1) & t->mask;
        if (!t->slots[j].value)
            break;
        home = home_of(t, t->slots[j].key);
        /* j may fill the hole at i only if its home is not between them */
        if (((j - home) & t->mask) >= ((j - i) & t->mask)) {
            t->slots[i] = t->slots[j];
            i = j;
        }
    }
    t->slots[i] = (struct slot){0};
    t->n--;
    return value;
}

unsigned table_len(const struct table *t)
{
    return t->n;
}

void *table_next(const struct table *t, unsigned *at)
{
    while (*at <= t->mask) {
        void *value = t->slots[(*at)++].value;

        if (value)
            return value;
    }
    return NULL;
}

void table_free(struct table *t)
{
    free(t);
}

/* ---- SipHash-2-4 (Aumasson, Bernstein 2012) ---- */

static uint64_t sip_key[2];
static pthread_once_t sip_once = PTHREAD_ONCE_INIT;

static void sip_seed(void)
{
    random_bytes(sip_key, sizeof(sip_key));
}

static uint64_t rotl(uint64_t v, unsigned by)
{
    return v << by | v >> (64 - by);
}

static void sip_round(uint64_t v[4])
{
    v[0] += v[1];
    v[1] = rotl(v[1], 13) ^ v[0];
    v[0] = rotl(v[0], 32);
    v[2] += v[3];
    v[3] = rotl(v[3], 16) ^ v[2];
    v[0] += v[3];
    v[3] = rotl(v[3], 21) ^ v[0];
    v[2] += v[1];
    v[1] = rotl(v[1], 17) ^ v[2];
    v[2] = rotl(v[2], 32);
}

static void sip_word(uint64_t v[4], uint64_t m)
{
    v[3] ^= m;
    sip_round(v);
    sip_round(v);
    v[0] ^= m;
}

static uint64_t siphash(const uint64_t key[2], const uint8_t *p, size_t n)
{
    uint64_t v[4] = {key[0] ^ 0x736f6d6570736575u, key[1] ^ 0x646f72616e646f6du,
                     key[0] ^ 0x6c7967656e657261u, key[1] ^ 0x7465646279746573u};
    uint64_t m, last = (uint64_t)n << 56;

    for (; n >= 8; p += 8, n -= 8) {
        memcpy(&m, p, 8);
        sip_word(v, m);
    }
    for (size_t i = 0; i < n; i++)
        last |= (uint64_t)p[i] << (8 * i);
    sip_word(v, last);
    v[2] ^= 0xff;
    for (int i = 0; i < 4; i++)
        sip_round(v);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

uint64_t table_key(const void *p, size_t n)
{
    pthread_once(&sip_once, sip_seed);
    return siphash(sip_key, p, n);
}
