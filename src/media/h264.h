/*
 * As much of H264 in RTP (RFC 6184) as forwarding needs: where a picture can be entered. Pure
 * function over bytes, any thread.
 *
 *     |F|NRI| type |    1-23: one NAL unit; 24: STAP-A, several with 16-bit lengths; 28: FU-A, a
 * piece |S|E|R| type |    second byte of FU-A; S: the first piece
 */
#ifndef MEDIA_H264_H
#define MEDIA_H264_H

#include "base/types.h"

struct h264 {
    bool has_sps, has_idr; /* a sequence parameter set; the beginning of an IDR picture's slice */
};

/* The payload of one RTP packet. ERR_TRUNCATED: empty or cut; ERR_SYNTAX: a type that RFC 6184 5.2
 * forbids in the modes 0 and 1. */
int h264_parse(const uint8_t *p, size_t n, struct h264 *ret_h264);

#endif
