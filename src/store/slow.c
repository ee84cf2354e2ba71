#include "store/slow.h"

#include "base/sb.h"
#include "base/str.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* ROWS: a server whose every statement is slow has about 200; the worst are enough. */
enum { ROWS = 32, WIDTH = 160 };

struct row {
    char sql[WIDTH];
    uint64_t n;
    usec worst;
};

static struct row rows[ROWS];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* The one of this text, a free one, or the least slow of all. */
static struct row *row_of(const char *text)
{
    struct row *least = &rows[0];

    for (size_t i = 0; i < ROWS; i++) {
        if (strcmp(rows[i].sql, text) == 0)
            return &rows[i];
        if (rows[i].worst < least->worst)
            least = &rows[i];
    }
    return least;
}

void slow_note(const char *sql, usec took)
{
    char text[WIDTH];
    struct row *r;

    if (took < SLOW_US)
        return;
    (void)str_copy(text, sizeof(text), str_take(str_c(sql), WIDTH - 1));
    pthread_mutex_lock(&lock);
    r = row_of(text);
    if (strcmp(r->sql, text) != 0 && took > r->worst) {
        *r = (struct row){0};
        memcpy(r->sql, text, sizeof(text));
    }
    if (strcmp(r->sql, text) == 0) {
        r->n++;
        r->worst = took > r->worst ? took : r->worst;
    }
    pthread_mutex_unlock(&lock);
}

static int by_worst(const void *a, const void *b)
{
    const struct row *x = a, *y = b;

    return x->worst < y->worst ? 1 : x->worst > y->worst ? -1 : 0;
}

void slow_print(struct sb *to)
{
    struct row copy[ROWS];

    pthread_mutex_lock(&lock);
    memcpy(copy, rows, sizeof(copy));
    pthread_mutex_unlock(&lock);
    qsort(copy, ROWS, sizeof(copy[0]), by_worst);
    sb_printf(to, "statements of %d ms and more: worst, how often, text\n", SLOW_US / 1000);
    for (size_t i = 0; i < ROWS && copy[i].n; i++)
        sb_printf(to, "%8lld ms %6llu  %s\n", (long long)(copy[i].worst / USEC_MS),
                  (unsigned long long)copy[i].n, copy[i].sql);
}
