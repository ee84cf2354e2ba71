#include "web/page_quota.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/org.h"
#include "domain/seminar.h"
#include "net/http.h"
#include "web/blank.h"
#include "web/frame.h"
#include "web/texts.h"
#include "web/visit.h"

enum { MAX_QUOTA = 10000 };

/* Those invited with a number each, and one more to choose. */
struct form {
    struct seminar s;
    struct invited_list invited;
    struct org_list orgs;
};

static int read_form(struct blank *s, struct form *f)
{
    struct exchange *x = s->x;
    str lang = visit_lang(x);
    int r = seminar_by_slug(x->arena, s->db, http_param(x, S("slug")), lang, &f->s);

    if (r == 0)
        r = seminar_invited(x->arena, s->db, x->actor, &f->s, lang, &f->invited);
    if (r == 0)
        r = org_list(x->arena, s->db, lang, &f->orgs);
    return r;
}

static bool is_invited(const struct form *f, int64_t id)
{
    for (size_t i = 0; i < f->invited.n; i++)
        if (f->invited.row[i].org.id == id)
            return true;
    return false;
}

static str field_of(struct blank *s, const struct org *o)
{
    return arena_printf(s->x->arena, "quota_%lld", (long long)o->id);
}

static void add_fields(struct blank *s, const struct form *f)
{
    struct tpl_blank_field *at;

    for (size_t i = 0; i < f->invited.n; i++) {
        const struct invited *o = &f->invited.row[i];
        str name = field_of(s, &o->org);

        at = blank_add(s, "number", name, TEXT_QUOTA_OF,
                       arena_printf(s->x->arena, "%d", o->quota));
        at->label = frame_text(&o->org.name, o->org.slug);
        at->label_lang = frame_foreign(&o->org.name);
        if (i == 0) {
            blank_group(at, s->x, TEXT_QUOTA_INVITED);
            at->hint = TEXT_QUOTA_HINT;
        }
    }
    at = blank_add(s, "select", S("org"), TEXT_QUOTA_ORG, S(""));
    blank_group(at, s->x, TEXT_QUOTA_ADD);
    at->hint = f->orgs.n ? TEXT_NONE : TEXT_PROGRAMME_NO_ORGS;
    blank_options(s, f->orgs.n + 1);
    blank_option_text(s, S(""), TEXT_BLANK_NOBODY);
    for (size_t i = 0; i < f->orgs.n; i++)
        if (!is_invited(f, f->orgs.row[i].id))
            blank_option(s, f->orgs.row[i].slug, &f->orgs.row[i].name);
    at = blank_add(s, "number", S("quota"), TEXT_QUOTA_PLACES, S(""));
    at->hint = TEXT_QUOTA_PLACES_HINT;
}

/* An emptied number takes the organisation off the list. */
static int write_one(struct blank *s, const struct form *f, const struct invited *o)
{
    struct exchange *x = s->x;
    str name = field_of(s, &o->org);
    int quota, r;

    if (!blank_value(s, name).n) {
        r = seminar_invited_remove(s->db, x->actor, f->s.id, o->org.id, visit_now(x));
        if (r == ERR_CONFLICT) {
            blank_problem(s, name, TEXT_QUOTA_HAS_PEOPLE);
            r = 0;
        }
        return r;
    }
    quota = blank_number(s, name, 0, MAX_QUOTA, TEXT_QUOTA_BAD);
    return seminar_invited_put(s->db, x->actor, f->s.id, o->org.id, quota, visit_now(x));
}

static int write_new(struct blank *s, const struct form *f)
{
    struct exchange *x = s->x;
    str slug = blank_value(s, S("org"));
    struct org o;
    int quota = 0;
    int r;

    if (blank_value(s, S("quota")).n)
        quota = blank_number(s, S("quota"), 0, MAX_QUOTA, TEXT_QUOTA_BAD);
    if (!slug.n)
        return 0;
    r = org_by_slug(x->arena, s->db, slug, S(""), &o);
    if (r < 0) {
        blank_problem(s, S("org"), TEXT_BLANK_NOT_OFFERED);
        return r == ERR_NOT_FOUND ? 0 : r;
    }
    return seminar_invited_put(s->db, x->actor, f->s.id, o.id, quota, visit_now(x));
}

int desk_quotas_save_act(struct exchange *x, struct db *db)
{
    struct blank *s = blank_new(x, db, true, sizeof(struct form));
    struct form *f = s ? s->record : NULL;
    int r = s ? read_form(s, f) : ERR_MEM;

    if (r == 0) {
        add_fields(s, f);
        r = blank_check(s);
    }
    for (size_t i = 0; r == 0 && i < f->invited.n; i++)
        r = write_one(s, f, &f->invited.row[i]);
    if (r == 0)
        r = write_new(s, f);
    if (r == 0)
        r = blank_result(s); /* a problem takes all of it back */
    return r == 0 ? seminar_sample_clear(db, x->actor, f->s.id, SAMPLE_QUOTAS, visit_now(x)) : r;
}

static void show(struct blank *s, const struct form *f)
{
    static const struct frame_word done[] = {{S("save"), TEXT_QUOTA_SAVED}};
    struct exchange *x = s->x;
    str base = arena_printf(x->arena, "/desk/s/%.*s", STR(f->s.slug));
    const struct tpl_desk_blank_links links[] = {
        {.url = arena_printf(x->arena, "%.*s/people", STR(base)), .word = TEXT_DESK_LINKS},
        {.url = S("/desk/orgs/new"), .word = TEXT_ORG_ADD},
    };
    const struct blank_page page = {
        .title = texts_get(visit_texts(x), TEXT_QUOTA_TITLE),
        .lead = TEXT_QUOTA_LEAD,
        .back = base,
        .back_word = TEXT_DESK_BACK_SEMINAR,
        .submit = TEXT_BLANK_SAVE,
        .done = frame_word(x, S("done"), done, NELEM(done)),
        .action = arena_printf(x->arena, "%.*s/orgs", STR(base)),
        .links = links,
        .nlinks = NELEM(links),
        .is_demo = f->s.is_demo,
    };

    blank_send(s, &page);
}

void desk_quotas(struct exchange *x)
{
    struct blank *s = blank_new(x, x->db, false, sizeof(struct form));
    struct form *f = s ? s->record : NULL;
    int r = s ? read_form(s, f) : ERR_MEM;

    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    add_fields(s, f);
    show(s, f);
}

void desk_quotas_save(struct exchange *x)
{
    struct blank *s = x->state;
    const struct form *f = s ? s->record : NULL;

    if (f && x->result == 0)
        http_redirect(x, 303,
                      arena_printf(x->arena, "/desk/s/%.*s/orgs?done=save", STR(f->s.slug)));
    else if (f && blank_is_again(x))
        show(s, f);
    else
        visit_fail(x, x->result);
}
