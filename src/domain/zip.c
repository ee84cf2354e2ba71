#include "domain/zip.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/sb.h"
#include "base/str.h"
#include "base/wr.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zlib.h>

/*
 *   [local header][file] … [central header] … [end of central directory]
 *
 * Every file is whole when it comes, so its size and sum stand in the local header and no data
 * descriptor follows. 4.4.2: version 2.0 is needed to read a deflated file.
 */
enum {
    LOCAL_BYTES = 30,
    CENTRAL_BYTES = 46,
    END_BYTES = 22,
    VERSION = 20,
    MADE_BY = 3 << 8 | VERSION, /* Unix, for the mode below */
    MODE = 0100644,
};

struct file {
    char name[ZIP_NAME_BYTES];
    size_t nname;
    uint16_t how;
    uint32_t sum, packed, size, at;
};

struct zip {
    zip_sink_fn *sink;
    void *ctx;
    uint64_t n, far; /* bytes of the archive; of them those that the sink does not get */
    uint16_t time, date;
    struct file *file;
    size_t nfiles, cap;
};

int zip_to_text(const void *p, size_t n, void *ctx)
{
    struct sb *b = ctx;

    sb_add(b, (str){p, n});
    return b->err ? ERR_TOO_BIG : 0;
}

/* 4.4.6: MS-DOS counts from 1980 and in steps of two seconds. */
static void set_moment(struct zip *z, usec at)
{
    time_t t = (time_t)(at / USEC_S);
    struct tm tm;

    gmtime_r(&t, &tm);
    if (tm.tm_year < 80)
        tm = (struct tm){.tm_year = 80, .tm_mday = 1};
    z->date = (uint16_t)((tm.tm_year - 80) << 9 | (tm.tm_mon + 1) << 5 | tm.tm_mday);
    z->time = (uint16_t)(tm.tm_hour << 11 | tm.tm_min << 5 | tm.tm_sec / 2);
}

int zip_new(zip_sink_fn *sink, void *ctx, usec at, struct zip **ret_zip)
{
    struct zip *z = calloc(1, sizeof(*z));

    if (!z)
        return ERR_MEM;
    z->sink = sink;
    z->ctx = ctx;
    set_moment(z, at);
    *ret_zip = z;
    return 0;
}

static int put(struct zip *z, const void *p, size_t n)
{
    if (z->n - z->far + n > MAX_PACK_BYTES || z->n + n > UINT32_MAX)
        return ERR_TOO_BIG;
    z->n += n;
    return n ? z->sink(p, n, z->ctx) : 0;
}

static bool is_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '-' || c == '_' || c == '.';
}

/* Each part begins with a letter or a digit: no "..", no hidden file, no absolute path. */
static bool is_name(str s)
{
    bool is_begin = true;

    if (!s.n || s.n >= ZIP_NAME_BYTES)
        return false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];

        if (c == '/' && !is_begin)
            is_begin = true;
        else if (!is_plain(c) || (is_begin && (c == '.' || c == '-')))
            return false;
        else
            is_begin = false;
    }
    return !is_begin;
}

static int file_new(struct zip *z, str name, struct file **ret_file)
{
    struct file *f;

    if (!is_name(name))
        return ERR_RANGE;
    for (size_t i = 0; i < z->nfiles; i++)
        if (str_ieq((str){z->file[i].name, z->file[i].nname}, name))
            return ERR_RANGE;
    if (z->nfiles == MAX_ZIP_FILES)
        return ERR_FULL;
    if (z->nfiles == z->cap) {
        size_t cap = z->cap ? 2 * z->cap : 64;

        f = reallocarray(z->file, cap, sizeof(*f));
        if (!f)
            return ERR_MEM;
        z->file = f;
        z->cap = cap;
    }
    f = &z->file[z->nfiles++];
    *f = (struct file){.nname = name.n, .at = (uint32_t)z->n};
    memcpy(f->name, name.p, name.n);
    *ret_file = f;
    return 0;
}

/* Raw deflate, whole, at the densest: a pack is made once and carried over a poor line often. */
static int deflate_all(str body, uint8_t **ret_packed, size_t *ret_n)
{
    z_stream s = {0};
    uint8_t *to;
    size_t cap;
    int r = ERR_MEM;

    if (deflateInit2(&s, Z_BEST_COMPRESSION, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return ERR_MEM;
    cap = deflateBound(&s, (uLong)body.n);
    to = malloc(cap);
    if (!to)
        goto out;
    s.next_in = (Bytef *)(uintptr_t)body.p;
    s.avail_in = (uInt)body.n;
    s.next_out = to;
    s.avail_out = (uInt)cap;
    if (deflate(&s, Z_FINISH) != Z_STREAM_END)
        goto out;
    *ret_n = cap - s.avail_out;
    *ret_packed = to;
    to = NULL;
    r = 0;
out:
    free(to);
    deflateEnd(&s);
    return r;
}

static void write_le16(struct wr *w, uint32_t v)
{
    wr_u8(w, (uint8_t)v);
    wr_u8(w, (uint8_t)(v >> 8));
}

static void write_le32(struct wr *w, uint32_t v)
{
    write_le16(w, v & 0xffff);
    write_le16(w, v >> 16);
}

/* What the local and the central header have in common, 4.3.7 and 4.3.12. */
static void write_file(struct wr *w, const struct zip *z, const struct file *f)
{
    write_le16(w, VERSION);
    write_le16(w, 0); /* flags: nothing encrypted, no descriptor; names are ASCII */
    write_le16(w, f->how);
    write_le16(w, z->time);
    write_le16(w, z->date);
    write_le32(w, f->sum);
    write_le32(w, f->packed);
    write_le32(w, f->size);
    write_le16(w, (uint32_t)f->nname);
    write_le16(w, 0); /* no extra field */
}

static int put_local(struct zip *z, const struct file *f)
{
    uint8_t head[LOCAL_BYTES];
    struct wr w = wr_init(head, sizeof(head));
    int r;

    write_le32(&w, 0x04034b50);
    write_file(&w, z, f);
    r = put(z, head, sizeof(head));
    return r < 0 ? r : put(z, f->name, f->nname);
}

int zip_add(struct zip *z, str name, str body, enum zip_how how)
{
    uint8_t *packed = NULL;
    size_t npacked = body.n;
    struct file *f;
    int r;

    if (body.n > MAX_PACK_BYTES)
        return ERR_TOO_BIG;
    r = file_new(z, name, &f);
    if (r == 0 && how == ZIP_DEFLATED)
        r = deflate_all(body, &packed, &npacked);
    if (r < 0)
        return r;
    f->how = (uint16_t)how;
    f->sum = (uint32_t)crc32(0, (const Bytef *)body.p, (uInt)body.n);
    f->packed = (uint32_t)npacked;
    f->size = (uint32_t)body.n;
    r = put_local(z, f);
    if (r == 0)
        r = put(z, packed ? (const void *)packed : body.p, npacked);
    free(packed);
    return r;
}

int zip_add_far(struct zip *z, str name, uint64_t size, uint32_t sum)
{
    struct file *f;
    int r;

    if (size > UINT32_MAX)
        return ERR_TOO_BIG;
    r = file_new(z, name, &f);
    if (r < 0)
        return r;
    f->how = ZIP_STORED;
    f->sum = sum;
    f->packed = f->size = (uint32_t)size;
    r = put_local(z, f);
    z->n += size;
    z->far += size;
    return r;
}

static int put_central(struct zip *z, const struct file *f)
{
    uint8_t head[CENTRAL_BYTES];
    struct wr w = wr_init(head, sizeof(head));
    int r;

    write_le32(&w, 0x02014b50);
    write_le16(&w, MADE_BY);
    write_file(&w, z, f);
    write_le16(&w, 0); /* no comment */
    write_le16(&w, 0); /* the only disk */
    write_le16(&w, 0); /* internal attributes */
    write_le32(&w, (uint32_t)MODE << 16);
    write_le32(&w, f->at);
    r = put(z, head, sizeof(head));
    return r < 0 ? r : put(z, f->name, f->nname);
}

int zip_end(struct zip *z)
{
    uint32_t at = (uint32_t)z->n, n;
    uint8_t end[END_BYTES];
    struct wr w = wr_init(end, sizeof(end));
    int r = 0;

    for (size_t i = 0; r == 0 && i < z->nfiles; i++)
        r = put_central(z, &z->file[i]);
    if (r < 0)
        return r;
    n = (uint32_t)z->n - at;
    write_le32(&w, 0x06054b50);
    write_le32(&w, 0); /* the only disk, twice */
    write_le16(&w, (uint32_t)z->nfiles);
    write_le16(&w, (uint32_t)z->nfiles);
    write_le32(&w, n);
    write_le32(&w, at);
    write_le16(&w, 0); /* no comment */
    return put(z, end, sizeof(end));
}

uint64_t zip_size(const struct zip *z)
{
    return z->n;
}

void zip_free(struct zip *z)
{
    if (!z)
        return;
    free(z->file);
    free(z);
}
