#include "tools/template.h"

#include "base/arena.h"
#include "base/str.h"
#include "tools/tool.h"

#include <string.h>

static bool is_word_char(char c)
{
    return c == '_' || c == '.' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9');
}

struct words words_init(str text)
{
    struct words w = {.rest = text};

    words_next(&w);
    return w;
}

static void take(struct words *w, enum token kind, size_t n)
{
    w->kind = kind;
    w->s = str_take(w->rest, n);
    w->rest = str_from(w->rest, n);
}

static void take_string(struct words *w)
{
    ptrdiff_t end = str_chr(str_from(w->rest, 1), '"');

    if (end < 0) {
        take(w, TOKEN_BAD, w->rest.n);
        return;
    }
    take(w, TOKEN_STRING, (size_t)end + 2);
    w->s = str_take(str_from(w->s, 1), (size_t)end);
}

void words_next(struct words *w)
{
    str s = w->rest = str_trim(w->rest);
    size_t n = 0;

    if (!s.n) {
        take(w, TOKEN_END, 0);
        return;
    }
    if (s.p[0] == '"') {
        take_string(w);
        return;
    }
    while (n < s.n && is_word_char(s.p[n]))
        n++;
    if (n && s.p[0] >= '0' && s.p[0] <= '9')
        take(w, TOKEN_NUMBER, n);
    else if (n)
        take(w, TOKEN_NAME, n);
    else
        take(w, TOKEN_PUNCT, s.n > 1 && s.p[1] == '=' && strchr("=!<>", s.p[0]) ? 2 : 1);
}

bool words_are(const struct words *w, const char *s)
{
    return (w->kind == TOKEN_NAME || w->kind == TOKEN_PUNCT) && str_eq(w->s, str_c(s));
}

bool words_take(struct words *w, const char *s)
{
    if (!words_are(w, s))
        return false;
    words_next(w);
    return true;
}

struct field *record_field(const struct record *r, str name)
{
    for (struct field *f = r->first; f; f = f->next)
        if (str_eq(f->name, name))
            return f;
    return NULL;
}

struct template *template_by_name(const struct site *s, str name)
{
    for (size_t i = 0; i < s->n; i++)
        if (str_eq(s->templates[i].name, name))
            return &s->templates[i];
    return NULL;
}

struct decl {
    struct template *t;
    struct words w;
    bool failed;
};

static int here(const struct decl *d)
{
    return tool_line(d->t->text, (size_t)(d->w.s.p - d->t->text.p));
}

static void fail(struct decl *d, const char *what)
{
    if (!d->failed)
        tool_error(d->t->path, here(d), "%s, at '%.*s'", what, STR(d->w.s));
    d->failed = true;
}

/* Words of C, and those that templates have for themselves. */
static bool is_reserved(str s)
{
    static const char *const names[] = {
        "t",        "loop",     "asm",     "auto",     "bool",   "break",    "case",   "char",
        "const",    "continue", "default", "do",       "double", "else",     "enum",   "extern",
        "float",    "for",      "goto",    "if",       "inline", "int",      "long",   "register",
        "restrict", "return",   "short",   "signed",   "sizeof", "static",   "struct", "switch",
        "typedef",  "typeof",   "union",   "unsigned", "void",   "volatile", "while"};

    for (size_t i = 0; i < NELEM(names); i++)
        if (str_eq(s, str_c(names[i])))
            return true;
    return false;
}

static bool is_plain_name(str s)
{
    if (!s.n || s.p[0] < 'a' || s.p[0] > 'z')
        return false;
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] == '.' || (s.p[i] >= 'A' && s.p[i] <= 'Z'))
            return false;
    return true;
}

static str name_word(struct decl *d)
{
    str name = d->w.s;

    if (d->w.kind != TOKEN_NAME || !is_plain_name(name) || is_reserved(name))
        fail(d, "a name of [a-z0-9_] is expected that is no word of C, nor t, loop, v, in, out or "
                "self");
    words_next(&d->w);
    return name;
}

static const struct {
    const char *word;
    enum type type;
    bool can_be_unset;
} types[] = {
    {"str", TYPE_STR, true},        {"text", TYPE_TEXT, true},  {"html", TYPE_HTML, true},
    {"bool", TYPE_BOOL, false},     {"i64", TYPE_I64, false},   {"usec", TYPE_USEC, false},
    {"rec", TYPE_REC, false},       {"list", TYPE_LIST, false}, {"part", TYPE_PART, false},
    {"layout", TYPE_LAYOUT, false},
};

static bool type_word(struct decl *d, struct field *f)
{
    for (size_t i = 0; i < NELEM(types); i++) {
        if (!words_are(&d->w, types[i].word))
            continue;
        f->type = types[i].type;
        words_next(&d->w);
        if (!types[i].can_be_unset)
            return true;
        f->is_optional = words_take(&d->w, "?");
        return true;
    }
    fail(d,
         "a type is expected: str str? text text? html html? bool i64 usec rec list part layout");
    return false;
}

static void fields(struct decl *d, struct record *r, bool is_inner);

static void inner_record(struct decl *d, struct record *outer, struct field *f)
{
    f->record = arena_make(tool_arena(), struct record);
    f->record->c_name = tool_text("%s_%.*s", outer->c_name, STR(f->name));
    words_next(&d->w); /* { */
    fields(d, f->record, true);
    if (!words_take(&d->w, "}"))
        fail(d, "the list of members must end in '}'");
    words_take(&d->w, ";");
}

static void one_field(struct decl *d, struct record *r, bool is_inner)
{
    struct field *f = arena_make(tool_arena(), struct field);

    f->line = here(d);
    if (!type_word(d, f))
        return;
    f->name = name_word(d);
    if (f->type == TYPE_PART || f->type == TYPE_LAYOUT)
        f->part_name = f->name;
    if ((f->type == TYPE_PART || f->type == TYPE_LIST) && d->w.kind == TOKEN_NAME) {
        str second = name_word(d);

        /* "part notice draft": type, then name; "list people person_tile": name, then type */
        if (f->type == TYPE_PART)
            f->name = second;
        else
            f->part_name = second;
    }
    if (record_field(r, f->name))
        fail(d, "this field is declared twice");
    if (f->type == TYPE_LAYOUT && (is_inner || d->t->layout))
        fail(d, "a page has one layout, declared beside its fields");
    if (f->type == TYPE_LAYOUT)
        d->t->layout = f;
    if (!r->first)
        r->first = f;
    else
        r->last->next = f;
    r->last = f;
    if (words_are(&d->w, "{") && !f->part_name.p && (f->type == TYPE_REC || f->type == TYPE_LIST))
        inner_record(d, r, f);
    else if ((f->type == TYPE_REC || f->type == TYPE_LIST) && !f->part_name.p)
        fail(d, "members are expected: { str title; i64 minutes; }");
    else if (!words_take(&d->w, ";"))
        fail(d, "';' is expected behind the field");
}

static void fields(struct decl *d, struct record *r, bool is_inner)
{
    while (!d->failed && d->w.kind != TOKEN_END && !words_are(&d->w, "}"))
        one_field(d, r, is_inner);
}

/*
 * Two spaces or more behind ';', '{' or '}' begin a remark that ends with the line. It is blanked
 * in place (the text is the tool's own memory), so that lines keep their numbers.
 */
static void blank_remarks(str decl)
{
    char *p = (char *)(uintptr_t)decl.p;

    for (size_t i = 0; i + 2 < decl.n; i++) {
        if (!strchr(";{}", p[i]) || p[i + 1] != ' ' || p[i + 2] != ' ')
            continue;
        while (++i < decl.n && p[i] != '\n')
            p[i] = ' ';
    }
}

bool decl_parse(struct template *t)
{
    str text = str_trim(t->text);
    ptrdiff_t end = str_find(text, S("#}"));
    struct decl d = {.t = t};

    if (!str_starts(text, S("{#")) || end < 0) {
        tool_error(
            t->path, 1,
            "a template begins with its fields: {# str title; #}; write {# #} when it has none");
        return false;
    }
    t->record.c_name = tool_text("tpl_%.*s", STR(t->name));
    t->body_at = (size_t)(text.p - t->text.p) + (size_t)end + 2;
    blank_remarks(str_take(text, (size_t)end));
    d.w = words_init(str_from(str_take(text, (size_t)end), 2));
    fields(&d, &t->record, false);
    if (!d.failed && d.w.kind != TOKEN_END)
        fail(&d, "this closes nothing");
    return !d.failed;
}

static bool resolve_record(struct site *s, struct template *t, struct record *r)
{
    bool ok = true;

    for (struct field *f = r->first; f; f = f->next) {
        if (!f->part_name.p) {
            ok &= !f->record || resolve_record(s, t, f->record);
            continue;
        }
        f->part = template_by_name(s, f->part_name);
        if (f->part) {
            f->record = &f->part->record;
            continue;
        }
        tool_error(t->path, f->line,
                   "there is no template %.*s.html; create it or correct the name",
                   STR(f->part_name));
        ok = false;
    }
    return ok;
}

bool decl_resolve(struct site *s, struct template *t)
{
    return resolve_record(s, t, &t->record);
}
