#include "web/sheet.h"

#include "base/arena.h"
#include "base/encode.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/secret.h"
#include "domain/text.h"
#include "net/http.h"
#include "web/frame.h"
#include "web/texts.h"
#include "web/visit.h"

#include <string.h>

enum { MARK_BYTES = 12 };

struct sheet *sheet_new(struct exchange *x, struct db *db, bool is_post, size_t size)
{
    struct sheet *s = arena_make(x->arena, struct sheet);

    if (!s)
        return NULL;
    *s = (struct sheet){.x = x, .db = db, .is_post = is_post};
    s->stored = sb_init(x->arena, 0);
    s->field = arena_array(x->arena, SHEET_FIELDS, sizeof(*s->field));
    s->problem = arena_array(x->arena, SHEET_PROBLEMS, sizeof(*s->problem));
    s->hidden = arena_array(x->arena, SHEET_HIDDEN, sizeof(*s->hidden));
    s->record = arena_alloc(x->arena, size);
    if (!s->field || !s->problem || !s->hidden || !s->record)
        return NULL;
    x->state = s;
    s->sheet.fields = s->field;
    s->sheet.problems = s->problem;
    s->sheet.hidden = s->hidden;
    return s;
}

void sheet_stands_on(struct sheet *s, str value)
{
    sb_printf(&s->stored, "%zu:", value.n);
    sb_add(&s->stored, value);
}

static str typed(struct sheet *s, str name, const char *kind)
{
    str value = http_field(s->x, name);

    if (strcmp(kind, "password") == 0)
        return value.p ? value : S("");
    return value.p ? str_trim(value) : S("");
}

/* The text of a key in the page's language, and its own language when that is another. */
static void words(struct exchange *x, enum text_id text, str lang, str *ret_words, str *ret_lang)
{
    const struct texts *t = visit_texts(x);
    struct sb name = sb_init(x->arena, 0), b = sb_init(x->arena, 0);
    struct text_arg arg = {.name = "language"};

    if (lang.p) {
        texts_show_code(&name, t, SHOW_LANGUAGE, lang);
        arg.s = sb_str(&name);
    }
    text_add(&b, t, text, &arg, lang.p ? 1 : 0);
    *ret_words = sb_str(&b).p ? sb_str(&b) : S("");
    *ret_lang = str_eq(text_lang(t, text), t->lang) ? (str){0} : text_lang(t, text);
}

static struct tpl_sheet_field *add(struct sheet *s, const struct tpl_sheet_field *f, str stored)
{
    struct tpl_sheet_field *to = &s->none;

    if (s->sheet.nfields < SHEET_FIELDS)
        to = &s->field[s->sheet.nfields++];
    else
        s->result = ERR_FULL;
    *to = *f;
    to->value = s->is_post ? typed(s, f->name, f->kind.p) : stored;
    to->rows = 3;
    /* Shown after a conflict alone; until then it carries what is stored. */
    to->stored = stored;
    sheet_stands_on(s, f->name);
    sheet_stands_on(s, stored);
    return to;
}

struct tpl_sheet_field *sheet_add_lang(struct sheet *s, const char *kind, str name,
                                       enum text_id label, str lang, str stored)
{
    struct tpl_sheet_field f = {.name = name, .kind = str_c(kind)};

    words(s->x, label, lang, &f.label, &f.label_lang);
    if (lang.p)
        f.lang = lang;
    return add(s, &f, stored.p ? stored : S(""));
}

struct tpl_sheet_field *sheet_add(struct sheet *s, const char *kind, str name, enum text_id label,
                                  str stored)
{
    return sheet_add_lang(s, kind, name, label, (str){0}, stored);
}

struct tpl_sheet_field *sheet_check_box(struct sheet *s, str name, enum text_id label,
                                        bool is_stored)
{
    struct tpl_sheet_field *f = sheet_add(s, "check", name, label, is_stored ? S("yes") : S(""));

    f->is_checked = f->value.n != 0;
    return f;
}

static struct tpl_sheet_field *last(struct sheet *s)
{
    return s->sheet.nfields ? &s->field[s->sheet.nfields - 1] : &s->none;
}

void sheet_options(struct sheet *s, size_t n)
{
    struct tpl_sheet_field *f = last(s);

    f->options = arena_array(s->x->arena, n, sizeof(*f->options));
    f->noptions = 0;
    if (!f->options)
        s->result = ERR_MEM;
}

static void option(struct sheet *s, const struct tpl_sheet_field_options *o)
{
    struct tpl_sheet_field *f = last(s);

    if (f->options) /* the caller has said how many there will be */
        memcpy((void *)(uintptr_t)&f->options[f->noptions++], o, sizeof(*o));
}

void sheet_option(struct sheet *s, str value, const struct text *label)
{
    struct tpl_sheet_field_options o = {.value = value,
                                        .label = frame_text(label, value),
                                        .lang = frame_foreign(label),
                                        .is_chosen = str_eq(value, last(s)->value)};

    option(s, &o);
}

void sheet_option_text(struct sheet *s, str value, enum text_id label)
{
    struct tpl_sheet_field_options o = {.value = value,
                                        .is_chosen = str_eq(value, last(s)->value)};

    words(s->x, label, (str){0}, &o.label, &o.lang);
    option(s, &o);
}

void sheet_option_check(struct sheet *s, str value, const struct text *label, bool is_stored)
{
    struct tpl_sheet_field *f = last(s);
    struct tpl_sheet_field_options o = {.value = value,
                                        .label = frame_text(label, value),
                                        .lang = frame_foreign(label),
                                        .is_chosen = is_stored};
    str sent;

    if (s->is_post) {
        o.is_chosen = false;
        for (size_t i = 0; (sent = http_field_at(s->x, f->name, i)).p; i++)
            o.is_chosen |= str_eq(sent, value);
    }
    sheet_stands_on(s, is_stored ? value : S(""));
    option(s, &o);
}

void sheet_group(struct tpl_sheet_field *f, struct exchange *x, enum text_id text)
{
    words(x, text, (str){0}, &f->group, &f->group_lang);
}

void sheet_hide(struct sheet *s, str name, str value)
{
    if (s->sheet.nhidden < SHEET_HIDDEN)
        s->hidden[s->sheet.nhidden++] = (struct tpl_sheet_hidden){.name = name, .value = value};
    else
        s->result = ERR_FULL;
}

static struct tpl_sheet_field *field_of(const struct sheet *s, str name)
{
    for (size_t i = 0; i < s->sheet.nfields; i++)
        if (str_eq(s->field[i].name, name))
            return &s->field[i];
    return NULL;
}

str sheet_value(const struct sheet *s, str name)
{
    const struct tpl_sheet_field *f = field_of(s, name);

    return f ? f->value : S("");
}

str sheet_value_or_unset(const struct sheet *s, str name)
{
    str value = sheet_value(s, name);

    return value.n ? value : (str){0};
}

int sheet_number(struct sheet *s, str name, int64_t min, int64_t max, enum text_id problem)
{
    int64_t n = min;

    if (str_i64(sheet_value(s, name), min, max, &n) < 0)
        sheet_problem(s, name, problem);
    return (int)n;
}

bool sheet_is_checked(const struct sheet *s, str name)
{
    const struct tpl_sheet_field *f = field_of(s, name);

    return f && f->is_checked;
}

void sheet_problem(struct sheet *s, str name, enum text_id problem)
{
    struct tpl_sheet_field *f = field_of(s, name);

    if (!f || f->error != TEXT_NONE)
        return;
    f->error = problem;
    if (s->sheet.nproblems < SHEET_PROBLEMS)
        s->problem[s->sheet.nproblems++] = (struct tpl_sheet_problems){
            .name = name, .label = f->label, .lang = f->label_lang, .word = problem};
}

static str mark_of(struct sheet *s)
{
    char hex[2 * MARK_BYTES + 1];
    uint8_t hash[32];

    secret_hash(sb_str(&s->stored), hash);
    encode_hex(hex, hash, MARK_BYTES);
    return arena_str(s->x->arena, str_c(hex));
}

int sheet_check(struct sheet *s)
{
    if (s->result < 0)
        return s->result;
    if (str_eq(http_field(s->x, S("mark")), mark_of(s)))
        return 0;
    s->is_conflict = true;
    return ERR_CONFLICT;
}

int sheet_result(const struct sheet *s)
{
    if (s->result < 0)
        return s->result;
    return s->sheet.nproblems ? ERR_RANGE : 0;
}

bool sheet_is_again(const struct exchange *x)
{
    int r = x->result;

    return x->state && (r == ERR_RANGE || r == ERR_CONFLICT || r == ERR_TOO_BIG ||
                        r == ERR_ENCODING || r == ERR_STATE);
}

int sheet_status(const struct exchange *x)
{
    return x->result < 0 ? err_http_status(x->result) : 200;
}

void sheet_fill(struct sheet *s, struct tpl_sheet *ret_part)
{
    for (size_t i = 0; i < s->sheet.nfields; i++) {
        struct tpl_sheet_field *f = &s->field[i];

        if (!s->is_conflict || str_eq(f->stored, f->value) || str_eq(f->kind, S("checks")))
            f->stored = (str){0};
    }
    *ret_part = s->sheet;
    ret_part->mark = mark_of(s);
    ret_part->csrf_token = visit_csrf(s->x);
    ret_part->is_conflict = s->is_conflict;
}

void sheet_send(struct sheet *s, const struct sheet_page *p)
{
    struct exchange *x = s->x;
    struct tpl_desk_sheet v = {
        .back = p->back,
        .back_word = p->back_word,
        .title = p->title,
        .title_lang = p->title_lang,
        .lead = p->lead,
        .done = x->result < 0 ? TEXT_NONE : p->done,
        .problem = p->problem,
        .links = p->links,
        .nlinks = p->nlinks,
    };

    if (s->result < 0) {
        visit_fail(x, s->result);
        return;
    }
    sheet_fill(s, &v.sheet);
    v.sheet.action = p->action;
    v.sheet.submit = p->submit;
    frame_fill(x, &v.page, p->title, p->action);
    v.page.is_demo |= p->is_demo;
    tpl_desk_sheet(&x->reply, visit_texts(x), &v);
    frame_send(x, sheet_status(x));
}
