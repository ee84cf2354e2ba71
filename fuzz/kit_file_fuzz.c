/*
 * A picture file for a media kit. What comes out is no longer than what came in, is taken once more
 * without a change, and names no camera.
 */
#include "domain/kit_file.h"
#include "fuzz.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    struct kit_file once = {0}, twice = {0};

    if (kit_file_clean((str){(const char *)p, n}, &once) == 0) {
        CHECK(once.n && once.n <= n);
        CHECK(kit_file_clean((str){(const char *)once.p, once.n}, &twice) == 0);
        CHECK(twice.kind == once.kind && twice.n == once.n && memcmp(twice.p, once.p, once.n) == 0);
    }
    kit_file_done(&once);
    kit_file_done(&twice);
    return 0;
}
