#include "posting.h"

#include "domain/account.h"
#include "web/dispatch.h"
#include "web/rate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PATIENCE = 100 /* turns of the loop until a deferred answer is there */ };

static struct db *store; /* this thread's, for writing */
void (*posting_on_hash)(void);
static char *weighing;   /* what `weigh` gives */
static bool is_acting;
static struct posted now;

int __real_writer_put(struct writer *w, struct work *work);
int __wrap_writer_put(struct writer *w, struct work *work);
int __real_account_password_hash(str password, char to[static ACCOUNT_HASH_TEXT]);
int __wrap_account_password_hash(str password, char to[static ACCOUNT_HASH_TEXT]);
bool __real_account_password_check(str hash, str password);
bool __wrap_account_password_check(str hash, str password);

/* Of every table: how many rows, and the length of all that stands in them. Times and tokens are
 * others in every round, but as long. What search finds follows by itself (search_stale says what),
 * and views are written down now and then. */
static const char weigh[] =
    "SELECT 'SELECT ' || group_concat(part, ' || ') FROM (SELECT '''"
    " ' || t.name || ' '' || (SELECT count(*) || ''/'' || coalesce(sum(' ||"
    "  group_concat('coalesce(length(\"' || c.name || '\"), 0)', ' + ') ||"
    "  '), 0) FROM \"' || t.name || '\")' AS part"
    " FROM sqlite_master t, pragma_table_info(t.name) c"
    " WHERE t.type = 'table' AND t.name NOT LIKE 'search_%' AND t.name <> 'views' GROUP BY t.name)";

static char *text_of(str s)
{
    char *copy = strndup(s.p ? s.p : "", s.n);

    assert_non_null(copy);
    return copy;
}

static char *row_text(const char *sql)
{
    struct stmt *q = db_stmt(store, sql);
    char *text;

    assert_int_equal(stmt_row(q), 1);
    text = text_of(col_str(q, 0));
    stmt_end(q);
    return text;
}

void posting_free(struct posted *whole)
{
    free(whole->left);
    free(whole->page);
    *whole = (struct posted){0};
}

int __wrap_writer_put(struct writer *w, struct work *work)
{
    int r;

    if (!is_acting)
        return __real_writer_put(w, work);
    sweep_pause();
    assert_int_equal(db_begin(store), 0);
    sweep_resume();
    r = work->act(work, store);
    sweep_pause();
    if (!work->is_aside && r == 0) {
        now.has_acted = true;
        free(now.left);
        now.left = row_text(weighing);
    }
    db_abort(store);
    sweep_resume();
    work->done(work, r);
    return 0;
}

int __wrap_account_password_hash(str password, char to[static ACCOUNT_HASH_TEXT])
{
    if (posting_on_hash)
        posting_on_hash();
    if (!is_acting)
        return __real_account_password_hash(password, to);
    (void)snprintf(to, ACCOUNT_HASH_TEXT, "$argon2id$ of a test");
    return 0;
}

bool __wrap_account_password_check(str hash, str password)
{
    return is_acting || __real_account_password_check(hash, password);
}

void posting_end(struct world *w)
{
    (void)w;
    db_close(store);
    store = NULL;
    free(weighing);
    weighing = NULL;
}

static void prepare(struct world *w)
{
    if (!store) {
        assert_int_equal(db_open_write(w->path, &store), 0);
        assert_int_equal(db_begin(store), 0); /* a store keeps the statements that it has made */
        assert_int_equal(db_mark(store), 0);
        db_rollback(store);
        db_abort(store);
        weighing = row_text(weigh);
    }
    rows_rest(w); /* or the rounds would be too many for one session */
}

static void finished(struct exchange *x)
{
    *(bool *)x->conn = true;
}

static struct exchange *ask(struct world *w, struct arena *a, const struct posting *p)
{
    struct str_pair url = str_cut(str_c(p->url), '?');
    struct exchange *x = exchange_new(a, w->loop);
    struct http_header *h = arena_array(a, 6, sizeof(*h));
    size_t n = 0;

    assert_non_null(x);
    h[n++] = (struct http_header){S("Host"), S("localhost:8080")};
    h[n++] = (struct http_header){S("User-Agent"), S("Mozilla/5.0")};
    h[n++] = (struct http_header){S("Content-Type"), str_c(p->type)};
    h[n++] = (struct http_header){S("Origin"), S("http://localhost:8080")};
    if (p->lang)
        h[n++] = (struct http_header){S("Accept-Language"), str_c(p->lang)};
    if (p->user != ANON)
        h[n++] = (struct http_header){
            S("Cookie"), arena_printf(a, "%s=%s", p->user == MEMBER || p->user == OTHER ?
                                          "kengesh" : "kengesh-staff", w->token[p->user])};
    *x = (struct exchange){.arena = a, .loop = w->loop, .status = 200, .reply = sb_init(a, 0),
                           .method = S("POST"), .path = url.head, .query = url.tail,
                           .body = p->body, .db = w->db,
                           .peer_country = 'T' << 8 | 'M',
                           .headers = h, .nheaders = n, .finished = finished};
    return x;
}

static bool is_same(const char *one, const char *two)
{
    return one == two || (one && two && strcmp(one, two) == 0);
}

/* The first time: the answer is the one that was to come. */
static int remember(const struct posting *p, const struct exchange *x, struct posted *io_whole)
{
    bool is_meant = p->status ? x->status == p->status : x->status < 400 && now.has_acted;

    if (!is_meant)
        return ERR_STATE;
    *io_whole = now;
    io_whole->status = x->status;
    now = (struct posted){0};
    return 0;
}

static int judge(const struct posting *p, const struct exchange *x, struct posted *io_whole)
{
    bool is_500 = x->is_broken || x->reply.err || arena_is_short(x->arena) || x->status >= 500;

    if (!io_whole->status)
        return remember(p, x, io_whole);
    if (now.has_acted && !is_same(now.left, io_whole->left))
        return ERR_STATE; /* half a change */
    if (is_500)
        return ERR_MEM; /* net answers 500 */
    if (!now.has_acted && (x->status == 401 || x->status == 403))
        return ERR_MEM; /* the session was not found */
    if (x->status != io_whole->status || now.has_acted != io_whole->has_acted)
        return ERR_STATE;
    return io_whole->has_acted || is_same(now.page, io_whole->page) ? 0 : ERR_STATE;
}

/* From where the two part. */
static void show_difference(const char *got, const char *want)
{
    size_t at = 0;

    if (!got || !want)
        return;
    while (got[at] && got[at] == want[at])
        at++;
    at = at > 40 ? at - 40 : 0;
    if (got[at])
        (void)fprintf(stderr, "got  …%.120s…\nwant …%.120s…\n", got + at, want + at);
}

static void complain(const struct posting *p, const struct exchange *x, const struct posted *whole)
{
    (void)fprintf(stderr, "%s: status %d, acted %d\n", p->url, x->status, now.has_acted);
    show_difference(now.left, whole->left);
    if (!whole->has_acted)
        show_difference(now.page, whole->page);
}

/* A password goes to a worker and comes back by the loop. */
static void dispatch_and_wait(struct world *w, struct exchange *x, bool *ret_is_done)
{
    x->conn = (struct conn *)(void *)ret_is_done;
    dispatch(x, w->site);
    for (int i = 0; http_is_deferred(x) && i < PATIENCE; i++)
        loop_once(w->loop, 100 * USEC_MS);
}

int posting_try(struct world *w, const struct posting *p, struct posted *io_whole)
{
    bool is_done = false;
    struct exchange *x;
    struct arena *a;
    int r;

    sweep_pause();
    prepare(w);
    a = arena_new();
    x = ask(w, a, p);
    is_acting = true;
    sweep_resume();
    dispatch_and_wait(w, x, &is_done);
    sweep_pause();
    is_acting = false;
    assert_false(http_is_deferred(x)); /* it would be waited for for ever */
    now.page = text_of(x->shared ? x->shared->plain : sb_str(&x->reply));
    r = judge(p, x, io_whole);
    if (r != 0 && r != ERR_MEM)
        complain(p, x, io_whole);
    if (x->shared && x->shared->release)
        x->shared->release(x->shared);
    posting_free(&now);
    arena_free(a);
    sweep_resume();
    return r;
}
