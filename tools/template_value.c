#include "tools/template.h"

#include "base/str.h"
#include "tools/po.h"
#include "tools/tool.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void body_error(struct body *b, const char *fmt, ...)
{
    char what[512];
    va_list ap;

    if (b->failed)
        return; /* the first is the cause of the others */
    b->failed = true;
    va_start(ap, fmt);
    vsnprintf(what, sizeof(what), fmt, ap);
    va_end(ap);
    tool_error(b->tpl->path, tool_line(b->text, b->tag_at), "%s", what);
}

/* ---- names ---- */

static const char *label_of(struct body *b, const struct field *f)
{
    if (f->is_optional)
        return "NULL";
    return tool_text("\"%.*s:%.*s\"", STR(b->tpl->name), STR(f->name));
}

static bool built_in(str path, struct value *ret_value)
{
    static const char *const names[] = {"t.lang", "t.dir", "t.zone"};

    for (size_t i = 0; i < NELEM(names); i++) {
        if (!str_eq(path, str_c(names[i])))
            continue;
        *ret_value = (struct value){
            .c = tool_text("t->%s", names[i] + 2), .type = TYPE_STR, .label = "NULL"};
        return true;
    }
    if (!str_eq(path, S("t.is_draft")))
        return false;
    *ret_value = (struct value){.c = "t->is_draft", .type = TYPE_BOOL, .label = "NULL"};
    return true;
}

/* a.index, a.is_first, a.is_last of a loop variable */
static bool loop_word(const struct scope *s, str word, struct value *ret_value)
{
    *ret_value = (struct value){.type = TYPE_BOOL, .label = "NULL"};
    if (str_eq(word, S("index"))) {
        ret_value->type = TYPE_I64;
        ret_value->c = tool_text("(int64_t)(i%d + 1)", s->id);
    } else if (str_eq(word, S("is_first"))) {
        ret_value->c = tool_text("!i%d", s->id);
    } else if (str_eq(word, S("is_last"))) {
        ret_value->c = tool_text("!(i%d + 1 < %s)", s->id, s->count);
    } else {
        return false;
    }
    return true;
}

/* Follows member names from a record; `base` is C up to and with "->" or ".". */
static bool follow(struct body *b, const struct record *r, const char *base, str path,
                   struct value *ret_value)
{
    for (;;) {
        struct str_pair cut = str_cut(path, '.');
        struct field *f = r ? record_field(r, cut.head) : NULL;

        if (!f)
            return false;
        f->is_used = true;
        if (!cut.ok) {
            *ret_value = (struct value){.c = tool_text("%s%.*s", base, STR(f->name)),
                                        .count = tool_text("%sn%.*s", base, STR(f->name)),
                                        .label = label_of(b, f),
                                        .type = f->type,
                                        .field = f};
            return true;
        }
        if (f->type == TYPE_LIST)
            return false; /* its members exist inside a loop only */
        base = tool_text("%s%.*s.", base, STR(f->name));
        r = f->record;
        path = cut.tail;
    }
}

bool value_find(struct body *b, str path, struct value *ret_value)
{
    struct str_pair cut = str_cut(path, '.');

    if (built_in(path, ret_value))
        return true;
    for (const struct scope *s = b->scope; s; s = s->up) {
        if (!str_eq(s->name, cut.head))
            continue;
        if (cut.ok)
            return (record_field(s->list->record, cut.tail) == NULL &&
                    loop_word(s, cut.tail, ret_value)) ||
                   follow(b, s->list->record, tool_text("a%d->", s->id), cut.tail, ret_value);
        *ret_value = (struct value){.c = tool_text("(*a%d)", s->id),
                                    .label = "NULL",
                                    .type = s->list->part ? TYPE_PART : TYPE_REC,
                                    .field = s->list};
        return true;
    }
    return follow(b, &b->tpl->record, "v->", path, ret_value);
}

bool value_by_path(struct body *b, str path, struct value *ret_value)
{
    if (value_find(b, path, ret_value))
        return true;
    body_error(b,
               "there is no field '%.*s' here; declare it in {# #} at the top, or correct the name",
               STR(path));
    return false;
}

/* ---- filters ---- */

static const struct {
    const char *word, *show;
    enum type type;
} filters[] = {
    {"date", "SHOW_DATE", TYPE_USEC},
    {"time", "SHOW_TIME", TYPE_USEC},
    {"datetime", "SHOW_DATETIME", TYPE_USEC},
    {"iso", "SHOW_ISO", TYPE_USEC},
    {"num", "SHOW_NUM", TYPE_I64},
    {"country", "SHOW_COUNTRY", TYPE_STR},
    {"language", "SHOW_LANGUAGE", TYPE_STR},
    {"lines", NULL, TYPE_STR},
};

/* Reads "| word"; -1: there is none, or an error was said. */
static int filter_of(struct body *b, struct words *w, enum type type)
{
    if (!words_take(w, "|"))
        return -1;
    for (int i = 0; i < (int)NELEM(filters); i++) {
        if (!words_are(w, filters[i].word))
            continue;
        if (filters[i].type != type)
            body_error(b, "the filter '%s' does not fit the type of this field", filters[i].word);
        words_next(w);
        return i;
    }
    body_error(b, "there is no filter '%.*s'; date time datetime iso num country language lines",
               STR(w->s));
    return -1;
}

static void expect_end(struct body *b, struct words *w)
{
    if (w->kind != TOKEN_END)
        body_error(b, "'%.*s' is not understood here; see docs/recipes.md, Templates", STR(w->s));
}

static bool place_for_value(struct body *b, enum place_kind *ret_kind)
{
    *ret_kind = place_kind(&b->place);
    if (*ret_kind == PLACE_REFUSED)
        body_error(b, "no value may stand here; put it into text or into a quoted attribute (not "
                      "srcset, srcdoc, "
                      "ping, a script or a comment)");
    return *ret_kind != PLACE_REFUSED;
}

/* ---- {{ }} ---- */

static void write_filtered(struct body *b, const struct value *v, int filter, enum place_kind kind)
{
    if (!filters[filter].show) {
        if (kind != PLACE_TEXT)
            body_error(b, "'lines' makes <br> and may stand in text only");
        sb_printf(b->out, "    html_lines(out, %s, %s);\n", v->c, v->label);
        return;
    }
    if (kind == PLACE_URL || kind == PLACE_URL_INSIDE)
        body_error(b, "a filter cannot stand in an address; give the handler a str field for it");
    if (v->type == TYPE_STR)
        sb_printf(b->out, "    html_show_code(out, t, %s, %s);\n", filters[filter].show, v->c);
    else
        sb_printf(b->out, "    html_show(out, t, %s, %s);\n", filters[filter].show, v->c);
}

static const char *str_function(enum place_kind kind)
{
    return kind == PLACE_URL ? "html_url" : kind == PLACE_URL_INSIDE ? "html_segment" : "html_str";
}

static void write_plain(struct body *b, const struct value *v, enum place_kind kind)
{
    bool is_url = kind == PLACE_URL || kind == PLACE_URL_INSIDE;

    if (v->type == TYPE_STR) {
        sb_printf(b->out, "    %s(out, %s, %s);\n", str_function(kind), v->c, v->label);
    } else if (v->type == TYPE_I64) {
        sb_printf(b->out, "    html_i64(out, %s);\n", v->c);
    } else if (v->type == TYPE_TEXT && !is_url) {
        sb_printf(b->out, "    html_text_field(out, t, %s, %s, %s);\n", v->c,
                  kind == PLACE_TEXT ? "false" : "true", v->label);
    } else if (v->type == TYPE_HTML && kind == PLACE_TEXT) {
        sb_printf(b->out, "    html_raw(out, %s, %s);\n", v->c, v->label);
    } else if (v->type == TYPE_USEC) {
        body_error(b, "a time needs a filter; write |date, |time, |datetime or |iso");
    } else {
        body_error(b, "this field cannot be written here; bool: {%% if %%}, rec: name a member, "
                      "list: {%% for %%}, "
                      "part: {%% include %%}, html: in text only, text: not in an address");
    }
}

void value_write(struct body *b, struct words *w)
{
    struct value v;
    enum place_kind kind;
    int filter;

    if (w->kind != TOKEN_NAME) {
        body_error(b, "a field is expected in {{ }}");
        return;
    }
    if (!value_by_path(b, w->s, &v))
        return;
    if (v.type == TYPE_I64 && place_takes_number(&b->place))
        kind = PLACE_ATTR;
    else if (!place_for_value(b, &kind))
        return;
    words_next(w);
    filter = filter_of(b, w, v.type);
    expect_end(b, w);
    if (filter >= 0)
        write_filtered(b, &v, filter, kind);
    else
        write_plain(b, &v, kind);
    place_value(&b->place);
}

/* ---- {%t %} ---- */

struct args {
    struct sb before, list, after; /* C in front of the array, inside it, and behind the call */
    str names[PO_ARGS];
    size_t n;
};

static const struct po_entry *text_entry(struct body *b, str key)
{
    const struct po_entry *e = po_by_key(b->site->texts, key);

    if (!e)
        body_error(b, "there is no text '%.*s'; add it to src/web/text/en.po, ru.po and tk.po",
                   STR(key));
    return e;
}

static void arg_value(struct body *b, struct args *a, const struct value *v, int filter)
{
    const char *show = filter >= 0 ? filters[filter].show : NULL;

    if (show && v->type != TYPE_I64) {
        sb_printf(&a->before, "    struct sb f%zu = sb_init(NULL, 0);\n    %s(&f%zu, t, %s, %s);\n",
                  a->n, v->type == TYPE_STR ? "texts_show_code" : "texts_show", a->n, show, v->c);
        sb_printf(&a->list, ".s = sb_str(&f%zu)", a->n);
        sb_printf(&a->after, "    out->err |= f%zu.err;\n    sb_done(&f%zu);\n", a->n, a->n);
    } else if (v->type == TYPE_I64) {
        sb_printf(&a->list, ".n = %s, .is_num = true", v->c);
    } else if (v->type == TYPE_STR && filter < 0) {
        sb_printf(&a->list, ".s = html_need(out, %s, %s)", v->c, v->label);
    } else if (v->type == TYPE_TEXT) {
        sb_printf(&a->list, ".s = texts_get(t, %s)", v->c);
    } else if (v->type == TYPE_HTML && place_kind(&b->place) == PLACE_TEXT) {
        sb_printf(&a->list, ".s = html_need(out, %s.raw, %s), .is_html = true", v->c, v->label);
    } else {
        body_error(b, "this field cannot be an argument of a text here; str, text, i64, usec with "
                      "a filter, or html "
                      "in text");
    }
}

static void one_arg(struct body *b, struct words *w, struct args *a)
{
    str name = w->s;
    struct value v;

    if (w->kind != TOKEN_NAME || a->n == PO_ARGS) {
        body_error(b, "arguments are name=field, at most %d of them", PO_ARGS);
        return;
    }
    words_next(w);
    if (!words_take(w, "=") || w->kind != TOKEN_NAME) {
        body_error(b, "arguments are name=field");
        return;
    }
    if (!value_by_path(b, w->s, &v))
        return;
    words_next(w);
    sb_printf(&a->list, "{.name = \"%.*s\", ", STR(name));
    arg_value(b, a, &v, filter_of(b, w, v.type));
    sb_c(&a->list, "}, ");
    a->names[a->n++] = name;
}

static bool has_arg(const struct args *a, str name)
{
    for (size_t i = 0; i < a->n; i++)
        if (str_eq(a->names[i], name))
            return true;
    return false;
}

static void check_args(struct body *b, const struct po_entry *e, const struct args *a)
{
    for (size_t i = 0; i < e->nargs; i++)
        if (!has_arg(a, e->args[i]))
            body_error(b, "the text '%.*s' needs the argument %.*s; write %.*s(%.*s=field)",
                       STR(e->key), STR(e->args[i]), STR(e->key), STR(e->args[i]));
    if (a->n > e->nargs)
        body_error(b, "the text '%.*s' has %zu arguments, %zu are given; see src/web/text/en.po",
                   STR(e->key), e->nargs, a->n);
}

static void read_args(struct body *b, struct words *w, struct args *a)
{
    if (!words_take(w, "("))
        return;
    while (!b->failed && !words_are(w, ")")) {
        one_arg(b, w, a);
        if (!words_take(w, ",") && !words_are(w, ")"))
            body_error(b, "',' or ')' is expected behind an argument");
    }
    words_take(w, ")");
}

static void write_text(struct body *b, const struct po_entry *e, const struct args *a)
{
    const char *is_plain = place_kind(&b->place) == PLACE_TEXT ? "false" : "true";

    if (!a->n) {
        sb_printf(b->out, "    html_text(out, t, TEXT_%s, NULL, 0, %s);\n", tool_upper(e->key),
                  is_plain);
        return;
    }
    sb_printf(b->out, "    {\n%.*s    const struct text_arg args[] = {%.*s};\n",
              STR(sb_str(&a->before)), STR(sb_str(&a->list)));
    sb_printf(b->out, "    html_text(out, t, TEXT_%s, args, %zu, %s);\n%.*s    }\n",
              tool_upper(e->key), a->n, is_plain, STR(sb_str(&a->after)));
}

static void text_of_key(struct body *b, const struct po_entry *e, struct words *w)
{
    struct args a = {
        .before = sb_init(NULL, 0), .list = sb_init(NULL, 0), .after = sb_init(NULL, 0)};

    words_next(w);
    read_args(b, w, &a);
    expect_end(b, w);
    check_args(b, e, &a);
    write_text(b, e, &a);
    sb_done(&a.before);
    sb_done(&a.list);
    sb_done(&a.after);
}

void value_text(struct body *b, struct words *w)
{
    const struct po_entry *e = po_by_key(b->site->texts, w->s);
    enum place_kind kind = place_kind(&b->place);
    struct value v;

    if (kind == PLACE_REFUSED || kind == PLACE_URL || kind == PLACE_URL_INSIDE)
        body_error(b, "no text may stand here; it may in text and in quoted attributes that are "
                      "no address");
    if (e) {
        text_of_key(b, e, w);
    } else if (value_find(b, w->s, &v) && v.type == TYPE_TEXT) {
        words_next(w);
        expect_end(b, w);
        write_plain(b, &v, kind); /* {%t state %} of a field is {{state}} */
    } else {
        text_entry(b, w->s);
    }
    place_value(&b->place);
}

/* ---- conditions ---- */

static const char *truth(struct body *b, const struct value *v)
{
    switch (v->type) {
    case TYPE_BOOL:
        return v->c;
    case TYPE_STR:
        return tool_text("%s.n != 0", v->c);
    case TYPE_HTML:
        return tool_text("%s.raw.n != 0", v->c);
    case TYPE_TEXT:
        return tool_text("%s != TEXT_NONE", v->c);
    case TYPE_I64:
    case TYPE_USEC:
        return tool_text("%s != 0", v->c);
    case TYPE_LIST:
        return tool_text("%s != 0", v->count);
    default:
        body_error(b, "a rec or a part is always there; ask for one of its members");
        return NULL;
    }
}

static const char *compared(struct body *b, struct words *w, const struct value *v, str op)
{
    bool is_equality = str_eq(op, S("==")) || str_eq(op, S("!="));
    struct value other;

    if (w->kind == TOKEN_STRING && v->type == TYPE_STR && is_equality) {
        struct sb lit = sb_init(NULL, 0);

        tool_literal(&lit, w->s);
        words_next(w);
        return tool_text("%sstr_eq(%s, S(%.*s))", op.p[0] == '!' ? "!" : "", v->c,
                         STR(sb_str(&lit)));
    }
    if (w->kind == TOKEN_NUMBER && (v->type == TYPE_I64 || v->type == TYPE_USEC)) {
        str number = w->s;

        words_next(w);
        return tool_text("%s %.*s %.*s", v->c, STR(op), STR(number));
    }
    if (w->kind != TOKEN_NAME || !value_by_path(b, w->s, &other) || other.type != v->type) {
        body_error(b,
                   "the two sides of '%.*s' do not fit: str with \"word\", number with number, or "
                   "two fields of "
                   "one type",
                   STR(op));
        return NULL;
    }
    words_next(w);
    if (v->type == TYPE_STR && is_equality)
        return tool_text("%sstr_eq(%s, %s)", op.p[0] == '!' ? "!" : "", v->c, other.c);
    if (v->type == TYPE_STR || v->type > TYPE_USEC || v->type == TYPE_HTML)
        body_error(b, "fields of this type cannot be compared by '%.*s'", STR(op));
    return tool_text("%s %.*s %s", v->c, STR(op), other.c);
}

static const char *term(struct body *b, struct words *w)
{
    static const char *const ops[] = {"==", "!=", "<", ">", "<=", ">="};
    bool is_not = words_take(w, "not");
    const char *c = NULL;
    struct value v;

    if (w->kind != TOKEN_NAME) {
        body_error(b, "a field is expected in the condition");
        return NULL;
    }
    if (!value_by_path(b, w->s, &v))
        return NULL;
    words_next(w);
    for (size_t i = 0; i < NELEM(ops) && !c && !b->failed; i++)
        if (words_take(w, ops[i]))
            c = compared(b, w, &v, str_c(ops[i]));
    if (!c)
        c = truth(b, &v);
    return is_not ? tool_text("!(%s)", c ? c : "") : c;
}

const char *value_condition(struct body *b, struct words *w)
{
    const char *c = term(b, w), *joint = NULL;

    while (c && (words_are(w, "and") || words_are(w, "or"))) {
        const char *this = words_are(w, "and") ? "&&" : "||", *next;

        if (joint && joint != this)
            body_error(b, "'and' and 'or' in one condition; put one {%% if %%} inside another");
        joint = this;
        words_next(w);
        next = term(b, w);
        c = next ? tool_text("%s %s %s", c, this, next) : NULL;
    }
    expect_end(b, w);
    return b->failed ? NULL : c;
}

/* ---- {% include %} ---- */

static bool fits(const struct field *want, const struct value *v)
{
    if (want->type != v->type)
        return false;
    if (v->type <= TYPE_USEC)
        return true;
    return want->part && v->field && want->part == v->field->part;
}

static void given_field(struct body *b, struct words *w, const struct field *f, struct sb *to)
{
    struct value v;

    if (!value_by_path(b, w->s, &v))
        return;
    if (!fits(f, &v))
        body_error(b, "'%.*s' has another type than the field %.*s of the part", STR(w->s),
                   STR(f->name));
    words_next(w);
    sb_printf(to, ".%.*s = %s, ", STR(f->name), v.c);
    if (v.type == TYPE_LIST)
        sb_printf(to, ".n%.*s = %s, ", STR(f->name), v.count);
}

static void given_text(struct body *b, struct words *w, const struct field *f, struct sb *to)
{
    const struct po_entry *e;

    words_next(w);
    words_take(w, ":");
    e = text_entry(b, w->s);
    if (e && e->nargs)
        body_error(b, "the text '%.*s' has arguments and cannot be given to a part", STR(e->key));
    words_next(w);
    if (f->type != TYPE_TEXT && f->type != TYPE_STR)
        body_error(b, "the field %.*s of the part is neither text nor str", STR(f->name));
    else if (e)
        sb_printf(to,
                  f->type == TYPE_TEXT ? ".%.*s = TEXT_%s, " : ".%.*s = texts_get(t, TEXT_%s), ",
                  STR(f->name), tool_upper(e->key));
}

/* A field, a "word", a number, true or false, or t:key. */
static void given(struct body *b, struct words *w, const struct field *f, struct sb *to)
{
    bool is_bool = words_are(w, "true") || words_are(w, "false");

    if (w->kind == TOKEN_STRING && f->type == TYPE_STR) {
        sb_printf(to, ".%.*s = S(", STR(f->name));
        tool_literal(to, w->s);
        sb_c(to, "), ");
        words_next(w);
    } else if ((w->kind == TOKEN_NUMBER && f->type == TYPE_I64) ||
               (is_bool && f->type == TYPE_BOOL)) {
        sb_printf(to, ".%.*s = %.*s, ", STR(f->name), STR(w->s));
        words_next(w);
    } else if (words_are(w, "t") && w->rest.n && w->rest.p[0] == ':') {
        given_text(b, w, f, to);
    } else if (w->kind == TOKEN_NAME) {
        given_field(b, w, f, to);
    } else {
        body_error(b,
                   "the field %.*s of the part cannot be given so; see docs/recipes.md, Templates",
                   STR(f->name));
    }
}

enum { MAX_GIVEN = 64 };

static void check_given(struct body *b, const struct template *part,
                        const struct field *const *have, size_t n)
{
    for (const struct field *f = part->record.first; f; f = f->next) {
        bool is_there = f->is_optional || f->type == TYPE_BOOL || f->type == TYPE_LIST;

        for (size_t i = 0; i < n && !is_there; i++)
            is_there = have[i] == f;
        if (!is_there)
            body_error(b, "the part %.*s needs %.*s; add %.*s=…", STR(part->name), STR(f->name),
                       STR(f->name));
    }
}

static void include_given(struct body *b, struct words *w, const struct template *part)
{
    const struct field *have[MAX_GIVEN];
    struct sb list = sb_init(NULL, 0);
    size_t n = 0;

    while (!b->failed && !words_are(w, ")")) {
        struct field *f = w->kind == TOKEN_NAME ? record_field(&part->record, w->s) : NULL;

        if (!f || n == MAX_GIVEN) {
            body_error(b, "the part %.*s has no field '%.*s'", STR(part->name), STR(w->s));
            break;
        }
        words_next(w);
        if (!words_take(w, "="))
            body_error(b, "fields of a part are given as name=value");
        given(b, w, f, &list);
        have[n++] = f;
        if (!words_take(w, ",") && !words_are(w, ")"))
            body_error(b, "',' or ')' is expected behind a value");
    }
    words_take(w, ")");
    check_given(b, part, have, n);
    sb_printf(b->out, "    tpl_%.*s(out, t, &(struct tpl_%.*s){%.*s});\n", STR(part->name),
              STR(part->name), STR(sb_str(&list)));
    sb_done(&list);
}

void value_include(struct body *b, struct words *w)
{
    str name = w->s;
    const struct template *part = template_by_name(b->site, name);
    struct value v;

    if (place_kind(&b->place) != PLACE_TEXT || w->kind != TOKEN_NAME) {
        body_error(
            b,
            "{%% include name %%} may stand in text only, not in a tag, title, option or textarea");
        return;
    }
    words_next(w);
    if (words_take(w, "(")) {
        if (!part)
            body_error(b, "there is no template %.*s.html", STR(name));
        else
            include_given(b, w, part);
    } else if (value_find(b, name, &v) && v.type == TYPE_PART) {
        sb_printf(b->out, "    tpl_%.*s(out, t, &%s);\n", STR(v.field->part->name), v.c);
    } else if (part && !part->record.first) {
        sb_printf(b->out, "    tpl_%.*s(out, t, &(struct tpl_%.*s){0});\n", STR(part->name),
                  STR(part->name));
    } else {
        body_error(b,
                   "'%.*s' is neither a part field nor a template without fields; declare 'part "
                   "%.*s;' or give its "
                   "fields: {%% include %.*s(field=value) %%}",
                   STR(name), STR(name), STR(name));
    }
    expect_end(b, w);
}
