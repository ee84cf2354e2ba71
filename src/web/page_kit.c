#include "web/page_kit.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/kit.h"
#include "gen/template.h"
#include "net/http.h"
#include "web/frame.h"
#include "web/kit_pack.h"
#include "web/page_clip.h"
#include "web/page_contact.h"
#include "web/texts.h"
#include "web/visit.h"

enum text_id kit_kind_text(int kind)
{
    static const enum text_id texts[KIT_KINDS] = {
        [KIT_ABOUT] = TEXT_KIT_ABOUT,  [KIT_FACT] = TEXT_KIT_FACTS,
        [KIT_QUOTE] = TEXT_KIT_QUOTES, [KIT_CONTACT] = TEXT_KIT_CONTACTS,
        [KIT_LOGO] = TEXT_KIT_LOGOS,   [KIT_PICTURE] = TEXT_KIT_PICTURES,
        [KIT_CLIP] = TEXT_KIT_CLIPS,
    };

    return texts[kind >= KIT_ABOUT && kind < KIT_KINDS ? kind : KIT_ABOUT];
}

/* While some kit waits for its moment a kept list would show it late, and a kept refusal as well.
 */
static int mind_embargo(struct exchange *x)
{
    bool is_waiting = false;
    int r = kit_is_waiting(x->db, visit_now(x), &is_waiting);

    if (is_waiting)
        http_set(x, S("Cache-Control"), S("no-store"));
    return r;
}

static void fail(struct exchange *x, int r)
{
    visit_fail(x, r);
    http_set(x, S("Cache-Control"), S("no-store"));
}

static bool is_page_lang(struct exchange *x)
{
    return texts_by_lang(http_param(x, S("lang"))) != NULL;
}

void kit_list_show(struct exchange *x)
{
    struct kit_ask ask = {.lang = visit_lang(x), .now = visit_now(x)};
    struct tpl_kit_list v = {0};
    struct tpl_kit_list_kits *row;
    struct kit_list l;
    int r = is_page_lang(x) ? kit_list(x->arena, x->db, &actor_public, &ask, &l) : ERR_NOT_FOUND;

    row = r == 0 ? arena_array(x->arena, l.n, sizeof(*row)) : NULL;
    if (r == 0 && !row)
        r = ERR_MEM;
    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    for (size_t i = 0; row && i < l.n; i++)
        row[i] = (struct tpl_kit_list_kits){
            .url = arena_printf(x->arena, "/%.*s/kit/%.*s", STR(visit_lang(x)), STR(l.row[i].slug)),
            .title = frame_text(&l.row[i].title, l.row[i].slug),
            .lang = frame_foreign(&l.row[i].title),
            .lead = frame_text(&l.row[i].lead, (str){0}),
            .lead_lang = frame_foreign(&l.row[i].lead),
            .is_stale = l.row[i].title.is_stale || l.row[i].lead.is_stale,
            .is_sample = l.row[i].is_sample};
    v.kits = row;
    v.nkits = l.n;
    v.check = arena_printf(x->arena, "/%.*s/check", STR(visit_lang(x)));
    frame_fill(x, &v.page, texts_get(visit_texts(x), TEXT_KIT_TITLE), (str){0});
    v.page.description = texts_get(visit_texts(x), TEXT_KIT_LEAD);
    tpl_kit_list(&x->reply, visit_texts(x), &v);
    frame_send(x, 200);
    (void)mind_embargo(x);
}

static int fill_items(struct exchange *x, const struct kit_items *l, str base,
                      struct tpl_kit_show *v)
{
    struct tpl_kit_show_items *row = arena_array(x->arena, l->n, sizeof(*row));

    if (!row)
        return ERR_MEM;
    for (size_t i = 0; i < l->n; i++) {
        const struct kit_item *k = &l->row[i];
        bool is_first = !i || l->row[i - 1].kind != k->kind;

        row[i] = (struct tpl_kit_show_items){
            .id = k->id,
            .part = is_first ? kit_kind_text(k->kind) : TEXT_NONE,
            .is_quote = k->kind == KIT_QUOTE,
            .text = frame_text(&k->text, S("")),
            .lang = frame_foreign(&k->text),
            .is_stale = k->text.is_stale,
            .credit = k->credit,
            .source = k->source,
        };
        if (k->cleared_at)
            row[i].cleared = frame_date(x, k->cleared_at, S("UTC"));
        clip_fill(x, k, base, &row[i].clip);
        if (k->file.n) {
            row[i].file = k->file;
            row[i].kb = (k->file_bytes + 1023) / 1024;
            row[i].url =
                arena_printf(x->arena, "%.*s/%lld/%.*s", STR(base), (long long)k->id, STR(k->file));
        }
    }
    v->items = row;
    v->nitems = l->n;
    return 0;
}

static void show(struct exchange *x, const struct kit *k, str base)
{
    struct tpl_kit_show v = {0};
    struct kit_items l;
    int r = kit_items(x->arena, x->db, &actor_public, k, visit_lang(x), &l);

    if (r == 0)
        r = fill_items(x, &l, base, &v);
    if (r < 0) {
        fail(x, r);
        return;
    }
    v.title = frame_text(&k->title, k->slug);
    v.title_lang = frame_foreign(&k->title);
    v.lead = frame_text(&k->lead, (str){0});
    v.lead_lang = frame_foreign(&k->lead);
    v.is_stale = k->title.is_stale || k->lead.is_stale;
    v.is_sample = k->is_sample;
    v.zip = arena_printf(x->arena, "%.*s/kit.zip", STR(base));
    v.back = arena_printf(x->arena, "/%.*s/kit", STR(visit_lang(x)));
    if (k->opens_at > visit_now(x))
        v.until = frame_datetime(x, k->opens_at, S("UTC"));
    frame_fill(x, &v.page, v.title, (str){0});
    v.page.is_hidden = v.until.p != NULL;
    if (v.lead.n)
        v.page.description = v.lead;
    tpl_kit_show(&x->reply, visit_texts(x), &v);
    frame_send(x, 200);
}

/* The kit of the address as anybody may see it now; what waits is not there. */
static int read_open(struct exchange *x, struct kit *ret_kit)
{
    struct kit_ask ask = {
        .slug = http_param(x, S("slug")), .lang = visit_lang(x), .now = visit_now(x)};

    return is_page_lang(x) ? kit_by_slug(x->arena, x->db, &actor_public, &ask, ret_kit)
                           : ERR_NOT_FOUND;
}

static str open_base(struct exchange *x, const struct kit *k)
{
    return arena_printf(x->arena, "/%.*s/kit/%.*s", STR(visit_lang(x)), STR(k->slug));
}

void kit_show(struct exchange *x)
{
    struct kit k;
    int r = read_open(x, &k);

    if (r < 0)
        fail(x, r);
    else
        show(x, &k, open_base(x, &k));
}

/* The name that the address asks for, of that item. */
static int send_item(struct exchange *x, const struct kit *k, const struct kit_item *item)
{
    str name = http_param(x, S("name")), bytes = {0};
    int r;

    if (item->clip.state)
        return clip_send(x, &item->clip, name);
    r = item->file.n && str_eq(item->file, name) ? kit_file(x->arena, x->db, k, item, &bytes)
                                                 : ERR_NOT_FOUND;
    if (r < 0)
        return r;
    sb_add(&x->reply, bytes);
    frame_send_type(x, 200, str_ends(item->file, S(".png")) ? S("image/png") : S("image/jpeg"));
    return 0;
}

void kit_send_file(struct exchange *x, const struct actor *who, const struct kit *k)
{
    struct kit_items l = {0};
    const struct kit_item *item = NULL;
    int64_t id = 0;
    int r = str_i64(http_param(x, S("id")), 1, INT64_MAX, &id) < 0 ? ERR_NOT_FOUND : 0;

    if (r == 0)
        r = kit_items(x->arena, x->db, who, k, visit_lang(x), &l);
    for (size_t i = 0; i < l.n; i++)
        if (l.row[i].id == id)
            item = &l.row[i];
    if (r == 0)
        r = item ? send_item(x, k, item) : ERR_NOT_FOUND;
    if (r < 0)
        fail(x, r);
}

void kit_item_file(struct exchange *x)
{
    struct kit k;
    int r = read_open(x, &k);

    if (r < 0)
        fail(x, r);
    else
        kit_send_file(x, &actor_public, &k);
}

static void send_zip(struct exchange *x, const struct kit *k)
{
    int r = kit_pack(x, k);

    if (r < 0) {
        fail(x, r);
        return;
    }
    http_set(x, S("Content-Disposition"),
             arena_printf(x->arena, "attachment; filename=\"%.*s.zip\"", STR(k->slug)));
    x->type = S("application/zip");
}

void kit_zip(struct exchange *x)
{
    struct kit k;
    int r = read_open(x, &k);

    if (r < 0)
        fail(x, r);
    else
        send_zip(x, &k);
}

/* ---- by a personal link: nothing of it is kept, and the address goes nowhere ---- */

static int read_link(struct exchange *x, struct kit *ret_kit)
{
    contact_private(x);
    return kit_by_link(x->arena, x->db, http_param(x, S("token")), visit_lang(x), ret_kit);
}

void kit_link_show(struct exchange *x)
{
    struct kit k;
    int r = read_link(x, &k);

    if (r < 0)
        fail(x, r);
    else
        show(x, &k, arena_printf(x->arena, "/k/%.*s", STR(http_param(x, S("token")))));
}

void kit_link_file(struct exchange *x)
{
    struct kit k = {0};
    int r = read_link(x, &k);

    if (r < 0)
        fail(x, r);
    else
        kit_send_file(x, &actor_public, &k);
}

void kit_link_zip(struct exchange *x)
{
    struct kit k;
    int r = read_link(x, &k);

    if (r < 0)
        fail(x, r);
    else
        send_zip(x, &k);
}
