/*
 * The four questions of the safety check as a part of a form. Web thread; safety_form_read also on
 * the store thread.
 */
#ifndef WEB_SAFETY_FORM_H
#define WEB_SAFETY_FORM_H

#include "domain/safety.h"
#include "gen/template.h"

struct exchange;

/* What the form says; an answer that is none is 0. True when any question was answered. */
bool safety_form_read(struct exchange *x, struct safety_in *ret_in);
/* With what was chosen; has_faults: those without an answer say so. ERR_MEM. */
int safety_form_fill(struct exchange *x, const struct safety_in *in, bool has_faults,
                     struct tpl_safety_questions *ret_part);

#endif
