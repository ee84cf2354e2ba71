#include "web/remove.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/need.h"
#include "domain/text.h"
#include "gen/template.h"
#include "net/http.h"
#include "web/frame.h"
#include "web/texts.h"
#include "web/visit.h"

static int fill_needs(struct exchange *x, const struct needs *needs, struct tpl_desk_remove *v)
{
    static const enum text_id words[NEED_COUNT] = {
#define NEED(code) [NEED_##code] = TEXT_NEED_##code,
        NEED_TABLE(NEED)
#undef NEED
    };
    struct tpl_desk_remove_needs *row = arena_array(x->arena, NEED_COUNT, sizeof(*row));

    if (!row)
        return ERR_MEM;
    for (int i = 0; i < NEED_COUNT; i++)
        if (needs->n[i])
            row[v->nneeds++] =
                (struct tpl_desk_remove_needs){.word = words[i], .count = needs->n[i]};
    v->needs = row;
    return 0;
}

void remove_send(struct exchange *x, const struct remove_page *p)
{
    str action = arena_printf(x->arena, "%.*s/%s", STR(p->own), p->verb ? p->verb : "remove");
    struct tpl_desk_remove v = {
        .back = p->own,
        .question = p->question,
        .title = frame_text(p->title, p->name.n ? p->name : str_rcut(p->own, '/').tail),
        .title_lang = frame_foreign(p->title),
        .advice = p->advice ? p->advice : TEXT_REMOVE_FOR_GOOD,
        .action = action,
        .csrf_token = visit_csrf(x),
        .submit = p->submit ? p->submit : TEXT_REMOVE_DO,
        .is_refused = p->needs && p->needs->is_any,
        .was = p->was,
        .instead = p->instead,
        .instead_url = p->instead_url,
    };

    if (p->is_changed)
        v.failed = TEXT_BLANK_CONFLICT;
    else if (x->result < 0 && !v.is_refused)
        v.failed = TEXT_REMOVE_FAILED;
    if (p->needs && fill_needs(x, p->needs, &v) < 0) {
        visit_fail(x, ERR_MEM);
        return;
    }
    frame_fill(x, &v.page, texts_get(visit_texts(x), p->question), action);
    tpl_desk_remove(&x->reply, visit_texts(x), &v);
    frame_send(x, x->result < 0 ? err_http_status(x->result) : 200);
}

void remove_done(struct exchange *x, str list, void (*ask)(struct exchange *x))
{
    if (x->result == 0)
        http_redirect(x, 303, list);
    else if (x->result == ERR_CONFLICT && ask)
        ask(x);
    else
        visit_fail(x, x->result);
}
