/*
 * RTCP both ways: what publishers and viewers report, and what we report to them (RFC 3550, RFC
 * 4585, RFC 5104).
 */
#ifndef MEDIA_FEEDBACK_H
#define MEDIA_FEEDBACK_H

#include "base/types.h"

struct sfu_peer;

/* A decrypted compound packet of this peer. */
void feedback_rx(struct sfu_peer *p, const uint8_t *d, size_t n, usec now);
/* NACK, key-frame requests, transport feedback and reports that are due. */
void feedback_tick(struct sfu_peer *p, usec now);
/* When feedback_tick has something. */
usec feedback_due(const struct sfu_peer *p);

#endif
