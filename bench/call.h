/*
 * One HTTP/1.1 request and its answer, blocking: signalling happens before anything is measured.
 * Spec: RFC 9112.
 */
#ifndef BENCH_CALL_H
#define BENCH_CALL_H

#include "base/types.h"

struct arena;

struct call {
    const char *where; /* "127.0.0.1:8080" */
    const char *method, *path, *type;
    str token; /* of the Authorization header; unset: none */
    str body;  /* unset: none is sent */
    /* the answer, in the arena */
    int status;
    str location, reply;
};

/* ERR_IO, ERR_TIMEOUT (10 s), ERR_SYNTAX; the answer is untouched then. */
int call_http(struct arena *a, struct call *c);

#endif
