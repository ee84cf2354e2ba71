/*
 * What an Opus packet says about itself without being decoded (RFC 6716 3): length, mode, whether
 * it is silence. Pure function over bytes, any thread.
 *
 *     | config (5) |s| c |   s: stereo; c: 0 one frame, 1 two equal, 2 two, 3 a count follows
 */
#ifndef MEDIA_OPUS_H
#define MEDIA_OPUS_H

#include "base/types.h"

enum opus_mode { OPUS_SILK, OPUS_HYBRID, OPUS_CELT };

struct opus {
    enum opus_mode mode;
    bool is_stereo;
    bool is_dtx; /* no sound inside: every frame has at most one byte (RFC 6716 2.1.9) */
    uint8_t frames;
    uint32_t frame_us;  /* 2,500 to 60,000 */
    uint32_t packet_us; /* all frames, at most 120,000 (RFC 6716 3.4 R5) */
};

/* ERR_TRUNCATED: empty; ERR_SYNTAX: breaks a rule of RFC 6716 3.4. */
int opus_parse(const uint8_t *p, size_t n, struct opus *ret_opus);

#endif
