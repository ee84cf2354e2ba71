/*
 * Shuts a process in that works on foreign bytes: it may read fonts and the like, write to what is
 * open already, and nothing else: no new file to write, no network, no other program. For children
 * (base/child.h), at their start, before they have read a byte.
 */
#ifndef BASE_SANDBOX_H
#define BASE_SANDBOX_H

#include "base/types.h"

/*
 * Folders that may be read, with what is in them; NULL ends the list. Memory, processor time and
 * the number of open files are bounded. ERR_UNSUPPORTED: the kernel has no seccomp. Where it has no
 * Landlock (before 5.13), reading is not bounded to the folders.
 */
int sandbox_enter(const char *const *folders, size_t max_memory, unsigned max_seconds);

#endif
