/*
 * A guide or legal page as a voice reads it: title, introduction, and the statements under their
 * headings. A translation that is older than its source says so; in place of what stands there in
 * another language alone the voice says that, and in which. Sources, days of checking and contacts
 * stay on the page: they are to be seen, and change without the words. Made without an exchange;
 * any thread that has a connection for reading.
 */
#ifndef WEB_GUIDE_SPOKEN_H
#define WEB_GUIDE_SPOKEN_H

#include "base/types.h"

struct arena;
struct db;
struct guide;
struct sound_of;
struct texts;

/*
 * Which words these are; g as guide_by_slug gave it in the language of t. ERR_NOT_FOUND: no
 * statement is in that language.
 */
int guide_spoken_of(struct arena *a, struct db *db, const struct texts *t, const struct guide *g,
                    struct sound_of *ret_of);
/* The script (web/html_ssml.h), and whose it is. ERR_TOO_BIG: longer than SPOKEN_MOST_BYTES. */
int guide_spoken_make(struct arena *a, struct db *db, const struct texts *t, const struct guide *g,
                      struct sound_of *ret_of, str *ret_script);

#endif
