#include "base/sb.h"

#include "base/arena.h"
#include "base/limits.h"
#include "base/str.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct sb sb_init(struct arena *a, size_t max)
{
    return (struct sb){.arena = a, .max = max ? max : MAX_ARENA_BYTES};
}

/* Makes room for n more bytes and a NUL; the NUL lets a debugger and libc read the text. */
static bool reserve(struct sb *b, size_t n)
{
    size_t need = b->n + n + 1, cap = b->cap ? b->cap : 256;
    char *p;

    if (b->err)
        return false;
    if (n > b->max || need > b->max) {
        b->err = true;
        return false;
    }
    if (need <= b->cap)
        return true;
    while (cap < need)
        cap *= 2;
    p = b->arena ? arena_alloc(b->arena, cap) : realloc(b->p, cap);
    if (!p) {
        b->err = true;
        return false;
    }
    if (b->arena && b->n)
        memcpy(p, b->p, b->n);
    b->p = p;
    b->cap = cap;
    return true;
}

void sb_add(struct sb *b, str s)
{
    if (!s.n || !reserve(b, s.n))
        return;
    memcpy(b->p + b->n, s.p, s.n);
    b->n += s.n;
    b->p[b->n] = 0;
}

void sb_c(struct sb *b, const char *s)
{
    sb_add(b, (str){s, strlen(s)});
}

void sb_char(struct sb *b, char c)
{
    sb_add(b, (str){&c, 1});
}

void sb_printf(struct sb *b, const char *fmt, ...)
{
    va_list ap, again;
    int n;

    va_start(ap, fmt);
    va_copy(again, ap);
    n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    if (n >= 0 && reserve(b, (size_t)n)) {
        vsnprintf(b->p + b->n, (size_t)n + 1, fmt, again);
        b->n += (size_t)n;
    }
    va_end(again);
}

static const char *html_escape(char c)
{
    switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    default: return NULL;
    }
}

void sb_html(struct sb *b, str s)
{
    size_t done = 0;

    for (size_t i = 0; i < s.n; i++) {
        const char *e = html_escape(s.p[i]);

        if (!e)
            continue;
        sb_add(b, (str){s.p + done, i - done});
        sb_c(b, e);
        done = i + 1;
    }
    sb_add(b, str_from(s, done));
}

static void json_char(struct sb *b, unsigned char c)
{
    switch (c) {
    case '"': sb_add(b, S("\\\"")); break;
    case '\\': sb_add(b, S("\\\\")); break;
    case '\n': sb_add(b, S("\\n")); break;
    case '\r': sb_add(b, S("\\r")); break;
    case '\t': sb_add(b, S("\\t")); break;
    default: sb_printf(b, "\\u%04x", c);
    }
}

void sb_json(struct sb *b, str s)
{
    size_t done = 0;

    sb_char(b, '"');
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];

        if (c >= 0x20 && c != '"' && c != '\\' && c != '<')
            continue;
        sb_add(b, (str){s.p + done, i - done});
        json_char(b, c);
        done = i + 1;
    }
    sb_add(b, str_from(s, done));
    sb_char(b, '"');
}

static bool is_unreserved(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c == '-' || c == '.' || c == '_' || c == '~';
}

void sb_url(struct sb *b, str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (is_unreserved(s.p[i]))
            sb_char(b, s.p[i]);
        else
            sb_printf(b, "%%%02X", (unsigned char)s.p[i]);
    }
}

str sb_str(const struct sb *b)
{
    if (b->err)
        return (str){NULL, 0};
    return (str){b->p ? b->p : "", b->n};
}

void sb_reset(struct sb *b)
{
    b->n = 0;
    b->err = false;
}

void sb_done(struct sb *b)
{
    if (!b->arena)
        free(b->p);
    *b = (struct sb){0};
}
