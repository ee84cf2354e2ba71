#include "base/str.h"

#include "base/err.h"

#include <string.h>

str str_c(const char *s)
{
    return s ? (str){s, strlen(s)} : (str){NULL, 0};
}

bool str_eq(str a, str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

bool str_ieq(str a, str b)
{
    if (a.n != b.n)
        return false;
    for (size_t i = 0; i < a.n; i++)
        if (lower(a.p[i]) != lower(b.p[i]))
            return false;
    return true;
}

int str_cmp(str a, str b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int r = n ? memcmp(a.p, b.p, n) : 0;

    if (r)
        return r;
    return a.n < b.n ? -1 : a.n > b.n;
}

bool str_starts(str s, str prefix)
{
    return s.n >= prefix.n && str_eq(str_take(s, prefix.n), prefix);
}

bool str_istarts(str s, str prefix)
{
    return s.n >= prefix.n && str_ieq(str_take(s, prefix.n), prefix);
}

bool str_ends(str s, str suffix)
{
    return s.n >= suffix.n && str_eq(str_from(s, s.n - suffix.n), suffix);
}

str str_from(str s, size_t from)
{
    if (from > s.n)
        from = s.n;
    return (str){from ? s.p + from : s.p, s.n - from};
}

str str_take(str s, size_t n)
{
    return (str){s.p, n < s.n ? n : s.n};
}

str str_take_whole(str s, size_t n)
{
    if (n >= s.n)
        return s;
    while (n && ((unsigned char)s.p[n] & 0xc0) == 0x80)
        n--;
    return str_take(s, n);
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

str str_trim(str s)
{
    while (s.n && is_space(s.p[0]))
        s = str_from(s, 1);
    while (s.n && is_space(s.p[s.n - 1]))
        s.n--;
    return s;
}

ptrdiff_t str_chr(str s, char c)
{
    const char *p = s.n ? memchr(s.p, c, s.n) : NULL;

    return p ? p - s.p : -1;
}

static struct str_pair cut_at(str s, ptrdiff_t at)
{
    if (at < 0)
        return (struct str_pair){s, str_from(s, s.n), false};
    return (struct str_pair){str_take(s, (size_t)at), str_from(s, (size_t)at + 1), true};
}

struct str_pair str_cut(str s, char sep)
{
    return cut_at(s, str_chr(s, sep));
}

struct str_pair str_rcut(str s, char sep)
{
    for (size_t i = s.n; i > 0; i--)
        if (s.p[i - 1] == sep)
            return cut_at(s, (ptrdiff_t)i - 1);
    return cut_at(s, -1);
}

bool str_line(str *rest, str *ret_line)
{
    struct str_pair cut;

    if (!rest->n)
        return false;
    cut = str_cut(*rest, '\n');
    if (cut.head.n && cut.head.p[cut.head.n - 1] == '\r')
        cut.head.n--;
    *ret_line = cut.head;
    *rest = cut.tail;
    return true;
}

ptrdiff_t str_find(str s, str needle)
{
    const char *p;

    if (!needle.n)
        return 0;
    p = s.n ? memmem(s.p, s.n, needle.p, needle.n) : NULL;
    return p ? p - s.p : -1;
}

int str_u64(str s, uint64_t max, uint64_t *ret_n)
{
    uint64_t n = 0;

    if (!s.n || s.n > 20)
        return ERR_SYNTAX;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return ERR_SYNTAX;
        if (__builtin_mul_overflow(n, 10u, &n) ||
            __builtin_add_overflow(n, (uint64_t)(s.p[i] - '0'), &n))
            return ERR_RANGE;
    }
    if (n > max)
        return ERR_RANGE;
    *ret_n = n;
    return 0;
}

int str_i64(str s, int64_t min, int64_t max, int64_t *ret_n)
{
    bool negative = s.n && s.p[0] == '-';
    uint64_t u;
    int64_t n;
    int r = str_u64(str_from(s, negative), INT64_MAX, &u);

    if (r < 0)
        return r;
    n = negative ? -(int64_t)u : (int64_t)u;
    if (n < min || n > max)
        return ERR_RANGE;
    *ret_n = n;
    return 0;
}

/* Length of the sequence at p, or 0 if it is not well formed (RFC 3629 section 4). */
static size_t utf8_len(const unsigned char *p, size_t n)
{
    unsigned char lo = 0x80, hi = 0xbf;
    size_t len;

    if (p[0] < 0x80)
        return p[0] != 0;
    if (p[0] < 0xc2 || p[0] > 0xf4)
        return 0;
    len = p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
    if (n < len)
        return 0;
    if (p[0] == 0xe0)
        lo = 0xa0;
    if (p[0] == 0xed)
        hi = 0x9f; /* surrogates */
    if (p[0] == 0xf0)
        lo = 0x90;
    if (p[0] == 0xf4)
        hi = 0x8f;
    if (p[1] < lo || p[1] > hi)
        return 0;
    for (size_t i = 2; i < len; i++)
        if ((p[i] & 0xc0) != 0x80)
            return 0;
    return len;
}

bool str_is_utf8(str s)
{
    for (size_t i = 0; i < s.n;) {
        size_t len = utf8_len((const unsigned char *)s.p + i, s.n - i);

        if (!len)
            return false;
        i += len;
    }
    return true;
}

uint64_t str_hash(str s)
{
    uint64_t h = 0xcbf29ce484222325u;

    for (size_t i = 0; i < s.n; i++)
        h = (h ^ (unsigned char)s.p[i]) * 0x100000001b3u;
    return h;
}

int str_copy(char *to, size_t size, str s)
{
    bool fits = s.n < size;

    if (fits && s.n)
        memcpy(to, s.p, s.n);
    if (size)
        to[fits ? s.n : 0] = 0;
    return fits ? 0 : ERR_TOO_BIG;
}
