/*
 * Inside the template compiler (docs/recipes.md, "Templates"): what its four files share.
 * template_decl.c reads the fields, template_place.c knows where in the HTML we are,
 * template_value.c turns names into C, template_body.c writes the function and template.c the
 * structs. Everything lives as long as the tool.
 */
#ifndef TOOLS_TEMPLATE_H
#define TOOLS_TEMPLATE_H

#include "base/sb.h"
#include "base/types.h"
#include "tools/template_place.h"

struct po;

enum type {
    TYPE_STR,
    TYPE_TEXT,
    TYPE_HTML,
    TYPE_BOOL,
    TYPE_I64,
    TYPE_USEC,
    TYPE_REC,
    TYPE_LIST,
    TYPE_PART,
    TYPE_LAYOUT
};

struct record {
    const char *c_name; /* "tpl_seminar_show_agenda" */
    struct field *first, *last;
};

struct field {
    struct field *next;
    str name;
    enum type type;
    bool is_optional, is_used;
    int line;
    struct record *record; /* members of a rec or a list; those of the part when there is one */
    str part_name;         /* part, layout, list of parts */
    struct template *part;
};

struct template
{
    str name;
    const char *path;
    str text;
    size_t body_at; /* behind the declaration */
    struct record record;
    struct field *layout;                               /* NULL: none */
    enum { NOT_WRITTEN, BEING_WRITTEN, WRITTEN } state; /* of its struct */
};

struct site {
    struct template *templates;
    size_t n;
    const struct po *texts; /* en.po */
    const char *assets;     /* folder */
};

/* ---- words inside {# #}, {{ }} and {% %} ---- */
enum token { TOKEN_END, TOKEN_NAME, TOKEN_STRING, TOKEN_NUMBER, TOKEN_PUNCT, TOKEN_BAD };

struct words {
    str rest;
    enum token kind; /* of the current word */
    str s;           /* its text; of a string what is inside the quotes */
};
struct words words_init(str text);
void words_next(struct words *w);
bool words_are(const struct words *w, const char *s);
/* Steps over it when it is the current word. */
bool words_take(struct words *w, const char *s);

/* ---- template_decl.c: false when an error was said ---- */
bool decl_parse(struct template *t);
bool decl_resolve(struct site *s, struct template *t);
struct template *template_by_name(const struct site *s, str name);
struct field *record_field(const struct record *r, str name);

/* ---- template_value.c ---- */
struct scope {
    const struct scope *up;
    str name; /* of the loop variable */
    int id;
    struct field *list;
    const char *count;
};

struct body {
    const struct site *site;
    struct template *tpl;
    str text;
    size_t at, tag_at; /* tag_at: where the current {{ or {% begins */
    bool failed, has_body;
    struct place place;
    struct sb *out;
    struct sb literal;
    char last; /* last character written, 0: unknown */
    const struct scope *scope;
    int nvars;
};

struct value {
    const char *c;     /* C expression */
    const char *count; /* of a list */
    const char *label; /* "page:title" for what is required, else "NULL" */
    enum type type;
    struct field *field; /* NULL: built in */
};

void body_error(struct body *b, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* False without a message when there is no such name. */
bool value_find(struct body *b, str path, struct value *ret_value);
/* False, and an error said. */
bool value_by_path(struct body *b, str path, struct value *ret_value);
/* {{ path | filter }} */
void value_write(struct body *b, struct words *w);
/* {%t key(name=path, …) %} */
void value_text(struct body *b, struct words *w);
/* {% if … %}: the condition in C; NULL after an error. */
const char *value_condition(struct body *b, struct words *w);
/* {% include name(field=…, …) %} */
void value_include(struct body *b, struct words *w);

/* ---- template_body.c ---- */
/* Writes the functions of one template. */
bool body_write(const struct site *s, struct template *t, struct sb *out);

#endif
