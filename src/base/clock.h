/*
 * The only places that read a clock. media and domain never call these: they get `usec now` as an
 * argument.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include "base/types.h"

/* Never goes back; for deadlines and media. */
usec clock_mono(void);
/* UTC since 1970; for what is stored and shown. */
usec clock_wall(void);

#endif
