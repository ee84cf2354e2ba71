/* Many at once, most of them of bad will: what they may hold of the house, and who gives way. */
#include "suite.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "edge.h"
#include "guest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define OK(body, n)                                                                                \
    "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: " n "\r\n\r\n" body
#define H "Host: h\r\n"

enum { FILM = 3 << 20, MADE = 100000, SMALL = 600 << 10 };
static struct exchange *kept; /* the deferred one */
static unsigned calls, nconns_behind;

static void made(struct exchange *x, size_t n)
{
    http_text(x, 200, S("text/plain"), (str){arena_alloc(x->arena, n), n});
}

static void answer(struct exchange *x, void *ctx)
{
    calls++;
    if (str_eq(x->path, S("/later"))) {
        http_defer(x);
        kept = x;
    } else if (str_eq(x->path, S("/made"))) {
        made(x, MADE);
    } else if (str_eq(x->path, S("/small"))) {
        made(x, SMALL);
    } else if (str_eq(x->path, S("/more"))) {
        made(x, 2 * SMALL);
    } else if (str_eq(x->path, S("/finish"))) {
        made(kept, SMALL);
        http_finish(kept);
        nconns_behind = ((struct edge *)ctx)->worker.nconns;
    } else if (str_eq(x->path, S("/film"))) {
        edge_source(x, FILM, 0);
    } else {
        http_text(x, 200, S("text/plain"),
                  arena_printf(x->arena, "%.*s %.*s [%.*s]", STR(x->method), STR(x->path),
                               STR(x->body)));
    }
}

/* ---- memory ---- */

/* An answer goes on as long as it is read, and no longer. */
static void unread_answer_ends(void **state)
{
    struct edge e;

    (void)state;
    edge_open(&e, answer);
    edge_say(&e, S("GET /film HTTP/1.1\r\n" H "\r\n"));
    edge_turn(&e);
    for (int i = 0; i < 3; i++) {
        edge_later((MAX_HTTP_IDLE_S - 1) * USEC_S);
        for (int k = 0; k < 5; k++) /* so much that the pair takes more */
            assert_true(strlen(edge_hear(&e)) > MOVED_BYTES);
        assert_int_equal(e.worker.nconns, 1);
    }
    edge_later((MAX_HTTP_IDLE_S + 1) * USEC_S);
    edge_turn(&e);
    assert_int_equal(e.worker.nconns, 0);
    edge_close(&e);
}

/* What readers have not taken is bounded over all of them: the largest goes first. */
static void largest_unread_ends_first(void **state)
{
    static const char more[] = "GET /more HTTP/1.1\r\n" H "\r\n";
    const size_t others = MAX_HTTP_UNREAD - 5 * SMALL;
    struct edge e;
    int second;

    (void)state;
    edge_open(&e, answer);
    e.worker.held_bytes += others;
    edge_say(&e, S("GET /small HTTP/1.1\r\n" H "\r\n"));
    edge_turn(&e);
    assert_in_range(edge_conn(&e)->held, SMALL, 3 * SMALL);
    second = edge_connect(&e);
    assert_int_equal(send(second, more, sizeof(more) - 1, 0), sizeof(more) - 1);
    edge_turn(&e);
    assert_int_equal(e.worker.nconns, 1);
    assert_int_equal(atomic_load(&e.worker.counts[SERVER_UNREAD]), 1);
    assert_true(e.worker.held_bytes <= MAX_HTTP_UNREAD);
    assert_true(strlen(edge_hear(&e)) > 0 && !e.is_closed);
    e.worker.held_bytes -= others;
    close(second);
    edge_close(&e);
}

/* A client that takes no answers: what it asks for waits, and comes when it reads after all. */
static void requests_wait_for_their_reader(void **state)
{
    enum { N = 99 }; /* and a form */
    static const nghttp2_settings_entry shut = {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, 0},
                                        wide = {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, 1 << 20};
    struct guest g;
    int32_t ids[N];

    (void)state;
    calls = 0;
    guest_open(&g, answer);
    nghttp2_submit_settings(g.session, 0, &shut, 1);
    guest_talk(&g);
    for (int i = 0; i < N; i++)
        ids[i] = guest_ask(&g, "GET", "/made", "x-none", "");
    guest_talk(&g);
    assert_in_range(calls, MAX_H2_ANSWERS, N / 4);
    assert_in_range(g.e.worker.held_bytes, MAX_H2_UNREAD, 3 * MAX_H2_UNREAD);
    g.upload.n = 1000; /* a form does not wait */
    guest_ask(&g, "POST", "/up", "x-none", "");
    guest_talk(&g);
    g.upload.n = 0;
    assert_in_range(calls, MAX_H2_ANSWERS + 1, N / 4 + 1);
    nghttp2_submit_settings(g.session, 0, &wide, 1);
    guest_talk(&g);
    for (int i = 0; i < N; i++) {
        assert_int_equal(guest_heard(&g, ids[i])->nbody, MADE);
        assert_int_equal(guest_heard(&g, ids[i])->error, 0);
    }
    assert_int_equal(calls, N + 1);
    assert_int_equal(g.e.worker.held_bytes, 0);
    guest_close(&g);
}

/* Gone in the middle, with some that wait, or without anybody reading until they are stuck. */
static void waiting_requests_end(void **state)
{
    static const nghttp2_settings_entry shut = {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, 0};
    struct guest g;
    int32_t first, last;

    (void)state;
    calls = 0;
    guest_open(&g, answer);
    nghttp2_submit_settings(g.session, 0, &shut, 1);
    guest_talk(&g);
    first = guest_ask(&g, "GET", "/made", "x-none", "");
    for (int i = 0; i < 40; i++)
        last = guest_ask(&g, "GET", "/made", "x-none", "");
    guest_talk(&g);
    assert_in_range(calls, MAX_H2_ANSWERS, 20);
    nghttp2_submit_rst_stream(g.session, 0, last, NGHTTP2_CANCEL);
    for (int i = 0; i < 14; i++) {
        edge_later(5 * USEC_S);
        guest_talk(&g);
    }
    assert_int_equal(guest_heard(&g, first)->error, NGHTTP2_CANCEL);
    assert_in_range(calls, 2 * MAX_H2_ANSWERS, 40); /* others had their turn, not the last */
    guest_close(&g);
}

/* One byte a minute is no reading; 5,000 are. */
static void a_byte_is_no_progress(void **state)
{
    static const nghttp2_settings_entry shut = {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, 0};
    static const struct {
        int bytes;
        bool is_ended;
    } rows[] = {{1, true}, {5000, false}};

    (void)state;
    for (size_t i = 0; i < NELEM(rows); i++) {
        struct guest g;
        struct heard *h;

        guest_is_stingy = true;
        guest_open(&g, answer);
        guest_is_stingy = false;
        nghttp2_submit_settings(g.session, 0, &shut, 1);
        guest_talk(&g);
        h = guest_get(&g, "/made");
        assert_int_equal(h->status, 200);
        for (int k = 0; k < 2; k++) {
            edge_later(29 * USEC_S);
            nghttp2_submit_window_update(g.session, 0, h->id, rows[i].bytes);
            guest_talk(&g);
            assert_false(h->is_closed);
            assert_int_equal(h->nbody, rows[i].bytes * (k + 1));
        }
        edge_later(6 * USEC_S); /* 64 s, and less than 60 since the last bytes */
        guest_talk(&g);
        assert_int_equal(h->is_closed, rows[i].is_ended);
        assert_int_equal(g.e.worker.held_bytes == 0, rows[i].is_ended);
        guest_close(&g);
    }
}

static size_t much(struct exchange *x, void *ctx)
{
    (void)ctx;
    return str_eq(x->path, S("/ours")) ? MAX_HTTP_DECK : MAX_HTTP_STRANGER;
}

static int begin_body(struct edge *e, const char *head, size_t n)
{
    char *piece = calloc(1, n);
    int fd = edge_connect_from(e, "198.51.100.9");

    assert_int_equal(send(fd, head, strlen(head), 0), strlen(head));
    assert_int_equal(send(fd, piece, n, 0), n);
    free(piece);
    for (int i = 0; i < 8; i++) /* 2 kB are read in a round */
        edge_turn(e);
    return fd;
}

/* Bodies that hardly arrive hold all the room there is: the slowest of those that had time gives
 * way. One on a session never does. */
static void slow_bodies_make_room(void **state)
{
    enum { N = 16, HALF = (32 << 10) + 1, ROOM = 64 << 10 };
    static const char slow[] = "POST /slow HTTP/1.1\r\n" H "Content-Length: 60000\r\n\r\n",
                      form[] = "POST /form HTTP/1.1\r\n" H "Content-Length: 3\r\n\r\nabc";
    const size_t others = MAX_HTTP_BODIES - (N + 2) * ROOM;
    struct edge e;
    char heard[300] = "";
    int fds[N], ours, fast;

    (void)state;
    edge_open(&e, answer);
    e.conf.body_limit = much;
    e.worker.body_bytes += others;
    ours = begin_body(&e, "POST /ours HTTP/1.1\r\n" H "Content-Length: 60000\r\n\r\n", HALF);
    fast = begin_body(&e, slow, HALF + 4000);
    for (int i = 0; i < N; i++)
        fds[i] = begin_body(&e, slow, HALF + (i != 3));
    assert_int_equal(e.worker.body_bytes, MAX_HTTP_BODIES);
    edge_say(&e, str_c(form)); /* none of them had time yet */
    assert_true(str_starts(str_c(edge_hear(&e)), S("HTTP/1.1 503 ")));
    close(e.client);
    e.client = edge_connect(&e);
    e.is_closed = false;
    edge_later(6 * USEC_S);
    edge_turn(&e);
    edge_say(&e, str_c(form));
    assert_string_equal(edge_hear(&e), OK("POST /form [abc]", "16"));
    assert_int_equal(atomic_load(&e.worker.counts[SERVER_CUT]), 1);
    assert_true(recv(fds[3], heard, sizeof(heard) - 1, 0) > 0); /* who brought least */
    assert_true(str_starts(str_c(heard), S("HTTP/1.1 408 ")));
    for (int i = 0; i < N; i++) { /* room for one more each time, and at last for none */
        int late = begin_body(&e, slow, HALF);

        close(fds[i]);
        fds[i] = late;
        edge_turn(&e);
    }
    assert_int_equal(send(ours, (char[28000]){0}, 28000, 0), 28000);
    for (int i = 0; i < 8; i++)
        edge_turn(&e);
    assert_true(recv(ours, heard, sizeof(heard) - 1, 0) > 0);
    assert_true(str_starts(str_c(heard), S("HTTP/1.1 200 ")));
    e.worker.body_bytes -= others;
    for (int i = 0; i < N; i++)
        close(fds[i]);
    close(ours);
    close(fast);
    edge_close(&e);
}

/* 66,000 bytes of a body, which take twice 64 kB. */
static int begin_file(struct edge *e, const char *path)
{
    char head[120];
    int fd;

    snprintf(head, sizeof(head), "POST %s HTTP/1.1\r\n" H "Content-Length: 200000\r\n\r\n", path);
    fd = begin_body(e, head, 66000);
    edge_turn(e);
    return fd;
}

static bool hears(int fd, str line)
{
    char heard[300] = "";
    ssize_t n = recv(fd, heard, sizeof(heard) - 1, 0);

    return n > 0 && str_starts(str_c(heard), line);
}

/* A file that finds no room ends a slow file when that is enough, and otherwise nobody: forms on
 * thin lines hold so little that all of them would go. */
static void files_end_no_forms(void **state)
{
    enum { N = 8, ROOM = 128 << 10, MOST = MAX_HTTP_BODIES - MAX_HTTP_SMALL_BODIES };
    static const char form[] = "POST /form HTTP/1.1\r\n" H "Content-Length: 5000\r\n\r\n";
    struct edge e;
    int forms[N], files[4];
    size_t others;

    (void)state;
    edge_open(&e, answer);
    e.conf.body_limit = much;
    for (int i = 0; i < N; i++)
        forms[i] = begin_body(&e, form, 4500);
    for (int i = 0; i < 2; i++)
        files[i] = begin_file(&e, "/sheet");
    assert_in_range(e.worker.body_bytes, 2 * ROOM + N * 4500, 3 * ROOM);
    others = MOST - e.worker.body_bytes;
    e.worker.body_bytes += others;
    edge_later(6 * USEC_S);
    files[2] = begin_file(&e, "/ours");
    assert_int_equal(atomic_load(&e.worker.counts[SERVER_CUT]), 1);
    assert_true(hears(files[0], S("HTTP/1.1 408 ")));
    e.worker.body_bytes += ROOM; /* the other one holds half of what is missing now */
    files[3] = begin_file(&e, "/ours");
    assert_true(hears(files[3], S("HTTP/1.1 503 ")));
    assert_int_equal(atomic_load(&e.worker.counts[SERVER_CUT]), 1);
    for (int i = 0; i < N; i++) {
        assert_int_equal(send(forms[i], (char[500]){0}, 500, 0), 500);
        edge_turn(&e);
        assert_true(hears(forms[i], S("HTTP/1.1 200 ")));
        close(forms[i]);
    }
    e.worker.body_bytes -= others + ROOM;
    for (size_t i = 0; i < NELEM(files); i++)
        close(files[i]);
    edge_close(&e);
}

/* What a handler has does not wait for its client: to end the connection would free nothing, and
 * the next one would have to go as well. */
static void handlers_hold_nothing(void **state)
{
    static const char slow[] = "POST /slow HTTP/1.1\r\n" H "Content-Length: 60000\r\n\r\n";
    struct guest g;
    char text[8000];
    int other;
    size_t others;

    (void)state;
    memset(text, 'a', sizeof(text));
    text[sizeof(text) - 1] = 0;
    guest_open(&g, answer);
    guest_talk(&g);
    other = begin_body(&g.e, slow, 100);
    assert_in_range(g.e.worker.held_bytes, 1, 8000);
    others = MAX_HTTP_UNREAD - g.e.worker.held_bytes;
    g.e.worker.held_bytes += others;
    g.upload.n = 10;
    guest_ask(&g, "POST", "/later", "x-long", text);
    while (guest_say(&g))
        ; /* whole within one round */
    guest_talk(&g);
    assert_int_equal(g.e.worker.nconns, 2);
    assert_int_equal(g.e.worker.held_bytes, MAX_HTTP_UNREAD);
    g.e.worker.held_bytes -= others;
    http_text(kept, 200, S("text/plain"), S("late"));
    http_finish(kept);
    guest_talk(&g);
    close(other);
    guest_close(&g);
}

/* A handler that finishes what another connection asked for: whoever has to go, it is not the
 * connection that the handler was called from, as long as it runs. */
static void handlers_keep_their_connection(void **state)
{
    static const nghttp2_settings_entry shut = {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, 0};
    static const char later[] = "GET /later HTTP/1.1\r\n" H "\r\n";
    struct guest g;
    size_t others;
    int other;

    (void)state;
    guest_open(&g, answer);
    nghttp2_submit_settings(g.session, 0, &shut, 1);
    guest_talk(&g);
    guest_get(&g, "/small");
    guest_get(&g, "/small");
    other = edge_connect(&g.e);
    assert_int_equal(send(other, later, sizeof(later) - 1, 0), sizeof(later) - 1);
    edge_turn(&g.e);
    others = MAX_HTTP_UNREAD - g.e.worker.held_bytes - SMALL / 2;
    g.e.worker.held_bytes += others;
    nconns_behind = 0;
    guest_get(&g, "/finish");
    assert_int_equal(nconns_behind, 2);
    assert_int_equal(atomic_load(&g.e.worker.counts[SERVER_UNREAD]), 1);
    assert_int_equal(g.e.worker.nconns, 1);
    assert_true(hears(other, S("HTTP/1.1 200 ")));
    g.e.worker.held_bytes -= others;
    close(other);
    guest_close(&g);
}

/* ---- places ---- */

/* Half-spoken connections in every place: the one that has let us wait longest makes room, never
 * one that we work for, nor who came a moment ago and has had no time to speak. */
static void half_spoken_make_room(void **state)
{
    static const char half[] = "GET / HT";
    struct edge e;
    int others[6];

    (void)state;
    edge_open(&e, answer);
    edge_say(&e, S("GET /later HTTP/1.1\r\n" H "\r\n"));
    edge_turn(&e);
    for (size_t i = 0; i < NELEM(others); i++) {
        others[i] = edge_connect(&e);
        assert_int_equal(send(others[i], half, sizeof(half) - 1, 0), sizeof(half) - 1);
        edge_turn(&e);
    }
    edge_later(3 * USEC_S);
    edge_turn(&e);
    for (size_t i = 0; i < NELEM(others); i++) {
        int late = edge_connect(&e);
        char byte;

        assert_true(e.worker.nconns >= e.worker.max_conns);
        assert_true(conn_end_oldest(&e.worker));
        assert_int_equal(recv(others[i], &byte, 1, 0), 0);
        close(others[i]);
        others[i] = late;
    }
    assert_int_equal(send(others[5], "GET /b HTTP/1.1\r\n" H "\r\n", 28, 0), 28);
    edge_turn(&e);
    assert_true(recv(others[5], e.heard, sizeof(e.heard), 0) > 0);
    assert_true(str_starts(str_c(e.heard), S("HTTP/1.1 200 ")));
    while (e.worker.nconns > 1)
        assert_true(conn_end_oldest(&e.worker));
    assert_false(conn_end_oldest(&e.worker)); /* the one that we work for */
    http_text(kept, 200, S("text/plain"), S("late"));
    http_finish(kept);
    assert_string_equal(edge_hear(&e), OK("late", "4"));
    for (size_t i = 0; i < NELEM(others); i++)
        close(others[i]);
    edge_close(&e);
}

/* Who reads is left in peace as long as another does not. */
static void readers_stay(void **state)
{
    static const char film[] = "GET /film HTTP/1.1\r\n" H "\r\n";
    struct edge e;
    struct conn *first;
    int second;

    (void)state;
    edge_open(&e, answer);
    edge_say(&e, str_c(film)); /* the older one */
    edge_turn(&e);
    first = edge_conn(&e);
    second = edge_connect(&e);
    assert_int_equal(send(second, film, sizeof(film) - 1, 0), sizeof(film) - 1);
    edge_turn(&e);
    edge_later(6 * USEC_S);
    for (int k = 0; k < 5; k++) /* so much that the pair takes more */
        assert_true(strlen(edge_hear(&e)) > MOVED_BYTES);
    assert_true(conn_end_oldest(&e.worker));
    assert_int_equal(e.worker.nconns, 1);
    assert_ptr_equal(edge_conn(&e), first);
    assert_true(strlen(edge_hear(&e)) > MOVED_BYTES);
    assert_false(e.is_closed);
    assert_true(conn_end_oldest(&e.worker)); /* when there is nobody else */
    close(second);
    edge_close(&e);
}

/* 4 kB in four seconds are 8 kbit/s: who has not asked goes before such a line. */
static void thin_lines_stay(void **state)
{
    struct edge e;
    struct conn *first;
    int second;

    (void)state;
    edge_open(&e, answer);
    edge_say(&e, S("GET /film HTTP/1.1\r\n" H "\r\n"));
    edge_turn(&e);
    first = edge_conn(&e);
    edge_later(4 * USEC_S);
    second = edge_connect(&e);
    assert_int_equal(send(second, "GET / HT", 8, 0), 8);
    edge_turn(&e);
    assert_true(conn_end_oldest(&e.worker));
    assert_int_equal(e.worker.nconns, 1);
    assert_ptr_equal(edge_conn(&e), first);
    close(second);
    edge_close(&e);
}

/* Of those who have asked for nothing the one that came first goes, spoken to or not. */
static void handshakes_have_time(void **state)
{
    struct edge e;
    int second;

    (void)state;
    edge_open(&e, answer);
    edge_turn(&e);
    close(e.client);
    edge_turn(&e);
    e.client = edge_connect(&e);
    edge_later(USEC_S);
    edge_turn(&e);
    second = edge_connect(&e);
    assert_int_equal(send(second, "GET / HT", 8, 0), 8);
    edge_turn(&e);
    edge_later(50 * USEC_MS);
    edge_turn(&e);
    assert_int_equal(e.worker.nconns, 2);
    assert_true(conn_end_oldest(&e.worker));
    assert_int_equal(e.worker.nconns, 1);
    assert_int_equal(send(second, "TP/1.1\r\n" H "\r\n", 19, 0), 19);
    edge_turn(&e);
    assert_true(hears(second, S("HTTP/1.1 200 ")));
    close(second);
    edge_close(&e);
}

/* A connection on which nobody asked has not stalled when somebody begins a form on it. */
static void h2_begins_anew(void **state)
{
    static const char film[] = "GET /film HTTP/1.1\r\n" H "\r\n";
    struct guest g;
    int32_t id;
    int second;

    (void)state;
    guest_open(&g, answer);
    guest_get(&g, "/a");
    edge_later(30 * USEC_S);
    guest_talk(&g);
    second = edge_connect(&g.e);
    assert_int_equal(send(second, film, sizeof(film) - 1, 0), sizeof(film) - 1);
    edge_turn(&g.e);
    g.upload.n = 1000;
    id = guest_ask(&g, "POST", "/up", "x-none", "");
    assert_true(guest_say(&g)); /* its head */
    edge_turn(&g.e);
    assert_null(g.e.worker.idle.first);
    assert_true(conn_end_oldest(&g.e.worker)); /* when there is nobody else */
    assert_int_equal(g.e.worker.nconns, 1);
    guest_talk(&g);
    assert_int_equal(guest_heard(&g, id)->status, 200);
    close(second);
    guest_close(&g);
}

/* Who waits for us does not give way; who lets us wait does. */
static void h2_gives_way(void **state)
{
    static const nghttp2_settings_entry shut = {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, 0};
    struct guest g;

    (void)state;
    calls = 0;
    guest_open(&g, answer);
    nghttp2_submit_settings(g.session, 0, &shut, 1);
    guest_talk(&g);
    guest_get(&g, "/made");
    guest_get(&g, "/later");
    edge_later(10 * USEC_S);
    guest_talk(&g);
    assert_false(conn_end_oldest(&g.e.worker));
    http_text(kept, 200, S("text/plain"), S("late"));
    http_finish(kept);
    guest_talk(&g);
    assert_true(conn_end_oldest(&g.e.worker));
    assert_null(edge_conn(&g.e));
    guest_close(&g);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(unread_answer_ends),
    cmocka_unit_test(largest_unread_ends_first),
    cmocka_unit_test(requests_wait_for_their_reader),
    cmocka_unit_test(waiting_requests_end),
    cmocka_unit_test(a_byte_is_no_progress),
    cmocka_unit_test(slow_bodies_make_room),
    cmocka_unit_test(files_end_no_forms),
    cmocka_unit_test(handlers_hold_nothing),
    cmocka_unit_test(handlers_keep_their_connection),
    cmocka_unit_test(half_spoken_make_room),
    cmocka_unit_test(readers_stay),
    cmocka_unit_test(thin_lines_stay),
    cmocka_unit_test(handshakes_have_time),
    cmocka_unit_test(h2_begins_anew),
    cmocka_unit_test(h2_gives_way),
};
SUITE(crowd, tests);
