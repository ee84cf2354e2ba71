/*
 * The command that makes the index of the search anew, for a store that was repaired by hand.
 */
#ifndef APP_REINDEX_H
#define APP_REINDEX_H

struct config;

int reindex_run(const struct config *c);

#endif
