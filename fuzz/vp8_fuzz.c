/* VP8 descriptors: rewritten in place, written anew, and read back. */
#include "media/vp8.c"

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    uint8_t to[VP8_MAX_DESCRIPTOR + 1], copy[VP8_MAX_DESCRIPTOR];
    struct wr w = wr_init(to, sizeof(to));
    struct vp8 v, back;

    if (vp8_parse(p, n, &v) < 0)
        return 0;
    CHECK(v.n <= VP8_MAX_DESCRIPTOR && v.n < n);
    memcpy(copy, p, v.n);
    vp8_rewrite(copy, &v, 0x7ABC, 9);
    CHECK(copy[0] == p[0]);
    vp8_write(&w, &v);
    wr_u8(&w, p[v.n]);
    CHECK(!w.err && vp8_parse(to, wr_len(&w), &back) == 0);
    CHECK(back.is_start == v.is_start && back.is_key == v.is_key);
    CHECK(back.has_picture_id == v.has_picture_id && back.picture_id == v.picture_id);
    CHECK(back.has_tl0 == v.has_tl0 && back.tl0 == v.tl0 && back.tid == v.tid && back.y == v.y);
    CHECK(back.key_idx == v.key_idx);
    return 0;
}
