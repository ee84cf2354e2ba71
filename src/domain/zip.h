/*
 * Writes a zip archive (APPNOTE 6.3, without zip64) into whatever takes bytes, file by file, so
 * that only one file is in memory at a time. The same files give the same bytes: one moment for
 * all, no owner, no extra fields. Names are [A-Za-z0-9._-] in folders, never a way out of the
 * folder it is unpacked in. Any thread; one thread an archive.
 *
 *     zip_new ──▶ zip_add … ──▶ zip_end ──▶ zip_free
 *
 * Why not libzip: it writes to a seekable file or a buffer of its own, keeps every source until the
 * close, and reads archives as well, which nobody here needs; what it would save is this file.
 */
#ifndef DOMAIN_ZIP_H
#define DOMAIN_ZIP_H

#include "base/types.h"

enum { ZIP_NAME_BYTES = 160 };

/* 0, or an error that ends the archive. */
typedef int zip_sink_fn(const void *p, size_t n, void *ctx);

enum zip_how { ZIP_STORED = 0, ZIP_DEFLATED = 8 };

struct zip;

/* at: the moment that every file carries, UTC, in steps of two seconds. */
int zip_new(zip_sink_fn *sink, void *ctx, usec at, struct zip **ret_zip);
/*
 * ERR_RANGE: the name is none or stands in the archive already; ERR_FULL over MAX_ZIP_FILES;
 * ERR_TOO_BIG over MAX_PACK_BYTES; what the sink said. After an error only zip_free.
 */
int zip_add(struct zip *z, str name, str body, enum zip_how how);
/*
 * A stored file whose bytes the sink does not get: whoever sends the archive puts them where the
 * sink's next bytes would begin. sum: their CRC-32. ERR_TOO_BIG: the archive would need zip64.
 */
int zip_add_far(struct zip *z, str name, uint64_t size, uint32_t sum);
/* Writes the directory. */
int zip_end(struct zip *z);
/* Bytes so far, those of far files with them. */
uint64_t zip_size(const struct zip *z);
/* NULL-safe. */
void zip_free(struct zip *z);

/* A sink that puts all into a text; ctx is a struct sb. ERR_TOO_BIG, ERR_MEM. */
zip_sink_fn zip_to_text;

#endif
