/*
 * What a live room leaves behind: fills live's record port with works for the store thread. The
 * media thread calls, the store thread writes; a failure is logged once and the room goes on.
 */
#ifndef APP_RECORD_H
#define APP_RECORD_H

#include "live/record_port.h"

struct writer;

/* The port is valid as long as the writer. */
struct record_port record_port(struct writer *w);

#endif
