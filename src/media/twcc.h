/*
 * When the packets of one publisher have come, for transport-wide feedback
 * (draft-holmer-rmcat-transport-wide-cc-extensions-01): without it a browser does not dare to send
 * more. A value inside a peer; one thread.
 */
#ifndef MEDIA_TWCC_H
#define MEDIA_TWCC_H

#include "base/types.h"

struct wr;

enum { TWCC_WINDOW = 1024 }; /* packets between two feedbacks; 100 ms at 10,000 packets/s */

struct twcc {
    usec at[TWCC_WINDOW]; /* by number; 0: has not come */
    uint32_t next, top;   /* extended numbers: the first not told about, the highest that came */
    bool is_begun;
    uint8_t fb_count;
    usec due; /* INT64_MAX: nothing to tell */
};

void twcc_init(struct twcc *t);
void twcc_add(struct twcc *t, uint16_t seq, usec now);
/* Writes one feedback part if it is due. Call until false: a long gap may need more than one. */
bool twcc_write(struct twcc *t, struct wr *w, uint32_t ssrc, uint32_t media_ssrc, usec now);

#endif
