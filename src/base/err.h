/*
 * Every error the house can return, in one table: name, HTTP status a page answers with, and the
 * sentence for logs. Functions return 0 or one of these (all negative). Texts for readers are in
 * web/text, by key err_<name>.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include "base/types.h"

/*      NAME        status  text */
#define ERR_TABLE(ERR)                                              \
    ERR(MEM,        503, "out of memory")                           \
    ERR(FULL,       503, "a table or queue is at its limit")        \
    ERR(BUSY,       503, "busy, try again")                         \
    ERR(IO,         503, "reading or writing failed")               \
    ERR(DISK_FULL,  507, "no space left on the disk")               \
    ERR(STORE,      500, "the store refused a statement")           \
    ERR(SCHEMA,     500, "the store is newer than this program")    \
    ERR(SYNTAX,     400, "the input is not well formed")            \
    ERR(RANGE,      400, "a value is outside its range")            \
    ERR(TOO_BIG,    413, "the input is larger than its limit")      \
    ERR(TRUNCATED,  400, "the input ends too early")                \
    ERR(ENCODING,   400, "the text is not valid in its encoding")   \
    ERR(UNSUPPORTED,415, "not supported")                           \
    ERR(AUTH,       401, "a sign-in is needed")                     \
    ERR(DENIED,     403, "not allowed")                             \
    ERR(CSRF,       403, "the form was not sent from this site")    \
    ERR(NOT_FOUND,  404, "no such thing")                           \
    ERR(GONE,       410, "withdrawn")                               \
    ERR(METHOD,     405, "this address does not take that method")  \
    ERR(CONFLICT,   409, "it has changed or exists already")        \
    ERR(RATE,       429, "too many requests")                       \
    ERR(TIMEOUT,    408, "took too long")                           \
    ERR(CLOSED,     503, "the other side has closed")               \
    ERR(CRYPTO,     400, "a signature or a key does not fit")       \
    ERR(REPLAY,     400, "seen before")                             \
    ERR(STATE,      409, "not possible in this state")              \
    ERR(PRECOND,    412, "the version given is not the current one")\
    ERR(INTERNAL,   500, "our mistake")

enum err_index {
#define ERR(name, status, text) ERR_I_##name,
    ERR_TABLE(ERR)
#undef ERR
    ERR_COUNT
};

enum err {
#define ERR(name, status, text) ERR_##name = -(int)ERR_I_##name - 1,
    ERR_TABLE(ERR)
#undef ERR
};

/* For any code, also 0 and codes that are not in the table (then "unknown", 500). */
const char *err_text(int code);
const char *err_name(int code);
int err_http_status(int code);
/* The code of errno after a failed system call: ERR_DISK_FULL for ENOSPC and EDQUOT, ERR_MEM,
 * ERR_BUSY, else ERR_IO. */
int err_from_errno(int saved_errno);

#endif
