/*
 * What the reporting check (domain/check.h) finds in a text, as a part of a page: the text with its
 * marks, and each find with its reason and what could stand instead. Keeps nothing. Web thread.
 */
#ifndef WEB_CHECK_MARKS_H
#define WEB_CHECK_MARKS_H

#include "domain/check.h"
#include "gen/template.h"
#include "gen/text.h"

struct arena;
struct exchange;

/* Runs the check. ERR_TOO_BIG, ERR_ENCODING as check_run(). */
int check_marks_fill(struct exchange *x, const struct check_rules *rules,
                     const struct check_in *in, struct tpl_check_marks *ret_marks);
/* Offers, reason and sources of one rule. */
int check_marks_rule(struct arena *a, const struct check_rule *rule, struct tpl_check_find *f);
enum text_id check_marks_grade(enum check_severity s);
/* "high", "medium", "info" */
str check_marks_word(enum check_severity s);

#endif
