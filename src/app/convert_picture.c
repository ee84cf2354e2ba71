#include "app/convert_i.h"

#include "app/box.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/rd.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/picture.h"

/*
 *   in.jpg ─jpegtran -copy none─▶ up.jpg (no metadata, right side up)
 *   up.jpg, in.png, in.webp ─cwebp -metadata none─▶ 1,280, 640, 320 wide, never wider than it is
 *   1280.webp, 640.webp ─dwebp─▶ dots ─cjpeg─▶ 1280.jpg, 640.jpg
 *
 * Between what came and what goes out there are only dots: EXIF with its place, XMP, comments,
 * thumbnails and profiles have no way through.
 */

static const struct {
    int size, width, quality;
    const char *file, *jpeg; /* jpeg: made of it besides; NULL: none */
    int jpeg_size;
} sizes[] = {
    {PICTURE_W1280, 1280, 70, "1280.webp", "1280.jpg", PICTURE_J1280},
    {PICTURE_W640, 640, 68, "640.webp", "640.jpg", PICTURE_J640},
    {PICTURE_W320, 320, 62, "320.webp", NULL, 0},
};

/* Over its bytes a picture is made once more, poorer. */
enum { POORER = 25 };

/* ---- the store ---- */

struct end {
    struct convert_put head; /* first */
    int64_t id;
    int fault;
    const struct picture_image_list *images;
};

static int end_act(struct work *w, struct db *db)
{
    const struct end *e = (const struct end *)(void *)w;

    return picture_end(db, &actor_server, e->id, e->fault, e->images);
}

/* ---- programs ---- */

static int fault_of(int r)
{
    switch (r) {
    case 0:
        return PICTURE_FINE;
    case ERR_UNSUPPORTED:
        return PICTURE_NO_BOX;
    case ERR_NOT_FOUND:
        return PICTURE_NO_TOOLS;
    case ERR_SYNTAX:
        return PICTURE_BROKEN;
    default:
        return PICTURE_TOO_HARD;
    }
}

/* How jpegtran turns what EXIF orientation 2 to 8 says (CIPA DC-008, 4.6.4 A). */
static void turn_args(struct box *b, int turn)
{
    static const char *const turns[9][2] = {{0},
                                            {0},
                                            {"-flip", "horizontal"},
                                            {"-rotate", "180"},
                                            {"-flip", "vertical"},
                                            {"-transpose"},
                                            {"-rotate", "90"},
                                            {"-transverse"},
                                            {"-rotate", "270"}};
    size_t n = 2;

    for (size_t i = 0; turn > 1 && turn < 9 && i < 2 && turns[turn][i]; i++)
        b->arg[n++] = turns[turn][i];
    if (n > 2)
        b->arg[n++] = "-trim"; /* blocks at the edge that cannot be turned go */
    b->arg[n++] = "-outfile";
    b->arg[n++] = "up.jpg";
    b->arg[n] = "in";
}

/* The file that all sizes are made of. */
static int upright(struct convert *c, const struct picture *p, str bytes, const char **ret_name)
{
    struct box b = {.program = "/usr/bin/jpegtran", .arg = {"-copy", "none"}};
    int r = convert_write(convert_path(c, "in"), bytes);

    *ret_name = "in";
    if (r < 0 || p->kind != PICTURE_JPEG)
        return r;
    turn_args(&b, p->turn);
    *ret_name = "up.jpg";
    return convert_run(c, &b);
}

/* A WebP that cwebp has written has a chunk "VP8 " (lossy, RFC 9649), or VP8X with alpha before. */
static int webp_size(str bytes, struct picture_image *to)
{
    struct picture_head h;
    int r = picture_head_parse(bytes, &h);

    if (r < 0 || h.kind != PICTURE_WEBP)
        return ERR_SYNTAX;
    to->width = h.width;
    to->height = h.height;
    return 0;
}

static int shrink(struct convert *c, const char *from, int i, int width, struct picture_image *to)
{
    const char *path = convert_path(c, sizes[i].file);
    int r = ERR_TOO_BIG;

    for (int quality = sizes[i].quality; r == ERR_TOO_BIG && quality > 0; quality -= POORER) {
        str w = arena_printf(c->arena, "%d", width), q = arena_printf(c->arena, "%d", quality);
        struct box b = {.program = "/usr/bin/cwebp",
                        .arg = {"-quiet", "-metadata", "none", "-q", q.p, "-resize", w.p, "0", from,
                                "-o", sizes[i].file}};

        if (!w.p || !q.p)
            return ERR_MEM;
        r = convert_run(c, &b);
        if (r == 0)
            r = file_read(c->arena, path, MAX_PICTURE_BYTES, &to->bytes);
    }
    to->size = sizes[i].size;
    return r < 0 ? r : webp_size(to->bytes, to);
}

static int to_jpeg(struct convert *c, int i, const struct picture_image *webp,
                   struct picture_image *to)
{
    struct box dots = {.program = "/usr/bin/dwebp",
                       .arg = {sizes[i].file, "-quiet", "-ppm", "-o", "dots.ppm"}};
    struct box b = {.program = "/usr/bin/cjpeg",
                    .arg = {"-quality", "78", "-optimize", "-progressive", "-outfile",
                            sizes[i].jpeg, "dots.ppm"}};
    int r = convert_run(c, &dots);

    if (r == 0)
        r = convert_run(c, &b);
    if (r == 0)
        r = file_read(c->arena, convert_path(c, sizes[i].jpeg), MAX_PICTURE_BYTES, &to->bytes);
    to->size = sizes[i].jpeg_size;
    to->width = webp->width;
    to->height = webp->height;
    return r;
}

static int make(struct convert *c, const struct picture *p, str bytes,
                struct picture_image_list *to)
{
    int wide = p->turn > 4 ? p->height : p->width;
    const char *from;
    int r = upright(c, p, bytes, &from);

    for (int i = 0; r == 0 && i < (int)NELEM(sizes); i++) {
        int width = sizes[i].width < wide ? sizes[i].width : wide;
        const struct picture_image *made = &to->row[to->n];

        r = shrink(c, from, i, width, &to->row[to->n]);
        if (r < 0)
            break;
        to->n++;
        if (sizes[i].jpeg) {
            r = to_jpeg(c, i, made, &to->row[to->n]);
            to->n += r == 0;
        }
    }
    return r;
}

int convert_picture(struct convert *c)
{
    struct picture_image_list images = {0};
    struct end e = {.head.work.act = end_act, .images = &images};
    struct picture p;
    str bytes;
    int r;

    arena_reset(c->arena);
    r = picture_next(c->arena, c->db, &actor_server, &p, &bytes);
    if (r < 0)
        return r;
    r = make(c, &p, bytes, &images);
    if (atomic_load(&c->is_stopping))
        return 0; /* begun anew at the next start */
    e.id = p.id;
    e.fault = fault_of(r);
    r = convert_put(c, &e.head);
    convert_empty(c);
    if (r < 0 || e.fault != PICTURE_FINE)
        log_warn("convert", "picture", "id=%lld fault=%d error=\"%s\"", (long long)p.id, e.fault,
                 err_text(r));
    if (c->conf.pictured)
        c->conf.pictured(c->conf.ctx);
    return r;
}
