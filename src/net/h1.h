/*
 * HTTP/1.1 as bytes: where a head ends, what it says, and how a body is framed. No sockets, no
 * clock; texts point into the input. Spec: RFC 9112, and RFC 9110 for fields. Strict where leniency
 * makes two readers of one stream disagree (request smuggling, RFC 9112 11.2): lines end with CR LF
 * and nothing else, a head has at most one framing field, once.
 */
#ifndef NET_H1_H
#define NET_H1_H

#include "base/limits.h"
#include "base/types.h"
#include "net/http.h"

enum h1_body_kind { H1_NO_BODY, H1_LENGTH, H1_CHUNKED };

struct h1_head {
    str method, path, query, host;
    struct http_header headers[MAX_HTTP_HEADERS];
    size_t nheaders;
    unsigned minor;      /* of the version: 0 or 1 */
    bool keep_alive;     /* the client lets the connection live on */
    bool wants_continue; /* Expect: 100-continue */
    enum h1_body_kind body;
    uint64_t length; /* H1_LENGTH */
};

/*
 * Looks for the end of a head in p[0..n). *at remembers how far was looked (start with 0; the same
 * bytes must stand at p). 0 and *ret_n = 0: more is needed. 0 and *ret_n > 0: the head, with its
 * empty line, is that long. ERR_SYNTAX: a bare CR or LF or another control character. ERR_TOO_BIG:
 * longer than MAX_HTTP_HEAD.
 */
int h1_head_end(const uint8_t *p, size_t n, size_t *at, size_t *ret_n);
/* The whole head, as h1_head_end found it. The result may be partly written on failure; status for
 * it: h1_status(). */
int h1_head_parse(str head, struct h1_head *ret_head);
/* The target of a request (RFC 9112 3.2), for HTTP/2 its :path. ERR_SYNTAX. */
int h1_target_parse(str method, str target, str *ret_path, str *ret_query);
/* May this stand in a Host field? Unset may not. */
bool h1_host_is_good(str host);
/* What to answer when head or body failed with this error: ERR_TOO_BIG is 431 for a head, 413 for a
 * body. */
int h1_status(int err, bool in_body);

/* A body on its way in. Zero it, then h1_body_init. */
struct h1_body {
    enum h1_body_kind kind;
    int state;
    uint64_t left;   /* of the body or of the chunk */
    unsigned digits; /* of the chunk's size line */
    size_t line;     /* bytes of the extensions or trailers so far */
    bool is_done;
};

void h1_body_init(struct h1_body *b, const struct h1_head *h);
/*
 * Takes the next piece: *ret_used bytes of p are done with, and *ret_data (maybe empty) of them is
 * body. Call until is_done or all is used. ERR_SYNTAX on broken framing, ERR_TOO_BIG on endless
 * extensions or trailers.
 */
int h1_body_rx(struct h1_body *b, const uint8_t *p, size_t n, size_t *ret_used, str *ret_data);

#endif
