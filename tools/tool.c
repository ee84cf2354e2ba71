#include "tools/tool.h"

#include "base/arena.h"
#include "base/sb.h"
#include "base/str.h"

#include <dirent.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * A tool runs once and ends; what it read stays until then, and the leak checker is told so by its
 * own hook (sanitizer/lsan_interface.h).
 */
int __lsan_is_turned_off(void);
int __lsan_is_turned_off(void)
{
    return 1;
}

static int errors;
static struct arena *memory;

void tool_error(const char *file, int line, const char *fmt, ...)
{
    va_list ap;

    errors++;
    fprintf(stderr, line ? "%s:%d: " : "%s: ", file, line);
    va_start(ap, fmt);
    vfprintf(stderr, fmt, ap);
    va_end(ap);
    fputc('\n', stderr);
}

int tool_errors(void)
{
    return errors;
}

static void *need(void *p)
{
    if (!p) {
        fprintf(stderr, "out of memory\n");
        exit(2);
    }
    return p;
}

struct arena *tool_arena(void)
{
    if (!memory)
        memory = need(arena_new());
    return memory;
}

str tool_read(const char *path)
{
    FILE *f = fopen(path, "rb");
    struct stat st;
    str text = {NULL, 0};
    char *p;

    if (!f || fstat(fileno(f), &st) < 0 || !S_ISREG(st.st_mode)) {
        tool_error(path, 0, "cannot be read");
        goto out;
    }
    /* The heap, not the arena: pictures may be larger than a request's limit. */
    p = need(malloc((size_t)st.st_size + 1));
    text = (str){p, fread(p, 1, (size_t)st.st_size, f)};
    p[text.n] = 0;
out:
    if (f)
        fclose(f);
    return text;
}

bool tool_exists(const char *path)
{
    return access(path, F_OK) == 0;
}

static bool is_same(const char *path, str text)
{
    FILE *f = fopen(path, "rb");
    bool same = false;
    char *p;

    if (!f)
        return false;
    p = need(malloc(text.n + 1));
    if (fread(p, 1, text.n + 1, f) == text.n)
        same = memcmp(p, text.p, text.n) == 0;
    free(p);
    fclose(f);
    return same;
}

int tool_write(const char *path, const struct sb *to)
{
    str text = sb_str(to);
    FILE *f;
    bool bad;

    if (!text.p) {
        tool_error(path, 0, "the output is too large");
        return -1;
    }
    if (is_same(path, text))
        return 0;
    f = fopen(path, "wb");
    bad = !f || fwrite(text.p, 1, text.n, f) != text.n;
    if (f && fclose(f) != 0)
        bad = true;
    if (bad)
        tool_error(path, 0, "cannot be written");
    return bad ? -1 : 0;
}

const char *tool_text(const char *fmt, ...)
{
    va_list ap;
    char *p = NULL;

    va_start(ap, fmt);
    if (vasprintf(&p, fmt, ap) < 0)
        p = NULL;
    va_end(ap);
    return need(p);
}

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void add_name(const char ***list, size_t *n, const char *name)
{
    *list = need(realloc(*list, (*n + 1) * sizeof(**list)));
    (*list)[(*n)++] = name;
}

static void walk(const char *dir, const char *prefix, struct tool_names *to)
{
    DIR *d = opendir(dir);
    struct dirent *e;

    if (d)
        add_name(&to->folders, &to->nfolders, dir);
    while (d && (e = readdir(d))) {
        const char *path = tool_text("%s/%s", dir, e->d_name);
        struct stat st;

        if (e->d_name[0] == '.' || strcmp(e->d_name, "node_modules") == 0 || stat(path, &st) < 0)
            continue;
        if (S_ISDIR(st.st_mode)) {
            walk(path, tool_text("%s%s/", prefix, e->d_name), to);
            continue;
        }
        add_name(&to->p, &to->n, tool_text("%s%s", prefix, e->d_name));
    }
    if (d)
        closedir(d);
}

struct tool_names tool_walk(const char *dir)
{
    struct tool_names names = {0};

    walk(dir, "", &names);
    if (names.n)
        qsort(names.p, names.n, sizeof(names.p[0]), by_bytes);
    return names;
}

/* Octal escapes of three digits, so that a digit behind one is not read as part of it. */
void tool_literal(struct sb *to, str s)
{
    size_t column = 0;

    sb_char(to, '"');
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];

        if (c == '"' || c == '\\')
            sb_printf(to, "\\%c", c);
        else if (c == '\n')
            sb_c(to, "\\n");
        else if (c < 0x20 || c > 0x7e || c == '?')
            sb_printf(to, "\\%03o", c);
        else
            sb_char(to, (char)c);
        if (++column % 64 == 0 && i + 1 < s.n)
            sb_c(to, "\"\n    \"");
    }
    sb_char(to, '"');
}

void tool_str(struct sb *to, str s)
{
    if (!s.p) {
        sb_c(to, "{0}");
        return;
    }
    sb_char(to, '{');
    tool_literal(to, s);
    sb_printf(to, ", %zu}", s.n);
}

const char *tool_upper(str key)
{
    char *p = need(arena_cstr(tool_arena(), key));

    for (size_t i = 0; i < key.n; i++) {
        if (p[i] >= 'a' && p[i] <= 'z')
            p[i] = (char)(p[i] - 32);
        else if (p[i] < '0' || p[i] > '9')
            p[i] = '_';
    }
    return p;
}

int tool_line(str text, size_t at)
{
    int line = 1;

    for (size_t i = 0; i < at && i < text.n; i++)
        line += text.p[i] == '\n';
    return line;
}
