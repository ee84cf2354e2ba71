/* Opus packets: the lengths that one says about itself stay within RFC 6716. */
#include "media/opus.c"

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    struct opus o;

    if (opus_parse(p, n, &o) < 0)
        return 0;
    CHECK(o.frames >= 1 && o.frames <= 48);
    CHECK(o.packet_us == o.frames * o.frame_us && o.packet_us <= 120000);
    return 0;
}
