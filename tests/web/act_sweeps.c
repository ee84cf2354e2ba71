/*
 * Forms that change the record, with each allocation failing in turn: see tests/sweep/sweep.h. Only
 * the sweeper's own allocations fail, so what the store thread would do is done by this one, in a
 * transaction that is taken back (the linker gives this binary our writer_put). Whatever the answer
 * is: what was to be committed is the whole change or nothing.
 */
#include "suite.h"

#include "web/dispatch.h"
#include "web/rate.h"

#include <stdio.h>
#include <string.h>

#define FORM "application/x-www-form-urlencoded"

/* {csrf} and {link} are filled in as in a row (suite.h). */
struct posting {
    const char *url, *body, *type;
    enum user user;
};

/* What a change would leave in the record. */
struct outcome {
    bool has_acted;
    int64_t sizes[8];
};

struct answer {
    int status; /* 0: not yet known */
    struct outcome left;
};

static struct world *world;
static struct db *store; /* this thread's, for writing */
static bool is_acting;
static struct outcome left;

int __real_writer_put(struct writer *w, struct work *work);
int __wrap_writer_put(struct writer *w, struct work *work);

static void measure(struct outcome *to)
{
    struct stmt *q = db_stmt(store,
        "SELECT (SELECT count(*) FROM orgs) + 1000 * (SELECT count(*) FROM programmes),"
        " (SELECT count(*) FROM persons) + 1000 * (SELECT count(*) FROM invitations),"
        " (SELECT count(*) FROM seminars) + 1000 * (SELECT count(*) FROM agenda_items),"
        " (SELECT count(*) FROM replies) + 1000 * (SELECT count(*) FROM news_versions),"
        " (SELECT sum(length(body)) FROM text_versions),"
        " (SELECT sum(length(coalesce(name, '') || coalesce(email, '') || lang)) FROM persons),"
        " (SELECT count(*) FROM texts), (SELECT count(*) FROM sessions)");

    assert_int_equal(stmt_row(q), 1);
    for (int i = 0; i < (int)NELEM(to->sizes); i++)
        to->sizes[i] = col_i64(q, i);
    stmt_end(q);
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
    if (!work->is_aside) {
        left.has_acted = r == 0;
        if (r == 0)
            measure(&left);
    }
    db_abort(store);
    sweep_resume();
    work->done(work, r);
    return 0;
}

static void prepare(void)
{
    if (!world) {
        world = world_new();
        assert_int_equal(db_open_write(world->path, &store), 0);
        assert_int_equal(db_begin(store), 0); /* a store keeps the statements that it has made */
        assert_int_equal(db_mark(store), 0);
        db_rollback(store);
        db_abort(store);
    }
    rate_free(world->site->rate); /* or the rounds would be too many for one session */
    assert_int_equal(rate_new(&world->site->rate), 0);
    memset(&left, 0, sizeof(left));
}

static void finished(struct exchange *x)
{
    *(bool *)x->conn = true;
}

static struct exchange *ask(struct arena *a, const struct posting *p, bool *ret_is_done)
{
    static struct http_header headers[5];
    struct str_pair url = str_cut(str_c(row_filled(world, p->url, p->user)), '?');
    struct exchange *x = exchange_new(a, world->loop);

    assert_non_null(x);
    headers[0] = (struct http_header){S("Host"), S("localhost:8080")};
    headers[1] = (struct http_header){S("User-Agent"), S("Mozilla/5.0")};
    headers[2] = (struct http_header){S("Content-Type"), str_c(p->type)};
    headers[3] = (struct http_header){S("Origin"), S("http://localhost:8080")};
    headers[4] = (struct http_header){
        S("Cookie"), arena_printf(a, "%s=%s", p->user == MEMBER ? "kengesh" : "kengesh-staff",
                                  world->token[p->user])};
    *x = (struct exchange){.arena = a, .loop = world->loop, .status = 200, .reply = sb_init(a, 0),
                           .method = S("POST"), .path = url.head, .query = url.tail,
                           .body = str_c(row_filled(world, p->body, p->user)), .db = world->db,
                           .headers = headers, .nheaders = p->user == ANON ? 4 : 5,
                           .conn = (struct conn *)(void *)ret_is_done, .finished = finished};
    return x;
}

static bool is_same(const struct outcome *one, const struct outcome *two)
{
    return memcmp(one->sizes, two->sizes, sizeof(one->sizes)) == 0;
}

static int judge(const struct exchange *x, struct answer *io_whole)
{
    bool is_500 = x->is_broken || x->reply.err || arena_is_short(x->arena) || x->status >= 500;

    if (!io_whole->status) {
        *io_whole = (struct answer){x->status, left};
        return x->status < 400 && left.has_acted ? 0 : ERR_STATE;
    }
    if (left.has_acted && !is_same(&left, &io_whole->left))
        return ERR_STATE; /* half a change */
    if (is_500)
        return ERR_MEM; /* net answers 500 */
    if (!left.has_acted && (x->status == 401 || x->status == 403))
        return ERR_MEM; /* the session was not found */
    return x->status == io_whole->status && left.has_acted ? 0 : ERR_STATE;
}

static int post(const struct posting *p, struct answer *io_whole)
{
    bool is_done = false;
    struct exchange *x;
    struct arena *a;
    int r;

    sweep_pause();
    prepare();
    a = arena_new();
    x = ask(a, p, &is_done);
    is_acting = true;
    sweep_resume();
    dispatch(x, world->site);
    sweep_pause();
    is_acting = false;
    r = judge(x, io_whole);
    if (r != 0 && r != ERR_MEM)
        (void)fprintf(stderr, "%s: status %d, acted %d\n", p->url, x->status, left.has_acted);
    arena_free(a);
    sweep_resume();
    return r;
}

#define POST(name, ...)                                                                            \
    static int name##_sweep(void)                                                                  \
    {                                                                                              \
        static const struct posting p = {__VA_ARGS__};                                             \
        static struct answer whole;                                                                \
        return post(&p, &whole);                                                                   \
    }

POST(org, "/desk/orgs", "csrf={csrf}&kind=ngo&country=TM&name_en=Swept&name_ru=%D0%AF", FORM, EVENT)
POST(programme, "/desk/programmes",
     "csrf={csrf}&title_en=Swept&from=2026-02-01&to=2027-01-01&region=Kazakhstan&donor=mfa-no"
     "&convener=imo&partner=tdh&partner=orient",
     FORM, EVENT)
POST(seminar_copy, "/desk/seminars",
     "csrf={csrf}&title_en=Swept&day=2027-05-03&clock=10:00&zone=Asia/Ashgabat&minutes=90&lang=ru"
     "&lang=en&floor=en&policy=https-only&programme=counter-trafficking-central-asia"
     "&from=" DEMO_LIVE_SLUG "&people=yes",
     FORM, EVENT)
POST(item, "/desk/s/" DEMO_LIVE_SLUG "/agenda",
     "csrf={csrf}&title_en=Coffee&title_ru=%D0%AF&kind=break&minutes=15&place=2", FORM, EVENT)
POST(guest, "/desk/s/" DEMO_LIVE_SLUG "/people",
     "csrf={csrf}&org=tdh&name=Maral&function=Editor&email=maral%40tdh.example&lang=tk&sex=0&age=0"
     "&country=TM&role=participant",
     FORM, EVENT)
POST(import_take, "/desk/s/" DEMO_LIVE_SLUG "/import/take",
     FILE_BODY("organisation;name;e-mail\r\ntdh;One;one@tdh.example\r\n"
               "tdh;Two;two@tdh.example\r\n"),
     UPLOAD, EVENT)
POST(topic, "/desk/topics", "csrf={csrf}&slug=swept&name-en=Swept&name-ru=%D0%AF", FORM, EDITOR)
POST(news, "/desk/news", "csrf={csrf}&kind=1&code=en&title=Swept&body=One%0A%0ATwo&slug=swept",
     FORM, EDITOR)
POST(invitation, "/i/{link}/reply", "reply=accepted&note=Aman+comes", FORM, ANON)
POST(quiz, "/s/" DEMO_LIVE_SLUG "/quiz/pre?lang=tk",
     "csrf={csrf}&q1=2&q2=1&q2=4&q2=8&q4=5", FORM, MEMBER)

const struct sweep_row act_sweeps[] = {
    {"post_org", org_sweep},     {"post_programme", programme_sweep},
    {"post_copy", seminar_copy_sweep}, {"post_item", item_sweep},
    {"post_guest", guest_sweep}, {"post_import", import_take_sweep},
    {"post_topic", topic_sweep}, {"post_news", news_sweep},
    {"post_reply", invitation_sweep}, {"post_quiz", quiz_sweep},
};
const size_t nact_sweeps = NELEM(act_sweeps);
