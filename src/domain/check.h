/*
 * The reporting check: finds words and habits in a text about trafficking and migration that harm
 * people, says why, and offers others. It marks, explains, offers; it never rewrites and keeps
 * nothing. Words come from a data file per language (web/asset/check/<lang>.json, its form is in
 * docs/recipes.md, "Reporting check"); what is no question of words is in check_note.c.
 *
 * A find inside quotation marks, a quoted block or the title of a law is counted, not marked: what
 * others said, and what a law is called, stays as it is.
 *
 * Rules are read-only after parsing: any thread. Texts are UTF-8; places are bytes of the text
 * given.
 */
#ifndef DOMAIN_CHECK_H
#define DOMAIN_CHECK_H

#include "base/types.h"

struct arena;
struct check_rules;

enum check_severity { CHECK_INFO, CHECK_MEDIUM, CHECK_HIGH };

/* C1, C3 … are the marks of domain/reporting-check.md. */
enum check_note {
    CHECK_WORD,       /* a rule of the data file */
    CHECK_PLACE,      /* C1: where a person at risk lives, learns or works */
    CHECK_PHONE,      /* C1: a phone number */
    CHECK_PASSPORT,   /* C1: the number of a document */
    CHECK_EMAIL,      /* C1: an address of e-mail */
    CHECK_BIRTH,      /* C1: a day of birth */
    CHECK_ONE_SOURCE, /* C3: fewer than two sources */
    CHECK_NO_HELP,    /* C4: nothing says where help is */
    CHECK_FIGURE,     /* C5: a figure without its source or year */
    CHECK_TITLE,      /* C6: the headline says what the text does not */
    CHECK_PICTURE,    /* C7: a picture of chains, cages, bruises */
    CHECK_NOTES
};

enum {
    CHECK_OFFERS = 4,        /* the longest list of reporting-check.md has three */
    CHECK_TITLE_BYTES = 500, /* news' titles end there, too */
};

struct check_rule {
    int id; /* the number in reporting-check.md */
    enum check_severity severity;
    str prefer[CHECK_OFFERS], sources[CHECK_OFFERS];
    size_t nprefer, nsources;
    str label;         /* what it is about, as a reader would write it */
    str reason;        /* in the language of the rules */
    bool is_contested; /* sources disagree */
    bool is_draft;     /* the offer is our wording: a native editor has not agreed to it */
};

struct check_find {
    enum check_note note;
    enum check_severity severity;
    const struct check_rule *rule; /* of CHECK_WORD, else NULL */
    size_t at, n;                  /* in body; n 0: of the whole text */
};

struct check_in {
    str title, body; /* title may be unset; body is plain text or Markdown */
};

struct check_result {
    struct check_find *finds; /* in the order of the text; those of the whole text last */
    size_t n;
    size_t nquoted; /* word finds in quotations and titles of laws, not marked */
    bool is_cut;    /* more than MAX_CHECK_FINDS: the rest is not listed */
    uint64_t steps; /* what it cost; grows with the length of the text, not with its square */
};

/* ERR_PARSE with what is wrong in the log at debug. Frees nothing of the input. */
int check_rules_parse(str json, struct check_rules **ret_rules);
str check_rules_lang(const struct check_rules *r);
/* i from 0 until NULL: for the page that lists all. */
const struct check_rule *check_rule_at(const struct check_rules *r, size_t i);
/* ERR_TOO_BIG: body over MAX_CHECK_BYTES, title over CHECK_TITLE_BYTES; ERR_ENCODING: no UTF-8. */
int check_run(struct arena *a, const struct check_rules *r, const struct check_in *in,
              struct check_result *ret_result);
/* NULL-safe. */
void check_rules_free(struct check_rules *r);

#endif
