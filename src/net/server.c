/*
 * The web threads: starting, accepting, stopping. Each has listening sockets of its own on the same
 * addresses (SO_REUSEPORT), so the kernel deals out the connections and no descriptor is shared.
 * BACKLOG: a seminar's start brings 500 browsers within a second.
 */
#include "net/conn.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "net/gzip.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MAX_LISTEN = 8, MAX_THREADS = 64, BACKLOG = 1024, ACCEPT_ROUND = 64 };
enum { PAUSE_US = 100 * 1000, GIVE_UP_US = 2 * 1000 * 1000 };

struct listener {
    struct thread *thread;
    struct loop_fd *fd;
    int sock;
};

struct thread {
    struct worker worker;
    struct server *server;
    struct listener listeners[MAX_LISTEN];
    struct loop_timer pause, deadline;
    struct msg stop;
    pthread_t id;
    bool is_running, is_given_up;
};

struct server {
    struct server_conf conf;
    struct addr addrs[MAX_LISTEN];
    unsigned naddrs;
    usec grace_us;
    pthread_mutex_t lock; /* over nready and start_result */
    pthread_cond_t ready;
    unsigned nready;
    int start_result;
    unsigned nthreads;
    struct thread threads[];
};

/* ---- addresses ---- */

static int parse_address(str text, struct addr *ret_addr)
{
    struct str_pair pair = str_rcut(text, ':');
    uint64_t port;

    if (!pair.ok || str_u64(pair.tail, UINT16_MAX, &port) < 0)
        return ERR_SYNTAX;
    if (str_starts(pair.head, S("[")) && str_ends(pair.head, S("]")))
        pair.head = (str){pair.head.p + 1, pair.head.n - 2};
    return addr_parse(pair.head, (uint16_t)port, ret_addr);
}

static int parse_listen(struct server *s, str list)
{
    while (list.n) {
        struct str_pair pair = str_cut(list, ',');
        int r;

        if (s->naddrs == MAX_LISTEN)
            return ERR_FULL;
        r = parse_address(str_trim(pair.head), &s->addrs[s->naddrs]);
        if (r < 0)
            return r;
        s->naddrs++;
        list = pair.tail;
    }
    return s->naddrs ? 0 : ERR_SYNTAX;
}

union sock {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

static socklen_t to_sock(const struct addr *a, union sock *s)
{
    memset(s, 0, sizeof(*s));
    if (addr_is_v4(a)) {
        s->v4.sin_family = AF_INET;
        s->v4.sin_port = htons(a->port);
        memcpy(&s->v4.sin_addr, a->ip + 12, 4);
        return sizeof(s->v4);
    }
    s->v6.sin6_family = AF_INET6;
    s->v6.sin6_port = htons(a->port);
    memcpy(&s->v6.sin6_addr, a->ip, 16);
    return sizeof(s->v6);
}

static struct addr from_sock(const union sock *s)
{
    struct addr a = {0};

    if (s->any.sa_family == AF_INET) {
        a.ip[10] = a.ip[11] = 0xff;
        memcpy(a.ip + 12, &s->v4.sin_addr, 4);
        a.port = ntohs(s->v4.sin_port);
    } else {
        memcpy(a.ip, &s->v6.sin6_addr, 16);
        a.port = ntohs(s->v6.sin6_port);
    }
    return a;
}

int server_peer(int fd, struct addr *ret_peer)
{
    union sock s = {0};
    socklen_t n = sizeof(s);

    if (getpeername(fd, &s.any, &n) < 0)
        return errno == ENOTCONN ? ERR_CLOSED : err_from_errno(errno);
    *ret_peer = from_sock(&s);
    return 0;
}

void server_raw_refuse(const struct server_raw *raw)
{
    struct stream s = {.fd = raw->fd, .ssl = raw->ssl};

    stream_close(&s);
    free(raw->unread);
}

/* "::" serves IPv4 as well, another IPv6 address only itself. Writes the port that was bound into
 * a. */
static int bind_socket(struct addr *a, bool is_shared, int *ret_sock)
{
    static const uint8_t any[16];
    int on = 1, v6only = memcmp(a->ip, any, sizeof(any)) != 0, r = 0;
    union sock s;
    socklen_t n = to_sock(a, &s);
    int fd = socket(s.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return err_from_errno(errno);
    if (s.any.sa_family == AF_INET6)
        (void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &v6only, sizeof(v6only));
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)); /* accepted ones inherit it */
    if (is_shared && setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on)) < 0)
        r = err_from_errno(errno);
    if (r == 0 && bind(fd, &s.any, n) < 0)
        r = errno == EADDRINUSE ? ERR_BUSY : err_from_errno(errno);
    n = sizeof(s);
    if (r == 0 && getsockname(fd, &s.any, &n) < 0)
        r = err_from_errno(errno);
    if (r < 0) {
        close(fd);
        return r;
    }
    a->port = from_sock(&s).port;
    *ret_sock = fd;
    return 0;
}

/* SO_REUSEPORT would let a second server of the same user in beside us: an unshared socket finds it
 * first. */
static int probe(const struct addr *wanted)
{
    struct addr a = *wanted;
    int fd = -1, r = a.port ? bind_socket(&a, false, &fd) : 0;

    if (a.port && r == 0)
        close(fd);
    return r;
}

/* ---- accepting ---- */

static void set_accepting(struct thread *t, bool is_on)
{
    for (unsigned i = 0; i < MAX_LISTEN; i++) {
        if (t->listeners[i].fd)
            (void)loop_modify(t->listeners[i].fd, is_on ? EPOLLIN : 0);
    }
}

static void on_pause_over(usec now, void *ctx)
{
    (void)now;
    set_accepting(ctx, true);
}

/* Out of descriptors or connections: who idles longest makes room, otherwise new ones wait in the
 * backlog. */
static bool make_room(struct thread *t)
{
    if (conn_end_oldest(&t->worker))
        return true;
    set_accepting(t, false);
    loop_timer_set(t->worker.loop, &t->pause, loop_now(t->worker.loop) + PAUSE_US);
    return false;
}

static void on_accept(uint32_t events, void *ctx)
{
    struct listener *l = ctx;
    struct worker *w = &l->thread->worker;

    (void)events;
    for (unsigned i = 0; i < ACCEPT_ROUND; i++) {
        union sock s = {0};
        socklen_t n = sizeof(s);
        struct addr peer;
        int fd;

        if (w->nconns >= w->max_conns && !make_room(l->thread))
            return;
        fd = accept4(l->sock, &s.any, &n, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0 && (errno == EMFILE || errno == ENFILE) && make_room(l->thread))
            continue;
        if (fd < 0 && (errno == ECONNABORTED || errno == EINTR))
            continue;
        if (fd < 0)
            return;
        peer = from_sock(&s);
        if (conn_new(w, fd, &peer) < 0)
            return;
    }
}

static void close_listeners(struct thread *t)
{
    for (unsigned i = 0; i < MAX_LISTEN; i++) {
        struct listener *l = &t->listeners[i];

        loop_remove(l->fd);
        if (l->sock >= 0)
            close(l->sock);
        l->fd = NULL;
        l->sock = -1;
    }
}

static int open_listeners(struct thread *t)
{
    struct server *s = t->server;

    for (unsigned i = 0; i < s->naddrs; i++) {
        struct listener *l = &t->listeners[i];
        int r = bind_socket(&s->addrs[i], true, &l->sock);

        l->thread = t;
        if (r < 0)
            return r;
        if (listen(l->sock, BACKLOG) < 0)
            return errno == EADDRINUSE ? ERR_BUSY : err_from_errno(errno);
        r = loop_add(t->worker.loop, l->sock, EPOLLIN, on_accept, l, &l->fd);
        if (r < 0)
            return r;
    }
    return 0;
}

/* ---- counting ---- */

void worker_count(struct worker *w, enum server_count what)
{
    atomic_fetch_add_explicit(&w->counts[what], 1, memory_order_relaxed);
}

uint64_t server_count(const struct server *s, enum server_count what)
{
    uint64_t n = 0;

    for (unsigned i = 0; i < s->nthreads; i++)
        n += atomic_load_explicit(&s->threads[i].worker.counts[what], memory_order_relaxed);
    return n;
}

const char *server_count_name(enum server_count what)
{
    static const char *const names[] = {
#define COUNT(name, text) text,
        SERVER_COUNT_TABLE(COUNT)
#undef COUNT
    };

    return what < SERVER_COUNTS ? names[what] : "?";
}

/* ---- the end ---- */

void worker_check_end(struct worker *w)
{
    if (w->is_stopping && !w->nconns && !w->norphans)
        loop_stop(w->loop);
}

static void end_list(struct conn_list *l)
{
    while (l->first)
        conn_end(l->first);
}

static void on_give_up(usec now, void *ctx)
{
    struct thread *t = ctx;

    (void)now;
    t->is_given_up = true;
    loop_stop(t->worker.loop);
}

static void on_grace_over(usec now, void *ctx)
{
    struct thread *t = ctx;

    end_list(&t->worker.busy);
    end_list(&t->worker.idle);
    t->deadline.run = on_give_up;
    loop_timer_set(t->worker.loop, &t->deadline, now + GIVE_UP_US);
    worker_check_end(&t->worker);
}

/* HTTP/1.1 sees it when its answer is out; HTTP/2 is told. */
static void stop_busy(struct worker *w)
{
    struct conn *next;

    for (struct conn *c = w->busy.first; c; c = next) {
        next = c->next;
        if (c->h2)
            h2_stop(c);
    }
}

static void stop_idle(struct worker *w)
{
    while (w->idle.first) {
        if (w->idle.first->h2)
            h2_stop(w->idle.first);
        else
            conn_end(w->idle.first);
    }
}

static void on_stop(struct msg *m, void *ctx)
{
    struct thread *t = ctx;

    (void)m;
    t->worker.is_stopping = true;
    loop_timer_cancel(t->worker.loop, &t->pause);
    close_listeners(t);
    stop_idle(&t->worker);
    stop_busy(&t->worker);
    t->deadline.run = on_grace_over;
    loop_timer_set(t->worker.loop, &t->deadline, loop_now(t->worker.loop) + t->server->grace_us);
    worker_check_end(&t->worker);
}

/* ---- threads ---- */

static void report_start(struct server *s, int r)
{
    pthread_mutex_lock(&s->lock);
    s->nready++;
    if (r < 0)
        s->start_result = r;
    pthread_cond_signal(&s->ready);
    pthread_mutex_unlock(&s->lock);
}

static void *thread_main(void *arg)
{
    struct thread *t = arg;
    const struct server_conf *c = &t->server->conf;
    int r = c->thread_start ? c->thread_start(t->worker.loop, c->ctx, &t->worker.thread) : 0;

    report_start(t->server, r);
    if (r < 0)
        return NULL;
    loop_run(t->worker.loop);
    if (c->thread_end)
        c->thread_end(t->worker.thread, c->ctx);
    return NULL;
}

static int thread_init(struct server *s, struct thread *t)
{
    struct worker *w = &t->worker;
    int r;

    t->server = s;
    t->stop = (struct msg){.run = on_stop, .ctx = t};
    t->pause = (struct loop_timer){.run = on_pause_over, .ctx = t};
    t->deadline = (struct loop_timer){.ctx = t};
    w->conf = &s->conf;
    w->max_conns = (MAX_HTTP_CONNS + s->nthreads - 1) / s->nthreads;
    r = loop_new(&w->loop);
    if (r == 0)
        r = gzip_new(&w->gzip);
    return r < 0 ? r : open_listeners(t);
}

/* Signals are the business of the thread that started us. */
static int start_threads(struct server *s)
{
    unsigned n = 0;
    sigset_t all, before;
    int r = 0;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    while (r == 0 && n < s->nthreads) {
        struct thread *t = &s->threads[n];

        if (pthread_create(&t->id, NULL, thread_main, t) != 0)
            r = ERR_BUSY;
        else
            t->is_running = true;
        n += r == 0;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_mutex_lock(&s->lock);
    while (s->nready < n)
        pthread_cond_wait(&s->ready, &s->lock);
    if (r == 0)
        r = s->start_result;
    pthread_mutex_unlock(&s->lock);
    return r;
}

static struct server *server_alloc(const struct server_conf *c)
{
    unsigned n = c->threads ? c->threads : 1;
    struct server *s;

    if (n > MAX_THREADS)
        n = MAX_THREADS;
    s = calloc(1, sizeof(*s) + n * sizeof(s->threads[0]));
    if (!s)
        return NULL;
    s->conf = *c;
    s->nthreads = n;
    pthread_mutex_init(&s->lock, NULL);
    pthread_cond_init(&s->ready, NULL);
    for (unsigned i = 0; i < n; i++) {
        for (unsigned k = 0; k < MAX_LISTEN; k++)
            s->threads[i].listeners[k].sock = -1;
    }
    return s;
}

int server_new(const struct server_conf *c, struct server **ret_server)
{
    struct server *s = server_alloc(c);
    int r;

    if (!s)
        return ERR_MEM;
    r = parse_listen(s, str_c(c->listen));
    for (unsigned i = 0; r == 0 && i < s->naddrs; i++)
        r = probe(&s->addrs[i]);
    for (unsigned i = 0; r == 0 && i < s->nthreads; i++)
        r = thread_init(s, &s->threads[i]);
    if (r == 0)
        r = start_threads(s);
    if (r < 0)
        goto out;
    *ret_server = s;
    s = NULL;
out:
    server_free(s, 0);
    return r;
}

uint16_t server_port(const struct server *s)
{
    return s->addrs[0].port;
}

/* false: the loop must stay, because an answer for it may still come. */
static bool thread_done(struct thread *t)
{
    if (t->is_running)
        pthread_join(t->id, NULL);
    if (t->is_given_up)
        return false;
    if (t->worker.loop)
        close_listeners(t);
    worker_done(&t->worker);
    gzip_free(t->worker.gzip);
    loop_free(t->worker.loop);
    return true;
}

void server_free(struct server *s, usec grace_us)
{
    bool is_done = true;

    if (!s)
        return;
    s->grace_us = grace_us;
    for (unsigned i = 0; i < s->nthreads; i++) {
        if (s->threads[i].is_running)
            loop_answer(s->threads[i].worker.loop, &s->threads[i].stop);
    }
    for (unsigned i = 0; i < s->nthreads; i++)
        is_done &= thread_done(&s->threads[i]);
    if (!is_done)
        return;
    pthread_cond_destroy(&s->ready);
    pthread_mutex_destroy(&s->lock);
    free(s);
}
