/*
 * A whole WebSocket connection on a socket pair. The first byte of the input says how much of it
 * has come already with the upgrade request.
 */
#include "net/ws.c"

#include "base/str.h"
#include "fuzz.h"

#include <sys/socket.h>
#include <unistd.h>

static int closings;

/* Every second message is sent back, so that both directions are at work. */
static void on_text(struct ws *w, str message, void *ctx)
{
    unsigned *n = ctx;

    CHECK(message.n <= MAX_WS_MESSAGE && (str_is_utf8(message) || memchr(message.p, 0, message.n)));
    if (++*n % 2)
        (void)ws_send(w, message);
    if (*n == 5)
        ws_close(w, 4000, S("enough"));
}

static void on_closed(struct ws *w, int code, void *ctx)
{
    (void)w;
    (void)ctx;
    CHECK(code >= 0);
    closings++;
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    static const struct ws_events handlers = {on_text, on_closed};
    static struct loop *l;
    struct ws_handover h = {.accept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="};
    struct ws *w;
    unsigned ntexts = 0;
    size_t first;
    int fds[2];

    if (!n || n > 60000)
        return 0;
    CHECK(l || loop_new(&l) == 0);
    CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds) == 0);
    first = *p++ < --n ? p[-1] : n;
    closings = 0;
    h.connection.fd = fds[0];
    h.connection.unread = malloc(first + 1);
    CHECK(h.connection.unread);
    memcpy(h.connection.unread, p, first);
    h.connection.nunread = first;
    CHECK(ws_open(l, &h, &handlers, &ntexts, &w) == 0);
    loop_once(l, 0);
    (void)send(fds[1], p + first, n - first, MSG_NOSIGNAL);
    loop_once(l, 0);
    close(fds[1]);
    for (int i = 0; i < 4 && !closings; i++)
        loop_once(l, 0);
    CHECK(closings == 1);
    return 0;
}
