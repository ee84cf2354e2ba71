#include "app/convert_i.h"

#include "app/box.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/clip.h"
#include "domain/clip_probe.h"

#include <unistd.h>

/*
 *   in ─ffprobe─▶ which tracks, how wide
 *   in ─ffmpeg, copying─▶ out: one picture, one sound, nothing that was said about them
 *   out ─ffprobe─▶ how long it is now: as long as it said?
 *   out ─ffmpeg─▶ still.ppm ─cjpeg─▶ still.jpg
 *
 * The format is named to ffmpeg by what the file begins with, and no protocol but "file" is there:
 * a list of other files that calls itself a film is a broken film. Copied is what is coded, not the
 * container: no tag of the file or of a track, no time, no chapter, no cover, no subtitle, no
 * timecode and no track of a telephone's or camera's own comes along. Inside the picture H.264 may
 * carry messages (SEI, H.264 annex D: cameras put place, day and device there, captions are there,
 * encoders sign there): only the parts that draw go through. Sound is copied when it is AAC or Opus
 * and coded anew otherwise, because Vorbis has its tags inside the track.
 */
#define IN "file:in"

enum { AGAIN_S = 60, AGAIN_MOST_S = 3600 };

/* How each format is read, cleaned and written. */
static const struct {
    const char *demuxer, *muxer, *clean, *sound_coder, *file, *out;
    const char *index[2]; /* stands at the front, so that a player can begin with what it has */
    int sound;            /* enum clip_codec that is copied */
} formats[CLIP_FORMATS] = {
    /* nal_unit_type: slices 1 to 5, parameter sets 7, 8 and 13, delimiters 9 to 11 */
    [CLIP_MP4] = {"mov", "mp4", "filter_units=pass_types=1-5|7-11|13", "aac", "out.mp4",
                  "file:out.mp4", {"-movflags", "+faststart"}, CLIP_AAC},
    [CLIP_WEBM] = {"matroska", "webm", "null", "libopus", "out.webm", "file:out.webm",
                   {"-cues_to_front", "1"}, CLIP_OPUS},
};

/* ---- the store ---- */

struct end {
    struct convert_put head; /* first */
    int64_t id;
    int fault;
    const struct clip_made *made;
};

static int end_act(struct work *w, struct db *db)
{
    const struct end *e = (const struct end *)(void *)w;

    return clip_end(db, &actor_server, e->id, e->fault, e->made, clock_wall());
}

struct taken {
    struct convert *c;
    int result; /* of writing it */
};

/* A file that cannot be written fails its clip, and those behind it get their turn. */
static int take_file(void *ctx, str bytes)
{
    struct taken *t = ctx;

    t->result = convert_write(convert_path(t->c, "in"), bytes);
    return 0;
}

/* ---- programs ---- */

#define FFMPEG  "/usr/bin/ffmpeg"
#define FFPROBE "/usr/bin/ffprobe"

bool convert_has_clips(void)
{
    return box_check() == 0 && access(FFMPEG, X_OK) == 0 && access(FFPROBE, X_OK) == 0;
}

static int fault_of(int r)
{
    switch (r) {
    case 0:
        return CLIP_FINE;
    case ERR_UNSUPPORTED:
        return CLIP_NO_BOX;
    case ERR_NOT_FOUND:
        return CLIP_NO_TOOLS;
    case ERR_SYNTAX:
        return CLIP_BROKEN;
    default:
        return CLIP_TOO_HARD;
    }
}

/* Who stops the server waits for one program at most. */
static int run(const struct convert *c, struct box *b)
{
    return atomic_load(&c->is_stopping) ? ERR_CLOSED : convert_run(c, b);
}

/* enum clip_fault. */
static int look(struct convert *c, const char *file, int format, struct clip_probe *ret_probe)
{
    struct box b = {.program = FFPROBE,
                    .arg = {"-v", "error", "-protocol_whitelist", "file", "-f",
                            formats[format].demuxer, "-of", "json", "-show_entries",
                            "stream=codec_type,codec_name,width,height"
                            ":stream_disposition=attached_pic:stream_side_data=rotation"
                            ":format=duration",
                            file}};
    str json = {0};
    int r;

    b.out = convert_path(c, "probe");
    r = run(c, &b);
    if (r < 0)
        return fault_of(r);
    r = file_read(c->arena, b.out, CLIP_PROBE_BYTES, &json);
    if (r == ERR_TOO_BIG) /* no film has that much to say */
        return CLIP_BROKEN;
    if (r == 0)
        r = clip_probe_parse(json, ret_probe);
    if (r < 0)
        return fault_of(r);
    return clip_probe_fault(ret_probe, format);
}

static int clean(struct convert *c, int format, const struct clip_probe *p)
{
    bool is_copied = p->sound == formats[format].sound;
    struct box b = {
        .program = FFMPEG,
        .arg = {"-nostdin", "-v", "error", "-xerror", "-y", "-protocol_whitelist", "file",
                "-threads", "1", "-f", formats[format].demuxer, "-i", IN,
                "-map", "0:V:0", "-map", "0:a:0?", "-sn", "-dn",
                "-map_metadata", "-1", "-map_chapters", "-1",
                "-c:v", "copy", "-c:a", is_copied ? "copy" : formats[format].sound_coder,
                "-bsf:v", formats[format].clean,
                "-fflags", "+bitexact", "-flags:v", "+bitexact", "-flags:a", "+bitexact",
                formats[format].index[0], formats[format].index[1], "-f", formats[format].muxer,
                formats[format].out}};

    return run(c, &b);
}

/* The frame that is most like those of the first second or two, so no black or flashing one. */
static int draw_still(struct convert *c, int format, str *ret_jpeg)
{
    struct box draw = {
        .program = FFMPEG,
        .arg = {"-nostdin", "-v", "error", "-y", "-protocol_whitelist", "file", "-threads", "1",
                "-f", formats[format].demuxer, "-i", formats[format].out, "-map", "0:V:0",
                "-filter_threads", "1", "-vf",
                "scale=w='if(gt(iw,ih),480,-2)':h='if(gt(iw,ih),-2,480)',thumbnail=30",
                "-frames:v", "1", "-c:v", "ppm", "-f", "image2", "-update", "1",
                "file:still.ppm"}};
    struct box pack = {.program = "/usr/bin/cjpeg",
                       .arg = {"-quality", "60", "-optimize", "-progressive", "-outfile",
                               "still.jpg", "still.ppm"}};
    int r = run(c, &draw);

    if (r == 0)
        r = run(c, &pack);
    return r < 0 ? r
                 : file_read(c->arena, convert_path(c, "still.jpg"), MAX_CLIP_STILL, ret_jpeg);
}

/* enum clip_fault; the file is at `out` then. */
static int make(struct convert *c, int format, struct clip_made *m)
{
    struct clip_probe came = {0}, p = {0};
    int fault = look(c, IN, format, &came);

    if (fault == CLIP_FINE)
        fault = fault_of(clean(c, format, &came));
    if (fault == CLIP_FINE)
        fault = look(c, formats[format].out, format, &p);
    if (fault == CLIP_FINE && clip_probe_is_cut(&came, &p))
        fault = CLIP_BROKEN;
    if (fault != CLIP_FINE)
        return fault;
    m->width = p.width;
    m->height = p.height;
    m->length_ms = p.length_ms;
    if (draw_still(c, format, &m->still) < 0)
        m->still = (str){0}; /* it plays without one */
    return CLIP_FINE;
}

/* What was made goes from its file into the store without a copy in the arena. */
static int put(struct convert *c, int format, struct end *e, struct clip_made *m)
{
    int r = 0;

    if (e->fault == CLIP_FINE)
        r = file_map(convert_path(c, formats[format].file), MAX_CLIP_BYTES, &m->bytes);
    if (r < 0)
        e->fault = r == ERR_TOO_BIG ? CLIP_TOO_LONG : fault_of(r);
    else if (e->fault == CLIP_FINE && format == CLIP_WEBM && clip_probe_hides(m->bytes))
        e->fault = CLIP_HIDES;
    else if (e->fault == CLIP_FINE)
        clip_sum(m);
    r = convert_put(c, &e->head);
    file_unmap(m->bytes);
    return r;
}

/* A film takes minutes to make: what is refused again waits twice as long. */
static void pass_over(struct convert *c, int64_t id, bool is_first)
{
    struct convert_refused *f = &c->refused;

    f->id = id;
    if (!is_first)
        return;
    f->wait_s = f->wait_s ? 2 * f->wait_s : AGAIN_S;
    if (f->wait_s > AGAIN_MOST_S)
        f->wait_s = AGAIN_MOST_S;
    f->again_at = clock_mono() + f->wait_s * USEC_S;
}

int convert_clip(struct convert *c)
{
    int64_t behind = clock_mono() < c->refused.again_at ? c->refused.id : 0;
    struct clip_made made = {0};
    struct end e = {.head.work.act = end_act, .made = &made};
    struct taken t = {.c = c};
    struct clip clip;
    int r;

    arena_reset(c->arena);
    r = clip_next(c->db, &actor_server, behind, take_file, &t, &clip);
    if (r < 0)
        return r;
    e.id = clip.id;
    e.fault = t.result < 0 ? CLIP_TOO_HARD : make(c, clip.format, &made);
    if (atomic_load(&c->is_stopping))
        return 0; /* begun anew at the next start */
    r = put(c, clip.format, &e, &made);
    convert_empty(c);
    if (r < 0)
        pass_over(c, clip.id, !behind);
    else if (!behind)
        c->refused.wait_s = 0;
    if (r < 0 || e.fault != CLIP_FINE)
        log_warn("convert", "clip", "fault=%d error=\"%s\"", e.fault, err_text(r));
    if (c->conf.clipped)
        c->conf.clipped(c->conf.ctx);
    return 0;
}
