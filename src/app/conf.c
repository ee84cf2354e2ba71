#include "app/conf.h"

#include "base/err.h"
#include "base/str.h"

struct conf conf_init(str text)
{
    /* Editors of some systems put a byte order mark before UTF-8. */
    return (struct conf){.rest = str_starts(text, S("\xef\xbb\xbf")) ? str_from(text, 3) : text};
}

static bool is_name(str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] != '-' && !(s.p[i] >= 'a' && s.p[i] <= 'z'))
            return false;
    return s.n > 0;
}

static bool is_plain(str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < 0x20 && s.p[i] != '\t')
            return false;
    return str_is_utf8(s);
}

static int fault(struct conf *c, const char *why)
{
    c->why = why;
    return ERR_SYNTAX;
}

int conf_next(struct conf *c, str *ret_name, str *ret_value)
{
    str line;

    while (str_line(&c->rest, &line)) {
        struct str_pair cut = str_cut(line, '=');
        str name = str_trim(cut.head), value = str_trim(cut.tail);

        c->line++;
        if (!name.n && !cut.ok)
            continue;
        if (name.n && name.p[0] == '#')
            continue;
        if (!is_plain(line))
            return fault(c, "a character that is no text (save the file as UTF-8)");
        if (!cut.ok)
            return fault(c, "there is no '='; write name = value");
        if (!is_name(name))
            return fault(c, "a name has small letters and '-' only");
        if (!value.n)
            return fault(c, "there is no value; write one or delete the line");
        *ret_name = name;
        *ret_value = value;
        return 1;
    }
    return 0;
}

int conf_bool(str value, bool *ret_on)
{
    static const str words[][2] = {
        {S("no"), S("yes")}, {S("off"), S("on")}, {S("false"), S("true")}, {S("0"), S("1")}};

    for (size_t i = 0; i < NELEM(words); i++)
        for (int on = 0; on < 2; on++)
            if (str_eq(value, words[i][on])) {
                *ret_on = on;
                return 0;
            }
    return ERR_SYNTAX;
}
