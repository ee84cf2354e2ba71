/*
 * Pictures of a pack (web/pack.h): those that readers see of an item, each once in the archive
 * however many pages show it, with its description and its credit. They come as JPEG at most 640
 * dots wide: the smallest that every program reads (EPUB 3.2 and old browsers know no WebP). A
 * picture for which the pack has no room is in none of its pages. No state but the struct; one
 * thread.
 */
#ifndef WEB_PACK_PICTURE_H
#define WEB_PACK_PICTURE_H

#include "base/types.h"

struct arena;
struct db;
struct tpl_pack_figure;
struct zip;

/* Begins zeroed. */
struct pack_pictures {
    int64_t *id; /* in the archive; grown in `lasting` */
    size_t n;
    uint64_t bytes; /* of all of them */
};

struct pack_picture_ask {
    struct db *db;
    struct zip *zip;
    struct arena *lasting; /* lives as long as the pack */
    struct arena *keep;    /* … as the figures */
    struct arena *page;    /* is reset */
    int64_t news_id;
    str lang;
    usec now;
    bool is_book;
};

/* Puts what is not there yet into the archive; the figures for a page of that language. */
int pack_pictures_add(struct pack_pictures *p, const struct pack_picture_ask *ask,
                      const struct tpl_pack_figure **ret_row, size_t *ret_n);
/* "img/7.jpg", from the first page of the archive or the package document of the book. */
str pack_picture_file(struct arena *a, int64_t id);

#endif
