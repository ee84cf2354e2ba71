/*
 * Pictures of an item as other people's programs get them: previews of links, search engines,
 * feeds. Those that readers see; of a story only when its consent allows feeds too. Web thread.
 */
#ifndef WEB_PICTURE_SHARE_H
#define WEB_PICTURE_SHARE_H

#include "base/types.h"

struct exchange;
struct feed_picture;
struct news;
struct sb;
struct tpl_page;

struct picture_shares {
    const struct feed_picture *row; /* in the arena */
    size_t n;
};

int picture_shares(struct exchange *x, const struct news *n, struct picture_shares *ret_list);
/* What a preview of a link shows (https://ogp.me/): the first of them. */
void picture_share_preview(const struct picture_shares *l, struct tpl_page *page);
/* ,"image":[…] of a schema.org object; nothing without pictures. */
void picture_share_ld(struct sb *out, const struct picture_shares *l);

#endif
