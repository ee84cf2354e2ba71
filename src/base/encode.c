#include "base/encode.h"

#include "base/err.h"

static const char digits[] = "0123456789abcdef";

void encode_hex(char *to, const void *from, size_t n)
{
    const uint8_t *p = from;

    for (size_t i = 0; i < n; i++) {
        *to++ = digits[p[i] >> 4];
        *to++ = digits[p[i] & 15];
    }
    *to = 0;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

int decode_hex(void *to, size_t n, str from)
{
    uint8_t *p = to;

    if (from.n != 2 * n)
        return ERR_SYNTAX;
    for (size_t i = 0; i < n; i++) {
        int hi = hex_value(from.p[2 * i]), lo = hex_value(from.p[2 * i + 1]);

        if (hi < 0 || lo < 0)
            return ERR_SYNTAX;
        p[i] = (uint8_t)(hi << 4 | lo);
    }
    return 0;
}

static const char standard[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char url_safe[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static size_t base64(char *to, const uint8_t *p, size_t n, const char *set, bool pad)
{
    char *start = to;

    for (size_t i = 0; i < n; i += 3) {
        size_t left = n - i;
        uint32_t v = (uint32_t)p[i] << 16 | (left > 1 ? (uint32_t)p[i + 1] << 8 : 0) |
                     (left > 2 ? p[i + 2] : 0);

        *to++ = set[v >> 18];
        *to++ = set[v >> 12 & 63];
        if (left > 1 || pad)
            *to++ = left > 1 ? set[v >> 6 & 63] : '=';
        if (left > 2 || pad)
            *to++ = left > 2 ? set[v & 63] : '=';
    }
    *to = 0;
    return (size_t)(to - start);
}

size_t encode_base64(char *to, const void *from, size_t n)
{
    return base64(to, from, n, standard, true);
}

size_t encode_base64url(char *to, const void *from, size_t n)
{
    return base64(to, from, n, url_safe, false);
}

static int base64_value(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    if (c == '+' || c == '-')
        return 62;
    if (c == '/' || c == '_')
        return 63;
    return -1;
}

int decode_base64(void *to, size_t size, str from, size_t *ret_n)
{
    uint8_t *p = to;
    uint32_t acc = 0;
    unsigned bits = 0;
    size_t n = 0;

    for (int pads = 0; pads < 2 && from.n && from.p[from.n - 1] == '='; pads++)
        from.n--;
    if (from.n % 4 == 1)
        return ERR_SYNTAX;
    for (size_t i = 0; i < from.n; i++) {
        int v = base64_value(from.p[i]);

        if (v < 0)
            return ERR_SYNTAX;
        acc = acc << 6 | (uint32_t)v;
        bits += 6;
        if (bits < 8)
            continue;
        bits -= 8;
        if (n == size)
            return ERR_TOO_BIG;
        p[n++] = (uint8_t)(acc >> bits);
    }
    *ret_n = n;
    return 0;
}
