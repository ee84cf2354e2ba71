/*
 * Makes slides (domain/slides.h), pictures of news (domain/picture.h) and clips of media kits
 * (domain/clip.h) of the files that wait in the store, and the sound of guides (domain/sound.h) of
 * their words, once for each state of them: one thread, one file at a time, each foreign program in
 * a box (app/box.h): pdfinfo, pdftocairo, pdftotext (poppler-utils), cwebp, dwebp (webp), jpegtran,
 * cjpeg (libjpeg-turbo-progs), ffprobe, ffmpeg (ffmpeg), espeak-ng, lame. A page that is made is
 * stored at once, so progress can be read; what a crash interrupted is begun anew at the next
 * start.
 */
#ifndef APP_CONVERT_H
#define APP_CONVERT_H

#include "base/types.h"

struct convert;
struct deck_list;
struct writer;

struct convert_conf {
    const char *db_path;
    const char *data;      /* the data folder; files in work lie in its folder "convert" */
    struct writer *writer; /* outlives convert */
    /* The ready decks of a seminar have changed; on the converter's thread. May be NULL. */
    void (*changed)(void *ctx, int64_t seminar_id, const struct deck_list *ready);
    /* A picture is made, or cannot be; on the converter's thread. May be NULL. */
    void (*pictured)(void *ctx);
    /* A sound is made, or cannot be; on the converter's thread. May be NULL. */
    void (*sounded)(void *ctx);
    /* A clip is clean, or cannot be; on the converter's thread. May be NULL. */
    void (*clipped)(void *ctx);
    void *ctx;
};

int convert_new(const struct convert_conf *c, struct convert **ret_convert);
/* Can clips be cleaned on this machine? Looks at its disk: for the start. */
bool convert_has_clips(void);
/* Something waits in the store. Any thread. */
void convert_wake(struct convert *c);
/* Ends after the page that is being made. NULL-safe. */
void convert_free(struct convert *c);

#endif
