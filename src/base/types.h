/*
 * The three words every file speaks: text with a length, time, and array size.
 * Units: usec is microseconds; wall time counts from 1970 (UTC), monotonic time from an arbitrary
 * start.
 */
#ifndef BASE_TYPES_H
#define BASE_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct str {
    const char *p; /* not NUL-terminated; NULL means "unset", which is not the same as empty */
    size_t n;
} str;

typedef int64_t usec;

#define S(lit)   ((str){"" lit, sizeof(lit) - 1})
#define NELEM(a) (sizeof(a) / sizeof((a)[0]))
#define USEC_MS  ((usec)1000)
#define USEC_S   ((usec)1000000)
#define USEC_DAY ((usec)86400 * USEC_S)

/* For printf("%.*s", STR(s)). */
#define STR(s) (int)(s).n, ((s).p ? (s).p : "")

#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))
#define MUST_CHECK             __attribute__((warn_unused_result))

#endif
