#include "run.h"

#include "base/clock.h"
#include "base/file.h"
#include "domain/account.h"
#include "domain/actor.h"
#include "domain/desk.h"
#include "domain/invitation.h"
#include "domain/kit.h"
#include "domain/news.h"
#include "domain/picture.h"
#include "domain/safety.h"
#include "domain/seminar.h"
#include "net/source.h"
#include "web/routes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

str world_png(void)
{
    return S("\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x10\0\0\0\x10\x08\x02\0\0\0");
}

static const char *const names[USERS] = {"anonymous", "member", "event", "editor",
                                         "case",      "system", "other"};
static const unsigned rights[USERS] = {0, 0, RIGHT_EVENT, RIGHT_EDITOR, RIGHT_CASE, RIGHT_SYSTEM,
                                       0};

static void add_staff(struct world *w, struct db *db, enum user user)
{
    char hash[ACCOUNT_HASH_TEXT];
    struct account in = {.login = str_c(names[user]),
                         .name = str_c(names[user]),
                         .lang = S("en"),
                         .rights = rights[user]};
    int64_t id;

    assert_int_equal(account_password_hash(S("a long password"), hash), 0);
    in.password_hash = str_c(hash);
    assert_int_equal(account_add(db, &actor_server, &in, clock_wall(), &id), 0);
    assert_int_equal(session_add_staff(db, id, S("test"), clock_wall(), w->token[user]), 0);
}

static void add_member(struct world *w, struct db *db)
{
    char token[INVITATION_TOKEN_TEXT];
    struct invitation_list list;
    const struct invitation *i = NULL;
    int64_t other_id;

    assert_int_equal(invitation_list(w->a, db, &actor_server, w->demo.live_id, S("en"), &list), 0);
    for (size_t k = 0; k < list.n; k++)
        if (list.row[k].role == ROLE_PARTICIPANT) {
            w->withdrawn_id = i ? i->id : 0;
            i = &list.row[k];
        }
    assert_non_null(i);
    invitation_token(&w->secret, i->id, i->generation, token);
    w->link = arena_str(w->a, str_c(token));
    w->invitation_id = i->id;
    assert_int_equal(session_add_member(db, i->id, S("test"), clock_wall(), w->token[MEMBER]), 0);
    assert_int_equal(invitation_put(db, &actor_server, w->demo.record_id, i->person.id,
                                    ROLE_PARTICIPANT, &other_id),
                     0);
    assert_int_equal(session_add_member(db, other_id, S("test"), clock_wall(), w->token[OTHER]), 0);
}

/* An item with a picture, published in English: /en/news/road. */
static void add_picture(struct world *w, struct db *db)
{
    static const struct desk_idea idea = {.slug = S("road"), .lang = S("en"), .kind = NEWS_REPORT,
                                          .title = S("A sample road"), .body = S("Hills.")};
    static const struct picture_words words = {.lang = S("en"), .alt = S("A <road>"),
                                               .credit = S("Drawn by \"us\"")};
    static const struct picture_image_list made = {
        .row = {{.size = PICTURE_W320, .width = 320, .height = 200, .bytes = S("small")},
                {.size = PICTURE_J640, .width = 640, .height = 400, .bytes = S("jpeg-640")},
                {.size = PICTURE_J1280, .width = 1280, .height = 800, .bytes = S("jpeg-1280")}},
        .n = 3};
    static const struct safety_in safe = {1, 1, 1, 1, {0}};
    struct safety_of of = {.revision = -1, .pictures_revision = -1, .lang = idea.lang};
    struct news_in what = {.lang = idea.lang, .revision = -1};
    struct news n;
    int64_t id;

    assert_int_equal(desk_begin(db, &actor_server, &idea, clock_wall()), 0);
    assert_int_equal(news_by_slug(w->a, db, &actor_server, idea.slug, idea.lang, &n), 0);
    assert_int_equal(picture_add(db, &actor_server, n.id, world_png(), clock_wall(), &id), 0);
    assert_int_equal(picture_end(db, &actor_server, id, PICTURE_FINE, &made), 0);
    assert_int_equal(picture_put(db, &actor_server, n.id, id, &words, clock_wall()), 0);
    of.news_id = n.id;
    assert_int_equal(safety_put(db, &actor_server, &of, &safe, clock_wall()), 0);
    assert_int_equal(news_publish(db, &actor_server, n.id, &what, 0, clock_wall()), 0);
    w->picture_id = id;
}

static int look_away(void *ctx, str bytes)
{
    (void)ctx;
    return bytes.n ? 0 : ERR_SYNTAX;
}

/* Over two parts of the store, each byte another than its neighbours. */
str world_film(void)
{
    static char film[CLIP_PART + 1000];

    for (size_t i = 0; i < sizeof(film); i++)
        film[i] = (char)('a' + i % 23);
    return (str){film, sizeof(film)};
}

/* A kit that anybody may see, with a clip: /en/kit/films. */
static void add_clip(struct db *db)
{
    static const struct text_in title = {.lang = S("en"), .body = S("Films"), .revision = -1};
    static const struct text_in seen = {.lang = S("en"), .body = S("A <road>"), .revision = -1};
    const struct kit_item_in in = {
        .kind = KIT_CLIP, .credit = S("Filmed by \"us\""), .bytes = S("0000ftypisom")};
    struct kit k = {.is_shown = true, .revision = 1};
    struct clip_made made = {.width = 640,
                             .height = 360,
                             .length_ms = 2001,
                             .bytes = world_film(),
                             .still = S("\xff\xd8still")};
    struct clip c;
    int64_t id;

    clip_sum(&made);
    assert_int_equal(kit_add(db, &actor_server, S("films"), false, clock_wall(), &k.id), 0);
    assert_int_equal(kit_text_put(db, &actor_server, k.id, KIT_TITLE, &title, clock_wall()), 0);
    assert_int_equal(kit_item_add(db, &actor_server, k.id, &in, clock_wall(), &id), 0);
    assert_int_equal(kit_item_text_put(db, &actor_server, id, &seen, clock_wall()), 0);
    assert_int_equal(kit_item_clear(db, &actor_server, id, S("Who filmed"), -1, clock_wall()), 0);
    assert_int_equal(clip_next(db, &actor_server, 0, look_away, NULL, &c), 0);
    assert_int_equal(clip_end(db, &actor_server, c.id, CLIP_FINE, &made, clock_wall()), 0);
    assert_int_equal(kit_save(db, &actor_server, &k, clock_wall()), 0);
}

static void fill(struct world *w)
{
    struct demo_in in = {.password_hash = S("unused")};
    struct db *db;

    assert_int_equal(db_open_write(w->path, &db), 0);
    assert_int_equal(file_read(w->a, EXAMPLES "/guides.json", 1 << 20, &in.guides_json), 0);
    assert_int_equal(file_read(w->a, EXAMPLES "/kit.json", 1 << 20, &in.kit_json), 0);
    assert_int_equal(file_read(w->a, EXAMPLES "/contacts.json", 1 << 20, &in.contacts_json), 0);
    assert_int_equal(file_read(w->a, EXAMPLES "/seminar.json", 1 << 20, &in.seminar_json), 0);
    assert_int_equal(file_read(w->a, EXAMPLES "/invitations.csv", 1 << 20, &in.invitations_csv), 0);
    assert_int_equal(file_read(w->a, EXAMPLES "/quiz.json", 1 << 20, &in.quiz_json), 0);
    assert_int_equal(demo_import(w->a, db, &in, clock_wall(), &w->demo), 0);
    for (enum user u = EVENT; u <= SYSTEM; u++)
        add_staff(w, db, u);
    add_member(w, db);
    add_picture(w, db);
    add_clip(db);
    db_close(db);
}

static unsigned room_present(void *ctx, int64_t seminar_id)
{
    (void)ctx;
    (void)seminar_id;
    return 0;
}

static void room_expel(void *ctx, int64_t seminar_id, int64_t person_id, str name)
{
    struct world *w = ctx;
    size_t n = strlen(w->expelled);

    (void)snprintf(w->expelled + n, sizeof(w->expelled) - n, "%lld/%lld%s%.*s\n",
                   (long long)seminar_id, (long long)person_id, name.p ? " " : "", STR(name));
}

static void open_site(struct world *w)
{
    const struct route *const tables[] = {web_routes};
    struct site_conf conf = {.db_path = w->path,
                             .secret = &w->secret,
                             .signer = &w->signer,
                             .pdf_path = KENGESH_PDF,
                             .origin = "http://localhost:8080",
                             .has_clips = true,
                             .is_demo = true};

    assert_int_equal(writer_new(w->path, &w->writer), 0);
    assert_int_equal(route_set_new(tables, &nweb_routes, 1, &w->routes), 0);
    w->room = (struct room_port){.present = room_present, .expel = room_expel, .ctx = w};
    conf.room = &w->room;
    conf.writer = w->writer;
    conf.routes = w->routes;
    assert_int_equal(site_new(&conf, &w->site), 0);
    assert_int_equal(loop_new(&w->loop), 0);
    assert_int_equal(db_open_read(w->path, &w->db), 0);
    assert_int_equal(site_thread_start(w->loop, w->site, &w->thread), 0);
}

struct world *world_new(void)
{
    struct world *w = calloc(1, sizeof(*w));

    assert_non_null(w);
    w->a = arena_new();
    assert_non_null(w->a);
    strcpy(w->folder, "/tmp/kengesh-web-XXXXXX");
    assert_non_null(mkdtemp(w->folder));
    (void)snprintf(w->path, sizeof(w->path), "%s/store.db", w->folder);
    memset(w->secret.key, 7, sizeof(w->secret.key));
    assert_int_equal(sign_from_seed(w->secret.key, &w->signer), 0);
    fill(w);
    open_site(w);
    w->draft_slug = S(DEMO_RECORD_SLUG);
    return w;
}

void world_free(struct world *w)
{
    static const char *const ends[] = {"", "-wal", "-shm"};
    char path[128];

    db_close(w->db);
    site_thread_end(w->thread, w->site);
    site_free(w->site);
    writer_free(w->writer);
    loop_free(w->loop);
    route_set_free(w->routes);
    for (size_t i = 0; i < NELEM(ends); i++) {
        (void)snprintf(path, sizeof(path), "%s%s", w->path, ends[i]);
        (void)unlink(path);
    }
    (void)rmdir(w->folder);
    arena_free(w->a);
    free(w);
}

struct call {
    struct arena *a;
    struct exchange *x;
    struct call *next;
};

static struct call *calls;

void world_forget(struct world *w)
{
    (void)w;
    while (calls) {
        struct call *c = calls;

        calls = c->next;
        if (c->x->shared && c->x->shared->release)
            c->x->shared->release(c->x->shared);
        arena_free(c->a);
        free(c);
    }
}

static struct exchange *new_call(struct world *w)
{
    struct call *c = calloc(1, sizeof(*c));

    assert_non_null(c);
    c->a = arena_new();
    c->x = exchange_new(c->a, w->loop);
    assert_non_null(c->x);
    c->next = calls;
    calls = c;
    return c->x;
}

static void header(struct exchange *x, const char *name, str value)
{
    if (value.p)
        x->headers[x->nheaders++] = (struct http_header){str_c(name), value};
}

static str cookie_of(struct world *w, struct arena *a, const struct ask *ask)
{
    if (ask->cookie)
        return str_c(ask->cookie);
    if (ask->user == ANON)
        return (str){0};
    return arena_printf(a, "%s=%s",
                        ask->user == MEMBER || ask->user == OTHER ? "kengesh" : "kengesh-staff",
                        w->token[ask->user]);
}

static str body_of(struct world *w, struct arena *a, const struct ask *ask)
{
    char csrf[SESSION_CSRF_TEXT];
    str body = str_c(ask->body ? ask->body : "");

    if (ask->user == ANON || ask->no_csrf || ask->type)
        return body;
    session_csrf(&w->secret, str_c(w->token[ask->user]), csrf);
    return arena_printf(a, "csrf=%s%s%.*s", csrf, body.n ? "&" : "", STR(body));
}

static void fill_headers(struct world *w, struct exchange *x, const struct ask *ask)
{
    x->headers = arena_array(x->arena, 16, sizeof(*x->headers));
    header(x, "Host", S("localhost:8080"));
    header(x, "Cookie", cookie_of(w, x->arena, ask));
    header(x, "Accept-Language", str_c(ask->lang));
    header(x, "If-None-Match", str_c(ask->etag));
    header(x, "User-Agent", str_c(ask->agent ? ask->agent : "Mozilla/5.0 (test)"));
    if (ask->is_upgrade)
        header(x, "Origin", S("http://localhost:8080"));
    if (str_eq(x->method, S("POST"))) {
        header(x, "Content-Type",
               str_c(ask->type ? ask->type : "application/x-www-form-urlencoded"));
        if (!ask->no_origin)
            header(x, "Origin",
                   ask->foreign ? S("https://other.example") : S("http://localhost:8080"));
    }
}

static void finished(struct exchange *x)
{
    *(bool *)x->conn = true;
}

/* The exchange has no connection: its place holds our flag, and nothing of net's looks there. */
static void dispatch_and_wait(struct world *w, struct exchange *x)
{
    bool is_done = false;

    x->conn = (struct conn *)(void *)&is_done;
    x->finished = finished;
    site_dispatch(x, w->site);
    while (http_is_deferred(x))
        loop_once(w->loop, 100 * USEC_MS);
    x->conn = NULL;
}

/* A body that would be read as it goes out, whole. */
static str source_body(struct exchange *x)
{
    char *to = arena_alloc(x->arena, x->source->size + 1);
    size_t at = 0, n = 0;

    assert_non_null(to);
    for (; at < x->source->size; at += n) {
        size_t left = x->source->size - at, room = left < HTTP_PIECE ? left : HTTP_PIECE;

        assert_int_equal(x->source->read(x, at, to + at, room, &n), 0);
        assert_in_range(n, 1, room);
    }
    return (str){to, at};
}

str run_body(struct exchange *x)
{
    return x->source ? source_body(x) : x->shared ? x->shared->plain : sb_str(&x->reply);
}

struct reply run(struct world *w, const struct ask *ask)
{
    struct exchange *x = new_call(w);
    struct arena *a = x->arena;
    struct str_pair url = str_cut(str_c(ask->url), '?');
    struct reply r;

    x->method = str_c(ask->method);
    x->is_head = str_eq(x->method, S("HEAD"));
    x->path = url.head;
    x->query = url.tail;
    x->db = w->db;
    x->peer_country = 'T' << 8 | 'M';
    x->peer_prefix = ask->prefix;
    x->body = body_of(w, a, ask);
    fill_headers(w, x, ask);
    dispatch_and_wait(w, x);
    assert_false(x->is_broken);
    r = (struct reply){.status = x->status, .type = x->type, .x = x};
    r.body = run_body(x);
    r.location = reply_header(&r, "Location");
    return r;
}

str reply_header(const struct reply *r, const char *name)
{
    for (size_t i = 0; i < r->x->nout; i++)
        if (str_ieq(r->x->out[i].name, str_c(name)))
            return r->x->out[i].value;
    return (str){0};
}
