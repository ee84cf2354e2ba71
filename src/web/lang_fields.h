/*
 * The fields name_<lang> of one text in the forms of guides and media kits. Each carries the
 * revision that its editor saw (name_<lang>_was; none: there was no such version): what somebody
 * else has written since is a conflict, and a language that was not changed in the form is not
 * written at all. Web thread, store thread in an act.
 */
#ifndef WEB_LANG_FIELDS_H
#define WEB_LANG_FIELDS_H

#include "base/types.h"
#include "gen/template.h"

struct db;
struct exchange;
struct text_in;

struct lang_fields {
    const char *name;
    int64_t text_id; /* 0: there is none yet */
    bool is_typed;   /* with what was typed, and beside it what is stored when that has changed */
};

typedef int lang_fields_fn(struct exchange *x, struct db *db, int64_t id, const struct text_in *in);

struct lang_fields_put {
    const char *name;
    int64_t id, text_id; /* id: what the text belongs to, for put */
    lang_fields_fn *put;
    bool is_taken; /* an empty field takes its language away; else it leaves it as it is */
};

/* What stands in name_<code>, trimmed, its lines ended by LF; never unset. */
str lang_fields_value(struct exchange *x, const char *name, str code);
/* Is there such a field in what was sent? */
bool lang_fields_sent(struct exchange *x, const char *name, str code);
bool lang_fields_any(struct exchange *x, const char *name);
/* The language to be written first: the source, or what becomes it; unset: any. */
str lang_fields_source(struct exchange *x, struct db *db, const char *name, int64_t text_id);
int lang_fields_fill(struct exchange *x, const struct lang_fields *f,
                     const struct tpl_guide_text **ret_row, size_t *ret_n);
/* Source first. ERR_CONFLICT; ERR_RANGE: all fields are empty, or a revision is no number. */
int lang_fields_put(struct exchange *x, struct db *db, const struct lang_fields_put *p);
/* The same for what may have no words at all. */
int lang_fields_put_any(struct exchange *x, struct db *db, const struct lang_fields_put *p);

#endif
