/*
 * The edge alone, for comparison with a server of files: one web thread that answers every GET with
 * the same page, as the site answers with a kept page (entity tag, the headers of a reader's page,
 * gzip at hand).
 *
 *   edge PAGE PAGE.gz [CERT KEY]      prints its port, serves until standard input ends
 */
#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "base/str.h"
#include "net/http.h"
#include "net/server.h"
#include "net/tls.h"

#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

enum { MAX_PAGE = 1 << 20 };

static void serve(struct exchange *x, void *ctx)
{
    http_set(x, S("Content-Security-Policy"),
             S("default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
               "base-uri 'none'; frame-ancestors 'none'"));
    http_set(x, S("X-Content-Type-Options"), S("nosniff"));
    http_set(x, S("Cache-Control"), S("no-cache"));
    http_set(x, S("ETag"), S("\"5f3759df5f3759df\""));
    x->type = S("text/html; charset=utf-8");
    x->shared = ctx;
}

static void wait_for_end(void)
{
    char waste[64];

    while (read(STDIN_FILENO, waste, sizeof(waste)) > 0)
        continue;
}

int main(int argc, char **argv)
{
    struct rlimit files;
    struct arena *a = arena_new();
    struct http_shared page = {0};
    struct server_conf conf = {
        .listen = "127.0.0.1:0", .threads = 1, .dispatch = serve, .ctx = &page};
    struct server *s = NULL;
    int r = a && argc >= 3 ? 0 : ERR_SYNTAX;

    signal(SIGPIPE, SIG_IGN);
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &files);
    }
    if (r == 0)
        r = file_read(a, argv[1], MAX_PAGE, &page.plain);
    if (r == 0)
        r = file_read(a, argv[2], MAX_PAGE, &page.gzip);
    if (r == 0 && argc == 5)
        r = tls_new(argv[3], argv[4], &conf.tls);
    if (r == 0)
        r = server_new(&conf, &s);
    if (r == 0) {
        printf("%u\n", server_port(s));
        fflush(stdout);
        wait_for_end();
    } else {
        fprintf(stderr, "edge: %s\n", err_text(r));
    }
    server_free(s, 0);
    tls_free(conf.tls);
    arena_free(a);
    return r < 0;
}
