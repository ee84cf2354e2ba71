/*
 * The bytes of HTTP/2 that go out: from nghttp2 to the socket, many frames in one write. What the
 * socket does not take is kept, and counted as an answer that is not read.
 */
#include "net/h2_i.h"

#include "base/err.h"

#include <nghttp2/nghttp2.h>
#include <stdlib.h>
#include <string.h>

static int keep(struct conn *c, const uint8_t *p, size_t n)
{
    struct h2 *h = c->h2;
    uint8_t *more = realloc(h->kept, h->nkept + n);

    if (!more)
        return ERR_MEM;
    memcpy(more + h->nkept, p, n);
    h->kept = more;
    h->nkept += n;
    worker_hold_more(c, n);
    return 0;
}

/* What the socket does not take is kept: ERR_BUSY. */
static int write_out(struct conn *c, const uint8_t *p, size_t n)
{
    size_t at = 0;
    int r = 0;

    while (at < n && r == 0) {
        struct iovec iov = {(void *)(uintptr_t)(p + at), n - at};
        size_t went = 0;

        r = stream_write(&c->stream, &iov, 1, &went);
        at += went;
    }
    if (at)
        c->h2->wrote_at = loop_now(c->worker->loop);
    if (r == ERR_BUSY && keep(c, p + at, n - at) < 0)
        return ERR_MEM;
    return r;
}

int h2_send_kept(struct conn *c)
{
    struct h2 *h = c->h2;

    while (h->kept_at < h->nkept) {
        struct iovec iov = {h->kept + h->kept_at, h->nkept - h->kept_at};
        size_t went = 0;
        int r = stream_write(&c->stream, &iov, 1, &went);

        if (r < 0)
            return r;
        h->kept_at += went;
        h->wrote_at = loop_now(c->worker->loop);
    }
    h2_drop_kept(c);
    return 0;
}

void h2_drop_kept(struct conn *c)
{
    struct h2 *h = c->h2;

    worker_hold_less(c, h->nkept);
    free(h->kept);
    h->kept = NULL;
    h->nkept = h->kept_at = 0;
}

int h2_send(struct conn *c)
{
    struct worker *w = c->worker;
    size_t n = 0;
    int r = h2_send_kept(c);

    while (r == 0) {
        const uint8_t *p;
        ssize_t more = nghttp2_session_mem_send(c->h2->session, &p);

        if (more < 0)
            return ERR_IO;
        if (n && (more == 0 || n + (size_t)more > sizeof(w->out))) {
            r = write_out(c, w->out, n);
            n = 0;
        }
        if (more == 0)
            break;
        if (r == ERR_BUSY)
            return keep(c, p, (size_t)more) < 0 ? ERR_MEM : ERR_BUSY;
        memcpy(w->out + n, p, (size_t)more);
        n += (size_t)more;
        if (conn_must_rest(c, (size_t)more))
            return write_out(c, w->out, n);
    }
    return r;
}
