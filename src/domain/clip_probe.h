/*
 * What ffprobe has found in a clip: its JSON, which the converter reads from the box. The words in
 * it come from a foreign file.
 */
#ifndef DOMAIN_CLIP_PROBE_H
#define DOMAIN_CLIP_PROBE_H

#include "base/types.h"

enum { CLIP_PROBE_BYTES = 1 << 16 };

enum clip_codec {
    CLIP_NO_CODEC,
    CLIP_OTHER_CODEC,
    CLIP_H264,
    CLIP_VP8,
    CLIP_VP9,
    CLIP_AAC,
    CLIP_OPUS
};

struct clip_probe {
    int npictures, nsounds; /* tracks; a cover is none */
    int picture, sound;     /* enum clip_codec, of the first one */
    int width, height;      /* as shown: turned when the telephone was */
    int64_t length_ms;      /* 0: not said */
};

/* ERR_SYNTAX; ERR_TOO_BIG over CLIP_PROBE_BYTES. Numbers that make no sense are 0. */
int clip_probe_parse(str json, struct clip_probe *ret_probe);
/* Is what was copied much shorter than what the file said of itself? Of a WebM that was cut ffmpeg
 * copies what there is. */
bool clip_probe_is_cut(const struct clip_probe *before, const struct clip_probe *after);
/* enum clip_fault that speaks against a file of that format. */
int clip_probe_fault(const struct clip_probe *p, int format);
/* Does a WebM file carry more than its pictures beside them (BlockAdditions, RFC 9559, 5.1.3.5.2)?
 * The transparency of VP8 and VP9 is there, a whole picture that no player here shows. Also of what
 * cannot be read. */
bool clip_probe_hides(str webm);

#endif
