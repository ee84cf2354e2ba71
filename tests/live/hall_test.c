/*
 * A whole live with two media threads, one room in each, over real sockets:
 *
 *     guest (a WebSocket by hand) ══ hall ── room      sockets ── checks ──▶ the one port
 *
 * The kernel gives a datagram to either thread; every check must be answered all the same.
 */
#include "base/addr.h"
#include "base/arena.h"
#include "base/rd.h"
#include "base/wr.h"
#include "domain/invitation.h"
#include "domain/seminar.h"
#include "live/hall.c"
#include "live/live.c"
#include "live/room_i.h"
#include "live/wire.c"
#include "media/ice.h"
#include "media/stun.h"
#include "media/turn_cred.h"

#include <arpa/inet.h>
#include <fcntl.h>
/* OpenSSL has a type of that name. */
#define ERR_STATE OPENSSL_ERR_STATE
#include <openssl/evp.h>
#undef ERR_STATE
#include <poll.h>
#include <semaphore.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

enum { PATIENCE_S = 60, SOCKETS = 8, AGAIN_MS = 300, TRIES = PATIENCE_S * 1000 / AGAIN_MS };

/* ---- a record that nobody keeps: called from both threads ---- */

static atomic_uint njoined, nleft;

static void rec_joined(void *ctx, int64_t s, int64_t p, int64_t c, usec at)
{
    (void)ctx, (void)s, (void)p, (void)c, (void)at;
    atomic_fetch_add(&njoined, 1);
}

static void rec_seen(void *ctx, int64_t s, const int64_t *c, size_t n, usec at)
{
    (void)ctx, (void)s, (void)c, (void)n, (void)at;
}

static void rec_left(void *ctx, int64_t s, int64_t c, usec at)
{
    (void)ctx, (void)s, (void)c, (void)at;
    atomic_fetch_add(&nleft, 1);
}

static void rec_closed(void *ctx, int64_t s, usec at)
{
    (void)ctx, (void)s, (void)at;
}

static void rec_state(void *ctx, int64_t s, int64_t by, int state, usec at)
{
    (void)ctx, (void)s, (void)by, (void)state, (void)at;
}

static void rec_stage(void *ctx, int64_t s, int64_t by, int64_t p, usec at)
{
    (void)ctx, (void)s, (void)by, (void)p, (void)at;
}

static void rec_slide(void *ctx, int64_t s, int64_t deck, int number)
{
    (void)ctx, (void)s, (void)deck, (void)number;
}

static void rec_lock(void *ctx, int64_t s, bool is_on)
{
    (void)ctx, (void)s, (void)is_on;
}

static void rec_person(void *ctx, int64_t s, const struct memory_person *p)
{
    (void)ctx, (void)s, (void)p;
}

static void rec_place(void *ctx, int64_t s, int64_t p, str token)
{
    (void)ctx, (void)s, (void)p, (void)token;
}

static void rec_chat(void *ctx, int64_t s, const struct memory_chat *m)
{
    (void)ctx, (void)s, (void)m;
}

static int open_live(void **state)
{
    struct live_conf conf = {.record = {.joined = rec_joined,
                                        .seen = rec_seen,
                                        .left = rec_left,
                                        .closed = rec_closed,
                                        .state = rec_state,
                                        .stage = rec_stage,
                                        .slide = rec_slide,
                                        .lock = rec_lock,
                                        .person = rec_person,
                                        .place = rec_place,
                                        .chat = rec_chat},
                             .nhalls = 2,
                             .has_tls = true,
                             .nannounce = 1};
    struct addr at;
    struct live *l;

    log_set_level(LOG_WARN);
    atomic_store(&njoined, 0);
    atomic_store(&nleft, 0);
    if (addr_parse(S("127.0.0.1"), 0, &at) < 0)
        return -1;
    conf.bind_to = at;
    conf.announce = &at;
    if (live_new(&conf, &l) < 0)
        return -1;
    *state = l;
    return 0;
}

static int close_live(void **state)
{
    live_free(*state);
    return 0;
}

/* ---- asking a hall something, on its thread ---- */

struct question {
    struct msg msg;
    struct hall *hall;
    int64_t seminar;
    str token;
    enum sfu_role role;
    int result;
    char ufrag[ICE_UFRAG + 1], pwd[ICE_PWD + 1];
    struct turn_cred cred;
    unsigned drops[2]; /* of datagrams from a known address; from an unknown one */
    unsigned allocations;
    unsigned handed, moved; /* to the other hall: datagrams; streams */
    sem_t done;
};

static void ask(struct hall *h, struct question *q, msg_fn *run)
{
    struct timespec until;

    q->hall = h;
    q->msg = (struct msg){.run = run, .ctx = q};
    assert_int_equal(sem_init(&q->done, 0, 0), 0);
    assert_int_equal(hall_post(h, &q->msg), 0);
    assert_int_equal(clock_gettime(CLOCK_REALTIME, &until), 0);
    until.tv_sec += PATIENCE_S;
    assert_int_equal(sem_timedwait(&q->done, &until), 0);
    sem_destroy(&q->done);
}

static void run_nothing(struct msg *m, void *ctx)
{
    (void)m;
    sem_post(&((struct question *)ctx)->done);
}

/* All that the hall was sent before has been done. */
static void settle(struct live *l)
{
    struct question q = {0};

    for (unsigned i = 0; i < l->nhalls; i++)
        ask(l->halls[i], &q, run_nothing);
}

static str read_offer(char *to, size_t room, enum sfu_role role)
{
    char path[512];
    str s = {to, 0};
    FILE *f;

    (void)snprintf(path, sizeof path, "%s/tests/data/sdp/chromium_%s.sdp", ROOT,
                   role == SFU_UP ? "publish" : "listen");
    f = fopen(path, "rb");
    if (f)
        s.n = fread(to, 1, room, f);
    if (f)
        fclose(f);
    return s;
}

static void find_line(str sdp, const char *name, char *to, size_t room)
{
    size_t at = (size_t)str_find(sdp, str_c(name));
    str rest = str_from(sdp, at + strlen(name));

    (void)str_copy(to, room, str_cut(rest, '\r').head);
}

static void run_open(struct msg *m, void *ctx)
{
    struct question *q = ctx;
    struct room *r = hall_room(q->hall, q->seminar);
    struct client *c = r ? room_by_token(r, q->token) : NULL;
    char *text = malloc(MAX_SDP_BYTES);
    struct arena *a = arena_new();
    struct session_offer offer = {.role = q->role};
    str answer;

    (void)m;
    q->result = c && text ? 0 : ERR_NOT_FOUND;
    if (q->result == 0) {
        offer.sdp = read_offer(text, MAX_SDP_BYTES, q->role);
        q->result = session_open(c, &offer, hall_now(q->hall), a, &answer);
    }
    if (q->result == 0) {
        find_line(answer, "a=ice-ufrag:", q->ufrag, sizeof q->ufrag);
        find_line(answer, "a=ice-pwd:", q->pwd, sizeof q->pwd);
    }
    turn_issue(ways_turn(q->hall->ways), 12, hall_now(q->hall), &q->cred);
    arena_free(a);
    free(text);
    sem_post(&q->done);
}

/* As /debug/media says it. */
static unsigned number_after(const struct sb *page, const char *name)
{
    str rest = str_from(sb_str(page), (size_t)str_find(sb_str(page), str_c(name)) + strlen(name));

    return (unsigned)strtoul(rest.p, NULL, 10);
}

static void run_count(struct msg *m, void *ctx)
{
    struct question *q = ctx;
    struct sb page = sb_init(NULL, 0);
    const char *name;

    (void)m;
    for (unsigned i = 0; (name = sfu_drop_name(i)); i++) {
        bool is_known = !strcmp(name, "KEYS") || !strcmp(name, "RTP_DOWN");

        if (is_known || !strcmp(name, "ADDRESS"))
            q->drops[!is_known] += (unsigned)sfu_drops(q->hall->sfu, i);
    }
    q->allocations += turn_allocations(ways_turn(q->hall->ways));
    hall_print(q->hall, &page);
    q->moved += number_after(&page, " handed on ");
    q->handed += number_after(&page, "street handed ");
    sb_done(&page);
    sem_post(&q->done);
}

/* ---- a guest: what a web thread does, and the page's end of the connection ---- */

struct guest {
    int fd;
    int64_t seminar;
    char token[ROOM_TOKEN + 1];
};

static int send_in(struct live *l, int64_t seminar, int64_t person)
{
    struct joining *j = calloc(1, sizeof *j);
    char slug[32];
    struct live_join who = {.seminar_id = seminar,
                            .person_id = person,
                            .name = S("A guest"),
                            .organisation = S("Somewhere"),
                            .role = ROLE_HOST,
                            .state = SEMINAR_LIVE};
    int fds[2];

    (void)snprintf(slug, sizeof slug, "seminar-%lld", (long long)seminar);
    who.slug = str_c(slug);
    assert_non_null(j);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
    assert_int_equal(fcntl(fds[0], F_SETFL, O_NONBLOCK), 0);
    fill(j, &who);
    assert_int_equal(board_take(l->board, seminar, j->who.slug, &j->seat), 0);
    (void)snprintf(j->handover.accept, sizeof j->handover.accept, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    j->handover.connection.fd = fds[0];
    j->hall = l->halls[seat_hall(j->seat)];
    j->msg = (struct msg){.run = run_join, .ctx = j};
    assert_int_equal(hall_post(j->hall, &j->msg), 0);
    return fds[1];
}

static void take_bytes(int fd, void *to, size_t n)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    size_t at = 0;

    while (at < n) {
        ssize_t got = poll(&p, 1, PATIENCE_S * 1000) == 1 ? read(fd, (char *)to + at, n - at) : -1;

        assert_true(got > 0);
        at += (size_t)got;
    }
}

static void say(int fd, const char *text)
{
    uint8_t frame[128] = {0x81, (uint8_t)(0x80 | strlen(text))}; /* masked with zeros */

    memcpy(frame + 6, text, strlen(text));
    assert_int_equal(write(fd, frame, 6 + strlen(text)), 6 + strlen(text));
}

/* The next message of that type, RFC 6455 5.2. */
static void hear(int fd, const char *type, char *to, size_t room)
{
    char want[64];
    uint8_t head[2], more[2];

    (void)snprintf(want, sizeof want, "\"type\":\"%s\"", type);
    do {
        size_t n;

        take_bytes(fd, head, 2);
        n = head[1];
        if (n == 126) {
            take_bytes(fd, more, 2);
            n = (size_t)more[0] << 8 | more[1];
        }
        assert_true(n < room);
        take_bytes(fd, to, n);
        to[n] = 0;
    } while (!strstr(to, want));
}

static struct guest come(struct live *l, int64_t seminar, int64_t person)
{
    struct guest g = {.fd = send_in(l, seminar, person), .seminar = seminar};
    static _Thread_local char text[65536];
    const char *token;
    char last[4] = {0};

    while (memcmp(last, "\r\n\r\n", 4) != 0) {
        memmove(last, last + 1, 3);
        take_bytes(g.fd, last + 3, 1);
    }
    say(g.fd, "{\"type\":\"hello\",\"version\":1}");
    hear(g.fd, "welcome", text, sizeof text);
    token = strstr(text, "\"token\":\"");
    assert_non_null(token);
    (void)snprintf(g.token, sizeof g.token, "%.*s", ROOM_TOKEN, token + strlen("\"token\":\""));
    return g;
}

static void wait_until_closed(struct live *l, int64_t seminar)
{
    struct pollfd nothing = {.fd = -1};

    for (int i = 0; i < TRIES && board_by_id(l->board, seminar) >= 0; i++)
        (void)poll(&nothing, 1, 1); /* until the room's next tick: nothing says that it has gone */
    assert_int_equal(board_by_id(l->board, seminar), -1);
}

static void leave(struct guest *g)
{
    say(g->fd, "{\"type\":\"leave\"}");
    close(g->fd);
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

    for (int i = 0; i < TRIES; i++) {
        assert_int_equal(send(fd, out, n, 0), n);
        if (poll(&p, 1, AGAIN_MS) == 1)
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
        s->guest[room] = come(l, 3 + room, 10 + room);
        assert_int_equal(board_by_id(l->board, 3 + room), room);
        for (int k = 0; k < 2; k++) {
            struct question *q = &s->peer[room * 2 + k];

            *q = (struct question){.seminar = 3 + room,
                                   .token = str_c(s->guest[room].token),
                                   .role = k ? SFU_DOWN : SFU_UP};
            ask(l->halls[room], q, run_open);
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
    settle(l); /* each has told the other which addresses are its own */
    for (int i = 0; i < 4; i++) {
        for (int k = 0; k < SOCKETS; k++)
            assert_int_equal(send(s.sockets[i][k], rtp, sizeof rtp, 0), sizeof rtp);
    }
    for (int i = 0; i < TRIES && count.drops[0] < 4 * SOCKETS; i++) {
        count = (struct question){0};
        ask(l->halls[0], &count, run_count);
        ask(l->halls[1], &count, run_count);
    }
    /* before DTLS nothing can be read: it is refused by name, and not as a stranger's */
    assert_int_equal(count.drops[0], 4 * SOCKETS);
    assert_int_equal(count.drops[1], 0);
    assert_true(count.handed > 0); /* 32 pairs of addresses, each by chance */
    for (int i = 0; i < 4 * SOCKETS; i++)
        close(s.sockets[i / SOCKETS][i % SOCKETS]);
    for (int room = 0; room < 2; room++) {
        leave(&s.guest[room]);
        wait_until_closed(l, 3 + room);
    }
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

    take_bytes(fd, to, STUN_HEADER);
    n = (size_t)to[2] << 8 | to[3];
    assert_true(n + STUN_HEADER <= room);
    take_bytes(fd, to + STUN_HEADER, n);
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
    take_bytes(fd, length, 2);
    take_stun(fd, in, sizeof in, &m);
    assert_int_equal(m.class, STUN_RESPONSE);
    close(fd);
}

static size_t write_allocate(uint8_t *to, size_t room, const struct stun *asked,
                             const struct turn_cred *c)
{
    struct stun m = {.class = STUN_REQUEST, .method = STUN_ALLOCATE};
    char text[128];
    uint8_t key[TURN_LONG_TERM];
    struct wr w = wr_init(to, room);

    m.turn.has_transport = true;
    m.turn.transport = 17;
    m.tid[0] = asked != NULL;
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

/* The first hall asks who it is, the second one believes the answer. */
static void turn_finds_its_hall(struct live *l, const struct question *q)
{
    uint8_t out[300], in[600];
    struct question count = {0};
    struct stun m;
    size_t n = write_allocate(out, sizeof out, NULL, NULL);
    int fd = open_stream(l, false, out, n);

    take_stun(fd, in, sizeof in, &m);
    assert_int_equal(m.error, STUN_UNAUTHENTICATED);
    n = write_allocate(out, sizeof out, &m, &q->cred);
    assert_int_equal(write(fd, out, n), n);
    take_stun(fd, in, sizeof in, &m);
    assert_int_equal(m.class, STUN_RESPONSE);
    assert_true(m.turn.has_relayed);
    ask(l->halls[1], &count, run_count);
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
    ask(l->halls[0], &count, run_count);
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
            g[i] = come(c->live, 20 + i, c->first + i);
        for (int i = 0; i < 4; i++)
            leave(&g[i]);
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
        wait_until_closed(l, 20 + i);
    assert_int_equal(atomic_load(&njoined), 40);
    assert_int_equal(atomic_load(&nleft), 40);
}

const struct CMUnitTest hall_tests[] = {
    cmocka_unit_test_setup_teardown(every_check_is_answered, open_live, close_live),
    cmocka_unit_test_setup_teardown(streams_find_their_hall, open_live, close_live),
    cmocka_unit_test_setup_teardown(rooms_open_and_close_in_both, open_live, close_live),
};
const size_t nhall_tests = NELEM(hall_tests);
