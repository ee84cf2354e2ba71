/*
 * The program: finds the command, reads what the operator set, runs it. Exit codes: 0 done, 1 it
 * failed, 2 it was asked wrongly.
 */
#include "app/command.h"
#include "app/config.h"
#include "app/manual.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/sb.h"
#include "base/str.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

static int print_command(const struct command *cmd)
{
    struct sb text = sb_init(NULL, 0);

    manual_command(&text, cmd);
    printf("%.*s", STR(sb_str(&text)));
    sb_done(&text);
    return 0;
}

static int run(const struct command *cmd, struct arena *a, int argc, char **argv)
{
    struct config config;
    int r = config_parse(a, &config, cmd->bit, argc, argv);

    if (r > 0)
        return print_command(cmd);
    if (r < 0)
        return 2;
    r = sodium_init() < 0 ? ERR_CRYPTO : cmd->run(&config);
    if (r == ERR_SYNTAX)
        return 2;
    return r < 0 ? 1 : 0;
}

int main(int argc, char **argv)
{
    const char *name = argc > 1 ? argv[1] : "";
    const struct command *cmd;
    struct arena *a;
    int r;

    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
        name = "help";
    if (strcmp(name, "--version") == 0)
        name = "version";
    cmd = command_by_name(str_c(name));
    if (!cmd) {
        fprintf(stderr, "kengesh: %s; see kengesh help\n",
                argc > 1 ? "there is no such command" : "which command?");
        return 2;
    }
    a = arena_new();
    if (!a)
        return 1;
    r = run(cmd, a, argc, argv);
    arena_free(a);
    return r;
}
