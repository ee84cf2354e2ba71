/*
 * A recording. What comes out is no longer than what came in, has a length, and is taken once more
 * without a change.
 */
#include "domain/sound_file.h"
#include "fuzz.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    struct sound_file once = {0}, twice = {0};

    if (sound_file_clean((str){(const char *)p, n}, &once) == 0) {
        CHECK(once.n && once.n <= n && once.length_ms > 0);
        CHECK(sound_file_clean((str){(const char *)once.p, once.n}, &twice) == 0);
        CHECK(twice.kind == once.kind && twice.n == once.n && memcmp(twice.p, once.p, once.n) == 0);
        CHECK(twice.length_ms == once.length_ms);
    }
    sound_file_done(&once);
    sound_file_done(&twice);
    return 0;
}
