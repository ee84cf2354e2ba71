/*
 * What we say to an offer: which lines become tracks of a publisher or slots of a viewer, and the
 * answer that names them.
 */
#ifndef MEDIA_ANSWER_H
#define MEDIA_ANSWER_H

#include "base/types.h"

struct arena;
struct sfu_peer;

/*
 * Fills a new peer with tracks or slots and its fingerprint. ERR_SYNTAX, ERR_UNSUPPORTED, ERR_MEM;
 * the peer may then be half filled and is to be freed.
 */
int answer_write(struct sfu_peer *p, str offer, struct arena *a, str *ret_answer);
/* ICE restart (RFC 9725 4.3.2). ERR_SYNTAX when the fragment asks for none. */
int answer_restart(struct sfu_peer *p, str frag, struct arena *a, str *ret_frag);

#endif
