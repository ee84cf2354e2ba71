/*
 * A program of ours that works on bytes: they go in by its standard input and come out by its
 * standard output. It is a process of its own, so that its libraries' faults are not the server's.
 * Any thread that may wait.
 */
#ifndef BASE_CHILD_H
#define BASE_CHILD_H

#include "base/types.h"

struct arena;

struct child_limits {
    size_t max_out; /* bytes that it may say */
    usec within;    /* then it is killed */
};

/*
 * Runs `path` without arguments and almost without an environment. ERR_TIMEOUT, ERR_TOO_BIG,
 * ERR_NOT_FOUND (no such program), ERR_IO; ERR_SYNTAX: it refused the input (exit code 2);
 * ERR_INTERNAL: it failed otherwise.
 */
int child_run(struct arena *a, const char *path, str in, const struct child_limits *limits,
              str *ret_out);

#endif
