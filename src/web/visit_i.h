/*
 * The dispatcher's notes about one exchange, shared by web/dispatch.c and web/visit.c alone. Lives
 * in the exchange's arena; x->site points to it.
 */
#ifndef WEB_VISIT_I_H
#define WEB_VISIT_I_H

#include "base/types.h"
#include "domain/actor.h"
#include "domain/session.h"
#include "net/http.h"
#include "web/texts.h"

struct site;

struct visit {
    struct exchange *x;
    struct site *site;
    struct texts texts;
    struct actor actor;
    usec now;
    str token[2]; /* session tokens that were accepted, by kind - 1 */
    char csrf[SESSION_CSRF_TEXT];
    bool is_lang_asked; /* by the path or ?lang= */
    str page;           /* to count; unset: nothing */
    route_act_fn *act;
    route_show_fn *show;
};

struct visit *visit_of(const struct exchange *x);
/* The answer is ready: counts the view. */
void visit_end(struct visit *v);
/* The same for an answer that needed no visit. */
void visit_hit(struct exchange *x, struct site *s, str page, str lang);
/* On the web thread: puts v->act to the writer, then v->show and visit_finish. */
void visit_submit(struct visit *v);

#endif
