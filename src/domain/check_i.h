/*
 * The inside of the reporting check, shared by check_rules.c (reads the data file), check_words.c
 * (cuts a text into words), check_match.c (patterns against words), check_note.c (what is no
 * question of words) and check.c. Nobody else includes this, save the tests.
 *
 * A pattern is words with spaces between; a word of it is one of
 *
 *     word       as it is, folded             stem*      any continuation
 *     stem+c     an ending of class c         a|b+n      one of these
 *     @set       a pattern of that set        _          up to CHECK_GAP words, whatever they are
 */
#ifndef DOMAIN_CHECK_I_H
#define DOMAIN_CHECK_I_H

#include "base/types.h"
#include "domain/check.h"

enum {
    CHECK_GAP = 3,
    CHECK_BUCKETS = 1024,
    CHECK_SPAN = 60, /* words on either side; who writes longer sentences is read in parts */
};

enum atom_kind { ATOM_WORD, ATOM_PREFIX, ATOM_ENDING };

/* Endings that may follow a stem; in an agglutinating language up to `most` of them in a row. */
struct ending_class {
    str name;
    str *endings;
    size_t n;
    unsigned most;
};

struct atom {
    enum atom_kind kind;
    str stem;
    const struct ending_class *endings; /* of ATOM_ENDING */
};

enum step_kind { STEP_ATOMS, STEP_SET, STEP_GAP };

struct pattern_list;
struct step {
    enum step_kind kind;
    struct atom *atoms;
    size_t natoms;
    const struct pattern_list *set;
};

struct pattern {
    struct step *steps;
    size_t n;
};

struct pattern_list {
    str name; /* of a set */
    struct pattern *patterns;
    size_t n;
};

struct rule {
    struct check_rule shown;
    struct pattern_list avoid, near, unless;
};

/* Where a pattern of a rule may begin: chained by the first letters of its first word. */
struct start {
    const struct rule *rule;
    const struct pattern *pattern;
    struct start *next;
};

struct check_rules {
    struct arena *a;
    str lang;
    struct ending_class *classes;
    size_t nclasses;
    struct pattern_list *sets;
    size_t nsets;
    struct rule *rules;
    size_t nrules;
    struct start *starts[CHECK_BUCKETS];
    struct pattern_list laws, law_links, places, person, attributions, help, figures, pictures,
        captions;
};

struct word {
    str folded;
    size_t at, n;      /* in the text */
    uint32_t sentence; /* ascending */
    bool is_apart;     /* a sign stands between it and the word before */
    bool is_quoted;
};

struct words {
    str text;
    struct word *word;
    size_t n;
    uint64_t *steps; /* what the check has cost: words looked at and patterns tried */
};

/* ---- check_words.c ---- */
/* One word or several as the matcher compares them: case, ё/е, apostrophes, Tajik letters with and
 * without their signs. p NULL: no memory. */
str check_fold(struct arena *a, str s);
/* Words in order with sentences and quotations marked; titles of laws too when r is not NULL. */
int check_words(struct arena *a, const struct check_rules *r, str text, struct words *ret_words);

/* ---- check_match.c ---- */
unsigned check_bucket(str folded);
/* The index behind the last word of the longest match of p that begins at word `at`; 0: none. */
size_t check_match(const struct words *w, const struct pattern *p, size_t at);
/* Whether any pattern of the list begins between words [from, to). */
bool check_any(const struct words *w, const struct pattern_list *l, size_t from, size_t to);
/* The words [ret_from, ret_to) of the sentences around word `at`, `around` on either side; at most
 * CHECK_SPAN words before it and as many behind it. */
void check_span(const struct words *w, size_t at, uint32_t around, size_t *ret_from,
                size_t *ret_to);

/* ---- check_note.c ---- */
struct finder;
/* All that is no question of words. */
void check_notes(struct finder *f);

/* ---- check.c ---- */
struct finder {
    struct arena *a;
    const struct check_rules *r;
    const struct check_in *in;
    struct words body, title;
    struct check_result *to;
};
/* Bytes [at, at + n) of the body; n 0: the whole text. */
void check_add(struct finder *f, enum check_note note, enum check_severity severity, size_t at,
               size_t n);

#endif
