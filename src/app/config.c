#include "app/config.h"

#include "app/conf.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/str.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_FLAGS = 64 };

/* One run of config_parse. */
struct reading {
    struct arena *a;
    struct config *c;
    unsigned bit; /* the command */
    int argc;
    char **argv;
    const char *path;        /* of the file */
    bool is_found;           /* nobody named the file: it stands in the data folder */
    bool is_said[MAX_FLAGS]; /* by the file, by place in the table */
};

static void set_text(struct config *c, const struct flag *f, const char *value)
{
    memcpy((char *)c + f->offset, &value, sizeof(value));
}

static void set_switch(struct config *c, const struct flag *f, bool on)
{
    memcpy((char *)c + f->offset, &on, sizeof(on));
}

static int wrong(const struct reading *r, const char *what, const char *why)
{
    fprintf(stderr, "kengesh %s: %s %s; see kengesh %s --help\n", r->argv[1], what, why,
            r->argv[1]);
    return ERR_SYNTAX;
}

static void set_defaults(struct reading *r)
{
    const struct flag *f;

    for (size_t i = 0; (f = flag_at(i)); i++)
        if (f->commands & r->bit && f->value)
            set_text(r->c, f, f->fallback);
}

static int set_env(struct reading *r)
{
    const struct flag *f;

    for (size_t i = 0; (f = flag_at(i)); i++) {
        const char *env = f->env && f->commands & r->bit ? getenv(f->env) : NULL;
        bool on = false;

        if (!env)
            continue;
        if (f->value)
            set_text(r->c, f, env);
        else if (conf_bool(str_c(env), &on) < 0)
            return wrong(r, f->env, "must be yes or no");
        else
            set_switch(r->c, f, on);
    }
    return 0;
}

/* --data X, --data=X, --demo */
static int set_flag(struct reading *r, int *i)
{
    struct str_pair cut = str_cut(str_from(str_c(r->argv[*i]), 2), '=');
    bool is_long = str_starts(str_c(r->argv[*i]), S("--"));
    const struct flag *f = is_long ? flag_by_name(cut.head, r->bit) : NULL;

    if (!f)
        return wrong(r, r->argv[*i], "is not a flag of this command");
    if (!f->value && cut.ok)
        return wrong(r, r->argv[*i], "is a switch and takes no value");
    if (!f->value)
        set_switch(r->c, f, true);
    else if (cut.ok)
        set_text(r->c, f, cut.tail.p);
    else if (*i + 1 == r->argc)
        return wrong(r, r->argv[*i], "needs a value");
    else
        set_text(r->c, f, r->argv[++*i]);
    return 0;
}

static int set_flags(struct reading *r)
{
    size_t nrest = 0;

    for (int i = 2; i < r->argc; i++) {
        int e = 0;

        if (strcmp(r->argv[i], "--help") == 0 || strcmp(r->argv[i], "-h") == 0)
            return 1;
        if (r->argv[i][0] == '-')
            e = set_flag(r, &i);
        else if (nrest == NELEM(r->c->rest))
            e = wrong(r, r->argv[i], "is one word too many");
        else
            r->c->rest[nrest++] = r->argv[i];
        if (e < 0)
            return e;
    }
    return 0;
}

static int wrong_line(const struct reading *r, unsigned line, str name, const char *why)
{
    fprintf(stderr, "%s:%u: %.*s%s%s\n", r->path, line, STR(name), name.n ? ": " : "", why);
    return ERR_SYNTAX;
}

static size_t place_of(const struct flag *f)
{
    size_t i = 0;

    while (flag_at(i) != f)
        i++;
    return i;
}

static int set_line(struct reading *r, unsigned line, str name, str value)
{
    const struct flag *f = flag_by_name(name, CMD_SERVE);
    bool on = false;
    const char *text;

    if (!f || !flag_in_file(f))
        return wrong_line(r, line, name,
                          "there is no such setting; kengesh serve --help lists them");
    if (r->is_found && strcmp(f->name, "data") == 0)
        return wrong_line(r, line, name,
                          "this file stands in the data folder; name it by --config to set this");
    if (r->is_said[place_of(f)])
        return wrong_line(r, line, name, "was set on an earlier line; delete one of them");
    r->is_said[place_of(f)] = true;
    if (!f->value && conf_bool(value, &on) < 0)
        return wrong_line(r, line, name, "must be yes or no");
    text = arena_cstr(r->a, value);
    if (!text)
        return ERR_MEM;
    if (!(f->commands & r->bit))
        return 0;
    if (f->value)
        set_text(r->c, f, text);
    else
        set_switch(r->c, f, on);
    return 0;
}

/* All faults are told at once, so that nobody mends a file line by line. */
static int set_lines(struct reading *r, str text)
{
    struct conf conf = conf_init(text);
    str name, value;
    int first = 0, e;

    while ((e = conf_next(&conf, &name, &value)) != 0) {
        if (e < 0)
            e = wrong_line(r, conf.line, S(""), conf.why);
        else
            e = set_line(r, conf.line, name, value);
        if (first == 0 && e < 0)
            first = e;
    }
    return first;
}

static int set_file(struct reading *r)
{
    const char *named = r->c->config, *data = r->c->data;
    str text;
    int e;

    r->is_found = !named;
    r->path = named ? named : file_join(r->a, data, "kengesh.conf");
    if (!r->path)
        return ERR_MEM;
    e = file_read(r->a, r->path, MAX_CONFIG, &text);
    if (e == ERR_NOT_FOUND && !named)
        return 0;
    if (e < 0) {
        fprintf(stderr, "kengesh %s: %s: %s\n", r->argv[1], r->path, err_text(e));
        return e;
    }
    return set_lines(r, text);
}

/*
 * The command line is read twice: once to learn which file is meant, and once more on top of the
 * file, so that it wins.
 */
int config_parse(struct arena *a, struct config *c, unsigned bit, int argc, char **argv)
{
    struct reading r = {.a = a, .c = c, .bit = bit, .argc = argc, .argv = argv};
    int e;

    *c = (struct config){0};
    set_defaults(&r);
    e = set_env(&r);
    if (e == 0)
        e = set_flags(&r);
    if (e != 0 || !c->data)
        return e;
    e = set_file(&r);
    if (e == 0)
        e = set_env(&r);
    if (e == 0)
        e = set_flags(&r);
    return e;
}
