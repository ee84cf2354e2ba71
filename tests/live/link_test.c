/*
 * Streams with datagrams inside, over real sockets and a loop that the test turns by hand:
 *
 *     far (a socket of the test) ══ TCP ══ link ──▶ came[]
 */
#include "world.h"

#include "base/limits.h"
#include "base/sb.h"
#include "live/link.c"

#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

struct pipe_end {
    struct loop *loop;
    struct pkt_pool *pool;
    struct links *links;
    int far;
    struct addr from; /* of what came last */
    char came[64];
    unsigned ncame, nclosed, nchokes;
    bool is_known, is_choked;
};

static void on_rx(struct pkt *p, usec now, void *ctx)
{
    struct pipe_end *t = ctx;

    (void)now;
    t->from = p->addr;
    t->ncame++;
    (void)snprintf(t->came, sizeof(t->came), "%.*s", (int)p->n, (const char *)p->data);
    pkt_unref(p);
}

static bool on_known(const struct addr *a, void *ctx)
{
    (void)a;
    return ((struct pipe_end *)ctx)->is_known;
}

static void on_choked(const struct addr *a, bool is_choked, usec now, void *ctx)
{
    struct pipe_end *t = ctx;

    (void)a;
    (void)now;
    t->is_choked = is_choked;
    t->nchokes += is_choked;
}

static void on_closed(const struct addr *a, usec now, void *ctx)
{
    (void)a;
    (void)now;
    ((struct pipe_end *)ctx)->nclosed++;
}

/* A pair of connected sockets; small buffers, so that a queue forms soon. */
static void connect_pair(int ret_fd[2])
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof(to);
    int door = socket(AF_INET, SOCK_STREAM, 0), small = 4096;

    assert_int_equal(bind(door, (struct sockaddr *)&to, n), 0);
    assert_int_equal(listen(door, 1), 0);
    assert_int_equal(getsockname(door, (struct sockaddr *)&to, &n), 0);
    ret_fd[0] = socket(AF_INET, SOCK_STREAM, 0);
    (void)setsockopt(ret_fd[0], SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
    assert_int_equal(connect(ret_fd[0], (struct sockaddr *)&to, n), 0);
    ret_fd[1] = accept(door, NULL, NULL);
    assert_true(ret_fd[1] >= 0);
    (void)setsockopt(ret_fd[1], SOL_SOCKET, SO_SNDBUF, &small, sizeof(small));
    assert_int_equal(fcntl(ret_fd[1], F_SETFL, O_NONBLOCK), 0);
    close(door);
}

/* `unread`: what net has read already. */
static void take_raw(struct pipe_end *t, const void *unread, size_t n, bool is_framed)
{
    struct server_raw raw = {.is_framed = is_framed, .nunread = n};
    int fd[2];

    connect_pair(fd);
    t->far = fd[0];
    raw.fd = fd[1];
    assert_int_equal(addr_parse(S("192.0.2.7"), 5000, &raw.from), 0);
    raw.unread = malloc(n + 1);
    assert_non_null(raw.unread);
    memcpy(raw.unread, unread, n);
    links_take(t->links, &raw, loop_now(t->loop));
}

static int line_open(void **state)
{
    struct pipe_end *t = calloc(1, sizeof(*t));
    struct links_conf conf = {
        .rx = on_rx, .is_known = on_known, .choked = on_choked, .closed = on_closed, .ctx = t};

    if (!t || loop_new(&t->loop) < 0 || pkt_pool_new(1024, &t->pool) < 0)
        return -1;
    conf.loop = t->loop;
    conf.pool = t->pool;
    t->far = -1;
    *state = t;
    return links_new(&conf, &t->links);
}

static int line_close(void **state)
{
    struct pipe_end *t = *state;

    if (t->far >= 0)
        close(t->far);
    links_free(t->links);
    loop_free(t->loop);
    pkt_pool_free(t->pool); /* asserts that every packet is back */
    free(t);
    return 0;
}

static void turn_until_came(struct pipe_end *t, unsigned n)
{
    for (int i = 0; i < 500 && t->ncame < n; i++)
        loop_once(t->loop, 20 * USEC_MS);
    assert_int_equal(t->ncame, n);
}

static struct pkt *packet(struct pipe_end *t, size_t n, bool is_video)
{
    struct pkt *p = pkt_get(t->pool);

    assert_non_null(p);
    memset(p->data, is_video ? 'v' : 'a', n);
    p->n = (uint32_t)n;
    p->is_video = is_video;
    p->addr = t->from;
    return p;
}

static void messages_come_whole_however_cut(void **state)
{
    struct pipe_end *t = *state;

    take_raw(t, "\0\3on", 4, true);
    assert_int_equal(t->ncame, 0);
    assert_int_equal(write(t->far, "e\0\3two\0", 7), 7);
    turn_until_came(t, 2);
    assert_string_equal(t->came, "two");
    assert_int_equal(write(t->far, "\5three", 6), 6);
    turn_until_came(t, 3);
    assert_string_equal(t->came, "three");
    assert_int_equal(addr_way(&t->from), ADDR_ICE_TCP);
    assert_int_equal(t->from.port, 5000);
}

static void what_is_sent_is_framed(void **state)
{
    struct pipe_end *t = *state;
    char got[16] = {0};
    struct pkt *p;

    take_raw(t, "\0\1x", 3, true);
    assert_int_equal(t->ncame, 1);
    p = packet(t, 3, false);
    assert_true(links_tx(t->links, p, loop_now(t->loop)));
    links_flush(t->links, loop_now(t->loop));
    assert_int_equal(recv(t->far, got, 5, MSG_WAITALL), 5);
    assert_memory_equal(got, "\0\3aaa", 5);
}

static void turn_is_sent_as_it_is(void **state)
{
    static const char channel[] = "\x40\0\0\1x\0\0";
    struct pipe_end *t = *state;
    char got[8] = {0};

    take_raw(t, channel, 8, false);
    assert_int_equal(t->ncame, 1);
    assert_int_equal(addr_way(&t->from), ADDR_TURN_TCP);
    assert_true(links_tx(t->links, packet(t, 4, false), loop_now(t->loop)));
    links_flush(t->links, loop_now(t->loop));
    assert_int_equal(recv(t->far, got, 4, MSG_WAITALL), 4);
    assert_memory_equal(got, "aaaa", 4);
}

static void nonsense_ends_the_link(void **state)
{
    struct pipe_end *t = *state;
    char byte;

    take_raw(t, "\0\1x", 3, true);
    assert_int_equal(write(t->far, "\xff\xff", 2), 2);
    for (int i = 0; i < 500 && !t->nclosed; i++)
        loop_once(t->loop, 20 * USEC_MS);
    assert_int_equal(t->nclosed, 1);
    assert_int_equal(recv(t->far, &byte, 1, 0), 0);
    assert_false(links_tx(t->links, packet(t, 1, false), loop_now(t->loop)));
}

/* The far end does not read. Time is moved by hand: 20 ms for a voice packet and a picture. */
static void fill(struct pipe_end *t, usec *now, unsigned n)
{
    for (unsigned i = 0; i < n; i++, *now += 20 * USEC_MS) {
        (void)links_tx(t->links, packet(t, 100, false), *now);
        (void)links_tx(t->links, packet(t, 1100, true), *now);
        links_flush(t->links, *now);
    }
}

static void a_full_stream_loses_video_first(void **state)
{
    struct pipe_end *t = *state;
    usec now = loop_now(t->loop);
    struct links_stats st;

    t->is_known = true;
    take_raw(t, "\0\1x", 3, true);
    fill(t, &now, 200);
    links_stats(t->links, &st);
    assert_true(t->is_choked);
    assert_int_equal(t->nchokes, 1);
    assert_true(st.dropped_video > 100);
    /* sound waits no longer than its second, and no video waits with it */
    assert_true(st.queued <= LINK_AUDIO_US / (20 * USEC_MS) + 2);
    assert_true(st.queued > 30);
    /* each for one reason: what waited, what came while it was dark, the oldest sound */
    assert_true(st.drops[LINK_DROP_LATE] > 5);
    assert_true(st.drops[LINK_DROP_DARK] > 90);
    assert_true(st.drops[LINK_DROP_OLD] > 90);
    assert_int_equal(st.drops[LINK_DROP_LATE] + st.drops[LINK_DROP_DARK], st.dropped_video);
    assert_int_equal(st.drops[LINK_DROP_OLD], st.dropped_audio);
}

/* At one moment, so that nothing is late. */
static void more_than_a_queue_holds(void **state)
{
    struct pipe_end *t = *state;
    usec now = loop_now(t->loop);
    struct links_stats st;
    struct link *l;

    t->is_known = true;
    take_raw(t, "\0\1x", 3, true);
    l = t->links->by_index[t->from.via & (MAX_LINKS - 1)];
    for (int i = 0; i < MAX_LINK_PACKETS + 3; i++)
        assert_true(links_tx(t->links, packet(t, 100, false), now));
    links_stats(t->links, &st);
    assert_int_equal(st.drops[LINK_DROP_FULL], 3);
    assert_true(links_tx(t->links, packet(t, 100, true), now));
    links_stats(t->links, &st);
    assert_int_equal(st.drops[LINK_DROP_FULL], 4); /* a picture, too, for the oldest sound */
    assert_int_equal(st.queued, MAX_LINK_PACKETS);
    l->nheld = MAX_LINK_PACKETS; /* a write has begun with all: none can go for it */
    assert_true(links_tx(t->links, packet(t, 100, true), now));
    l->nheld = 0;
    links_stats(t->links, &st);
    assert_int_equal(st.drops[LINK_DROP_FULL], 5);
    assert_int_equal(st.dropped_video, 1);
    assert_true(t->is_choked);
}

/* Everything that was given to a stream is sent or counted. */
static void what_waits_when_a_stream_ends(void **state)
{
    struct pipe_end *t = *state;
    usec now = loop_now(t->loop);
    struct links_stats st;

    take_raw(t, "\0\1x", 3, true);
    assert_true(links_tx(t->links, packet(t, 100, false), now));
    assert_true(links_tx(t->links, packet(t, 100, true), now));
    lose(t->links->by_index[t->from.via & (MAX_LINKS - 1)]);
    assert_true(links_tx(t->links, packet(t, 100, false), now));
    for (int i = 0; i < 500 && !t->nclosed; i++)
        loop_once(t->loop, 20 * USEC_MS);
    assert_false(links_tx(t->links, packet(t, 100, false), now));
    links_stats(t->links, &st);
    assert_int_equal(st.drops[LINK_DROP_CUT], 2);
    assert_int_equal(st.drops[LINK_DROP_BROKEN], 1);
    assert_int_equal(st.drops[LINK_DROP_GONE], 1);
    assert_int_equal(st.dropped_video, 1);
    assert_int_equal(st.dropped_audio, 3);
    assert_int_equal(st.queued, 0);
}

static void a_message_without_a_packet_for_it(void **state)
{
    struct pipe_end *t = *state;
    struct pkt *held = NULL, *p;
    struct links_stats st;
    struct sb page = sb_init(NULL, 0);

    while ((p = pkt_get(t->pool))) {
        p->next = held;
        held = p;
    }
    take_raw(t, "\0\1x\0\1y", 6, true);
    for (; held; held = p) {
        p = held->next;
        pkt_unref(held);
    }
    assert_int_equal(t->ncame, 0);
    assert_int_equal(write(t->far, "\0\3one", 5), 5); /* the stream goes on */
    turn_until_came(t, 1);
    links_stats(t->links, &st);
    assert_int_equal(st.drops[LINK_DROP_POOL], 2);
    links_print(t->links, &page);
    assert_true(str_find(sb_str(&page), S("\nstream drop POOL 2\n")) >= 0);
    sb_done(&page);
}

static void video_comes_back_when_the_stream_is_free(void **state)
{
    struct pipe_end *t = *state;
    usec now = loop_now(t->loop);
    static char sink[1 << 16];

    t->is_known = true;
    take_raw(t, "\0\1x", 3, true);
    fill(t, &now, 100);
    assert_true(t->is_choked);
    for (int i = 0; i < 2000 && t->is_choked; i++, now += 20 * USEC_MS) {
        (void)recv(t->far, sink, sizeof(sink), MSG_DONTWAIT);
        (void)links_tx(t->links, packet(t, 100, false), now);
        links_flush(t->links, now);
        loop_once(t->loop, 0);
    }
    assert_false(t->is_choked);
}

static void who_proves_nothing_is_closed(void **state)
{
    struct pipe_end *t = *state;
    usec now = loop_now(t->loop);
    struct links_stats st;

    take_raw(t, "\0\1x", 3, true);
    on_sweep(now + (MAX_LINK_UNKNOWN_S - 1) * USEC_S, t->links);
    assert_int_equal(t->nclosed, 0);
    t->is_known = true;
    on_sweep(now + (MAX_LINK_UNKNOWN_S + 1) * USEC_S, t->links);
    assert_int_equal(t->nclosed, 0);
    on_sweep(now + (MAX_LINK_IDLE_S + 1) * USEC_S, t->links); /* known, and silent for long */
    assert_int_equal(t->nclosed, 1);
    close(t->far);
    t->is_known = false;
    take_raw(t, "\0\1x", 3, true);
    on_sweep(loop_now(t->loop) + (MAX_LINK_UNKNOWN_S + 1) * USEC_S, t->links);
    assert_int_equal(t->nclosed, 2);
    links_stats(t->links, &st);
    assert_int_equal(st.open, 0);
}

static void numbers_are_not_given_again(void **state)
{
    struct pipe_end *t = *state;
    struct addr first;

    take_raw(t, "\0\1x", 3, true);
    first = t->from;
    on_sweep(loop_now(t->loop) + 100 * USEC_S, t->links);
    close(t->far);
    take_raw(t, "\0\1x", 3, true);
    assert_int_not_equal(first.via, t->from.via);
    t->from = first;
    assert_false(links_tx(t->links, packet(t, 1, false), loop_now(t->loop)));
}

/* Without a share of its own a stranger would only have to ask and not to read, many times. */
static void a_stranger_has_little_waiting(void **state)
{
    struct pipe_end *t = *state;
    usec now = loop_now(t->loop);
    struct links_stats st;

    take_raw(t, "\0\1x", 3, true);
    for (int i = 0; i < 200; i++)
        (void)links_tx(t->links, packet(t, 100, false), now);
    links_stats(t->links, &st);
    assert_int_equal(st.queued, MAX_LINK_FEW);
    assert_int_equal(st.drops[LINK_DROP_STRANGER], 200 - MAX_LINK_FEW);
    t->is_known = true;
    (void)links_tx(t->links, packet(t, 100, false), now);
    links_stats(t->links, &st);
    assert_int_equal(st.queued, MAX_LINK_FEW + 1);
}

/* Listeners behind a network that hangs fill what may wait for all; the others hear on. */
static void who_stands_still_takes_nothing_from_others(void **state)
{
    struct pipe_end *t = *state;
    usec now = loop_now(t->loop);
    struct links_stats before, after;
    struct addr still;
    char got[102];
    int far;

    t->is_known = true;
    take_raw(t, "\0\1x", 3, true);
    still = t->from;
    far = t->far;
    fill(t, &now, 100);
    links_stats(t->links, &before);
    t->links->stats.queued += MAX_LINKS_PACKETS; /* as hundreds of such */
    take_raw(t, "\0\1x", 3, true);
    for (int i = 0; i < 2 * MAX_LINK_FEW; i++)
        (void)links_tx(t->links, packet(t, 100, false), now);
    links_flush(t->links, now);
    for (int i = 0; i < 2 * MAX_LINK_FEW; i++)
        assert_int_equal(recv(t->far, got, sizeof(got), MSG_WAITALL), sizeof(got));
    links_stats(t->links, &after);
    assert_int_equal(after.drops[LINK_DROP_SHARE], before.drops[LINK_DROP_SHARE]);
    t->from = still;
    (void)links_tx(t->links, packet(t, 100, false), now);
    links_stats(t->links, &after);
    assert_int_equal(after.drops[LINK_DROP_SHARE], before.drops[LINK_DROP_SHARE] + 1);
    t->links->stats.queued -= MAX_LINKS_PACKETS;
    close(far);
}

static void a_stranger_has_few_messages(void **state)
{
    struct pipe_end *t = *state;

    take_raw(t, "\0\1x", 3, true);
    for (unsigned i = 1; i < MAX_LINK_STRANGE; i++) {
        assert_int_equal(write(t->far, "\0\1x", 3), 3);
        turn_until_came(t, i + 1);
    }
    assert_int_equal(t->nclosed, 0);
    assert_int_equal(write(t->far, "\0\1x", 3), 3);
    for (int i = 0; i < 500 && !t->nclosed; i++)
        loop_once(t->loop, 20 * USEC_MS);
    assert_int_equal(t->nclosed, 1);
    assert_int_equal(t->ncame, MAX_LINK_STRANGE);
}

static void who_is_known_has_as_many_as_he_likes(void **state)
{
    struct pipe_end *t = *state;

    take_raw(t, "\0\1x", 3, true);
    t->is_known = true; /* by that message */
    for (unsigned i = 1; i < 4 * MAX_LINK_STRANGE; i++) {
        assert_int_equal(write(t->far, "\0\1x", 3), 3);
        turn_until_came(t, i + 1);
    }
    assert_int_equal(t->nclosed, 0);
}

static void the_oldest_stranger_gives_way(void **state)
{
    struct pipe_end *t = *state;
    int far[2];

    t->is_known = true;
    take_raw(t, "\0\1x\0\1x", 6, true);
    far[0] = t->far;
    on_sweep(loop_now(t->loop), t->links); /* claimed */
    t->is_known = false;
    take_raw(t, "\0\1x", 3, true);
    far[1] = t->far;
    t->links->stats.open += MAX_LINKS - 2;
    t->is_known = false;
    take_raw(t, "\0\1x", 3, true);
    assert_int_equal(t->nclosed, 1);
    assert_int_equal(recv(far[1], &(char){0}, 1, 0), 0);
    assert_int_equal(recv(far[0], &(char){0}, 1, MSG_DONTWAIT), -1); /* stays */
    t->links->stats.open -= MAX_LINKS - 2;
    close(far[0]);
    close(far[1]);
}

#define LINK(name) cmocka_unit_test_setup_teardown(name, line_open, line_close)

const struct CMUnitTest link_tests[] = {
    LINK(messages_come_whole_however_cut),
    LINK(what_is_sent_is_framed),
    LINK(turn_is_sent_as_it_is),
    LINK(nonsense_ends_the_link),
    LINK(a_full_stream_loses_video_first),
    LINK(more_than_a_queue_holds),
    LINK(what_waits_when_a_stream_ends),
    LINK(a_message_without_a_packet_for_it),
    LINK(video_comes_back_when_the_stream_is_free),
    LINK(who_proves_nothing_is_closed),
    LINK(numbers_are_not_given_again),
    LINK(a_stranger_has_little_waiting),
    LINK(who_stands_still_takes_nothing_from_others),
    LINK(a_stranger_has_few_messages),
    LINK(who_is_known_has_as_many_as_he_likes),
    LINK(the_oldest_stranger_gives_way),
};
const size_t nlink_tests = NELEM(link_tests);
