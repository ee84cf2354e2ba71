/*
 * One UDP socket that stands for many hosts: host i of 127.8.0.0/16 is a client, all at one port.
 * Every address of 127/8 is this machine's, so a server sees as many addresses as there are
 * clients, while we read them all in large batches: the cost of waking a thousand sockets is not
 * put into the server's sends.
 */
#ifndef BENCH_WIRE_H
#define BENCH_WIRE_H

#include "base/addr.h"
#include "base/types.h"

struct wire;

enum { WIRE_HOSTS = 60000, WIRE_BATCH = 256, WIRE_PACKET = 1536 };

struct wire_packet {
    unsigned host;
    size_t n;
    int64_t at_ns;  /* CLOCK_REALTIME, when the kernel put it into the socket; 0: not said */
    uint8_t *bytes; /* WIRE_PACKET of room; valid until the next wire_rx */
};

int wire_new(struct wire **ret_wire);
int wire_fd(const struct wire *w);
uint16_t wire_port(const struct wire *w);
void wire_host(unsigned host, char to[static ADDR_TEXT]);
/* At most WIRE_BATCH packets that wait; how many. */
unsigned wire_rx(struct wire *w, struct wire_packet to[static WIRE_BATCH]);
/* Queues a copy; sent by wire_flush, or before when WIRE_BATCH wait. */
void wire_tx(struct wire *w, unsigned host, const struct addr *to, const uint8_t *p, size_t n);
void wire_flush(struct wire *w);
/* Datagrams that the socket had no room for, since it was opened. */
uint64_t wire_overflows(const struct wire *w);
void wire_free(struct wire *w);

#endif
