/*
 * One HTTP/1.1 request and its answer, blocking: signalling happens before anything is measured. Spec: RFC 9112.
 */
#ifndef BENCH_CALL_H
#define BENCH_CALL_H

#include "base/types.h"

struct arena;

struct call {
    int status;
    str location, body;
};

/*
 * where: "127.0.0.1:8080". body unset: none is sent. The answer lives in the arena. ERR_IO, ERR_TIMEOUT (10 s),
 * ERR_SYNTAX.
 */
int call_http(struct arena *a, const char *where, const char *method, const char *path, const char *type, str body,
              struct call *ret_call);

#endif
