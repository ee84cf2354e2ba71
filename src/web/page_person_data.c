#include "web/page_person_data.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/invitation.h"
#include "domain/need.h"
#include "domain/person.h"
#include "domain/person_data.h"
#include "domain/reply.h"
#include "net/http.h"
#include "web/page_people.h"
#include "web/page_person.h"
#include "web/remove.h"
#include "web/site.h"
#include "web/visit.h"

static int id_of(struct exchange *x, int64_t *ret_id)
{
    return str_i64(http_param(x, S("id")), 1, INT64_MAX, ret_id) < 0 ? ERR_NOT_FOUND : 0;
}

static void send_json(struct exchange *x, int r, str json)
{
    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    http_set(x, S("Content-Disposition"), S("attachment; filename=\"data.json\""));
    http_text(x, 200, S("application/json; charset=utf-8"), json);
}

void desk_person_data(struct exchange *x)
{
    str json = {0};
    int64_t id;
    int r = id_of(x, &id);

    if (r == 0)
        r = person_export(x->arena, x->db, x->actor, id, &json);
    send_json(x, r, json);
}

/* The personal link is authority enough for what is held of its person. */
void invitation_data(struct exchange *x)
{
    struct invitation i;
    struct actor who;
    str json = {0};
    int r = invitation_by_token(x->arena, x->db, site_of(x)->conf.secret, http_param(x, S("token")),
                                visit_lang(x), &i);

    if (r == 0) {
        who = reply_actor(&i);
        r = person_export(x->arena, x->db, &who, i.person.id, &json);
    }
    send_json(x, r, json);
}

static int read_person(struct exchange *x, struct person *ret_person, struct needs *ret_needs)
{
    int64_t id;
    int r = id_of(x, &id);

    if (r == 0)
        r = person_by_id(x->arena, x->db, x->actor, id, ret_person);
    return r == 0 ? need_of_person(x->db, x->actor, id, ret_needs) : r;
}

/* The form says who was asked about: SQLite gives the newest number again. */
static bool is_whom(struct exchange *x, const struct person *p)
{
    int64_t was;

    return str_i64(http_field(x, S("was")), 1, INT64_MAX, &was) == 0 && was == p->changed_at;
}

static int find_whom(struct exchange *x, struct db *db, int64_t *ret_id)
{
    struct person p;
    int64_t id;
    int r = id_of(x, &id);

    if (r == 0)
        r = person_by_id(x->arena, db, x->actor, id, &p);
    if (r < 0)
        return r;
    *ret_id = id;
    return is_whom(x, &p) ? 0 : ERR_CONFLICT;
}

static void ask(struct exchange *x, bool is_erase)
{
    struct person p;
    struct needs needs;
    int r = read_person(x, &p, &needs);
    str base;

    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    base = arena_printf(x->arena, "/desk/people/%lld", (long long)p.id);
    remove_send(x, &(struct remove_page){
                       .question = is_erase ? TEXT_PERSON_ERASE : TEXT_PERSON_REMOVE,
                       .advice = is_erase ? TEXT_PERSON_ERASE_HINT : TEXT_NONE,
                       .submit = is_erase ? TEXT_PERSON_ERASE_DO : TEXT_NONE,
                       .title = &(struct text){.body = person_label(x, &p), .is_asked = true},
                       .own = base,
                       .verb = is_erase ? "erase" : NULL,
                       .was = p.changed_at,
                       .is_changed = x->result < 0 && !is_whom(x, &p),
                       .needs = is_erase ? NULL : &needs,
                       .instead = is_erase ? TEXT_NONE : TEXT_PERSON_ERASE,
                       .instead_url = arena_printf(x->arena, "%.*s/erase", STR(base)),
                   });
}

void desk_person_ask(struct exchange *x)
{
    ask(x, false);
}

void desk_erase_ask(struct exchange *x)
{
    ask(x, true);
}

/* By number alone: who it was is nobody's to know after it. */
static void log_act(struct exchange *x, const char *event, int64_t person_id)
{
    log_info("web", event, "person=%lld by=%lld", (long long)person_id,
             (long long)x->actor->account_id);
}

int desk_person_remove_act(struct exchange *x, struct db *db)
{
    int64_t id;
    int r = find_whom(x, db, &id);

    if (r == 0)
        r = person_remove(db, x->actor, id);
    if (r == 0)
        log_act(x, "person_removed", id);
    return r;
}

void desk_person_remove(struct exchange *x)
{
    if (x->result == 0)
        http_redirect(x, 303, S("/desk/people?done=remove"));
    else if (x->result == ERR_CONFLICT)
        ask(x, false);
    else
        visit_fail(x, x->result);
}

int desk_erase_act(struct exchange *x, struct db *db)
{
    int64_t id;
    int r = find_whom(x, db, &id);

    if (r == 0)
        r = person_erase(db, x->actor, id, visit_now(x));
    if (r == 0)
        log_act(x, "person_erased", id);
    return r;
}

void desk_erase(struct exchange *x)
{
    int64_t id;

    if (x->result == 0 && id_of(x, &id) == 0)
        people_expel(x, 0, id, (str){0});
    if (x->result == 0)
        http_redirect(x, 303, S("/desk/people?done=erase"));
    else if (x->result == ERR_STATE || x->result == ERR_CONFLICT)
        ask(x, true);
    else
        visit_fail(x, x->result);
}
