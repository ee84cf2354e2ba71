#include "domain/picture.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/rd.h"
#include "base/str.h"

#include <string.h>

/*
 * JPEG (ITU-T T.81, B.1):  FF D8, then segments FF xx length …; SOFn has height and width, APP1 may
 *                          be EXIF, whose tag 0x0112 says which side is up (TIFF 6.0; CIPA DC-008)
 * PNG (W3C PNG, 11.2.2):   89 'PNG' 0D 0A 1A 0A, length, 'IHDR', width, height
 * WebP (RFC 9649):         'RIFF' size 'WEBP', then 'VP8 ', 'VP8L' or 'VP8X' with the size of all
 */

static uint32_t le16(struct rd *r)
{
    uint32_t lo = rd_u8(r);

    return lo | (uint32_t)rd_u8(r) << 8;
}

static uint32_t le24(struct rd *r)
{
    uint32_t lo = le16(r);

    return lo | (uint32_t)rd_u8(r) << 16;
}

/* ---- EXIF ---- */

static uint32_t tiff16(struct rd *r, bool is_le)
{
    return is_le ? le16(r) : rd_u16(r);
}

static uint32_t tiff32(struct rd *r, bool is_le)
{
    uint32_t a = tiff16(r, is_le), b = tiff16(r, is_le);

    return is_le ? a | b << 16 : a << 16 | b;
}

/* Tag 0x0112 of the first directory; 1 (as it lies) when there is none. */
static int exif_turn(struct rd tiff)
{
    struct rd r = tiff;
    uint32_t order = rd_u16(&r), at, n;
    bool is_le = order == 0x4949;

    if ((!is_le && order != 0x4d4d) || tiff16(&r, is_le) != 42)
        return 1;
    at = tiff32(&r, is_le);
    r = tiff;
    rd_bytes(&r, at);
    n = tiff16(&r, is_le);
    for (uint32_t i = 0; i < n && !r.err; i++) {
        uint32_t tag = tiff16(&r, is_le), type = tiff16(&r, is_le), count = tiff32(&r, is_le);
        uint32_t value = tiff16(&r, is_le);

        rd_bytes(&r, 2);
        if (!r.err && tag == 0x0112 && type == 3 && count == 1 && value >= 1 && value <= 8)
            return (int)value;
    }
    return 1;
}

/* ---- JPEG ---- */

static bool is_sof(uint8_t marker)
{
    return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

/* The next marker; fill bytes FF may stand before it. */
static uint8_t next_marker(struct rd *r)
{
    uint8_t b = rd_u8(r);

    if (b != 0xff)
        r->err = true;
    while (b == 0xff && !r->err)
        b = rd_u8(r);
    return b;
}

static int jpeg_parse(struct rd r, struct picture_head *to)
{
    static const char exif[] = "Exif\0";

    rd_bytes(&r, 2);
    while (!r.err) {
        uint8_t marker = next_marker(&r);
        struct rd segment = rd_sub(&r, rd_left(&r) >= 2 ? (size_t)rd_u16(&r) - 2 : SIZE_MAX);

        if (is_sof(marker) && !segment.err) {
            rd_u8(&segment);
            to->height = rd_u16(&segment);
            to->width = rd_u16(&segment);
            return segment.err ? ERR_SYNTAX : 0;
        }
        if (marker == 0xe1 && rd_left(&segment) > 6 && !memcmp(segment.p, exif, 6)) {
            rd_bytes(&segment, 6);
            to->turn = exif_turn(segment);
        }
        if (marker == 0xda || marker == 0xd9) /* the dots begin, and nothing said how many */
            return ERR_SYNTAX;
    }
    return ERR_SYNTAX;
}

/* ---- PNG, WebP ---- */

static int side(uint32_t v)
{
    return v > INT32_MAX ? INT32_MAX : (int)v;
}

static int png_parse(struct rd r, struct picture_head *to)
{
    const uint8_t *name;

    rd_bytes(&r, 12);
    name = rd_bytes(&r, 4);
    to->width = side(rd_u32(&r));
    to->height = side(rd_u32(&r));
    return r.err || memcmp(name, "IHDR", 4) != 0 ? ERR_SYNTAX : 0;
}

static int webp_parse(struct rd r, struct picture_head *to)
{
    const uint8_t *name;

    rd_bytes(&r, 12);
    name = rd_bytes(&r, 4);
    rd_bytes(&r, 4);
    if (r.err)
        return ERR_SYNTAX;
    if (!memcmp(name, "VP8X", 4)) {
        rd_bytes(&r, 4);
        to->width = (int)le24(&r) + 1;
        to->height = (int)le24(&r) + 1;
    } else if (!memcmp(name, "VP8L", 4)) {
        uint32_t a, b;

        rd_bytes(&r, 1);
        a = le16(&r);
        b = le16(&r);
        to->width = (int)(a & 0x3fff) + 1;
        to->height = (int)((a >> 14 | b << 2) & 0x3fff) + 1;
    } else if (!memcmp(name, "VP8 ", 4)) {
        rd_bytes(&r, 6);
        to->width = (int)(le16(&r) & 0x3fff);
        to->height = (int)(le16(&r) & 0x3fff);
    } else {
        return ERR_SYNTAX;
    }
    return r.err ? ERR_SYNTAX : 0;
}

static int kind_of(str b)
{
    if (str_starts(b, S("\xff\xd8\xff")))
        return PICTURE_JPEG;
    if (str_starts(b, S("\x89PNG\r\n\x1a\n")))
        return PICTURE_PNG;
    if (str_starts(b, S("RIFF")) && str_starts(str_from(b, 8), S("WEBP")))
        return PICTURE_WEBP;
    return 0;
}

int picture_head_parse(str bytes, struct picture_head *ret_head)
{
    struct picture_head h = {.kind = kind_of(bytes), .turn = 1};
    struct rd r = rd_init(bytes.p, bytes.n);
    int e = h.kind == PICTURE_JPEG   ? jpeg_parse(r, &h)
            : h.kind == PICTURE_PNG  ? png_parse(r, &h)
            : h.kind == PICTURE_WEBP ? webp_parse(r, &h)
                                     : ERR_UNSUPPORTED;

    if (e == 0 && (h.width < 1 || h.height < 1))
        e = ERR_SYNTAX;
    if (e == 0 && (h.width > MAX_PICTURE_SIDE || h.height > MAX_PICTURE_SIDE ||
                   (int64_t)h.width * h.height > MAX_PICTURE_DOTS))
        e = ERR_TOO_BIG;
    if (e == 0)
        *ret_head = h;
    return e;
}
