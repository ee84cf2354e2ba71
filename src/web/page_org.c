#include "web/page_org.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/country.h"
#include "domain/need.h"
#include "domain/org.h"
#include "gen/template.h"
#include "net/http.h"
#include "web/blank.h"
#include "web/blank_text.h"
#include "web/frame.h"
#include "web/remove.h"
#include "web/texts.h"
#include "web/visit.h"

#define LIST S("/desk/orgs")

/* What the form is about; o.id 0: a new one. */
struct form {
    struct org o;
    struct blank_langs langs;
    struct blank_text name;
    bool is_new;
    str slug; /* of what was saved */
};

enum text_id org_kind_text(int kind)
{
    static const enum text_id texts[ORG_KIND_COUNT] = {
#define ORG_KIND(code, name) [ORG_##code] = TEXT_ORG_KIND_##code,
        ORG_KIND_TABLE(ORG_KIND)
#undef ORG_KIND
    };

    return texts[kind >= 0 && kind < ORG_KIND_COUNT ? kind : ORG_OTHER];
}

static int read_form(struct blank *s, str slug, bool is_new, struct form *f)
{
    struct exchange *x = s->x;
    int r = slug.n ? org_by_slug(x->arena, s->db, slug, visit_lang(x), &f->o) : 0;

    f->is_new = is_new;
    if (!f->o.id)
        f->o.kind = ORG_NGO;
    blank_langs_of_site(&f->langs);
    f->name = (struct blank_text){
        .name = S("name"), .label = TEXT_ORG_NAME_IN, .hint = TEXT_ORG_NAMES_HINT};
    if (is_new)
        f->name.copy_id = f->o.name.id;
    else
        f->name.text_id = f->o.name.id;
    return r;
}

static int add_fields(struct blank *s, const struct form *f)
{
    struct tpl_blank_field *at;
    int r = blank_text_add(s, &f->name, &f->langs);

    blank_add(s, "select", S("kind"), TEXT_ORG_KIND, str_c(org_kind_name(f->o.kind)));
    blank_options(s, ORG_KIND_COUNT);
    for (int i = 0; i < ORG_KIND_COUNT; i++)
        blank_option_text(s, str_c(org_kind_name(i)), org_kind_text(i));
    at = blank_add(s, "text", S("country"), TEXT_ORG_COUNTRY, blank_country(s->x, f->o.country));
    at->hint = TEXT_BLANK_COUNTRY_HINT;
    at->max = 80;
    if (f->is_new)
        blank_slug_add(s);
    return r;
}

static void parse(struct blank *s, const struct form *f, struct org_in *in)
{
    if (org_kind_parse(blank_value(s, S("kind")), &in->kind) < 0)
        blank_problem(s, S("kind"), TEXT_BLANK_NOT_OFFERED);
    if (country_parse(s->x->arena, blank_value(s, S("country")), &in->country) < 0)
        blank_problem(s, S("country"), TEXT_BLANK_NO_COUNTRY);
    blank_text_check(s, &f->name, &f->langs);
}

static int write(struct blank *s, struct form *f, const struct org_in *in)
{
    struct exchange *x = s->x;
    struct org o;
    int64_t id;
    int r = blank_result(s);

    if (r == 0)
        r = org_put(s->db, x->actor, in, visit_now(x), &id);
    if (r == 0)
        r = org_by_id(x->arena, s->db, id, S(""), &o);
    if (r == 0)
        r = blank_text_put(s, &f->name, &f->langs, o.name.id);
    f->slug = in->slug;
    return r;
}

static int is_taken(struct arena *a, struct db *db, str slug)
{
    struct org was;

    return org_by_slug(a, db, slug, S(""), &was);
}

int desk_org_add_act(struct exchange *x, struct db *db)
{
    struct org_in in = {0};
    struct blank *s = blank_new(x, db, true, sizeof(struct form));
    struct form *f = s ? s->record : NULL;
    int r = s ? read_form(s, (str){0}, true, f) : ERR_MEM;

    if (r == 0)
        r = add_fields(s, f);
    if (r < 0)
        return r;
    parse(s, f, &in);
    r = blank_slug(s, blank_text_first(s, &f->name, &f->langs), S("org"), is_taken, &in.slug);
    return r == 0 ? write(s, f, &in) : r;
}

int desk_org_save_act(struct exchange *x, struct db *db)
{
    struct org_in in = {.slug = http_param(x, S("slug"))};
    struct blank *s = blank_new(x, db, true, sizeof(struct form));
    struct form *f = s ? s->record : NULL;
    int r = s ? read_form(s, in.slug, false, f) : ERR_MEM;

    if (r == 0)
        r = add_fields(s, f);
    if (r == 0)
        r = blank_check(s);
    if (r < 0)
        return r;
    in.is_sample = f->o.is_sample;
    parse(s, f, &in);
    return write(s, f, &in);
}

static void show(struct blank *s, const struct form *f)
{
    static const struct frame_word done[] = {{S("save"), TEXT_ORG_SAVED}};
    struct exchange *x = s->x;
    str base = arena_printf(x->arena, "/desk/orgs/%.*s", STR(f->o.slug));
    const struct tpl_desk_blank_links links[] = {
        {.url = arena_printf(x->arena, "/desk/text/%lld", (long long)f->o.name.id),
         .word = TEXT_TEXTS_OPEN},
        {.url = arena_printf(x->arena, "/desk/orgs/new?from=%.*s", STR(f->o.slug)),
         .word = TEXT_BLANK_COPY},
        {.url = arena_printf(x->arena, "%.*s/remove", STR(base)),
         .word = TEXT_ORG_REMOVE,
         .is_bad = true},
    };
    const struct blank_page page = {
        .title = f->is_new ? texts_get(visit_texts(x), TEXT_ORG_ADD)
                           : frame_text(&f->o.name, f->o.slug),
        .title_lang = f->is_new ? (str){0} : frame_foreign(&f->o.name),
        .back = LIST,
        .back_word = TEXT_ORG_BACK,
        .submit = TEXT_ORG_SAVE,
        .done = frame_word(x, S("done"), done, NELEM(done)),
        .action = f->is_new ? LIST : base,
        .links = links,
        .nlinks = f->is_new ? 0 : NELEM(links),
    };

    blank_send(s, &page);
}

static void show_get(struct exchange *x, str slug, bool is_new)
{
    struct blank *s = blank_new(x, x->db, false, sizeof(struct form));
    struct form *f = s ? s->record : NULL;
    int r = s ? read_form(s, slug, is_new, f) : ERR_MEM;

    if (r == 0)
        r = add_fields(s, f);
    if (r < 0)
        visit_fail(x, r);
    else
        show(s, f);
}

void desk_org_new(struct exchange *x)
{
    show_get(x, http_query(x, S("from")), true);
}

void desk_org(struct exchange *x)
{
    show_get(x, http_param(x, S("slug")), false);
}

void desk_org_save(struct exchange *x)
{
    struct blank *s = x->state;
    const struct form *f = s ? s->record : NULL;

    if (f && x->result == 0)
        http_redirect(x, 303, arena_printf(x->arena, "/desk/orgs/%.*s?done=save", STR(f->slug)));
    else if (f && blank_is_again(x))
        show(s, f);
    else
        visit_fail(x, x->result);
}

void desk_org_add(struct exchange *x)
{
    desk_org_save(x);
}

void desk_orgs(struct exchange *x)
{
    static const struct frame_word done[] = {{S("remove"), TEXT_ORG_REMOVED}};
    struct tpl_desk_orgs v = {.done = frame_word(x, S("done"), done, NELEM(done))};
    struct tpl_desk_orgs_orgs *row;
    struct org_list list;
    int r = org_list(x->arena, x->db, visit_lang(x), &list);

    row = r == 0 ? arena_array(x->arena, list.n, sizeof(*row)) : NULL;
    if (!row) {
        visit_fail(x, r < 0 ? r : ERR_MEM);
        return;
    }
    for (size_t i = 0; i < list.n; i++) {
        const struct org *o = &list.row[i];

        row[i] = (struct tpl_desk_orgs_orgs){
            .name = frame_text(&o->name, o->slug),
            .lang = frame_foreign(&o->name),
            .url = arena_printf(x->arena, "/desk/orgs/%.*s", STR(o->slug)),
            .kind = org_kind_text(o->kind),
            .country = o->country,
        };
    }
    v.orgs = row;
    v.norgs = list.n;
    frame_fill(x, &v.page, texts_get(visit_texts(x), TEXT_ORG_TITLE), LIST);
    tpl_desk_orgs(&x->reply, visit_texts(x), &v);
    frame_send(x, 200);
}

/* ---- deleting ---- */

int desk_org_remove_act(struct exchange *x, struct db *db)
{
    struct org o;
    int r = org_by_slug(x->arena, db, http_param(x, S("slug")), visit_lang(x), &o);

    return r == 0 ? org_remove(db, x->actor, o.id) : r;
}

void desk_org_ask(struct exchange *x)
{
    struct org o;
    struct needs needs;
    int r = org_by_slug(x->arena, x->db, http_param(x, S("slug")), visit_lang(x), &o);

    if (r == 0)
        r = need_of_org(x->db, x->actor, o.id, &needs);
    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    remove_send(x, &(struct remove_page){
                       .question = TEXT_ORG_REMOVE_ASK,
                       .title = &o.name,
                       .own = arena_printf(x->arena, "/desk/orgs/%.*s", STR(o.slug)),
                       .needs = &needs,
                   });
}

void desk_org_remove(struct exchange *x)
{
    remove_done(x, S("/desk/orgs?done=remove"), desk_org_ask);
}
