/*
 * gzip of answers made on the fly (RFC 1952). One per web thread: its 256 kB of state are set up
 * once.
 */
#ifndef NET_GZIP_H
#define NET_GZIP_H

#include "base/types.h"

struct arena;
struct gzip;

int gzip_new(struct gzip **ret_gzip);
/* ERR_MEM; ERR_TOO_BIG when it would not become smaller. */
int gzip_text(struct gzip *g, struct arena *a, str text, str *ret_packed);
/* NULL-safe. */
void gzip_free(struct gzip *g);

#endif
