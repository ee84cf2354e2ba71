/*
 * Readers' pages as they were last written, with their headers: plain, gzip and brotli. A page
 * holds until the record changes (access_version() of domain/access.h), and no longer than KEPT_US,
 * for what other programs change in the store and for the counters of views. At most
 * MAX_KEPT_BYTES; the page that nobody has asked for the longest gives way. Any thread.
 *
 *     version = access_version(writer)          before the page reads the store
 *     kept_take(path, version) ──▶ page, or NULL ──▶ render ──▶ kept_put(path, version)
 *
 * What depends on anything but its address must not come in here: see web/dispatch.c.
 */
#ifndef WEB_KEPT_H
#define WEB_KEPT_H

#include "base/types.h"
#include "net/http.h"

struct kept;

enum { KEPT_US = 5 * 1000 * 1000 };

struct kept_page {
    struct http_shared shared; /* first; its release gives the page back */
    str type;
    const struct http_header *out;
    size_t nout;
    const struct route *route;
    str lang, count; /* what visit_count was told; unset: nothing */
};

int kept_new(struct kept **ret_kept);
/* NULL: not there, or not true any more. The caller gives it back by shared.release. */
const struct kept_page *kept_take(struct kept *k, str path, uint64_t version, usec now);
/*
 * Keeps a copy and gives it as kept_take does. ERR_TOO_BIG, ERR_MEM: nothing is kept, and the
 * answer goes out as it is.
 */
int kept_put(struct kept *k, str path, uint64_t version, usec now, const struct kept_page *page,
             const struct kept_page **ret_page);
/* Bytes that are kept, for /debug. */
size_t kept_bytes(struct kept *k);
/* NULL-safe. Pages that are still on their way out live on. */
void kept_free(struct kept *k);

#endif
