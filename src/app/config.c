#include "app/config.h"

#include "base/err.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct flag {
    const char *name;
    const char *env;
    size_t offset;
    unsigned commands;
    bool is_switch;
    const char *fallback;
    const char *help;
};

#define FIELD(f) offsetof(struct config, f)
enum { LINK_USERS = CMD_SERVE | CMD_DEMO, STORE_USERS = LINK_USERS | CMD_PASSWORD };

static const struct flag flags[] = {
    {"--data", "KENGESH_DATA", FIELD(data), STORE_USERS, false, "var", "FOLDER  where everything is kept"},
    {"--site", "KENGESH_SITE", FIELD(site), LINK_USERS, false, "http://localhost:8080",
     "URL  the public address, as in http://localhost:8080; links and the check of forms use it"},
    {"--listen", "KENGESH_LISTEN", FIELD(listen), CMD_SERVE, false, "127.0.0.1:8080",
     "HOST:PORT[,HOST:PORT]  pages and control; port 0 lets the system choose"},
    {"--udp", "KENGESH_UDP", FIELD(udp), CMD_SERVE, false, "127.0.0.1:0", "HOST:PORT  sound and picture"},
    {"--announce", "KENGESH_ANNOUNCE", FIELD(announce), CMD_SERVE, false, "127.0.0.1",
     "IP[,IP]  the addresses at which browsers reach the UDP port"},
    {"--udp-self", NULL, FIELD(is_self_only), CMD_SERVE, true, NULL,
     "takes sound and picture from this machine alone"},
    {"--threads", "KENGESH_THREADS", FIELD(threads), CMD_SERVE, false, "2", "N  web threads"},
    {"--assets", "KENGESH_ASSETS", FIELD(assets), CMD_SERVE, false, NULL,
     "FOLDER  scripts and styles from disk instead of the binary, for editing"},
    {"--geo", "KENGESH_GEO", FIELD(geo), CMD_SERVE, false, "data/geo/geo.bin", "FILE  countries of addresses, for counters"},
    {"--log", "KENGESH_LOG", FIELD(log), CMD_SERVE, false, "info", "LEVEL  debug, info, warn or error"},
    {"--tls-cert", "KENGESH_TLS_CERT", FIELD(tls_cert), CMD_SERVE, false, NULL,
     "FILE  certificate chain (PEM): https on the same port; read again at SIGHUP"},
    {"--tls-key", "KENGESH_TLS_KEY", FIELD(tls_key), CMD_SERVE, false, NULL, "FILE  its key (PEM)"},
    {"--tls-self", NULL, FIELD(is_tls_self), CMD_SERVE, true, NULL,
     "https with a certificate of our own making, for a network without names; its fingerprint is printed"},
    {"--demo", NULL, FIELD(is_demo), CMD_SERVE, true, NULL, "says on every page that this is a demonstration"},
    {"--pseudo", "KENGESH_PSEUDO", FIELD(is_pseudo), CMD_SERVE, true, NULL,
     "offers the pseudo-language xx, which shows what is not translated or too narrow"},
    {"--examples", NULL, FIELD(examples), CMD_DEMO, false, "examples", "FOLDER  of seminar.json and invitations.csv"},
    {"--note", NULL, FIELD(note), CMD_GEO, false, "", "TEXT  date, source and licence of the ranges"},
    {"--json", NULL, FIELD(is_json), CMD_DEMO, true, NULL, "prints the links as JSON"},
};

static void set_text(struct config *c, const struct flag *f, const char *value)
{
    memcpy((char *)c + f->offset, &value, sizeof(value));
}

static void set_switch(struct config *c, const struct flag *f)
{
    bool on = true;

    memcpy((char *)c + f->offset, &on, sizeof(on));
}

static const struct flag *flag_by_name(const char *name, unsigned bit)
{
    for (size_t i = 0; i < NELEM(flags); i++)
        if (flags[i].commands & bit && strcmp(flags[i].name, name) == 0)
            return &flags[i];
    return NULL;
}

static void defaults(struct config *c, unsigned bit)
{
    *c = (struct config){0};
    for (size_t i = 0; i < NELEM(flags); i++) {
        const char *env = flags[i].env ? getenv(flags[i].env) : NULL;

        if (flags[i].commands & bit && !flags[i].is_switch)
            set_text(c, &flags[i], env ? env : flags[i].fallback);
    }
}

static void print_help(const char *command, unsigned bit)
{
    printf("usage: kengesh %s [flags]\n\n", command);
    for (size_t i = 0; i < NELEM(flags); i++) {
        if (!(flags[i].commands & bit))
            continue;
        printf("  %-11s %s", flags[i].name, flags[i].help);
        if (flags[i].fallback)
            printf(" (default %s)", flags[i].fallback);
        if (flags[i].env)
            printf(" [%s]", flags[i].env);
        printf("\n");
    }
}

int config_parse(struct config *c, const char *command, unsigned bit, int argc, char **argv)
{
    size_t nrest = 0;

    defaults(c, bit);
    for (int i = 2; i < argc; i++) {
        const struct flag *f;

        if (strcmp(argv[i], "--help") == 0) {
            print_help(command, bit);
            return 1;
        }
        if (argv[i][0] != '-' && nrest < NELEM(c->rest)) {
            c->rest[nrest++] = argv[i];
            continue;
        }
        f = flag_by_name(argv[i], bit);
        if (!f || (!f->is_switch && i + 1 == argc)) {
            fprintf(stderr, "kengesh %s: %s %s; see kengesh %s --help\n", command, argv[i],
                    f ? "needs a value" : "is not a flag of this command", command);
            return ERR_SYNTAX;
        }
        if (f->is_switch)
            set_switch(c, f);
        else
            set_text(c, f, argv[++i]);
    }
    return 0;
}
