#include "web/page_desk.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/news.h"
#include "domain/seminar.h"
#include "gen/template.h"
#include "net/http.h"
#include "web/frame.h"
#include "web/page_seminar.h"
#include "web/room_port.h"
#include "web/site.h"
#include "web/texts.h"
#include "web/visit.h"

unsigned desk_present(const struct exchange *x, int64_t seminar_id)
{
    const struct room_port *room = site_of(x)->conf.room;

    return room ? room->present(room->ctx, seminar_id) : 0;
}

static int fill_seminars(struct exchange *x, struct tpl_desk *v)
{
    struct tpl_desk_seminars *row;
    struct seminar_list list;
    int r = seminar_list(x->arena, x->db, visit_lang(x), 0, &list);

    if (r < 0)
        return r;
    row = arena_array(x->arena, list.n, sizeof(*row));
    if (!row)
        return ERR_MEM;
    for (size_t i = 0; i < list.n; i++) {
        const struct seminar *s = &list.row[i];
        const struct text *title = s->short_title.body.n ? &s->short_title : &s->title;

        row[i] = (struct tpl_desk_seminars){
            .title = frame_text(title, s->slug),
            .lang = frame_foreign(title),
            .url = arena_printf(x->arena, v->is_event ? "/desk/s/%.*s" : "/desk/texts/%.*s",
                                STR(s->slug)),
            .state = seminar_state_text(s->state),
            .is_live = s->state == SEMINAR_LIVE,
            .when = frame_datetime(x, s->starts_at, s->zone),
            .at = s->starts_at,
            .present = desk_present(x, s->id),
        };
    }
    v->seminars = row;
    v->nseminars = list.n;
    return 0;
}

static int fill_news(struct exchange *x, struct tpl_desk *v)
{
    const struct news_filter f = {.is_desk = true};
    struct tpl_desk_drafts *row;
    struct news_list list;
    int r = news_list(x->arena, x->db, x->actor, &f, &list);

    if (r < 0)
        return r;
    row = arena_array(x->arena, list.n, sizeof(*row));
    if (!row)
        return ERR_MEM;
    for (size_t i = 0; i < list.n; i++) {
        const struct news *n = &list.row[i];

        row[i] = (struct tpl_desk_drafts){
            .title = n->title,
            .lang = n->lang,
            .url = arena_printf(x->arena, "/desk/news/%.*s/%.*s", STR(n->slug), STR(n->lang)),
            .is_published = n->is_published,
            .at = n->changed_at,
        };
    }
    v->drafts = row;
    v->ndrafts = list.n;
    return 0;
}

static void show_desk(struct exchange *x, int status, enum text_id done, str fault)
{
    struct tpl_desk v = {
        .is_event = actor_can(x->actor, RIGHT_EVENT),
        .is_editor = actor_can(x->actor, RIGHT_EDITOR),
        .is_system = actor_can(x->actor, RIGHT_SYSTEM),
        .done = done,
        .fault = fault,
        .csrf_token = visit_csrf(x),
    };
    int r = 0;

    v.has_seminars = v.is_event || v.is_editor; /* an editor comes to their texts */
    if (v.has_seminars)
        r = fill_seminars(x, &v);

    if (r == 0 && v.is_editor)
        r = fill_news(x, &v);
    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    if (x->actor->name.n)
        v.name = x->actor->name;
    frame_fill(x, &v.page, texts_get(visit_texts(x), TEXT_DESK_TITLE), S("/desk"));
    tpl_desk(&x->reply, visit_texts(x), &v);
    frame_send(x, status);
}

void desk(struct exchange *x)
{
    static const struct frame_word done[] = {{S("import"), TEXT_DESK_IMPORTED},
                                             {S("remove"), TEXT_BLANK_REMOVED}};

    show_desk(x, 200, frame_word(x, S("done"), done, NELEM(done)), (str){0});
}

void desk_send(struct exchange *x, int status, str fault)
{
    show_desk(x, status, TEXT_NONE, fault);
}
