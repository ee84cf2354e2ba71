/*
 * `kengesh demo`: imports the sample seminar into the store and prints who opens which link. Works
 * on the store itself, with the server not running.
 */
#ifndef APP_DEMO_H
#define APP_DEMO_H

struct config;

int demo_run(const struct config *c);

#endif
