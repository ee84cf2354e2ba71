/*
 * The test groups of the media layer: one line in SUITES for each <noun>_test.c, which defines int
 * <noun>_suite(void).
 */
#ifndef TESTS_MEDIA_SUITES_H
#define TESTS_MEDIA_SUITES_H

#include "base/types.h"
#include "sweep/sweep.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define SUITES(S)                                                                                  \
    S(alloc)                                                                                       \
    S(answer)                                                                                      \
    S(bwe)                                                                                         \
    S(dtls)                                                                                        \
    S(frame)                                                                                       \
    S(h264)                                                                                        \
    S(hmac_sha1)                                                                                   \
    S(ice)                                                                                         \
    S(layer)                                                                                       \
    S(opus)                                                                                        \
    S(remb)                                                                                        \
    S(pacer)                                                                                       \
    S(ring)                                                                                        \
    S(rtcp)                                                                                        \
    S(rtp)                                                                                         \
    S(sdp)                                                                                         \
    S(slot)                                                                                        \
    S(spans)                                                                                       \
    S(srtp)                                                                                        \
    S(stun)                                                                                        \
    S(track)                                                                                       \
    S(turn)                                                                                        \
    S(twcc)                                                                                        \
    S(vp8)

#define SUITE(name) int name##_suite(void);
SUITES(SUITE)
#undef SUITE

/* Bytes of hexadecimal text, blanks left out; fails the test when it does not fit. Returns how
 * many. */
size_t unhex(uint8_t *to, size_t room, const char *text);
/* A whole file of tests/data in heap memory; fails the test when it is not there. Free with free().
 */
str test_file(const char *name);

extern const struct sweep_row media_sweeps[];
extern const size_t nmedia_sweeps;

#endif
