/*
 * `kengesh account` and `kengesh password`: the accounts of staff, made and mended by whoever may
 * read the data folder. They write to the store beside a running server: SQLite lets one writer in
 * at a time, and rights are read at every request.
 */
#ifndef APP_STAFF_H
#define APP_STAFF_H

struct config;

int account_run(const struct config *c);
int password_run(const struct config *c);

#endif
