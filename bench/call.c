#include "call.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/sb.h"
#include "base/str.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { WAIT_S = 10, READ = 4096 };

static int dial(const char *where, int *ret_fd)
{
    struct sockaddr_in to = {.sin_family = AF_INET};
    struct timeval wait = {.tv_sec = WAIT_S};
    struct str_pair cut = str_rcut(str_c(where), ':');
    char ip[64];
    uint64_t port;
    int fd;

    if (str_copy(ip, sizeof(ip), cut.head) < 0 || inet_pton(AF_INET, ip, &to.sin_addr) != 1 ||
        str_u64(cut.tail, 65535, &port) < 0)
        return ERR_SYNTAX;
    to.sin_port = htons((uint16_t)port);
    fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return ERR_IO;
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
    (void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof(wait));
    if (connect(fd, (struct sockaddr *)&to, sizeof(to)) < 0) {
        close(fd);
        return ERR_IO;
    }
    *ret_fd = fd;
    return 0;
}

static int send_all(int fd, str s)
{
    while (s.n) {
        ssize_t n = send(fd, s.p, s.n, MSG_NOSIGNAL);

        if (n <= 0)
            return ERR_IO;
        s = str_from(s, (size_t)n);
    }
    return 0;
}

/* A header's value in the head of an answer; unset when it is not there. */
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

/* The chunks of a body put together (RFC 9112 7.1); false when the last one is not there yet. */
static bool join_chunks(struct arena *a, str in, str *ret_body)
{
    struct sb b = sb_init(a, 0);
    str line;

    while (str_line(&in, &line)) {
        size_t n = 0;

        for (size_t i = 0; i < line.n && isxdigit((unsigned char)line.p[i]); i++)
            n = n * 16 + (size_t)(isdigit((unsigned char)line.p[i]) ? line.p[i] - '0'
                                                                    : (line.p[i] | 32) - 'a' + 10);
        if (in.n < n + 2)
            return false;
        if (n == 0) {
            *ret_body = sb_str(&b);
            return true;
        }
        sb_add(&b, str_take(in, n));
        in = str_from(in, n + 2);
    }
    return false;
}

/* True when all of it is there. The answers that come are short. */
static bool is_whole(struct arena *a, str got, struct call *to)
{
    ptrdiff_t end = str_find(got, S("\r\n\r\n"));
    uint64_t n = 0, status;
    str head, length;

    if (end < 0)
        return false;
    head = str_take(got, (size_t)end);
    length = header(head, S("Content-Length"));
    if (length.p && str_u64(length, 1u << 20, &n) < 0)
        return false;
    if (got.n < (size_t)end + 4 + n || str_u64(str_take(str_from(head, 9), 3), 999, &status) < 0)
        return false;
    to->status = (int)status;
    to->location = header(head, S("Location"));
    to->reply = str_take(str_from(got, (size_t)end + 4), n);
    if (str_ieq(header(head, S("Transfer-Encoding")), S("chunked")))
        return join_chunks(a, str_from(got, (size_t)end + 4), &to->reply);
    return true;
}

static int read_answer(struct arena *a, int fd, struct call *c)
{
    struct sb b = sb_init(a, 0);
    char buf[READ];

    for (;;) {
        ssize_t n = recv(fd, buf, sizeof(buf), 0);

        if (n < 0)
            return errno == EAGAIN ? ERR_TIMEOUT : ERR_IO;
        if (n == 0)
            return ERR_SYNTAX;
        sb_add(&b, (str){buf, (size_t)n});
        if (is_whole(a, sb_str(&b), c))
            return 0;
    }
}

int call_http(struct arena *a, struct call *c)
{
    struct sb b = sb_init(a, 0);
    int fd = -1;
    int r = dial(c->where, &fd);

    if (r < 0)
        return r;
    sb_printf(&b, "%s %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n", c->method, c->path,
              c->where);
    if (c->body.p)
        sb_printf(&b, "Content-Type: %s\r\nContent-Length: %zu\r\n", c->type, c->body.n);
    if (c->token.p)
        sb_printf(&b, "Authorization: Bearer %.*s\r\n", STR(c->token));
    sb_c(&b, "\r\n");
    sb_add(&b, c->body);
    r = send_all(fd, sb_str(&b));
    if (r == 0)
        r = read_answer(a, fd, c);
    close(fd);
    return r;
}
