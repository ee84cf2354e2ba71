/*
 * A control message of a page, from JSON to a struct. Knows the shape of messages and nothing of
 * rooms, so it can be fuzzed alone. No state; any thread. Spec: docs/protocol.md, "From the page";
 * RFC 8259.
 */
#ifndef LIVE_CONTROL_H
#define LIVE_CONTROL_H

#include "base/types.h"

struct arena;

enum control_type {
    CONTROL_HELLO,
    CONTROL_PING,
    CONTROL_HAND,
    CONTROL_CHAT,
    CONTROL_MEDIA,
    CONTROL_WANT,
    CONTROL_STATS,
    CONTROL_LEAVE,
    CONTROL_STAGE,
    CONTROL_LOWER,
    CONTROL_MUTE,
    CONTROL_REMOVE,
    CONTROL_SLIDE,
    CONTROL_LOCK,
    CONTROL_CHANNEL,
    CONTROL_BOOTH,
    CONTROL_HANDOVER,
    CONTROL_SIGNAL,
    CONTROL_GO_LIVE,
    CONTROL_END,
    CONTROL_TYPES,
};

/* What an interpreter asks of who speaks. */
enum control_signal { SIGNAL_FAST, SIGNAL_MIC, CONTROL_SIGNALS };

enum { CONTROL_VIDEO_SLOTS = 5, CONTROL_AUDIO_SLOTS = 3, CONTROL_VERSION = 1 };

/* Only the members that the type has are set; texts live in the arena. */
struct control {
    enum control_type type;
    int64_t person;                /* stage, lower, mute, remove */
    int64_t at;                    /* ping */
    int64_t deck;                  /* slide; 0: none */
    int number;                    /* slide: its page */
    bool is_on;                    /* hand: up; mute, lock, handover: on; hello: hand */
    bool has_mic, has_camera;      /* media */
    str resume;                    /* hello; unset when absent */
    str lang;                      /* channel, booth: code; empty: the floor, none */
    enum control_signal signal;    /* signal */
    str text;                      /* chat: 1 to MAX_CHAT_BYTES bytes of UTF-8 */
    int want[CONTROL_VIDEO_SLOTS]; /* want: height, -1 when not named */
    int loss, rtt, kbps;           /* stats: per cent, ms, kbit/s */
};

/* ERR_SYNTAX, ERR_RANGE, ERR_TOO_BIG, ERR_MEM. ret_type, when not NULL, gets the type as soon as it
 * is known, also on error. */
int control_parse(struct arena *a, str message, int *ret_type, struct control *ret_control);
/* "hello", …; "" outside the list. */
const char *control_type_name(int type);
const char *control_signal_name(enum control_signal s);

#endif
