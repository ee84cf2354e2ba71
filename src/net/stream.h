/*
 * Bytes of a connection, plain or through TLS. Never blocks; what a call waits for is said in
 * `wants`, because TLS may have to write before it can read. Owner: the thread of the connection.
 */
#ifndef NET_STREAM_H
#define NET_STREAM_H

#include "base/types.h"

#include <sys/uio.h>

struct stream {
    int fd;
    void *ssl;      /* OpenSSL's SSL, or NULL */
    uint32_t wants; /* EPOLLIN or EPOLLOUT, after ERR_BUSY */
};

/* The handshake of TLS, as far as it goes: 0 when it is done, ERR_BUSY, ERR_CLOSED, ERR_IO. */
int stream_shake(struct stream *s);
/* Some bytes (*ret_n > 0), ERR_BUSY (nothing yet), ERR_CLOSED (orderly end) or ERR_IO. */
int stream_read(struct stream *s, void *to, size_t room, size_t *ret_n);
/* As much as goes at once, at least one byte (after ERR_BUSY the same bytes must come again,
 * wherever they lie); otherwise ERR_BUSY, ERR_CLOSED, ERR_IO. */
int stream_write(struct stream *s, const struct iovec *iov, int n, size_t *ret_n);
/* Bytes that TLS holds and that no EPOLLIN will announce. They may be half a record, so whoever is
 * told so reads until ERR_BUSY, not until this is false. */
bool stream_has_pending(const struct stream *s);
/* For sound and picture. Little waits in the kernel: what is late is better dropped by who knows
 * what it is; and the buffers of TLS are kept, so that no record asks for memory. */
void stream_set_prompt(struct stream *s);
/* No more of ours follows; the other side may still send. */
void stream_end(struct stream *s);
/* Closes and forgets. */
void stream_close(struct stream *s);

#endif
