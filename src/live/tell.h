/*
 * The messages to pages, docs/protocol.md "From the server". Each is written once and sent to whom
 * it is for. Owner: the media thread; for the files of a room alone.
 */
#ifndef LIVE_TELL_H
#define LIVE_TELL_H

#include "live/control.h"
#include "media/sfu.h"

struct client;
struct member;
struct memory_chat;
struct room;

void tell_welcome(struct client *c, bool is_resumed, usec now);
void tell_you(struct client *c);
void tell_error(struct client *c, int code, int type);
/* Lines of the largest picture of this page's camera that anybody shows. */
void tell_wish(struct client *c, int height);
void tell_line(struct client *c, enum sfu_line line);
/* To the hosts and who is on stage. */
void tell_blind(struct room *r);
void tell_pong(struct client *c, int64_t at);
void tell_state(struct client *c);
/* One piece of what c is owed (live/roster.c). */
void tell_rest(struct client *c);
/* Who has changed, to everybody who is let in; who is owed people gets them later. */
void tell_roster(struct room *r, usec now);
/* To everybody who is let in. */
void tell_gone(struct room *r);
void tell_slots(struct room *r);
void tell_channels(struct room *r, usec now);
/* To who is on stage, who speaks, and the hosts. */
void tell_signal(struct room *r, const struct member *by, enum control_signal what);
void tell_speaker(struct room *r);
void tell_stage(struct room *r);
void tell_chat(struct room *r, const struct memory_chat *m);
void tell_slide(struct room *r, int64_t by);
void tell_decks(struct room *r);
void tell_lock(struct room *r);
int64_t tell_slot(const struct room *r, enum sfu_kind kind, int slot);

#endif
