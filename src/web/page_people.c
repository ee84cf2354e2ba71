#include "web/page_people.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/invitation.h"
#include "domain/seminar.h"
#include "gen/template.h"
#include "net/http.h"
#include "web/frame.h"
#include "web/page_invitation.h"
#include "web/page_person.h"
#include "web/room_port.h"
#include "web/site.h"
#include "web/texts.h"
#include "web/visit.h"

str invitation_link(struct exchange *x, const struct invitation *i)
{
    const struct site *s = site_of(x);
    char token[INVITATION_TOKEN_TEXT];

    invitation_token(s->conf.secret, i->id, i->generation, token);
    return arena_printf(x->arena, "%.*s/i/%s", STR(s->origin), token);
}

static int fill_people(struct exchange *x, int64_t seminar_id, struct tpl_desk_people *v)
{
    struct tpl_desk_people_people *row;
    struct invitation_list list;
    int r = invitation_list(x->arena, x->db, x->actor, seminar_id, visit_lang(x), &list);

    if (r < 0)
        return r;
    row = arena_array(x->arena, list.n, sizeof(*row));
    if (!row)
        return ERR_MEM;
    for (size_t i = 0; i < list.n; i++) {
        const struct invitation *at = &list.row[i];

        row[i] = (struct tpl_desk_people_people){
            .id = at->id,
            .generation = at->generation,
            .name = person_label(x, &at->person),
            .function = at->person.name.n && at->person.function.n ? at->person.function : (str){0},
            .email = at->person.email.n ? at->person.email : (str){0},
            .org = frame_text(&at->org, S("–")),
            .org_lang = frame_foreign(&at->org),
            .role = role_text(at->role),
            .reply = reply_text(at->reply),
            .note = at->note.n ? at->note : (str){0},
            .is_closed = at->is_closed,
            .is_opened = at->opened_at != 0,
            .link = invitation_link(x, at),
            .lang = at->person.lang.n ? at->person.lang : S("en"),
        };
    }
    v->people = row;
    v->npeople = list.n;
    return 0;
}

static void show_people(struct exchange *x, int status, enum text_id done, enum text_id problem)
{
    struct tpl_desk_people v = {.done = done, .problem = problem, .csrf_token = visit_csrf(x)};
    struct seminar s;
    int r = seminar_by_slug(x->arena, x->db, http_param(x, S("slug")), visit_lang(x), &s);

    if (r == 0)
        r = fill_people(x, s.id, &v);
    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    v.title = frame_text(&s.title, s.slug);
    v.title_lang = frame_foreign(&s.title);
    v.base = arena_printf(x->arena, "/desk/s/%.*s", STR(s.slug));
    frame_fill(x, &v.page, texts_get(visit_texts(x), TEXT_DESK_PEOPLE),
               arena_printf(x->arena, "%.*s/people", STR(v.base)));
    v.page.is_demo |= s.is_demo;
    tpl_desk_people(&x->reply, visit_texts(x), &v);
    frame_send(x, status);
}

void desk_people(struct exchange *x)
{
    static const struct frame_word done[] = {{S("add"), TEXT_GUEST_ADDED},
                                             {S("renew"), TEXT_DESK_RENEWED},
                                             {S("close"), TEXT_DESK_WITHDRAWN}};

    show_people(x, 200, frame_word(x, S("done"), done, NELEM(done)), TEXT_NONE);
}

void people_send(struct exchange *x, int status, enum text_id problem)
{
    show_people(x, status, TEXT_NONE, problem);
}

int people_invitation(struct exchange *x, struct db *db, struct invitation *ret_invitation)
{
    struct invitation i;
    int64_t id, seen;
    int r = str_i64(http_param(x, S("id")), 1, INT64_MAX, &id);

    if (r < 0)
        return ERR_NOT_FOUND;
    r = invitation_by_id(x->arena, db, x->actor, id, visit_lang(x), &i);
    if (r < 0)
        return r;
    if (str_i64(http_field(x, S("generation")), 1, INT64_MAX, &seen) < 0 || seen != i.generation)
        return ERR_CONFLICT;
    *ret_invitation = i;
    return 0;
}

/* Whose link it is, for the room and the way back. */
struct changed {
    struct seminar s;
    int64_t person_id;
};

static int keep(struct exchange *x, struct db *db, const struct invitation *i)
{
    struct changed *c = arena_make(x->arena, struct changed);

    x->state = c;
    if (!c)
        return ERR_MEM;
    c->person_id = i->person.id;
    return seminar_by_id(x->arena, db, i->seminar_id, visit_lang(x), &c->s);
}

void people_expel(struct exchange *x, int64_t seminar_id, int64_t person_id, str name)
{
    const struct room_port *room = site_of(x)->conf.room;

    if (room && room->expel)
        room->expel(room->ctx, seminar_id, person_id, name);
}

int desk_renew_act(struct exchange *x, struct db *db)
{
    struct invitation i;
    int r = people_invitation(x, db, &i);

    if (r == 0)
        r = keep(x, db, &i);
    return r == 0 ? invitation_renew(db, x->actor, i.id, visit_now(x)) : r;
}

int desk_close_act(struct exchange *x, struct db *db)
{
    struct invitation i;
    int r = people_invitation(x, db, &i);

    if (r == 0)
        r = keep(x, db, &i);
    return r == 0 ? invitation_close(db, x->actor, i.id, visit_now(x)) : r;
}

static void back(struct exchange *x, const char *word)
{
    const struct changed *c = x->state;

    if (x->result < 0) {
        visit_fail(x, x->result);
        return;
    }
    people_expel(x, c->s.id, c->person_id, (str){0});
    http_redirect(x, 303,
                  arena_printf(x->arena, "/desk/s/%.*s/people?done=%s", STR(c->s.slug), word));
}

void desk_renew(struct exchange *x)
{
    back(x, "renew");
}

void desk_close(struct exchange *x)
{
    back(x, "close");
}
