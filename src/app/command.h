/*
 * The table of commands. `kengesh help`, the man page and the completion of the shell are printed
 * from it.
 */
#ifndef APP_COMMAND_H
#define APP_COMMAND_H

#include "base/types.h"

struct config;

typedef int command_run_fn(const struct config *c);

struct command {
    const char *name;
    unsigned bit;     /* which flags of app/flag.c it takes */
    const char *args; /* words that are no flags, as usage shows them; "" for none */
    command_run_fn *run;
    const char *help;
};

/* i from 0 until NULL. */
const struct command *command_at(size_t i);
const struct command *command_by_name(str name);

#endif
