/*
 * What was agreed: conclusions, recommendations, good practices, commitments; numbered within the
 * seminar, a text with language versions each. A number is never given twice.
 */
#ifndef DOMAIN_CONCLUSION_H
#define DOMAIN_CONCLUSION_H

#include "base/types.h"
#include "domain/text.h"

struct actor;
struct arena;
struct db;

/* Stored by number: append only. */
enum conclusion_kind {
    CONCLUSION_CONCLUSION = 1,
    CONCLUSION_RECOMMENDATION,
    CONCLUSION_PRACTICE,
    CONCLUSION_COMMITMENT,
};

struct conclusion {
    int64_t id;
    int number; /* from 1, within the seminar */
    int kind;
    struct text text;
};

struct conclusion_list {
    struct conclusion *row;
    size_t n;
};

struct conclusion_in {
    int64_t seminar_id;
    int kind;
    int number; /* 0: the next; otherwise that one is changed (import) */
    str lang, text;
};

/* "conclusion", "recommendation", "practice", "commitment". */
const char *conclusion_kind_name(int kind);
int conclusion_kind_parse(str name, int *ret_kind);

int conclusion_list(struct arena *a, struct db *db, int64_t seminar_id, str lang,
                    struct conclusion_list *ret_list);
/*
 * RIGHT_EVENT, or host and co-host of that seminar. ERR_TOO_BIG over MAX_CONCLUSION_BYTES,
 * ERR_RANGE when empty.
 */
int conclusion_add(struct db *db, const struct actor *who, const struct conclusion_in *in,
                   usec now, int64_t *ret_id);
/* Another language, or a change. Same rights. */
int conclusion_text_put(struct db *db, const struct actor *who, int64_t id,
                        const struct text_in *in, usec now);

#endif
