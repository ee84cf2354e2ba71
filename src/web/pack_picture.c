#include "web/pack_picture.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/picture.h"
#include "domain/rows.h"
#include "domain/zip.h"
#include "gen/template.h"

str pack_picture_file(struct arena *a, int64_t id)
{
    return arena_printf(a, "img/%lld.jpg", (long long)id);
}

static bool has(const struct pack_pictures *p, int64_t id)
{
    for (size_t i = 0; i < p->n; i++)
        if (p->id[i] == id)
            return true;
    return false;
}

/* 1: it is in the archive; 0: there is no room for it, or it was never made in that size. */
static int put(struct pack_pictures *p, const struct pack_picture_ask *ask, int64_t id)
{
    str path = pack_picture_file(ask->keep, id), bytes;
    int64_t *ids;
    int r;

    if (has(p, id))
        return 1;
    arena_reset(ask->page);
    r = picture_image(ask->page, ask->db, &actor_public,
                      &(struct picture_ask){id, PICTURE_J640, ask->now}, &bytes);
    if (r < 0)
        return r == ERR_NOT_FOUND || r == ERR_GONE ? 0 : r;
    if (p->bytes + bytes.n > MAX_PACK_PICTURE_BYTES)
        return 0;
    ids = rows_grow(ask->lasting, p->id, p->n, sizeof(*ids));
    if (!ids)
        return ERR_MEM;
    p->id = ids;
    if (ask->is_book && path.p) /* otherwise memory was short for it */
        path = arena_printf(ask->keep, "OEBPS/%.*s", STR(path));
    r = path.p ? zip_add(ask->zip, path, bytes, ZIP_STORED) : ERR_MEM; /* JPEG is packed already */
    if (r < 0)
        return r;
    p->id[p->n++] = id;
    p->bytes += bytes.n;
    return 1;
}

static int figure_of(const struct pack_picture_ask *ask, const struct picture *p,
                     struct tpl_pack_figure *to)
{
    struct picture_image_list l;
    str file = pack_picture_file(ask->keep, p->id);
    int r = picture_images(ask->db, p->id, &l);

    *to = (struct tpl_pack_figure){
        .src = ask->is_book ? file : arena_printf(ask->keep, "../%.*s", STR(file)),
        .alt = p->alt,
        .credit = p->credit,
    };
    for (size_t i = 0; r == 0 && i < l.n; i++)
        if (l.row[i].size == PICTURE_J640) {
            to->width = l.row[i].width;
            to->height = l.row[i].height;
        }
    return r;
}

int pack_pictures_add(struct pack_pictures *p, const struct pack_picture_ask *ask,
                      const struct tpl_pack_figure **ret_row, size_t *ret_n)
{
    struct tpl_pack_figure *row;
    struct picture_list l;
    size_t n = 0;
    int r = picture_shown(ask->keep, ask->db, ask->news_id, ask->lang, ask->now, &l);

    row = r == 0 ? arena_array(ask->keep, l.n, sizeof(*row)) : NULL;
    if (!row)
        return r < 0 ? r : ERR_MEM;
    for (size_t i = 0; r >= 0 && i < l.n; i++) {
        r = put(p, ask, l.row[i].id);
        if (r > 0)
            r = figure_of(ask, &l.row[i], &row[n++]);
    }
    if (r < 0)
        return r;
    *ret_row = row;
    *ret_n = n;
    return 0;
}
