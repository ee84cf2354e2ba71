/*
 * Requests of HTTP/1.1. However the bytes are cut, the same request must be read: where two readers
 * of one stream differ, requests are smuggled.
 */
#include "net/h1.c"

#include "fuzz.h"

#include <string.h>

enum { OUT = 1 << 16 };

struct run {
    int head_result, body_result;
    size_t head, rest, nbody;
    bool is_done;
    uint8_t body[OUT];
};

/* Reads the input in pieces of at most `step` bytes, as a socket might bring it. */
static void read_body(struct run *r, const struct h1_head *h, const uint8_t *p, size_t n,
                      size_t step)
{
    struct h1_body b;
    size_t at = 0;

    h1_body_init(&b, h);
    while (!b.is_done && at < n && r->body_result == 0) {
        size_t used = 0;
        str data = {0};

        r->body_result = h1_body_rx(&b, p + at, n - at < step ? n - at : step, &used, &data);
        if (r->body_result < 0)
            return;
        CHECK(used > 0 && used <= step && r->nbody + data.n <= OUT);
        if (data.n)
            memcpy(r->body + r->nbody, data.p, data.n);
        r->nbody += data.n;
        at += used;
    }
    r->is_done = b.is_done;
    r->rest = n - at;
}

static void read_all(struct run *r, const uint8_t *p, size_t n, size_t step)
{
    struct h1_head h;
    size_t at = 0;

    for (size_t have = 0; have < n && !r->head && r->head_result == 0;) {
        have = n - have < step ? n : have + step;
        r->head_result = h1_head_end(p, have, &at, &r->head);
    }
    if (!r->head || r->head_result < 0)
        return;
    r->head_result = h1_head_parse((str){(const char *)p, r->head}, &h);
    if (r->head_result < 0) {
        CHECK(h1_status(r->head_result, false) >= 400);
        return;
    }
    CHECK(h.method.n && h.path.n && h.nheaders <= MAX_HTTP_HEADERS);
    CHECK(h.path.p[0] == '/' || str_eq(h.path, S("*")));
    read_body(r, &h, p + r->head, n - r->head, step);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    static struct run whole, pieces;

    if (n > OUT)
        return 0;
    memset(&whole, 0, sizeof(whole));
    memset(&pieces, 0, sizeof(pieces));
    read_all(&whole, p, n, n ? n : 1);
    read_all(&pieces, p, n, n % 7 + 1);
    CHECK(whole.head_result == pieces.head_result && whole.body_result == pieces.body_result);
    CHECK(whole.head_result < 0 || whole.head == pieces.head);
    if (whole.head_result < 0 || whole.body_result < 0)
        return 0;
    CHECK(whole.is_done == pieces.is_done && whole.rest == pieces.rest);
    CHECK(whole.nbody == pieces.nbody && !memcmp(whole.body, pieces.body, whole.nbody));
    return 0;
}
