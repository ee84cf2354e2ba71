#include "domain/right.h"

#include "base/err.h"
#include "base/str.h"

static const struct {
    unsigned right;
    const char *name;
} names[] = {
    {RIGHT_PUBLIC, "public"}, {RIGHT_MEMBER, "member"}, {RIGHT_STAFF, "staff"},
    {RIGHT_EVENT, "event"},   {RIGHT_EDITOR, "editor"}, {RIGHT_CASE, "case"},
    {RIGHT_SYSTEM, "system"},
};

const char *right_name(unsigned right)
{
    for (size_t i = 0; i < NELEM(names); i++) {
        if (names[i].right == right)
            return names[i].name;
    }
    return "?";
}

static unsigned right_of(str name)
{
    for (size_t i = 0; i < NELEM(names); i++) {
        if ((names[i].right & RIGHTS_STAFF) && str_eq(name, str_c(names[i].name)))
            return names[i].right;
    }
    return 0;
}

int right_parse(str list, unsigned *ret_rights)
{
    unsigned rights = 0;
    struct str_pair cut = {.tail = list, .ok = true};

    while (cut.ok) {
        unsigned one;

        cut = str_cut(cut.tail, ',');
        one = right_of(str_trim(cut.head));
        if (!one)
            return ERR_SYNTAX;
        rights |= one;
    }
    *ret_rights = rights;
    return 0;
}
