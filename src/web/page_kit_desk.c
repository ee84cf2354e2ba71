#include "web/page_kit_desk.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/kit.h"
#include "domain/zone.h"
#include "gen/template.h"
#include "net/http.h"
#include "web/frame.h"
#include "web/lang_fields.h"
#include "web/page_clip.h"
#include "web/page_kit.h"
#include "web/site.h"
#include "web/texts.h"
#include "web/visit.h"

static str field(struct exchange *x, const char *name)
{
    str s = str_trim(http_field(x, str_c(name)));

    return s.p ? s : S("");
}

static bool is_shown_again(int code)
{
    return code == ERR_RANGE || code == ERR_STATE || code == ERR_CONFLICT || code == ERR_ENCODING ||
           code == ERR_UNSUPPORTED || code == ERR_SYNTAX || code == ERR_TOO_BIG || code == ERR_FULL;
}

static enum text_id problem_text(int code)
{
    switch (code) {
    case ERR_CONFLICT:
        return TEXT_KIT_CONFLICT;
    case ERR_STATE:
        return TEXT_KIT_FIRST_STAYS;
    case ERR_UNSUPPORTED:
    case ERR_SYNTAX:
        return TEXT_KIT_NO_PICTURE;
    case ERR_TOO_BIG:
    case ERR_FULL:
        return TEXT_KIT_TOO_BIG;
    default:
        return TEXT_KIT_BAD;
    }
}

/* ---- all ---- */

static void show_list(struct exchange *x, int code)
{
    struct tpl_desk_kits v = {.problem = code < 0 ? problem_text(code) : TEXT_NONE,
                              .csrf_token = visit_csrf(x)};
    const struct lang_fields titles = {.name = "title", .is_typed = true};
    struct kit_ask ask = {.lang = visit_lang(x), .now = visit_now(x)};
    struct tpl_desk_kits_kits *row = NULL;
    struct kit_list l;
    int r = kit_list(x->arena, x->db, x->actor, &ask, &l);

    if (r == 0)
        r = lang_fields_fill(x, &titles, &v.titles, &v.ntitles);
    if (r == 0)
        row = arena_array(x->arena, l.n, sizeof(*row));
    if (r < 0 || !row) {
        visit_fail(x, r < 0 ? r : ERR_MEM);
        return;
    }
    for (size_t i = 0; i < l.n; i++) {
        row[i] = (struct tpl_desk_kits_kits){
            .title = frame_text(&l.row[i].title, l.row[i].slug),
            .lang = frame_foreign(&l.row[i].title),
            .url = arena_printf(x->arena, "/desk/kits/%.*s", STR(l.row[i].slug)),
            .is_shown = l.row[i].is_shown};
        if (l.row[i].opens_at > ask.now)
            row[i].until = frame_datetime(x, l.row[i].opens_at, S("UTC"));
    }
    v.kits = row;
    v.nkits = l.n;
    v.slug = field(x, "slug");
    frame_fill(x, &v.page, texts_get(visit_texts(x), TEXT_KIT_TITLE), S("/desk/kits"));
    tpl_desk_kits(&x->reply, visit_texts(x), &v);
    frame_send(x, code < 0 ? err_http_status(code) : 200);
}

void desk_kits(struct exchange *x)
{
    show_list(x, 0);
}

static int put_title(struct exchange *x, struct db *db, int64_t id, const struct text_in *in)
{
    return kit_text_put(db, x->actor, id, KIT_TITLE, in, visit_now(x));
}

static int put_lead(struct exchange *x, struct db *db, int64_t id, const struct text_in *in)
{
    return kit_text_put(db, x->actor, id, KIT_LEAD, in, visit_now(x));
}

static int put_item(struct exchange *x, struct db *db, int64_t id, const struct text_in *in)
{
    return kit_item_text_put(db, x->actor, id, in, visit_now(x));
}

/* An empty field takes its language away; what is nothing without words must have some. */
static int put_words(struct exchange *x, struct db *db, int64_t id, const char *name,
                     const struct text *t)
{
    lang_fields_fn *put = str_eq(str_c(name), S("title"))  ? put_title
                          : str_eq(str_c(name), S("lead")) ? put_lead
                                                           : put_item;
    const struct lang_fields_put p = {
        .name = name, .id = id, .text_id = t->id, .put = put, .is_taken = true};

    return put == put_lead ? lang_fields_put_any(x, db, &p) : lang_fields_put(x, db, &p);
}

int desk_kit_add_act(struct exchange *x, struct db *db)
{
    int64_t id;
    int r = kit_add(db, x->actor, field(x, "slug"), false, visit_now(x), &id);

    return r == 0 ? put_words(x, db, id, "title", &(struct text){0}) : r;
}

void desk_kit_add(struct exchange *x)
{
    if (x->result == 0)
        http_redirect(x, 303, arena_printf(x->arena, "/desk/kits/%.*s", STR(field(x, "slug"))));
    else if (is_shown_again(x->result))
        show_list(x, x->result);
    else
        visit_fail(x, x->result);
}

/* ---- one ---- */

static int find(struct exchange *x, struct db *db, struct kit *ret_kit)
{
    struct kit_ask ask = {
        .slug = http_param(x, S("slug")), .lang = visit_lang(x), .now = visit_now(x)};

    return kit_by_slug(x->arena, db, x->actor, &ask, ret_kit);
}

/* Was this the form of this item (0: of a new one), with words that did not get in? */
static bool is_typed_here(struct exchange *x, const char *name, int64_t id)
{
    int64_t at = 0;

    if (!lang_fields_any(x, name))
        return false;
    return str_i64(http_param(x, S("id")), 1, INT64_MAX, &at) < 0 ? id == 0 : at == id;
}

static bool needs_consent(int kind)
{
    return kind == KIT_QUOTE || kind == KIT_LOGO || kind == KIT_PICTURE || kind == KIT_CLIP;
}

static int fill_items(struct exchange *x, const struct kit *k, struct tpl_desk_kit *v)
{
    struct kit_items l;
    struct tpl_kit_item *row;
    int r = kit_items(x->arena, x->db, x->actor, k, visit_lang(x), &l);

    if (r < 0)
        return r;
    row = arena_array(x->arena, l.n, sizeof(*row));
    if (!row)
        return ERR_MEM;
    for (size_t i = 0; r == 0 && i < l.n; i++) {
        const struct kit_item *at = &l.row[i];

        row[i] = (struct tpl_kit_item){
            .base = arena_printf(x->arena, "%.*s/items/%lld", STR(v->base), (long long)at->id),
            .csrf_token = visit_csrf(x),
            .kind = kit_kind_text(at->kind),
            .text = frame_text(&at->text, S("")),
            .revision = at->revision,
            .credit = at->credit,
            .source = at->source,
            .needs_consent = needs_consent(at->kind) && at->clip.state != CLIP_FAILED,
            .cleared_by = at->cleared_by,
            .entered_by = at->entered_by,
        };
        if (at->cleared_at)
            row[i].cleared = frame_date(x, at->cleared_at, S("UTC"));
        clip_fill(x, at, v->base, &row[i].clip);
        if (at->file.n)
            row[i].url = arena_printf(x->arena, "%.*s/%lld/%.*s", STR(v->base), (long long)at->id,
                                      STR(at->file));
        row[i].is_open = is_typed_here(x, "text", at->id);
        r = lang_fields_fill(x, &(struct lang_fields){"text", at->text.id, row[i].is_open},
                             &row[i].texts, &row[i].ntexts);
    }
    v->items = row;
    v->nitems = l.n;
    return r;
}

static int fill_links(struct exchange *x, const struct kit *k, struct tpl_desk_kit *v)
{
    const struct site *s = site_of(x);
    struct kit_links l;
    struct tpl_desk_kit_links *row;
    int r = kit_links(x->arena, x->db, x->actor, k->id, &l);

    if (r < 0)
        return r;
    row = arena_array(x->arena, l.n, sizeof(*row));
    if (!row)
        return ERR_MEM;
    for (size_t i = 0; i < l.n; i++) {
        char token[KIT_LINK_TOKEN];

        kit_link_token(s->conf.secret, l.row[i].id, token);
        row[i] = (struct tpl_desk_kit_links){
            .id = l.row[i].id,
            .person = l.row[i].person.n ? l.row[i].person : S("–"), /* was taken out */
            .made = frame_date(x, l.row[i].made_at, S("UTC")),
            .made_by = l.row[i].made_by,
            .is_closed = l.row[i].closed_at != 0,
            .url = arena_printf(x->arena, "%.*s/k/%s", STR(s->origin), token),
        };
    }
    v->links = row;
    v->nlinks = l.n;
    return 0;
}

static void fill_state(struct exchange *x, const struct kit *k, struct tpl_desk_kit *v)
{
    v->is_shown = k->is_shown;
    v->revision = k->revision;
    v->day = k->opens_at ? zone_day(x->arena, S("UTC"), k->opens_at) : S("");
    v->clock = k->opens_at ? zone_clock(x->arena, S("UTC"), k->opens_at) : S("");
    if (k->opens_at > visit_now(x))
        v->until = frame_datetime(x, k->opens_at, S("UTC"));
    v->url = arena_printf(x->arena, "/%.*s/kit/%.*s", STR(visit_lang(x)), STR(k->slug));
}

/* Title and introduction, and the empty forms for a new item and a new clip. */
static int fill_texts(struct exchange *x, const struct kit *k, struct tpl_desk_kit *v)
{
    const struct lang_fields titles = {"title", k->title.id, lang_fields_any(x, "title")};
    const struct lang_fields leads = {"lead", k->lead.id, lang_fields_any(x, "lead")};
    const struct lang_fields texts = {"text", 0, is_typed_here(x, "text", 0)};
    const struct lang_fields seen = {"seen", 0, is_typed_here(x, "seen", 0)};
    int r = lang_fields_fill(x, &titles, &v->titles, &v->ntitles);

    v->is_open = titles.is_typed;
    if (r == 0)
        r = lang_fields_fill(x, &leads, &v->leads, &v->nleads);
    if (r == 0)
        r = lang_fields_fill(x, &texts, &v->texts, &v->ntexts);
    return r == 0 ? lang_fields_fill(x, &seen, &v->seen, &v->nseen) : r;
}

void desk_kit_again(struct exchange *x, int status, enum text_id problem)
{
    static const struct frame_word done[] = {{S("saved"), TEXT_KIT_SAVED}};
    struct tpl_desk_kit v = {.problem = problem, .csrf_token = visit_csrf(x)};
    struct kit k;
    int r = find(x, x->db, &k);

    v.base = arena_printf(x->arena, "/desk/kits/%.*s", STR(http_param(x, S("slug"))));
    if (r == 0)
        r = fill_texts(x, &k, &v);
    if (r == 0)
        r = fill_items(x, &k, &v);
    if (r == 0)
        r = fill_links(x, &k, &v);
    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    fill_state(x, &k, &v);
    v.credit = field(x, "credit");
    v.source = field(x, "source");
    v.filmed = field(x, "filmed");
    v.has_clips = site_of(x)->conf.has_clips;
    v.megabytes = MAX_CLIP_BYTES >> 20;
    v.minutes = MAX_CLIP_S / 60;
    v.most = MAX_CLIPS;
    v.title = frame_text(&k.title, k.slug);
    v.done = frame_word(x, S("done"), done, NELEM(done));
    frame_fill(x, &v.page, v.title, v.base);
    tpl_desk_kit(&x->reply, visit_texts(x), &v);
    frame_send(x, status);
}

void desk_kit(struct exchange *x)
{
    desk_kit_again(x, 200, TEXT_NONE);
}

void desk_kit_file(struct exchange *x)
{
    struct kit k;
    int r = find(x, x->db, &k);

    if (r < 0)
        visit_fail(x, r);
    else
        kit_send_file(x, x->actor, &k);
}

int desk_kit_save_act(struct exchange *x, struct db *db)
{
    struct kit k;
    int r = find(x, db, &k);

    if (r == 0)
        r = put_words(x, db, k.id, "title", &k.title);
    if (r == 0)
        r = put_words(x, db, k.id, "lead", &k.lead);
    return r;
}

/* No day: no embargo. A day without an hour is its first moment, in universal time. */
int desk_kit_state_act(struct exchange *x, struct db *db)
{
    str day = field(x, "day"), hour = field(x, "clock");
    struct kit k;
    int r = find(x, db, &k);

    if (r < 0)
        return r;
    k.is_shown = str_eq(field(x, "shown"), S("1"));
    k.opens_at = 0;
    if (str_i64(field(x, "revision"), 1, INT64_MAX, &k.revision) < 0)
        return ERR_RANGE;
    if (day.n && zone_time(S("UTC"), day, hour.n ? hour : S("00:00"), &k.opens_at) < 0)
        return ERR_RANGE;
    return kit_save(db, x->actor, &k, visit_now(x));
}

int desk_kit_remove_act(struct exchange *x, struct db *db)
{
    struct kit k;
    int r = find(x, db, &k);

    return r == 0 ? kit_remove(db, x->actor, k.id) : r;
}

void desk_kit_remove(struct exchange *x)
{
    if (x->result == 0)
        http_redirect(x, 303, S("/desk/kits"));
    else
        visit_fail(x, x->result);
}

int desk_kit_item_add_act(struct exchange *x, struct db *db)
{
    struct kit_item_in in = {.credit = field(x, "credit"), .source = field(x, "source")};
    uint64_t kind = 0;
    struct kit k = {0};
    int64_t id = 0;
    int r = find(x, db, &k);

    if (r == 0 && str_u64(field(x, "kind"), KIT_KINDS, &kind) < 0)
        r = ERR_RANGE;
    if (r < 0)
        return r;
    in.kind = (int)kind;
    in.bytes = http_file(x, S("file"), &in.file_name);
    r = kit_item_add(db, x->actor, k.id, &in, visit_now(x), &id);
    return r == 0 ? put_words(x, db, id, "text", &(struct text){0}) : r;
}

int desk_clip_add_act(struct exchange *x, struct db *db)
{
    struct kit_item_in in = {.kind = KIT_CLIP,
                             .credit = field(x, "filmed"),
                             .bytes = http_file(x, S("file"), NULL)};
    struct kit k = {0};
    int64_t id = 0;
    int r = find(x, db, &k);

    if (r == 0)
        r = kit_item_add(db, x->actor, k.id, &in, visit_now(x), &id);
    return r == 0 ? put_words(x, db, id, "seen", &(struct text){0}) : r;
}

/* The item of the address, when it is one of this kit. */
static int find_item(struct exchange *x, struct db *db, struct kit_item *ret_item)
{
    struct kit_items l = {0};
    struct kit k;
    int64_t id;
    int r = find(x, db, &k);

    if (r == 0)
        r = str_i64(http_param(x, S("id")), 1, INT64_MAX, &id) < 0 ? ERR_NOT_FOUND : 0;
    if (r == 0)
        r = kit_items(x->arena, db, x->actor, &k, visit_lang(x), &l);
    for (size_t i = 0; r == 0 && i < l.n; i++) {
        if (l.row[i].id == id) {
            *ret_item = l.row[i];
            return 0;
        }
    }
    return r < 0 ? r : ERR_NOT_FOUND;
}

int desk_kit_item_save_act(struct exchange *x, struct db *db)
{
    struct kit_item i;
    int r = find_item(x, db, &i);

    return r == 0 ? put_words(x, db, i.id, "text", &i.text) : r;
}

int desk_kit_item_clear_act(struct exchange *x, struct db *db)
{
    struct kit_item i;
    int64_t revision = 0;
    int r = find_item(x, db, &i);

    if (r == 0 && str_i64(field(x, "revision"), 1, INT64_MAX, &revision) < 0)
        r = ERR_RANGE;
    return r == 0 ? kit_item_clear(db, x->actor, i.id, field(x, "by"), revision, visit_now(x)) : r;
}

int desk_kit_item_remove_act(struct exchange *x, struct db *db)
{
    struct kit_item i;
    int r = find_item(x, db, &i);

    return r == 0 ? kit_item_remove(db, x->actor, i.id, visit_now(x)) : r;
}

int desk_kit_link_add_act(struct exchange *x, struct db *db)
{
    struct kit k;
    int r = find(x, db, &k);

    return r == 0 ? kit_link_add(db, x->actor, site_of(x)->conf.secret, k.id, field(x, "person"),
                                 visit_now(x))
                  : r;
}

int desk_kit_link_close_act(struct exchange *x, struct db *db)
{
    struct kit k;
    int64_t id;
    int r = find(x, db, &k);

    if (r == 0)
        r = str_i64(http_param(x, S("id")), 1, INT64_MAX, &id) < 0 ? ERR_NOT_FOUND : 0;
    return r == 0 ? kit_link_close(db, x->actor, k.id, id, visit_now(x)) : r;
}

void desk_kit_done(struct exchange *x)
{
    if (x->result == 0)
        http_redirect(
            x, 303,
            arena_printf(x->arena, "/desk/kits/%.*s?done=saved", STR(http_param(x, S("slug")))));
    else if (is_shown_again(x->result))
        desk_kit_again(x, visit_status(x->result), problem_text(x->result));
    else
        visit_fail(x, x->result);
}
