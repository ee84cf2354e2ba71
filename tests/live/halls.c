#include "halls.h"

#include "base/addr.h"
#include "base/arena.h"
#include "base/table.h"
#include "domain/invitation.h"
#include "domain/seminar.h"
#include "live/hall.c"
#include "live/live.c"
#include "live/room_i.h"
#include "live/wire.c"
#include "media/peer.h"
#include "media/sfu_i.h"

#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

_Static_assert((int)HALLS_TOKEN >= (int)ROOM_TOKEN, "a guest's token has room");

/*
 * The thread sanitizer takes every read of a socket for a word from whoever has written to any
 * socket before: two threads that answer datagrams are then in order by chance, and a table that
 * both write is not seen. What our threads hand over is in order by locks and atomics alone.
 */
const char *__tsan_default_options(void);
const char *__tsan_default_options(void)
{
    return "io_sync=0";
}

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

static int open_live(bool is_gso_off, void **state)
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
                             .is_gso_off = is_gso_off,
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

int halls_open(void **state)
{
    return open_live(false, state);
}

int halls_open_without_gso(void **state)
{
    return open_live(true, state);
}

int halls_close(void **state)
{
    live_free(*state);
    return 0;
}

struct hall *halls_at(const struct live *l, unsigned i)
{
    return l->halls[i];
}

int halls_by_seminar(const struct live *l, int64_t seminar)
{
    return board_by_id(l->board, seminar);
}

unsigned halls_joined(void)
{
    return atomic_load(&njoined);
}

unsigned halls_left(void)
{
    return atomic_load(&nleft);
}

/* ---- asking a hall something, on its thread ---- */

void halls_ask(struct hall *h, struct question *q, msg_fn *run)
{
    struct timespec until;

    q->hall = h;
    q->msg = (struct msg){.run = run, .ctx = q};
    assert_int_equal(sem_init(&q->done, 0, 0), 0);
    assert_int_equal(hall_post(h, &q->msg), 0);
    assert_int_equal(clock_gettime(CLOCK_REALTIME, &until), 0);
    until.tv_sec += HALLS_PATIENCE_S;
    assert_int_equal(sem_timedwait(&q->done, &until), 0);
    sem_destroy(&q->done);
}

static void run_nothing(struct msg *m, void *ctx)
{
    (void)m;
    sem_post(&((struct question *)ctx)->done);
}

/* All that the hall was sent before has been done. */
void halls_settle(const struct live *l)
{
    struct question q = {0};

    for (unsigned i = 0; i < l->nhalls; i++)
        halls_ask(l->halls[i], &q, run_nothing);
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

void halls_run_open(struct msg *m, void *ctx)
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
        offer.sdp = q->offer.p ? q->offer : read_offer(text, MAX_SDP_BYTES, q->role);
        q->result = session_open(c, &offer, hall_now(q->hall), a, &answer);
    }
    if (q->result == 0) {
        find_line(answer, "a=ice-ufrag:", q->ufrag, sizeof q->ufrag);
        find_line(answer, "a=ice-pwd:", q->pwd, sizeof q->pwd);
        if (q->arena)
            q->answer = (str){arena_cstr(q->arena, answer), answer.n};
    }
    turn_issue(ways_turn(q->hall->ways), 12, hall_now(q->hall), &q->cred);
    arena_free(a);
    free(text);
    sem_post(&q->done);
}

void halls_run_silence(struct msg *m, void *ctx)
{
    struct question *q = ctx;
    struct sfu_peer *p = table_by_key(q->hall->sfu->by_addr, addr_key(&q->addr));

    (void)m;
    q->result = p ? 0 : ERR_NOT_FOUND;
    for (unsigned i = 0; p && i < p->ice.naddrs; i++)
        p->ice.heard[i] -= 6 * USEC_S;
    sem_post(&q->done);
}

/* As /debug/media says it. */
static unsigned number_after(str page, const char *name)
{
    ptrdiff_t at = str_find(page, str_c(name));

    return at < 0 ? 0 : (unsigned)strtoul(page.p + at + strlen(name), NULL, 10);
}

void halls_run_count(struct msg *m, void *ctx)
{
    struct question *q = ctx;
    struct sb page = sb_init(NULL, 0);
    const char *name;

    (void)m;
    for (unsigned i = 0; (name = sfu_drop_name(i)); i++) {
        bool is_known = !strcmp(name, "KEYS") || !strcmp(name, "RTP_DOWN");
        unsigned n = (unsigned)sfu_drops(q->hall->sfu, i);

        if (is_known || !strcmp(name, "ADDRESS"))
            q->drops[!is_known] += n;
        q->nobodys += !strcmp(name, "STUN_USER") ? n : 0;
        q->unread += str_starts(str_c(name), S("RT")) || !strcmp(name, "DTLS") ? n : 0;
    }
    q->allocations += turn_allocations(ways_turn(q->hall->ways));
    hall_print(q->hall, &page);
    q->has_gso = str_find(sb_str(&page), S(" gso on\n")) >= 0;
    q->moved += number_after(sb_str(&page), " handed on ");
    q->handed += number_after(sb_str(&page), "street handed ");
    sb_done(&page);
    sem_post(&q->done);
}

/* ---- a guest: what a web thread does, and the page's end of the connection ---- */

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

void halls_take_bytes(int fd, void *to, size_t n)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    size_t at = 0;

    while (at < n) {
        ssize_t got =
            poll(&p, 1, HALLS_PATIENCE_S * 1000) == 1 ? read(fd, (char *)to + at, n - at) : -1;

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

        halls_take_bytes(fd, head, 2);
        n = head[1];
        if (n == 126) {
            halls_take_bytes(fd, more, 2);
            n = (size_t)more[0] << 8 | more[1];
        }
        assert_true(n < room);
        halls_take_bytes(fd, to, n);
        to[n] = 0;
    } while (!strstr(to, want));
}

struct guest halls_come(struct live *l, int64_t seminar, int64_t person)
{
    struct guest g = {.fd = send_in(l, seminar, person), .seminar = seminar};
    static _Thread_local char text[65536];
    const char *token;
    char last[4] = {0};

    while (memcmp(last, "\r\n\r\n", 4) != 0) {
        memmove(last, last + 1, 3);
        halls_take_bytes(g.fd, last + 3, 1);
    }
    say(g.fd, "{\"type\":\"hello\",\"version\":1}");
    hear(g.fd, "welcome", text, sizeof text);
    token = strstr(text, "\"token\":\"");
    assert_non_null(token);
    (void)snprintf(g.token, sizeof g.token, "%.*s", ROOM_TOKEN, token + strlen("\"token\":\""));
    return g;
}

void halls_wait_closed(struct live *l, int64_t seminar)
{
    struct pollfd nothing = {.fd = -1};

    for (int i = 0; i < HALLS_WAITS && board_by_id(l->board, seminar) >= 0; i++)
        (void)poll(&nothing, 1, 1); /* until the room's next tick: nothing says that it has gone */
    assert_int_equal(board_by_id(l->board, seminar), -1);
}

void halls_leave(struct guest *g)
{
    say(g->fd, "{\"type\":\"leave\"}");
    close(g->fd);
}
