#include "suite.h"

#include "guest.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

bool guest_is_stingy;

struct heard *guest_heard(struct guest *g, int32_t id)
{
    for (size_t i = 0; i < g->nheard; i++) {
        if (g->heard[i].id == id)
            return &g->heard[i];
    }
    assert_true(g->nheard < GUEST_ANSWERS);
    g->heard[g->nheard] = (struct heard){.id = id};
    return &g->heard[g->nheard++];
}

static str text_of(nghttp2_rcbuf *b)
{
    nghttp2_vec v = nghttp2_rcbuf_get_buf(b);

    return (str){(const char *)v.base, v.len};
}

static int got_field(nghttp2_session *s, const nghttp2_frame *f, nghttp2_rcbuf *name,
                     nghttp2_rcbuf *value, uint8_t flags, void *user)
{
    struct heard *h = guest_heard(user, f->hd.stream_id);
    str key = text_of(name), text = text_of(value);

    (void)s;
    (void)flags;
    assert_false(str_eq(key, S("upgrade")));
    if (str_eq(key, S(":status")))
        h->status = atoi(text.p);
    else if (str_eq(key, S("content-length")))
        h->length = (size_t)atol(text.p);
    else if (str_eq(key, S("content-encoding")))
        (void)str_copy(h->encoding, sizeof(h->encoding), text);
    else if (str_eq(key, S("etag")))
        (void)str_copy(h->etag, sizeof(h->etag), text);
    return 0;
}

static int got_data(nghttp2_session *s, uint8_t flags, int32_t id, const uint8_t *p, size_t n,
                    void *user)
{
    struct heard *h = guest_heard(user, id);

    (void)s;
    (void)flags;
    if (h->nbody + n < sizeof(h->body))
        memcpy(h->body + h->nbody, p, n);
    h->nbody += n;
    return 0;
}

static int got_close(nghttp2_session *s, int32_t id, uint32_t code, void *user)
{
    struct heard *h = guest_heard(user, id);

    (void)s;
    h->is_closed = true;
    h->error = code;
    return 0;
}

static int got_frame(nghttp2_session *s, const nghttp2_frame *f, void *user)
{
    struct guest *g = user;

    (void)s;
    if (f->hd.type == NGHTTP2_GOAWAY) {
        g->has_goaway = true;
        g->goaway_error = f->goaway.error_code;
    }
    return 0;
}

void guest_come(struct guest *g, http_dispatch_fn *dispatch)
{
    nghttp2_session_callbacks *k;
    nghttp2_option *option;

    memset(g, 0, sizeof(*g));
    edge_open(&g->e, dispatch);
    nghttp2_session_callbacks_new(&k);
    nghttp2_session_callbacks_set_on_header_callback2(k, got_field);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(k, got_data);
    nghttp2_session_callbacks_set_on_stream_close_callback(k, got_close);
    nghttp2_session_callbacks_set_on_frame_recv_callback(k, got_frame);
    assert_int_equal(nghttp2_option_new(&option), 0);
    nghttp2_option_set_no_auto_window_update(option, guest_is_stingy);
    assert_int_equal(nghttp2_session_client_new2(&g->session, k, g, option), 0);
    nghttp2_option_del(option);
    nghttp2_session_callbacks_del(k);
    nghttp2_submit_settings(g->session, 0, NULL, 0);
}

void guest_open(struct guest *g, http_dispatch_fn *dispatch)
{
    guest_come(g, dispatch);
    assert_int_equal(h2_start(edge_conn(&g->e)), 0);
    assert_true(h2_run(edge_conn(&g->e)));
}

void guest_close(struct guest *g)
{
    nghttp2_session_del(g->session);
    edge_close(&g->e);
}

bool guest_say(struct guest *g)
{
    const uint8_t *p;
    ssize_t n = nghttp2_session_mem_send(g->session, &p);

    assert_true(n >= 0);
    if (n)
        edge_say(&g->e, (str){(const char *)p, (size_t)n});
    return n > 0;
}

bool guest_hear(struct guest *g)
{
    uint8_t bytes[8192];
    ssize_t n = recv(g->e.client, bytes, sizeof(bytes), 0);

    if (n > 0)
        assert_int_equal(nghttp2_session_mem_recv(g->session, bytes, (size_t)n), n);
    else if (n == 0 || errno != EAGAIN)
        g->e.is_closed = true;
    return n > 0;
}

void guest_talk_without(struct guest *g, void (*before)(void), void (*behind)(void))
{
    bool moved;

    do {
        moved = !g->e.is_closed && guest_say(g);
        before();
        edge_turn(&g->e);
        behind();
        moved |= !g->e.is_closed && guest_hear(g);
    } while (moved);
}

static void nothing(void)
{
}

void guest_talk(struct guest *g)
{
    guest_talk_without(g, nothing, nothing);
}

static ssize_t give_upload(nghttp2_session *s, int32_t id, uint8_t *to, size_t room,
                           uint32_t *flags, nghttp2_data_source *source, void *user)
{
    struct guest *g = user;
    size_t n = g->upload.n < room ? g->upload.n : room;

    (void)s;
    (void)id;
    (void)source;
    memset(to, 'u', n);
    g->upload.n -= n;
    if (!g->upload.n)
        *flags |= NGHTTP2_DATA_FLAG_EOF;
    return (ssize_t)n;
}

int32_t guest_ask(struct guest *g, const char *method, const char *path, const char *name,
                   const char *value)
{
    nghttp2_nv nv[] = {NV(":method", method), NV(":path", path), NV(":scheme", "https"),
                       NV(":authority", "h.example"), NV(name, value)};
    nghttp2_data_provider data = {.read_callback = give_upload};
    int32_t id = nghttp2_submit_request(g->session, NULL, nv, 5, g->upload.n ? &data : NULL, NULL);

    assert_true(id > 0);
    return id;
}

struct heard *guest_get(struct guest *g, const char *path)
{
    int32_t id = guest_ask(g, "GET", path, "x-none", "");

    guest_talk(g);
    return guest_heard(g, id);
}
