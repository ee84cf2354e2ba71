/*
 * Packs as they were last made, to be given out again: by name, until the record or the day
 * changes. At most MAX_PACKS_BYTES; the pack that nobody has asked for the longest gives up its
 * bytes, and its size stays known. A pack younger than SHELF_US stands even when the record has
 * changed, so that a busy seminar does not have it made anew at every request; but not when news or
 * a consent has: what was withdrawn is in no pack that is given out after it. Any thread.
 */
#ifndef WEB_SHELF_H
#define WEB_SHELF_H

#include "base/types.h"
#include "net/http.h"

enum { SHELF_US = 10 * 1000 * 1000, SHELF_NAME = 80, SHELF_ETAG = 20 };

struct shelf;

struct shelf_pack {
    struct http_shared shared; /* first; its release gives the pack back */
    char etag[SHELF_ETAG];     /* with its quotes */
};

/* What it is asked with: for which record, which news, on which day, and when (monotonic). */
struct shelf_now {
    uint64_t version;
    int64_t news; /* news_mark() of domain/news_gone.h */
    int64_t day;
    usec at;
};

int shelf_new(struct shelf **ret_shelf);
/* NULL: not there, or not true any more. The caller gives it back by shared.release. */
const struct shelf_pack *shelf_take(struct shelf *s, str name, const struct shelf_now *now);
/* Bytes of the pack, 0: not known. */
size_t shelf_size(struct shelf *s, str name, const struct shelf_now *now);
/* Takes the malloc'ed bytes over, whatever comes of it, and gives the pack as shelf_take does. */
int shelf_put(struct shelf *s, str name, const struct shelf_now *now, str bytes,
              const struct shelf_pack **ret_pack);
/* NULL-safe. Packs that are still on their way out live on. */
void shelf_free(struct shelf *s);

#endif
