#include "web/page_contact_desk.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/contact.h"
#include "gen/template.h"
#include "net/http.h"
#include "web/frame.h"
#include "web/lang_fields.h"
#include "web/remove.h"
#include "web/texts.h"
#include "web/visit.h"

enum { MAX_LANGS = 24 };

/* ---- the form ---- */

static str field(struct exchange *x, const char *name)
{
    str s = str_trim(http_field(x, str_c(name)));

    return s.p ? s : S("");
}

static str lang_field(struct exchange *x, const char *name, str code)
{
    return field(x, arena_cstr(x->arena, arena_printf(x->arena, "%s_%.*s", name, STR(code))));
}

static int number(str s)
{
    uint64_t n;

    return str_u64(s, 9, &n) == 0 ? (int)n : 0;
}

static void read_form(struct exchange *x, str slug, struct contact_in *to)
{
    *to = (struct contact_in){
        .slug = slug,
        .answers = number(field(x, "answers")),
        .cost = number(field(x, "cost")),
        .abroad = number(field(x, "abroad")),
        .country = field(x, "country"),
        .serves = field(x, "serves"),
        .langs = field(x, "langs"),
        .phone = field(x, "phone"),
        .url = field(x, "url"),
        .email = field(x, "email"),
        .hours = field(x, "hours"),
        .zone = field(x, "zone"),
        .source = field(x, "source"),
    };
}

static void choose(struct tpl_contact_form *v, const struct contact_in *in)
{
    v->is_state = in->answers == CONTACT_STATE;
    v->is_ngo = in->answers == CONTACT_NGO;
    v->is_international = in->answers == CONTACT_INTERNATIONAL;
    v->is_free = in->cost == CONTACT_FREE;
    v->is_paid = in->cost == CONTACT_PAID;
    v->is_abroad = in->abroad == CONTACT_ABROAD_YES;
    v->is_inside = in->abroad == CONTACT_ABROAD_NO;
}

static str text_or_empty(str s)
{
    return s.p ? s : S("");
}

struct lang_text {
    enum contact_field field;
    str code;
};

static const char *const text_names[] = {[CONTACT_NAME] = "name", [CONTACT_SERVICE] = "service",
                                         [CONTACT_ELIGIBLE] = "eligible",
                                         [CONTACT_ACCESS] = "access"};

/* What stands in the field: of a new one nothing; again what was typed. */
static int text_value(struct exchange *x, const struct contact *c, bool is_again,
                      const struct lang_text *of, str *ret_value)
{
    const int64_t ids[] = {[CONTACT_NAME] = c ? c->name.id : 0,
                           [CONTACT_SERVICE] = c ? c->service.id : 0,
                           [CONTACT_ELIGIBLE] = c ? c->eligible.id : 0,
                           [CONTACT_ACCESS] = c ? c->access.id : 0};
    struct text t = {0};
    int r = is_again ? 0 : text_exact(x->arena, x->db, ids[of->field], of->code, &t);

    if (r < 0 && r != ERR_NOT_FOUND)
        return r;
    *ret_value = is_again ? lang_field(x, text_names[of->field], of->code) : frame_text(&t, S(""));
    return 0;
}

static int fill_texts(struct exchange *x, const struct contact *c, bool is_again,
                      struct tpl_contact_form *v)
{
    struct tpl_contact_form_langs *row = arena_array(x->arena, MAX_LANGS, sizeof(*row));
    const struct text_lang *l;
    int r = row ? 0 : ERR_MEM;

    for (size_t i = 0; r == 0 && i < MAX_LANGS && (l = texts_lang(i)); i++) {
        str *to[] = {[CONTACT_NAME] = &row[i].name, [CONTACT_SERVICE] = &row[i].service,
                     [CONTACT_ELIGIBLE] = &row[i].eligible, [CONTACT_ACCESS] = &row[i].access};

        row[i].code = l->code;
        for (size_t k = 0; r == 0 && k < NELEM(to); k++)
            r = text_value(x, c, is_again, &(struct lang_text){(enum contact_field)k, l->code},
                           to[k]);
        v->nlangs = i + 1;
    }
    v->langs = row;
    return r;
}

static int fill_form(struct exchange *x, const struct contact *c, bool is_again,
                     struct tpl_contact_form *v)
{
    struct contact_in in = {.answers = CONTACT_NGO, .zone = S("Asia/Ashgabat")};

    if (is_again)
        read_form(x, field(x, "slug"), &in);
    else if (c)
        in = (struct contact_in){.answers = c->answers,
                                 .cost = c->cost,
                                 .abroad = c->abroad,
                                 .country = c->country,
                                 .serves = c->serves,
                                 .langs = c->langs,
                                 .phone = c->phone,
                                 .url = c->url,
                                 .email = c->email,
                                 .hours = c->hours,
                                 .zone = c->zone,
                                 .source = c->source};
    choose(v, &in);
    v->is_new = !c;
    v->slug = text_or_empty(in.slug);
    v->country = text_or_empty(in.country);
    v->serves = text_or_empty(in.serves);
    v->lang_codes = text_or_empty(in.langs);
    v->phone = text_or_empty(in.phone);
    v->url = text_or_empty(in.url);
    v->email = text_or_empty(in.email);
    v->hours = text_or_empty(in.hours);
    v->zone = text_or_empty(in.zone);
    v->source = text_or_empty(in.source);
    v->revision = c ? c->revision : 0;
    v->csrf_token = visit_csrf(x);
    v->action =
        c ? arena_printf(x->arena, "/desk/contacts/%.*s", STR(c->slug)) : S("/desk/contacts");
    return fill_texts(x, c, is_again, v);
}

/* ---- the list ---- */

static enum text_id age_text(const struct contact *c)
{
    if (!c->checked_at)
        return TEXT_CONTACT_NEVER;
    return c->age == CONTACT_HIDDEN ? TEXT_CONTACT_HIDDEN
           : c->age == CONTACT_OLD  ? TEXT_CONTACT_AGE_OLD
                                    : TEXT_CONTACT_FRESH;
}

static int fill_list(struct exchange *x, struct tpl_desk_contacts *v)
{
    struct contact_filter f = {.lang = visit_lang(x), .is_worklist = true};
    struct tpl_desk_contacts_rows *row;
    struct contact_list l;
    int r = contact_list(x->arena, x->db, x->actor, &f, visit_now(x), &l);

    if (r < 0)
        return r;
    row = arena_array(x->arena, l.n, sizeof(*row));
    if (!row)
        return ERR_MEM;
    for (size_t i = 0; i < l.n; i++) {
        const struct contact *c = &l.row[i];

        row[i] = (struct tpl_desk_contacts_rows){
            .name = frame_text(&c->name, c->slug),
            .name_lang = frame_foreign(&c->name),
            .url = arena_printf(x->arena, "/desk/contacts/%.*s", STR(c->slug)),
            .phone = c->phone.n ? c->phone
                     : c->url.n ? c->url
                                : c->email,
            .checked = c->checked_at ? frame_date(x, c->checked_at, c->zone) : (str){NULL, 0},
            .age = age_text(c),
            .is_hidden = c->age == CONTACT_HIDDEN,
        };
    }
    v->rows = row;
    v->nrows = l.n;
    return 0;
}

static enum text_id problem_text(int code)
{
    return code == ERR_CONFLICT ? TEXT_CONTACT_CONFLICT : TEXT_CONTACT_BAD;
}

static bool is_shown_again(int code)
{
    return code == ERR_RANGE || code == ERR_CONFLICT || code == ERR_ENCODING;
}

static void show_list(struct exchange *x, int code)
{
    static const struct frame_word done[] = {{S("removed"), TEXT_CONTACT_REMOVED},
                                             {S("tried"), TEXT_CONTACT_TRIED}};
    struct tpl_desk_contacts v = {.problem = code < 0 ? problem_text(code) : TEXT_NONE,
                                  .csrf_token = visit_csrf(x)};
    int r = fill_list(x, &v);

    if (r == 0)
        r = fill_form(x, NULL, code < 0, &v.contact_form);
    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    v.done = frame_word(x, S("done"), done, NELEM(done));
    frame_fill(x, &v.page, texts_get(visit_texts(x), TEXT_CONTACT_DESK), S("/desk/contacts"));
    tpl_desk_contacts(&x->reply, visit_texts(x), &v);
    frame_send(x, code < 0 ? err_http_status(code) : 200);
}

void desk_contacts(struct exchange *x)
{
    show_list(x, 0);
}

/* ---- one ---- */

static int find(struct exchange *x, struct db *db, struct contact *ret_contact)
{
    struct contact_ask ask = {
        .slug = http_param(x, S("slug")), .lang = visit_lang(x), .now = visit_now(x)};

    return contact_by_slug(x->arena, db, x->actor, &ask, ret_contact);
}

/* is_again: with what was typed into the form. */
static void show_one(struct exchange *x, int code, bool is_again)
{
    static const struct frame_word done[] = {{S("saved"), TEXT_CONTACT_SAVED},
                                             {S("tried"), TEXT_CONTACT_TRIED}};
    struct tpl_desk_contact v = {.problem = code == ERR_CONFLICT && !is_again ? TEXT_CONTACT_CHANGED
                                            : code < 0 ? problem_text(code) : TEXT_NONE,
                                 .csrf_token = visit_csrf(x)};
    struct contact c;
    int r = find(x, x->db, &c);

    if (r == 0)
        r = fill_form(x, &c, is_again, &v.contact_form);
    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    v.title = frame_text(&c.name, c.slug);
    v.title_lang = frame_foreign(&c.name);
    v.base = v.contact_form.action;
    v.age = age_text(&c);
    v.revision = c.revision;
    v.done = frame_word(x, S("done"), done, NELEM(done));
    frame_fill(x, &v.page, v.title, v.base);
    tpl_desk_contact(&x->reply, visit_texts(x), &v);
    frame_send(x, code < 0 ? err_http_status(code) : 200);
}

void desk_contact(struct exchange *x)
{
    show_one(x, 0, false);
}

/* ---- changes ---- */

static bool is_sent(struct exchange *x, const char *name, str code)
{
    return http_field(x, arena_printf(x->arena, "%s_%.*s", name, STR(code))).p != NULL;
}

/* An empty field leaves a name or a service as it is; of the two others it takes that language. */
static int put_text(struct exchange *x, struct db *db, int64_t id, enum contact_field field,
                    str lang)
{
    const char *name = text_names[field];
    const struct text_in in = {.lang = lang, .body = lang_field(x, name, lang), .revision = -1};

    return in.body.n || (field >= CONTACT_ELIGIBLE && is_sent(x, name, lang))
               ? contact_text_put(db, x->actor, id, field, &in, visit_now(x))
               : 0;
}

/* The source first: what is written before it would be older than it. */
static int put_texts(struct exchange *x, struct db *db, int64_t id, const struct contact *was,
                     unsigned *io_given)
{
    const struct text *text[] = {[CONTACT_NAME] = &was->name, [CONTACT_SERVICE] = &was->service,
                                 [CONTACT_ELIGIBLE] = &was->eligible,
                                 [CONTACT_ACCESS] = &was->access};
    const struct text_lang *l;
    int r = 0;

    for (int k = CONTACT_NAME; r == 0 && k <= CONTACT_ACCESS; k++) {
        enum contact_field field = (enum contact_field)k;
        str source = lang_fields_source(x, db, text_names[k], text[k]->id);

        if (source.p)
            r = put_text(x, db, id, field, source);
        for (size_t i = 0; r == 0 && i < MAX_LANGS && (l = texts_lang(i)); i++) {
            *io_given |= lang_field(x, text_names[k], l->code).n ? 1u << k : 0;
            if (!source.p || !str_eq(l->code, source))
                r = put_text(x, db, id, field, l->code);
        }
    }
    return r;
}

/* was: all zero for a new one. */
static int put(struct exchange *x, struct db *db, const struct contact_in *in,
               const struct contact *was)
{
    const unsigned needed = 1u << CONTACT_NAME | 1u << CONTACT_SERVICE;
    unsigned given = 0;
    int64_t id;
    int r = contact_put(db, x->actor, in, visit_now(x), &id);

    if (r == 0)
        r = put_texts(x, db, id, was, &given);
    /* a name and a service in one language at least */
    return r == 0 && (given & needed) != needed ? ERR_RANGE : r;
}

int desk_contact_add_act(struct exchange *x, struct db *db)
{
    static const struct contact none;
    struct contact_in in;

    read_form(x, field(x, "slug"), &in);
    return put(x, db, &in, &none);
}

static void go(struct exchange *x, str slug, const char *word)
{
    http_redirect(x, 303, arena_printf(x->arena, "/desk/contacts/%.*s?done=%s", STR(slug), word));
}

void desk_contact_add(struct exchange *x)
{
    if (x->result == 0)
        go(x, field(x, "slug"), "saved");
    else if (is_shown_again(x->result))
        show_list(x, x->result);
    else
        visit_fail(x, x->result);
}

int desk_contact_save_act(struct exchange *x, struct db *db)
{
    struct contact_in in;
    struct contact was;
    int r = find(x, db, &was);

    if (r < 0)
        return r;
    read_form(x, was.slug, &in);
    in.is_sample = was.is_sample;
    if (str_i64(field(x, "revision"), 1, INT64_MAX, &in.revision) < 0)
        return ERR_RANGE;
    return put(x, db, &in, &was);
}

void desk_contact_save(struct exchange *x)
{
    if (x->result == 0)
        go(x, http_param(x, S("slug")), "saved");
    else if (is_shown_again(x->result))
        show_one(x, x->result, true);
    else
        visit_fail(x, x->result);
}

int desk_contact_try_act(struct exchange *x, struct db *db)
{
    struct contact_check c = {.note = field(x, "note"), .at = visit_now(x)};
    struct contact was;
    int r = find(x, db, &was);

    if (r < 0)
        return r;
    c.result = str_eq(field(x, "result"), S("answered")) ? CONTACT_ANSWERED
               : str_eq(field(x, "result"), S("missed")) ? CONTACT_MISSED
                                                         : 0;
    if (str_i64(field(x, "revision"), 1, INT64_MAX, &c.revision) < 0)
        return ERR_RANGE;
    return contact_try(db, x->actor, was.id, &c, visit_now(x));
}

void desk_contact_try(struct exchange *x)
{
    if (x->result == 0)
        go(x, http_param(x, S("slug")), "tried");
    else if (is_shown_again(x->result))
        show_one(x, x->result, false);
    else
        visit_fail(x, x->result);
}

int desk_contact_remove_act(struct exchange *x, struct db *db)
{
    struct contact was;
    int r = find(x, db, &was);

    return r == 0 ? contact_remove(db, x->actor, was.id, visit_now(x)) : r;
}

void desk_contact_remove(struct exchange *x)
{
    remove_done(x, S("/desk/contacts?done=removed"), NULL);
}
