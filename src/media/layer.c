#include "media/layer.h"

#include "base/err.h"
#include "media/track.h"

enum {
    HEADER_AND_TAG = 28, /* 12 of RTP, 16 of AES-GCM */
    KEY_WINDOWS = 8,     /* four seconds */
    GOOD_ENOUGH_Q2 = 3,  /* a picture is shown up to 4/3 of its size before it looks poor */
};

static const usec less_after = 5 * USEC_S;
static const usec window = 500 * USEC_MS; /* 15 frames: one key frame does not rule it */
static const usec alive = USEC_S;         /* a screen that stands still sends a frame a second */

void layers_init(struct layers *g, struct track *t)
{
    *g = (struct layers){.lead = t, .at = {t}, .n = 1, .told = -1};
}

int layers_join(struct layers *g, struct track *t)
{
    if (g->n == LAYER_SPATIALS)
        return ERR_FULL;
    g->at[g->n++] = t;
    return 0;
}

/* ---- rates ---- */

static void smooth(int64_t *io_bps, uint32_t bytes, usec took)
{
    int64_t bps = (int64_t)bytes * 8 * USEC_S / took;

    *io_bps = *io_bps ? (*io_bps + bps) / 2 : bps;
}

static void end_window(struct layer_meter *m, usec took)
{
    uint32_t share = m->key_bytes / KEY_WINDOWS; /* what falls due of key frames */

    smooth(&m->key_bps, share, took);
    m->key_bytes -= share;
    for (unsigned i = 0; i < LAYER_TEMPORALS; i++) {
        smooth(&m->bps[i], m->bytes[i], took);
        m->bytes[i] = 0;
    }
}

bool layer_count(struct layer_meter *m, unsigned tid, size_t n, bool is_key, usec now)
{
    usec took = now - m->since;
    bool is_over = m->since && took >= window;

    if (is_over)
        end_window(m, took);
    if (is_over || !m->since)
        m->since = now;
    *(is_key ? &m->key_bytes : &m->bytes[tid]) += (uint32_t)(n + HEADER_AND_TAG);
    if (m->temporals <= tid)
        m->temporals = (uint8_t)(tid + 1);
    return is_over;
}

static int64_t between_keys(const struct layer_meter *m, int temporal)
{
    int64_t sum = 0;

    for (int i = 0; i <= temporal && i < LAYER_TEMPORALS; i++)
        sum += m->bps[i];
    return sum;
}

int64_t layer_rate(const struct layer_meter *m, int temporal)
{
    return between_keys(m, temporal) + m->key_bps;
}

int64_t layer_rate_held(const struct layer_meter *m, int temporal)
{
    int64_t sum = between_keys(m, temporal);

    return sum + (m->key_bps < sum ? m->key_bps : sum);
}

/* ---- sizes ---- */

static bool is_smaller(const struct track *a, const struct track *b)
{
    int64_t ra = layer_rate(&a->meter, LAYER_TEMPORALS),
            rb = layer_rate(&b->meter, LAYER_TEMPORALS);

    if (a->height && b->height)
        return a->height < b->height;
    return ra && ra + ra / 2 < rb; /* rates of one camera differ more than they vary */
}

void layers_sort(struct layers *g)
{
    for (unsigned i = 1; i < g->n; i++)
        for (unsigned k = i; k > 0 && is_smaller(g->at[k], g->at[k - 1]); k--) {
            struct track *t = g->at[k];

            g->at[k] = g->at[k - 1];
            g->at[k - 1] = t;
        }
}

bool layers_wish(struct layers *g, usec now)
{
    if (g->wanted >= g->told)
        g->less_since = 0;
    else if (!g->less_since)
        g->less_since = now;
    if (g->wanted == g->told || (g->less_since && now - g->less_since < less_after))
        return false;
    g->told = g->wanted;
    g->less_since = 0;
    return true;
}

/* ---- choosing ---- */

bool layers_is_live(const struct layers *g, int spatial, usec now)
{
    const struct track *t = spatial >= 0 && (unsigned)spatial < g->n ? g->at[spatial] : NULL;

    /* a source of one layer is as live as it can be: who shows it is the room's affair */
    return t && t->is_begun && (g->n == 1 || now - t->last_at < alive);
}

usec layers_heard_at(const struct layers *g)
{
    usec at = -1;

    for (unsigned i = 0; i < g->n; i++)
        if (g->at[i]->is_begun && g->at[i]->last_at > at)
            at = g->at[i]->last_at;
    return at;
}

struct layer_pick layers_fit(const struct layers *g, int height, usec now)
{
    struct layer_pick pick = LAYER_NOTHING;

    for (int i = 0; height > 0 && i < (int)g->n; i++) {
        if (!layers_is_live(g, i, now))
            continue;
        pick = (struct layer_pick){(int8_t)i, LAYER_TEMPORALS - 1};
        if (g->at[i]->height && 4 * g->at[i]->height >= GOOD_ENOUGH_Q2 * height)
            break;
    }
    return pick;
}

struct layer_pick layer_lower(struct layer_pick a, struct layer_pick b)
{
    return (struct layer_pick){a.spatial < b.spatial ? a.spatial : b.spatial,
                               a.temporal < b.temporal ? a.temporal : b.temporal};
}

struct track *layers_track(const struct layers *g, struct layer_pick pick, usec now)
{
    if (pick.spatial < 0)
        return NULL;
    for (int i = pick.spatial < (int)g->n ? pick.spatial : (int)g->n - 1; i >= 0; i--)
        if (layers_is_live(g, i, now))
            return g->at[i];
    for (int i = 0; i < (int)g->n; i++)
        if (layers_is_live(g, i, now))
            return g->at[i];
    return NULL;
}

int64_t layers_rate(const struct layers *g, struct layer_pick pick, bool is_held, usec now)
{
    const struct layer_meter *m;

    if (!layers_is_live(g, pick.spatial, now))
        return 0;
    m = &g->at[pick.spatial]->meter;
    return is_held ? layer_rate_held(m, pick.temporal) : layer_rate(m, pick.temporal);
}

int layers_temporals(const struct layers *g, int spatial)
{
    int n = spatial >= 0 && (unsigned)spatial < g->n ? g->at[spatial]->meter.temporals : 0;

    return n ? n : 1;
}
