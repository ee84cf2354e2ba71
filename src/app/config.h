/*
 * What the operator sets: flags of the command line, else environment (KENGESH_DATA …), else the default. One table; `--help`
 * of every command is printed from it. Owner: main, read-only afterwards.
 */
#ifndef APP_CONFIG_H
#define APP_CONFIG_H

#include "base/types.h"

enum command_bits {
    CMD_SERVE = 1 << 0,
    CMD_DEMO = 1 << 1,
    CMD_GEO = 1 << 2,
    CMD_TABLE = 1 << 3, /* prints a table; no flags */
    CMD_PASSWORD = 1 << 4,
};

struct config {
    const char *data;      /* folder of the store */
    const char *site;      /* public address without a slash at the end: links, Origin check */
    const char *listen;    /* host:port, several with commas */
    const char *udp;       /* host:port of the media socket */
    const char *announce;  /* addresses written into answers, with commas */
    const char *assets;    /* serve assets from this folder (development) */
    const char *geo;       /* table of countries (domain/geo.h) */
    const char *note;      /* geo: date, source and licence of the ranges */
    const char *examples;  /* folder of the sample seminar */
    const char *log;       /* debug, info, warn, error */
    const char *threads;   /* web threads */
    const char *tls_cert;  /* PEM files; NULL: none */
    const char *tls_key;
    bool is_self_only;     /* media of this machine alone */
    bool is_tls_self;      /* a certificate made by the house itself */
    bool is_demo;          /* shows the demo banner */
    bool is_pseudo;        /* offers the pseudo-language */
    bool is_json;          /* demo: print JSON */
    const char *rest[3];   /* arguments that are no flags; NULL where there are fewer */
};

/*
 * Parses argv from index 2 (behind the command). A wrong flag is explained on standard error: ERR_SYNTAX. "--help" prints the
 * command's flags to standard output and returns 1.
 */
int config_parse(struct config *c, const char *command, unsigned bit, int argc, char **argv);

#endif
