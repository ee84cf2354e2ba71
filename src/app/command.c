#include "app/command.h"

#include "app/config.h"
#include "app/demo.h"
#include "app/manual.h"
#include "app/pack.h"
#include "app/reindex.h"
#include "app/serve.h"
#include "app/staff.h"
#include "app/tables.h"
#include "base/err.h"
#include "base/sb.h"
#include "base/str.h"
#include "domain/geo.h"
#include "net/route.h"
#include "store/db.h"

#include <stdio.h>

static int print(struct sb *text)
{
    str all = sb_str(text);
    int r = all.p ? 0 : ERR_MEM;

    if (r == 0 && fwrite(all.p, 1, all.n, stdout) != all.n)
        r = ERR_IO;
    sb_done(text);
    return r;
}

static int help(const struct config *c)
{
    struct sb text = sb_init(NULL, 0);

    (void)c;
    manual_help(&text);
    return print(&text);
}

static int man(const struct config *c)
{
    struct sb text = sb_init(NULL, 0);

    (void)c;
    manual_man(&text);
    return print(&text);
}

static int completion(const struct config *c)
{
    struct sb text = sb_init(NULL, 0);

    if (manual_completion(&text, str_c(c->rest[0])) < 0) {
        fprintf(stderr, "usage: kengesh completion bash|zsh\n");
        sb_done(&text);
        return ERR_SYNTAX;
    }
    return print(&text);
}

static int version(const struct config *c)
{
    (void)c;
    printf("kengesh " KENGESH_VERSION "\n");
    return 0;
}

static int limits(const struct config *c)
{
    (void)c;
    tables_print_limits();
    return 0;
}

static int errors(const struct config *c)
{
    (void)c;
    tables_print_errors();
    return 0;
}

static int routes(const struct config *c)
{
    struct route_set *set;
    int r = serve_routes(&set);

    (void)c;
    if (r < 0)
        return r;
    tables_print_routes(set);
    route_set_free(set);
    return 0;
}

static int schema(const struct config *c)
{
    struct sb text = sb_init(NULL, 0);
    struct db *db = NULL;
    int r = db_open_memory(&db);

    (void)c;
    if (r == 0)
        db_schema_print(db, &text);
    db_close(db);
    if (r < 0)
        sb_done(&text);
    return r < 0 ? r : print(&text);
}

static int geo(const struct config *c)
{
    int r;

    if (!c->rest[2]) {
        fprintf(stderr, "usage: kengesh geo RANGES4 RANGES6 FILE\n"
                        "  the range lists of Debian's tor-geoipdb, unpacked; --note says where "
                        "they are from\n");
        return ERR_SYNTAX;
    }
    r = geo_import(c->rest[0], c->rest[1], c->note, c->rest[2]);
    if (r < 0)
        fprintf(stderr, "kengesh geo: %s\n", err_text(r));
    return r;
}

static const struct command commands[] = {
    {"serve", CMD_SERVE, "", serve_run, "serves the site and its live rooms until SIGTERM"},
    {"demo", CMD_DEMO, "", demo_run, "imports the sample seminar and prints who opens which link"},
    {"account", CMD_ACCOUNT, "add|rights|close|list [LOGIN]", account_run,
     "staff accounts: makes one, sets its rights, closes it, lists all"},
    {"password", CMD_PASSWORD, "LOGIN", password_run, "gives a staff account a new password"},
    {"reindex", CMD_REINDEX, "", reindex_run,
     "makes the index of the search anew; stop the server first"},
    {"pack", CMD_PACK, "FILE.zip|FILE.epub", pack_run,
     "the programme or one guide as a file for reading without a network"},
    {"geo", CMD_GEO, "RANGES4 RANGES6 FILE", geo, "makes the table of countries from range lists"},
    {"routes", CMD_TABLE, "", routes, "every URL, the right it needs, its flags"},
    {"limits", CMD_TABLE, "", limits, "every limit and its reason"},
    {"errors", CMD_TABLE, "", errors, "every error and its HTTP status"},
    {"schema", CMD_TABLE, "", schema, "the store's tables and what each column means"},
    {"version", CMD_TABLE, "", version, "which version this is"},
    {"man", CMD_TABLE, "", man, "the manual page, for man -l"},
    {"completion", CMD_TABLE, "bash|zsh", completion,
     "a script that completes commands and flags in the shell"},
    {"help", CMD_TABLE, "", help, "this list; kengesh COMMAND --help has the flags"},
};

const struct command *command_at(size_t i)
{
    return i < NELEM(commands) ? &commands[i] : NULL;
}

const struct command *command_by_name(str name)
{
    for (size_t i = 0; i < NELEM(commands); i++)
        if (str_eq(str_c(commands[i].name), name))
            return &commands[i];
    return NULL;
}
