/*
 * What the files of sound_file share: sound_file.c (which kind, MP3), sound_ogg.c and sound_webm.c.
 * Each writes into f->p, where there is room for as many bytes as came in, and sets n and
 * length_ms. Private to domain/.
 */
#ifndef DOMAIN_SOUND_FILE_I_H
#define DOMAIN_SOUND_FILE_I_H

#include "domain/sound_file.h"

int sound_ogg_clean(str bytes, struct sound_file *f);
int sound_webm_clean(str bytes, struct sound_file *f);

#endif
