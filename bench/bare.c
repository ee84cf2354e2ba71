/*
 * The bound: a loop that receives a datagram once, encrypts it for every viewer with AES-128-GCM
 * (EVP, a key for each, out of place) and sends in batches. No rooms, no addresses to check, no
 * header to rewrite, nobody who reports: no forwarder on this machine can do more per CPU-second
 * with these system calls. With GSO a frame leaves as few messages: it is waited for until its last
 * packet is there (the source's send call takes some 10 us), and its packets are filled up to one
 * length, as the sfu does (media/path_flush.c); as they come, it needs half as many messages again.
 * The same sizes and the same pace as bench/load, delay measured alike; counted at the receivers.
 * Prints one line of JSON.
 *
 *   parent: source and receivers (bench/wire)  ──▶  child: the loop  ──▶  parent
 */
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "hist.h"
#include "sizes.h"
#include "wire.h"

#include <arpa/inet.h>
#include <getopt.h>
#include <inttypes.h>
#include <netinet/udp.h>
#define ERR_STATE OPENSSL_ERR_STATE
#include <openssl/evp.h>
#undef ERR_STATE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    MAX_VIEWERS = 2048,
    IN = 16,
    OUT = 64,
    RUN = 16,
    HEADER = 12,
    TAG = 16,
    PAD_MOST = 8, /* as media/path_flush.c */
    NAP = 1000,
    PACKET = 1500
};

enum mode { SINGLE, BATCH, GSO };

struct options {
    enum mode mode;
    const char *mode_name, *sizes;
    unsigned viewers, publishers, seconds;
    bool is_audio;
};

/* ---- the loop that is measured ---- */

struct bare {
    int fd;
    enum mode mode;
    unsigned viewers;
    struct sockaddr_in to[MAX_VIEWERS];
    EVP_CIPHER_CTX *keys[MAX_VIEWERS];
    uint64_t count;
    uint64_t *messages; /* shared with the parent */
    unsigned nout, nmsgs;
    struct mmsghdr msgs[OUT];
    struct iovec iov[OUT * RUN];
    _Alignas(struct cmsghdr) char control[OUT][CMSG_SPACE(sizeof(uint16_t))];
    uint8_t bytes[OUT * RUN][PACKET];
};

static void flush(struct bare *b)
{
    unsigned done = 0;

    *b->messages += b->nmsgs;
    if (b->mode == SINGLE) {
        for (; done < b->nmsgs; done++)
            (void)sendmsg(b->fd, &b->msgs[done].msg_hdr, 0);
    }
    while (done < b->nmsgs) {
        int n = sendmmsg(b->fd, b->msgs + done, b->nmsgs - done, 0);

        done += n > 0 ? (unsigned)n : 1;
    }
    b->nmsgs = b->nout = 0;
}

static size_t encrypt(struct bare *b, unsigned viewer, const uint8_t *p, size_t n, uint8_t *to)
{
    EVP_CIPHER_CTX *c = b->keys[viewer];
    uint8_t iv[12] = {0};
    int len;

    b->count++;
    memcpy(iv, &b->count, sizeof(b->count));
    memcpy(to, p, HEADER);
    EVP_EncryptInit_ex(c, NULL, NULL, NULL, iv);
    EVP_EncryptUpdate(c, NULL, &len, to, HEADER);
    EVP_EncryptUpdate(c, to + HEADER, &len, p + HEADER, (int)n - HEADER);
    EVP_EncryptFinal_ex(c, to + n, &len);
    EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_GET_TAG, TAG, to + n);
    return n + TAG;
}

/* Adds a packet to the last message when a GSO run may hold it: one length, only the last one
 * shorter. */
static bool extends_run(const struct bare *b, unsigned viewer, size_t n)
{
    const struct msghdr *m;
    size_t k;

    if (b->mode != GSO || !b->nmsgs)
        return false;
    m = &b->msgs[b->nmsgs - 1].msg_hdr;
    k = m->msg_iovlen;
    return m->msg_name == &b->to[viewer] && k < RUN &&
           m->msg_iov[k - 1].iov_len == m->msg_iov[0].iov_len && n <= m->msg_iov[0].iov_len;
}

static void set_segment(struct bare *b, struct msghdr *m)
{
    uint16_t size = (uint16_t)m->msg_iov[0].iov_len;
    struct cmsghdr *c;

    m->msg_control = b->control[b->nmsgs - 1];
    m->msg_controllen = sizeof(b->control[0]);
    c = CMSG_FIRSTHDR(m);
    c->cmsg_level = IPPROTO_UDP;
    c->cmsg_type = UDP_SEGMENT;
    c->cmsg_len = CMSG_LEN(sizeof(size));
    memcpy(CMSG_DATA(c), &size, sizeof(size));
}

static void put(struct bare *b, unsigned viewer, const uint8_t *p, size_t n)
{
    struct iovec *iov = &b->iov[b->nout];

    *iov = (struct iovec){b->bytes[b->nout], encrypt(b, viewer, p, n, b->bytes[b->nout])};
    b->nout++;
    if (extends_run(b, viewer, iov->iov_len)) {
        struct msghdr *m = &b->msgs[b->nmsgs - 1].msg_hdr;

        m->msg_iovlen++;
        set_segment(b, m);
    } else {
        b->msgs[b->nmsgs++].msg_hdr = (struct msghdr){.msg_name = &b->to[viewer],
                                                      .msg_namelen = sizeof(b->to[viewer]),
                                                      .msg_iov = iov,
                                                      .msg_iovlen = 1};
    }
}

/* Where the mark of a frame's last packet (RFC 3550 5.1, M), its frame's number and the moment of
 * sending stand, the last two in the place of number, timestamp and SSRC: this part is not
 * encrypted. */
enum { MARK_AT = 1, FRAME_AT = 2, STAMP_AT = 4, MARK = 0x80 };

static uint8_t *bytes_of(const struct mmsghdr *m)
{
    return m->msg_hdr.msg_iov->iov_base;
}

static bool is_one_frame(const struct mmsghdr *a, const struct mmsghdr *b)
{
    return a->msg_len > HEADER && b->msg_len > HEADER &&
           !memcmp(bytes_of(a) + FRAME_AT, bytes_of(b) + FRAME_AT, STAMP_AT - FRAME_AT);
}

/* The packets of one frame but the last get one length where a few bytes do it. */
static void make_even(struct mmsghdr *in, unsigned n)
{
    unsigned longest = 0;

    for (unsigned i = 0; i < n; i++)
        longest = in[i].msg_len > longest ? in[i].msg_len : longest;
    for (unsigned i = 0; i + 1 < n; i++) {
        unsigned pad = longest - in[i].msg_len;

        if (pad == 0 || pad > PAD_MOST)
            continue;
        memset(bytes_of(&in[i]) + in[i].msg_len, (int)pad, pad);
        in[i].msg_len = longest;
    }
}

static void make_runs(struct mmsghdr *in, unsigned n)
{
    unsigned end;

    for (unsigned i = 0; i < n; i = end) {
        for (end = i + 1; end < n && is_one_frame(&in[i], &in[end]); end++)
            ;
        make_even(in + i, end - i);
    }
}

/* A viewer's packets stay together, so a run is never cut by a full batch. */
static void forward(struct bare *b, struct mmsghdr *in, unsigned n)
{
    if (b->mode == GSO)
        make_runs(in, n);
    for (unsigned v = 0; v < b->viewers; v++) {
        if (b->nmsgs + n > OUT || b->nout + n > OUT * RUN)
            flush(b);
        for (unsigned i = 0; i < n; i++)
            if (in[i].msg_len > HEADER)
                put(b, v, bytes_of(&in[i]), in[i].msg_len);
    }
    flush(b);
}

/* A batch; with GSO not the half of a frame. */
static int receive_batch(struct bare *b, struct mmsghdr *in)
{
    int n = 0, more;

    do {
        more = recvmmsg(b->fd, in + n, IN - (unsigned)n, MSG_WAITFORONE, NULL);
        if (more <= 0)
            return more;
        n += more;
    } while (b->mode == GSO && n < IN && !(bytes_of(&in[n - 1])[MARK_AT] & MARK));
    return n;
}

static void serve(struct bare *b)
{
    static uint8_t bytes[IN][PACKET];
    struct mmsghdr in[IN] = {0};
    struct iovec iov[IN];

    for (unsigned i = 0; i < IN; i++) {
        iov[i] = (struct iovec){bytes[i], PACKET - TAG};
        in[i].msg_hdr = (struct msghdr){.msg_iov = &iov[i], .msg_iovlen = 1};
    }
    for (;;) {
        int n = receive_batch(b, in);

        if (n <= 0)
            return;
        forward(b, in, (unsigned)n);
    }
}

static int prepare(struct bare *b, const struct options *o, uint16_t to_port, struct addr *ret_addr)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof(at);
    int bytes = 4 << 20;

    b->mode = o->mode;
    b->viewers = o->viewers;
    b->messages =
        mmap(NULL, sizeof(*b->messages), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (b->messages == MAP_FAILED)
        return ERR_MEM;
    b->fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (b->fd < 0 || bind(b->fd, (struct sockaddr *)&at, n) < 0 ||
        getsockname(b->fd, (struct sockaddr *)&at, &n) < 0)
        return ERR_IO;
    (void)setsockopt(b->fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof(bytes));
    (void)setsockopt(b->fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
    for (unsigned v = 0; v < b->viewers; v++) {
        uint8_t key[16] = {(uint8_t)v, (uint8_t)(v >> 8)};
        char ip[ADDR_TEXT];

        wire_host(v + 1, ip);
        b->to[v] = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(to_port)};
        if (inet_pton(AF_INET, ip, &b->to[v].sin_addr) != 1)
            return ERR_RANGE;
        b->keys[v] = EVP_CIPHER_CTX_new();
        if (!b->keys[v] || EVP_EncryptInit_ex(b->keys[v], EVP_aes_128_gcm(), NULL, key, key) != 1)
            return ERR_CRYPTO;
    }
    return addr_parse(S("127.0.0.1"), ntohs(at.sin_port), ret_addr);
}

/* ---- source and receivers ---- */

struct ends {
    struct wire *wire;
    const struct sizes *sizes;
    struct addr server;
    unsigned publishers;
    uint64_t sent, received;
    bool is_audio;
    struct hist delays;
};

static int64_t wall_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void send_frame(struct ends *e, unsigned frame)
{
    static uint8_t bytes[PACKET] = {0x80};
    const struct sizes_frame *f = &e->sizes->frames[frame % e->sizes->nframes];

    memcpy(bytes + FRAME_AT, &(uint16_t){(uint16_t)frame}, sizeof(uint16_t));
    for (unsigned i = 0; i < f->n; i++) {
        int64_t stamp = wall_ns();

        bytes[MARK_AT] = i + 1 == f->n ? MARK : 0;
        memcpy(bytes + STAMP_AT, &stamp, sizeof(stamp));
        wire_tx(e->wire, 0, &e->server, bytes, HEADER + (size_t)f->bytes[i]);
    }
    e->sent += f->n;
    wire_flush(e->wire);
}

static void receive(struct ends *e)
{
    static struct wire_packet packets[WIRE_BATCH];
    unsigned n;

    do {
        n = wire_rx(e->wire, packets);
        e->received += n;
        for (unsigned i = 0; i < n; i++) {
            int64_t stamp = 0;

            if (packets[i].n >= HEADER && packets[i].at_ns) {
                memcpy(&stamp, packets[i].bytes + STAMP_AT, sizeof(stamp));
                hist_add(&e->delays, packets[i].at_ns - stamp);
            }
        }
    } while (n == WIRE_BATCH);
}

static void drive(struct ends *e, usec length)
{
    usec step = (e->is_audio ? 20000 : 33333) / (usec)e->publishers, due = clock_mono(),
         end = due + length;
    struct timespec nap = {.tv_nsec = NAP * 1000};

    for (unsigned frame = 0; clock_mono() < end;) {
        while (due <= clock_mono()) {
            send_frame(e, frame++);
            due += step;
        }
        (void)nanosleep(&nap, NULL);
        receive(e);
    }
    for (unsigned i = 0; i < 100; i++) {
        (void)nanosleep(&nap, NULL);
        receive(e);
    }
}

static void read_options(int argc, char **argv, struct options *o)
{
    static const struct option names[] = {{"mode", 1, NULL, 'm'},
                                          {"sizes", 1, NULL, 'f'},
                                          {"viewers", 1, NULL, 'n'},
                                          {"publishers", 1, NULL, 'p'},
                                          {"seconds", 1, NULL, 't'},
                                          {"audio", 0, NULL, 'a'},
                                          {0}};
    int c;

    *o = (struct options){.mode_name = "gso", .viewers = 300, .publishers = 1, .seconds = 10};
    while ((c = getopt_long(argc, argv, "", names, NULL)) != -1) {
        switch (c) {
        case 'm':
            o->mode_name = optarg;
            break;
        case 'f':
            o->sizes = optarg;
            break;
        case 'n':
            o->viewers = (unsigned)atoi(optarg);
            break;
        case 'p':
            o->publishers = (unsigned)atoi(optarg);
            break;
        case 't':
            o->seconds = (unsigned)atoi(optarg);
            break;
        case 'a':
            o->is_audio = true;
            break;
        default:
            o->sizes = NULL;
            optind = argc;
            break;
        }
    }
    o->mode = !strcmp(o->mode_name, "single")  ? SINGLE
              : !strcmp(o->mode_name, "batch") ? BATCH
                                               : GSO;
    if (!o->sizes || !o->viewers || o->viewers > MAX_VIEWERS || !o->publishers) {
        fputs("bare --sizes FILE [--mode single|batch|gso] [--viewers N] [--publishers M] "
              "[--audio] [--seconds S]\n",
              stderr);
        exit(2);
    }
}

int main(int argc, char **argv)
{
    static struct bare b;
    static struct ends e;
    struct sizes *sizes = NULL;
    struct options o;
    struct rusage used;
    double cpu;
    pid_t child;
    int r;

    read_options(argc, argv, &o);
    r = sizes_read(o.sizes, &sizes);
    if (r == 0)
        r = wire_new(&e.wire);
    if (r == 0)
        r = prepare(&b, &o, wire_port(e.wire), &e.server);
    if (r < 0) {
        fprintf(stderr, "bare: %s\n", err_text(r));
        return 1;
    }
    child = fork();
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGTERM);
        serve(&b);
        _exit(1);
    }
    e.sizes = sizes;
    e.publishers = o.publishers;
    e.is_audio = o.is_audio;
    drive(&e, o.seconds * USEC_S);
    kill(child, SIGTERM);
    if (wait4(child, NULL, 0, &used) < 0)
        return 1;
    cpu = (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
          (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
    printf("{\"server\":\"bare-%s\",\"viewers\":%u,\"publishers\":%u,\"packets\":%" PRIu64
           ",\"messages\":%" PRIu64 ",\"seconds\":%u,\"server_cpu_s\":%.4f"
           ",\"packets_per_cpu_s\":%.0f,\"up\":%" PRIu64 ",\"overflows\":%" PRIu64,
           o.mode_name, o.viewers, o.publishers, e.received, *b.messages, o.seconds, cpu,
           (double)e.received / cpu, e.sent, wire_overflows(e.wire));
    printf(",\"delay_us\":{\"p50\":%.0f,\"p90\":%.0f,\"p99\":%.0f,\"max\":%.0f}}\n",
           (double)hist_at(&e.delays, 0.5) / 1e3, (double)hist_at(&e.delays, 0.9) / 1e3,
           (double)hist_at(&e.delays, 0.99) / 1e3, (double)e.delays.max / 1e3);
    wire_free(e.wire);
    free(sizes);
    return 0;
}
