/* A stream of messages: cut as a whole or in two pieces, it gives the same messages. */
#include "media/frame.c"

#include "fuzz.h"

/* How many messages p holds, how many bytes they take, and how it ends. */
struct cut {
    unsigned n;
    size_t bytes;
    int end;
};

static struct cut cut_all(enum frame_kind kind, const uint8_t *p, size_t n)
{
    struct cut c = {.end = ERR_BUSY};
    struct frame f;

    while (c.bytes < n && (c.end = frame_take(kind, p + c.bytes, n - c.bytes, &f)) == 0) {
        CHECK(f.all <= FRAME_MAX && f.all <= n - c.bytes && f.at + f.n <= f.all && f.all > 0);
        c.n++;
        c.bytes += f.all;
    }
    if (c.bytes == n)
        c.end = ERR_BUSY;
    return c;
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    for (enum frame_kind kind = FRAME_LENGTH; kind <= FRAME_TURN; kind++) {
        struct cut all = cut_all(kind, p, n), first = cut_all(kind, p, n / 2), rest;

        CHECK(first.end == ERR_BUSY || first.end == all.end);
        if (first.end != ERR_BUSY)
            continue;
        CHECK(n / 2 - first.bytes < FRAME_MAX);
        rest = cut_all(kind, p + first.bytes, n - first.bytes);
        CHECK(first.n + rest.n == all.n && first.bytes + rest.bytes == all.bytes);
        CHECK(rest.end == all.end);
    }
    return 0;
}
