#include "web/page_privacy.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/programme.h"
#include "domain/retention.h"
#include "domain/session.h"
#include "gen/template.h"
#include "net/http.h"
#include "web/frame.h"
#include "web/texts.h"
#include "web/visit.h"

/* Whom to ask: the organisation that convenes the newest programme; nobody while there is none. */
static int fill_convener(struct exchange *x, struct tpl_privacy *v)
{
    struct programme_list list;
    int r = programme_list(x->arena, x->db, visit_lang(x), &list);

    if (r < 0)
        return r;
    for (size_t i = 0; i < list.n && !v->convener.p; i++)
        if (list.row[i].convener.id) {
            v->convener =
                frame_text(&list.row[i].convener.name, list.row[i].convener.slug);
            v->convener_lang = frame_foreign(&list.row[i].convener.name);
        }
    return 0;
}

void privacy(struct exchange *x)
{
    static const enum text_id words[RETENTION_COUNT] = {
#define RETENTION(code, days) [RETENTION_##code] = TEXT_RETENTION_##code,
        RETENTION_TABLE(RETENTION)
#undef RETENTION
    };
    struct tpl_privacy v = {.staff_hours = SESSION_STAFF_US / (3600 * USEC_S),
                            .member_days = SESSION_MEMBER_US / USEC_DAY};
    struct tpl_privacy_periods *row = arena_array(x->arena, RETENTION_COUNT, sizeof(*row));
    int r = row ? fill_convener(x, &v) : ERR_MEM;

    if (r == 0 && !texts_by_lang(http_param(x, S("lang"))))
        r = ERR_NOT_FOUND;
    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    for (int i = 0; i < RETENTION_COUNT; i++)
        row[i] = (struct tpl_privacy_periods){.word = words[i], .days = retention_days(i)};
    v.periods = row;
    v.nperiods = RETENTION_COUNT;
    frame_fill(x, &v.page, texts_get(visit_texts(x), TEXT_PRIVACY_TITLE), (str){0});
    v.page.description = texts_get(visit_texts(x), TEXT_PRIVACY_LEAD);
    tpl_privacy(&x->reply, visit_texts(x), &v);
    frame_send(x, 200);
}
