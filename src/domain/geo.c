#include "domain/geo.h"

#include "base/err.h"
#include "base/str.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HEAD = 20, ROW4 = 6, ROW6 = 10, FILE_MAX_BYTES = 64 << 20 };

struct geo {
    int fd; /* -1: everything has been read */
    size_t size;
    atomic_bool is_loaded; /* until then nobody's country is known */
    uint8_t *bytes;
    const uint8_t *rows4, *rows6;
    uint32_t n4, n6;
    str note;
};

static uint64_t le(const uint8_t *p, int n)
{
    uint64_t v = 0;

    while (n--)
        v = v << 8 | p[n];
    return v;
}

static bool is_sorted(const uint8_t *rows, uint32_t n, int row, int key)
{
    for (uint32_t i = 1; i < n; i++) {
        if (le(rows + (size_t)i * (size_t)row, key) <=
            le(rows + (size_t)(i - 1) * (size_t)row, key))
            return false;
    }
    return true;
}

/* The head and the note are there, of n bytes in all. */
static int layout(struct geo *g, size_t n)
{
    size_t note, want;

    if (n < HEAD || !str_eq((str){(const char *)g->bytes, 8}, S("KGEO1\0\0\0")))
        return ERR_SYNTAX;
    g->n4 = (uint32_t)le(g->bytes + 8, 4);
    g->n6 = (uint32_t)le(g->bytes + 12, 4);
    note = (size_t)le(g->bytes + 16, 4);
    want = HEAD + note + (size_t)g->n4 * ROW4 + (size_t)g->n6 * ROW6; /* 64 bits: cannot wrap */
    if (want != n)
        return ERR_SYNTAX;
    g->note = (str){(const char *)g->bytes + HEAD, note};
    g->rows4 = g->bytes + HEAD + note;
    g->rows6 = g->rows4 + (size_t)g->n4 * ROW4;
    return 0;
}

static int check(struct geo *g)
{
    if (!str_is_utf8(g->note) || !is_sorted(g->rows4, g->n4, ROW4, 4) ||
        !is_sorted(g->rows6, g->n6, ROW6, 8))
        return ERR_SYNTAX;
    atomic_store(&g->is_loaded, true);
    return 0;
}

static struct geo *new_geo(size_t size)
{
    struct geo *g = calloc(1, sizeof(*g));

    if (!g)
        return NULL;
    g->fd = -1;
    g->size = size;
    g->bytes = malloc(size ? size : 1);
    if (!g->bytes) {
        free(g);
        return NULL;
    }
    return g;
}

int geo_parse(const void *p, size_t n, struct geo **ret_geo)
{
    struct geo *g = new_geo(n);
    int r;

    if (!g)
        return ERR_MEM;
    memcpy(g->bytes, p, n);
    r = layout(g, n);
    if (r == 0)
        r = check(g);
    if (r < 0) {
        geo_free(g);
        return r;
    }
    *ret_geo = g;
    return 0;
}

static int read_whole(int fd, uint8_t *to, size_t size)
{
    size_t n = 0;

    while (n < size) {
        ssize_t got = read(fd, to + n, size - n);

        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return got < 0 ? err_from_errno(errno) : ERR_TRUNCATED;
        n += (size_t)got;
    }
    return 0;
}

/* Head and note: what a page may ask for at once. */
static int read_head(struct geo *g)
{
    size_t note;
    int r = g->size < HEAD ? ERR_SYNTAX : read_whole(g->fd, g->bytes, HEAD);

    if (r < 0)
        return r;
    r = layout(g, g->size);
    note = r == 0 ? g->note.n : 0;
    return r == 0 ? read_whole(g->fd, g->bytes + HEAD, note) : r;
}

int geo_begin(const char *path, struct geo **ret_geo)
{
    struct stat st;
    struct geo *g = NULL;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    int r;

    if (fd < 0)
        return errno == ENOENT ? ERR_NOT_FOUND : err_from_errno(errno);
    r = fstat(fd, &st) ? err_from_errno(errno) : 0;
    if (r == 0 && st.st_size > FILE_MAX_BYTES)
        r = ERR_TOO_BIG;
    if (r == 0) {
        g = new_geo((size_t)st.st_size);
        r = g ? 0 : ERR_MEM;
    }
    if (!g) {
        close(fd);
        return r;
    }
    g->fd = fd;
    r = read_head(g);
    if (r < 0) {
        geo_free(g);
        return r;
    }
    *ret_geo = g;
    return 0;
}

int geo_load(struct geo *g)
{
    size_t done;
    int r;

    if (!g || g->fd < 0)
        return 0;
    done = HEAD + g->note.n;
    r = read_whole(g->fd, g->bytes + done, g->size - done);
    close(g->fd);
    g->fd = -1;
    return r == 0 ? check(g) : r;
}

int geo_open(const char *path, struct geo **ret_geo)
{
    struct geo *g = NULL;
    int r = geo_begin(path, &g);

    if (r == 0)
        r = geo_load(g);
    if (r < 0) {
        geo_free(g);
        return r;
    }
    *ret_geo = g;
    return 0;
}

/* The country of the last row that begins at or before `key`. */
static uint16_t find(const uint8_t *rows, uint32_t n, int row, int key_bytes, uint64_t key)
{
    uint32_t lo = 0, hi = n;

    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;

        if (le(rows + (size_t)mid * (size_t)row, key_bytes) <= key)
            lo = mid + 1;
        else
            hi = mid;
    }
    if (!lo)
        return 0;
    return (uint16_t)le(rows + (size_t)(lo - 1) * (size_t)row + key_bytes, 2);
}

uint16_t geo_country(const struct geo *g, const struct addr *a)
{
    uint64_t key = 0;

    if (!g || !atomic_load(&g->is_loaded))
        return 0;
    if (addr_is_v4(a)) {
        for (int i = 12; i < 16; i++)
            key = key << 8 | a->ip[i];
        return find(g->rows4, g->n4, ROW4, 4, key);
    }
    for (int i = 0; i < 8; i++)
        key = key << 8 | a->ip[i];
    return find(g->rows6, g->n6, ROW6, 8, key);
}

str geo_note(const struct geo *g)
{
    return g ? g->note : (str){NULL, 0};
}

void geo_free(struct geo *g)
{
    if (!g)
        return;
    if (g->fd >= 0)
        close(g->fd);
    free(g->bytes);
    free(g);
}
