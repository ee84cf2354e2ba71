/*
 * Reads the configuration file, line by line:
 *
 *     # a remark: only at the beginning of a line
 *     listen = 127.0.0.1:8080
 *     demo = yes
 *
 * Pure: bytes in, names and values out, which point into the text. What a name means is
 * app/config.c's.
 */
#ifndef APP_CONF_H
#define APP_CONF_H

#include "base/types.h"

struct conf {
    str rest;
    unsigned line;   /* of what was read last, from 1 */
    const char *why; /* of a fault, for people */
};

struct conf conf_init(str text);
/*
 * 1: a setting; 0: the end; ERR_SYNTAX: c->line is not well formed, c->why says how. After a fault
 * the next call goes on with the next line.
 */
int conf_next(struct conf *c, str *ret_name, str *ret_value);
/* yes, on, true, 1 and their opposites; ERR_SYNTAX for anything else. */
int conf_bool(str value, bool *ret_on);

#endif
