#include "web/page_pack.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/str.h"
#include "domain/access.h"
#include "domain/guide.h"
#include "domain/news_gone.h"
#include "domain/sound.h"
#include "gen/template.h"
#include "net/http.h"
#include "net/loop.h"
#include "web/frame.h"
#include "web/guide_body.h"
#include "web/pack.h"
#include "web/shelf.h"
#include "web/site.h"
#include "web/texts.h"
#include "web/visit.h"
#include "web/worker.h"

/* PACKS: a zip and a book of the programme and of each guide. */
enum { LIST_GUIDES = MAX_PACKS / 2 - 1, PACKS = 2 * (LIST_GUIDES + 1), KB = 1000 };

/*
 *   web: which packs ──job──▶ worker: those that are not on the shelf are made ──▶ web: answer
 */
struct making {
    struct job job;
    struct exchange *x;
    struct shelf_now now;
    struct pack_ask *ask;
    size_t n;
    const struct shelf_pack *pack; /* the last of them, ours to give back */
    int result;
    void (*show)(struct making *m);
};

static str key_of(struct arena *a, const struct pack_ask *ask)
{
    return arena_printf(a, "%.*s|%.*s|%lld", STR(ask->guide), STR(ask->lang),
                        (long long)ask->sounds);
}

/* Before anything else is read: what changes meanwhile makes the next one who asks see it. */
static int shelf_moment(struct exchange *x, struct shelf_now *to)
{
    *to = (struct shelf_now){.version = access_version(site_of(x)->conf.writer),
                             .day = visit_now(x) / USEC_DAY,
                             .at = clock_mono()};
    return news_mark(x->db, visit_now(x), &to->news);
}

static void give_back(struct making *m)
{
    if (m->pack)
        m->pack->shared.release(&m->pack->shared);
    m->pack = NULL;
}

static int make_one(struct making *m, struct db *db, const struct pack_ask *ask, str key)
{
    struct sb b = sb_init(NULL, MAX_PACK_BYTES);
    int r = pack_write(db, ask, zip_to_text, &b);

    if (r < 0) {
        sb_done(&b);
        return r;
    }
    return shelf_put(site_of(m->x)->shelf, key, &m->now, sb_str(&b), &m->pack);
}

static void run(struct job *j)
{
    struct making *m = (struct making *)j;
    struct site *s = site_of(m->x);
    struct db *db = NULL;

    m->result = access_open(s->conf.db_path, &db);
    for (size_t i = 0; m->result == 0 && i < m->n; i++) {
        str key = key_of(m->x->arena, &m->ask[i]);

        give_back(m);
        m->pack = shelf_take(s->shelf, key, &m->now); /* somebody else may have had it made */
        if (!m->pack)
            m->result = make_one(m, db, &m->ask[i], key);
    }
    access_close(db);
}

static void done(struct job *j)
{
    struct making *m = (struct making *)j;

    if (m->result < 0) {
        log_error("web", "pack", "error=\"%s\"", err_text(m->result));
        visit_fail(m->x, m->result);
    } else {
        m->show(m);
    }
    give_back(m);
    visit_finish(m->x);
}

/* The packs come into being on a worker; then show. */
static void make(struct making *m)
{
    struct exchange *x = m->x;

    m->job = (struct job){.run = run, .done = done, .answer = loop_queue(x->loop)};
    http_defer(x);
    if (worker_put(site_of(x)->worker, &m->job) < 0) {
        visit_fail(x, ERR_BUSY);
        visit_finish(x);
    }
}

/* ---- one file ---- */

static void send(struct exchange *x, const struct pack_ask *ask, const struct shelf_pack *pack)
{
    x->shared = &pack->shared;
    x->status = 200;
    x->type = ask->lang.n ? S("application/epub+zip") : S("application/zip");
    http_set(x, S("ETag"), str_c(pack->etag));
    http_set(x, S("Content-Disposition"),
             arena_printf(x->arena, "attachment; filename=\"%.*s\"",
                          STR(pack_file_name(x->arena, ask))));
}

static void show_file(struct making *m)
{
    send(m->x, m->ask, m->pack);
    m->pack = NULL; /* the answer gives it back */
}

/* The bytes that sound adds at most; ret_mark 0: none is to be had, or more than one may carry. */
static int stock(struct exchange *x, int64_t guide_id, int64_t *ret_bytes, int64_t *ret_mark)
{
    int r = sound_stock(x->db, guide_id, ret_bytes, ret_mark);

    if (r == 0 && *ret_bytes > MAX_PACK_SOUND_BYTES)
        *ret_mark = 0;
    return r;
}

static int read_sounds(struct exchange *x, int64_t guide_id, struct pack_ask *to)
{
    int64_t bytes;
    int r = stock(x, guide_id, &bytes, &to->sounds);

    return r == 0 && !to->sounds ? ERR_NOT_FOUND : r;
}

/* "tm-tr.epub" is a book in the page's language, "tm-tr.sound.zip" has sound. */
static int read_file(struct exchange *x, bool is_guide, struct pack_ask *to)
{
    static const str sound = S(".sound");
    struct str_pair cut = str_rcut(http_param(x, S("file")), '.');
    struct guide g = {0};
    bool has_sound;
    int r = 0;

    if (!texts_by_lang(http_param(x, S("lang"))) || !cut.ok)
        return ERR_NOT_FOUND;
    *to = (struct pack_ask){.origin = site_of(x)->origin, .now = visit_now(x)};
    if (str_eq(cut.tail, S("epub")))
        to->lang = visit_lang(x);
    else if (!str_eq(cut.tail, S("zip")))
        return ERR_NOT_FOUND;
    has_sound = !to->lang.n && str_ends(cut.head, sound);
    if (has_sound)
        cut.head.n -= sound.n;
    if (is_guide) {
        to->guide = cut.head;
        r = guide_corridor(x->arena, x->db, cut.head, visit_lang(x), &g);
    } else if (!str_eq(cut.head, S("programme"))) {
        r = ERR_NOT_FOUND;
    }
    return r == 0 && has_sound ? read_sounds(x, g.id, to) : r;
}

static void file(struct exchange *x, bool is_guide)
{
    struct making *m = arena_make(x->arena, struct making);
    struct pack_ask *ask = arena_make(x->arena, struct pack_ask);
    int r = m && ask ? read_file(x, is_guide, ask) : ERR_MEM;

    if (r == 0) {
        *m = (struct making){.x = x, .ask = ask, .n = 1, .show = show_file};
        r = shelf_moment(x, &m->now);
    }
    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    m->pack = shelf_take(site_of(x)->shelf, key_of(x->arena, ask), &m->now);
    if (m->pack)
        show_file(m);
    else
        make(m);
}

void pack_programme(struct exchange *x)
{
    file(x, false);
}

void pack_guide(struct exchange *x)
{
    file(x, true);
}

/* ---- the list ---- */

static str size_text(struct exchange *x, size_t bytes)
{
    const struct text_arg args[] = {
        {.name = "n", .n = (int64_t)(bytes + KB - 1) / KB, .is_num = true}};
    struct sb b = sb_init(x->arena, 0);

    if (!bytes)
        return texts_get(visit_texts(x), TEXT_PACK_SIZE_UNKNOWN);
    text_add(&b, visit_texts(x), TEXT_PACK_KB, args, NELEM(args));
    return arena_str(x->arena, sb_str(&b));
}

/* guide_id 0, slug unset: of the programme. Sound is offered with the most that it may add. */
static int choice(struct making *m, int64_t guide_id, str slug, struct tpl_pack_choice *ret_choice)
{
    struct exchange *x = m->x;
    int64_t bytes, mark;
    int r = stock(x, guide_id, &bytes, &mark);
    struct pack_ask zip = {.guide = slug}, book = {.guide = slug, .lang = visit_lang(x)};
    struct shelf *s = site_of(x)->shelf;
    str path = arena_printf(x->arena, "/%.*s/offline/%s%.*s", STR(visit_lang(x)),
                            slug.n ? "guides/" : "", STR(slug.n ? slug : S("programme")));

    if (r < 0)
        return r;
    *ret_choice = (struct tpl_pack_choice){
        .zip = arena_printf(x->arena, "%.*s.zip", STR(path)),
        .epub = arena_printf(x->arena, "%.*s.epub", STR(path)),
        .zip_size = size_text(x, shelf_size(s, key_of(x->arena, &zip), &m->now)),
        .epub_size = size_text(x, shelf_size(s, key_of(x->arena, &book), &m->now)),
    };
    if (mark) {
        ret_choice->sound = arena_printf(x->arena, "%.*s.sound.zip", STR(path));
        ret_choice->sound_size = size_text(x, (size_t)bytes);
    }
    return 0;
}

static int fill_guides(struct making *m, struct tpl_pack_list *v)
{
    struct exchange *x = m->x;
    struct tpl_pack_list_guides *row;
    struct guide_list l;
    str lang = visit_lang(x);
    int r = guide_list(x->arena, x->db, lang, &l);

    row = r == 0 ? arena_array(x->arena, l.n, sizeof(*row)) : NULL;
    if (!row)
        return r < 0 ? r : ERR_MEM;
    for (size_t i = 0; r == 0 && i < l.n && i < LIST_GUIDES; i++) {
        const struct guide *g = &l.row[i];
        struct tpl_pack_choice packs = {0};

        r = choice(m, g->id, g->slug, &packs);

        row[v->nguides++] = (struct tpl_pack_list_guides){
            .slug = g->slug,
            .title = frame_text(&g->title, g->slug),
            .lang = frame_foreign(&g->title),
            .pack_choice = packs,
            .a5 = arena_printf(x->arena, "/%.*s/print/a5/%.*s", STR(lang), STR(g->slug)),
            .a4 = arena_printf(x->arena, "/%.*s/print/a4/%.*s", STR(lang), STR(g->slug)),
            .sms = arena_printf(x->arena, "/%.*s/guides/%.*s/sms.txt", STR(lang), STR(g->slug)),
        };
    }
    v->guides = row;
    return r;
}

static void show_list(struct making *m)
{
    struct exchange *x = m->x;
    struct tpl_pack_list v = {0};
    str lang = visit_lang(x);
    int r = choice(m, 0, (str){0}, &v.pack_choice);

    if (r == 0)
        r = fill_guides(m, &v);
    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    v.a5 = arena_printf(x->arena, "/%.*s/print/a5", STR(lang));
    v.a4 = arena_printf(x->arena, "/%.*s/print/a4", STR(lang));
    frame_fill(x, &v.page, texts_get(visit_texts(x), TEXT_PACK_TITLE), (str){0});
    v.page.description = texts_get(visit_texts(x), TEXT_PACK_LEAD);
    tpl_pack_list(&x->reply, visit_texts(x), &v);
    frame_send(x, 200);
    http_set(x, S("Cache-Control"), S("no-store")); /* sound comes without a change of pages */
}

/* Notes what is not on the shelf, so that its size would not be known. */
static int wanting(struct making *m)
{
    struct exchange *x = m->x;
    struct guide_list l;
    int r = guide_list(x->arena, x->db, visit_lang(x), &l);

    m->ask = r == 0 ? arena_array(x->arena, PACKS, sizeof(*m->ask)) : NULL;
    if (!m->ask)
        return r < 0 ? r : ERR_MEM;
    for (size_t i = 0; i <= l.n && i <= LIST_GUIDES; i++)
        for (int k = 0; k < 2; k++) {
            struct pack_ask ask = {.guide = i ? l.row[i - 1].slug : (str){0},
                                   .lang = k ? visit_lang(x) : (str){0},
                                   .origin = site_of(x)->origin,
                                   .now = visit_now(x)};

            if (!shelf_size(site_of(x)->shelf, key_of(x->arena, &ask), &m->now))
                m->ask[m->n++] = ask;
        }
    return 0;
}

void pack_list(struct exchange *x)
{
    struct making *m = arena_make(x->arena, struct making);
    int r = m ? 0 : ERR_MEM;

    if (m)
        *m = (struct making){.x = x, .show = show_list};
    if (m && !texts_by_lang(http_param(x, S("lang"))))
        r = ERR_NOT_FOUND;
    if (r == 0)
        r = shelf_moment(x, &m->now);
    if (r == 0)
        r = wanting(m);
    if (r < 0)
        visit_fail(x, r);
    else if (m->n)
        make(m);
    else
        show_list(m);
}
