#include "domain/clip_probe.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "domain/clip.h"
#include "domain/json_in.h"

#include <jansson.h>

/*
 *   {"streams": [{"codec_type": "video", "codec_name": "h264", "width": 1280, "height": 720,
 *                 "disposition": {"attached_pic": 0}, "side_data_list": [{"rotation": -90}]}, …],
 *    "format": {"duration": "4.000000"}}
 */
enum { MOST = 1 << 24, SLACK_MS = 500 };

static int codec_of(const json_t *stream)
{
    static const char *const names[] = {[CLIP_H264] = "h264", [CLIP_VP8] = "vp8",
                                        [CLIP_VP9] = "vp9",   [CLIP_AAC] = "aac",
                                        [CLIP_OPUS] = "opus"};
    int i = json_in_word(stream, "codec_name", names, NELEM(names));

    return i < 0 ? CLIP_OTHER_CODEC : i;
}

static int64_t number(const json_t *o, const char *key)
{
    json_int_t n = json_integer_value(json_object_get(o, key));

    return n < -MOST || n > MOST ? 0 : (int64_t)n;
}

static bool is_turned(const json_t *stream)
{
    const json_t *data;
    size_t i;

    json_array_foreach(json_object_get(stream, "side_data_list"), i, data)
    {
        if (number(data, "rotation") % 180 != 0)
            return true;
    }
    return false;
}

static void read_picture(const json_t *stream, struct clip_probe *to)
{
    int width = (int)number(stream, "width"), height = (int)number(stream, "height");
    bool turned = is_turned(stream);

    if (number(json_object_get(stream, "disposition"), "attached_pic"))
        return; /* a cover: left behind */
    if (to->npictures++ > 0)
        return;
    to->picture = codec_of(stream);
    to->width = turned ? height : width;
    to->height = turned ? width : height;
}

static void read_stream(const json_t *stream, struct clip_probe *to)
{
    str type = json_in_text(stream, "codec_type");

    if (str_eq(type, S("video"))) {
        read_picture(stream, to);
    } else if (str_eq(type, S("audio"))) {
        if (to->nsounds++ == 0)
            to->sound = codec_of(stream);
    }
}

/* "4.023000": seconds. */
static int64_t length_of(str text)
{
    struct str_pair cut = str_cut(text, '.');
    uint64_t seconds = 0, rest = 0;
    str digits = str_take(cut.tail, 3);

    if (str_u64(cut.head, MOST, &seconds) < 0)
        return 0;
    if (digits.n && str_u64(digits, 999, &rest) < 0)
        return 0;
    for (size_t i = digits.n; i < 3; i++)
        rest *= 10;
    return (int64_t)(seconds * 1000 + rest);
}

int clip_probe_parse(str json, struct clip_probe *ret_probe)
{
    struct clip_probe p = {0};
    char fault[JSON_IN_FAULT];
    json_t *root = NULL;
    const json_t *streams, *stream;
    size_t i;
    int r = json_in_parse(json, CLIP_PROBE_BYTES, &root, fault);

    if (r < 0)
        return r;
    streams = json_object_get(root, "streams");
    r = json_is_array(streams) ? 0 : ERR_SYNTAX;
    json_array_foreach(streams, i, stream)
        read_stream(stream, &p);
    p.length_ms = length_of(json_in_text(json_object_get(root, "format"), "duration"));
    json_decref(root);
    if (r == 0)
        *ret_probe = p;
    return r;
}

/* A track that is left behind may be a little longer than the picture. */
bool clip_probe_is_cut(const struct clip_probe *before, const struct clip_probe *after)
{
    int64_t lost_ms = before->length_ms - after->length_ms;

    return lost_ms > SLACK_MS && lost_ms > before->length_ms / 10;
}

/* A number of EBML (RFC 8794, 4): the zeros before the first one tell its bytes; a name keeps that
 * one, a length does not. False: it is cut. */
static bool take_number(str *s, bool is_name, uint64_t *ret_n)
{
    uint8_t first = s->n ? (uint8_t)s->p[0] : 0;
    size_t n = 1;
    uint64_t v;

    while (n <= 8 && !(first & (0x100 >> n)))
        n++;
    if (n > 8 || n > s->n)
        return false;
    v = is_name ? first : first & ((0x100u >> n) - 1);
    for (size_t i = 1; i < n; i++)
        v = v << 8 | (uint8_t)s->p[i];
    *s = str_from(*s, n);
    *ret_n = v;
    return true;
}

bool clip_probe_hides(str webm)
{
    enum { SEGMENT = 0x18538067, CLUSTER = 0x1f43b675, GROUP = 0xa0, ADDITIONS = 0x75a1 };

    while (webm.n) {
        uint64_t name = 0, length = 0;

        if (!take_number(&webm, true, &name) || !take_number(&webm, false, &length))
            return true;
        if (name == SEGMENT || name == CLUSTER || name == GROUP)
            continue; /* into it */
        if (name == ADDITIONS || length > webm.n)
            return true;
        webm = str_from(webm, (size_t)length);
    }
    return false;
}

/* WebM holds VP8 and VP9; of what MP4 may hold, H.264 is what every browser shows. */
static bool is_codec_good(const struct clip_probe *p, int format)
{
    return format == CLIP_WEBM ? p->picture == CLIP_VP8 || p->picture == CLIP_VP9
                               : p->picture == CLIP_H264;
}

int clip_probe_fault(const struct clip_probe *p, int format)
{
    if (!p->npictures)
        return CLIP_BROKEN;
    if (p->npictures > 1)
        return CLIP_TWO_PICTURES;
    if (!is_codec_good(p, format))
        return CLIP_CODEC;
    if (p->width <= 0 || p->height <= 0)
        return CLIP_BROKEN;
    if (p->width > MAX_CLIP_SIDE || p->height > MAX_CLIP_SIDE)
        return CLIP_TOO_WIDE;
    return p->length_ms > (int64_t)MAX_CLIP_S * 1000 ? CLIP_TOO_LONG : CLIP_FINE;
}
