/*
 * `kengesh demo`: imports the sample seminar into the store and prints who opens which link. `kengesh password LOGIN`: a new
 * password for a staff account. Both work on the store itself, with the server not running.
 */
#ifndef APP_DEMO_H
#define APP_DEMO_H

struct config;

int demo_run(const struct config *c);
int password_run(const struct config *c);

#endif
