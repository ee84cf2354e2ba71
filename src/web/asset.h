/*
 * Styles, scripts, pictures and texts for scripts: src/web/asset/ inside the program (tools/embed),
 * or read from a folder while somebody edits them. Address: /a/<tree>/<name>, where <tree> is a
 * hash over all assets, so modules import each other by relative names and every answer under the
 * current hash may be kept for ever. asset_dir() is called once at start; everything else on any
 * thread.
 */
#ifndef WEB_ASSET_H
#define WEB_ASSET_H

#include "base/types.h"

struct arena;

struct asset {
    const char *name; /* "css/style.css" */
    const char *type; /* Content-Type */
    const char *etag; /* hex of SHA-256, first 16 digits, without quotes */
    str body;
    str gz; /* the same, gzip; unset when it would not be smaller */
};

/* Serve from this folder from now on; NULL: the bytes in the program. The text must last. */
void asset_dir(const char *dir);
/* "css/style.css" → "/a/<tree>/css/style.css"; unset when there is no such asset. Lives as long as
 * the program. */
str asset_url(str name);
/*
 * The asset of a path that begins with "/a/". ret_is_current: the path carries the current hash, so
 * the answer may be kept for ever; otherwise say no-cache. Bytes live in the arena or in the
 * program. ERR_NOT_FOUND.
 */
int asset_by_url(struct arena *a, str path, struct asset *ret_asset, bool *ret_is_current);
/* All of the program's assets, i from 0 until NULL. */
const struct asset *asset_at(size_t i);

/* ---- filled by gen/asset.c ---- */
struct asset_row {
    struct asset asset;
    const char *url;
    const char *
        edit_url; /* while the folder is served: nothing that was kept for ever stands in the way */
};
extern const struct asset_row asset_rows[]; /* by name, in byte order */
extern const size_t asset_nrows;
extern const char asset_tree[];

#endif
