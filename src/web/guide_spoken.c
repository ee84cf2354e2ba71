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
        r = sound_words(a, g, ret_points, of.words);
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

static int add(struct arena *a, struct sb *b, str lang, str text, unsigned pause_ms)
{
    str spoken;
    int r = spoken_text(a, lang, text, &spoken);

    if (r == 0)
        html_ssml_add(b, spoken, pause_ms);
    return r;
}

/* What stands above the statements: on a sample that it is one, of law that it is no advice. */
static int add_head(struct arena *a, struct sb *b, const struct texts *t, const struct guide *g)
{
    int r = add(a, b, t->lang, g->title.body, SSML_LONG_MS);

    if (r == 0)
        r = add(a, b, t->lang, g->lead.body, SSML_LONG_MS);
    if (r == 0 && g->is_sample)
        r = add(a, b, t->lang, texts_get(t, TEXT_GUIDE_SAMPLE), SSML_LONG_MS);
    if (r == 0 && g->kind == GUIDE_LEGAL)
        r = add(a, b, t->lang, texts_get(t, TEXT_LEGAL_NO_ADVICE), SSML_LONG_MS);
    if (r == 0)
        r = add(a, b, t->lang, texts_get(t, TEXT_SOUND_SEE_PAGE), SSML_LONG_MS);
    return r;
}

int guide_spoken_make(struct arena *a, struct db *db, const struct texts *t, const struct guide *g,
                      struct sound_of *ret_of, str *ret_script)
{
    struct sb b = sb_init(a, 0);
    struct guide_points p;
    int r = read(a, db, t, g, &p, ret_of);

    if (r < 0)
        return r;
    html_ssml_begin(&b);
    r = add_head(a, &b, t, g);
    for (size_t i = 0; r == 0 && i < p.n; i++) {
        if (!i || p.row[i].stage != p.row[i - 1].stage)
            r = add(a, &b, t->lang, texts_get(t, guide_stage_text(g->kind, p.row[i].stage)),
                    SSML_LONG_MS);
        if (r == 0)
            r = add(a, &b, t->lang, p.row[i].text.body, SSML_PAUSE_MS);
    }
    html_ssml_end(&b);
    if (r < 0)
        return r;
    if (b.err)
        return ERR_MEM;
    if (b.n > SPOKEN_MOST_BYTES)
        return ERR_TOO_BIG;
    *ret_script = sb_str(&b);
    return 0;
}
