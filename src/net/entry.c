/*
 * The first moments of a connection: what does it speak?
 *
 *   FIRST ──0x16──▶ SHAKE ──ALPN h2──▶ HTTP/2
 *     │               └──otherwise──▶ FIRST (inside TLS)
 *     ├── text ─────▶ HEAD (HTTP/1.1; on a server with TLS it is sent there)
 *     ├── STUN ─────▶ counted and handed over: TURN, plain or inside TLS; ICE-TCP, plain only
 *     └── anything else: counted and closed
 */
#include "net/conn.h"

#include "base/err.h"
#include "base/limits.h"
#include "net/peek.h"
#include "net/tls.h"

#include <sys/epoll.h>
#include <sys/socket.h>

static bool end_counted(struct conn *c, enum server_count why)
{
    worker_count(c->worker, why);
    conn_end(c);
    return false;
}

/* The clock of a connection that has begun to speak. */
static void begin(struct conn *c)
{
    if (c->list != &c->worker->idle)
        return;
    conn_set_list(c, &c->worker->busy);
    conn_set_deadline(c, loop_now(c->worker->loop) + MAX_HTTP_HEAD_S * USEC_S);
}

static bool run_http(struct conn *c)
{
    c->state = CONN_HEAD;
    return dialog_run(c);
}

/* The connection leaves net; false, as for one that is gone. */
static bool hand_over(struct conn *c, bool is_framed)
{
    const struct server_conf *conf = c->worker->conf;
    struct server_raw raw = {.is_framed = is_framed};

    worker_count(c->worker, is_framed ? SERVER_ICE : SERVER_TURN);
    if (!conf->raw || conn_release(c, &raw) < 0) {
        conn_end(c);
        return false;
    }
    conf->raw(&raw, conf->ctx);
    return false;
}

static bool judge(struct conn *c)
{
    switch (peek_kind(c->in + c->at, c->nin - c->at)) {
    case PEEK_MORE:
        conn_want(c, EPOLLIN);
        return true;
    case PEEK_HTTP:
        return run_http(c);
    case PEEK_TURN:
        return hand_over(c, false);
    case PEEK_ICE:
        return c->stream.ssl ? end_counted(c, SERVER_ICE) : hand_over(c, true);
    default:
        return end_counted(c, SERVER_OTHER);
    }
}

static bool read_first(struct conn *c)
{
    int r = conn_fill(c);

    if (r == ERR_BUSY) {
        conn_want(c, c->stream.wants);
        return true;
    }
    if (r < 0) {
        conn_end(c);
        return false;
    }
    begin(c);
    return judge(c);
}

static bool begin_h2(struct conn *c)
{
    worker_count(c->worker, SERVER_H2);
    if (h2_start(c) < 0) {
        conn_end(c);
        return false;
    }
    return h2_run(c);
}

static bool shake(struct conn *c)
{
    int r = stream_shake(&c->stream);

    if (r == ERR_BUSY) {
        conn_want(c, c->stream.wants);
        return true;
    }
    if (r < 0)
        return end_counted(c, SERVER_TLS_FAILED);
    worker_count(c->worker, SERVER_TLS);
    if (tls_is_h2(c->stream.ssl))
        return begin_h2(c);
    /* Browsers open connections ahead of need. */
    conn_set_list(c, &c->worker->idle);
    conn_set_deadline(c, loop_now(c->worker->loop) + MAX_HTTP_IDLE_S * USEC_S);
    c->state = CONN_FIRST;
    return read_first(c);
}

static bool begin_tls(struct conn *c)
{
    if (tls_accept(c->worker->conf->tls, c->stream.fd, &c->stream.ssl) < 0) {
        conn_end(c);
        return false;
    }
    begin(c);
    c->state = CONN_SHAKE;
    return shake(c);
}

/* OpenSSL reads from the socket itself, so the byte that decides must stay in it. */
static bool is_tls_next(const struct conn *c)
{
    uint8_t first;

    return recv(c->stream.fd, &first, 1, MSG_PEEK) == 1 && peek_kind(&first, 1) == PEEK_TLS;
}

bool entry_run(struct conn *c)
{
    if (c->state == CONN_SHAKE)
        return shake(c);
    if (c->worker->conf->tls && !c->stream.ssl && !c->nin && is_tls_next(c))
        return begin_tls(c);
    return read_first(c);
}
