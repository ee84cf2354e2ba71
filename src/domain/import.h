/*
 * Import: seminar.json whole, and invitation lists as spreadsheets save them. Importing twice
 * changes nothing twice. A list's good rows are taken; each faulty one is reported by line and
 * reason, and never half taken.
 */
#ifndef DOMAIN_IMPORT_H
#define DOMAIN_IMPORT_H

#include "base/types.h"

struct actor;
struct arena;
struct db;

/* IMPORT(CODE): the text key of a reason is import.<code in lower case>. */
#define IMPORT_REASON_TABLE(IMPORT)                                                        \
    IMPORT(NO_ORG)        /* the organisation is not known */                              \
    IMPORT(SEVERAL_ORGS)  /* several organisations begin so */                             \
    IMPORT(NO_ROLE)       /* the role is not known */                                      \
    IMPORT(NO_LANG)       /* the language is not one of the seminar's */                   \
    IMPORT(EMAIL)         /* the e-mail address is not well formed */                      \
    IMPORT(SEX)           /* neither female, male nor not stated */                        \
    IMPORT(AGE)           /* not one of the age groups */                                  \
    IMPORT(COUNTRY)       /* not a country */                                              \
    IMPORT(COLUMNS)       /* more cells than headings */                                   \
    IMPORT(NOBODY)        /* neither name, function nor e-mail */                          \
    IMPORT(QUOTES)        /* a quotation mark is never closed */                           \
    IMPORT(CELL)          /* a cell is too long */                                         \
    IMPORT(NOT_CONFIRMED) /* only the beginning of a name, and nobody has agreed to it */

enum import_reason {
    IMPORT_OK,
#define IMPORT(code) IMPORT_##code,
    IMPORT_REASON_TABLE(IMPORT)
#undef IMPORT
    IMPORT_REASON_COUNT
};

struct import_fault {
    unsigned line;  /* from 1, as an editor counts */
    int reason;     /* enum import_reason */
    str cell;       /* the text that is at fault, cut to 80 bytes */
};

/* A row that is taken. */
enum import_row_what { IMPORT_ROW_NEW, IMPORT_ROW_CHANGED, IMPORT_ROW_SAME };
struct import_row {
    unsigned line;
    int what;     /* enum import_row_what */
    str who, org; /* as the record shows them; org by its whole name */
};

/* The beginning of a name that was completed: to be agreed to before it counts. */
struct import_match {
    str given, name;
};

struct import_report {
    unsigned nrows;             /* rows with something in them, without the heading */
    unsigned nadded, nchanged, nsame;
    struct import_fault *fault;
    size_t nfaults;
    struct import_row *taken;
    size_t ntaken;
    struct import_match *match; /* each name once */
    size_t nmatches;
    const char *encoding;       /* that was found: "UTF-8", "windows-1251" */
    char separator;             /* ',' ';' or tab */
};

/* Whose list it is, when, and what the file said. */
struct import_job {
    int64_t seminar_id;          /* of a list; ignored by import_seminar */
    usec now;
    /* import_seminar: instead of what the file says; unset or 0: as it says */
    str slug;
    usec starts_at;
    int policy;
    int state;                   /* import_seminar: of a seminar that is new; 0: SEMINAR_PLANNED */
    bool is_demo;                /* import_seminar: marks it so */
    bool is_trial;               /* tried and taken back: the report says what would be */
    bool is_checked;             /* of a list: completed names must be among these */
    const str *confirmed;        /* as the list gives them */
    size_t nconfirmed;
    bool is_bare; /* import_seminar: without the file's conclusions (it has not taken place) */
};

/*
 * bytes in UTF-8, UTF-16 with a mark, or what ICU recognises (Windows-1251 in practice); cells by
 * ',' ';' or tab; headings in English or Russian in any order. ERR_SYNTAX: no heading row was
 * recognised; ERR_TOO_BIG over MAX_IMPORT_ROWS; ERR_ENCODING. RIGHT_EVENT.
 */
int import_invitations(struct arena *a, struct db *db, const struct actor *who,
                       const struct import_job *job, str bytes, struct import_report *ret_report);
/*
 * Programme, organisations, seminar, agenda, quotas, conclusions. All or nothing: a fault gives
 * ERR_SYNTAX or ERR_RANGE (the caller rolls back) and its place in ret_seminar->fault
 * ("seminar.agenda[3].minutes"), the one field written on failure. RIGHT_EVENT.
 */
struct import_seminar {
    int64_t seminar_id;
    bool is_new;
    str fault;
    str slug, title, programme, zone; /* in the page's language, the file's first otherwise */
    usec starts_at;
    int nitems, norgs;
};
int import_seminar(struct arena *a, struct db *db, const struct actor *who,
                   const struct import_job *job, str json, struct import_seminar *ret_seminar);

#endif
