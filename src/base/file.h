/*
 * Whole files, for the command line and for start-up. Never on a web or media thread: a disk may be
 * slow.
 */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "base/types.h"

struct arena;

/* The file's bytes in the arena. ERR_NOT_FOUND, ERR_TOO_BIG over max, ERR_IO. */
int file_read(struct arena *a, const char *path, size_t max, str *ret_bytes);
/* The same without a copy: its pages are read when they are looked at. The file must stay as it is
 * until file_unmap. ERR_IO: also of an empty one. */
int file_map(const char *path, size_t max, str *ret_bytes);
void file_unmap(str bytes); /* an unset one is nothing */
/* Makes the folder (0700) when it is not there; its parent must be. */
int file_make_folder(const char *path);
/* folder/name in the arena; NULL when out of memory. */
const char *file_join(struct arena *a, const char *folder, const char *name);

#endif
