/*
 * A recording as people upload it, and as our own program writes it: MP3 (ISO/IEC 11172-3 and
 * 13818-3), Opus in Ogg (RFC 3533, RFC 7845) or in WebM (RFC 8794, RFC 9559). Its bytes say which.
 * What comes out has the sound and nothing that the telephone or program wrote beside it: no
 * title, place, date, picture or comment. Foreign bytes; never read out of bounds. Pure.
 */
#ifndef DOMAIN_SOUND_FILE_H
#define DOMAIN_SOUND_FILE_H

#include "base/types.h"

enum { SOUND_LONGEST_S = 3600 }; /* nobody listens to a guide for an hour */

/* Stored by number: append only. */
enum sound_file_kind { SOUND_FILE_MP3 = 1, SOUND_FILE_OGG, SOUND_FILE_WEBM, SOUND_FILE_KINDS };

struct sound_file {
    int kind;   /* enum sound_file_kind */
    uint8_t *p; /* owned */
    size_t n;
    int64_t length_ms; /* never 0 */
};

/*
 * ERR_UNSUPPORTED: none of the three, or another codec inside; ERR_SYNTAX: begins as one and does
 * not go on so, or no sound is in it; ERR_TOO_BIG: over MAX_SOUND_BYTES or SOUND_LONGEST_S;
 * ERR_MEM.
 */
int sound_file_clean(str bytes, struct sound_file *ret_file);
/* "mp3", "ogg", "webm"; its type for HTTP. */
const char *sound_file_ending(int kind);
const char *sound_file_type(int kind);
/* Half-built-safe. */
void sound_file_done(struct sound_file *f);

#endif
