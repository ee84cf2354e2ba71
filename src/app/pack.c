#include "app/pack.h"

#include "app/config.h"
#include "app/place.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "store/db.h"
#include "web/pack.h"

#include <stdio.h>

static int to_file(const void *p, size_t n, void *ctx)
{
    return fwrite(p, 1, n, ctx) == n ? 0 : ERR_IO;
}

/* Under another name until it is whole. */
static int write_file(struct arena *a, struct db *db, const struct pack_ask *ask, const char *path)
{
    str part = arena_printf(a, "%s.part", path);
    FILE *f = part.p ? fopen(part.p, "wb") : NULL;
    int r;

    if (!f)
        return part.p ? ERR_IO : ERR_MEM;
    r = pack_write(db, ask, to_file, f);
    if (fclose(f) != 0 && r == 0)
        r = ERR_IO;
    if (r == 0 && rename(part.p, path) != 0)
        r = ERR_IO;
    if (r < 0)
        (void)remove(part.p);
    return r;
}

int pack_run(const struct config *c)
{
    struct arena *a = arena_new();
    const char *path = c->rest[0];
    bool is_book = path && str_ends(str_c(path), S(".epub"));
    struct pack_ask ask = {.guide = str_c(c->guide),
                           .lang = is_book ? str_c(c->lang) : (str){NULL, 0},
                           .sounds = c->has_sound,
                           .origin = str_c(c->site),
                           .now = clock_wall()};
    struct place place;
    struct db *db = NULL;
    int r = ERR_SYNTAX;

    if (!a)
        return ERR_MEM;
    if (is_book ? c->has_sound : !(path && str_ends(str_c(path), S(".zip")))) {
        fprintf(stderr, "usage: kengesh pack FILE.zip [--guide SLUG] [--sound]\n"
                        "       kengesh pack FILE.epub [--guide SLUG] [--lang CODE]\n");
        goto out;
    }
    r = place_open(&place, a, c->data);
    if (r == 0)
        r = db_open_read(place.db_path, &db);
    if (r == 0)
        r = write_file(a, db, &ask, path);
    if (r < 0)
        fprintf(stderr, "kengesh pack: %s\n", err_text(r));
    else
        printf("%s\n", path);
out:
    db_close(db);
    arena_free(a);
    return r;
}
