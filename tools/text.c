/*
 * The compiler of texts: src/web/text/<lang>.po → gen/text.h (enum text_id), gen/text.c (tables of
 * web/texts.h) and text_<lang>.json for scripts. English is the list of keys; en, ru and tk must be
 * complete.
 *
 *     text pseudo OUT.po en.po  makes the pseudo-language (tools/pseudo.h)
 *     text compile OUT_DIR en.po ru.po tk.po …
 *     text unused ROOT          reports keys that no template, no C file and no script uses
 */
#include "base/sb.h"
#include "base/str.h"
#include "tools/po.h"
#include "tools/pseudo.h"
#include "tools/tool.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/upluralrules.h>
#include <unicode/ustring.h>

enum { MAX_LANGS = 32 };

struct langs {
    struct po po[MAX_LANGS];
    size_t n;
};

static const char gen_note[] = "/* Made by tools/text from src/web/text/. */\n";

static bool is_complete_lang(str code)
{
    return str_eq(code, S("en")) || str_eq(code, S("ru")) || str_eq(code, S("tk"));
}

static bool has_category(const struct po *po, const char *category)
{
    for (size_t i = 0; i < po->nplural; i++)
        if (str_eq(po->plural[i], str_c(category)))
            return true;
    return false;
}

/* Every category that a whole number takes in this language must have its form (UTS 35, Language
 * Plural Rules). */
static void check_plural(const struct po *po)
{
    const char *locale = tool_text("%.*s", STR(po->locale));
    UErrorCode status = U_ZERO_ERROR;
    UPluralRules *rules = uplrules_openForType(locale, UPLURAL_TYPE_CARDINAL, &status);

    for (int32_t n = 0; U_SUCCESS(status) && n <= 1000; n++) {
        UChar wide[16];
        char category[16];
        int32_t len = uplrules_select(rules, n, wide, NELEM(wide) - 1, &status);

        if (U_FAILURE(status) || len < 0)
            break;
        wide[len] = 0;
        u_UCharsToChars(wide, category, len + 1);
        if (has_category(po, category))
            continue;
        tool_error(po->path, 1,
                   "X-Plural lacks '%s', which the number %d takes; add it and its forms", category,
                   (int)n);
        break;
    }
    if (U_FAILURE(status))
        tool_error(po->path, 1, "ICU knows no plural rules for '%s'; correct Language or X-Locale",
                   locale);
    uplrules_close(rules);
}

static bool same_args(const struct po_entry *a, const struct po_entry *b)
{
    if (a->nargs != b->nargs)
        return false;
    for (size_t i = 0; i < a->nargs; i++)
        if (!str_eq(a->args[i], b->args[i]))
            return false;
    return true;
}

static void check_entry(const struct po *en, const struct po_entry *e)
{
    const struct po_entry *source = po_by_key(en, e->key);

    if (!source)
        tool_error(e->path, e->line, "'%.*s' is not in en.po; add it there or delete it here",
                   STR(e->key));
    else if (source->is_plural != e->is_plural)
        tool_error(e->path, e->line,
                   "'%.*s' has plural forms in one language only; make both alike", STR(e->key));
    else if (!same_args(source, e))
        tool_error(e->path, e->line,
                   "'%.*s' has other {arguments} than en.po:%d; use the same names", STR(e->key),
                   source->line);
}

static void check_lang(const struct po *en, const struct po *po)
{
    check_plural(po);
    for (size_t i = 0; i < po->n; i++)
        check_entry(en, &po->entries[i]);
    for (size_t i = 0; i < en->n && is_complete_lang(po->code); i++)
        if (!po_by_key(po, en->entries[i].key))
            tool_error(po->path, 1, "'%.*s' of en.po:%d is missing; add msgid and msgstr",
                       STR(en->entries[i].key), en->entries[i].line);
}

static void write_header(struct sb *to, const struct po *en)
{
    sb_printf(to, "%s#ifndef GEN_TEXT_H\n#define GEN_TEXT_H\n\nenum text_id {\n    TEXT_NONE,\n",
              gen_note);
    for (size_t i = 0; i < en->n; i++)
        sb_printf(to, "    TEXT_%s,\n", tool_upper(en->entries[i].key));
    sb_c(to, "    TEXT_COUNT\n};\n\n#endif\n");
}

static const char *c_name(str code)
{
    char *p = (char *)(uintptr_t)tool_text("%.*s", STR(code));

    for (char *c = p; *c; c++)
        if (*c == '-')
            *c = '_';
    return p;
}

static void write_forms(struct sb *to, const char *name, const struct po *en, const struct po *po)
{
    for (size_t i = 0; i < en->n; i++) {
        const struct po_entry *e = po_by_key(po, en->entries[i].key);

        if (!e || !e->is_plural)
            continue;
        sb_printf(to, "static const str %s_%zu[] = {", name, i);
        for (size_t f = 0; f < e->nforms; f++) {
            sb_c(to, f ? ", " : "");
            tool_str(to, e->forms[f]);
        }
        sb_c(to, "};\n");
    }
}

static void write_rows(struct sb *to, const struct po *en, const struct po *po)
{
    const char *name = c_name(po->code);

    write_forms(to, name, en, po);
    sb_printf(to, "static const char *const %s_plural[] = {", name);
    for (size_t i = 0; i < po->nplural; i++)
        sb_printf(to, "\"%.*s\", ", STR(po->plural[i]));
    sb_printf(to, "NULL};\nstatic const struct text_row %s_rows[TEXT_COUNT] = {\n", name);
    for (size_t i = 0; i < en->n; i++) {
        const struct po_entry *e = po_by_key(po, en->entries[i].key);

        if (!e)
            continue;
        sb_printf(to, "    [TEXT_%s] = {", tool_upper(e->key));
        tool_str(to, e->forms[e->nforms - 1]);
        if (e->is_plural)
            sb_printf(to, ", %s_%zu},\n", name, i);
        else
            sb_c(to, ", NULL},\n");
    }
    sb_c(to, "};\n\n");
}

static bool is_draft(const struct po *po)
{
    for (size_t i = 0; i < po->n; i++)
        if (po->entries[i].is_fuzzy)
            return true;
    return !po->is_reviewed;
}

static void write_lang(struct sb *to, const struct po *po)
{
    const char *name = c_name(po->code);

    sb_c(to, "    {.code = ");
    tool_str(to, po->code);
    sb_c(to, ", .name = ");
    tool_str(to, po->name);
    sb_c(to, ", .dir = ");
    tool_str(to, po->dir);
    sb_c(to, ",\n     .reviewer = ");
    tool_str(to, is_draft(po) ? S("") : po->reviewer);
    sb_printf(to, ", .is_draft = %s, .is_pseudo = %s, .locale = \"%s\",\n",
              is_draft(po) ? "true" : "false", str_eq(po->code, S("xx")) ? "true" : "false",
              c_name(po->locale));
    sb_printf(to, "     .plural = %s_plural, .rows = %s_rows},\n", name, name);
}

static void write_tables(struct sb *to, const struct langs *l)
{
    const struct po *en = &l->po[0];

    sb_printf(to, "%s#include \"web/texts.h\"\n\n", gen_note);
    for (size_t i = 0; i < l->n; i++)
        write_rows(to, en, &l->po[i]);
    sb_c(to, "const struct text_lang text_langs[] = {\n");
    for (size_t i = 0; i < l->n; i++)
        write_lang(to, &l->po[i]);
    sb_printf(to,
              "};\nconst size_t text_nlangs = %zu;\n\nconst char *const text_keys[TEXT_COUNT] = "
              "{\n    NULL,\n",
              l->n);
    for (size_t i = 0; i < en->n; i++)
        sb_printf(to, "    \"%.*s\",\n", STR(en->entries[i].key));
    sb_c(to, "};\n");
}

static void json_entry(struct sb *to, const struct po *po, const struct po_entry *e)
{
    sb_json(to, e->key);
    sb_char(to, ':');
    if (!e->is_plural) {
        sb_json(to, e->forms[0]);
        return;
    }
    for (size_t i = 0; i < e->nforms; i++) {
        sb_char(to, i ? ',' : '{');
        sb_json(to, po->plural[i]);
        sb_char(to, ':');
        sb_json(to, e->forms[i]);
    }
    sb_char(to, '}');
}

/* What the room's script needs, English standing in for what a language lacks. */
static void write_json(struct sb *to, const struct po *en, const struct po *po)
{
    bool is_first = true;

    sb_c(to, "{\"lang\":");
    sb_json(to, po->code);
    sb_c(to, ",\"dir\":");
    sb_json(to, po->dir);
    sb_printf(to, ",\"draft\":%s,\"texts\":{", is_draft(po) ? "true" : "false");
    for (size_t i = 0; i < en->n; i++) {
        const struct po_entry *e = po_by_key(po, en->entries[i].key);

        if (!str_starts(en->entries[i].key, S("room.")))
            continue;
        sb_c(to, is_first ? "\n" : ",\n");
        json_entry(to, e ? po : en, e ? e : &en->entries[i]);
        is_first = false;
    }
    sb_c(to, "\n}}\n");
}

static int compile(const char *dir, char **paths, size_t n)
{
    static struct langs l;
    struct sb header = sb_init(NULL, SIZE_MAX), tables = header;

    for (l.n = 0; l.n < n && l.n < MAX_LANGS; l.n++) {
        if (!po_read(paths[l.n], &l.po[l.n]))
            continue;
        if (l.n && l.po[0].code.n)
            check_lang(&l.po[0], &l.po[l.n]);
    }
    if (l.n && !tool_errors())
        check_lang(&l.po[0], &l.po[0]);
    if (l.n && !tool_errors() && !str_eq(l.po[0].code, S("en")))
        tool_error(paths[0], 1, "English must be the first file");
    if (tool_errors())
        return 1;
    write_header(&header, &l.po[0]);
    write_tables(&tables, &l);
    tool_write(tool_text("%s/text.h", dir), &header);
    tool_write(tool_text("%s/text.c", dir), &tables);
    for (size_t i = 0; i < l.n; i++) {
        struct sb json = sb_init(NULL, SIZE_MAX);

        write_json(&json, &l.po[0], &l.po[i]);
        tool_write(tool_text("%s/text_%.*s.json", dir, STR(l.po[i].code)), &json);
        sb_done(&json);
    }
    sb_done(&header);
    sb_done(&tables);
    return tool_errors() != 0;
}

static int pseudo(const char *out, const char *path)
{
    struct sb made = sb_init(NULL, SIZE_MAX);
    struct po en;

    if (!po_read(path, &en))
        return 1;
    pseudo_po(&made, &en);
    tool_write(out, &made);
    sb_done(&made);
    return tool_errors() != 0;
}

/* ---- unused ---- */

static bool is_word(char c)
{
    return c == '_' || c == '.' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9');
}

/* `word` stands in the text with no letter, digit, dot or underscore next to it. */
static bool has_word(str text, str word)
{
    for (ptrdiff_t at = 0; (at = str_find(text, word)) >= 0;
         text = str_from(text, (size_t)at + 1)) {
        const char *p = text.p + at;

        if ((at == 0 || !is_word(p[-1])) && !is_word(p[word.n]))
            return true;
    }
    return false;
}

/* All sources that may name a key, in one text. */
static str all_sources(const char *root)
{
    struct sb all = sb_init(NULL, SIZE_MAX);
    struct tool_names names = tool_walk(root);

    for (size_t i = 0; i < names.n; i++) {
        str name = str_c(names.p[i]);
        str text;

        if (!str_ends(name, S(".c")) && !str_ends(name, S(".js")) && !str_ends(name, S(".html")))
            continue;
        text = tool_read(tool_text("%s/%s", root, names.p[i]));
        sb_add(&all, text);
        sb_char(&all, '\n');
    }
    return sb_str(&all);
}

static void check_used_in(const char *root, const struct po_entry *e)
{
    const char *path = tool_text("%s/%.*s", root, STR(e->used_in));
    FILE *f = fopen(path, "rb");
    str text = {NULL, 0};

    if (f) {
        fclose(f);
        text = tool_read(path);
    }
    if (str_find(text, S("text_by_key")) < 0 && str_find(text, S("room.")) < 0)
        tool_error(e->path, e->line,
                   "'%.*s' says that %.*s uses it, which looks up no text by its key; "
                   "correct `#:` or delete the key",
                   STR(e->key), STR(e->used_in));
}

static int unused(const char *root)
{
    const char *path = tool_text("%s/src/web/text/en.po", root);
    str sources;
    struct po en;

    if (!po_read(path, &en))
        return 1;
    sources = all_sources(tool_text("%s/src", root));
    for (size_t i = 0; i < en.n; i++) {
        const struct po_entry *e = &en.entries[i];
        str constant = str_c(tool_text("TEXT_%s", tool_upper(e->key)));

        if (e->used_in.p)
            check_used_in(root, e);
        else if (!has_word(sources, e->key) && !has_word(sources, constant))
            tool_error(e->path, e->line,
                       "'%.*s' is used nowhere; delete it in every language, or name the file that "
                       "looks it up with `#:`",
                       STR(e->key));
    }
    return tool_errors() != 0;
}

int main(int argc, char **argv)
{
    if (argc >= 4 && strcmp(argv[1], "compile") == 0)
        return compile(argv[2], argv + 3, (size_t)argc - 3);
    if (argc == 4 && strcmp(argv[1], "pseudo") == 0)
        return pseudo(argv[2], argv[3]);
    if (argc == 3 && strcmp(argv[1], "unused") == 0)
        return unused(argv[2]);
    fprintf(stderr, "usage: text compile OUT_DIR en.po ru.po tk.po …\n"
                    "       text pseudo OUT.po en.po\n"
                    "       text unused ROOT\n");
    return 2;
}
