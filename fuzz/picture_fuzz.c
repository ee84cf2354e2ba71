/*
 * Heads of pictures. What is accepted has a size within the limits and a way to turn it.
 */
#include "domain/picture_head.c"

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    struct picture_head h;
    int r = picture_head_parse((str){(const char *)p, n}, &h);

    CHECK(r == 0 || r == ERR_UNSUPPORTED || r == ERR_SYNTAX || r == ERR_TOO_BIG);
    if (r == 0) {
        CHECK(h.kind > 0 && h.kind < PICTURE_KINDS);
        CHECK(h.width > 0 && h.height > 0 && h.turn >= 1 && h.turn <= 8);
        CHECK((int64_t)h.width * h.height <= MAX_PICTURE_DOTS);
    }
    return 0;
}
