#include "net/stream.h"

#include "base/err.h"

#include <errno.h>
#include <limits.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
/* OpenSSL has a type of this name, which we do not need; ours is an error code. */
#define ERR_STATE openssl_err_state
#include <openssl/err.h>
#include <openssl/ssl.h>
#undef ERR_STATE
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

/* The text of one record of TLS (RFC 8446 5.1). */
enum { RECORD = 16384 };

static int plain_result(struct stream *s, ssize_t n, uint32_t wants, size_t *ret_n)
{
    if (n > 0) {
        *ret_n = (size_t)n;
        return 0;
    }
    if (n == 0)
        return ERR_CLOSED;
    if (errno == EAGAIN || errno == EINTR) {
        s->wants = wants;
        return ERR_BUSY;
    }
    return errno == EPIPE || errno == ECONNRESET ? ERR_CLOSED : ERR_IO;
}

static int tls_result(struct stream *s, int ok)
{
    switch (SSL_get_error(s->ssl, ok)) {
    case SSL_ERROR_NONE:
        return 0;
    case SSL_ERROR_WANT_READ:
        s->wants = EPOLLIN;
        return ERR_BUSY;
    case SSL_ERROR_WANT_WRITE:
        s->wants = EPOLLOUT;
        return ERR_BUSY;
    case SSL_ERROR_ZERO_RETURN:
        return ERR_CLOSED;
    default:
        return ERR_IO;
    }
}

int stream_shake(struct stream *s)
{
    ERR_clear_error(); /* SSL_get_error looks at the thread's queue */
    return tls_result(s, SSL_do_handshake(s->ssl));
}

int stream_read(struct stream *s, void *to, size_t room, size_t *ret_n)
{
    if (!s->ssl)
        return plain_result(s, recv(s->fd, to, room, 0), EPOLLIN, ret_n);
    ERR_clear_error();
    return tls_result(s, SSL_read_ex(s->ssl, to, room, ret_n));
}

/* Head and body of an answer in one record: one encryption, one write, one packet. */
static size_t gather(uint8_t to[static RECORD], const struct iovec *iov, int n)
{
    size_t have = 0;

    for (int i = 0; i < n && have < RECORD; i++) {
        size_t some = iov[i].iov_len < RECORD - have ? iov[i].iov_len : RECORD - have;

        if (some)
            memcpy(to + have, iov[i].iov_base, some);
        have += some;
    }
    return have;
}

static int tls_write(struct stream *s, const struct iovec *iov, int n, size_t *ret_n)
{
    uint8_t record[RECORD];
    const void *from = iov->iov_base;
    size_t length = iov->iov_len;

    if (n > 1 && length < RECORD) {
        length = gather(record, iov, n);
        from = record;
    }
    ERR_clear_error();
    return tls_result(s, SSL_write_ex(s->ssl, from, length, ret_n));
}

int stream_write(struct stream *s, const struct iovec *iov, int n, size_t *ret_n)
{
    struct msghdr m = {.msg_iov = (struct iovec *)iov, .msg_iovlen = (size_t)n};

    if (!s->ssl)
        return plain_result(s, sendmsg(s->fd, &m, MSG_NOSIGNAL), EPOLLOUT, ret_n);
    return tls_write(s, iov, n, ret_n);
}

/* On a line of 64 kbit/s a quarter of a second; a fast line is asked for more a moment sooner. */
enum { PROMPT_BYTES = 2048 };

void stream_set_prompt(struct stream *s)
{
    int bytes = PROMPT_BYTES, on = 1;

    (void)setsockopt(s->fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &bytes, sizeof(bytes));
    (void)setsockopt(s->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    if (s->ssl) /* it is never idle, and would ask for 16 kB at each record */
        (void)SSL_clear_mode(s->ssl, SSL_MODE_RELEASE_BUFFERS);
}

bool stream_has_pending(const struct stream *s)
{
    return s->ssl && SSL_has_pending(s->ssl);
}

void stream_end(struct stream *s)
{
    if (s->ssl)
        (void)SSL_shutdown(s->ssl); /* the alert is a courtesy */
    (void)shutdown(s->fd, SHUT_WR);
}

void stream_close(struct stream *s)
{
    if (s->ssl && SSL_is_init_finished(s->ssl)) {
        ERR_clear_error();
        (void)SSL_shutdown(s->ssl);
    }
    SSL_free(s->ssl);
    if (s->fd >= 0)
        close(s->fd);
    *s = (struct stream){.fd = -1};
}
