#include "web/page_person.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/country.h"
#include "domain/invitation.h"
#include "domain/seminar.h"
#include "domain/text.h"
#include "gen/template.h"
#include "net/http.h"
#include "web/blank.h"
#include "web/blank_text.h"
#include "web/frame.h"
#include "web/page_people.h"
#include "web/page_room.h"
#include "web/texts.h"
#include "web/visit.h"

enum { MAX_LANGS = 32 };

static const enum text_id sexes[] = {TEXT_PERSON_NOT_STATED, TEXT_PERSON_FEMALE, TEXT_PERSON_MALE};
static const enum text_id ages[] = {TEXT_PERSON_NOT_STATED, TEXT_PERSON_UNDER_18,
                                    TEXT_PERSON_18_29, TEXT_PERSON_30_49, TEXT_PERSON_50_UP};

enum text_id sex_text(int sex)
{
    return sexes[sex >= 0 && sex < (int)NELEM(sexes) ? sex : 0];
}

enum text_id age_text(int age)
{
    return ages[age >= 0 && age < (int)NELEM(ages) ? age : 0];
}

str person_label(struct exchange *x, const struct person *p)
{
    str shown = person_shown(p);

    if (p->is_erased)
        return texts_get(visit_texts(x), TEXT_PERSON_ERASED);
    if (shown.n)
        return shown;
    return p->email.n ? p->email : S("–");
}

/* ---- the form ---- */

static void add_langs(struct blank *s, const struct person_form *f)
{
    bool is_there = !f->p.lang.n;

    blank_add(s, "select", S("lang"), TEXT_PERSON_LANG, f->p.lang);
    blank_options(s, f->nlangs + 1);
    for (size_t i = 0; i <= f->nlangs; i++) {
        str code = i < f->nlangs ? f->lang[i] : f->p.lang;
        struct sb b = sb_init(s->x->arena, 0);

        if (i == f->nlangs && is_there)
            break;
        is_there |= str_eq(code, f->p.lang);
        texts_show_code(&b, visit_texts(s->x), SHOW_LANGUAGE, code);
        blank_option(s, code, &(struct text){.body = sb_str(&b), .is_asked = true});
    }
}

static void add_numbers(struct blank *s, str name, enum text_id label, int stored,
                        const enum text_id *words)
{
    size_t n = words == sexes ? NELEM(sexes) : NELEM(ages);

    blank_add(s, "select", name, label, arena_printf(s->x->arena, "%d", stored));
    blank_options(s, n);
    for (size_t i = 0; i < n; i++)
        blank_option_text(s, arena_printf(s->x->arena, "%zu", i), words[i]);
}

static str org_slug(const struct person_form *f, int64_t id)
{
    for (size_t i = 0; i < f->orgs.n; i++)
        if (f->orgs.row[i].id == id)
            return f->orgs.row[i].slug;
    return S("");
}

void person_fields(struct blank *s, const struct person_form *f)
{
    struct tpl_blank_field *at;

    blank_add(s, "select", S("org"), TEXT_DESK_ORG, org_slug(f, f->p.org_id));
    blank_options(s, f->orgs.n + 1);
    blank_option_text(s, S(""), TEXT_BLANK_CHOOSE);
    for (size_t i = 0; i < f->orgs.n; i++)
        blank_option(s, f->orgs.row[i].slug, &f->orgs.row[i].name);
    at = blank_add(s, "text", S("name"), TEXT_PERSON_NAME, f->p.name);
    at->hint = TEXT_PERSON_NAME_HINT;
    at->max = 200;
    at->complete = S("off");
    at = blank_add(s, "text", S("function"), TEXT_PERSON_FUNCTION, f->p.function);
    at->hint = TEXT_PERSON_FUNCTION_HINT;
    at->max = 300;
    at = blank_add(s, "email", S("email"), TEXT_PERSON_EMAIL, f->p.email);
    at->hint = TEXT_PERSON_EMAIL_HINT;
    at->max = 254;
    at->complete = S("off");
    add_langs(s, f);
    add_numbers(s, S("sex"), TEXT_PERSON_SEX, f->p.sex, sexes);
    at = &s->field[s->blank.nfields - 1];
    blank_group(at, s->x, TEXT_PERSON_REPORT);
    at->hint = TEXT_PERSON_REPORT_HINT;
    add_numbers(s, S("age"), TEXT_PERSON_AGE, f->p.age, ages);
    at = blank_add(s, "text", S("country"), TEXT_PERSON_COUNTRY,
                   blank_country(s->x, f->p.country));
    at->hint = TEXT_BLANK_COUNTRY_HINT;
    at->max = 80;
}

static void parse_email(struct blank *s, struct person *in)
{
    in->email = blank_value_or_unset(s, S("email"));
    if (in->email.n && !person_is_email(in->email))
        blank_problem(s, S("email"), TEXT_IMPORT_EMAIL);
}

void person_parse(struct blank *s, const struct person_form *f, struct person *in)
{
    str org = blank_value(s, S("org"));

    in->org_id = 0;
    for (size_t i = 0; i < f->orgs.n; i++)
        if (str_eq(f->orgs.row[i].slug, org))
            in->org_id = f->orgs.row[i].id;
    if (!in->org_id)
        blank_problem(s, S("org"), TEXT_PERSON_NO_ORG);
    in->name = blank_value_or_unset(s, S("name"));
    in->function = blank_value_or_unset(s, S("function"));
    parse_email(s, in);
    if (!in->name.n && !in->function.n && !in->email.n)
        blank_problem(s, S("name"), TEXT_IMPORT_NOBODY);
    if (in->name.n > 200)
        blank_problem(s, S("name"), TEXT_BLANK_TOO_LONG);
    if (in->function.n > 300)
        blank_problem(s, S("function"), TEXT_BLANK_TOO_LONG);
    in->lang = blank_value(s, S("lang"));
    if (!text_is_lang(in->lang))
        blank_problem(s, S("lang"), TEXT_BLANK_NOT_OFFERED);
    in->sex = blank_number(s, S("sex"), 0, SEX_MALE, TEXT_BLANK_NOT_OFFERED);
    in->age = blank_number(s, S("age"), 0, AGE_50_UP, TEXT_BLANK_NOT_OFFERED);
    if (country_parse(s->x->arena, blank_value(s, S("country")), &in->country) < 0)
        blank_problem(s, S("country"), TEXT_BLANK_NO_COUNTRY);
}

/* ---- one person ---- */

static int read_form(struct blank *s, struct person_form *f)
{
    struct exchange *x = s->x;
    str *langs = arena_array(x->arena, MAX_LANGS, sizeof(*langs));
    int64_t id;
    int r = str_i64(http_param(x, S("id")), 1, INT64_MAX, &id) < 0 ? ERR_NOT_FOUND : 0;

    if (!langs)
        return ERR_MEM;
    while (f->nlangs < MAX_LANGS && (langs[f->nlangs] = text_lang_at(f->nlangs)).p)
        f->nlangs++;
    f->lang = langs;
    if (r == 0)
        r = person_by_id(x->arena, s->db, x->actor, id, &f->p);
    if (r == 0)
        r = org_list(x->arena, s->db, visit_lang(x), &f->orgs);
    return r;
}

int person_keep_rooms(struct exchange *x, struct db *db, const struct person *in,
                      struct person_form *f)
{
    int64_t *id = NULL;
    size_t n = 0;
    int r = invitation_protected(x->arena, db, x->actor, in->id, &id, &n);

    f->room = arena_array(x->arena, n, sizeof(*f->room));
    if (r == 0 && !f->room)
        r = ERR_MEM;
    for (size_t i = 0; r == 0 && i < n; i++) {
        struct seminar s;
        str was, name;

        r = seminar_by_id(x->arena, db, id[i], visit_lang(x), &s);
        if (r < 0)
            break;
        was = room_name(&s, &f->p, ROLE_PROTECTED);
        name = room_name(&s, in, ROLE_PROTECTED);
        if (!str_eq(was, name))
            f->room[f->nrooms++] = (struct person_room){s.id, name};
    }
    return r;
}

void person_tell_rooms(struct exchange *x, const struct person_form *f, int64_t but)
{
    for (size_t i = 0; i < f->nrooms; i++)
        if (f->room[i].seminar_id != but)
            people_expel(x, f->room[i].seminar_id, f->p.id, f->room[i].name);
}

int desk_person_save_act(struct exchange *x, struct db *db)
{
    struct blank *s = blank_new(x, db, true, sizeof(struct person_form));
    struct person_form *f = s ? s->record : NULL;
    struct person in;
    int r = s ? read_form(s, f) : ERR_MEM;

    if (r < 0)
        return r;
    person_fields(s, f);
    r = blank_check(s);
    if (r < 0)
        return r;
    in = f->p;
    person_parse(s, f, &in);
    r = blank_result(s);
    if (r == 0)
        r = person_change(db, x->actor, &in, visit_now(x));
    if (r == 0)
        r = person_keep_rooms(x, db, &in, f);
    if (r == ERR_CONFLICT) {
        blank_problem(s, S("email"), TEXT_PERSON_EMAIL_TAKEN);
        r = ERR_RANGE;
    }
    return r;
}

static void show(struct blank *s, const struct person_form *f)
{
    static const struct frame_word done[] = {{S("save"), TEXT_BLANK_SAVED}};
    struct exchange *x = s->x;
    str base = arena_printf(x->arena, "/desk/people/%lld", (long long)f->p.id);
    const struct tpl_desk_blank_links links[] = {
        {.url = arena_printf(x->arena, "%.*s/data.json", STR(base)), .word = TEXT_PERSON_EXPORT},
        {.url = arena_printf(x->arena, "%.*s/erase", STR(base)),
         .word = TEXT_PERSON_ERASE,
         .is_bad = true},
        {.url = arena_printf(x->arena, "%.*s/remove", STR(base)),
         .word = TEXT_BLANK_REMOVE,
         .is_bad = true},
    };
    const struct blank_page page = {
        .title = person_label(x, &f->p),
        .lead = f->p.is_erased ? TEXT_PERSON_ERASED_LEAD : TEXT_NONE,
        .back = S("/desk/people"),
        .back_word = TEXT_PERSON_BACK,
        .submit = TEXT_BLANK_SAVE,
        .done = frame_word(x, S("done"), done, NELEM(done)),
        .problem = x->result == ERR_STATE ? TEXT_PERSON_ERASED_LEAD : TEXT_NONE,
        .action = base,
        .links = links,
        .nlinks = NELEM(links),
    };

    blank_send(s, &page);
}

void desk_person(struct exchange *x)
{
    struct blank *s = blank_new(x, x->db, false, sizeof(struct person_form));
    struct person_form *f = s ? s->record : NULL;
    int r = s ? read_form(s, f) : ERR_MEM;

    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    person_fields(s, f);
    show(s, f);
}

void desk_person_save(struct exchange *x)
{
    struct blank *s = x->state;
    const struct person_form *f = s ? s->record : NULL;

    if (f && x->result == 0)
        person_tell_rooms(x, f, 0);
    if (f && x->result == 0)
        http_redirect(x, 303,
                      arena_printf(x->arena, "/desk/people/%lld?done=save", (long long)f->p.id));
    else if (f && blank_is_again(x))
        show(s, f);
    else
        visit_fail(x, x->result);
}

/* ---- everybody ---- */

static void fill_org(const struct org_list *orgs, int64_t id, struct tpl_desk_persons_people *row)
{
    row->org = S("–");
    for (size_t i = 0; i < orgs->n; i++) {
        if (orgs->row[i].id != id)
            continue;
        row->org = frame_text(&orgs->row[i].name, orgs->row[i].slug);
        row->org_lang = frame_foreign(&orgs->row[i].name);
    }
}

void desk_persons(struct exchange *x)
{
    static const struct frame_word done[] = {{S("remove"), TEXT_BLANK_REMOVED},
                                             {S("erase"), TEXT_PERSON_ERASE_DONE}};
    struct tpl_desk_persons v = {.done = frame_word(x, S("done"), done, NELEM(done))};
    struct tpl_desk_persons_people *row = NULL;
    struct person_list list = {0};
    struct org_list orgs = {0};
    int r = person_list(x->arena, x->db, x->actor, &list);

    if (r == 0)
        r = org_list(x->arena, x->db, visit_lang(x), &orgs);
    if (r == 0) {
        row = arena_array(x->arena, list.n, sizeof(*row));
        r = row ? 0 : ERR_MEM;
    }
    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    for (size_t i = 0; row && i < list.n; i++) {
        const struct person *p = &list.row[i];

        row[i] = (struct tpl_desk_persons_people){
            .url = arena_printf(x->arena, "/desk/people/%lld", (long long)p->id),
            .name = person_label(x, p),
            .lang = p->lang,
            .sex = sex_text(p->sex),
            .age = age_text(p->age),
            .country = p->country.n ? p->country : (str){0},
        };
        fill_org(&orgs, p->org_id, &row[i]);
    }
    v.people = row;
    v.npeople = list.n;
    frame_fill(x, &v.page, texts_get(visit_texts(x), TEXT_PERSON_TITLE), S("/desk/people"));
    tpl_desk_persons(&x->reply, visit_texts(x), &v);
    frame_send(x, 200);
}
