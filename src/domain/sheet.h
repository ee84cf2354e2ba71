/*
 * The donor's sheet of a seminar: the figures as rows that say what they count, of how many, in
 * which period, by which method; as JSON and CSV; and frozen: dated, hashed and signed when it is
 * handed over. What was frozen is never changed; a correction is another sheet with the next
 * number. The records it was computed from stay in the house, bound to it by their hash.
 */
#ifndef DOMAIN_SHEET_H
#define DOMAIN_SHEET_H

#include "base/types.h"
#include "domain/indicator.h"

struct actor;
struct arena;
struct db;
struct seminar;
struct signer;

/* What a figure is counted over. */
enum sheet_period {
    PERIOD_SEMINAR,   /* from its beginning to its end, or to the count where it has none yet */
    PERIOD_TO_COUNT,  /* from its beginning to the count */
    PERIOD_UNTIL_COUNT, /* all that was before the count */
};

struct sheet_row {
    str id;          /* "persons.attended", "gain.knowledge.mean" */
    str split, part; /* "sex", "female"; empty: all; part "": not stated */
    bool is_hidden;  /* fewer than five people, or hidden along: no value, no n */
    bool has_value;  /* false and not hidden: there is nothing to compute */
    double value;
    int64_t n;        /* people, pairs or pages behind it; -1: does not apply */
    int period;       /* enum sheet_period */
    const char *unit; /* "persons", "percent", "points", "minutes", "views", … */
    const char *method;
};

struct sheet_rows {
    struct sheet_row *row;
    size_t n;
};

int sheet_rows(struct arena *a, const struct tally *t, const struct indicator *i,
               struct sheet_rows *ret_rows);

/* What a frozen sheet says about itself. */
struct sheet_head {
    int number; /* 0: not frozen */
    bool is_first_form; /* kengesh-sheet-1, without periods of figures: to compute old ones again */
    str handed_to;
    usec frozen_at;
    str records_hash;
};

int sheet_json(struct arena *a, const struct tally *t, const struct sheet_rows *rows,
               const struct sheet_head *head, str *ret_json);
/* With a row of HXL tags under the headings (https://hxlstandard.org). */
int sheet_csv(struct arena *a, const struct tally *t, const struct sheet_rows *rows, str *ret_csv);

/* ---- frozen ---- */
struct sheet {
    int64_t id, seminar_id;
    int number;
    str json, records; /* records unset where they are not for the asker */
    str hash, key, signature, handed_to;
    usec frozen_at;
};

struct sheet_list {
    struct sheet *row; /* without json and records */
    size_t n;
};

/* RIGHT_EVENT. Counts the record of this moment. ERR_RANGE without handed_to, ERR_TOO_BIG. */
struct sheet_order {
    const struct seminar *s;
    const struct signer *signer;
    str handed_to;
};
int sheet_freeze(struct arena *a, struct db *db, const struct actor *who,
                 const struct sheet_order *order, usec now, int64_t *ret_id);
/* RIGHT_EVENT; newest first. */
int sheet_list(struct arena *a, struct db *db, const struct actor *who, int64_t seminar_id,
               struct sheet_list *ret_list);
/* RIGHT_EVENT, with everything. */
int sheet_by_id(struct arena *a, struct db *db, const struct actor *who, int64_t id,
                struct sheet *ret_sheet);
/* Anybody, by 64 hex digits; without json and records: whoever has the file has the figures. */
int sheet_by_hash(struct arena *a, struct db *db, str hash, struct sheet *ret_sheet);
/* Pure. The signature and the hash belong to the bytes: 0, or ERR_CRYPTO. */
int sheet_verify(const struct sheet *sheet, str bytes);
/*
 * Computes every figure again from the records of a frozen sheet: 0 when that gives the very bytes
 * that were handed over, ERR_CRYPTO when not.
 */
int sheet_recompute(struct arena *a, const struct sheet *sheet);

#endif
