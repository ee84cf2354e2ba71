/*
 * What an ICE restart says (application/trickle-ice-sdpfrag: RFC 8840, RFC 9725 4.3): a piece of a
 * session description, read in sdp.c and written in sdp_write.c. No state, any thread.
 */
#ifndef MEDIA_SDP_FRAG_H
#define MEDIA_SDP_FRAG_H

#include "base/types.h"

struct arena;
struct sdp_answer;

struct sdp_frag {
    str ufrag, pwd;      /* unset: candidates only (we are ICE-lite and need none of them) */
    str media_line, mid; /* of its first m= line, echoed; unset when absent */
    unsigned ncandidates;
};

/* ERR_SYNTAX, ERR_TOO_BIG. */
int sdp_frag_parse(str text, struct sdp_frag *ret_frag);
/* Our side of an ICE restart: new ufrag, pwd and the candidates of ans; theirs gives the m= line
 * and mid. ERR_MEM. */
int sdp_frag_write(struct arena *a, const struct sdp_frag *theirs, const struct sdp_answer *ans,
                   str *ret_text);

#endif
