/* What base allocates, with each allocation failing in turn: see tests/sweep/sweep.h. */
#include "suite.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "base/pkt.h"
#include "base/queue.h"
#include "base/sb.h"
#include "base/str.h"
#include "base/table.h"

static int arena_sweep(void)
{
    struct arena *a = arena_new();
    int r = a ? 0 : ERR_MEM;

    for (int i = 0; r == 0 && i < 40; i++)
        r = arena_alloc(a, 1000) && arena_array(a, 10, 30) && arena_str(a, S("text")).p &&
                    arena_printf(a, "%d", i).p && arena_cstr(a, S("x"))
                ? 0
                : ERR_MEM;
    arena_free(a);
    return r;
}

static int sb_in(struct arena *a)
{
    struct sb b = sb_init(a, 0);
    bool is_whole;

    for (int i = 0; i < 200; i++) {
        sb_html(&b, S("<a href=\"x\">"));
        sb_json(&b, S("line\n"));
        sb_printf(&b, "%d", i);
    }
    /* Sticky: half a text is never given. */
    is_whole = !b.err && sb_str(&b).n > 5000;
    if (b.err && sb_str(&b).p)
        return ERR_STATE;
    sb_done(&b);
    return is_whole ? 0 : ERR_MEM;
}

static int sb_sweep(void)
{
    struct arena *a = arena_new();
    int r = a ? sb_in(a) : ERR_MEM;

    if (r == 0)
        r = sb_in(NULL);
    arena_free(a);
    return r;
}

static int table_sweep(void)
{
    static int value;
    struct table *t = NULL;
    int r = table_new(100, &t);

    for (uint64_t i = 1; r == 0 && i <= 100; i++)
        r = table_add(t, i, &value);
    table_free(t);
    return r;
}

static void nothing(struct msg *m, void *ctx)
{
    (void)m;
    (void)ctx;
}

static int queue_sweep(void)
{
    struct msg m = {.run = nothing};
    struct queue *q = NULL;
    int r = queue_new(4, &q);

    if (r == 0)
        r = queue_put(q, &m);
    if (r == 0)
        queue_run(q);
    queue_free(q);
    return r;
}

static int pkt_sweep(void)
{
    struct pkt_pool *pool = NULL;
    int r = pkt_pool_new(8, &pool);
    struct pkt *p = r == 0 ? pkt_get(pool) : NULL;

    if (r == 0 && !p)
        r = ERR_MEM;
    if (p)
        pkt_unref(p);
    pkt_pool_free(pool);
    return r;
}

static int file_sweep(void)
{
    struct arena *a = arena_new();
    str bytes;
    int r = a ? file_read(a, "/proc/self/stat", 4096, &bytes) : ERR_MEM;

    if (r == 0 && !file_join(a, "a", "b"))
        r = ERR_MEM;
    arena_free(a);
    return r;
}

const struct sweep_row base_sweeps[] = {
    {"arena", arena_sweep}, {"sb", sb_sweep},   {"table", table_sweep},
    {"queue", queue_sweep}, {"pkt", pkt_sweep}, {"file", file_sweep},
};
const size_t nbase_sweeps = NELEM(base_sweeps);
