#include "base/log.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

static const char *const names[] = {"debug", "info", "warn", "error"};

/* Process-wide by nature, like standard error itself; set once at start. */
static _Atomic int least_level = LOG_INFO;

void log_set_level(enum log_level least)
{
    atomic_store(&least_level, (int)least);
}

int log_level_parse(str s, enum log_level *ret_level)
{
    for (size_t i = 0; i < NELEM(names); i++) {
        if (str_eq(s, str_c(names[i]))) {
            *ret_level = (enum log_level)i;
            return 0;
        }
    }
    return ERR_SYNTAX;
}

void log_line(enum log_level level, const char *module, const char *event, const char *fmt, ...)
{
    char line[MAX_LOG_LINE];
    usec now = clock_wall();
    time_t s = (time_t)(now / USEC_S);
    struct tm tm;
    int head, body;
    size_t n;
    va_list ap;

    if ((int)level < atomic_load(&least_level))
        return;
    gmtime_r(&s, &tm);
    head = snprintf(line, sizeof(line), "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ %s %s %s ",
                    tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec,
                    (int)(now / USEC_MS % 1000), names[level], module, event);
    if (head < 0 || (size_t)head >= sizeof(line) - 1)
        return;
    va_start(ap, fmt);
    body = vsnprintf(line + head, sizeof(line) - 1 - (size_t)head, fmt, ap);
    va_end(ap);
    n = (size_t)head + (body > 0 ? (size_t)body : 0);
    if (n > sizeof(line) - 2)
        n = sizeof(line) - 2;
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)line[i] < 0x20 || line[i] == 0x7f)
            line[i] = '?';
    line[n] = '\n';
    if (write(STDERR_FILENO, line, n + 1) < 0)
        return; /* nobody is left to tell */
}
