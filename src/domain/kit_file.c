#include "domain/kit_file.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"

#include <stdlib.h>
#include <string.h>

enum {
    PNG_HEAD = 8,
    PNG_FRAME = 12, /* length, type, CRC */
    SOF0 = 0xc0,
    RST0 = 0xd0,
    SOI = 0xd8,
    EOI = 0xd9,
    SOS = 0xda,
    APP0 = 0xe0,  /* JFIF: how dots are shaped */
    APP14 = 0xee, /* Adobe: how colours are coded */
    APP15 = 0xef,
    COM = 0xfe,
};

struct copy {
    const uint8_t *in, *end;
    uint8_t *to;
};

static void take(struct copy *c, size_t n)
{
    memcpy(c->to, c->in, n);
    c->to += n;
    c->in += n;
}

static size_t left(const struct copy *c)
{
    return (size_t)(c->end - c->in);
}

static uint32_t be32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* A capital first letter: without this chunk there is no picture. tRNS and gamma belong to it. */
static bool is_drawn(const uint8_t *type)
{
    static const char *const kept[] = {"tRNS", "gAMA", "sRGB"};

    if (!(type[0] & 0x20))
        return true;
    for (size_t i = 0; i < NELEM(kept); i++)
        if (memcmp(type, kept[i], 4) == 0)
            return true;
    return false;
}

static int clean_png(struct copy *c)
{
    bool is_first = true;

    take(c, PNG_HEAD);
    while (left(c) >= PNG_FRAME) {
        size_t body = be32(c->in);
        const uint8_t *type = c->in + 4;

        if (body > left(c) - PNG_FRAME || (is_first && memcmp(type, "IHDR", 4) != 0))
            return ERR_SYNTAX;
        is_first = false;
        if (memcmp(type, "IEND", 4) == 0) {
            take(c, body + PNG_FRAME);
            return 0; /* what follows is no part of the picture */
        }
        if (is_drawn(type))
            take(c, body + PNG_FRAME);
        else
            c->in += body + PNG_FRAME;
    }
    return ERR_SYNTAX;
}

/* The coded dots, up to the next marker that is none of them (stuffed FF00, restarts D0 to D7). */
static void take_scan(struct copy *c)
{
    while (left(c) >= 2) {
        bool is_marker = c->in[0] == 0xff && c->in[1] != 0 && !(c->in[1] >= RST0 && c->in[1] < SOI);

        if (is_marker)
            return;
        take(c, 1);
    }
}

static bool is_said(uint8_t marker)
{
    return marker == COM || (marker > APP0 && marker <= APP15 && marker != APP14);
}

static int clean_jpeg(struct copy *c)
{
    bool has_dots = false;

    take(c, 2);
    while (left(c) >= 2) {
        uint8_t marker;
        size_t n;

        if (c->in[0] != 0xff)
            return ERR_SYNTAX;
        if (c->in[1] == 0xff) { /* fill */
            c->in++;
            continue;
        }
        marker = c->in[1];
        if (marker == EOI) {
            take(c, 2);
            return has_dots ? 0 : ERR_SYNTAX;
        }
        if (left(c) < 4 || marker < SOF0 || (marker >= RST0 && marker <= SOI))
            return ERR_SYNTAX; /* nothing with a length of its own */
        n = (size_t)(c->in[2] << 8 | c->in[3]) + 2;
        if (n < 4 || n > left(c))
            return ERR_SYNTAX;
        if (is_said(marker))
            c->in += n;
        else
            take(c, n);
        if (marker == SOS)
            take_scan(c);
        has_dots |= marker == SOS;
    }
    return ERR_SYNTAX;
}

int kit_file_clean(str bytes, struct kit_file *ret_file)
{
    static const uint8_t png[PNG_HEAD] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    const uint8_t *p = (const uint8_t *)bytes.p;
    bool is_png = bytes.n > PNG_HEAD && memcmp(p, png, PNG_HEAD) == 0;
    bool is_jpeg = bytes.n > 4 && p[0] == 0xff && p[1] == SOI && p[2] == 0xff;
    struct kit_file f = {.kind = is_png ? KIT_FILE_PNG : KIT_FILE_JPEG};
    struct copy c;
    int r;

    if (!is_png && !is_jpeg)
        return ERR_UNSUPPORTED;
    if (bytes.n > MAX_KIT_FILE)
        return ERR_TOO_BIG;
    f.p = malloc(bytes.n);
    if (!f.p)
        return ERR_MEM;
    c = (struct copy){.in = p, .end = p + bytes.n, .to = f.p};
    r = is_png ? clean_png(&c) : clean_jpeg(&c);
    if (r < 0)
        goto out;
    f.n = (size_t)(c.to - f.p);
    *ret_file = f;
    f.p = NULL;
out:
    kit_file_done(&f);
    return r;
}

void kit_file_done(struct kit_file *f)
{
    free(f->p);
    f->p = NULL;
    f->n = 0;
}
