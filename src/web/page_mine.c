#include "web/page_mine.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/answer.h"
#include "domain/certificate.h"
#include "domain/invitation.h"
#include "domain/quiz.h"
#include "domain/seminar.h"
#include "gen/template.h"
#include "net/http.h"
#include "web/frame.h"
#include "web/page_quiz.h"
#include "web/print.h"
#include "web/texts.h"
#include "web/visit.h"

static int read_own(struct exchange *x, struct db *db, struct seminar *s)
{
    int r = seminar_by_slug(x->arena, db, http_param(x, S("slug")), visit_lang(x), s);

    return r == 0 && !actor_is_member(x->actor, s->id) ? ERR_DENIED : r;
}

static int fill_test(struct exchange *x, const struct seminar *s, int kind, struct tpl_mine_show *v,
                     struct tpl_mine_show_tests *row)
{
    struct agenda agenda;
    struct attempt attempt;
    struct quiz z;
    int r = quiz_by_kind(x->db, x->actor, s->id, kind, &z);

    if (r == ERR_NOT_FOUND || (r == 0 && !z.nquestions))
        return 0;
    if (r == 0)
        r = seminar_agenda(x->arena, x->db, s, visit_lang(x), &agenda);
    if (r == 0)
        r = answer_read(x->arena, x->db, x->actor, &z, x->actor->person_id, &attempt);
    if (r < 0)
        return r;
    row[v->ntests] = (struct tpl_mine_show_tests){
        .word = quiz_kind_text(kind),
        .is_open = quiz_is_open(&z, s, &agenda, visit_now(x)),
        .is_over = quiz_is_over(&z, s, &agenda, visit_now(x)),
        .answered = attempt.nanswers,
        .all = z.nquestions,
        .url = arena_printf(x->arena, "/s/%.*s/quiz/%s", STR(s->slug), quiz_kind_name(kind)),
    };
    row[v->ntests].state = row[v->ntests].is_open   ? TEXT_QUIZ_STATE_OPEN
                           : row[v->ntests].is_over ? TEXT_QUIZ_STATE_OVER
                                                    : TEXT_QUIZ_STATE_LATER;
    v->ntests++;
    return 0;
}

static enum text_id claim_text(const struct certificate_claim *c)
{
    if (c->certificate.id)
        return TEXT_MINE_CLAIM_HAVE;
    if (c->is_taken_back)
        return TEXT_MINE_CLAIM_TAKEN_BACK;
    if (!c->is_over)
        return TEXT_MINE_CLAIM_LATER;
    if (c->is_earned)
        return TEXT_MINE_CLAIM_READY;
    if (!c->was_there)
        return TEXT_MINE_CLAIM_ABSENT;
    return c->share < c->rule.percent ? TEXT_MINE_CLAIM_SHORT : TEXT_MINE_CLAIM_POST;
}

static int fill_claim(struct exchange *x, const struct seminar *s, struct tpl_mine_show *v)
{
    const struct certificate_order of = {.s = s, .person_id = x->actor->person_id};
    char code[CERTIFICATE_CODE_TEXT] = "";
    struct certificate_claim c;
    int r = certificate_claim(x->arena, x->db, x->actor, &of, visit_now(x), &c);

    if (r < 0)
        return r;
    v->claim = claim_text(&c);
    v->share = c.share;
    v->percent = c.rule.percent;
    v->has_share = c.is_over && c.was_there;
    v->has_certificate = c.certificate.id != 0;
    v->can_take = c.is_earned && !v->has_certificate && !c.is_taken_back;
    v->asks_name = !c.has_name && !c.is_protected;
    v->code_url = S("");
    if (v->has_certificate) {
        certificate_code_show(c.certificate.code, code);
        v->code_url = arena_printf(x->arena, "/%.*s/c/%s", STR(visit_lang(x)), code);
    }
    v->code = arena_str(x->arena, str_c(code));
    return 0;
}

static int fill(struct exchange *x, const struct seminar *s, struct tpl_mine_show *v)
{
    struct tpl_mine_show_tests *row = arena_array(x->arena, 2, sizeof(*row));
    struct invitation i;
    int r = row ? invitation_by_id(x->arena, x->db, x->actor, x->actor->invitation_id,
                                   visit_lang(x), &i)
                : ERR_MEM;

    if (r < 0)
        return r;
    v->who = person_shown(&i.person);
    v->tests = row;
    for (int kind = QUIZ_PRE; r == 0 && kind <= QUIZ_POST; kind++)
        r = fill_test(x, s, kind, v, row);
    return r == 0 ? fill_claim(x, s, v) : r;
}

static void show(struct exchange *x, int status, enum text_id problem)
{
    static const struct frame_word done[] = {{S("certificate"), TEXT_MINE_TAKEN}};
    struct tpl_mine_show v = {.problem = problem, .csrf_token = visit_csrf(x), .name = S("")};
    const struct text *title;
    struct seminar s;
    int r = read_own(x, x->db, &s);

    if (r == 0)
        r = fill(x, &s, &v);
    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    title = s.short_title.body.n ? &s.short_title : &s.title;
    v.title = frame_text(title, s.slug);
    v.title_lang = frame_foreign(title);
    v.is_stale = title->is_stale;
    v.base = arena_printf(x->arena, "/s/%.*s", STR(s.slug));
    v.room = arena_printf(x->arena, "/s/%.*s/room", STR(s.slug));
    v.has_room = s.state < SEMINAR_ENDED;
    v.is_learner = answer_is_learner(x->actor->role);
    if (problem != TEXT_NONE && http_field(x, S("name")).p)
        v.name = http_field(x, S("name"));
    v.done = frame_word(x, S("done"), done, NELEM(done));
    frame_fill(x, &v.page, texts_get(visit_texts(x), TEXT_MINE_TITLE),
               arena_printf(x->arena, "/s/%.*s/mine", STR(s.slug)));
    v.page.is_demo |= s.is_demo;
    tpl_mine_show(&x->reply, visit_texts(x), &v);
    frame_send(x, status);
}

void mine_show(struct exchange *x)
{
    show(x, 200, TEXT_NONE);
}

int mine_take_act(struct exchange *x, struct db *db)
{
    struct certificate_order order = {.person_id = x->actor->person_id};
    struct seminar s;
    int64_t id;
    int r = read_own(x, db, &s);

    if (r == 0 && !answer_is_learner(x->actor->role))
        r = ERR_DENIED;
    if (r < 0)
        return r;
    order.s = &s;
    order.name = str_trim(http_field(x, S("name")));
    return certificate_issue(x->arena, db, x->actor, &order, visit_now(x), &id);
}

void mine_take(struct exchange *x)
{
    int r = x->result;

    if (r == 0 || r == ERR_CONFLICT)
        http_redirect(
            x, 303,
            arena_printf(x->arena, "/s/%.*s/mine?done=certificate", STR(http_param(x, S("slug")))));
    else if (r == ERR_STATE || r == ERR_RANGE || r == ERR_TOO_BIG || r == ERR_ENCODING)
        show(x, err_http_status(r), TEXT_MINE_NOT_TAKEN);
    else
        visit_fail(x, r);
}

void mine_pdf(struct exchange *x)
{
    struct certificate_claim *c = arena_make(x->arena, struct certificate_claim);
    struct certificate_order of = {.person_id = x->actor->person_id};
    struct seminar s;
    int r = c ? read_own(x, x->db, &s) : ERR_MEM;

    of.s = &s;
    if (r == 0)
        r = certificate_claim(x->arena, x->db, x->actor, &of, visit_now(x), c);
    if (r == 0 && !c->certificate.id)
        r = ERR_NOT_FOUND;
    if (r < 0)
        visit_fail(x, r);
    else
        print_send(x, &c->certificate);
}
