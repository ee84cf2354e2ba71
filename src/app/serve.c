#include "app/serve.h"

#include "app/announce.h"
#include "app/config.h"
#include "app/convert.h"
#include "app/daily.h"
#include "app/door.h"
#include "app/due.h"
#include "app/place.h"
#include "app/record.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/str.h"
#include "domain/access.h"
#include "domain/actor.h"
#include "domain/attendance.h"
#include "domain/geo.h"
#include "domain/help.h"
#include "domain/retention.h"
#include "domain/search.h"
#include "live/live.h"
#include "net/http.h"
#include "net/route.h"
#include "net/tls.h"
#include "store/db.h"
#include "store/writer.h"
#include "web/asset.h"
#include "web/room_port.h"
#include "web/routes.h"
#include "web/site.h"
#include "web/texts.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

/* How long running answers may take after the signal; systemd's own patience is 90 s. */
enum { GRACE_S = 5 };

struct house {
    const struct config *c;
    struct arena *arena;
    struct place place;
    struct writer *writer;
    struct geo *geo;
    struct live *live;
    struct convert *convert;
    struct due *due;
    struct room_port room;
    struct route_set *routes;
    struct site *site;
    struct tls *tls;
    struct server *server;
};

int serve_routes(struct route_set **ret_routes)
{
    size_t nlive;
    const struct route *live = live_routes(&nlive);
    const struct route *tables[] = {web_routes, live};
    const size_t lengths[] = {nweb_routes, nlive};

    return route_set_new(tables, lengths, NELEM(tables), ret_routes);
}

/* Says what could not be started, once, and passes the code on. */
static int failed(const char *part, int r)
{
    if (r < 0)
        log_error("app", "start", "part=%s error=\"%s\"", part, err_text(r));
    return r;
}

/* What a crash left open in the attendance ends when it was last seen; before anybody can join. */
static int recover(struct house *h)
{
    struct db *db = NULL, *help = NULL;
    int r = db_open_write(h->place.db_path, &db);

    if (r == 0)
        r = attendance_recover(db, &actor_server);
    if (r == 0)
        r = search_catch_up(db); /* after an upgrade: all pages, once */
    if (r == 0)
        r = help_open(h->place.help_path, &help);
    db_close(help);
    db_close(db);
    return r;
}

static void room_connect(void *ctx, struct exchange *x, const struct room_join *who)
{
    const struct house *h = ctx;
    const struct live_join join = {
        .seminar_id = who->seminar_id, .person_id = who->person_id, .slug = who->slug,
        .name = who->name, .organisation = who->organisation, .lang = who->lang,
        .role = who->role, .state = who->state,
        .stage = who->stage, .policy = who->policy,
        .langs = who->langs, .nlangs = who->nlangs,
        .memory = who->memory, .decks = who->decks,
    };

    live_connect(h->live, x, &join);
}

static void room_debug(void *ctx, struct exchange *x)
{
    const struct house *h = ctx;

    live_debug(h->live, x);
}

static unsigned room_present(void *ctx, int64_t seminar_id)
{
    const struct house *h = ctx;

    return live_present(h->live, seminar_id);
}

static void slides_came(void *ctx)
{
    const struct house *h = ctx;

    convert_wake(h->convert);
}

static void decks_changed(void *ctx, int64_t seminar_id, const struct deck_list *ready)
{
    const struct house *h = ctx;

    live_decks(h->live, seminar_id, ready);
}

static void room_expelled(void *ctx, int64_t seminar_id, int64_t person_id, str name)
{
    const struct house *h = ctx;

    live_expel(h->live, seminar_id, person_id, name);
}

/* One core is left to pages and the store. */
static unsigned spare_cores(void)
{
    cpu_set_t set;
    int n = sched_getaffinity(0, sizeof(set), &set) < 0 ? 1 : CPU_COUNT(&set);

    n = n > MAX_HALLS ? MAX_HALLS : n - 1;
    return n > 0 ? (unsigned)n : 1;
}

static int media_threads(const char *text, unsigned *ret_n)
{
    uint64_t n = spare_cores();
    int r = strcmp(text, "auto") == 0 ? 0 : str_u64(str_c(text), MAX_HALLS, &n);

    if (r < 0 || !n)
        return ERR_RANGE;
    *ret_n = (unsigned)n;
    return 0;
}

static int start_live(struct house *h)
{
    struct live_conf conf = {.record = record_port(h->writer), .is_self_only = h->c->is_self_only,
                             .is_gso_off = h->c->is_gso_off,
                             .has_tls = h->c->is_tls_self || h->c->tls_cert};
    struct addr announce[ANNOUNCED];
    int r = announce_host_port(h->c->udp, &conf.bind_to);

    if (r < 0)
        return failed("--udp", r);
    r = announce_list(h->c->announce, h->c->udp, announce, &conf.nannounce);
    if (r < 0)
        return failed("--announce", r);
    conf.announce = announce;
    r = media_threads(h->c->media_threads, &conf.nhalls);
    if (r < 0)
        return failed("--media-threads", r);
    door_raise_files(conf.nhalls);
    r = live_new(&conf, &h->live);
    if (r < 0)
        return failed("live", r);
    h->room = (struct room_port){.connect = room_connect, .present = room_present,
                                .debug = room_debug, .slides_came = slides_came,
                                .decks = decks_changed, .expel = room_expelled, .ctx = h};
    return 0;
}

static int start_convert(struct house *h)
{
    const struct convert_conf conf = {.db_path = h->place.db_path, .data = h->c->data,
                                      .writer = h->writer, .changed = decks_changed, .ctx = h};

    return failed("the converter of slides", convert_new(&conf, &h->convert));
}

static uint16_t country(const struct addr *a, void *ctx)
{
    const struct house *h = ctx;

    return geo_country(h->geo, a);
}

/* The server hands one ctx to all its callbacks; the site wants itself. */
static void dispatch(struct exchange *x, void *ctx)
{
    site_dispatch(x, ((struct house *)ctx)->site);
}

static void take_raw(const struct server_raw *raw, void *ctx)
{
    live_take(((struct house *)ctx)->live, raw);
}

static int thread_start(struct loop *l, void *ctx, void **ret_thread)
{
    return site_thread_start(l, ((struct house *)ctx)->site, ret_thread);
}

static void thread_end(void *thread, void *ctx)
{
    site_thread_end(thread, ((struct house *)ctx)->site);
}

static size_t body_limit(struct exchange *x, void *ctx)
{
    return site_body_limit(x, ((struct house *)ctx)->site);
}

static void too_big(struct exchange *x, void *ctx)
{
    site_too_big(x, ((struct house *)ctx)->site);
}

static int start_site(struct house *h)
{
    struct site_conf conf = {
        .db_path = h->place.db_path, .writer = h->writer, .routes = h->routes, .room = &h->room,
        .secret = &h->place.secret, .signer = &h->place.signer, .pdf_path = place_pdf(h->arena),
        .geo = h->geo, .origin = h->c->site, .exit = h->c->exit,
        .is_demo = h->c->is_demo, .is_plain_titles = h->c->is_plain_titles,
        .is_self_made = h->c->is_tls_self, .has_clips = convert_has_clips(),
    };

    return failed("site", site_new(&conf, &h->site));
}

/* The port that browsers reach: where it is forwarded we listen at another one. */
static uint16_t public_port(const struct house *h)
{
    str rest = str_cut(str_c(h->c->site), ':').tail;
    struct str_pair cut = str_rcut(rest, ':');
    uint64_t port;

    if (cut.ok && str_u64(cut.tail, UINT16_MAX, &port) == 0 && port)
        return (uint16_t)port;
    return str_starts(str_c(h->c->site), S("https:")) ? 443 : 80;
}

static int start_server(struct house *h)
{
    uint64_t threads = 2;
    struct server_conf conf = {
        .listen = h->c->listen, .dispatch = dispatch, .country = country,
        .thread_start = thread_start,
        .thread_end = thread_end, .ctx = h, .body_limit = body_limit,
        .too_big = too_big, .raw = take_raw,
        .tls = h->tls,
    };
    int r = str_u64(str_c(h->c->threads), 64, &threads);

    if (r < 0 || !threads)
        return failed("--threads", ERR_RANGE);
    conf.threads = (unsigned)threads;
    r = server_new(&conf, &h->server);
    if (r == 0)
        r = live_announce_tcp(h->live, public_port(h));
    return failed(h->c->listen, r);
}

static int open_geo(struct house *h)
{
    int r = geo_begin(h->c->geo, &h->geo);

    if (r == ERR_NOT_FOUND) {
        log_warn("app", "geo", "file=%s countries=off", h->c->geo);
        return 0;
    }
    return failed("--geo", r);
}

static int start(struct house *h)
{
    int r = failed("the data folder", place_open(&h->place, h->arena, h->c->data));

    if (r == 0)
        r = failed("the store", recover(h));
    if (r == 0)
        r = failed("the store", writer_new(h->place.db_path, &h->writer));
    if (r == 0)
        r = open_geo(h);
    if (r == 0)
        r = failed("the routes", serve_routes(&h->routes));
    if (r == 0)
        r = start_live(h);
    if (r == 0)
        r = start_convert(h);
    if (r == 0)
        r = failed("the newsroom's clock", due_new(h->place.db_path, h->writer, &h->due));
    if (r == 0)
        r = start_site(h);
    if (r == 0)
        r = failed("TLS", door_open(h->c, h->arena, &h->tls));
    if (r == 0)
        r = start_server(h);
    if (r == 0) /* last: it is a third of the start, and a room comes back without it */
        r = failed("--geo", geo_load(h->geo));
    return r;
}

static void stop(struct house *h)
{
    server_free(h->server, GRACE_S * USEC_S);
    tls_free(h->tls);
    due_free(h->due);
    convert_free(h->convert);
    live_free(h->live);
    site_free(h->site);
    writer_free(h->writer);
    route_set_free(h->routes);
    geo_free(h->geo);
    arena_free(h->arena);
}

static void reload(void *ctx)
{
    struct house *h = ctx;
    int r = h->tls ? tls_reload(h->tls) : 0;

    if (r < 0)
        log_error("app", "reload", "part=TLS error=\"%s\" kept=old", err_text(r));
    else
        log_info("app", "reload", "tls=%d", h->tls != NULL);
}

static int keep_periods(struct db *db, void *ctx)
{
    struct retention_report report;

    (void)ctx;
    return retention_run(db, &actor_server, clock_wall(), &report);
}

static void periods_kept(int result, void *ctx)
{
    (void)ctx;
    if (result < 0)
        log_error("app", "retention", "error=\"%s\"", err_text(result));
    else
        log_info("app", "retention", "done=1");
}

/* What has been kept for its time is taken out. */
static void run_retention(void *ctx)
{
    const struct house *h = ctx;
    const struct change c = {.act = keep_periods, .done = periods_kept};
    int r = access_put(h->writer, &c);

    if (r < 0)
        periods_kept(r, NULL);
}

/* The signals that are blocked below. */
static void signals(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGHUP);
    sigaddset(set, SIGTERM);
    sigaddset(set, SIGINT);
}

static usec day_now(void *ctx)
{
    (void)ctx;
    return clock_mono();
}

static int day_wait(usec left, void *ctx)
{
    usec until = clock_mono() + left;
    sigset_t set;
    int sig;

    (void)ctx;
    signals(&set);
    do {
        struct timespec t = {.tv_sec = left / USEC_S, .tv_nsec = left % USEC_S * 1000};

        sig = sigtimedwait(&set, NULL, &t);
        left = until - clock_mono();
    } while (sig < 0 && errno == EINTR && left > 0);
    return sig < 0 ? 0 : sig;
}

static int wait_for_signal(struct house *h)
{
    const struct daily d = {.now = day_now, .wait = day_wait, .run = run_retention,
                            .reload = reload, .ctx = h};

    return daily_wait(&d);
}

/* Before any thread exists: all inherit that these signals wait for the main thread, and a closed
 * pipe is an error code. */
static void block_signals(void)
{
    sigset_t set;

    signals(&set);
    sigaddset(&set, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
}

/* "auto" becomes addresses, once for all who ask; what cannot be read is left to start_live. */
static void find_addresses(struct house *h, struct config *c)
{
    const char *text = announce_text(h->arena, c->announce, c->udp);

    c->announce = text ? text : c->announce;
}

int serve_run(const struct config *c)
{
    struct config own = *c;
    struct house h = {.c = &own, .arena = arena_new()};
    enum log_level level;
    int r = h.arena ? log_level_parse(str_c(c->log), &level) : ERR_MEM;

    if (r < 0)
        return failed("--log", r);
    log_set_level(level);
    find_addresses(&h, &own);
    block_signals();
    if (c->assets)
        asset_dir(c->assets);
    if (c->is_pseudo)
        texts_pseudo();
    r = start(&h);
    if (r == 0) {
        printf("listening on port %u, media on UDP port %u\n%s\n", server_port(h.server),
               live_udp_port(h.live), c->site);
        if (h.tls)
            door_print(h.tls);
        fflush(stdout);
        log_info("app", "up", "port=%u udp=%u announce=%s", server_port(h.server),
                 live_udp_port(h.live), own.announce);
        log_info("app", "down", "signal=%d", wait_for_signal(&h));
    }
    stop(&h);
    return r;
}
