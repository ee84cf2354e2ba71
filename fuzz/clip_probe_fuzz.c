/*
 * What ffprobe says of a film, with words and numbers of the film in it. What is taken has a size
 * within the limits and one picture.
 */
#include "base/limits.h"
#include "domain/clip.h"
#include "domain/clip_probe.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    struct clip_probe probe;

    (void)clip_format_of((str){(const char *)p, n});
    if (clip_probe_parse((str){(const char *)p, n}, &probe) < 0)
        return 0;
    for (int format = CLIP_MP4; format < CLIP_FORMATS; format++) {
        if (clip_probe_fault(&probe, format) != CLIP_FINE)
            continue;
        CHECK(probe.npictures == 1 && probe.picture);
        CHECK(probe.width > 0 && probe.width <= MAX_CLIP_SIDE);
        CHECK(probe.height > 0 && probe.height <= MAX_CLIP_SIDE);
        CHECK(probe.length_ms >= 0 && probe.length_ms <= (int64_t)MAX_CLIP_S * 1000);
    }
    return 0;
}
