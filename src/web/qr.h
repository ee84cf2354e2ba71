/*
 * A QR picture of an address as one path of an SVG, for paper. Pure; any thread.
 */
#ifndef WEB_QR_H
#define WEB_QR_H

#include "base/types.h"

struct arena;

/* Four white modules on each side, ISO/IEC 18004 9.1. */
enum { QR_QUIET = 4 };

struct qr {
    str path;     /* for the attribute d; a module is 1 wide */
    int64_t size; /* of the square with its quiet zone */
};

/* ERR_TOO_BIG: longer than a code that a poor camera reads. */
int qr_make(struct arena *a, str text, struct qr *ret_qr);

#endif
