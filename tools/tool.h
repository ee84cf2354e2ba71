/*
 * What the build's tools share: messages `file:line: what; how to fix`, whole files, listings, C
 * literals. Each tool is one thread and ends after one run; memory is an arena that lives as long
 * as the process.
 */
#ifndef TOOLS_TOOL_H
#define TOOLS_TOOL_H

#include "base/types.h"

struct arena;
struct sb;

/* To standard error, counted; line 0 is left out. */
void tool_error(const char *file, int line, const char *fmt, ...) PRINTF_LIKE(3, 4);
int tool_errors(void);
/* Memory for the whole run; ends the program when there is none. */
struct arena *tool_arena(void);
/* A whole file with a NUL behind it; unset (and an error said) when it cannot be read. */
str tool_read(const char *path);
bool tool_exists(const char *path);
/* Replaces a file only when it differs, so that nothing is built twice. */
int tool_write(const char *path, const struct sb *text);
/* printf into memory that lasts. */
const char *tool_text(const char *fmt, ...) PRINTF_LIKE(1, 2);

struct tool_names {
    const char **p; /* sorted by bytes */
    size_t n;
    const char **folders; /* that were looked into, `dir` itself too, as they were found */
    size_t nfolders;
};
/* Every file under `dir`, as paths relative to it; not what is hidden, and not node_modules. */
struct tool_names tool_walk(const char *dir);
/* A C string literal, also for bytes that are not text. */
void tool_literal(struct sb *to, str s);
/* A `str` initialiser: {"…", n}, or {0} when unset. */
void tool_str(struct sb *to, str s);
/* KEY_LIKE_THIS of "key.like_this". */
const char *tool_upper(str key);
/* Line number (from 1) of a place in a text. */
int tool_line(str text, size_t at);

#endif
