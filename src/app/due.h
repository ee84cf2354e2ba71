/*
 * The newsroom's clock: publishes what is due and withdraws stories whose consent has ended
 * (domain/desk.h), by a change on the store thread. A thread of its own looks once a second, since
 * a moment may be set, moved or taken back at any time; nothing is ever early, after a restart as
 * little as before one, because the moments are in the store.
 */
#ifndef APP_DUE_H
#define APP_DUE_H

#include "base/types.h"

struct due;
struct writer;

/* The writer outlives it. */
int due_new(const char *db_path, struct writer *writer, struct due **ret_due);
/* NULL-safe. */
void due_free(struct due *d);

#endif
