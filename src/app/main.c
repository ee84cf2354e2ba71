/*
 * The program: a table of commands. Everything else is elsewhere; this file only chooses.
 */
#include "app/config.h"
#include "app/demo.h"
#include "app/serve.h"
#include "app/tables.h"
#include "base/err.h"
#include "base/sb.h"
#include "domain/geo.h"
#include "net/route.h"
#include "store/db.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

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
    if (r == 0) {
        db_schema_print(db, &text);
        printf("%.*s", STR(sb_str(&text)));
    }
    sb_done(&text);
    db_close(db);
    return r;
}

static int geo(const struct config *c)
{
    int r;

    if (!c->rest[0] || !c->rest[1] || !c->rest[2]) {
        fprintf(stderr, "usage: kengesh geo RANGES4 RANGES6 FILE\n"
                        "  the range lists of Debian's tor-geoipdb, unpacked; the note says where they are from\n");
        return ERR_SYNTAX;
    }
    r = geo_import(c->rest[0], c->rest[1], c->note, c->rest[2]);
    if (r < 0)
        fprintf(stderr, "kengesh geo: %s\n", err_text(r));
    return r;
}

static int help(const struct config *c);

static const struct command {
    const char *name;
    unsigned bit; /* which flags of config.c it takes */
    int (*run)(const struct config *c);
    const char *help;
} commands[] = {
    {"serve", CMD_SERVE, serve_run, "serves the site and its live rooms until SIGTERM"},
    {"demo", CMD_DEMO, demo_run, "imports the sample seminar and prints who opens which link"},
    {"password", CMD_PASSWORD, password_run, "gives a staff account a new password"},
    {"geo", CMD_GEO, geo, "makes the table of countries from range lists"},
    {"routes", CMD_TABLE, routes, "every URL, the right it needs, its flags"},
    {"limits", CMD_TABLE, limits, "every limit and its reason"},
    {"errors", CMD_TABLE, errors, "every error and its HTTP status"},
    {"schema", CMD_TABLE, schema, "the store's tables and what each column means"},
    {"version", CMD_TABLE, version, "which version this is"},
    {"help", CMD_TABLE, help, "this list; `kengesh COMMAND --help` has the flags"},
};

static int help(const struct config *c)
{
    (void)c;
    printf("usage: kengesh COMMAND [flags]\n\n");
    for (size_t i = 0; i < NELEM(commands); i++)
        printf("  %-10s %s\n", commands[i].name, commands[i].help);
    return 0;
}

static const struct command *command_by_name(const char *name)
{
    for (size_t i = 0; i < NELEM(commands); i++)
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    return NULL;
}

int main(int argc, char **argv)
{
    const struct command *cmd = argc > 1 ? command_by_name(argv[1]) : NULL;
    struct config config;
    int r;

    if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0))
        return help(NULL);
    if (!cmd) {
        fprintf(stderr, "kengesh: %s; see kengesh help\n", argc > 1 ? "there is no such command" : "which command?");
        return 2;
    }
    r = config_parse(&config, cmd->name, cmd->bit, argc, argv);
    if (r != 0)
        return r < 0 ? 2 : 0;
    if (sodium_init() < 0)
        return 1;
    return cmd->run(&config) < 0 ? 1 : 0;
}
