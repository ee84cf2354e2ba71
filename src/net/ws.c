#include "net/ws.h"

#include "base/encode.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "net/loop.h"
#include "net/stream.h"

/* OpenSSL has a type of this name, which we do not need; ours is an error code. */
#define ERR_STATE openssl_err_state
#include <openssl/evp.h>
#undef ERR_STATE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <wslay/wslay.h>

/*
 * wslay frames and checks (masks, UTF-8, lengths, close codes); this file moves its bytes and
 * watches the clock. Whatever ends the connection is only noted (is_over); `finish` runs from the
 * loop, so no caller finds its ws freed under him.
 *
 *   READ_ROUND: one peer may not keep a media thread longer than this in a round.
 */
enum { OUT_BYTES = 4096, READ_ROUND = 64 << 10 };
enum { PING_US = 20 * 1000 * 1000, SILENT_US = 45 * 1000 * 1000, CLOSE_US = 5 * 1000 * 1000 };
enum { CODE_NONE = 1005, CODE_CUT = 1006 }; /* RFC 6455 7.4.1; neither is ever sent */

/* One media thread may carry all rooms; a stream with media inside has one timer. Those that are
 * being closed are left 5 s (CLOSE_US) and have the rest. */
_Static_assert(2 * MAX_ROOMS * MAX_ROOM_PEERS + MAX_LINKS + (1 << 16) <= MAX_LOOP_TIMERS,
               "two timers for each WebSocket");

struct ws {
    struct loop *loop;
    struct loop_fd *fd;
    struct stream stream;
    wslay_event_context_ptr wslay;
    const struct ws_events *events;
    void *ctx;
    struct loop_timer beat, pump; /* pump: something waits to be sent at the end of this round */
    usec heard;
    size_t budget; /* bytes that may still be read in this round */
    uint8_t *unread;
    size_t nunread, unread_at;
    int code;
    bool is_closing, is_over;
    bool is_lost; /* reading failed or met the end: nobody is there to be told anything */
    size_t nout, out_at;
    uint8_t out[OUT_BYTES];
};

/* ---- the upgrade (RFC 6455 4.2) ---- */

static bool has_token(str list, str token)
{
    while (list.n) {
        struct str_pair pair = str_cut(list, ',');

        if (str_ieq(str_trim(pair.head), token))
            return true;
        list = pair.tail;
    }
    return false;
}

/*
 * A page of another site could open a WebSocket with our reader's cookie; only its Origin gives it
 * away (RFC 6455 10.2). Browsers always send one. The scheme is not compared: in front of us a
 * proxy may speak TLS.
 */
static bool is_same_origin(const struct exchange *x)
{
    str origin = http_header(x, S("origin")), host = http_header(x, S("host"));
    ptrdiff_t at = str_find(origin, S("://"));

    return at > 0 && host.n && str_ieq(str_from(origin, (size_t)at + 3), host);
}

static int refuse(struct exchange *x, int status, str text, int err)
{
    http_text(x, status, S("text/plain; charset=utf-8"), text);
    return err;
}

static int check_upgrade(struct exchange *x, str key)
{
    uint8_t nonce[16];
    size_t n = 0;

    if (!str_eq(x->method, S("GET")) || !has_token(http_header(x, S("upgrade")), S("websocket")) ||
        !has_token(http_header(x, S("connection")), S("upgrade"))) {
        http_set(x, S("Upgrade"), S("websocket"));
        return refuse(x, 426, S("This address speaks WebSocket.\n"), ERR_STATE);
    }
    if (!str_eq(http_header(x, S("sec-websocket-version")), S("13"))) {
        http_set(x, S("Sec-WebSocket-Version"), S("13"));
        return refuse(x, 426, S("This address speaks version 13 of WebSocket.\n"), ERR_STATE);
    }
    if (key.n != 24 || decode_base64(nonce, sizeof(nonce), key, &n) < 0 || n != sizeof(nonce))
        return refuse(x, 400, S("Sec-WebSocket-Key is not a key.\n"), ERR_SYNTAX);
    if (!is_same_origin(x))
        return refuse(x, 403, S("Only pages of this site may connect.\n"), ERR_DENIED);
    return 0;
}

static int make_accept(str key, char to[static 32])
{
    static const char guid[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"; /* RFC 6455 1.3 */
    char text[24 + sizeof(guid)];
    uint8_t sum[EVP_MAX_MD_SIZE];
    unsigned n = 0;

    memcpy(text, key.p, 24);
    memcpy(text + 24, guid, sizeof(guid));
    if (!EVP_Digest(text, 24 + sizeof(guid) - 1, sum, &n, EVP_sha1(), NULL))
        return ERR_CRYPTO;
    encode_base64(to, sum, n); /* 20 bytes give 28 characters */
    return 0;
}

int ws_accept(struct exchange *x, struct ws_handover *ret_handover)
{
    str key = http_header(x, S("sec-websocket-key"));
    struct ws_handover h = {0};
    int r = check_upgrade(x, key);

    if (r < 0)
        return r;
    r = make_accept(key, h.accept);
    if (r == 0)
        r = http_take_over(x, &h.connection);
    if (r < 0)
        return refuse(x, 503, S("The connection cannot be taken over.\n"), r);
    *ret_handover = h;
    return 0;
}

void ws_refuse(struct ws_handover *h)
{
    struct stream s = {.fd = h->connection.fd, .ssl = h->connection.ssl};

    stream_close(&s);
    free(h->connection.unread);
    *h = (struct ws_handover){.connection.fd = -1};
}

/* ---- what wslay calls ---- */

static ssize_t on_recv(wslay_event_context_ptr ctx, uint8_t *buf, size_t room, int flags,
                       void *user)
{
    struct ws *w = user;
    size_t n = 0;
    int r = ERR_BUSY;

    (void)flags;
    if (w->unread_at < w->nunread) {
        n = w->nunread - w->unread_at;
        n = n < room ? n : room;
        memcpy(buf, w->unread + w->unread_at, n);
        w->unread_at += n;
        return (ssize_t)n;
    }
    if (w->budget)
        r = stream_read(&w->stream, buf, room < w->budget ? room : w->budget, &n);
    if (r == 0) {
        w->budget -= n;
        w->heard = loop_now(w->loop);
        return (ssize_t)n;
    }
    w->is_lost = r != ERR_BUSY;
    wslay_event_set_error(ctx, w->is_lost ? WSLAY_ERR_CALLBACK_FAILURE : WSLAY_ERR_WOULDBLOCK);
    return -1;
}

/* 0, ERR_BUSY when something stays, or worse. */
static int flush(struct ws *w)
{
    while (w->out_at < w->nout) {
        struct iovec iov = {w->out + w->out_at, w->nout - w->out_at};
        size_t n = 0;
        int r = stream_write(&w->stream, &iov, 1, &n);

        if (r < 0)
            return r;
        w->out_at += n;
    }
    w->out_at = w->nout = 0;
    return 0;
}

static ssize_t on_send(wslay_event_context_ptr ctx, const uint8_t *data, size_t n, int flags,
                       void *user)
{
    struct ws *w = user;
    int r = w->nout == OUT_BYTES ? flush(w) : 0;

    (void)flags;
    if (r < 0) {
        wslay_event_set_error(ctx,
                              r == ERR_BUSY ? WSLAY_ERR_WOULDBLOCK : WSLAY_ERR_CALLBACK_FAILURE);
        return -1;
    }
    n = n < OUT_BYTES - w->nout ? n : OUT_BYTES - w->nout;
    memcpy(w->out + w->nout, data, n);
    w->nout += n;
    return (ssize_t)n;
}

static void on_msg(wslay_event_context_ptr ctx, const struct wslay_event_on_msg_recv_arg *m,
                   void *user)
{
    struct ws *w = user;

    (void)ctx;
    if (w->is_closing || w->is_over)
        return;
    if (m->opcode == WSLAY_TEXT_FRAME)
        w->events->text(w, (str){m->msg ? (const char *)m->msg : "", m->msg_length}, w->ctx);
    else if (m->opcode == WSLAY_BINARY_FRAME)
        ws_close(w, WSLAY_CODE_UNSUPPORTED_DATA, S("text only"));
}

/* ---- the life of a connection ---- */

static void over(struct ws *w, int code)
{
    if (w->is_over)
        return;
    w->is_over = true;
    w->code = code;
    loop_timer_set(w->loop, &w->pump, loop_now(w->loop));
}

static void ws_free(struct ws *w)
{
    if (!w)
        return;
    loop_timer_cancel(w->loop, &w->beat);
    loop_timer_cancel(w->loop, &w->pump);
    loop_remove(w->fd);
    stream_close(&w->stream);
    if (w->wslay)
        wslay_event_context_free(w->wslay);
    free(w->unread);
    free(w);
}

static void finish(struct ws *w)
{
    w->events->closed(w, w->code, w->ctx);
    ws_free(w);
}

static int code_at_end(const struct ws *w)
{
    int code;

    if (!wslay_event_get_close_received(w->wslay))
        return wslay_event_get_status_code_sent(w->wslay);
    code = wslay_event_get_status_code_received(w->wslay);
    return code ? code : CODE_NONE;
}

static bool is_flooded(const struct ws *w, size_t more)
{
    return wslay_event_get_queued_msg_length(w->wslay) + more > MAX_WS_QUEUE ||
           wslay_event_get_queued_msg_count(w->wslay) >= MAX_WS_QUEUE_MSGS;
}

/* wslay pauses after a frame that did not fit into `out` at once, so it is asked until nothing is
 * left or the peer stalls. */
static int send_all(struct ws *w)
{
    int r;

    do {
        if (wslay_event_send(w->wslay) != 0)
            return ERR_IO;
        r = flush(w);
    } while (r == 0 && wslay_event_want_write(w->wslay));
    return r;
}

/* wslay reads no further once it has seen a close frame or a broken one. Until our own is out, what
 * the peer still sends is not looked at, and it has as long to take it as one that we close. */
static uint32_t wanted_input(struct ws *w)
{
    if (wslay_event_get_read_enabled(w->wslay))
        return EPOLLIN;
    if (!w->is_closing) {
        w->is_closing = true;
        loop_timer_set(w->loop, &w->beat, loop_now(w->loop) + CLOSE_US);
    }
    return 0;
}

/* Reads, sends, and says what to wait for. */
static void move_bytes(struct ws *w)
{
    uint32_t input;
    int r;

    w->budget = READ_ROUND;
    if (wslay_event_recv(w->wslay) != 0 && !w->is_lost) {
        /* A frame that is none: wslay has queued a close frame and cannot read on. */
        (void)send_all(w);
        over(w, WSLAY_CODE_PROTOCOL_ERROR);
        return;
    }
    r = w->is_lost || is_flooded(w, 0) ? ERR_CLOSED : send_all(w);
    if (r < 0 && r != ERR_BUSY) {
        over(w, CODE_CUT);
        return;
    }
    /* Read no further and everything said: both sides have closed, or the peer broke the rules and
     * has been told. */
    if (r == 0 && !wslay_event_get_read_enabled(w->wslay) && wslay_event_get_close_sent(w->wslay))
        over(w, code_at_end(w));
    input = wanted_input(w);
    if (loop_modify(w->fd, input | (r < 0 ? w->stream.wants : 0)) < 0)
        over(w, CODE_CUT);
    if (!w->budget && stream_has_pending(&w->stream))
        loop_timer_set(w->loop, &w->pump, loop_now(w->loop));
}

static void pump(struct ws *w)
{
    if (!w->is_over)
        move_bytes(w);
    if (w->is_over)
        finish(w);
}

static void on_event(uint32_t events, void *ctx)
{
    (void)events;
    pump(ctx);
}

static void on_pump(usec now, void *ctx)
{
    (void)now;
    pump(ctx);
}

static void on_beat(usec now, void *ctx)
{
    struct ws *w = ctx;
    struct wslay_event_msg ping = {.opcode = WSLAY_PING};

    if (w->is_closing) {
        over(w, code_at_end(w)); /* our close was never answered */
        return;
    }
    if (now - w->heard >= SILENT_US || wslay_event_queue_msg(w->wslay, &ping) != 0) {
        over(w, CODE_CUT);
        return;
    }
    loop_timer_set(w->loop, &w->pump, now);
    loop_timer_set(w->loop, &w->beat, now + PING_US);
}

static int ws_init(struct ws *w, struct loop *l, const char *accept)
{
    static const struct wslay_event_callbacks callbacks = {
        .recv_callback = on_recv, .send_callback = on_send, .on_msg_recv_callback = on_msg};
    int n;

    if (wslay_event_context_server_init(&w->wslay, &callbacks, w) != 0)
        return ERR_MEM;
    wslay_event_config_set_max_recv_msg_length(w->wslay, MAX_WS_MESSAGE);
    n = snprintf((char *)w->out, sizeof(w->out),
                 "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                 "Sec-WebSocket-Accept: %.28s\r\n\r\n",
                 accept);
    w->nout = (size_t)n;
    w->beat = (struct loop_timer){.run = on_beat, .ctx = w};
    w->pump = (struct loop_timer){.run = on_pump, .ctx = w};
    w->heard = loop_now(l);
    return loop_add(l, w->stream.fd, EPOLLIN, on_event, w, &w->fd);
}

int ws_open(struct loop *l, struct ws_handover *h, const struct ws_events *events, void *ctx,
            struct ws **ret_ws)
{
    struct ws *w = calloc(1, sizeof(*w));
    char accept[sizeof(h->accept)];
    int r;

    if (!w) {
        ws_refuse(h);
        return ERR_MEM;
    }
    w->loop = l;
    w->events = events;
    w->ctx = ctx;
    w->stream = (struct stream){.fd = h->connection.fd, .ssl = h->connection.ssl};
    w->unread = h->connection.unread;
    w->nunread = h->connection.nunread;
    memcpy(accept, h->accept, sizeof(accept));
    *h = (struct ws_handover){.connection.fd = -1}; /* ownership has moved */
    r = ws_init(w, l, accept);
    if (r < 0) {
        ws_free(w);
        return r;
    }
    loop_timer_set(l, &w->beat, loop_now(l) + PING_US);
    loop_timer_set(l, &w->pump, loop_now(l));
    *ret_ws = w;
    return 0;
}

int ws_send(struct ws *w, str message)
{
    struct wslay_event_msg m = {WSLAY_TEXT_FRAME, (const uint8_t *)message.p, message.n};

    if (w->is_closing || w->is_over || !wslay_event_get_write_enabled(w->wslay))
        return ERR_CLOSED;
    if (is_flooded(w, message.n)) {
        over(w, CODE_CUT);
        return ERR_FULL;
    }
    if (wslay_event_queue_msg(w->wslay, &m) != 0)
        return ERR_MEM;
    loop_timer_set(w->loop, &w->pump, loop_now(w->loop));
    return 0;
}

size_t ws_waiting(const struct ws *w)
{
    return wslay_event_get_queued_msg_length(w->wslay);
}

void ws_close(struct ws *w, int code, str reason)
{
    reason = str_take(reason, 123); /* RFC 6455 5.5: control frames end at 125 */
    if (w->is_closing || w->is_over)
        return;
    w->is_closing = true;
    if (wslay_event_queue_close(w->wslay, (uint16_t)code, (const uint8_t *)reason.p, reason.n) != 0)
        over(w, CODE_CUT);
    loop_timer_set(w->loop, &w->beat, loop_now(w->loop) + CLOSE_US);
    loop_timer_set(w->loop, &w->pump, loop_now(w->loop));
}

void ws_set_ctx(struct ws *w, void *ctx)
{
    w->ctx = ctx;
}
