/*
 * The table of flags: what can be set on the command line, in the environment and in the
 * configuration file. Help, man page, completion and the parsers all read this one table.
 */
#ifndef APP_FLAG_H
#define APP_FLAG_H

#include "base/types.h"

enum command_bits {
    CMD_SERVE = 1 << 0,
    CMD_DEMO = 1 << 1,
    CMD_GEO = 1 << 2,
    CMD_TABLE = 1 << 3, /* prints a table; no flags */
    CMD_PASSWORD = 1 << 4,
    CMD_ACCOUNT = 1 << 5,
    CMD_REINDEX = 1 << 6,
    CMD_PACK = 1 << 7,
};

struct flag {
    const char *name; /* "data": --data on the command line, data = … in the file */
    const char *env;  /* NULL: not in the environment */
    size_t offset;    /* into struct config: a const char *, or a bool when value is NULL */
    unsigned commands;
    const char *value;    /* "FOLDER"; NULL: a switch */
    const char *fallback; /* NULL: unset */
    const char *help;
};

/* i from 0 until NULL. */
const struct flag *flag_at(size_t i);
/* The flag `name` (without dashes) of a command; NULL when it has none of this name. */
const struct flag *flag_by_name(str name, unsigned bit);
/* May it stand in the configuration file? All that `serve` takes may, but for the file's own name.
 */
bool flag_in_file(const struct flag *f);

#endif
