#include "media/remb.h"

enum {
    LOST_MUCH_Q8 = 26,  /* 10 %: as Google's loss-based rule, which browsers use on their side */
    LOST_LITTLE_Q8 = 5, /* 2 % */
    LEAST_BPS = 64000,  /* a small picture and a voice */
    FIRST_BPS = 500000,
};

static const usec queue_most =
    150 * USEC_MS; /* so much above the least delay is a queue that grows */
static const usec forget_queue = 10 * USEC_S; /* a path may become longer for good */

void remb_add(struct remb *r, size_t n, usec delay, usec now)
{
    r->bytes += n;
    if (!r->told_at)
        r->told_at = now;
    if (delay < 0)
        return;
    if (!r->has_delay || delay < r->least)
        r->least = delay;
    r->late = r->has_delay ? r->late + (delay - r->late) / 16 : delay;
    r->has_delay = true;
}

static int64_t between(int64_t low, int64_t v, int64_t high)
{
    return v < low ? low : v > high ? high : v;
}

int64_t remb_tell(struct remb *r, unsigned lost_q8, usec now)
{
    usec took = now - r->told_at;
    bool is_queue = r->has_delay && r->late - r->least > queue_most;
    int64_t came, bps = r->bps ? r->bps : FIRST_BPS;

    if (!r->told_at || took <= 0)
        return 0;
    came = (int64_t)r->bytes * 8 * USEC_S / took;
    if (lost_q8 > LOST_MUCH_Q8 || is_queue)
        bps = between(LEAST_BPS, came * 85 / 100, bps);
    else if (lost_q8 < LOST_LITTLE_Q8) /* what is not used proves nothing: at most twice of it */
        bps = between(bps, bps * 108 / 100 + 1000, came * 2 > bps ? came * 2 : bps);
    r->least += (r->late - r->least) * took / (2 * forget_queue);
    r->bps = bps;
    r->bytes = 0;
    r->told_at = now;
    return bps;
}
