/*
 * What the two files of HTTP/2 share: h2.c, the streams, and h2_out.c, the bytes that go out.
 * Owner: the web thread of the connection.
 */
#ifndef NET_H2_I_H
#define NET_H2_I_H

#include "base/limits.h"
#include "net/conn.h"

struct nghttp2_session;

struct h2_stream {
    struct h2_stream *prev, *next;
    struct conn *conn;
    struct exchange *x;
    struct body body;
    str rest; /* of the answer */
    usec moved_at;
    int32_t id;
    bool has_head, is_whole; /* of the request */
    bool is_busy;            /* the handler has it */
    bool is_answered;
    bool is_closed; /* nobody waits for the answer any more */
    bool in_dispatch;
    bool is_waiting; /* whole, until the client has read more of its answers */
};

struct h2 {
    struct nghttp2_session *session;
    struct h2_stream *first;
    unsigned nbusy, nanswered, nwaiting;
    usec noise_since, wrote_at;
    unsigned nresets, nnoise;
    /* the header block that is being read; there is never more than one (RFC 9113 6.10) */
    struct http_header fields[MAX_HTTP_HEADERS];
    size_t nfields, field_bytes;
    bool has_too_many;
    /* bytes that the socket did not take */
    uint8_t *kept;
    size_t nkept, kept_at;
};

/* What nghttp2 has to say, many frames in one write, as much as one round may have. ERR_BUSY: the
 * rest waits for the socket. */
int h2_send(struct conn *c);
/* What the socket did not take before; as h2_send. */
int h2_send_kept(struct conn *c);
void h2_drop_kept(struct conn *c);

#endif
