/*
 * Words that the parser (sdp.c) and the writer (sdp_write.c) of session descriptions share.
 * Constant tables, any thread.
 */
#ifndef MEDIA_SDP_I_H
#define MEDIA_SDP_I_H

#include "base/types.h"
#include "media/rtp.h"

enum { SDP_FEEDBACKS = 5, SDP_DIRS = 4 };

/* One bit of feedback and how a=rtcp-fb says it. */
struct sdp_feedback {
    unsigned bit;
    str text;
};

extern const char *const sdp_ext_uris[RTP_EXT_COUNT];
extern const struct sdp_feedback sdp_feedbacks[SDP_FEEDBACKS];
/* By enum sdp_dir. */
extern const str sdp_dirs[SDP_DIRS];

#endif
