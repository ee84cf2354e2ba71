#include "suite.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/queue.h"
#include "base/str.h"
#include "net/http.h"
#include "net/loop.h"
#include "net/server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define ASK(path) "GET " path " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"

/* `aside` stands for the store thread: deferred exchanges go there, and come back answered. */
struct site {
    struct queue *aside;
    atomic_int started, ended;
};

static void on_back(struct msg *m, void *ctx)
{
    (void)m;
    http_finish(ctx);
}

static void answer_aside(struct msg *m, void *ctx)
{
    struct exchange *x = ctx;

    http_text(x, 200, S("text/plain"), S("from aside"));
    m->run = on_back;
    loop_answer(x->loop, m);
}

static void dispatch(struct exchange *x, void *ctx)
{
    struct site *site = ctx;

    assert_ptr_equal(server_thread(x), site);
    if (!str_eq(x->path, S("/aside"))) {
        http_text(x, 200, S("text/plain"), x->path);
        return;
    }
    http_defer(x);
    x->msg.run = answer_aside;
    x->msg.ctx = x;
    assert_int_equal(queue_put(site->aside, &x->msg), 0);
}

static int on_start(struct loop *l, void *ctx, void **ret_thread)
{
    struct site *site = ctx;

    (void)l;
    atomic_fetch_add(&site->started, 1);
    *ret_thread = site;
    return 0;
}

static void on_end(void *thread, void *ctx)
{
    struct site *site = ctx;

    assert_ptr_equal(thread, site);
    atomic_fetch_add(&site->ended, 1);
}

static struct server *start(struct site *site, const char *listen_to, unsigned threads)
{
    struct server_conf c = {.listen = listen_to,
                            .threads = threads,
                            .dispatch = dispatch,
                            .thread_start = on_start,
                            .thread_end = on_end,
                            .ctx = site};
    struct server *s = NULL;

    memset(site, 0, sizeof(*site));
    assert_int_equal(queue_new(0, &site->aside), 0);
    assert_int_equal(server_new(&c, &s), 0);
    assert_int_equal(atomic_load(&site->started), threads);
    return s;
}

static void stop(struct site *site, struct server *s, unsigned threads)
{
    server_free(s, USEC_S);
    assert_int_equal(atomic_load(&site->ended), threads);
    queue_free(site->aside);
}

static int dial(const struct server *s)
{
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons(server_port(s)),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct timeval patience = {.tv_sec = 10};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_true(fd >= 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof(to)), 0);
    return fd;
}

static void say(int fd, const char *text)
{
    assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL), strlen(text));
}

/* All until the server closes; gives the body. */
static const char *hear_all(int fd, char *to, size_t room)
{
    size_t n = 0;
    ssize_t got;
    char *body;

    while (n + 1 < room && (got = recv(fd, to + n, room - 1 - n, 0)) > 0)
        n += (size_t)got;
    to[n] = 0;
    close(fd);
    body = strstr(to, "\r\n\r\n");
    return body ? body + 4 : "";
}

static void several_threads(void **state)
{
    struct site site;
    struct server *s = start(&site, "127.0.0.1:0", 3);
    char text[1024];

    (void)state;
    for (int i = 0; i < 50; i++) {
        int fd = dial(s);

        say(fd, ASK("/a"));
        assert_string_equal(hear_all(fd, text, sizeof(text)), "/a");
        assert_non_null(strstr(text, "\r\nDate: "));
    }
    stop(&site, s, 3);
}

static void answered_by_another_thread(void **state)
{
    struct site site;
    struct server *s = start(&site, "127.0.0.1:0", 2);
    char text[1024];
    int fd[20];

    (void)state;
    for (int i = 0; i < 20; i++) {
        fd[i] = dial(s);
        say(fd[i], ASK("/aside"));
        if (i % 3 == 2)
            close(fd[i]); /* some do not wait */
    }
    for (int i = 0; i < 20;) {
        queue_wait(site.aside, 10000);
        i += (int)queue_run(site.aside);
    }
    for (int i = 0; i < 20; i++) {
        if (i % 3 != 2)
            assert_string_equal(hear_all(fd[i], text, sizeof(text)), "from aside");
    }
    stop(&site, s, 2);
}

static void *answer_late(void *ctx)
{
    struct site *site = ctx;

    queue_wait(site->aside, 10000);
    queue_run(site->aside);
    return NULL;
}

/* The exchange that is aside when the end comes is still answered. */
static void stop_in_the_middle(void **state)
{
    struct site site;
    struct server *s = start(&site, "127.0.0.1:0", 1);
    int busy = dial(s), idle = dial(s);
    struct pollfd p;
    char text[1024];
    pthread_t id;

    (void)state;
    say(idle, "GET /a HTTP/1.1\r\nHost: h\r\n\r\n");
    assert_true(recv(idle, text, sizeof(text), 0) > 0);
    say(busy, "GET /aside HTTP/1.1\r\nHost: h\r\n\r\n");
    p = (struct pollfd){.fd = queue_fd(site.aside), .events = POLLIN};
    assert_int_equal(poll(&p, 1, 10000), 1);
    assert_int_equal(pthread_create(&id, NULL, answer_late, &site), 0);
    stop(&site, s, 1);
    pthread_join(id, NULL);
    assert_string_equal(hear_all(busy, text, sizeof(text)), "from aside");
    hear_all(idle, text, sizeof(text));
    assert_string_equal(text, "");
}

static void addresses(void **state)
{
    static const struct {
        const char *listen;
        int result;
    } rows[] = {
        {"", ERR_SYNTAX},
        {"127.0.0.1", ERR_SYNTAX},
        {"localhost:80", ERR_SYNTAX},
        {"127.0.0.1:70000", ERR_SYNTAX},
        {"127.0.0.1:x", ERR_SYNTAX},
        {"[::1:0", ERR_SYNTAX},
        {"203.0.113.1:0", ERR_IO},
        {"127.0.0.1:0, 127.0.0.2:0", 0},
    };

    (void)state;
    for (size_t i = 0; i < NELEM(rows); i++) {
        struct server_conf c = {.listen = rows[i].listen, .dispatch = dispatch};
        struct server *s = NULL;

        assert_int_equal(server_new(&c, &s), rows[i].result);
        server_free(s, 0);
    }
}

static void second_server_is_refused(void **state)
{
    struct site site;
    struct server *s = start(&site, "127.0.0.1:0", 1), *second = NULL;
    char where[32];
    struct server_conf c = {.listen = where, .dispatch = dispatch};

    (void)state;
    snprintf(where, sizeof(where), "127.0.0.1:%u", server_port(s));
    assert_int_equal(server_new(&c, &second), ERR_BUSY);
    assert_null(second);
    stop(&site, s, 1);
}

static int fail_to_start(struct loop *l, void *ctx, void **ret_thread)
{
    (void)l;
    (void)ctx;
    (void)ret_thread;
    return ERR_SCHEMA;
}

static void thread_that_cannot_start(void **state)
{
    struct server_conf c = {
        .listen = "127.0.0.1:0", .threads = 2, .dispatch = dispatch, .thread_start = fail_to_start};
    struct server *s = NULL;

    (void)state;
    assert_int_equal(server_new(&c, &s), ERR_SCHEMA);
    assert_null(s);
}

/* A thousand that keep their connection and say nothing hold nobody up. */
static void idle_thousand(void **state)
{
    enum { N = 1000 };
    struct site site;
    struct rlimit files;
    struct server *s;
    int *fd = calloc(N, sizeof(int));
    char text[1024];
    usec start_at;

    (void)state;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &files), 0);
    files.rlim_cur = files.rlim_max < 4096 ? files.rlim_max : 4096;
    setrlimit(RLIMIT_NOFILE, &files);
    if (files.rlim_cur < 2 * N + 100) {
        free(fd);
        skip();
    }
    s = start(&site, "127.0.0.1:0", 2);
    for (int i = 0; i < N; i++) {
        fd[i] = dial(s);
        if (i % 2)
            say(fd[i], "GET /unfinished HT");
    }
    start_at = clock_mono();
    for (int i = 0; i < 20; i++) {
        int one = dial(s);

        say(one, ASK("/b"));
        assert_string_equal(hear_all(one, text, sizeof(text)), "/b");
    }
    assert_true(clock_mono() - start_at < 5 * USEC_S);
    for (int i = 1; i < N; i += 2) {
        say(fd[i], "TP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
        assert_string_equal(hear_all(fd[i], text, sizeof(text)), "/unfinished");
    }
    for (int i = 0; i < N; i += 2)
        close(fd[i]);
    stop(&site, s, 2);
    free(fd);
}

enum { MANY = 10000 };

/* The other end of ten thousand connections, in a process of its own: one may not have both. */
static void hold_many(int from_test, int to_test)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    uint16_t port;
    char byte = 'k';

    if (read(from_test, &port, sizeof(port)) != sizeof(port))
        _exit(1);
    to.sin_port = htons(port);
    for (int i = 0; i < MANY; i++) {
        int fd = socket(AF_INET, SOCK_STREAM, 0);

        if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof(to)) < 0)
            _exit(1);
    }
    if (write(to_test, &byte, 1) != 1 || read(from_test, &byte, 1) != 1)
        _exit(1);
    _exit(0); /* all of them go at once */
}

static pid_t start_holder(int to[2], int from[2])
{
    pid_t pid;

    assert_int_equal(pipe(to), 0);
    assert_int_equal(pipe(from), 0);
    pid = fork();
    assert_true(pid >= 0);
    if (!pid) {
        close(to[1]);
        close(from[0]);
        hold_many(to[0], from[1]);
    }
    close(to[0]);
    close(from[1]);
    return pid;
}

/* They cost no thread, hold nobody up, and the server stops with them open. */
static void ten_thousand_idle(void **state)
{
    struct rlimit files;
    struct site site;
    struct server *s;
    int to[2], from[2], status = 0;
    uint16_t port;
    char byte, text[1024];
    pid_t pid;

    (void)state;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &files), 0);
    if (files.rlim_max < MANY + 200)
        skip();
    files.rlim_cur = MANY + 200;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &files), 0);
    pid = start_holder(to, from);
    s = start(&site, "127.0.0.1:0", 2);
    port = server_port(s);
    assert_int_equal(write(to[1], &port, sizeof(port)), sizeof(port));
    assert_int_equal(read(from[0], &byte, 1), 1);
    for (int i = 0; i < 20; i++) {
        int one = dial(s);

        say(one, ASK("/c"));
        assert_string_equal(hear_all(one, text, sizeof(text)), "/c");
    }
    assert_true(server_count(s, SERVER_ACCEPTED) >= MANY);
    stop(&site, s, 2);
    assert_int_equal(write(to[1], &byte, 1), 1);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    close(to[1]);
    close(from[0]);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(several_threads),
    cmocka_unit_test(answered_by_another_thread),
    cmocka_unit_test(stop_in_the_middle),
    cmocka_unit_test(addresses),
    cmocka_unit_test(second_server_is_refused),
    cmocka_unit_test(thread_that_cannot_start),
    cmocka_unit_test(idle_thousand),
    cmocka_unit_test(ten_thousand_idle),
};
SUITE(server, tests);
