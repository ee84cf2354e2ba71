#include "media/twcc.h"

#include "base/wr.h"
#include "media/rtcp.h"

#include <string.h>

static const usec period = 50 * USEC_MS; /* what browsers expect; 1 % of a 2 Mbit/s stream */

enum { PER_PART = 256 }; /* deltas of 2 bytes and their chunks stay inside one datagram */

void twcc_init(struct twcc *t)
{
    memset(t, 0, sizeof(*t));
    t->due = INT64_MAX;
}

static usec *place(struct twcc *t, uint32_t seq)
{
    return &t->at[seq % TWCC_WINDOW];
}

void twcc_add(struct twcc *t, uint16_t seq, usec now)
{
    int32_t ahead = (int16_t)(uint16_t)(seq - (uint16_t)t->top);
    uint32_t ext = t->top + (uint32_t)ahead;

    if (!t->is_begun) {
        ext = 65536u + seq;
        t->next = t->top = ext;
        t->is_begun = true;
    }
    if ((int32_t)(ext - t->next) < 0) { /* told about as lost: told once more, as browsers do */
        if (t->top - ext >= TWCC_WINDOW || *place(t, ext))
            return;
        t->next = ext;
    }
    if ((int32_t)(ext - t->top) >= TWCC_WINDOW) { /* a leap costs no more than a window */
        memset(t->at, 0, sizeof(t->at));
        t->top = ext;
    }
    while ((int32_t)(ext - t->top) > 0)
        *place(t, ++t->top) = 0;
    if (t->top - t->next >= TWCC_WINDOW)
        t->next = t->top - TWCC_WINDOW + 1;
    *place(t, ext) = now;
    if (t->due == INT64_MAX)
        t->due = now + period;
}

/* The next numbers, at most PER_PART, some of which have come; those of a longer hole before them
 * are passed over. */
static uint16_t collect(struct twcc *t, usec *at)
{
    uint16_t n = 0;
    bool is_any = false;

    while ((int32_t)(t->top - t->next - n) >= 0) {
        usec came = *place(t, t->next + n);

        at[n++] = came ? came : RTCP_LOST;
        is_any |= came != 0;
        if (n < PER_PART)
            continue;
        if (is_any)
            break;
        t->next += n;
        n = 0;
    }
    return n;
}

bool twcc_write(struct twcc *t, struct wr *w, uint32_t ssrc, uint32_t media_ssrc, usec now)
{
    usec at[PER_PART];
    struct rtcp_twcc head = {.fb_count = t->fb_count};
    unsigned told;

    if (now < t->due)
        return false;
    head.count = collect(t, at);
    head.base_seq = (uint16_t)t->next;
    told = head.count ? rtcp_twcc_write(w, ssrc, media_ssrc, &head, at) : 0;
    t->next += told ? told : head.count;
    if ((int32_t)(t->top - t->next) < 0)
        t->due = INT64_MAX;
    if (told)
        t->fb_count++;
    return told > 0;
}
