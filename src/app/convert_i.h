/*
 * What the converter's files share: convert.c (slides, the thread), convert_picture.c (pictures of
 * news), convert_clip.c (clips of media kits) and convert_sound.c (the sound of guides).
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

/* The store would not have it, which a full disk does: it is passed over until then, with those
 * before it, and what stands behind it has its turn. */
struct convert_refused {
    int64_t id; /* of a clip; 0: none yet */
    usec again_at;
    unsigned wait_s;
};

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
    usec begun_at;       /* what failed before for want of a program is tried once more */
    uint64_t heard;      /* the record's version that has been looked through for sounds */
    bool has_heard;      /* it has been, once */
    struct convert_refused refused;
};

/* A change that the converter waits for. Embed it first. */
struct convert_put {
    struct work work;
    bool is_answered;
    int result;
};
/* Puts p to the writer (p->work.act is set, and is_aside if need be); its result. */
int convert_put(struct convert *c, struct convert_put *p);
/* The path of a file in our folder, in the arena of the moment. */
const char *convert_path(struct convert *c, const char *name);
int convert_write(const char *path, str bytes);
/* Runs it in the box; an exit code that is not 0 is ERR_SYNTAX: the file is at fault. */
int convert_run(const struct convert *c, struct box *b);
void convert_empty(struct convert *c);
/* Makes the oldest picture that waits. ERR_NOT_FOUND: none does. */
int convert_picture(struct convert *c);
/* Cleans the oldest clip that waits. ERR_NOT_FOUND: none does. */
int convert_clip(struct convert *c);
/* Makes the first sound that is not as the words are now. ERR_NOT_FOUND: all are. */
int convert_sound(struct convert *c);

#endif
