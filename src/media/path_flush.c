/*
 * The last step of a packet's way in: what the room has collected goes to its viewers, one after
 * the other.
 */
#include "media/path.h"

#include "base/pkt.h"
#include "media/down.h"
#include "media/peer.h"
#include "media/sfu_i.h"
#include "media/sfu_room.h"

#include <limits.h>
#include <string.h>

enum { PAD_MOST = 8 }; /* bytes; below the tag of either suite */

/* Packets of one picture often differ by a byte, and only equal ones leave as one run (net/udp.h):
 * the shorter are filled up with RTP padding, in the place of the tag that they came with. */
static void make_even(const struct sfu_room *r, struct ring_entry *const *e, unsigned first,
                      unsigned end)
{
    uint16_t longest = 0;
    unsigned pad;

    for (unsigned k = first; k < end; k++)
        longest = e[k]->n > longest ? e[k]->n : longest;
    for (unsigned k = first; k < end; k++) {
        pad = (unsigned)(longest - e[k]->n);
        /* the last of a run may be shorter */
        if (pad == 0 || pad > PAD_MOST || k + 1 == end || r->sfu->conf.is_uneven)
            continue;
        memset(e[k]->pkt->data + (e[k]->payload - e[k]->pkt->data) + e[k]->n, (int)pad, pad);
        e[k]->pad = (uint8_t)pad;
    }
}

static bool is_one_run(const struct sfu_room *r, struct ring_entry *const *e, unsigned a,
                       unsigned b)
{
    return e[b] && e[b]->n && r->batch[a].track == r->batch[b].track && e[a]->ts == e[b]->ts;
}

static void make_runs(const struct sfu_room *r, struct ring_entry *const *e)
{
    unsigned end;

    for (unsigned k = 0; k < r->nbatch; k = end) {
        end = k + 1;
        if (!e[k] || !e[k]->n || r->batch[k].track->kind != SFU_VIDEO)
            continue;
        while (end < r->nbatch && is_one_run(r, e, k, end))
            end++;
        if (end - k > 1)
            make_even(r, e, k, end);
    }
}

static void flush_to(struct sfu_peer *viewer, const struct sfu_room *r, struct ring_entry *const *e)
{
    if (!viewer->is_connected || !viewer->ice.is_selected || viewer->is_gone)
        return;
    for (unsigned k = 0; k < r->nbatch; k++)
        if (e[k] && sfu_room_may_see(viewer, r->batch[k].track))
            path_forward(viewer, r->batch[k].track, e[k]);
}

/*
 * With hundreds of viewers nothing of the next one is in the processor's cache: one packet waited
 * for memory five times, 17 % of all time with 1,000 viewers of voices. What is known to be looked
 * at is fetched while the viewer before is served; where it stands, one viewer earlier.
 */
static void fetch_soon(const struct sfu_peer *viewer)
{
    __builtin_prefetch(&viewer->is_connected);
    __builtin_prefetch(&viewer->ice.is_selected);
    __builtin_prefetch(&viewer->down_keys);
    __builtin_prefetch(&viewer->slots);
}

static void fetch(const struct sfu_peer *viewer)
{
    const struct slot *slots = viewer->slots;

    __builtin_prefetch(viewer->down_keys);
    __builtin_prefetch(&viewer->down->bwe.next);
    __builtin_prefetch(&viewer->down->is_paced);
    for (unsigned i = 0; i <= viewer->naudio && i < viewer->naudio + viewer->nvideo; i++) {
        __builtin_prefetch(&slots[i].source);
        __builtin_prefetch(&slots[i].spans.n);
        __builtin_prefetch(&slots[i].frame_ts);
    }
}

static const struct sfu_peer *viewer_at(const struct sfu_room *r, unsigned served)
{
    return served < r->ndowns ? r->downs[(r->served_first + served) % r->ndowns] : NULL;
}

static void fetch_ahead(const struct sfu_room *r)
{
    const struct sfu_peer *next = viewer_at(r, r->nserved + 1),
                          *after = viewer_at(r, r->nserved + 2);

    if (next && next->down)
        fetch(next);
    if (after)
        fetch_soon(after);
}

void path_flush_some(struct sfu_room *r, unsigned max)
{
    struct ring_entry *e[ROOM_BATCH];
    unsigned until = r->sfu->nout + max;

    for (unsigned k = 0; k < r->nbatch; k++) {
        e[k] = ring_by_seq(&r->batch[k].track->ring, r->batch[k].seq);
        if (!e[k] && r->nserved == 0)
            sfu_drop(r->sfu, DROP_RING_GONE);
    }
    if (r->nserved == 0)
        make_runs(r, e);
    while (r->nserved < r->ndowns && r->sfu->nout < until) {
        fetch_ahead(r);
        flush_to(r->downs[(r->served_first + r->nserved++) % r->ndowns], r, e);
    }
    if (r->nserved < r->ndowns)
        return;
    r->nbatch = 0;
    r->nserved = 0;
    /* Another is the first next time, and another the last; below ndowns, or the walk in which it
     * wraps would serve some twice. */
    r->served_first = r->ndowns ? (r->served_first + r->ndowns / 3 + 1) % r->ndowns : 0;
}

void path_flush(struct sfu_room *r)
{
    if (r->nbatch)
        path_flush_some(r, UINT_MAX / 2);
}
