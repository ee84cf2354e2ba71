#include "media/h264.h"

#include "base/err.h"
#include "base/rd.h"

enum { IDR = 5, SPS = 7, MAX_SINGLE = 23, STAP_A = 24, FU_A = 28 }; /* RFC 6184 5.2, table 1 */

static void take_unit(uint8_t type, struct h264 *h)
{
    h->has_sps |= type == SPS;
    h->has_idr |= type == IDR;
}

static int take_several(struct rd *r, struct h264 *h)
{
    while (rd_left(r) > 0) {
        size_t n = rd_u16(r);
        const uint8_t *unit = rd_bytes(r, n);

        if (r->err || n == 0)
            return ERR_TRUNCATED;
        take_unit(unit[0] & 31, h);
    }
    return 0;
}

int h264_parse(const uint8_t *p, size_t n, struct h264 *ret_h264)
{
    struct rd r = rd_init(p, n);
    struct h264 h = {0};
    uint8_t type = rd_u8(&r) & 31, piece;
    int err = 0;

    if (rd_left(&r) == 0)
        return ERR_TRUNCATED;
    if (type >= 1 && type <= MAX_SINGLE) {
        take_unit(type, &h);
    } else if (type == STAP_A) {
        err = take_several(&r, &h);
    } else if (type == FU_A) {
        piece = rd_u8(&r);
        if (piece & 128)
            take_unit(piece & 31, &h);
    } else {
        err = ERR_SYNTAX;
    }
    if (err == 0)
        *ret_h264 = h;
    return err;
}
