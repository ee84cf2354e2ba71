/*
 * What the operator sets, each thing from the first place that names it:
 *
 *     command line (--data X)  →  environment (KENGESH_DATA)  →  file (data = X)  →  default
 *
 * The file is --config or KENGESH_CONFIG, else kengesh.conf of the data folder when it is there.
 * Owner: main; read-only after config_parse. The table of flags is app/flag.c.
 */
#ifndef APP_CONFIG_H
#define APP_CONFIG_H

#include "app/flag.h"
#include "base/types.h"

struct arena;

struct config {
    const char *config;   /* the file; NULL: that of the data folder */
    const char *data;     /* folder of the store */
    const char *site;     /* public address without a slash at the end: links, Origin check */
    const char *listen;   /* host:port, several with commas */
    const char *udp;      /* host:port of the media socket */
    const char *announce; /* addresses written into answers, with commas */
    const char *assets;   /* serve assets from this folder (development) */
    const char *geo;      /* table of countries (domain/geo.h) */
    const char *note;     /* geo: date, source and licence of the ranges */
    const char *examples; /* folder of the sample seminar */
    const char *log;      /* debug, info, warn, error */
    const char *threads;  /* web threads */
    const char *media_threads; /* a number or "auto" */
    const char *tls_cert; /* PEM files; NULL: none */
    const char *tls_key;
    const char *exit;     /* quick exit by country (web/page_exit.c); NULL: a calendar */
    const char *rights;  /* account: what it may do */
    const char *name;    /* account: of the person */
    const char *lang;    /* account: of the person; pack: of a book */
    const char *guide;   /* pack: its short name; NULL: everything */
    bool has_sound;      /* pack: with what can be heard */
    bool is_self_only;   /* media of this machine alone */
    bool is_gso_off;     /* media by single datagrams */
    bool is_tls_self;    /* a certificate made by the house itself */
    bool is_demo;        /* shows the demo banner */
    bool is_plain_titles;
    bool is_pseudo;      /* offers the pseudo-language */
    bool is_json;        /* demo: print JSON */
    const char *rest[3]; /* arguments that are no flags; NULL where there are fewer */
};

/*
 * Takes argv from index 2 (behind the command). What is wrong is said on standard error, with file
 * and line when it is in the file: ERR_SYNTAX. "--help" gives 1 and nothing else is looked at.
 * Values live in the arena, in argv and in the environment.
 */
int config_parse(struct arena *a, struct config *c, unsigned bit, int argc, char **argv);

#endif
