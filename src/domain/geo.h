/*
 * The country of an address, from a compact table in memory: for counters only, the address itself
 * is never kept. The table's date and licence notice travel in the file. Reading is lock-free from
 * any thread.
 *
 * File, little-endian:  "KGEO1\0\0\0" | u32 n4 | u32 n6 | u32 note_bytes | note (UTF-8: date,
 * source, licence)
 *                       n4 x { u32 first address, u16 country }  |  n6 x { u64 first /64, u16
 * country } Rows are sorted; a row holds until the next one begins; country 0 is a gap.
 */
#ifndef DOMAIN_GEO_H
#define DOMAIN_GEO_H

#include "base/addr.h"
#include "base/types.h"

struct geo;

/* Reads the whole file. ERR_SYNTAX for a table that is not sorted or cut. */
int geo_open(const char *path, struct geo **ret_geo);
/*
 * The same in two steps, for a start that must be quick: the note is there after the first, the
 * countries after the second (by one thread; others may ask meanwhile and learn 0). g may be NULL.
 */
int geo_begin(const char *path, struct geo **ret_geo);
int geo_load(struct geo *g);
/* As geo_open, from bytes (copied). */
int geo_parse(const void *p, size_t n, struct geo **ret_geo);
/* Two letters big-endian ('T' << 8 | 'M'); 0: unknown, private, or geo is NULL. */
uint16_t geo_country(const struct geo *g, const struct addr *a);
/* The notice to be shown beside the counters; lives as long as g. */
str geo_note(const struct geo *g);
/* NULL-safe. */
void geo_free(struct geo *g);

/*
 * Makes the file from range lists: lines "first,last,CC" (IPv4 as numbers) and "first,last,CC"
 * (IPv6 as text); '#' lines are comments. Written beside and renamed, so a reader never sees half a
 * table. note: one line with date, source, licence.
 */
int geo_import(const char *ranges4, const char *ranges6, const char *note, const char *to_path);

#endif
