#include "web/qr.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/sb.h"

#include <qrencode.h>

/* 160 bytes at level M are version 8, 49 modules: 0.6 mm each on a square of 3 cm. */
enum { MOST_BYTES = 160 };

/* A run of dark modules is a rectangle of height 1. */
static void add_row(struct sb *b, const unsigned char *row, int width, int y)
{
    for (int x = 0; x < width; x++) {
        int from = x;

        if (!(row[x] & 1))
            continue;
        while (x + 1 < width && row[x + 1] & 1)
            x++;
        sb_printf(b, "M%d %dh%dv1h-%dz", from + QR_QUIET, y + QR_QUIET, x - from + 1,
                  x - from + 1);
    }
}

int qr_make(struct arena *a, str text, struct qr *ret_qr)
{
    struct sb b = sb_init(a, 0);
    char *copy;
    QRcode *q;
    int size;

    if (text.n > MOST_BYTES)
        return ERR_TOO_BIG;
    copy = arena_cstr(a, text);
    q = copy ? QRcode_encodeString(copy, 0, QR_ECLEVEL_M, QR_MODE_8, 1) : NULL;
    if (!q)
        return ERR_MEM;
    for (int y = 0; y < q->width; y++)
        add_row(&b, q->data + (ptrdiff_t)y * q->width, q->width, y);
    size = q->width + 2 * QR_QUIET;
    QRcode_free(q);
    if (!sb_str(&b).p)
        return ERR_MEM;
    *ret_qr = (struct qr){.path = sb_str(&b), .size = size};
    return 0;
}
