/*
 * Shuts a process in that works on foreign bytes: what it may read, where it may write if anywhere,
 * whether it may begin another program (and stay in the same box); no network, no other process, no
 * device, no signal to others, and limits of time, memory and file size. Once entered there is no
 * way out. Only system calls: it may be called between fork and execve (signal-safety(7)).
 */
#ifndef BASE_SANDBOX_H
#define BASE_SANDBOX_H

#include "base/types.h"

/* Lists end with NULL; an unset one is empty. A path that is not there is passed over. */
struct sandbox {
    const char *const *read; /* files and folders with all that is in them */
    const char *const *run;  /* the same, to read and to run; set: execve is allowed */
    const char *write;       /* one folder to make, write and remove files in; unset: none at all */
    size_t max_memory;       /* bytes of address space */
    size_t max_file;         /* bytes of one file that is written; pipes are no files */
    unsigned max_seconds;    /* of processor */
};

/* Can this machine shut in a foreign program? ERR_UNSUPPORTED. */
int sandbox_check(void);
/*
 * ERR_UNSUPPORTED: a fence could not be set up; the caller must end. Only for a program of ours
 * that runs no other and writes nothing may Landlock be missing (before Linux 5.13): then all
 * that the server can read is not out of its sight.
 */
int sandbox_enter(const struct sandbox *s);

#endif
