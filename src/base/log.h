/*
 * Structured log: one line per event, `time level module event key=value …`, written whole by one
 * write(2) to standard error. Library layers (base, net, store, media, domain) use LOG_DEBUG only;
 * app, live and web log once per event. Never log: an address of a reader, a token, a cookie, a
 * text a person wrote.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/types.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

void log_set_level(enum log_level least);
/* "debug", "info", "warn", "error"; ERR_SYNTAX for others. */
int log_level_parse(str s, enum log_level *ret_level);
/* fmt gives the key=value part; quote texts with %.*s inside "" yourself: control characters are
 * replaced by '?'. */
void log_line(enum log_level level, const char *module, const char *event, const char *fmt, ...)
    PRINTF_LIKE(4, 5);

#define log_debug(module, event, ...) log_line(LOG_DEBUG, module, event, __VA_ARGS__)
#define log_info(module, event, ...)  log_line(LOG_INFO, module, event, __VA_ARGS__)
#define log_warn(module, event, ...)  log_line(LOG_WARN, module, event, __VA_ARGS__)
#define log_error(module, event, ...) log_line(LOG_ERROR, module, event, __VA_ARGS__)

#endif
