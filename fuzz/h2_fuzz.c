/*
 * HTTP/2 as it comes from the socket: after the preface and an empty SETTINGS the input is frames,
 * cut into pieces. The first byte says whether handlers answer at once or later. Whatever comes,
 * no exchange is lost or freed twice, and no body stays counted.
 */
#include "net/h2.c"

#include "fuzz.h"
#include "net/gzip.h"

#include <sys/socket.h>
#include <unistd.h>

enum { MOST = 16384, MAX_LATE = 128 };

static struct exchange *late[MAX_LATE];
static size_t nlate;
static bool is_late;

static void serve(struct exchange *x, void *ctx)
{
    (void)ctx;
    CHECK(x->method.n && x->path.n && x->headers);
    http_text(x, 200, S("text/plain"), x->body);
    if (!is_late || nlate == MAX_LATE)
        return;
    http_defer(x);
    late[nlate++] = x;
}

static void finish_late(void)
{
    while (nlate)
        http_finish(late[--nlate]);
}

static void drain(int fd)
{
    uint8_t waste[4096];

    while (recv(fd, waste, sizeof(waste), MSG_DONTWAIT) > 0)
        continue;
}

static void feed(struct worker *w, int fd, const uint8_t *p, size_t n)
{
    static const uint8_t hello[] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0";
    size_t step = n % 61 + 7;

    CHECK(send(fd, hello, sizeof(hello) - 1, MSG_NOSIGNAL) > 0);
    for (size_t at = 0; at < n && w->nconns; at += step) {
        if (send(fd, p + at, n - at < step ? n - at : step, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
            break;
        loop_once(w->loop, 0);
        drain(fd);
    }
    if (w->nconns && n % 2)
        finish_late();
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    static struct worker w;
    static struct server_conf conf = {.dispatch = serve};
    const struct addr peer = {.port = 1};
    int fds[2];

    if (!n || n > MOST)
        return 0;
    if (!w.loop) {
        CHECK(loop_new(&w.loop) == 0 && gzip_new(&w.gzip) == 0);
        w.conf = &conf;
    }
    is_late = p[0] & 1;
    CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds) == 0);
    CHECK(conn_new(&w, fds[0], &peer) == 0);
    CHECK(h2_start(w.idle.first) == 0);
    feed(&w, fds[1], p + 1, n - 1);
    if (w.nconns)
        conn_end(w.idle.first ? w.idle.first : w.busy.first);
    finish_late();
    loop_once(w.loop, 0);
    CHECK(!w.nconns && !w.norphans && !w.body_bytes);
    close(fds[1]);
    return 0;
}
