#include "suite.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "edge.h"
#include "net/gzip.h"
#include "net/source.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static _Atomic usec ahead; /* of the machine's clock */

usec __real_clock_mono(void);
usec __wrap_clock_mono(void);

usec __wrap_clock_mono(void)
{
    return __real_clock_mono() + ahead;
}

void edge_later(usec us)
{
    ahead += us;
}

int edge_connect_from(struct edge *e, const char *ip)
{
    struct addr peer;
    int fds[2];

    assert_int_equal(addr_parse(str_c(ip), 4000, &peer), 0);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds), 0);
    assert_int_equal(conn_new(&e->worker, fds[0], &peer), 0);
    return fds[1];
}

int edge_connect(struct edge *e)
{
    return edge_connect_from(e, "192.0.2.7");
}

void edge_open(struct edge *e, http_dispatch_fn *dispatch)
{
    memset(e, 0, sizeof(*e));
    e->conf.dispatch = dispatch;
    e->conf.ctx = e;
    e->worker.conf = &e->conf;
    e->worker.max_conns = 8;
    assert_int_equal(loop_new(&e->worker.loop), 0);
    assert_int_equal(gzip_new(&e->worker.gzip), 0);
    e->client = edge_connect(e);
}

void edge_turn(struct edge *e)
{
    for (int i = 0; i < 4; i++)
        loop_once(e->worker.loop, 0);
}

static bool take_some(struct edge *e)
{
    ssize_t n;

    if (e->client < 0 || e->nheard + 1 >= EDGE_HEARD)
        return false;
    n = recv(e->client, e->heard + e->nheard, EDGE_HEARD - 1 - e->nheard, 0);
    if (n > 0)
        e->nheard += (size_t)n;
    else if (n == 0 || errno != EAGAIN)
        e->is_closed = true;
    return n > 0;
}

static void cut_dates(struct edge *e)
{
    char *date;

    e->heard[e->nheard] = 0;
    while ((date = strstr(e->heard, "Date: "))) {
        char *end = strstr(date, "\r\n");

        assert_non_null(end);
        memmove(date, end + 2, strlen(end + 2) + 1);
    }
}

const char *edge_hear(struct edge *e)
{
    e->nheard = 0;
    do
        edge_turn(e);
    while (take_some(e));
    cut_dates(e);
    return e->heard;
}

void edge_say(struct edge *e, str bytes)
{
    while (bytes.n) {
        ssize_t n = send(e->client, bytes.p, bytes.n, MSG_NOSIGNAL);

        if (n < 0 && errno == EPIPE)
            return; /* what a refused client still wanted to say */
        assert_true(n > 0 || errno == EAGAIN);
        if (n < 0)
            edge_turn(e);
        else
            bytes = (str){bytes.p + n, bytes.n - (size_t)n};
    }
}

struct conn *edge_conn(struct edge *e)
{
    return e->worker.busy.first ? e->worker.busy.first : e->worker.idle.first;
}

void edge_close(struct edge *e)
{
    struct conn *c;

    while ((c = edge_conn(e)))
        conn_end(c);
    if (e->client >= 0)
        close(e->client);
    assert_int_equal(e->worker.norphans, 0);
    assert_int_equal(e->worker.body_bytes, 0);
    assert_int_equal(e->worker.held_bytes, 0);
    assert_null(e->worker.first_body);
    worker_done(&e->worker);
    gzip_free(e->worker.gzip);
    loop_free(e->worker.loop);
}

char edge_byte(uint64_t i)
{
    return (char)('a' + i % 23);
}

void (*edge_on_read)(void);

/* Never as much as could be taken, and no two pieces alike. */
static int read_source(struct exchange *x, uint64_t at, void *to, size_t room, size_t *ret_n)
{
    const uint64_t *breaks_at = x->source->ctx;
    size_t n = room > 50000 ? 50000 + at % 7 : room;
    char *p = to;

    if (edge_on_read)
        edge_on_read();
    if (*breaks_at && at + n > *breaks_at)
        return ERR_NOT_FOUND;
    for (size_t i = 0; i < n; i++)
        p[i] = edge_byte(at + i);
    *ret_n = n;
    return 0;
}

void edge_source(struct exchange *x, uint64_t size, uint64_t breaks_at)
{
    struct http_source *s = arena_make(x->arena, struct http_source);
    uint64_t *ctx = arena_make(x->arena, uint64_t);

    if (!s || !ctx)
        return; /* the arena is short, and the answer says so */
    *ctx = breaks_at;
    *s = (struct http_source){.size = size, .read = read_source, .ctx = ctx};
    x->type = S("video/mp4");
    x->source = s;
}
