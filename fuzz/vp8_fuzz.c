/* VP8 descriptors: what is read is written anew, as in front of a viewer's packet, and reads the
 * same. */
#include "media/vp8.c"

#include "fuzz.h"

enum { KEY_HEAD = 10 }; /* RFC 6386 9.1: tag, start code, width and height */

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    uint8_t to[VP8_MAX_DESCRIPTOR + KEY_HEAD];
    struct wr w = wr_init(to, VP8_MAX_DESCRIPTOR);
    struct vp8 v, back;
    size_t left;

    if (vp8_parse(p, n, &v) < 0)
        return 0;
    CHECK(v.n <= VP8_MAX_DESCRIPTOR && v.n < n);
    vp8_write(&w, &v);
    CHECK(!w.err);
    left = n - v.n < KEY_HEAD ? n - v.n : KEY_HEAD;
    memcpy(w.p, p + v.n, left);
    CHECK(vp8_parse(to, wr_len(&w) + left, &back) == 0);
    CHECK(back.n == wr_len(&w));
    CHECK(back.s == v.s && back.partition == v.partition);
    CHECK(back.is_start == v.is_start && back.is_key == v.is_key);
    CHECK(back.is_non_reference == v.is_non_reference);
    CHECK(back.has_picture_id == v.has_picture_id && back.picture_id == v.picture_id);
    CHECK(back.is_long_id == v.has_picture_id);
    CHECK(back.has_tl0 == v.has_tl0 && back.tl0 == v.tl0);
    CHECK(back.has_tid == v.has_tid && back.tid == v.tid && back.y == v.y);
    CHECK(back.has_key_idx == v.has_key_idx && back.key_idx == v.key_idx);
    CHECK(back.width == v.width && back.height == v.height);
    return 0;
}
