#include "web/picture_share.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/sb.h"
#include "base/str.h"
#include "domain/feed.h"
#include "domain/news.h"
#include "domain/picture.h"
#include "domain/story.h"
#include "gen/template.h"
#include "net/http.h"
#include "web/site.h"
#include "web/visit.h"

/* JPEG, which every program reads; the largest there is first. */
static int files_of(struct exchange *x, const struct picture *p, struct feed_picture *to)
{
    static const int sizes[] = {PICTURE_J1280, PICTURE_J640};
    struct picture_image_list l;
    int r = picture_images(x->db, p->id, &l);

    *to = (struct feed_picture){.alt = p->alt, .credit = p->credit};
    for (size_t i = 0; r == 0 && i < NELEM(sizes); i++)
        for (size_t k = 0; k < l.n; k++)
            if (l.row[k].size == sizes[i] && to->nfiles < FEED_PICTURE_FILES)
                to->file[to->nfiles++] = (struct feed_file){
                    .url = arena_printf(x->arena, "%.*s/p/%lld/%s", STR(site_of(x)->origin),
                                        (long long)p->id, picture_size_name(sizes[i])),
                    .width = l.row[k].width,
                    .height = l.row[k].height,
                    .length = l.row[k].length,
                };
    return r;
}

int picture_shares(struct exchange *x, const struct news *n, struct picture_shares *ret_list)
{
    struct picture_shares own = {0};
    struct feed_picture *row;
    struct picture_list l = {0};
    bool may = false;
    int r = story_may(x->db, n->id, CONSENT_FEEDS | CONSENT_PICTURE, visit_now(x), &may);

    if (r == 0 && may)
        r = picture_shown(x->arena, x->db, n->id, n->lang, visit_now(x), &l);
    row = r == 0 ? arena_array(x->arena, l.n, sizeof(*row)) : NULL;
    if (!row)
        return r < 0 ? r : ERR_MEM;
    for (size_t i = 0; r == 0 && i < l.n; i++) {
        r = files_of(x, &l.row[i], &row[own.n]);
        own.n += row[own.n].nfiles > 0;
    }
    own.row = row;
    if (r == 0)
        *ret_list = own;
    return r;
}

void picture_share_preview(const struct picture_shares *l, struct tpl_page *page)
{
    if (!l->n)
        return;
    page->image = l->row[0].file[0].url;
    page->image_width = l->row[0].file[0].width;
    page->image_height = l->row[0].file[0].height;
    page->image_alt = l->row[0].alt;
}

void picture_share_ld(struct sb *out, const struct picture_shares *l)
{
    for (size_t i = 0; i < l->n; i++) {
        const struct feed_picture *p = &l->row[i];

        sb_c(out, i ? ",{\"@type\":\"ImageObject\"" : ",\"image\":[{\"@type\":\"ImageObject\"");
        feed_member(out, "url", p->file[0].url);
        sb_printf(out, ",\"width\":%d,\"height\":%d", p->file[0].width, p->file[0].height);
        feed_member(out, "caption", p->alt);
        feed_member(out, "creditText", p->credit);
        sb_c(out, "}");
    }
    if (l->n)
        sb_c(out, "]");
}
