#include "web/guide_spoken.h"

#include "base/err.h"
#include "base/sb.h"
#include "base/str.h"
#include "domain/guide.h"
#include "domain/sound.h"
#include "domain/spoken.h"
#include "web/html_ssml.h"
#include "web/page_guide.h"
#include "web/texts.h"

static int read(struct arena *a, struct db *db, const struct texts *t, const struct guide *g,
                struct guide_points *ret_points, struct sound_of *ret_of)
{
    struct sound_of of = {.guide_id = g->id, .lang = t->lang};
    int r = guide_points(a, db, g->id, t->lang, 0, ret_points);

    if (r == 0)
        r = sound_words(a, g, ret_points, &of);
    if (r == 0)
        *ret_of = of;
    return r;
}

int guide_spoken_of(struct arena *a, struct db *db, const struct texts *t, const struct guide *g,
                    struct sound_of *ret_of)
{
    struct guide_points p;

    return read(a, db, t, g, &p, ret_of);
}

/* A script as it grows. */
struct script {
    struct arena *a;
    const struct texts *t;
    struct sb to;
};

static int add(struct script *s, str text, unsigned pause_ms)
{
    str spoken;
    int r = spoken_text(s->a, s->t->lang, text, &spoken);

    if (r == 0)
        html_ssml_add(&s->to, spoken, pause_ms);
    return r;
}

static int add_key(struct script *s, enum text_id key)
{
    return add(s, texts_get(s->t, key), SSML_LONG_MS);
}

/* In place of n texts that stand on the page in another language. */
static int add_foreign(struct script *s, str lang, size_t n, unsigned pause_ms)
{
    struct sb name = sb_init(s->a, 0), said = sb_init(s->a, 0);
    struct text_arg args[] = {{.name = "n", .n = (int64_t)n, .is_num = true}, {.name = "language"}};

    texts_show_code(&name, s->t, SHOW_LANGUAGE, lang);
    args[1].s = sb_str(&name);
    text_add(&said, s->t, TEXT_SOUND_ONLY_IN, args, NELEM(args));
    if (name.err || said.err)
        return ERR_MEM;
    return add(s, sb_str(&said), pause_ms);
}

static int add_text(struct script *s, const struct text *text, unsigned pause_ms)
{
    int r;

    if (sound_is_foreign(text))
        return add_foreign(s, text->lang, 1, pause_ms);
    r = add(s, text->body, pause_ms);
    return r == 0 && text->is_stale ? add(s, texts_get(s->t, TEXT_NEWS_STALE), pause_ms) : r;
}

/* What stands above the statements: on a sample that it is one, of law that it is no advice. */
static int add_head(struct script *s, const struct guide *g)
{
    int r = add_text(s, &g->title, SSML_LONG_MS);

    if (r == 0)
        r = add_text(s, &g->lead, SSML_LONG_MS);
    if (r == 0 && g->is_sample)
        r = add_key(s, TEXT_GUIDE_SAMPLE);
    if (r == 0 && g->kind == GUIDE_LEGAL)
        r = add_key(s, TEXT_LEGAL_NO_ADVICE);
    return r == 0 ? add_key(s, TEXT_SOUND_SEE_PAGE) : r;
}

/* How many from i on are of one stage and in one other language: they are told together. */
static size_t foreign_run(const struct guide_points *p, size_t i)
{
    const struct guide_point *first = &p->row[i];
    size_t n = 0;

    while (i + n < p->n && sound_is_foreign(&p->row[i + n].text) &&
           p->row[i + n].stage == first->stage && str_eq(p->row[i + n].text.lang, first->text.lang))
        n++;
    return n;
}

static int add_points(struct script *s, const struct guide *g, const struct guide_points *p)
{
    size_t n;
    int r = 0;

    for (size_t i = 0; r == 0 && i < p->n; i += n ? n : 1) {
        const struct guide_point *k = &p->row[i];

        if (!i || k->stage != p->row[i - 1].stage)
            r = add_key(s, guide_stage_text(g->kind, k->stage));
        n = foreign_run(p, i);
        if (r == 0)
            r = n ? add_foreign(s, k->text.lang, n, SSML_PAUSE_MS)
                  : add_text(s, &k->text, SSML_PAUSE_MS);
    }
    return r;
}

int guide_spoken_make(struct arena *a, struct db *db, const struct texts *t, const struct guide *g,
                      struct sound_of *ret_of, str *ret_script)
{
    struct script s = {.a = a, .t = t, .to = sb_init(a, 0)};
    struct guide_points p;
    int r = read(a, db, t, g, &p, ret_of);

    if (r < 0)
        return r;
    html_ssml_begin(&s.to);
    r = add_head(&s, g);
    if (r == 0)
        r = add_points(&s, g, &p);
    html_ssml_end(&s.to);
    if (r < 0)
        return r;
    if (s.to.err)
        return ERR_MEM;
    if (s.to.n > SPOKEN_MOST_BYTES)
        return ERR_TOO_BIG;
    *ret_script = sb_str(&s.to);
    return 0;
}
