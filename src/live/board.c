#include "live/board.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

struct seat {
    int64_t seminar_id; /* 0: the line is free */
    char slug[64];
    unsigned hall;
    unsigned coming;
    bool is_open;
    atomic_uint present;
};

struct board {
    pthread_mutex_t lock; /* guards the seats but for present */
    unsigned nhalls;
    atomic_uint ways[MAX_HALLS];
    struct seat seats[MAX_ROOMS];
};

static struct seat *find(struct board *b, int64_t seminar_id)
{
    for (unsigned i = 0; i < MAX_ROOMS; i++) {
        if (b->seats[i].seminar_id == seminar_id)
            return &b->seats[i];
    }
    return NULL;
}

static unsigned load_of(const struct board *b, unsigned hall)
{
    unsigned n = 0;

    for (unsigned i = 0; i < MAX_ROOMS; i++) {
        const struct seat *s = &b->seats[i];

        if (s->seminar_id && s->hall == hall)
            n += 1 + s->coming + atomic_load_explicit(&s->present, memory_order_relaxed);
    }
    return n;
}

static unsigned quietest(const struct board *b)
{
    unsigned best = 0, least = load_of(b, 0);

    for (unsigned i = 1; i < b->nhalls; i++) {
        unsigned n = load_of(b, i);

        if (n < least) {
            least = n;
            best = i;
        }
    }
    return best;
}

static int write_line(struct board *b, int64_t seminar_id, str slug, struct seat **ret_seat)
{
    unsigned hall = quietest(b);
    struct seat *s = find(b, 0);
    int r;

    if (!s)
        return ERR_FULL;
    r = str_copy(s->slug, sizeof(s->slug), slug);
    if (r < 0)
        return r;
    s->hall = hall;
    s->coming = 0;
    s->is_open = false;
    s->seminar_id = seminar_id;
    *ret_seat = s;
    return 0;
}

int board_take(struct board *b, int64_t seminar_id, str slug, struct seat **ret_seat)
{
    struct seat *s;
    int r = 0;

    pthread_mutex_lock(&b->lock);
    s = find(b, seminar_id);
    if (!s)
        r = write_line(b, seminar_id, slug, &s);
    if (r == 0) {
        s->coming++;
        *ret_seat = s;
    }
    pthread_mutex_unlock(&b->lock);
    return r;
}

unsigned seat_hall(const struct seat *s)
{
    return s->hall; /* does not change while the line stands */
}

static void wipe_if_done(struct seat *s)
{
    if (!s->is_open && !s->coming)
        s->seminar_id = 0;
}

void board_arrived(struct board *b, struct seat *s, bool is_open)
{
    pthread_mutex_lock(&b->lock);
    s->coming--;
    s->is_open |= is_open;
    wipe_if_done(s);
    pthread_mutex_unlock(&b->lock);
}

void board_close(struct board *b, struct seat *s)
{
    pthread_mutex_lock(&b->lock);
    s->is_open = false;
    atomic_store_explicit(&s->present, 0, memory_order_relaxed);
    wipe_if_done(s);
    pthread_mutex_unlock(&b->lock);
}

void seat_set_present(struct seat *s, unsigned n)
{
    atomic_store_explicit(&s->present, n, memory_order_relaxed);
}

unsigned board_present(struct board *b, int64_t seminar_id)
{
    const struct seat *s;
    unsigned n;

    pthread_mutex_lock(&b->lock);
    s = find(b, seminar_id);
    n = s ? atomic_load_explicit(&s->present, memory_order_relaxed) : 0;
    pthread_mutex_unlock(&b->lock);
    return n;
}

int board_by_id(struct board *b, int64_t seminar_id)
{
    const struct seat *s;
    int hall;

    pthread_mutex_lock(&b->lock);
    s = find(b, seminar_id);
    hall = s ? (int)s->hall : -1;
    pthread_mutex_unlock(&b->lock);
    return hall;
}

int board_by_slug(struct board *b, str slug)
{
    int hall = -1;

    pthread_mutex_lock(&b->lock);
    for (unsigned i = 0; i < MAX_ROOMS; i++) {
        if (b->seats[i].seminar_id && str_eq(str_c(b->seats[i].slug), slug))
            hall = (int)b->seats[i].hall;
    }
    pthread_mutex_unlock(&b->lock);
    return hall;
}

void board_ways_set(struct board *b, unsigned hall, unsigned ways)
{
    atomic_store_explicit(&b->ways[hall], ways, memory_order_relaxed);
}

unsigned board_ways(const struct board *b)
{
    unsigned ways = 0;

    for (unsigned i = 0; i < b->nhalls; i++)
        ways |= atomic_load_explicit(&b->ways[i], memory_order_relaxed);
    return ways;
}

int board_new(unsigned nhalls, struct board **ret_board)
{
    struct board *b = calloc(1, sizeof(*b));

    if (!b)
        return ERR_MEM;
    b->nhalls = nhalls;
    pthread_mutex_init(&b->lock, NULL);
    *ret_board = b;
    return 0;
}

void board_free(struct board *b)
{
    if (!b)
        return;
    pthread_mutex_destroy(&b->lock);
    free(b);
}
