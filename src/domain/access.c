#include "domain/access.h"

#include "base/err.h"
#include "base/log.h"
#include "domain/search.h"
#include "store/db.h"
#include "store/slow.h"
#include "store/writer.h"

#include <stdlib.h>

struct carrier {
    struct work work;
    struct change change;
};

int access_open(const char *path, struct db **ret_db)
{
    return db_open_read(path, ret_db);
}

int access_check(struct db *db)
{
    struct stmt *q = db_stmt(db, "SELECT 1");
    int r = stmt_row(q);

    stmt_end(q);
    return r < 0 ? r : 0;
}

int access_hold(struct db *db)
{
    return db_read_begin(db);
}

void access_release(struct db *db)
{
    db_read_end(db);
}

void access_close(struct db *db)
{
    db_close(db);
}

/*
 * What the change made stale for search, before its transaction ends. A fault here must not undo
 * what a person has done: the marks stay, and the next change tries again.
 */
static int refresh(struct db *db)
{
    bool is_left = true;
    int r = db_mark(db);

    if (r < 0)
        return r;
    while (r == 0 && is_left)
        r = search_refresh(db, &is_left);
    if (r == 0)
        return db_release(db);
    db_rollback(db);
    log_debug("store", "search", "error=%s", err_name(r));
    return 0;
}

static int carrier_act(struct work *w, struct db *db)
{
    const struct carrier *c = (struct carrier *)w;
    int r = c->change.act(db, c->change.ctx);

    return r < 0 ? r : refresh(db);
}

static void carrier_done(struct work *w, int result)
{
    struct change change = ((struct carrier *)w)->change;

    free(w);
    change.done(result, change.ctx);
}

static struct carrier *carrier_new(const struct change *change)
{
    struct carrier *c = calloc(1, sizeof(*c));

    if (c)
        *c = (struct carrier){
            .work = {.act = carrier_act,
                     .done = carrier_done,
                     .answer = change->answer,
                     .is_aside = change->is_aside},
            .change = *change};
    return c;
}

int access_put(struct writer *w, const struct change *change)
{
    struct carrier *c = carrier_new(change);
    int r = c ? writer_put(w, &c->work) : ERR_MEM;

    if (r < 0)
        free(c);
    return r;
}

int access_record(struct writer *w, const struct change *change)
{
    struct carrier *c = carrier_new(change);

    if (!c)
        return ERR_MEM;
    writer_record(w, &c->work);
    return 0;
}

uint64_t access_version(const struct writer *w)
{
    return writer_version(w);
}

void access_print(struct writer *w, const struct db *db, struct sb *to)
{
    writer_print(w, to);
    db_print(db, to);
    slow_print(to);
}
