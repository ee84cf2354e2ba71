/*
 * One viewer behind a bad line that follows a script, and what that viewer saw and heard. Used by
 * the test that holds thresholds, and by the program that writes the table and the picture.
 */
#ifndef SIM_LINE_H
#define SIM_LINE_H

#include "base/types.h"

enum { LINE_STAGES = 4, LINE_SAMPLES = 160 };

/* What the line gives, for so long. */
struct line_stage {
    usec length;
    int64_t rate_bps;  /* 0: no limit */
    int64_t rival_bps; /* a competing flow of constant rate */
    bool has_download; /* one of TCP, with always more to send */
};

struct line {
    const char *name;
    struct line_stage stages[LINE_STAGES]; /* ends at length 0 */
    double loss, burst;
    usec delay, jitter; /* each way; down only */
    bool has_layers;    /* the speaker's camera sends three sizes */
    bool is_old;        /* the viewer gives no transport-wide feedback */
};

/* Each half second. */
struct line_sample {
    int64_t capacity_bps, came_bps;
    usec waited; /* in the line's queue, the longest */
};

struct line_result {
    unsigned frames_sent, frames;
    unsigned voices_sent, voices_came, voices; /* came by themselves; heard, with those that came
                                                  in RED by the packet behind them */
    unsigned lost_small; /* of small datagrams, by the line itself (sim/net.h) */
    usec gap;       /* the longest in the voice that is heard */
    usec freeze;    /* the longest between two frames */
    usec waited;    /* the longest wait in the queue */
    usec waited_95; /* what 95 % waited less than, from five seconds after each change on */
    usec
        recovered; /* from the beginning of the last stage to a second of moving picture; -1: not */
    double used;   /* of the capacity; 0: it has no limit */
    double used_of_possible; /* of what fits of the source's steps, the media that came for the
                                first time, from five seconds after each change on; 0: no limit */
    int64_t came_bps;
    int64_t rival_bps; /* what the rivals got, over the whole time */
    struct line_sample samples[LINE_SAMPLES];
    unsigned nsamples;
};

/* The lines that the table shows; ends with a NULL name. */
extern const struct line lines[];
/* NULL: none is called so. */
const struct line *line_by_name(const char *name);
/* The one that the picture shows. */
const struct line *line_of_picture(void);

/* The script begins `moment` later in what the speaker sends: what a line does to a frame, to a
 * report or to a probe depends on which is under way. */
void line_run(const struct line *l, uint64_t seed, usec moment, struct line_result *ret_result);

#endif
