#include "web/page_guest.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/invitation.h"
#include "domain/reply.h"
#include "domain/seminar.h"
#include "gen/template.h"
#include "net/http.h"
#include "web/blank.h"
#include "web/frame.h"
#include "web/page_invitation.h"
#include "web/page_people.h"
#include "web/page_person.h"
#include "web/page_room.h"
#include "web/texts.h"
#include "web/visit.h"

/* What the form is about; i.id 0: somebody new. */
struct form {
    struct seminar s;
    struct invitation i;
    struct person_form person;
    struct person in; /* as the fields say */
    int role;
};

static int read_new(struct blank *s, struct form *f)
{
    struct exchange *x = s->x;
    int64_t from;
    struct invitation i;
    int r = seminar_by_slug(x->arena, s->db, http_param(x, S("slug")), visit_lang(x), &f->s);

    if (r < 0)
        return r;
    f->i.role = ROLE_PARTICIPANT;
    f->person.p.lang = f->s.floor_lang;
    if (str_i64(http_query(x, S("from")), 1, INT64_MAX, &from) < 0)
        return 0;
    /* The next of the same organisation: what belongs to one person alone stays empty. */
    r = invitation_by_id(x->arena, s->db, x->actor, from, visit_lang(x), &i);
    if (r < 0)
        return r == ERR_NOT_FOUND ? 0 : r;
    f->i.role = i.role;
    f->person.p.org_id = i.person.org_id;
    f->person.p.lang = i.person.lang;
    f->person.p.country = i.person.country;
    return 0;
}

static int read_old(struct blank *s, struct form *f)
{
    struct exchange *x = s->x;
    int64_t id;
    int r = ERR_NOT_FOUND;

    if (str_i64(http_param(x, S("id")), 1, INT64_MAX, &id) == 0)
        r = invitation_by_id(x->arena, s->db, x->actor, id, visit_lang(x), &f->i);
    if (r < 0)
        return r;
    f->person.p = f->i.person;
    return seminar_by_id(x->arena, s->db, f->i.seminar_id, visit_lang(x), &f->s);
}

static int open_form(struct blank *s, bool is_new)
{
    struct exchange *x = s->x;
    struct form *f = s->record;
    int role, r = is_new ? read_new(s, f) : read_old(s, f);

    if (r == 0)
        r = org_list(x->arena, s->db, visit_lang(x), &f->person.orgs);
    if (r < 0)
        return r;
    f->person.lang = f->s.lang;
    f->person.nlangs = f->s.nlangs;
    person_fields(s, &f->person);
    blank_add(s, "select", S("role"), TEXT_INVITATION_ROLE, str_c(role_name(f->i.role)));
    blank_group(&s->field[s->blank.nfields - 1], x, TEXT_GUEST_IN_SEMINAR);
    blank_options(s, ROLE_PROTECTED);
    for (size_t i = 0; (role = role_at(i)); i++)
        blank_option_text(s, str_c(role_name(role)), role_text(role));
    return 0;
}

/* Person and role as the fields say. */
static int parse(struct blank *s, const struct form *f, struct person *in, int *ret_role)
{
    *in = f->person.p;
    person_parse(s, &f->person, in);
    if (role_parse(blank_value(s, S("role")), ret_role) < 0)
        blank_problem(s, S("role"), TEXT_BLANK_NOT_OFFERED);
    return blank_result(s);
}

int desk_guest_add_act(struct exchange *x, struct db *db)
{
    struct blank *s = blank_new(x, db, true, sizeof(struct form));
    struct form *f = s ? s->record : NULL;
    struct person in;
    int64_t person_id, id;
    int role, r = s ? open_form(s, true) : ERR_MEM;

    if (r == 0)
        r = parse(s, f, &in, &role);
    if (r == 0)
        r = person_put(db, x->actor, &in, visit_now(x), &person_id);
    if (r == 0)
        r = invitation_put(db, x->actor, f->s.id, person_id, role, &id);
    if (r == 0) {
        f->in = in;
        f->in.id = person_id;
        f->role = role;
    }
    return r;
}

int desk_guest_save_act(struct exchange *x, struct db *db)
{
    struct blank *s = blank_new(x, db, true, sizeof(struct form));
    struct form *f = s ? s->record : NULL;
    struct person in;
    int64_t id;
    int role, r = s ? open_form(s, false) : ERR_MEM;

    if (r == 0)
        r = blank_check(s);
    if (r == 0)
        r = parse(s, f, &in, &role);
    if (r == 0)
        r = person_change(db, x->actor, &in, visit_now(x));
    if (r == 0)
        r = person_keep_rooms(x, db, &in, &f->person);
    if (r == 0)
        r = invitation_put(db, x->actor, f->s.id, in.id, role, &id);
    if (r == 0) {
        f->in = in;
        f->role = role;
    }
    if (r == ERR_CONFLICT && !s->is_conflict) {
        blank_problem(s, S("email"), TEXT_PERSON_EMAIL_TAKEN);
        r = ERR_RANGE;
    }
    return r;
}

static void show(struct blank *s)
{
    static const struct frame_word done[] = {{S("save"), TEXT_BLANK_SAVED},
                                             {S("reply"), TEXT_GUEST_REPLY_SAVED}};
    static const struct frame_word problem[] = {{S("reply"), TEXT_GUEST_REPLY_PROBLEM}};
    struct exchange *x = s->x;
    const struct form *f = s->record;
    bool is_new = !f->i.id;
    struct tpl_desk_guest v = {
        .back = arena_printf(x->arena, "/desk/s/%.*s/people", STR(f->s.slug)),
        .title = is_new ? texts_get(visit_texts(x), TEXT_GUEST_NEW)
                        : person_label(x, &f->person.p),
        .seminar = frame_text(&f->s.short_title, f->s.slug),
        .seminar_lang = frame_foreign(&f->s.short_title),
        .is_old = !is_new,
        .is_closed = f->i.is_closed,
        .is_over = f->s.state >= SEMINAR_ENDED,
        .csrf_token = visit_csrf(x),
        .generation = f->i.generation,
        .done = x->result < 0 ? TEXT_NONE : frame_word(x, S("done"), done, NELEM(done)),
        .problem = x->result == ERR_STATE ? TEXT_PERSON_ERASED_LEAD
                                          : frame_word(x, S("problem"), problem, NELEM(problem)),
        .reply = reply_text(f->i.reply),
        .base = arena_printf(x->arena, "/desk/i/%lld", (long long)f->i.id),
        .person = arena_printf(x->arena, "/desk/people/%lld", (long long)f->person.p.id),
        .next = arena_printf(x->arena, "/desk/s/%.*s/people/new?from=%lld", STR(f->s.slug),
                             (long long)f->i.id),
    };

    if (s->result < 0) {
        visit_fail(x, s->result);
        return;
    }
    if (f->i.note.n)
        v.note = f->i.note;
    if (!is_new && !f->i.is_closed)
        v.link = invitation_link(x, &f->i);
    blank_fill(s, &v.blank);
    v.blank.action = is_new ? v.back : v.base;
    v.blank.submit = is_new ? TEXT_GUEST_INVITE : TEXT_BLANK_SAVE;
    frame_fill(x, &v.page, v.title, v.blank.action);
    v.page.is_demo |= f->s.is_demo;
    tpl_desk_guest(&x->reply, visit_texts(x), &v);
    frame_send(x, blank_status(x));
}

static void show_get(struct exchange *x, bool is_new)
{
    struct blank *s = blank_new(x, x->db, false, sizeof(struct form));
    int r = s ? open_form(s, is_new) : ERR_MEM;

    if (r < 0)
        visit_fail(x, r);
    else
        show(s);
}

void desk_guest_new(struct exchange *x)
{
    show_get(x, true);
}

void desk_guest(struct exchange *x)
{
    show_get(x, false);
}

/* With another role the person comes in anew; so does who is protected and is called otherwise now.
 * Who is protected has no other name in what was said before. */
static void tell_room(struct exchange *x)
{
    const struct form *f = ((const struct blank *)x->state)->record;
    bool is_protected = f->role == ROLE_PROTECTED;
    str name = is_protected ? room_name(&f->s, &f->in, f->role) : (str){0};

    person_tell_rooms(x, &f->person, f->s.id);
    if (f->i.id && f->i.role == f->role &&
        (!is_protected || str_eq(name, room_name(&f->s, &f->i.person, f->role))))
        return;
    people_expel(x, f->s.id, f->in.id, name);
}

void desk_guest_add(struct exchange *x)
{
    if (x->result == 0)
        tell_room(x);
    if (x->result == 0)
        http_redirect(x, 303,
                      arena_printf(x->arena, "/desk/s/%.*s/people?done=add",
                                   STR(http_param(x, S("slug")))));
    else if (blank_is_again(x))
        show(x->state);
    else
        visit_fail(x, x->result);
}

void desk_guest_save(struct exchange *x)
{
    if (x->result == 0)
        tell_room(x);
    if (x->result == 0)
        http_redirect(x, 303,
                      arena_printf(x->arena, "/desk/i/%.*s?done=save",
                                   STR(http_param(x, S("id")))));
    else if (blank_is_again(x))
        show(x->state);
    else
        visit_fail(x, x->result);
}

/* Somebody has answered by telephone. */
int desk_guest_reply_act(struct exchange *x, struct db *db)
{
    struct invitation i;
    int reply = 0, r = people_invitation(x, db, &i);

    if (r == 0)
        r = reply_parse(http_field(x, S("reply")), &reply) < 0 ? ERR_RANGE : 0;
    return r < 0 ? r
                 : reply_put(db, x->actor, i.id, reply, http_field(x, S("note")), visit_now(x));
}

void desk_guest_reply(struct exchange *x)
{
    bool is_refused = x->result == ERR_STATE || x->result == ERR_GONE || x->result == ERR_TOO_BIG ||
                      x->result == ERR_RANGE;

    if (x->result < 0 && !is_refused)
        visit_fail(x, x->result);
    else
        http_redirect(x, 303,
                      arena_printf(x->arena, "/desk/i/%.*s?%s=reply", STR(http_param(x, S("id"))),
                                   is_refused ? "problem" : "done"));
}
