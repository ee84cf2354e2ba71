/*
 * `kengesh pack FILE`: the programme or one guide as a file for reading offline, made beside a
 * running server.
 */
#ifndef APP_PACK_H
#define APP_PACK_H

struct config;

int pack_run(const struct config *c);

#endif
