#include "porter.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/sb.h"
#include "base/str.h"
#include "net/loop.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

struct porter {
    struct loop *loop;
    int fd;
    uint16_t port;
    struct loop_fd *watch;
    porter_fn *run;
    void *ctx;
};

struct guest {
    struct porter *porter;
    int fd;
    struct loop_fd *watch;
    struct arena *arena;
    struct sb in;
};

static void guest_free(struct guest *g)
{
    if (!g)
        return;
    loop_remove(g->watch);
    close(g->fd);
    arena_free(g->arena);
    free(g);
}

static str header(str head, str name)
{
    str s;

    while (str_line(&head, &s)) {
        struct str_pair cut = str_cut(s, ':');

        if (cut.ok && str_ieq(cut.head, name))
            return str_trim(cut.tail);
    }
    return (str){0};
}

/* 1: the request is whole; 0: more must come. */
static int parse(str in, struct porter_request *r)
{
    ptrdiff_t end = str_find(in, S("\r\n\r\n"));
    struct str_pair cut;
    str head, length;
    uint64_t n = 0;

    if (end < 0)
        return in.n > MAX_HTTP_HEAD ? ERR_TOO_BIG : 0;
    head = str_take(in, (size_t)end);
    length = header(head, S("Content-Length"));
    if (length.p && str_u64(length, MAX_SDP_BYTES, &n) < 0)
        return ERR_TOO_BIG;
    if (in.n < (size_t)end + 4 + n)
        return 0;
    cut = str_cut(head, ' ');
    r->method = cut.head;
    r->path = str_cut(cut.tail, ' ').head;
    r->body = str_take(str_from(in, (size_t)end + 4), n);
    return 1;
}

/* The answer is short and the socket's buffer is empty: it goes in one piece or not at all. */
static void answer(struct guest *g, const struct porter_request *r)
{
    struct sb b = sb_init(g->arena, 0);
    str s;

    sb_printf(&b, "HTTP/1.1 %d X\r\nConnection: close\r\nContent-Length: %zu\r\n", r->status,
              r->reply.n);
    sb_c(&b, "Access-Control-Allow-Origin: *\r\nAccess-Control-Allow-Methods: POST, DELETE\r\n"
             "Access-Control-Allow-Headers: content-type, "
             "authorization\r\nAccess-Control-Expose-Headers: location\r\n");
    if (r->type.p)
        sb_printf(&b, "Content-Type: %.*s\r\n", STR(r->type));
    if (r->location.p)
        sb_printf(&b, "Location: %.*s\r\n", STR(r->location));
    sb_c(&b, "\r\n");
    sb_add(&b, r->reply);
    s = sb_str(&b);
    (void)send(g->fd, s.p, s.n, MSG_NOSIGNAL | MSG_DONTWAIT);
}

static void on_guest(uint32_t events, void *ctx)
{
    struct guest *g = ctx;
    struct porter_request r = {.arena = g->arena, .status = 404};
    char buf[4096];
    ssize_t n = recv(g->fd, buf, sizeof(buf), MSG_DONTWAIT);
    int is_whole;

    (void)events;
    if (n < 0 && errno == EAGAIN)
        return;
    if (n <= 0) {
        guest_free(g);
        return;
    }
    sb_add(&g->in, (str){buf, (size_t)n});
    is_whole = g->in.err ? ERR_MEM : parse(sb_str(&g->in), &r);
    if (!is_whole)
        return;
    if (is_whole == 1) {
        g->porter->run(&r, g->porter->ctx);
        answer(g, &r);
    }
    guest_free(g);
}

static void on_listen(uint32_t events, void *ctx)
{
    struct porter *p = ctx;
    int fd = accept4(p->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    struct guest *g;

    (void)events;
    if (fd < 0)
        return;
    g = calloc(1, sizeof(*g));
    if (!g) {
        close(fd);
        return;
    }
    *g = (struct guest){.porter = p, .fd = fd, .arena = arena_new()};
    g->in = sb_init(g->arena, MAX_HTTP_HEAD + MAX_SDP_BYTES);
    if (!g->arena || loop_add(p->loop, fd, EPOLLIN, on_guest, g, &g->watch) < 0)
        guest_free(g);
}

int porter_new(struct loop *l, uint16_t port, porter_fn *run, void *ctx, struct porter **ret_porter)
{
    struct sockaddr_in at = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct porter *p = calloc(1, sizeof(*p));
    socklen_t n = sizeof(at);
    int on = 1, r = ERR_IO;

    if (!p)
        return ERR_MEM;
    *p = (struct porter){.loop = l, .run = run, .ctx = ctx};
    p->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (p->fd < 0 || setsockopt(p->fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) < 0 ||
        bind(p->fd, (struct sockaddr *)&at, sizeof(at)) < 0 || listen(p->fd, 128) < 0 ||
        getsockname(p->fd, (struct sockaddr *)&at, &n) < 0)
        goto out;
    p->port = ntohs(at.sin_port);
    r = loop_add(l, p->fd, EPOLLIN, on_listen, p, &p->watch);
    if (r < 0)
        goto out;
    *ret_porter = p;
    p = NULL;
out:
    porter_free(p);
    return r;
}

uint16_t porter_port(const struct porter *p)
{
    return p->port;
}

void porter_free(struct porter *p)
{
    if (!p)
        return;
    loop_remove(p->watch);
    if (p->fd >= 0)
        close(p->fd);
    free(p);
}
