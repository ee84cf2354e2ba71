#include "tools/po.h"

#include "base/arena.h"
#include "base/sb.h"
#include "base/str.h"
#include "tools/tool.h"

#include <stdlib.h>
#include <string.h>

/* The parser's place: which text a following "…" line belongs to. */
struct reader {
    struct po *po;
    struct po_entry e;
    struct sb text;
    enum part { IN_NOTHING, IN_ID, IN_PLURAL, IN_STR } in;
    size_t form;
    bool has_id, is_part;
    int line;
    int errors_before;
};

bool po_is_key(str key)
{
    bool has_dot = false;
    char last = '.';

    for (size_t i = 0; i < key.n; i++) {
        char c = key.p[i];

        if (c == '.' && last == '.')
            return false;
        has_dot |= c == '.';
        if (c != '.' && c != '_' && !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9'))
            return false;
        last = c;
    }
    return has_dot && last != '.';
}

static bool add_arg(struct po_entry *e, str name)
{
    size_t i = 0;

    while (i < e->nargs && str_cmp(e->args[i], name) < 0)
        i++;
    if (i < e->nargs && str_eq(e->args[i], name))
        return true;
    if (e->nargs == PO_ARGS)
        return false;
    memmove(e->args + i + 1, e->args + i, (e->nargs - i) * sizeof(e->args[0]));
    e->args[i] = name;
    e->nargs++;
    return true;
}

static bool is_arg_name(str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] != '_' && !(s.p[i] >= 'a' && s.p[i] <= 'z'))
            return false;
    return s.n > 0;
}

/* Collects {names} of one form; "{{" and "}}" are braces. */
static void find_args(struct reader *r, str form)
{
    for (size_t i = 0; i < form.n; i++) {
        str rest = str_from(form, i + 1);
        struct str_pair cut = str_cut(rest, '}');
        bool is_double = rest.n && rest.p[0] == form.p[i];

        if (form.p[i] != '{' && form.p[i] != '}')
            continue;
        if (is_double) {
            i++;
            continue;
        }
        if (form.p[i] == '}' || !cut.ok || !is_arg_name(cut.head) || !add_arg(&r->e, cut.head)) {
            tool_error(
                r->po->path, r->e.line,
                "a brace that is no argument in '%.*s'; write {name} of [a-z_], at most %d, or "
                "{{ and }} for the signs",
                STR(r->e.key), PO_ARGS);
            return;
        }
        i += cut.head.n + 1;
    }
}

static void header_field(struct po *po, str name, str value)
{
    if (str_eq(name, S("Language")))
        po->code = value;
    else if (str_eq(name, S("X-Name")))
        po->name = value;
    else if (str_eq(name, S("X-Direction")))
        po->dir = value;
    else if (str_eq(name, S("X-Locale")))
        po->locale = value;
    else if (str_eq(name, S("X-Reviewer")))
        po->reviewer = value;
    else if (str_eq(name, S("X-Review")))
        po->is_reviewed = str_eq(value, S("reviewed"));
    if (!str_eq(name, S("X-Plural")))
        return;
    while (value.n && po->nplural < PO_FORMS) {
        struct str_pair cut = str_cut(value, ' ');

        po->plural[po->nplural++] = cut.head;
        value = str_trim(cut.tail);
    }
}

static void header(struct reader *r, str text)
{
    struct po *po = r->po;
    str line;

    if (r->is_part)
        return; /* the language's own file says it all */
    while (str_line(&text, &line)) {
        struct str_pair cut = str_cut(line, ':');

        header_field(po, cut.head, str_trim(cut.tail));
    }
    if (!po->code.n || !po->name.n || !po->nplural)
        tool_error(po->path, r->e.line,
                   "the head lacks Language, X-Name or X-Plural; see docs/recipes.md");
    if (!str_eq(po->dir, S("ltr")) && !str_eq(po->dir, S("rtl")))
        tool_error(po->path, r->e.line, "X-Direction must be ltr or rtl");
    if (po->is_reviewed && !po->reviewer.n)
        tool_error(po->path, r->e.line,
                   "reviewed by nobody; name them in X-Reviewer or write X-Review: draft");
    if (!po->locale.n)
        po->locale = po->code;
}

static void check_entry(struct reader *r)
{
    const char *path = r->po->path;
    struct po_entry *e = &r->e;

    if (!po_is_key(e->key))
        tool_error(path, e->line,
                   "'%.*s' is no key; write lower-case words joined by dots, seminar.join",
                   STR(e->key));
    if (e->is_plural && e->nforms != r->po->nplural)
        tool_error(path, e->line, "'%.*s' has %zu plural forms, X-Plural names %zu; give each one",
                   STR(e->key), e->nforms, r->po->nplural);
    for (size_t i = 0; i < e->nforms; i++) {
        if (!e->forms[i].n)
            tool_error(path, e->line, "'%.*s' is empty; translate it or delete it", STR(e->key));
        find_args(r, e->forms[i]);
    }
    if (e->is_plural)
        add_arg(e, S("n"));
}

static void end_text(struct reader *r)
{
    str s = arena_str(tool_arena(), sb_str(&r->text));

    if (r->in == IN_ID) {
        r->e.key = s;
        r->has_id = true;
    } else if (r->in == IN_STR && r->form < PO_FORMS) {
        r->e.forms[r->form] = s;
        if (r->e.nforms <= r->form)
            r->e.nforms = r->form + 1;
    }
    sb_reset(&r->text);
    r->in = IN_NOTHING;
}

static void end_entry(struct reader *r)
{
    struct po *po = r->po;

    end_text(r);
    if (r->has_id && !r->e.key.n) {
        header(r, r->e.forms[0]);
    } else if (r->has_id) {
        check_entry(r);
        if ((po->n & (po->n - 1)) == 0) /* 0 or a power of two: full */
            po->entries = realloc(po->entries, (po->n ? 2 * po->n : 1) * sizeof(po->entries[0]));
        if (!po->entries)
            exit(2);
        po->entries[po->n] = r->e;
        po->entries[po->n++].path = po->path;
    }
    r->e = (struct po_entry){0};
    r->has_id = false;
}

/* The text between quotes with gettext's escapes undone. */
static void quoted(struct reader *r, str s)
{
    s = str_trim(s);
    if (s.n < 2 || s.p[0] != '"' || s.p[s.n - 1] != '"') {
        tool_error(r->po->path, r->line, "a text must stand in double quotes on its line");
        return;
    }
    for (size_t i = 1; i + 1 < s.n; i++) {
        char c = s.p[i];

        if (c == '"') {
            tool_error(r->po->path, r->line, "a quote inside the text; write \\\"");
            return;
        }
        if (c == '\\') {
            c = s.p[++i];
            c = c == 'n' ? '\n' : c == 't' ? '\t' : c;
            if (i + 1 >= s.n) {
                tool_error(r->po->path, r->line, "the text ends in a single backslash; write \\\\");
                return;
            }
        }
        sb_char(&r->text, c);
    }
}

static void comment(struct reader *r, str line)
{
    if (r->has_id)
        end_entry(r);
    if (str_starts(line, S("#,")) && str_find(line, S("fuzzy")) >= 0)
        r->e.is_fuzzy = true;
    if (str_starts(line, S("#:")))
        r->e.used_in = str_trim(str_from(line, 2));
}

static void begin_text(struct reader *r, str line, size_t keyword, enum part in)
{
    end_text(r);
    r->in = in;
    quoted(r, str_from(line, keyword));
}

static void one_line(struct reader *r, str line)
{
    if (!line.n)
        return;
    if (line.p[0] == '#') {
        comment(r, line);
    } else if (str_starts(line, S("msgid_plural "))) {
        r->e.is_plural = true;
        begin_text(r, line, 13, IN_PLURAL);
    } else if (str_starts(line, S("msgid "))) {
        if (r->has_id)
            end_entry(r);
        r->e.line = r->line;
        begin_text(r, line, 6, IN_ID);
    } else if (str_starts(line, S("msgstr["))) {
        end_text(r);
        r->form = line.n > 8 ? (size_t)(unsigned char)line.p[7] - '0' : PO_FORMS;
        if (r->form >= PO_FORMS || line.p[8] != ']')
            tool_error(r->po->path, r->line, "write msgstr[0] to msgstr[%d]", PO_FORMS - 1);
        begin_text(r, line, 9, IN_STR);
    } else if (str_starts(line, S("msgstr "))) {
        end_text(r);
        r->form = 0;
        begin_text(r, line, 7, IN_STR);
    } else if (line.p[0] == '"' && r->in != IN_NOTHING) {
        quoted(r, line);
    } else {
        tool_error(r->po->path, r->line,
                   "not a line of a .po file; msgid, msgid_plural, msgstr, # or \"text\"");
    }
}

static int by_key(const void *a, const void *b)
{
    return str_cmp(((const struct po_entry *)a)->key, ((const struct po_entry *)b)->key);
}

/* All lines of one file; its entries come behind those that are there. */
static bool read_lines(const char *path, str text, bool is_part, struct po *po)
{
    struct reader r = {.po = po,
                       .text = sb_init(tool_arena(), 0),
                       .is_part = is_part,
                       .errors_before = tool_errors()};
    str line;

    po->path = path;
    if (!str_is_utf8(text)) {
        tool_error(path, 0, "is not UTF-8; save it as UTF-8");
        return false;
    }
    while (str_line(&text, &line)) {
        r.line++;
        one_line(&r, str_trim(line));
    }
    end_entry(&r);
    return tool_errors() == r.errors_before;
}

static bool sort_entries(struct po *po)
{
    bool is_ok = true;

    if (po->n)
        qsort(po->entries, po->n, sizeof(po->entries[0]), by_key);
    for (size_t i = 1; i < po->n; i++)
        if (str_eq(po->entries[i].key, po->entries[i - 1].key)) {
            tool_error(po->entries[i].path, po->entries[i].line,
                       "'%.*s' is there twice; delete one", STR(po->entries[i].key));
            is_ok = false;
        }
    return is_ok;
}

bool po_parse(const char *path, str text, struct po *ret_po)
{
    *ret_po = (struct po){.path = path};
    if (!read_lines(path, text, false, ret_po))
        return false;
    if (!ret_po->code.n)
        tool_error(path, 1, "has no head; begin with msgid \"\" and Language");
    return sort_entries(ret_po) && ret_po->code.n;
}

bool po_read(const char *path, struct po *ret_po)
{
    const char *folder = tool_text("%.*s", (int)strlen(path) - 3, path); /* without .po */
    str text = tool_read(path);
    struct tool_names parts;
    bool is_ok;

    if (!text.p || !po_parse(path, text, ret_po))
        return false;
    if (!tool_exists(folder))
        return true;
    parts = tool_walk(folder);
    for (size_t i = 0; i < parts.n; i++) {
        const char *part = tool_text("%s/%s", folder, parts.p[i]);
        struct po whole = *ret_po;

        if (!str_ends(str_c(part), S(".po")))
            continue;
        text = tool_read(part);
        is_ok = text.p && read_lines(part, text, true, &whole);
        ret_po->entries = whole.entries;
        ret_po->n = whole.n;
        if (!is_ok)
            return false;
    }
    return sort_entries(ret_po);
}

const struct po_entry *po_by_key(const struct po *po, str key)
{
    struct po_entry want = {.key = key};

    return po->n ? bsearch(&want, po->entries, po->n, sizeof(want), by_key) : NULL;
}
