/*
 * TLS of the front door, as the operator asked for it: files of his own, a pair made by the house
 * itself, or none. Owner: the main thread.
 */
#ifndef APP_DOOR_H
#define APP_DOOR_H

struct arena;
struct config;
struct tls;

/* *ret_tls is NULL when TLS is not asked for. ERR_SYNTAX when the flags contradict one another or
 * the public address; says why in the log. */
int door_open(const struct config *c, struct arena *a, struct tls **ret_tls);
/* The certificate's fingerprint, on standard output. */
void door_print(struct tls *t);
/* Descriptors of a server with so many media threads: all that the limits let it hold. */
unsigned door_files(unsigned nhalls);
/* Lets the process have them, as far as the system allows. */
void door_raise_files(unsigned nhalls);

#endif
