/*
 * From a finished exchange to the bytes of its answer in HTTP/1.1: status line, headers, and the
 * body in the encoding, the range or the 304 that the request asks for. No sockets, no clock. Spec:
 * RFC 9110 (8.4, 13, 14), RFC 9112 4.
 */
#ifndef NET_REPLY_H
#define NET_REPLY_H

#include "base/types.h"

struct exchange;
struct gzip;

enum { HTTP_DATE = 30 }; /* "Sun, 06 Nov 1994 08:49:37 GMT" and a NUL */

struct reply_conf {
    struct gzip *gzip; /* NULL: answers made on the fly go plain */
    str date;          /* as http_date writes it; unset: no Date */
    bool keep_alive;
    bool is_http10; /* says keep-alive, which HTTP/1.0 does not assume */
};

/* Both lie in the arena of the exchange, or in its shared body. */
struct reply {
    str head, body; /* body: of one with a source its first piece */
};

/* RFC 9110 5.6.7. */
void http_date(usec wall, char to[static HTTP_DATE]);
/* "Not Found"; "Unknown" for a status without a name. */
const char *http_reason(int status);
/*
 * Settles status and headers (encoding, range, 304) and gives the bytes to be sent. Returns what
 * Content-Length says, or REPLY_NO_BODY where there is neither length nor type. For HTTP/2, whose
 * header block is not text.
 */
#define REPLY_NO_BODY SIZE_MAX
size_t reply_choose(struct exchange *x, struct gzip *g, str *ret_body);
/* What follows the piece that was sent, of a body with a source; empty at the end. Its errors. */
int reply_next(struct exchange *x, str *ret_piece);
/* Does nothing follow? */
bool reply_is_over(const struct exchange *x);
/* ERR_MEM only. */
int reply_make(struct exchange *x, const struct reply_conf *c, struct reply *ret_reply);

#endif
