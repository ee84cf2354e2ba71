/*
 * Packet sizes of a real stream, read from a file of bench/data: RTP payload bytes, frame by frame.
 */
#ifndef BENCH_SIZES_H
#define BENCH_SIZES_H

#include "base/types.h"

enum { SIZES_PACKETS = 64, SIZES_FRAMES = 4096 };

struct sizes_frame {
    unsigned n;
    uint16_t bytes[SIZES_PACKETS];
};

struct sizes {
    bool has_key;
    struct sizes_frame key; /* sent when somebody asks for a key frame */
    unsigned nframes;
    struct sizes_frame frames[SIZES_FRAMES];
};

/*
 * Lines: "# comment", "K n n …" a key frame, "D n n …" another frame, "n" an audio packet.
 * ERR_SYNTAX, ERR_IO, ERR_MEM. Free with free().
 */
int sizes_read(const char *path, struct sizes **ret_sizes);
/* Mean payload bytes of a frame that is not a key frame. */
double sizes_mean(const struct sizes *s);

#endif
