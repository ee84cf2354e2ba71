/*
 * Reads gettext files (.po) as src/web/text/ has them: msgid is a key with dots, msgctxt is not
 * used. See docs/recipes.md, "Texts". Parsed texts live as long as the tool.
 */
#ifndef TOOLS_PO_H
#define TOOLS_PO_H

#include "base/types.h"

enum { PO_FORMS = 6, PO_ARGS = 8 }; /* CLDR knows six plural categories */

struct po_entry {
    str key;
    str forms[PO_FORMS]; /* [0] alone when there is no plural */
    size_t nforms;
    str used_in; /* of `#:`; unset when there is none */
    bool is_plural, is_fuzzy;
    const char *path; /* the file it stands in, which may be a part */
    int line;
    str args[PO_ARGS]; /* names of {arguments}, sorted */
    size_t nargs;
};

struct po {
    const char *path;
    str code, name, dir, locale, reviewer;
    bool is_reviewed;
    str plural[PO_FORMS]; /* categories, as X-Plural has them */
    size_t nplural;
    struct po_entry *entries; /* by key, in byte order */
    size_t n;
};

/* Errors are said by tool_error; false when there were any. */
bool po_parse(const char *path, str text, struct po *ret_po);
/*
 * The language's file (text/ru.po) and its parts, one for each family of pages (text/ru/desk.po):
 * a part has the same head with Language alone, or none. Errors as above.
 */
bool po_read(const char *path, struct po *ret_po);
/* NULL when absent. */
const struct po_entry *po_by_key(const struct po *po, str key);
/* [a-z0-9_]+ at least twice, joined by dots. */
bool po_is_key(str key);

#endif
