#include "app/convert_i.h"

#include "app/box.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/str.h"
#include "domain/access.h"
#include "domain/actor.h"
#include "domain/guide.h"
#include "domain/secret.h"
#include "domain/sound.h"
#include "domain/sound_file.h"
#include "web/guide_spoken.h"
#include "web/texts.h"

/*
 *   words.ssml ─espeak-ng─▶ words.wav (22,050 Hz, mono) ─lame─▶ words.mp3 (16,000 Hz, 24 kbit/s)
 *
 * MP3, because what old telephones have plays it: Safari plays Opus in Ogg only since version 18.4.
 * 24 kbit/s come through a line of 2G while one listens; a minute takes 180 kB. 150 words a minute
 * instead of espeak's 175, for who hears a foreign or unpractised voice.
 */
#define WORDS_A_MINUTE "150"

/* ---- the store ---- */

struct end {
    struct convert_put head; /* first */
    struct arena *arena;
    struct sound_made made;
    usec now;
};

static int end_act(struct work *w, struct db *db)
{
    const struct end *e = (const struct end *)(void *)w;

    return sound_put(e->arena, db, &actor_server, &e->made, e->now);
}

/* ---- programs ---- */

static int fault_of(int r)
{
    switch (r) {
    case 0:
        return SOUND_FINE;
    case ERR_UNSUPPORTED:
        return SOUND_NO_BOX;
    case ERR_NOT_FOUND:
        return SOUND_NO_TOOLS;
    case ERR_TOO_BIG: /* more than MAX_BOX_BYTES, MAX_SOUND_BYTES */
        return SOUND_TOO_LONG;
    default:
        return SOUND_TOO_HARD;
    }
}

/* espeak-ng ends with a code when it knows no such voice; words it takes as they come. */
static int speak(struct convert *c, str lang, str script)
{
    struct box b = {.program = "/usr/bin/espeak-ng",
                    .arg = {"-v", arena_cstr(c->arena, lang), "-s", WORDS_A_MINUTE, "-m", "-b", "1",
                            "-w", "words.wav", "-f", "words.ssml"}};
    int r = b.arg[1] ? convert_write(convert_path(c, "words.ssml"), script) : ERR_MEM;

    if (r == 0)
        r = convert_run(c, &b);
    return r == ERR_SYNTAX ? SOUND_NO_VOICE : fault_of(r);
}

static int shrink(struct convert *c, struct sound_made *m)
{
    struct box b = {.program = "/usr/bin/lame",
                    .arg = {"--quiet", "-t", "-m", "m", "-q", "2", "--resample", "16", "-b", "24",
                            "words.wav", "words.mp3"}};
    struct sound_file f = {0};
    int r = convert_run(c, &b);

    if (r == 0)
        r = file_read(c->arena, convert_path(c, "words.mp3"), MAX_SOUND_BYTES, &m->bytes);
    if (r == 0)
        r = sound_file_clean(m->bytes, &f);
    m->format = f.kind;
    m->length_ms = f.length_ms;
    sound_file_done(&f);
    return fault_of(r);
}

static int make(struct convert *c, struct end *e, str script)
{
    struct sound_made *m = &e->made;
    int r;

    m->fault = script.p ? speak(c, m->of.lang, script) : SOUND_TOO_LONG;
    if (m->fault == SOUND_FINE)
        m->fault = shrink(c, m);
    if (m->fault != SOUND_FINE) {
        m->bytes = S("");
        m->format = 0;
        m->length_ms = 0;
    }
    if (atomic_load(&c->is_stopping))
        return 0; /* begun anew at the next start */
    e->now = clock_wall();
    r = convert_put(c, &e->head);
    convert_empty(c);
    if (r < 0 || m->fault != SOUND_FINE)
        log_warn("convert", "sound", "guide=%lld lang=%.*s fault=%d error=\"%s\"",
                 (long long)m->of.guide_id, STR(m->of.lang), m->fault, err_text(r));
    if (c->conf.sounded)
        c->conf.sounded(c->conf.ctx);
    return r;
}

/* ---- what is to be made ---- */

/* A program may have been installed since; whatever else went wrong does so again. */
static bool is_worth_another_try(const struct convert *c, int fault, usec at)
{
    bool is_of_machine =
        fault == SOUND_NO_BOX || fault == SOUND_NO_TOOLS || fault == SOUND_NO_VOICE;

    return is_of_machine && at < c->begun_at;
}

/* ERR_NOT_FOUND: it is as it should be, or cannot be heard in this language. */
static int look(struct convert *c, const struct texts *t, const struct guide *g)
{
    struct end e = {.head.work = {.act = end_act, .is_aside = true}, .arena = c->arena};
    usec at = 0;
    str script = {0};
    int fault = 0;
    int r = guide_spoken_make(c->arena, c->db, t, g, &e.made.of, &script);

    if (r < 0 && r != ERR_TOO_BIG) /* without a script that is said, too */
        return r;
    secret_hash(script, e.made.script);
    r = sound_tried(c->db, &e.made.of, e.made.script, &fault, &at);
    if (r == 0 && !is_worth_another_try(c, fault, at))
        return ERR_NOT_FOUND;
    return r < 0 && r != ERR_NOT_FOUND ? r : make(c, &e, script);
}

static int walk(struct convert *c, const struct text_lang *l)
{
    struct texts t;
    struct guide g = {0};
    int r = 0;

    texts_init(&t, l->code, S("UTC"));
    while (r == 0) {
        int64_t last = g.id;

        arena_reset(c->arena);
        r = guide_next(c->arena, c->db, last, t.lang, &g);
        if (r < 0 || atomic_load(&c->is_stopping))
            break;
        r = look(c, &t, &g);
        if (r == 0)
            return 0;
        r = r == ERR_NOT_FOUND ? 0 : r;
    }
    return r < 0 ? r : ERR_NOT_FOUND;
}

int convert_sound(struct convert *c)
{
    uint64_t version = access_version(c->conf.writer);
    const struct text_lang *l;
    int r = ERR_NOT_FOUND;

    if (c->has_heard && c->heard == version)
        return r;
    for (size_t i = 0; r == ERR_NOT_FOUND && (l = texts_lang(i)); i++)
        r = walk(c, l);
    if (r == ERR_NOT_FOUND) {
        c->heard = version;
        c->has_heard = true;
    }
    return r;
}
