/*
 * A connection with TLS, with each allocation of its web thread failing in turn, OpenSSL's own as
 * well: of the handshake, and of the records that come and go. See tests/sweep/sweep.h.
 */
#include "suite.h"

/* OpenSSL has a type of this name, which we do not need; ours is an error code. */
#define ERR_STATE openssl_err_state
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#undef ERR_STATE

#include "base/err.h"
#include "base/str.h"
#include "door.h"
#include "edge.h"
#include "net/tls.h"
#include "sweep/sweep.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

enum { LARGE = 300000, TURNS = 60 };

static char large_text[LARGE];
static struct http_shared large = {.plain = {large_text, LARGE}};

/* A server of its own for its certificate, and a connection that is turned by hand. */
static struct door door;
static struct edge edge;
static SSL *client;
static size_t heard;      /* bytes of answers */
static bool is_over;      /* nothing more comes */
static bool is_refused;   /* 500 */
static bool is_library_swept;

void *__real_malloc(size_t n);
void *__real_realloc(void *p, size_t n);

static void *library_malloc(size_t n, const char *file, int line)
{
    (void)file;
    (void)line;
    return is_library_swept ? malloc(n) : __real_malloc(n);
}

static void *library_realloc(void *p, size_t n, const char *file, int line)
{
    (void)file;
    (void)line;
    return is_library_swept ? realloc(p, n) : __real_realloc(p, n);
}

static void library_free(void *p, const char *file, int line)
{
    (void)file;
    (void)line;
    free(p);
}

/* Before OpenSSL has asked for anything. */
void tls_sweep_begin(void)
{
    if (CRYPTO_set_mem_functions(library_malloc, library_realloc, library_free) != 1)
        abort();
    (void)signal(SIGPIPE, SIG_IGN); /* OpenSSL writes to those that have gone */
}

static void answer(struct exchange *x, void *ctx)
{
    (void)ctx;
    if (str_eq(x->path, S("/large")))
        x->shared = &large;
    else
        http_text(x, 200, S("text/plain"), x->body);
}

/* The server's side alone may fail. */
static void turn(bool is_swept)
{
    if (is_swept) {
        is_library_swept = true;
        sweep_resume();
    }
    edge_turn(&edge);
    sweep_pause();
    is_library_swept = false;
}

static void come(void)
{
    if (!door.tls)
        door_open(&door, answer);
    edge_open(&edge, answer);
    edge.conf.tls = door.tls;
    client = SSL_new(door.client);
    assert_non_null(client);
    SSL_set_app_data(client, &door);
    assert_int_equal(SSL_set_fd(client, edge.client), 1);
    assert_int_equal(SSL_set1_host(client, "localhost"), 1);
    heard = 0;
    is_over = is_refused = false;
}

static bool shake(bool is_swept)
{
    for (int i = 0; i < TURNS; i++) {
        if (SSL_connect(client) == 1)
            return true;
        turn(is_swept);
    }
    return false;
}

static void hear(void)
{
    static char text[1 << 14];
    size_t n;

    for (int i = 0; i < TURNS && !is_over; i++) {
        turn(true);
        while (SSL_read_ex(client, text, sizeof(text) - 1, &n) == 1) {
            text[n] = 0;
            heard += n;
            is_refused |= strstr(text, "HTTP/1.1 500") != NULL;
        }
        is_over = SSL_get_error(client, 0) != SSL_ERROR_WANT_READ;
    }
}

static void leave(void)
{
    SSL_free(client);
    edge_close(&edge);
    ERR_clear_error(); /* the thread keeps the words of an error until then */
}

/* A body that comes in a record of its own, a long answer that the line does not take at once, the
 * end. All of it, or a refusal, or a closed connection. */
static int talk(void)
{
    static const char asked[] = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9000\r\n\r\n";
    static const char last[] = "GET /large HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
    static char body[9000];
    size_t n;

    memset(body, 'b', sizeof(body));
    memset(large_text, 'x', sizeof(large_text));
    (void)SSL_write_ex(client, asked, sizeof(asked) - 1, &n);
    turn(true);
    (void)SSL_write_ex(client, body, sizeof(body), &n);
    (void)SSL_write_ex(client, last, sizeof(last) - 1, &n);
    hear();
    if (!is_over)
        return ERR_STATE; /* it waits for ever */
    return !is_refused && heard > LARGE + sizeof(body) ? 0 : ERR_MEM;
}

int tls_shake_sweep(void)
{
    int r = 0;

    sweep_pause();
    come();
    if (!shake(true)) {
        hear();
        r = is_over ? ERR_MEM : ERR_STATE;
    }
    leave();
    sweep_resume();
    return r;
}

int tls_talk_sweep(void)
{
    int r;

    sweep_pause();
    come();
    assert_true(shake(false));
    r = talk();
    leave();
    sweep_resume();
    return r;
}
