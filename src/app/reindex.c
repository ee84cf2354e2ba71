#include "app/reindex.h"

#include "app/config.h"
#include "app/place.h"
#include "base/arena.h"
#include "base/err.h"
#include "domain/actor.h"
#include "domain/search.h"
#include "store/db.h"

#include <stdio.h>

int reindex_run(const struct config *c)
{
    struct arena *a = arena_new();
    struct place place;
    struct db *db = NULL;
    int r = a ? place_open(&place, a, c->data) : ERR_MEM;

    if (r == 0)
        r = db_open_write(place.db_path, &db);
    if (r == 0)
        r = search_reset(db, &actor_server);
    if (r == 0)
        r = search_catch_up(db);
    if (r < 0)
        fprintf(stderr, "kengesh reindex: %s\n", err_text(r));
    else
        printf("The index of the search is new.\n");
    db_close(db);
    arena_free(a);
    return r;
}
