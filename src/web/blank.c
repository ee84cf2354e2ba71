#include "web/blank.h"

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

struct blank *blank_new(struct exchange *x, struct db *db, bool is_post, size_t size)
{
    struct blank *s = arena_make(x->arena, struct blank);

    if (!s)
        return NULL;
    *s = (struct blank){.x = x, .db = db, .is_post = is_post};
    s->stored = sb_init(x->arena, 0);
    s->field = arena_array(x->arena, BLANK_FIELDS, sizeof(*s->field));
    s->problem = arena_array(x->arena, BLANK_PROBLEMS, sizeof(*s->problem));
    s->hidden = arena_array(x->arena, BLANK_HIDDEN, sizeof(*s->hidden));
    s->record = arena_alloc(x->arena, size);
    if (!s->field || !s->problem || !s->hidden || !s->record)
        return NULL;
    x->state = s;
    s->blank.fields = s->field;
    s->blank.problems = s->problem;
    s->blank.hidden = s->hidden;
    return s;
}

void blank_stands_on(struct blank *s, str value)
{
    sb_printf(&s->stored, "%zu:", value.n);
    sb_add(&s->stored, value);
}

static str typed(struct blank *s, str name, const char *kind)
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

static struct tpl_blank_field *add(struct blank *s, const struct tpl_blank_field *f, str stored)
{
    struct tpl_blank_field *to = &s->none;

    if (s->blank.nfields < BLANK_FIELDS)
        to = &s->field[s->blank.nfields++];
    else
        s->result = ERR_FULL;
    *to = *f;
    to->value = s->is_post ? typed(s, f->name, f->kind.p) : stored;
    to->rows = 3;
    /* Shown after a conflict alone; until then it carries what is stored. */
    to->stored = stored;
    blank_stands_on(s, f->name);
    blank_stands_on(s, stored);
    return to;
}

struct tpl_blank_field *blank_add_lang(struct blank *s, const char *kind, str name,
                                       enum text_id label, str lang, str stored)
{
    struct tpl_blank_field f = {.name = name, .kind = str_c(kind)};

    words(s->x, label, lang, &f.label, &f.label_lang);
    if (lang.p)
        f.lang = lang;
    return add(s, &f, stored.p ? stored : S(""));
}

struct tpl_blank_field *blank_add(struct blank *s, const char *kind, str name, enum text_id label,
                                  str stored)
{
    return blank_add_lang(s, kind, name, label, (str){0}, stored);
}

struct tpl_blank_field *blank_check_box(struct blank *s, str name, enum text_id label,
                                        bool is_stored)
{
    struct tpl_blank_field *f = blank_add(s, "check", name, label, is_stored ? S("yes") : S(""));

    f->is_checked = f->value.n != 0;
    return f;
}

static struct tpl_blank_field *last(struct blank *s)
{
    return s->blank.nfields ? &s->field[s->blank.nfields - 1] : &s->none;
}

void blank_options(struct blank *s, size_t n)
{
    struct tpl_blank_field *f = last(s);

    f->options = arena_array(s->x->arena, n, sizeof(*f->options));
    f->noptions = 0;
    if (!f->options)
        s->result = ERR_MEM;
}

static void option(struct blank *s, const struct tpl_blank_field_options *o)
{
    struct tpl_blank_field *f = last(s);

    if (f->options) /* the caller has said how many there will be */
        memcpy((void *)(uintptr_t)&f->options[f->noptions++], o, sizeof(*o));
}

void blank_option(struct blank *s, str value, const struct text *label)
{
    struct tpl_blank_field_options o = {.value = value,
                                        .label = frame_text(label, value),
                                        .lang = frame_foreign(label),
                                        .is_chosen = str_eq(value, last(s)->value)};

    option(s, &o);
}

void blank_option_text(struct blank *s, str value, enum text_id label)
{
    struct tpl_blank_field_options o = {.value = value,
                                        .is_chosen = str_eq(value, last(s)->value)};

    words(s->x, label, (str){0}, &o.label, &o.lang);
    option(s, &o);
}

void blank_option_check(struct blank *s, str value, const struct text *label, bool is_stored)
{
    struct tpl_blank_field *f = last(s);
    struct tpl_blank_field_options o = {.value = value,
                                        .label = frame_text(label, value),
                                        .lang = frame_foreign(label),
                                        .is_chosen = is_stored};
    str sent;

    if (s->is_post) {
        o.is_chosen = false;
        for (size_t i = 0; (sent = http_field_at(s->x, f->name, i)).p; i++)
            o.is_chosen |= str_eq(sent, value);
    }
    blank_stands_on(s, is_stored ? value : S(""));
    option(s, &o);
}

void blank_group(struct tpl_blank_field *f, struct exchange *x, enum text_id text)
{
    words(x, text, (str){0}, &f->group, &f->group_lang);
}

void blank_hide(struct blank *s, str name, str value)
{
    if (s->blank.nhidden < BLANK_HIDDEN)
        s->hidden[s->blank.nhidden++] = (struct tpl_blank_hidden){.name = name, .value = value};
    else
        s->result = ERR_FULL;
}

static struct tpl_blank_field *field_of(const struct blank *s, str name)
{
    for (size_t i = 0; i < s->blank.nfields; i++)
        if (str_eq(s->field[i].name, name))
            return &s->field[i];
    return NULL;
}

str blank_value(const struct blank *s, str name)
{
    const struct tpl_blank_field *f = field_of(s, name);

    return f ? f->value : S("");
}

str blank_value_or_unset(const struct blank *s, str name)
{
    str value = blank_value(s, name);

    return value.n ? value : (str){0};
}

int blank_number(struct blank *s, str name, int64_t min, int64_t max, enum text_id problem)
{
    int64_t n = min;

    if (str_i64(blank_value(s, name), min, max, &n) < 0)
        blank_problem(s, name, problem);
    return (int)n;
}

bool blank_is_checked(const struct blank *s, str name)
{
    const struct tpl_blank_field *f = field_of(s, name);

    return f && f->is_checked;
}

void blank_problem(struct blank *s, str name, enum text_id problem)
{
    struct tpl_blank_field *f = field_of(s, name);

    if (!f || f->error != TEXT_NONE)
        return;
    f->error = problem;
    if (s->blank.nproblems < BLANK_PROBLEMS)
        s->problem[s->blank.nproblems++] = (struct tpl_blank_problems){
            .name = name, .label = f->label, .lang = f->label_lang, .word = problem};
}

static str mark_of(struct blank *s)
{
    char hex[2 * MARK_BYTES + 1];
    uint8_t hash[32];

    secret_hash(sb_str(&s->stored), hash);
    encode_hex(hex, hash, MARK_BYTES);
    return arena_str(s->x->arena, str_c(hex));
}

int blank_check(struct blank *s)
{
    if (s->result < 0)
        return s->result;
    if (str_eq(http_field(s->x, S("mark")), mark_of(s)))
        return 0;
    s->is_conflict = true;
    return ERR_CONFLICT;
}

int blank_result(const struct blank *s)
{
    if (s->result < 0)
        return s->result;
    return s->blank.nproblems ? ERR_RANGE : 0;
}

bool blank_is_again(const struct exchange *x)
{
    int r = x->result;

    return x->state && (r == ERR_RANGE || r == ERR_CONFLICT || r == ERR_TOO_BIG ||
                        r == ERR_ENCODING || r == ERR_STATE);
}

int blank_status(const struct exchange *x)
{
    return x->result < 0 ? err_http_status(x->result) : 200;
}

void blank_fill(struct blank *s, struct tpl_blank *ret_part)
{
    for (size_t i = 0; i < s->blank.nfields; i++) {
        struct tpl_blank_field *f = &s->field[i];

        if (!s->is_conflict || str_eq(f->stored, f->value) || str_eq(f->kind, S("checks")))
            f->stored = (str){0};
    }
    *ret_part = s->blank;
    ret_part->mark = mark_of(s);
    ret_part->csrf_token = visit_csrf(s->x);
    ret_part->is_conflict = s->is_conflict;
}

void blank_send(struct blank *s, const struct blank_page *p)
{
    struct exchange *x = s->x;
    struct tpl_desk_blank v = {
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
    blank_fill(s, &v.blank);
    v.blank.action = p->action;
    v.blank.submit = p->submit;
    frame_fill(x, &v.page, p->title, p->action);
    v.page.is_demo |= p->is_demo;
    tpl_desk_blank(&x->reply, visit_texts(x), &v);
    frame_send(x, blank_status(x));
}
