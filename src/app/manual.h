/*
 * What the program says about itself, printed from the tables of commands and flags: so none of it
 * can be out of date.
 */
#ifndef APP_MANUAL_H
#define APP_MANUAL_H

#include "base/types.h"

struct command;
struct sb;

/* All commands. */
void manual_help(struct sb *to);
/* One command with its flags. */
void manual_command(struct sb *to, const struct command *cmd);
/* The manual page in man(7) macros: docs/kengesh.1 is this text. */
void manual_man(struct sb *to);
/* Completion for "bash" or "zsh"; ERR_UNSUPPORTED for another shell. */
int manual_completion(struct sb *to, str shell);

#endif
