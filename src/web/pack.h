/*
 * Packs for reading without a network: the programme or one guide, as a zip that opens from a stick
 * by index.html (all languages, relative links, its own style, no script), or as an EPUB 3 in one
 * language. A page at a time is in memory. The record and the day alone decide the bytes: the same
 * record gives the same file all day. A story is in it only when its consent allows files to take
 * along, and says where to look whether it still holds.
 *
 *     zip    index.html style.css {lang}/index.html {lang}/guide-{slug}.html {lang}/contacts.html …
 *            with sound {lang}/guide-{slug}.mp3 …
 *     book   mimetype META-INF/container.xml OEBPS/package.opf OEBPS/nav.xhtml OEBPS/index.xhtml …
 *
 * No exchange is needed: a worker and the command `kengesh pack` make the same. Any thread that has
 * a connection of its own.
 */
#ifndef WEB_PACK_H
#define WEB_PACK_H

#include "base/types.h"
#include "domain/zip.h"

struct db;

struct pack_ask {
    str guide;  /* slug; unset or empty: the whole programme */
    str lang;   /* of a book; unset: a zip of all languages */
    int64_t sounds; /* of a zip: with what can be heard; the mark of sound_stock, 0: without */
    str origin; /* address of the site */
    usec now;   /* its day, UTC, is printed on every page */
};

/* ERR_NOT_FOUND: no such guide or language; the errors of domain/zip.h. */
int pack_write(struct db *db, const struct pack_ask *ask, zip_sink_fn *sink, void *ctx);
/* "kengesh-tm-tr.zip", "kengesh-sound.zip", "kengesh-ru.epub"; p is NULL when out of memory. */
struct arena;
str pack_file_name(struct arena *a, const struct pack_ask *ask);

#endif
