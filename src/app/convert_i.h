/*
 * What the converter's two files share: convert.c (slides, the thread) and convert_picture.c
 * (pictures of news).
 */
#ifndef APP_CONVERT_I_H
#define APP_CONVERT_I_H

#include "app/convert.h"
#include "base/queue.h"
#include "store/writer.h"

#include <pthread.h>
#include <stdatomic.h>

struct arena;
struct box;
struct db;

enum { CONVERT_PATH_BYTES = 512 };

struct convert {
    struct convert_conf conf;
    struct db *db;
    struct arena *arena; /* of one deck's head, or of one page */
    struct queue *queue; /* the writer's answers, and what wakes us */
    struct msg wake;
    atomic_bool is_awake, is_stopping;
    char folder[CONVERT_PATH_BYTES];
    pthread_t thread;
    bool is_running;
};

/* Puts it to the writer and waits for its answer; w->done must note that it has come. */
typedef bool convert_answered_fn(const struct work *w);
void convert_put(struct convert *c, struct work *w, convert_answered_fn *is_answered);
/* The path of a file in our folder, in the arena of the moment. */
const char *convert_path(struct convert *c, const char *name);
int convert_write(const char *path, str bytes);
/* Runs it in the box; an exit code that is not 0 is ERR_SYNTAX: the file is at fault. */
int convert_run(const struct convert *c, struct box *b);
void convert_empty(struct convert *c);
/* Makes the oldest picture that waits. ERR_NOT_FOUND: none does. */
int convert_picture(struct convert *c);

#endif
