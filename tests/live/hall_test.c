/*
 * Two media threads, one room in each (halls.h):
 *
 *     sockets ── checks ──▶ the one port      streams ──▶ the first hall
 *
 * The kernel gives a datagram to either thread; every check must be answered all the same.
 */
#include "caller.h"
#include "halls.h"
#include "world.h"

#include "base/clock.h"
#include "base/limits.h"
#include "base/wr.h"
#include "live/live.h"
#include "live/street.h"
#include "media/stun.h"
#include "net/server.h"

#include <arpa/inet.h>
/* OpenSSL has a type of that name. */
#define ERR_STATE OPENSSL_ERR_STATE
#include <openssl/evp.h>
#undef ERR_STATE
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SOCKETS = 8 };

static void wait_ms(int ms)
{
    struct pollfd nothing = {.fd = -1};

    (void)poll(&nothing, 1, ms);
}

/* ---- checks ---- */

static size_t write_check(uint8_t *to, size_t room, const struct question *q)
{
    char user[64];
    struct stun m = {.class = STUN_REQUEST,
                     .method = STUN_BINDING,
                     .has_priority = true,
                     .priority = 1,
                     .role = STUN_CONTROLLING};
    struct wr w = wr_init(to, room);

    (void)snprintf(user, sizeof user, "%s:them", q->ufrag);
    m.username = str_c(user);
    stun_write(&w, &m, str_c(q->pwd));
    assert_false(w.err);
    return wr_len(&w);
}

static int open_socket_to(uint16_t port, int type)
{
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons(port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);

    assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
    return fd;
}

/* Sends the check until it is answered; it is, whichever thread gets it. */
static void check_by_udp(int fd, const struct question *q)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    uint8_t out[256], in[1500];
    size_t n = write_check(out, sizeof out, q);
    struct stun m;
    ssize_t got;

    for (int i = 0; i < HALLS_TRIES; i++) {
        assert_int_equal(send(fd, out, n, 0), n);
        if (poll(&p, 1, HALLS_AGAIN_MS) == 1)
            break;
    }
    got = recv(fd, in, sizeof in, MSG_DONTWAIT);
    assert_true(got > 0);
    assert_int_equal(stun_parse(in, (size_t)got, &m), 0);
    assert_int_equal(m.class, STUN_RESPONSE);
}

/* Two rooms, one in each hall; in each a publisher and a listener. */
struct scene {
    struct guest guest[2];
    struct question peer[4]; /* 0, 1: of room 0 */
    int sockets[4][SOCKETS];
};

static void set_scene(struct live *l, struct scene *s)
{
    for (int room = 0; room < 2; room++) {
        s->guest[room] = halls_come(l, 3 + room, 10 + room);
        assert_int_equal(halls_by_seminar(l, 3 + room), room);
        for (int k = 0; k < 2; k++) {
            struct question *q = &s->peer[room * 2 + k];

            *q = (struct question){.seminar = 3 + room,
                                   .token = str_c(s->guest[room].token),
                                   .role = k ? SFU_DOWN : SFU_UP};
            halls_ask(halls_at(l, (unsigned)room), q, halls_run_open);
            assert_int_equal(q->result, 0);
            assert_int_equal(q->ufrag[0], street_mark((unsigned)room));
        }
    }
}

static void every_check_is_answered(void **state)
{
    static const uint8_t rtp[20] = {0x80, 96};
    struct live *l = *state;
    struct question count = {0};
    struct scene s;

    set_scene(l, &s);
    for (int i = 0; i < 4; i++) {
        for (int k = 0; k < SOCKETS; k++) {
            s.sockets[i][k] = open_socket_to(live_udp_port(l), SOCK_DGRAM);
            check_by_udp(s.sockets[i][k], &s.peer[i]);
        }
    }
    halls_settle(l); /* each has told the other which addresses are its own */
    for (int i = 0; i < 4; i++) {
        for (int k = 0; k < SOCKETS; k++)
            assert_int_equal(send(s.sockets[i][k], rtp, sizeof rtp, 0), sizeof rtp);
    }
    for (int i = 0; i < HALLS_WAITS && count.drops[0] < 4 * SOCKETS; i++) {
        wait_ms(1); /* nothing is answered */
        count = (struct question){0};
        halls_ask(halls_at(l, 0), &count, halls_run_count);
        halls_ask(halls_at(l, 1), &count, halls_run_count);
    }
    /* before DTLS nothing can be read: it is refused by name, and not as a stranger's */
    assert_int_equal(count.drops[0], 4 * SOCKETS);
    assert_int_equal(count.drops[1], 0);
    assert_true(count.handed > 0); /* 32 pairs of addresses, each by chance */
    for (int i = 0; i < 4 * SOCKETS; i++)
        close(s.sockets[i / SOCKETS][i % SOCKETS]);
    for (int room = 0; room < 2; room++) {
        halls_leave(&s.guest[room]);
        halls_wait_closed(l, 3 + room);
    }
}

/*
 * A socket whose datagrams the kernel gives to the other hall than `home`: found by checks for a
 * name with home's letter that nobody has. Every second socket is one.
 */
static int open_socket_elsewhere(struct live *l, unsigned home)
{
    struct question nobody = {.pwd = "0123456789012345678901"};

    (void)snprintf(nobody.ufrag, sizeof nobody.ufrag, "%cnobody", street_mark(home));
    for (int i = 0; i < HALLS_PATIENCE_S; i++) {
        struct question here = {0}, there = {0}, now = {0};
        int fd = open_socket_to(live_udp_port(l), SOCK_DGRAM);
        uint8_t out[256];
        size_t n = write_check(out, sizeof out, &nobody);

        halls_ask(halls_at(l, home), &here, halls_run_count);
        halls_ask(halls_at(l, 1 - home), &there, halls_run_count);
        assert_int_equal(send(fd, out, n, 0), n);
        for (int k = 0; k < HALLS_WAITS && now.nobodys <= here.nobodys; k++) {
            wait_ms(1); /* nothing is answered */
            now = (struct question){0};
            halls_ask(halls_at(l, home), &now, halls_run_count);
        }
        assert_int_equal(now.nobodys, here.nobodys + 1);
        now = (struct question){0};
        halls_ask(halls_at(l, 1 - home), &now, halls_run_count);
        if (now.handed > there.handed)
            return fd;
        close(fd);
    }
    fail_msg("no socket's datagrams come to hall %u", 1 - home);
    return -1;
}

/* ---- whose an address is ---- */

/* Sends a packet that nobody can read: the hall that knows its address; -1: none does. */
static int hall_of_media(struct live *l, int fd)
{
    static const uint8_t rtp[20] = {0x80, 96};
    struct question before[2] = {0}, now[2];

    for (unsigned i = 0; i < 2; i++)
        halls_ask(halls_at(l, i), &before[i], halls_run_count);
    assert_int_equal(send(fd, rtp, sizeof rtp, 0), sizeof rtp);
    for (int k = 0; k < HALLS_WAITS; k++) {
        for (unsigned i = 0; i < 2; i++) {
            now[i] = (struct question){0};
            halls_ask(halls_at(l, i), &now[i], halls_run_count);
            if (now[i].drops[0] > before[i].drops[0])
                return (int)i;
            if (now[i].drops[1] > before[i].drops[1])
                return -1;
        }
        wait_ms(1); /* nothing is answered */
    }
    fail_msg("the packet came nowhere");
    return -1;
}

/* A check from there, and all that the halls have to say to each other about it. */
static void check_and_settle(struct live *l, int fd, const struct question *q)
{
    check_by_udp(fd, q);
    halls_settle(l);
    halls_settle(l); /* what the first said to others made them say */
}

static void fall_silent(struct live *l, int fd, unsigned hall)
{
    struct sockaddr_in at;
    socklen_t size = sizeof at;
    struct question q = {0};

    assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &size), 0);
    assert_int_equal(addr_parse(S("127.0.0.1"), ntohs(at.sin_port), &q.addr), 0);
    halls_ask(halls_at(l, hall), &q, halls_run_silence);
    assert_int_equal(q.result, 0);
}

/* Checks for the other hall in the name of an address take nothing while it is heard where it is;
 * then it is given, and held as well. */
static void a_forged_check_takes_nothing(void **state)
{
    struct live *l = *state;
    struct scene s;
    int fd;

    set_scene(l, &s);
    for (unsigned at = 0; at < 2; at++) {
        fd = open_socket_elsewhere(l, 1 - at); /* its datagrams come to hall `at` */
        check_and_settle(l, fd, &s.peer[0]);
        assert_int_equal(hall_of_media(l, fd), 0);
        for (int i = 0; i < 3; i++) {
            check_and_settle(l, fd, &s.peer[2]);
            assert_int_equal(hall_of_media(l, fd), 0);
        }
        fall_silent(l, fd, 0);
        for (int i = 0; i < HALLS_TRIES && hall_of_media(l, fd) != 1; i++)
            check_and_settle(l, fd, &s.peer[2]);
        assert_int_equal(hall_of_media(l, fd), 1);
        check_and_settle(l, fd, &s.peer[0]);
        assert_int_equal(hall_of_media(l, fd), 1);
        fall_silent(l, fd, 1);
        for (int i = 0; i < HALLS_TRIES && hall_of_media(l, fd) != 0; i++)
            check_and_settle(l, fd, &s.peer[0]);
        assert_int_equal(hall_of_media(l, fd), 0);
        close(fd);
    }
    for (int room = 0; room < 2; room++) {
        halls_leave(&s.guest[room]);
        halls_wait_closed(l, 3 + room);
    }
}

static void an_address_is_free_with_its_peer(void **state)
{
    struct live *l = *state;
    struct scene s;
    int fd[2];

    set_scene(l, &s);
    for (unsigned at = 0; at < 2; at++) {
        fd[at] = open_socket_elsewhere(l, 1 - at);
        check_and_settle(l, fd[at], &s.peer[2]);
        assert_int_equal(hall_of_media(l, fd[at]), 1);
    }
    halls_leave(&s.guest[1]);
    halls_wait_closed(l, 4);
    for (unsigned at = 0; at < 2; at++) {
        check_and_settle(l, fd[at], &s.peer[0]);
        assert_int_equal(hall_of_media(l, fd[at]), 0);
        close(fd[at]);
    }
    halls_leave(&s.guest[0]);
    halls_wait_closed(l, 3);
}

/* Allocate, or with is_end a Refresh that ends it (RFC 8656 7, 8); asked: the challenge. */
static size_t write_turn(uint8_t *to, size_t room, bool is_end, const struct stun *asked,
                         const struct turn_cred *c)
{
    struct stun m = {.class = STUN_REQUEST, .method = is_end ? STUN_REFRESH : STUN_ALLOCATE};
    char text[128];
    uint8_t key[TURN_LONG_TERM];
    struct wr w = wr_init(to, room);

    m.turn.has_lifetime = is_end;
    m.turn.has_transport = !is_end;
    m.turn.transport = 17;
    m.tid[0] = (uint8_t)((asked != NULL) + is_end);
    if (asked) {
        m.username = str_c(c->user);
        m.turn.realm = asked->turn.realm;
        m.turn.nonce = asked->turn.nonce;
        (void)snprintf(text, sizeof text, "%s:%s:%s", c->user, TURN_REALM, c->password);
        assert_true(EVP_Digest(text, strlen(text), key, NULL, EVP_md5(), NULL));
    }
    stun_write(&w, &m, asked ? (str){(const char *)key, sizeof key} : (str){0});
    assert_false(w.err);
    return wr_len(&w);
}

/* The answer to a request of TURN over UDP. */
static void ask_turn(int fd, const uint8_t *d, size_t n, uint8_t *in, size_t room,
                     struct stun *ret_m)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    ssize_t got;

    assert_int_equal(send(fd, d, n, 0), n);
    assert_int_equal(poll(&p, 1, HALLS_PATIENCE_S * 1000), 1);
    got = recv(fd, in, room, MSG_DONTWAIT);
    assert_true(got > 0);
    assert_int_equal(stun_parse(in, (size_t)got, ret_m), 0);
}

/* A browser has both at one port of its own, and ends the allocation when it needs it no more. */
static void an_address_is_of_ice_and_of_turn(void **state)
{
    struct live *l = *state;
    uint8_t out[300], asked[600], in[600];
    struct stun m, challenge;
    struct scene s;
    int fd = open_socket_elsewhere(l, 0);

    set_scene(l, &s);
    check_and_settle(l, fd, &s.peer[0]);
    ask_turn(fd, out, write_turn(out, sizeof out, false, NULL, NULL), asked, sizeof asked,
             &challenge);
    assert_int_equal(challenge.error, STUN_UNAUTHENTICATED);
    for (int is_end = 0; is_end < 2; is_end++) {
        size_t n = write_turn(out, sizeof out, is_end, &challenge, &s.peer[0].cred);

        ask_turn(fd, out, n, in, sizeof in, &m);
        assert_int_equal(m.class, STUN_RESPONSE);
        halls_settle(l);
        assert_int_equal(hall_of_media(l, fd), 0);
    }
    /* an allocation that speaks holds it alone */
    ask_turn(fd, out, write_turn(out, sizeof out, false, &challenge, &s.peer[0].cred), in,
             sizeof in, &m);
    assert_int_equal(m.class, STUN_RESPONSE);
    fall_silent(l, fd, 0);
    check_and_settle(l, fd, &s.peer[2]);
    check_and_settle(l, fd, &s.peer[2]);
    assert_int_equal(hall_of_media(l, fd), 0);
    close(fd);
    for (int room = 0; room < 2; room++) {
        halls_leave(&s.guest[room]);
        halls_wait_closed(l, 3 + room);
    }
}

/* ---- sound and picture through both halls ---- */

enum { ENOUGH = 60, VOICE_BYTES = 80, CALLERS = 4 };

/* 0, 1: of the first room, who speaks and who listens; 2, 3: of the second. */
struct talk {
    struct guest guest[CALLERS];
    struct caller *caller[CALLERS];
};

static void begin_talk(struct live *l, struct talk *t)
{
    for (unsigned i = 0; i < CALLERS; i++) {
        unsigned room = i / 2;
        struct question q = {.seminar = 3 + room, .role = i % 2 ? SFU_DOWN : SFU_UP};
        struct caller_conf conf = {.is_sending = i % 2 == 0, .voice = VOICE_BYTES + room};

        t->guest[i] = halls_come(l, q.seminar, 10 + i);
        assert_int_equal(halls_by_seminar(l, q.seminar), room);
        conf.fd = open_socket_elsewhere(l, room);
        t->caller[i] = caller_new(&conf);
        q.arena = arena_new();
        q.token = str_c(t->guest[i].token);
        q.offer = caller_offer(t->caller[i], q.arena);
        halls_ask(halls_at(l, room), &q, halls_run_open);
        assert_int_equal(q.result, 0);
        caller_start(t->caller[i], q.answer);
        arena_free(q.arena);
    }
}

static bool has_heard_enough(const struct talk *t)
{
    for (int i = 1; i < CALLERS; i += 2) {
        struct caller_count n;

        caller_count(t->caller[i], &n);
        if (n.voices < ENOUGH || n.pictures < ENOUGH)
            return false;
    }
    return true;
}

static void end_talk(struct live *l, struct talk *t)
{
    for (int i = 0; i < CALLERS; i++) {
        caller_free(t->caller[i]);
        halls_leave(&t->guest[i]);
    }
    halls_wait_closed(l, 3);
    halls_wait_closed(l, 4);
}

/* Real handshakes; all that comes arrives at the wrong hall, and what goes is read by the one it is
 * for, while the other room does the same the other way round. */
static void hear_both_rooms(struct live *l, bool has_gso)
{
    const usec until = clock_mono() + HALLS_PATIENCE_S * USEC_S;
    struct talk t;

    begin_talk(l, &t);
    while (!has_heard_enough(&t) && clock_mono() < until) {
        for (int i = 0; i < CALLERS; i++)
            caller_tick(t.caller[i], clock_mono());
        wait_ms(5); /* the pace of a sender, not a wait for an answer */
    }
    for (unsigned i = 0; i < CALLERS; i++) {
        struct caller_count n;
        struct question count = {0};

        caller_count(t.caller[i], &n);
        assert_true(i % 2 == 0 || (n.voices >= ENOUGH && n.pictures >= ENOUGH));
        assert_int_equal(n.foreign, 0);
        assert_int_equal(n.refused, 0);
        halls_ask(halls_at(l, i / 2), &count, halls_run_count);
        assert_int_equal(count.unread, 0);
        assert_int_equal(count.has_gso, has_gso);
        assert_true(count.handed > 2 * ENOUGH); /* what the other room's speaker has sent */
    }
    end_talk(l, &t);
}

static void rooms_of_both_are_heard(void **state)
{
    hear_both_rooms(*state, true);
}

static void and_datagram_by_datagram(void **state)
{
    hear_both_rooms(*state, false);
}

/* ---- streams: all arrive at the first hall ---- */

static int open_stream(struct live *l, bool is_framed, const uint8_t *unread, size_t n)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct server_raw raw = {.is_framed = is_framed, .nunread = n, .unread = malloc(n)};
    socklen_t size = sizeof to;
    int door = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), far;

    assert_int_equal(bind(door, (struct sockaddr *)&to, size), 0);
    assert_int_equal(listen(door, 1), 0);
    assert_int_equal(getsockname(door, (struct sockaddr *)&to, &size), 0);
    far = open_socket_to(ntohs(to.sin_port), SOCK_STREAM);
    raw.fd = accept4(door, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    close(door);
    assert_true(raw.fd >= 0);
    assert_int_equal(addr_parse(S("127.0.0.1"), 5000, &raw.from), 0);
    memcpy(raw.unread, unread, n);
    live_take(l, &raw);
    return far;
}

/* Reads one whole STUN message. */
static void take_stun(int fd, uint8_t *to, size_t room, struct stun *ret_m)
{
    size_t n;

    halls_take_bytes(fd, to, STUN_HEADER);
    n = (size_t)to[2] << 8 | to[3];
    assert_true(n + STUN_HEADER <= room);
    halls_take_bytes(fd, to + STUN_HEADER, n);
    assert_int_equal(stun_parse(to, n + STUN_HEADER, ret_m), 0);
}

static void ice_tcp_finds_its_hall(struct live *l, const struct question *q)
{
    uint8_t out[300], in[600], length[2];
    size_t n = write_check(out + 2, sizeof out - 2, q);
    struct stun m;
    int fd;

    out[0] = (uint8_t)(n >> 8);
    out[1] = (uint8_t)n;
    fd = open_stream(l, true, out, 2 + n / 2); /* the rest comes later: half says nothing yet */
    assert_int_equal(write(fd, out + 2 + n / 2, n - n / 2), n - n / 2);
    halls_take_bytes(fd, length, 2);
    take_stun(fd, in, sizeof in, &m);
    assert_int_equal(m.class, STUN_RESPONSE);
    close(fd);
}

/* The first hall asks who it is, the second one believes the answer. */
static void turn_finds_its_hall(struct live *l, const struct question *q)
{
    uint8_t out[300], in[600];
    struct question count = {0};
    struct stun m;
    size_t n = write_turn(out, sizeof out, false, NULL, NULL);
    int fd = open_stream(l, false, out, n);

    take_stun(fd, in, sizeof in, &m);
    assert_int_equal(m.error, STUN_UNAUTHENTICATED);
    n = write_turn(out, sizeof out, false, &m, &q->cred);
    assert_int_equal(write(fd, out, n), n);
    take_stun(fd, in, sizeof in, &m);
    assert_int_equal(m.class, STUN_RESPONSE);
    assert_true(m.turn.has_relayed);
    halls_ask(halls_at(l, 1), &count, halls_run_count);
    assert_int_equal(count.allocations, 1);
    close(fd);
}

static void streams_find_their_hall(void **state)
{
    struct live *l = *state;
    struct question count = {0};
    struct scene s;

    set_scene(l, &s);
    ice_tcp_finds_its_hall(l, &s.peer[0]);
    ice_tcp_finds_its_hall(l, &s.peer[2]);
    turn_finds_its_hall(l, &s.peer[3]);
    halls_ask(halls_at(l, 0), &count, halls_run_count);
    assert_int_equal(count.moved, 2);
    close(s.guest[0].fd);
    close(s.guest[1].fd);
}

/* ---- many come and go, by two web threads ---- */

struct crowd {
    struct live *live;
    int64_t first;
};

static void *come_and_go(void *ctx)
{
    const struct crowd *c = ctx;

    for (int round = 0; round < 5; round++) {
        struct guest g[4];

        for (int i = 0; i < 4; i++)
            g[i] = halls_come(c->live, 20 + i, c->first + i);
        for (int i = 0; i < 4; i++)
            halls_leave(&g[i]);
    }
    return NULL;
}

static void rooms_open_and_close_in_both(void **state)
{
    struct live *l = *state;
    struct crowd crowd[2] = {{l, 100}, {l, 200}};
    pthread_t thread[2];

    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&thread[i], NULL, come_and_go, &crowd[i]), 0);
    for (int i = 0; i < 2; i++)
        pthread_join(thread[i], NULL);
    for (int i = 0; i < 4; i++)
        halls_wait_closed(l, 20 + i);
    assert_int_equal(halls_joined(), 40);
    assert_int_equal(halls_left(), 40);
}

const struct CMUnitTest hall_tests[] = {
    cmocka_unit_test_setup_teardown(every_check_is_answered, halls_open, halls_close),
    cmocka_unit_test_setup_teardown(a_forged_check_takes_nothing, halls_open, halls_close),
    cmocka_unit_test_setup_teardown(an_address_is_free_with_its_peer, halls_open, halls_close),
    cmocka_unit_test_setup_teardown(an_address_is_of_ice_and_of_turn, halls_open, halls_close),
    cmocka_unit_test_setup_teardown(rooms_of_both_are_heard, halls_open, halls_close),
    cmocka_unit_test_setup_teardown(and_datagram_by_datagram, halls_open_without_gso, halls_close),
    cmocka_unit_test_setup_teardown(streams_find_their_hall, halls_open, halls_close),
    cmocka_unit_test_setup_teardown(rooms_open_and_close_in_both, halls_open, halls_close),
};
const size_t nhall_tests = NELEM(hall_tests);
