/* H264 payloads: one packet is looked at, and again cut short. */
#include "media/h264.c"

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    struct h264 h = {0}, cut = {0};

    if (h264_parse(p, n, &h) < 0)
        return 0;
    CHECK(n >= 2);
    if (h264_parse(p, n - 1, &cut) == 0)
        CHECK((!cut.has_sps || h.has_sps) && (!cut.has_idr || h.has_idr));
    return 0;
}
