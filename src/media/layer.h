/*
 * The layers of one source: what one camera sends several times over, in several sizes (simulcast,
 * RFC 8853), each with temporal sublayers (the TID of VP8). A microphone, or a camera that sends
 * one size, is a source with one layer.
 *
 *     layers ─┬─ at[0]  180 lines   T0 T1 T2      one struct track each, smallest picture first
 *             ├─ at[1]  360 lines   T0 T1 T2
 *             └─ at[2]  720 lines   T0 T1 T2
 *     lead: the first of the offer. The room elects leads; it never changes, at[] is sorted anew
 * when a size becomes known.
 *
 * Two parties choose, and the smaller wins: the page by the height that it shows (layers_fit), the
 * bandwidth of the viewer's line by slot->cap. A slot changes its spatial layer on a key frame
 * only; its temporal one down at once, up where VP8's Y bit allows. Values inside tracks; one
 * thread.
 */
#ifndef MEDIA_LAYER_H
#define MEDIA_LAYER_H

#include "base/types.h"

struct track;

enum {
    LAYER_SPATIALS = 4,  /* as many as an offer may name (SDP_MAX_RIDS); browsers send three */
    LAYER_TEMPORALS = 4, /* the TID of VP8 has two bits */
    LAYER_NONE = -1,     /* spatial: nothing at all */
};

struct layer_pick {
    int8_t spatial, temporal; /* index of at[]; highest TID */
};

#define LAYER_ALL     ((struct layer_pick){LAYER_SPATIALS - 1, LAYER_TEMPORALS - 1})
#define LAYER_NOTHING ((struct layer_pick){LAYER_NONE, LAYER_NONE})

struct layers {
    struct track *lead;
    struct track *at[LAYER_SPATIALS];
    unsigned n;
    usec key_asked_at; /* 0: never */
    int wanted, told;  /* lines of the largest picture that a viewer shows; told to the publisher,
                          -1: not yet */
    usec less_since;   /* less than told would do; 0: it would not */
};

/* How many bits a second a layer has, by TID: RTP header, payload and tag, without IP and UDP. */
struct layer_meter {
    uint32_t bytes[LAYER_TEMPORALS]; /* of the window that began at `since` */
    uint32_t key_bytes;              /* of key frames, as far as they are not counted yet */
    usec since;                      /* 0: nothing has come */
    int64_t bps[LAYER_TEMPORALS];    /* smoothed over about a second; without key frames */
    int64_t key_bps;                 /* of key frames */
    uint8_t temporals;               /* highest TID seen and one; 0: nothing has come */
};

/* A source of this one track. */
void layers_init(struct layers *g, struct track *t);
/* Another size of the same camera. ERR_FULL. */
int layers_join(struct layers *g, struct track *t);
/* Whether the publisher is to be told what is wanted; sets told. More at once; less when it has
 * held for five seconds, because pages turn about. */
bool layers_wish(struct layers *g, usec now);
/* Smallest picture first; by measured rate where heights are not known. */
void layers_sort(struct layers *g);

/* n bytes of a payload have come. Those of a key frame are counted over four seconds: it may be as
 * large as thirty others, and waits for its turn (path_down.c) instead of ruling what is taken for
 * the layer's rate. True when a window has ended: rates are new. */
bool layer_count(struct layer_meter *m, unsigned tid, size_t n, bool is_key, usec now);

/* Up to this TID. */
int64_t layer_rate(const struct layer_meter *m, int temporal);
/* The same for who has it: a key frame that is on its way counts no more than all else does. A page
 * that stands still is nothing but its key frame, and is not taken away before it has come. */
int64_t layer_rate_held(const struct layer_meter *m, int temporal);

/* Something comes in it: a layer that its sender has switched off is not live a second later. */
bool layers_is_live(const struct layers *g, int spatial, usec now);
/* When the last packet of any of them came; -1: none has. */
usec layers_heard_at(const struct layers *g);
/* The best that a picture of so many lines has use for; LAYER_NOTHING for height 0 or a source that
 * sends nothing. The layer is live. */
struct layer_pick layers_fit(const struct layers *g, int height, usec now);
/* The lower of both in each respect. */
struct layer_pick layer_lower(struct layer_pick a, struct layer_pick b);
/* The track of a pick: that layer, or the next live one below it, or the lowest live one; NULL for
 * LAYER_NOTHING and when none is live. */
struct track *layers_track(const struct layers *g, struct layer_pick pick, usec now);
/* What a pick costs now in bits a second, to rise to it or to keep it; 0 when its layer is not
 * live. */
int64_t layers_rate(const struct layers *g, struct layer_pick pick, bool is_held, usec now);
/* Temporal sublayers of a layer: 1 when it has none. */
int layers_temporals(const struct layers *g, int spatial);

#endif
