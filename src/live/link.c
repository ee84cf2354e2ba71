#include "live/link.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/pkt.h"
#include "base/sb.h"
#include "media/frame.h"
#include "net/loop.h"
#include "net/server.h"
#include "net/stream.h"

#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

/*
 * WRITE_BYTES: of one write, under a record of TLS. SLOW_BYTES: of a stream that has been full:
 * what TLS has encrypted cannot be dropped any more. DARK_US: how long video stays away after it
 * had to be dropped; a key frame at once would only fill the queue again. ROUND_READS: of one link
 * in one round, so that none keeps the others waiting.
 */
enum {
    WRITE_BYTES = 16000,
    SLOW_BYTES = 2400,
    WRITE_IOV = 64,
    ROUND_READS = 8,
    READ_BYTES = 16 << 10
};
enum { INDEX_BITS = 12, GENERATION_MASK = 0xFFFF };
#define DARK_US  (2 * USEC_S)
#define SLOW_US  (2 * USEC_S)
#define SWEEP_US (5 * USEC_S)

_Static_assert(MAX_LINKS == 1 << INDEX_BITS, "a link's number is its index and a generation");

struct link {
    struct links *all;
    struct link *next_dirty;
    struct link *older, *newer; /* of those that nobody has claimed */
    struct addr from; /* via: the link's own number */
    enum frame_kind kind;
    struct stream stream;
    struct loop_fd *fd;
    struct loop_timer pump; /* bytes that TLS holds */
    struct pkt *out, **out_end;
    unsigned nout;
    unsigned
        nheld;   /* the first packets of out that a write has begun with: they cannot be dropped */
    size_t sent; /* of the first one */
    usec opened_at, heard_at, dark_until, slow_until;
    uint32_t events; /* that are waited for */
    bool is_dirty, is_choked, is_lost;
    bool is_behind;   /* the last write left something */
    bool is_claimed;  /* its end has proved who it is; looked at again by each sweep */
    unsigned nstrange; /* messages before that */
    bool is_settled; /* it has said that it belongs here */
    int home;        /* … or to which other thread: with unread */
    uint8_t *unread;
    size_t nunread;
    size_t nin;
    uint8_t in[FRAME_MAX]; /* the beginning of a message */
};

struct links {
    struct links_conf conf;
    struct loop_timer sweep;
    struct link *by_index[MAX_LINKS];
    unsigned last, generation;
    struct link *dirty;
    struct link *oldest, *newest; /* strangers, in the order of their coming */
    struct links_stats stats;
    uint8_t in[FRAME_MAX + READ_BYTES]; /* within one call */
};

/* ---- who is at the other end ---- */

static void add_stranger(struct link *l)
{
    struct links *all = l->all;

    l->older = all->newest;
    l->newer = NULL;
    *(all->newest ? &all->newest->newer : &all->oldest) = l;
    all->newest = l;
}

static void take_stranger(struct link *l)
{
    struct links *all = l->all;

    if (!l->older && !l->newer && all->oldest != l)
        return; /* is none */
    *(l->older ? &l->older->newer : &all->oldest) = l->newer;
    *(l->newer ? &l->newer->older : &all->newest) = l->older;
    l->older = l->newer = NULL;
}

static bool is_claimed(struct link *l)
{
    if (!l->is_claimed && l->all->conf.is_known(&l->from, l->all->conf.ctx)) {
        l->is_claimed = true;
        take_stranger(l);
    }
    return l->is_claimed;
}

/* ---- the queue ---- */

static void drop(struct link *l, struct pkt **at)
{
    struct pkt *p = *at;

    *at = p->next;
    if (!*at)
        l->out_end = at;
    p->next = NULL;
    pkt_unref(p);
    l->nout--;
    l->all->stats.queued--;
}

/* p will not be sent. */
static void count(struct links *all, const struct pkt *p, enum link_drop why)
{
    all->stats.drops[why]++;
    *(p->is_video ? &all->stats.dropped_video : &all->stats.dropped_audio) += 1;
}

static struct pkt **behind_held(struct link *l)
{
    struct pkt **at = &l->out;

    for (unsigned i = 0; i < l->nheld && *at; i++)
        at = &(*at)->next;
    return at;
}

static void choke(struct link *l, usec now)
{
    struct pkt **at = behind_held(l);

    while (*at) {
        if ((*at)->is_video) {
            count(l->all, *at, LINK_DROP_LATE);
            drop(l, at);
        } else {
            at = &(*at)->next;
        }
    }
    l->dark_until = now + DARK_US;
    if (l->is_choked)
        return;
    l->is_choked = true;
    l->all->conf.choked(&l->from, true, now, l->all->conf.ctx);
}

static void unchoke(struct link *l, usec now)
{
    l->is_choked = false;
    l->all->conf.choked(&l->from, false, now, l->all->conf.ctx);
}

/* Makes the queue short enough for one more. */
static void make_room(struct link *l, usec now)
{
    struct pkt **at;

    if (l->out && now - l->out->at > LINK_VIDEO_US)
        choke(l, now);
    at = behind_held(l);
    while (*at && (now - (*at)->at > LINK_AUDIO_US || l->nout >= MAX_LINK_PACKETS)) {
        count(l->all, *at, now - (*at)->at > LINK_AUDIO_US ? LINK_DROP_OLD : LINK_DROP_FULL);
        drop(l, at);
    }
}

static struct link *by_addr(const struct links *l, const struct addr *a)
{
    struct link *found = l->by_index[a->via & (MAX_LINKS - 1)];

    return found && found->from.via == a->via ? found : NULL;
}

/*
 * Few packets may always wait. More not for a stranger, who could ask without end and read nothing;
 * nor for a stream that stands still while all that may wait for streams is waiting. The others are
 * not touched by either.
 */
static enum link_drop over_share(struct link *l)
{
    if (l->nout < MAX_LINK_FEW)
        return LINK_DROPS;
    if (l->is_behind && l->all->stats.queued >= MAX_LINKS_PACKETS)
        return LINK_DROP_SHARE;
    return is_claimed(l) ? LINK_DROPS : LINK_DROP_STRANGER;
}

/* LINK_DROPS: it may wait. */
static enum link_drop refuse(struct link *l, const struct pkt *p, usec now)
{
    if (p->is_video && l->is_choked)
        return LINK_DROP_DARK;
    if (p->is_video && l->nout >= MAX_LINK_PACKETS) {
        choke(l, now);
        return LINK_DROP_FULL;
    }
    return over_share(l);
}

bool links_tx(struct links *all, struct pkt *p, usec now)
{
    struct link *l = by_addr(all, &p->addr);
    enum link_drop why = !l ? LINK_DROP_GONE : l->is_lost ? LINK_DROP_BROKEN : LINK_DROPS;

    if (why == LINK_DROPS) {
        make_room(l, now);
        why = refuse(l, p, now);
    }
    if (why != LINK_DROPS) {
        count(all, p, why);
        pkt_unref(p);
        return l != NULL;
    }
    if (l->kind == FRAME_LENGTH)
        frame_put(p);
    p->at = now;
    p->next = NULL;
    *l->out_end = p;
    l->out_end = &p->next;
    l->nout++;
    all->stats.queued++;
    if (!l->is_dirty) {
        l->is_dirty = true;
        l->next_dirty = all->dirty;
        all->dirty = l;
    }
    return true;
}

/* ---- the end of a link ---- */

/* The callbacks of the round may still hold it: the end comes by the pump. */
static void lose(struct link *l)
{
    if (l->is_lost)
        return;
    l->is_lost = true;
    loop_timer_set(l->all->conf.loop, &l->pump, loop_now(l->all->conf.loop));
}

static void forget_dirty(struct link *l)
{
    struct link **at = &l->all->dirty;

    while (*at && *at != l)
        at = &(*at)->next_dirty;
    if (*at)
        *at = l->next_dirty;
}

static void link_free(struct link *l)
{
    if (!l)
        return;
    if (l->is_dirty)
        forget_dirty(l);
    take_stranger(l);
    l->nheld = 0;
    while (l->out) {
        count(l->all, l->out, LINK_DROP_CUT);
        drop(l, &l->out);
    }
    loop_timer_cancel(l->all->conf.loop, &l->pump);
    loop_remove(l->fd);
    stream_close(&l->stream);
    free(l->unread);
    if (l->all->by_index[l->from.via & (MAX_LINKS - 1)] == l) {
        l->all->by_index[l->from.via & (MAX_LINKS - 1)] = NULL;
        l->all->stats.open--;
    }
    free(l);
}

static void link_end(struct link *l, usec now)
{
    struct links *all = l->all;
    struct server_raw raw = {.fd = l->stream.fd,
                             .ssl = l->stream.ssl,
                             .unread = l->unread,
                             .nunread = l->nunread,
                             .from = l->from,
                             .is_framed = l->kind == FRAME_LENGTH};
    int home = l->home;

    if (raw.unread) {
        l->stream = (struct stream){.fd = -1};
        l->unread = NULL;
    }
    link_free(l);
    all->conf.closed(&raw.from, now, all->conf.ctx);
    if (!raw.unread)
        return;
    all->stats.moved++;
    raw.from.via = 0;
    all->conf.hand_over(&raw, home, all->conf.ctx);
}

/* ---- out ---- */

/* n bytes have gone. */
static void take(struct link *l, size_t n)
{
    l->nheld = 0;
    n += l->sent;
    while (l->out && n >= l->out->n) {
        n -= l->out->n;
        drop(l, &l->out);
    }
    l->sent = n;
    l->nheld = n > 0;
}

static int write_once(struct link *l, usec now)
{
    struct iovec iov[WRITE_IOV];
    size_t bytes = 0, limit = now < l->slow_until ? SLOW_BYTES : WRITE_BYTES, done = 0;
    int n = 0, r;

    for (struct pkt *p = l->out; p && n < WRITE_IOV; p = p->next) {
        size_t skip = n ? 0 : l->sent;

        if (n && (unsigned)n >= l->nheld && bytes + p->n > limit)
            break;
        iov[n++] = (struct iovec){p->data + skip, p->n - skip};
        bytes += p->n - skip;
    }
    r = stream_write(&l->stream, iov, n, &done);
    if (r == 0)
        take(l, done);
    else if (r == ERR_BUSY && l->stream.ssl)
        l->nheld = (unsigned)n; /* the same bytes must come again */
    return r;
}

static void want(struct link *l, uint32_t more)
{
    if (l->events == (EPOLLIN | more))
        return;
    l->events = EPOLLIN | more;
    if (loop_modify(l->fd, l->events) < 0)
        lose(l);
}

static void flush(struct link *l, usec now)
{
    int r = 0;

    while (l->out && r == 0)
        r = write_once(l, now);
    l->is_behind = r == ERR_BUSY;
    if (r == ERR_BUSY) {
        l->slow_until = now + SLOW_US;
        want(l, l->stream.wants);
        return;
    }
    if (r < 0) {
        lose(l);
        return;
    }
    want(l, 0);
    if (l->is_choked && now >= l->dark_until)
        unchoke(l, now);
}

void links_flush(struct links *all, usec now)
{
    struct link *l;

    while ((l = all->dirty)) {
        all->dirty = l->next_dirty;
        l->is_dirty = false;
        if (!l->is_lost)
            flush(l, now);
    }
}

/* ---- in ---- */

static int give(struct link *l, const uint8_t *d, size_t n, usec now)
{
    const struct links_conf *c = &l->all->conf;
    struct pkt *p;

    if (n > PKT_ROOM)
        return ERR_TOO_BIG;
    p = pkt_get(c->pool);
    if (!p) {
        l->all->stats.drops[LINK_DROP_POOL]++;
        return 0; /* as a datagram that is lost */
    }
    memcpy(p->data, d, n);
    p->n = (uint32_t)n;
    p->addr = l->from;
    p->at = now;
    c->rx(p, now, c->ctx);
    return 0;
}

/* The stream ends here and goes on at another thread, from the message at d on. */
static int move(struct link *l, int home, const uint8_t *d, size_t n)
{
    l->unread = malloc(n);
    if (l->unread)
        memcpy(l->unread, d, n);
    l->nunread = n;
    l->home = home;
    return ERR_CLOSED;
}

static bool is_foreign(struct link *l, const uint8_t *d, size_t n, int *ret_home)
{
    const struct links_conf *c = &l->all->conf;
    int home = l->is_settled || !c->home ? c->here : c->home(d, n, c->ctx);

    l->is_settled |= home == c->here;
    if (home < 0 || home == c->here)
        return false;
    *ret_home = home;
    return true;
}

/* A message costs us a signature or an answer, whoever sends it: a stranger has few of them. */
static bool is_too_strange(struct link *l)
{
    return !l->is_claimed && ++l->nstrange > MAX_LINK_STRANGE && !is_claimed(l);
}

/* Gives every whole message; keeps what is left. */
static int split(struct link *l, const uint8_t *d, size_t n, usec now)
{
    struct frame f;
    int r = 0, home;

    while (n && (r = frame_take(l->kind, d, n, &f)) == 0) {
        if (is_foreign(l, d + f.at, f.n, &home))
            return move(l, home, d, n);
        if (is_too_strange(l))
            return ERR_FULL;
        r = give(l, d + f.at, f.n, now);
        if (r < 0)
            return r;
        d += f.all;
        n -= f.all;
    }
    if (n && r != ERR_BUSY)
        return r;
    if (n)
        memcpy(l->in, d, n); /* under FRAME_MAX, or it had been whole or too long */
    l->nin = n;
    return 0;
}

static int read_once(struct link *l, usec now)
{
    struct links *all = l->all;
    size_t n;
    int r;

    r = stream_read(&l->stream, all->in + l->nin, READ_BYTES, &n);
    if (r < 0)
        return r;
    l->heard_at = now;
    if (l->nin)
        memcpy(all->in, l->in, l->nin);
    r = split(l, all->in, l->nin + n, now);
    all->stats.bad += r < 0 && !l->unread;
    return r;
}

static void read_all(struct link *l, usec now)
{
    int r = 0;

    for (int i = 0; i < ROUND_READS && r == 0; i++)
        r = read_once(l, now);
    if (r == 0 && stream_has_pending(&l->stream))
        loop_timer_set(l->all->conf.loop, &l->pump, now);
    if (r == ERR_BUSY)
        want(l, l->stream.wants | (l->out ? EPOLLOUT : 0));
    else if (r < 0)
        lose(l);
}

static void on_event(uint32_t events, void *ctx)
{
    struct link *l = ctx;
    usec now = loop_now(l->all->conf.loop);

    (void)events;
    if (l->is_lost)
        return;
    read_all(l, now);
    if (!l->is_lost && l->out)
        flush(l, now);
}

static void on_pump(usec now, void *ctx)
{
    struct link *l = ctx;

    if (l->is_lost)
        link_end(l, now);
    else
        read_all(l, now);
}

/* ---- the beginning ---- */

/* A free number; the oldest link that nobody has claimed gives way when there is none. */
static int find_place(struct links *all, usec now)
{
    for (unsigned i = 0; all->stats.open < MAX_LINKS && i < MAX_LINKS; i++) {
        unsigned k = (all->last + 1 + i) & (MAX_LINKS - 1);

        if (!all->by_index[k])
            return (int)k;
    }
    while (all->oldest && is_claimed(all->oldest))
        ; /* is no stranger any more, and not the oldest either */
    if (!all->oldest)
        return ERR_FULL;
    link_end(all->oldest, now);
    return find_place(all, now);
}

static enum addr_way way_of(const struct server_raw *raw)
{
    if (raw->is_framed)
        return ADDR_ICE_TCP;
    return raw->ssl ? ADDR_TURN_TLS : ADDR_TURN_TCP;
}

static void number(struct link *l, unsigned index, enum addr_way way)
{
    struct links *all = l->all;

    all->last = index;
    all->generation = (all->generation + 1) & GENERATION_MASK;
    l->from.via = (uint32_t)way << ADDR_WAY_SHIFT | all->generation << INDEX_BITS | index;
    all->by_index[index] = l;
    all->stats.open++;
    all->stats.taken++;
    add_stranger(l);
}

static void begin(struct link *l, const struct server_raw *raw, usec now)
{
    size_t n = raw->nunread < sizeof(l->all->in) ? raw->nunread : sizeof(l->all->in);

    stream_set_prompt(&l->stream);
    if (n)
        memcpy(l->all->in, raw->unread, n); /* net reads no more than 16 kB of a head */
    if (split(l, l->all->in, n, now) < 0) {
        l->all->stats.bad += !l->unread;
        lose(l);
        return;
    }
    loop_timer_set(l->all->conf.loop, &l->pump, now); /* TLS may hold more */
}

void links_take(struct links *all, const struct server_raw *raw, usec now)
{
    struct link *l = calloc(1, sizeof(*l));
    int place = l ? find_place(all, now) : ERR_MEM;

    if (place < 0) {
        all->stats.refused++;
        server_raw_refuse(raw);
        free(l);
        return;
    }
    l->all = all;
    l->from = raw->from;
    l->kind = raw->is_framed ? FRAME_LENGTH : FRAME_TURN;
    l->stream = (struct stream){.fd = raw->fd, .ssl = raw->ssl};
    l->out_end = &l->out;
    l->opened_at = l->heard_at = now;
    l->pump = (struct loop_timer){.run = on_pump, .ctx = l};
    l->events = EPOLLIN;
    number(l, (unsigned)place, way_of(raw));
    if (loop_add(all->conf.loop, raw->fd, EPOLLIN, on_event, l, &l->fd) < 0) {
        all->stats.refused++;
        link_free(l);
    } else {
        begin(l, raw, now);
    }
    free(raw->unread);
}

/* Whoever was known may be so no longer: an allocation ends, a person leaves. */
static bool is_still_claimed(struct link *l)
{
    if (l->is_claimed && !l->all->conf.is_known(&l->from, l->all->conf.ctx)) {
        l->is_claimed = false;
        l->nstrange = 0;
        add_stranger(l);
    }
    return is_claimed(l);
}

/* Links whose end has fallen silent, and those that nobody has claimed, end here. */
static void on_sweep(usec now, void *ctx)
{
    struct links *all = ctx;

    for (unsigned i = 0; i < MAX_LINKS; i++) {
        struct link *l = all->by_index[i];

        if (!l || l->is_lost)
            continue;
        if (now - l->heard_at > MAX_LINK_IDLE_S * USEC_S ||
            (!is_still_claimed(l) && now - l->opened_at > MAX_LINK_UNKNOWN_S * USEC_S))
            link_end(l, now);
    }
    loop_timer_set(all->conf.loop, &all->sweep, now + SWEEP_US);
}

int links_new(const struct links_conf *c, struct links **ret_links)
{
    struct links *all = calloc(1, sizeof(*all));

    if (!all)
        return ERR_MEM;
    all->conf = *c;
    all->sweep = (struct loop_timer){.run = on_sweep, .ctx = all};
    loop_timer_set(c->loop, &all->sweep, loop_now(c->loop) + SWEEP_US);
    *ret_links = all;
    return 0;
}

void links_stats(const struct links *l, struct links_stats *ret_stats)
{
    *ret_stats = l->stats;
}

void links_print(const struct links *l, struct sb *to)
{
    static const char *const names[] = {
#define DROP(name, text) #name,
        LINK_DROP_TABLE(DROP)
#undef DROP
    };
    const struct links_stats *s = &l->stats;

    sb_printf(to, "streams open %u waiting %u taken %llu handed on %llu refused %llu broken %llu\n",
              s->open, s->queued, (unsigned long long)s->taken, (unsigned long long)s->moved,
              (unsigned long long)s->refused, (unsigned long long)s->bad);
    for (enum link_drop i = 0; i < LINK_DROPS; i++)
        if (s->drops[i])
            sb_printf(to, "stream drop %s %llu\n", names[i], (unsigned long long)s->drops[i]);
    sb_printf(to, "streams dropped video %llu other %llu\n", (unsigned long long)s->dropped_video,
              (unsigned long long)s->dropped_audio);
}

void links_free(struct links *all)
{
    if (!all)
        return;
    for (unsigned i = 0; i < MAX_LINKS; i++)
        link_free(all->by_index[i]);
    loop_timer_cancel(all->conf.loop, &all->sweep);
    free(all);
}
