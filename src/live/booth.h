/*
 * Interpretation in a room: booths, channels, who is heard where. Languages by their code, channels
 * by number (media/sfu.h). Owner: the media thread; for the files of a room alone.
 */
#ifndef LIVE_BOOTH_H
#define LIVE_BOOTH_H

#include "base/types.h"
#include "live/control.h"

struct client;
struct member;
struct room;

/* The interpreters of one channel. */
struct booth {
    int64_t on_mic; /* person; 0: nobody */
    int64_t asked;  /* who is asked to take over; 0: nobody */
    usec at;        /* the microphone changes hands then; 0: not agreed */
};

void booth_langs(struct room *r, const str *lang, size_t n);
/* SFU_FLOOR: the seminar has no such language. */
int booth_channel(const struct room *r, str lang);
/* "" for the floor. */
const char *booth_lang(const struct room *r, int channel);
/* What c says and hears goes where it belongs. */
void booth_review(struct client *c, usec now);
void booth_dirty(struct room *r, usec now);
void booth_gone(struct room *r, struct member *p, usec now);
/* p is here again, in the booth of before: with its microphone when nobody has it. */
void booth_back(struct room *r, struct member *p, usec now);
/* Empty: no booth, the floor. ERR_NOT_FOUND: no language of this seminar. */
int booth_set(struct room *r, struct member *p, str lang, usec now);
int booth_listen(struct room *r, struct member *p, str lang, usec now);
/* ERR_STATE: there is nobody to take over, or nobody has asked. */
int booth_handover(struct room *r, struct member *p, bool is_on, usec now);
/* Returns the next deadline. */
usec booth_tick(struct room *r, usec now);
/* A microphone that was given before the restart, and whose person is not back in the booth, goes
 * to whoever is there. */
void booth_free_lost(struct room *r, usec now);
/* ERR_RATE: it has been said a moment ago. */
int booth_signal(struct room *r, const struct member *p, enum control_signal what, usec now);

#endif
