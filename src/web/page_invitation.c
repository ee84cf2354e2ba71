#include "web/page_invitation.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/invitation.h"
#include "domain/reply.h"
#include "domain/seminar.h"
#include "domain/session.h"
#include "gen/template.h"
#include "net/http.h"
#include "web/frame.h"
#include "web/page_seminar.h"
#include "web/site.h"
#include "web/texts.h"
#include "web/visit.h"

/* Guessing a link of 128 bits is hopeless; this only keeps a machine that tries from costing
 * anything. */
enum { OPEN_PER_MINUTE = 30, OPEN_BURST = 30 };

enum text_id role_text(int role)
{
    static const enum text_id texts[] = {
        [ROLE_HOST] = TEXT_ROLE_HOST,           [ROLE_COHOST] = TEXT_ROLE_COHOST,
        [ROLE_SPEAKER] = TEXT_ROLE_SPEAKER,     [ROLE_INTERPRETER] = TEXT_ROLE_INTERPRETER,
        [ROLE_CAPTIONER] = TEXT_ROLE_CAPTIONER, [ROLE_PARTICIPANT] = TEXT_ROLE_PARTICIPANT,
        [ROLE_OBSERVER] = TEXT_ROLE_OBSERVER,   [ROLE_PROTECTED] = TEXT_ROLE_PROTECTED,
    };

    return role >= ROLE_HOST && role <= ROLE_PROTECTED ? texts[role] : TEXT_ROLE_PARTICIPANT;
}

enum text_id reply_text(int reply)
{
    switch (reply) {
    case REPLY_ACCEPTED:
        return TEXT_REPLY_ACCEPTED;
    case REPLY_DECLINED:
        return TEXT_REPLY_DECLINED;
    case REPLY_TENTATIVE:
        return TEXT_REPLY_TENTATIVE;
    default:
        return TEXT_REPLY_NONE;
    }
}

static int read_link(struct exchange *x, struct db *db, struct invitation *ret_invitation)
{
    return invitation_by_token(x->arena, db, site_of(x)->conf.secret, http_param(x, S("token")),
                               visit_lang(x), ret_invitation);
}

/* The short title leads, so that on a phone the button is not below the whole official one. */
static void fill_title(const struct seminar *s, struct tpl_invitation_show *v)
{
    const struct text *title = s->short_title.body.n ? &s->short_title : &s->title;

    v->title = frame_text(title, s->slug);
    v->title_lang = frame_foreign(title);
    v->is_stale = title->is_stale || s->title.is_stale;
    if (title == &s->short_title && s->title.body.n) {
        v->whole = s->title.body;
        v->whole_lang = frame_foreign(&s->title);
    }
}

static void fill(struct exchange *x, const struct invitation *i, const struct seminar *s,
                 struct tpl_invitation_show *v)
{
    struct sb utc = sb_init(x->arena, 0);

    texts_show(&utc, visit_texts_in(x, S("UTC")), SHOW_TIME, s->starts_at);
    v->who = person_shown(&i->person);
    if (i->org.body.n)
        v->org = i->org.body;
    v->role = role_text(i->role);
    fill_title(s, v);
    v->starts_at = s->starts_at;
    v->when_utc = sb_str(&utc);
    v->minutes = s->minutes;
    v->state = seminar_state_text(s->state);
    v->is_live = s->state == SEMINAR_LIVE;
    v->is_over = s->state >= SEMINAR_ENDED;
    v->can_enter = !v->is_over;
    v->reply = i->reply == REPLY_NONE ? TEXT_NONE : reply_text(i->reply);
    v->note = i->note.p ? i->note : S("");
    v->base = arena_printf(x->arena, "/i/%.*s", STR(http_param(x, S("token"))));
    v->url = arena_printf(x->arena, "/%.*s/s/%.*s", STR(visit_lang(x)), STR(s->slug));
    v->ics = arena_printf(x->arena, "%.*s/calendar.ics", STR(v->url));
}

void invitation_show(struct exchange *x)
{
    static const struct frame_word done[] = {{S("reply"), TEXT_INVITATION_THANKS}};
    struct tpl_invitation_show v = {0};
    struct invitation i = {0};
    struct seminar s = {0};
    int r = read_link(x, x->db, &i);

    if (r == 0) {
        visit_lang_set(x, i.person.lang);
        r = read_link(x, x->db, &i); /* again, for the organisation's name in that language */
    }
    if (r == 0)
        r = seminar_by_id(x->arena, x->db, i.seminar_id, visit_lang(x), &s);
    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    visit_zone_set(x, s.zone);
    fill(x, &i, &s, &v);
    v.done = frame_word(x, S("done"), done, NELEM(done));
    frame_fill(x, &v.page, texts_get(visit_texts(x), TEXT_INVITATION_TITLE), (str){0});
    v.page.is_demo |= s.is_demo;
    tpl_invitation_show(&x->reply, visit_texts(x), &v);
    frame_send(x, 200);
}

int invitation_reply_act(struct exchange *x, struct db *db)
{
    struct invitation i = {0};
    struct actor who = {0};
    int reply = 0;
    int r = read_link(x, db, &i);

    if (r == 0)
        r = reply_parse(http_field(x, S("reply")), &reply);
    if (r < 0)
        return r;
    who = reply_actor(&i);
    return reply_put(db, &who, i.id, reply, http_field(x, S("note")), visit_now(x));
}

void invitation_reply(struct exchange *x)
{
    if (x->result < 0) {
        visit_fail(x, x->result);
        return;
    }
    http_redirect(x, 303,
                  arena_printf(x->arena, "/i/%.*s?done=reply", STR(http_param(x, S("token")))));
}

struct opening {
    char token[SESSION_TOKEN_TEXT];
    str slug;
};

int invitation_open_act(struct exchange *x, struct db *db)
{
    struct opening *o = arena_make(x->arena, struct opening);
    struct invitation i;
    struct seminar s;
    int r = o ? read_link(x, db, &i) : ERR_MEM;

    if (r == 0 && !visit_rate(x, "open", http_param(x, S("token")), OPEN_PER_MINUTE, OPEN_BURST))
        r = ERR_RATE;
    if (r == 0)
        r = seminar_by_id(x->arena, db, i.seminar_id, visit_lang(x), &s);
    if (r == 0)
        r = session_add_member(db, i.id, http_header(x, S("user-agent")), visit_now(x), o->token);
    if (r < 0)
        return r;
    o->slug = s.slug;
    x->state = o;
    return 0;
}

void invitation_open(struct exchange *x)
{
    const struct opening *o = x->state;

    if (x->result < 0) {
        visit_fail(x, x->result);
        return;
    }
    visit_cookie_set(x, visit_cookie_name(x, SESSION_MEMBER), str_c(o->token),
                     SESSION_MEMBER_US / USEC_S);
    http_redirect(x, 303,
                  arena_printf(x->arena, "/s/%.*s/%s", STR(o->slug),
                               str_eq(http_field(x, S("to")), S("mine")) ? "mine" : "room"));
}
