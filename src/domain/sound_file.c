#include "domain/sound_file.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "domain/sound_file_i.h"

#include <stdlib.h>
#include <string.h>

/*
 *   MP3:  [ID3v2 …] frame frame frame … [ID3v1 | APEv2 | Lyrics3]
 *
 * Frames follow each other without a gap and each says its length, so they are walked; what stands
 * before the first and behind the last one is no sound.
 */
enum { ID3_HEAD = 10, ID3_FOOTER = 0x10, FRAME_HEAD = 4, FEWEST_FRAMES = 8 };

struct frame {
    size_t nbytes;
    unsigned samples, rate;
};

/* ISO/IEC 11172-3 2.4.2.3 and 13818-3 2.4.2.3: kbit/s of layer III by their index. */
static const uint16_t rates1[16] = {0,   32,  40,  48,  56,  64,  80, 96,
                                    112, 128, 160, 192, 224, 256, 320, 0};
static const uint16_t rates2[16] = {0,  8,  16, 24,  32,  40,  48, 56,
                                    64, 80, 96, 112, 128, 144, 160, 0};

/* A frame of layer III with a length of its own ("free format" has none). */
static bool frame_read(const uint8_t *p, size_t n, struct frame *to)
{
    static const unsigned hertz[4] = {44100, 48000, 32000, 0};
    unsigned version, rate;
    bool is_first;

    if (n < FRAME_HEAD || p[0] != 0xff || (p[1] & 0xe0) != 0xe0 || (p[1] & 0x06) != 0x02)
        return false;
    version = p[1] >> 3 & 3; /* 3: MPEG 1; 2: MPEG 2; 0: 2.5, at half of its rates */
    rate = hertz[p[2] >> 2 & 3];
    is_first = version == 3;
    to->rate = is_first ? rate : version == 2 ? rate / 2 : rate / 4;
    to->samples = is_first ? 1152 : 576;
    rate = is_first ? rates1[p[2] >> 4] : rates2[p[2] >> 4];
    if (version == 1 || !to->rate || !rate)
        return false;
    to->nbytes = to->samples / 8u * rate * 1000u / to->rate + (p[2] >> 1 & 1);
    return to->nbytes > FRAME_HEAD && to->nbytes <= n;
}

/* Bytes of an ID3v2 tag at the beginning (id3.org, ID3v2.4.0 3.1); 0: there is none. */
static size_t id3_size(const uint8_t *p, size_t n)
{
    size_t size;

    if (n < ID3_HEAD || memcmp(p, "ID3", 3) != 0)
        return 0;
    size = (size_t)(p[6] & 0x7f) << 21 | (size_t)(p[7] & 0x7f) << 14 | (size_t)(p[8] & 0x7f) << 7 |
           (size_t)(p[9] & 0x7f);
    size += p[5] & ID3_FOOTER ? 2 * ID3_HEAD : ID3_HEAD;
    return size < n ? size : n;
}

static size_t behind_tags(str bytes)
{
    const uint8_t *p = (const uint8_t *)bytes.p;
    size_t at = 0, size;

    while ((size = id3_size(p + at, bytes.n - at)) != 0)
        at += size;
    return at;
}

static bool is_mp3(str bytes)
{
    size_t at = behind_tags(bytes);
    struct frame f;

    return frame_read((const uint8_t *)bytes.p + at, bytes.n - at, &f);
}

static int mp3_clean(str bytes, struct sound_file *to)
{
    size_t begin = behind_tags(bytes), at = begin;
    uint64_t length_us = 0;
    unsigned nframes = 0;
    struct frame f;

    while (frame_read((const uint8_t *)bytes.p + at, bytes.n - at, &f)) {
        at += f.nbytes;
        length_us += f.samples * 1000000ull / f.rate;
        nframes++;
    }
    if (nframes < FEWEST_FRAMES)
        return ERR_SYNTAX;
    memcpy(to->p, bytes.p + begin, at - begin);
    to->n = at - begin;
    to->length_ms = (int64_t)(length_us / 1000);
    return 0;
}

static int kind_of(str bytes)
{
    if (str_starts(bytes, S("OggS")))
        return SOUND_FILE_OGG;
    if (str_starts(bytes, S("\x1a\x45\xdf\xa3")))
        return SOUND_FILE_WEBM;
    return is_mp3(bytes) ? SOUND_FILE_MP3 : 0;
}

int sound_file_clean(str bytes, struct sound_file *ret_file)
{
    int kind = bytes.n ? kind_of(bytes) : 0;
    struct sound_file f = {.kind = kind};
    int r;

    if (!kind)
        return ERR_UNSUPPORTED;
    if (bytes.n > MAX_SOUND_BYTES)
        return ERR_TOO_BIG;
    f.p = malloc(bytes.n);
    if (!f.p)
        return ERR_MEM;
    r = kind == SOUND_FILE_MP3   ? mp3_clean(bytes, &f)
        : kind == SOUND_FILE_OGG ? sound_ogg_clean(bytes, &f)
                                 : sound_webm_clean(bytes, &f);
    if (r == 0 && f.length_ms <= 0)
        r = ERR_SYNTAX;
    if (r == 0 && f.length_ms > (int64_t)SOUND_LONGEST_S * 1000)
        r = ERR_TOO_BIG;
    if (r < 0)
        goto out;
    *ret_file = f;
    f.p = NULL;
out:
    sound_file_done(&f);
    return r;
}

const char *sound_file_ending(int kind)
{
    static const char *const endings[SOUND_FILE_KINDS] = {
        [SOUND_FILE_MP3] = "mp3", [SOUND_FILE_OGG] = "ogg", [SOUND_FILE_WEBM] = "webm"};

    return kind > 0 && kind < SOUND_FILE_KINDS ? endings[kind] : "";
}

const char *sound_file_type(int kind)
{
    static const char *const types[SOUND_FILE_KINDS] = {[SOUND_FILE_MP3] = "audio/mpeg",
                                                        [SOUND_FILE_OGG] = "audio/ogg",
                                                        [SOUND_FILE_WEBM] = "audio/webm"};

    return kind > 0 && kind < SOUND_FILE_KINDS ? types[kind] : "application/octet-stream";
}

void sound_file_done(struct sound_file *f)
{
    free(f->p);
    f->p = NULL;
    f->n = 0;
}
