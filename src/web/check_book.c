#include "web/check_book.h"

#include "base/err.h"
#include "base/str.h"
#include "domain/check.h"
#include "web/asset.h"

#include <stdlib.h>

enum { BOOK_LANGS = 16 };

struct check_book {
    struct check_rules *rules[BOOK_LANGS];
    size_t n;
};

int check_book_new(struct check_book **ret_book)
{
    struct check_book *b = calloc(1, sizeof(*b));
    const struct asset *file;
    int r = b ? 0 : ERR_MEM;

    for (size_t i = 0; r == 0 && (file = asset_at(i)); i++) {
        if (!str_starts(str_c(file->name), S("check/")) || b->n == BOOK_LANGS)
            continue;
        r = check_rules_parse(file->body, &b->rules[b->n]);
        b->n += r == 0;
    }
    if (r == 0) {
        *ret_book = b;
        b = NULL;
    }
    check_book_free(b);
    return r;
}

const struct check_rules *check_book_by_lang(const struct check_book *b, str lang)
{
    for (size_t i = 0; i < b->n; i++)
        if (str_eq(check_rules_lang(b->rules[i]), lang))
            return b->rules[i];
    return NULL;
}

const struct check_rules *check_book_at(const struct check_book *b, size_t i)
{
    return i < b->n ? b->rules[i] : NULL;
}

void check_book_free(struct check_book *b)
{
    for (size_t i = 0; b && i < b->n; i++)
        check_rules_free(b->rules[i]);
    free(b);
}
