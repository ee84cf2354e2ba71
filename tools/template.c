/*
 * The compiler of templates: src/web/template/<name>.html → struct tpl_<name> and tpl_<name>() in
 * gen/template.h and gen/template.c. docs/recipes.md, "Templates", says what may be written; every
 * error says where and how to mend it.
 *
 *     template OUT_DIR TEMPLATE_DIR EN_PO ASSET_DIR DEPFILE
 */
#include "tools/template.h"

#include "base/arena.h"
#include "base/str.h"
#include "tools/po.h"
#include "tools/tool.h"

#include <stdio.h>
#include <stdlib.h>

static const char gen_note[] = "/* Made by tools/template from src/web/template/. */\n";

static bool is_template_name(str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] != '_' && !(s.p[i] >= 'a' && s.p[i] <= 'z') && !(s.p[i] >= '0' && s.p[i] <= '9'))
            return false;
    return s.n && s.p[0] >= 'a';
}

static bool read_templates(const char *dir, struct site *s)
{
    struct tool_names names = tool_walk(dir);

    s->templates = calloc(names.n + 1, sizeof(s->templates[0]));
    if (!s->templates)
        exit(2);
    for (size_t i = 0; i < names.n; i++) {
        struct template *t = &s->templates[s->n];
        str name = str_c(names.p[i]);

        if (!str_ends(name, S(".html")))
            continue;
        *t = (struct template){.name = str_take(name, name.n - 5),
                               .path = tool_text("%s/%s", dir, names.p[i])};
        if (!is_template_name(t->name))
            tool_error(t->path, 0, "a template's name is [a-z0-9_] and .html, without folders");
        t->text = tool_read(t->path);
        if (t->text.p && !str_is_utf8(t->text))
            tool_error(t->path, 0, "is not UTF-8; save it as UTF-8");
        s->n++;
    }
    return tool_errors() == 0;
}

/* ---- structs ---- */

static void write_struct(struct sb *to, struct template *t);

static void write_records(struct sb *to, const struct record *r);

static void write_members(struct sb *to, const struct record *r)
{
    static const char *const plain[] = {"str",  "enum text_id", "struct html",
                                        "bool", "int64_t",      "usec"};

    sb_printf(to, "struct %s {\n", r->c_name);
    for (const struct field *f = r->first; f; f = f->next) {
        if (f->type <= TYPE_USEC)
            sb_printf(to, "    %s %.*s;\n", plain[f->type], STR(f->name));
        else if (f->type == TYPE_LIST)
            sb_printf(to, "    const struct %s *%.*s;\n    size_t n%.*s;\n", f->record->c_name,
                      STR(f->name), STR(f->name));
        else
            sb_printf(to, "    struct %s %.*s;\n", f->record->c_name, STR(f->name));
    }
    if (!r->first)
        sb_c(to, "    char none; /* no fields; C wants a member */\n");
    sb_c(to, "};\n\n");
}

/* What a record holds by value comes before it. */
static void write_records(struct sb *to, const struct record *r)
{
    for (const struct field *f = r->first; f; f = f->next) {
        if (f->type == TYPE_PART || f->type == TYPE_LAYOUT)
            write_struct(to, f->part);
        else if (f->record && !f->part)
            write_records(to, f->record);
    }
    write_members(to, r);
}

static void write_struct(struct sb *to, struct template *t)
{
    if (t->state == BEING_WRITTEN)
        tool_error(t->path, 1,
                   "this template holds itself, by way of its parts; use a list of parts");
    if (t->state != NOT_WRITTEN)
        return;
    t->state = BEING_WRITTEN;
    write_records(to, &t->record);
    t->state = WRITTEN;
}

static void write_header(struct site *s, struct sb *to)
{
    sb_printf(to,
              "%s#ifndef GEN_TEMPLATE_H\n#define GEN_TEMPLATE_H\n\n#include \"base/types.h\"\n"
              "#include \"web/html.h\"\n#include \"web/texts.h\"\n\nstruct sb;\n\n",
              gen_note);
    for (size_t i = 0; i < s->n; i++)
        sb_printf(to, "struct tpl_%.*s;\n", STR(s->templates[i].name));
    sb_c(to, "\n");
    for (size_t i = 0; i < s->n; i++)
        write_struct(to, &s->templates[i]);
    for (size_t i = 0; i < s->n; i++)
        sb_printf(
            to, "void tpl_%.*s(struct sb *out, const struct texts *t, const struct tpl_%.*s *v);\n",
            STR(s->templates[i].name), STR(s->templates[i].name));
    sb_c(to, "\n#endif\n");
}

static void write_code(struct site *s, struct sb *to)
{
    sb_printf(to,
              "%s#include \"gen/template.h\"\n\n#include \"base/sb.h\"\n#include \"base/str.h\"\n"
              "#include \"web/asset.h\"\n\n"
              "/* A page inside its layout: run writes what stands at {%% body %%}. */\n"
              "struct inner {\n    void (*run)(struct sb *out, const struct texts *t, const struct "
              "inner *self);\n"
              "    const void *v;\n    const struct inner *in;\n};\n\n",
              gen_note);
    for (size_t i = 0; i < s->n; i++) {
        str name = s->templates[i].name;

        sb_printf(
            to,
            "static void in_%.*s(struct sb *out, const struct texts *t, const struct tpl_%.*s *v,\n"
            "                    const struct inner *in);\n",
            STR(name), STR(name));
    }
    sb_c(to, "\n");
    for (size_t i = 0; i < s->n; i++)
        body_write(s, &s->templates[i], to);
}

/* Whatever was read, and the folder itself, so that a new template is noticed. */
static void write_depfile(const char *path, const char *out, const char *dir, const struct site *s)
{
    struct sb to = sb_init(NULL, SIZE_MAX);

    sb_printf(&to, "%s/template.h %s/template.c: %s", out, out, dir);
    for (size_t i = 0; i < s->n; i++)
        sb_printf(&to, " %s", s->templates[i].path);
    sb_c(&to, "\n");
    tool_write(path, &to);
    sb_done(&to);
}

static bool check_layouts(struct site *s)
{
    for (size_t i = 0; i < s->n; i++) {
        struct template *t = &s->templates[i];

        if (t->layout && str_find(t->layout->part->text, S("{% body %}")) < 0)
            tool_error(t->path, t->layout->line,
                       "%.*s.html has no {%% body %%}, so it is no layout",
                       STR(t->layout->part_name));
    }
    return tool_errors() == 0;
}

static int compile(const char *out, const char *dir, struct site *s, const char *depfile)
{
    struct sb header = sb_init(NULL, SIZE_MAX), code = sb_init(NULL, SIZE_MAX);

    for (size_t i = 0; i < s->n; i++)
        decl_parse(&s->templates[i]);
    for (size_t i = 0; i < s->n && !tool_errors(); i++)
        decl_resolve(s, &s->templates[i]);
    if (!tool_errors() && check_layouts(s)) {
        write_header(s, &header);
        write_code(s, &code);
    }
    if (!tool_errors()) {
        tool_write(tool_text("%s/template.h", out), &header);
        tool_write(tool_text("%s/template.c", out), &code);
        write_depfile(depfile, out, dir, s);
    }
    sb_done(&header);
    sb_done(&code);
    return tool_errors() != 0;
}

int main(int argc, char **argv)
{
    static struct site s; /* for the whole run */
    static struct po en;

    if (argc != 6) {
        fprintf(stderr, "usage: template OUT_DIR TEMPLATE_DIR EN_PO ASSET_DIR DEPFILE\n");
        return 2;
    }
    if (!po_read(argv[3], &en) || !read_templates(argv[2], &s))
        return 1;
    s.texts = &en;
    s.assets = argv[4];
    return compile(argv[1], argv[2], &s, argv[5]);
}
