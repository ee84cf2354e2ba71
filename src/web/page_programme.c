#include "web/page_programme.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/country.h"
#include "domain/need.h"
#include "domain/org.h"
#include "domain/programme.h"
#include "gen/template.h"
#include "net/http.h"
#include "web/blank.h"
#include "web/blank_text.h"
#include "web/frame.h"
#include "web/remove.h"
#include "web/texts.h"
#include "web/visit.h"

#define LIST S("/desk/programmes")

/* What the form is about; p.id 0: a new one, perhaps with what another one offers. */
struct form {
    struct programme p;
    struct org_list orgs, partners;
    struct blank_langs langs;
    struct blank_text title;
    bool is_new;
    str slug; /* of what was saved */
};

static const struct text *org_label(const struct org *o)
{
    return &o->name;
}

static int read_form(struct exchange *x, struct db *db, str slug, bool is_new, struct form *f)
{
    str lang = visit_lang(x);
    int r = slug.n ? programme_by_slug(x->arena, db, slug, lang, &f->p) : 0;

    f->is_new = is_new;
    if (r == 0)
        r = org_list(x->arena, db, lang, &f->orgs);
    if (r == 0 && f->p.id)
        r = programme_partners(x->arena, db, f->p.id, lang, &f->partners);
    blank_langs_of_site(&f->langs);
    f->title = (struct blank_text){.name = S("title"),
                                   .label = TEXT_BLANK_TITLE_IN,
                                   .group = TEXT_BLANK_TITLES,
                                   .hint = TEXT_BLANK_TITLES_HINT};
    if (is_new)
        f->title.copy_id = f->p.title.id;
    else
        f->title.text_id = f->p.title.id;
    return r;
}

static void org_options(struct blank *s, const struct org_list *orgs)
{
    blank_options(s, orgs->n + 1);
    blank_option_text(s, S(""), TEXT_BLANK_NOBODY);
    for (size_t i = 0; i < orgs->n; i++)
        blank_option(s, orgs->row[i].slug, org_label(&orgs->row[i]));
}

static bool is_partner(const struct form *f, int64_t id)
{
    for (size_t i = 0; i < f->partners.n; i++)
        if (f->partners.row[i].id == id)
            return true;
    return false;
}

static int add_fields(struct blank *s, const struct form *f)
{
    const struct programme *p = &f->p;
    struct tpl_blank_field *at;
    int r = blank_text_add(s, &f->title, &f->langs);

    if (f->is_new)
        blank_slug_add(s);
    at = blank_add(s, "text", S("kind"), TEXT_PROGRAMME_KIND, p->kind);
    at->hint = TEXT_PROGRAMME_KIND_HINT;
    at->max = 100;
    blank_group(at, s->x, TEXT_PROGRAMME_FRAME);
    at = blank_add(s, "text", S("region"), TEXT_PROGRAMME_REGION, p->region);
    at->hint = TEXT_PROGRAMME_REGION_HINT;
    at->max = 300;
    blank_add(s, "date", S("from"), TEXT_PROGRAMME_FROM, p->from);
    blank_add(s, "date", S("to"), TEXT_PROGRAMME_TO, p->to);
    at = blank_add(s, "select", S("convener"), TEXT_PROGRAMME_CONVENER, p->convener.slug);
    blank_group(at, s->x, TEXT_PROGRAMME_ORGS);
    at->hint = f->orgs.n ? TEXT_NONE : TEXT_PROGRAMME_NO_ORGS;
    org_options(s, &f->orgs);
    blank_add(s, "select", S("donor"), TEXT_PROGRAMME_DONOR, p->donor.slug);
    org_options(s, &f->orgs);
    if (!f->orgs.n)
        return r;
    blank_add(s, "checks", S("partner"), TEXT_PROGRAMME_PARTNERS, S(""));
    blank_options(s, f->orgs.n);
    for (size_t i = 0; i < f->orgs.n; i++)
        blank_option_check(s, f->orgs.row[i].slug, org_label(&f->orgs.row[i]),
                           is_partner(f, f->orgs.row[i].id));
    return r;
}

static int64_t org_of(struct blank *s, const struct form *f, str name)
{
    str slug = blank_value(s, name);

    for (size_t i = 0; i < f->orgs.n; i++)
        if (str_eq(f->orgs.row[i].slug, slug))
            return f->orgs.row[i].id;
    if (slug.n)
        blank_problem(s, name, TEXT_BLANK_NOT_OFFERED);
    return 0;
}

/* What the fields say; problems where they say nothing that fits. */
static void parse(struct blank *s, const struct form *f, struct programme_in *in)
{
    in->kind = blank_value_or_unset(s, S("kind"));
    in->from = blank_value_or_unset(s, S("from"));
    in->to = blank_value_or_unset(s, S("to"));
    in->convener_id = org_of(s, f, S("convener"));
    in->donor_id = org_of(s, f, S("donor"));
    in->is_period_sample = f->p.is_period_sample &&
                           str_eq(blank_value(s, S("from")), f->p.from) &&
                           str_eq(blank_value(s, S("to")), f->p.to);
    if (country_list_parse(s->x->arena, blank_value(s, S("region")), &in->region) < 0)
        blank_problem(s, S("region"), TEXT_BLANK_NO_COUNTRY);
    blank_day_check(s, S("from"));
    blank_day_check(s, S("to"));
    if (in->from.p && in->to.p && str_cmp(in->to, in->from) < 0)
        blank_problem(s, S("to"), TEXT_BLANK_END_FIRST);
    blank_text_check(s, &f->title, &f->langs);
}

static int is_taken(struct arena *a, struct db *db, str slug)
{
    struct programme was;

    return programme_by_slug(a, db, slug, S(""), &was);
}

static int write_partners(struct blank *s, const struct form *f, int64_t id)
{
    int64_t *ids = arena_array(s->x->arena, f->orgs.n, sizeof(*ids));
    size_t n = 0;
    str slug;

    if (!ids)
        return ERR_MEM;
    for (size_t i = 0; (slug = http_field_at(s->x, S("partner"), i)).p; i++)
        for (size_t k = 0; k < f->orgs.n; k++)
            if (str_eq(f->orgs.row[k].slug, slug) && n < f->orgs.n)
                ids[n++] = f->orgs.row[k].id;
    return programme_partners_put(s->db, s->x->actor, id, ids, n, visit_now(s->x));
}

static int write(struct blank *s, struct form *f, struct programme_in *in)
{
    struct exchange *x = s->x;
    struct programme p;
    int64_t id;
    int r = blank_result(s);

    if (r == 0)
        r = programme_put(s->db, x->actor, in, visit_now(x), &id);
    if (r == 0)
        r = programme_by_id(x->arena, s->db, id, S(""), &p);
    if (r == 0)
        r = blank_text_put(s, &f->title, &f->langs, p.title.id);
    if (r == 0)
        r = write_partners(s, f, id);
    f->slug = in->slug;
    return r;
}

int desk_programme_add_act(struct exchange *x, struct db *db)
{
    struct programme_in in = {0};
    struct blank *s = blank_new(x, db, true, sizeof(struct form));
    struct form *f = s ? s->record : NULL;
    int r = s ? read_form(x, db, (str){0}, true, f) : ERR_MEM;

    if (r == 0)
        r = add_fields(s, f);
    if (r < 0)
        return r;
    parse(s, f, &in);
    r = blank_slug(s, blank_text_first(s, &f->title, &f->langs), S("programme"), is_taken,
                   &in.slug);
    return r == 0 ? write(s, f, &in) : r;
}

int desk_programme_save_act(struct exchange *x, struct db *db)
{
    struct programme_in in = {.slug = http_param(x, S("slug"))};
    struct blank *s = blank_new(x, db, true, sizeof(struct form));
    struct form *f = s ? s->record : NULL;
    int r = s ? read_form(x, db, in.slug, false, f) : ERR_MEM;

    if (r == 0)
        r = add_fields(s, f);
    if (r == 0)
        r = blank_check(s);
    if (r < 0)
        return r;
    parse(s, f, &in);
    return write(s, f, &in);
}

static void show(struct blank *s, const struct form *f)
{
    static const struct frame_word done[] = {{S("save"), TEXT_BLANK_SAVED}};
    struct exchange *x = s->x;
    str base = arena_printf(x->arena, "/desk/programmes/%.*s", STR(f->p.slug));
    struct tpl_desk_blank_links links[] = {
        {.url = arena_printf(x->arena, "/desk/seminars/new?programme=%.*s", STR(f->p.slug)),
         .word = TEXT_SEMINAR_FORM_NEW},
        {.url = arena_printf(x->arena, "/desk/text/%lld", (long long)f->p.title.id),
         .word = TEXT_TEXTS_OPEN},
        {.url = arena_printf(x->arena, "/desk/programmes/new?from=%.*s", STR(f->p.slug)),
         .word = TEXT_BLANK_COPY},
        {.url = arena_printf(x->arena, "%.*s/remove", STR(base)),
         .word = TEXT_BLANK_REMOVE,
         .is_bad = true},
    };
    struct blank_page page = {
        .title = f->is_new ? texts_get(visit_texts(x), TEXT_PROGRAMME_NEW)
                           : frame_text(&f->p.title, f->p.slug),
        .title_lang = f->is_new ? (str){0} : frame_foreign(&f->p.title),
        .back = LIST,
        .back_word = TEXT_PROGRAMME_BACK,
        .lead = str_eq(http_query(x, S("why")), S("seminar")) ? TEXT_PROGRAMME_FIRST : TEXT_NONE,
        .submit = TEXT_BLANK_SAVE,
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
    int r = s ? read_form(x, x->db, slug, is_new, f) : ERR_MEM;

    if (r == 0)
        r = add_fields(s, f);
    if (r < 0)
        visit_fail(x, r);
    else
        show(s, f);
}

void desk_programme_new(struct exchange *x)
{
    show_get(x, http_query(x, S("from")), true);
}

void desk_programme(struct exchange *x)
{
    show_get(x, http_param(x, S("slug")), false);
}

void desk_programme_save(struct exchange *x)
{
    struct blank *s = x->state;
    const struct form *f = s ? s->record : NULL;

    if (f && x->result == 0)
        http_redirect(x, 303,
                      arena_printf(x->arena, "/desk/programmes/%.*s?done=save", STR(f->slug)));
    else if (f && blank_is_again(x))
        show(s, f);
    else
        visit_fail(x, x->result);
}

void desk_programme_add(struct exchange *x)
{
    desk_programme_save(x);
}

void desk_programmes(struct exchange *x)
{
    static const struct frame_word done[] = {{S("remove"), TEXT_BLANK_REMOVED}};
    struct tpl_desk_programmes v = {.done = frame_word(x, S("done"), done, NELEM(done))};
    struct tpl_desk_programmes_rows *row;
    struct programme_list list;
    int r = programme_list(x->arena, x->db, visit_lang(x), &list);

    row = r == 0 ? arena_array(x->arena, list.n, sizeof(*row)) : NULL;
    if (!row) {
        visit_fail(x, r < 0 ? r : ERR_MEM);
        return;
    }
    for (size_t i = 0; i < list.n; i++) {
        const struct programme *p = &list.row[i];

        row[i] = (struct tpl_desk_programmes_rows){
            .title = frame_text(&p->title, p->slug),
            .lang = frame_foreign(&p->title),
            .url = arena_printf(x->arena, "/desk/programmes/%.*s", STR(p->slug)),
            .from = p->from,
            .to = p->to,
        };
        if (!p->donor.id)
            continue;
        row[i].donor = frame_text(&p->donor.name, p->donor.slug);
        row[i].donor_lang = frame_foreign(&p->donor.name);
    }
    v.rows = row;
    v.nrows = list.n;
    frame_fill(x, &v.page, texts_get(visit_texts(x), TEXT_PROGRAMME_TITLE), LIST);
    tpl_desk_programmes(&x->reply, visit_texts(x), &v);
    frame_send(x, 200);
}

/* ---- deleting ---- */

int desk_programme_remove_act(struct exchange *x, struct db *db)
{
    struct programme p;
    int r = programme_by_slug(x->arena, db, http_param(x, S("slug")), visit_lang(x), &p);

    return r == 0 ? programme_remove(db, x->actor, p.id) : r;
}

void desk_programme_ask(struct exchange *x)
{
    struct programme p;
    struct needs needs;
    int r = programme_by_slug(x->arena, x->db, http_param(x, S("slug")), visit_lang(x), &p);

    if (r == 0)
        r = need_of_programme(x->db, x->actor, p.id, &needs);
    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    remove_send(x, &(struct remove_page){
                       .question = TEXT_PROGRAMME_REMOVE,
                       .title = &p.title,
                       .own = arena_printf(x->arena, "/desk/programmes/%.*s", STR(p.slug)),
                       .needs = &needs,
                   });
}

void desk_programme_remove(struct exchange *x)
{
    remove_done(x, S("/desk/programmes?done=remove"), desk_programme_ask);
}
