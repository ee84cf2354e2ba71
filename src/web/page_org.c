#include "web/page_org.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/org.h"
#include "domain/seminar.h"
#include "gen/template.h"
#include "net/http.h"
#include "web/frame.h"
#include "web/texts.h"
#include "web/visit.h"

enum { MAX_NAMES = 24 };

static enum text_id kind_text(int kind)
{
    static const enum text_id texts[ORG_KIND_COUNT] = {
#define ORG_KIND(code, name) [ORG_##code] = TEXT_ORG_KIND_##code,
        ORG_KIND_TABLE(ORG_KIND)
#undef ORG_KIND
    };

    return texts[kind >= 0 && kind < ORG_KIND_COUNT ? kind : ORG_OTHER];
}

static str name_field(struct exchange *x, str code)
{
    return str_trim(http_field(x, arena_printf(x->arena, "name_%.*s", STR(code))));
}

/* o is what is stored (NULL: nothing yet); a form that was refused shows what was typed instead. */
static int fill_names(struct exchange *x, const struct org *o, bool is_again,
                      struct tpl_org_form *v)
{
    struct tpl_org_form_names *row = arena_array(x->arena, MAX_NAMES, sizeof(*row));
    const struct text_lang *l;

    if (!row)
        return ERR_MEM;
    for (size_t i = 0; i < MAX_NAMES && (l = texts_lang(i)); i++) {
        struct text t = {0};
        int r = o && !is_again ? text_exact(x->arena, x->db, o->name.id, l->code, &t) : 0;

        if (r < 0 && r != ERR_NOT_FOUND)
            return r;
        if (is_again)
            t.body = name_field(x, l->code);
        row[i] = (struct tpl_org_form_names){.code = l->code, .value = frame_text(&t, S(""))};
        v->nnames = i + 1;
    }
    v->names = row;
    return 0;
}

static int fill_form(struct exchange *x, const struct org *o, bool is_again, struct tpl_org_form *v)
{
    struct tpl_org_form_kinds *row = arena_array(x->arena, ORG_KIND_COUNT, sizeof(*row));
    int kind = o ? o->kind : ORG_NGO;

    if (!row)
        return ERR_MEM;
    if (is_again)
        (void)org_kind_parse(http_field(x, S("kind")), &kind);
    for (int i = 0; i < ORG_KIND_COUNT; i++)
        row[i] = (struct tpl_org_form_kinds){.value = str_c(org_kind_name(i)),
                                             .word = kind_text(i),
                                             .is_chosen = i == kind};
    v->kinds = row;
    v->nkinds = ORG_KIND_COUNT;
    v->is_new = !o;
    v->action = o ? arena_printf(x->arena, "/desk/orgs/%.*s", STR(o->slug)) : S("/desk/orgs");
    v->csrf_token = visit_csrf(x);
    v->slug = is_again && http_field(x, S("slug")).p ? http_field(x, S("slug")) : S("");
    v->country = is_again ? http_field(x, S("country")) : o ? o->country : S("");
    if (!v->country.p)
        v->country = S("");
    return fill_names(x, o, is_again, v);
}

static int fill_orgs(struct exchange *x, struct tpl_desk_orgs *v)
{
    struct tpl_desk_orgs_orgs *row;
    struct org_list list;
    int r = org_list(x->arena, x->db, visit_lang(x), &list);

    if (r < 0)
        return r;
    row = arena_array(x->arena, list.n, sizeof(*row));
    if (!row)
        return ERR_MEM;
    for (size_t i = 0; i < list.n; i++) {
        const struct org *o = &list.row[i];

        row[i] = (struct tpl_desk_orgs_orgs){
            .name = frame_text(&o->name, o->slug),
            .lang = frame_foreign(&o->name),
            .url = arena_printf(x->arena, "/desk/orgs/%.*s", STR(o->slug)),
            .kind = kind_text(o->kind),
            .country = o->country,
        };
    }
    v->orgs = row;
    v->norgs = list.n;
    return 0;
}

static enum text_id problem_text(int code)
{
    return code == ERR_CONFLICT ? TEXT_ORG_TAKEN : TEXT_ORG_BAD;
}

static bool is_shown_again(int code)
{
    return code == ERR_RANGE || code == ERR_CONFLICT || code == ERR_TOO_BIG || code == ERR_ENCODING;
}

static void show_list(struct exchange *x, int code)
{
    static const struct frame_word done[] = {{S("remove"), TEXT_ORG_REMOVED}};
    struct tpl_desk_orgs v = {.problem = code < 0 ? problem_text(code) : TEXT_NONE};
    int r = fill_orgs(x, &v);

    if (r == 0)
        r = fill_form(x, NULL, code < 0, &v.org_form);
    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    v.done = frame_word(x, S("done"), done, NELEM(done));
    frame_fill(x, &v.page, texts_get(visit_texts(x), TEXT_ORG_TITLE), S("/desk/orgs"));
    tpl_desk_orgs(&x->reply, visit_texts(x), &v);
    frame_send(x, code < 0 ? err_http_status(code) : 200);
}

static void show_one(struct exchange *x, int code, enum text_id problem, bool is_again)
{
    static const struct frame_word done[] = {{S("save"), TEXT_ORG_SAVED}};
    struct tpl_desk_org v = {.problem = problem, .csrf_token = visit_csrf(x)};
    struct org o;
    int r = org_by_slug(x->arena, x->db, http_param(x, S("slug")), visit_lang(x), &o);

    if (r == 0)
        r = fill_form(x, &o, is_again, &v.org_form);
    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    v.title = frame_text(&o.name, o.slug);
    v.title_lang = frame_foreign(&o.name);
    v.base = v.org_form.action;
    v.done = frame_word(x, S("done"), done, NELEM(done));
    frame_fill(x, &v.page, v.title, v.base);
    tpl_desk_org(&x->reply, visit_texts(x), &v);
    frame_send(x, code < 0 ? err_http_status(code) : 200);
}

void desk_orgs(struct exchange *x)
{
    show_list(x, 0);
}

void desk_org(struct exchange *x)
{
    show_one(x, 0, TEXT_NONE, false);
}

/* An empty name leaves that language as it is: a name that was published is not taken back. */
static int put_names(struct exchange *x, struct db *db, int64_t id, unsigned *io_n)
{
    const struct text_lang *l;
    int r = 0;

    for (size_t i = 0; r == 0 && i < MAX_NAMES && (l = texts_lang(i)); i++) {
        str name = name_field(x, l->code);

        if (!name.n)
            continue;
        r = org_name_put(db, x->actor, id, l->code, name, visit_now(x));
        (*io_n)++;
    }
    return r;
}

static int put(struct exchange *x, struct db *db, str slug, bool is_sample)
{
    struct org_in in = {.slug = slug, .is_sample = is_sample};
    str country = str_trim(http_field(x, S("country")));
    unsigned nnames = 0;
    int64_t id;
    int r = org_kind_parse(http_field(x, S("kind")), &in.kind);

    if (r < 0 || !seminar_is_slug(slug))
        return ERR_RANGE;
    if (country.n)
        in.country = country;
    r = org_put(db, x->actor, &in, visit_now(x), &id);
    if (r == 0)
        r = put_names(x, db, id, &nnames);
    if (r == 0 && !nnames)
        r = ERR_RANGE;
    return r;
}

int desk_org_add_act(struct exchange *x, struct db *db)
{
    str slug = str_trim(http_field(x, S("slug")));
    struct org o;
    int r = org_by_slug(x->arena, db, slug, visit_lang(x), &o);

    if (r == 0)
        return ERR_CONFLICT;
    return r == ERR_NOT_FOUND ? put(x, db, slug, false) : r;
}

static void saved(struct exchange *x, str slug)
{
    http_redirect(x, 303, arena_printf(x->arena, "/desk/orgs/%.*s?done=save", STR(slug)));
}

void desk_org_add(struct exchange *x)
{
    if (x->result == 0)
        saved(x, str_trim(http_field(x, S("slug"))));
    else if (is_shown_again(x->result))
        show_list(x, x->result);
    else
        visit_fail(x, x->result);
}

int desk_org_save_act(struct exchange *x, struct db *db)
{
    struct org o;
    int r = org_by_slug(x->arena, db, http_param(x, S("slug")), visit_lang(x), &o);

    return r == 0 ? put(x, db, o.slug, o.is_sample) : r;
}

void desk_org_save(struct exchange *x)
{
    if (x->result == 0)
        saved(x, http_param(x, S("slug")));
    else if (is_shown_again(x->result))
        show_one(x, x->result, TEXT_ORG_BAD, true);
    else
        visit_fail(x, x->result);
}

int desk_org_remove_act(struct exchange *x, struct db *db)
{
    struct org o;
    int r = org_by_slug(x->arena, db, http_param(x, S("slug")), visit_lang(x), &o);

    return r == 0 ? org_remove(db, x->actor, o.id) : r;
}

void desk_org_remove(struct exchange *x)
{
    if (x->result == 0)
        http_redirect(x, 303, S("/desk/orgs?done=remove"));
    else if (x->result == ERR_CONFLICT)
        show_one(x, ERR_CONFLICT, TEXT_ORG_IN_USE, false);
    else
        visit_fail(x, x->result);
}
