#include "net/url.h"

#include "base/arena.h"
#include "base/encode.h"
#include "base/err.h"
#include "base/str.h"

static int decode_into(char *to, str s, bool is_form, size_t *ret_n)
{
    size_t n = 0;

    for (size_t i = 0; i < s.n; i++) {
        if (is_form && s.p[i] == '+') {
            to[n++] = ' ';
            continue;
        }
        if (s.p[i] != '%') {
            to[n++] = s.p[i];
            continue;
        }
        if (s.n - i < 3 || decode_hex(to + n, 1, (str){s.p + i + 1, 2}) < 0)
            return ERR_SYNTAX;
        n++;
        i += 2;
    }
    *ret_n = n;
    return 0;
}

int url_decode(struct arena *a, str s, bool is_form, str *ret_text)
{
    str text = s;

    if (str_chr(s, '%') >= 0 || (is_form && str_chr(s, '+') >= 0)) {
        char *to = arena_alloc(a, s.n);
        size_t n = 0;
        int r;

        if (!to)
            return ERR_MEM;
        r = decode_into(to, s, is_form, &n);
        if (r < 0)
            return r;
        text = (str){to, n};
    }
    if (!str_is_utf8(text))
        return ERR_ENCODING;
    *ret_text = text;
    return 0;
}

bool url_next_pair(str *rest, str *ret_name, str *ret_value)
{
    struct str_pair pair, field;

    while (rest->n && rest->p[0] == '&')
        *rest = str_from(*rest, 1);
    if (!rest->n)
        return false;
    pair = str_cut(*rest, '&');
    *rest = pair.tail;
    field = str_cut(pair.head, '=');
    *ret_name = field.head;
    *ret_value = field.tail;
    return true;
}
