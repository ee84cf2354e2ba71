#include "wire.h"

#include "base/err.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* FIRST: 127.8.0.1. BUFFER: a second of 1 → 300 video; root may go past net.core.rmem_max. */
enum { FIRST = 0x7f080001, BUFFER = 64 << 20, CONTROL = 128 };

struct wire {
    int fd;
    uint16_t port;
    uint64_t overflows;
    unsigned nout;
    struct mmsghdr in[WIRE_BATCH], out[WIRE_BATCH];
    struct iovec in_iov[WIRE_BATCH], out_iov[WIRE_BATCH];
    struct sockaddr_in out_to[WIRE_BATCH];
    _Alignas(struct cmsghdr) char in_control[WIRE_BATCH][CONTROL];
    _Alignas(struct cmsghdr) char out_control[WIRE_BATCH][CONTROL];
    uint8_t in_bytes[WIRE_BATCH][WIRE_PACKET], out_bytes[WIRE_BATCH][WIRE_PACKET];
};

static int open_socket(struct wire *w)
{
    struct sockaddr_in any = {.sin_family = AF_INET};
    socklen_t n = sizeof(any);
    int on = 1, bytes = BUFFER;

    w->fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (w->fd < 0)
        return err_from_errno(errno);
    if (setsockopt(w->fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof(bytes)) < 0)
        (void)setsockopt(w->fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
    if (setsockopt(w->fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof(on)) < 0 ||
        setsockopt(w->fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on)) < 0 ||
        setsockopt(w->fd, SOL_SOCKET, SO_RXQ_OVFL, &on, sizeof(on)) < 0 ||
        bind(w->fd, (struct sockaddr *)&any, sizeof(any)) < 0 ||
        getsockname(w->fd, (struct sockaddr *)&any, &n) < 0)
        return err_from_errno(errno);
    w->port = ntohs(any.sin_port);
    return 0;
}

int wire_new(struct wire **ret_wire)
{
    struct wire *w = calloc(1, sizeof(*w));
    int r;

    if (!w)
        return ERR_MEM;
    r = open_socket(w);
    if (r < 0) {
        wire_free(w);
        return r;
    }
    for (unsigned i = 0; i < WIRE_BATCH; i++) {
        w->in_iov[i] = (struct iovec){w->in_bytes[i], WIRE_PACKET};
        w->out_iov[i].iov_base = w->out_bytes[i];
    }
    *ret_wire = w;
    return 0;
}

int wire_fd(const struct wire *w)
{
    return w->fd;
}

uint16_t wire_port(const struct wire *w)
{
    return w->port;
}

void wire_host(unsigned host, char to[static ADDR_TEXT])
{
    unsigned ip = (unsigned)FIRST + host;

    snprintf(to, ADDR_TEXT, "%u.%u.%u.%u", ip >> 24, ip >> 16 & 255, ip >> 8 & 255, ip & 255);
}

static void read_control(struct wire *w, struct msghdr *m, struct wire_packet *to)
{
    for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR(m, c)) {
        if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
            struct in_pktinfo info;

            memcpy(&info, CMSG_DATA(c), sizeof(info));
            to->host = ntohl(info.ipi_addr.s_addr) - (unsigned)FIRST;
        } else if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SO_TIMESTAMPNS) {
            struct timespec at;

            memcpy(&at, CMSG_DATA(c), sizeof(at));
            to->at_ns = (int64_t)at.tv_sec * 1000000000 + at.tv_nsec;
        } else if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SO_RXQ_OVFL) {
            uint32_t n;

            memcpy(&n, CMSG_DATA(c), sizeof(n));
            w->overflows = n;
        }
    }
}

unsigned wire_rx(struct wire *w, struct wire_packet to[static WIRE_BATCH])
{
    unsigned n = 0;
    int got;

    for (unsigned i = 0; i < WIRE_BATCH; i++)
        w->in[i].msg_hdr = (struct msghdr){.msg_iov = &w->in_iov[i],
                                           .msg_iovlen = 1,
                                           .msg_control = w->in_control[i],
                                           .msg_controllen = CONTROL};
    got = recvmmsg(w->fd, w->in, WIRE_BATCH, MSG_DONTWAIT, NULL);
    for (int i = 0; i < got; i++) {
        struct wire_packet p = {.host = WIRE_HOSTS, .n = w->in[i].msg_len, .bytes = w->in_bytes[i]};

        read_control(w, &w->in[i].msg_hdr, &p);
        if (p.host < WIRE_HOSTS)
            to[n++] = p;
    }
    return n;
}

void wire_tx(struct wire *w, unsigned host, const struct addr *to, const uint8_t *p, size_t n)
{
    struct sockaddr_in *sock = &w->out_to[w->nout];
    struct msghdr *m = &w->out[w->nout].msg_hdr;
    struct in_pktinfo info = {.ipi_spec_dst.s_addr = htonl((unsigned)FIRST + host)};
    struct cmsghdr *c;

    if (n > WIRE_PACKET)
        return;
    memcpy(w->out_bytes[w->nout], p, n);
    w->out_iov[w->nout].iov_len = n;
    *sock = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(to->port)};
    memcpy(&sock->sin_addr, to->ip + 12, 4);
    *m = (struct msghdr){.msg_name = sock,
                         .msg_namelen = sizeof(*sock),
                         .msg_iov = &w->out_iov[w->nout],
                         .msg_iovlen = 1,
                         .msg_control = w->out_control[w->nout],
                         .msg_controllen = CMSG_SPACE(sizeof(info))};
    c = CMSG_FIRSTHDR(m);
    c->cmsg_level = IPPROTO_IP;
    c->cmsg_type = IP_PKTINFO;
    c->cmsg_len = CMSG_LEN(sizeof(info));
    memcpy(CMSG_DATA(c), &info, sizeof(info));
    if (++w->nout == WIRE_BATCH)
        wire_flush(w);
}

void wire_flush(struct wire *w)
{
    unsigned done = 0;

    while (done < w->nout) {
        int n = sendmmsg(w->fd, w->out + done, w->nout - done, 0);

        done += n > 0 ? (unsigned)n : 1; /* what is refused is lost, as on any line */
    }
    w->nout = 0;
}

uint64_t wire_overflows(const struct wire *w)
{
    return w->overflows;
}

void wire_free(struct wire *w)
{
    if (!w)
        return;
    if (w->fd >= 0)
        close(w->fd);
    free(w);
}
