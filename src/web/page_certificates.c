#include "web/page_certificates.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/answer.h"
#include "domain/attendance.h"
#include "domain/certificate.h"
#include "domain/seminar.h"
#include "gen/template.h"
#include "net/http.h"
#include "web/frame.h"
#include "web/print.h"
#include "web/texts.h"
#include "web/visit.h"

static int seminar_of(struct exchange *x, struct db *db, struct seminar *s)
{
    return seminar_by_slug(x->arena, db, http_param(x, S("slug")), visit_lang(x), s);
}

static int certificate_of(struct exchange *x, struct db *db, struct certificate *c)
{
    int64_t id = 0;
    int r = str_i64(http_param(x, S("id")), 1, INT64_MAX, &id) < 0 ? ERR_NOT_FOUND : 0;

    return r == 0 ? certificate_by_id(x->arena, db, x->actor, id, c) : r;
}

static int fill_people(struct exchange *x, const struct seminar *s, struct tpl_desk_certificates *v)
{
    struct tpl_desk_certificates_people *row;
    struct attendance_list list;
    int r = attendance_list(x->arena, x->db, x->actor, s, visit_now(x), &list);

    if (r < 0)
        return r;
    row = arena_array(x->arena, list.n, sizeof(*row));
    if (!row)
        return ERR_MEM;
    for (size_t i = 0; i < list.n; i++) {
        const struct attendance *a = &list.row[i];
        struct certificate_order of = {.s = s, .person_id = a->person_id, .came = &list};
        struct certificate_claim claim;

        if (!answer_is_learner(a->role))
            continue;
        r = certificate_claim(x->arena, x->db, x->actor, &of, visit_now(x), &claim);
        if (r < 0)
            return r;
        row[v->npeople++] = (struct tpl_desk_certificates_people){
            .name = a->shown.n ? a->shown : S("–"),
            .org = frame_text(&a->org, S("–")),
            .share = a->share_percent,
            .is_earned = claim.is_earned && !claim.is_taken_back,
            .has_certificate = claim.certificate.id != 0,
        };
    }
    v->people = row;
    return 0;
}

static bool has_valid(const struct certificate_list *l, int64_t person_id)
{
    for (size_t i = 0; i < l->n; i++)
        if (l->row[i].person_id == person_id && !l->row[i].revoked_at)
            return true;
    return false;
}

static int fill_certificates(struct exchange *x, const struct seminar *s,
                             struct tpl_desk_certificates *v)
{
    struct tpl_desk_certificate *row;
    struct certificate_list list;
    int r = certificate_list(x->arena, x->db, x->actor, s->id, &list);

    if (r < 0)
        return r;
    row = arena_array(x->arena, list.n, sizeof(*row));
    if (!row)
        return ERR_MEM;
    for (size_t i = 0; i < list.n; i++) {
        const struct certificate *c = &list.row[i];
        char code[CERTIFICATE_CODE_TEXT];

        certificate_code_show(c->code, code);
        row[i] = (struct tpl_desk_certificate){
            .name = c->print.name_by == NAME_ERASED
                        ? texts_get(visit_texts(x), TEXT_PERSON_ERASED)
                    : c->print.name.n
                        ? c->print.name
                        : texts_get(visit_texts(x), TEXT_ROLE_PROTECTED),
            .is_erased = c->print.name_by == NAME_ERASED,
            .org = c->print.org,
            .code = arena_str(x->arena, str_c(code)),
            .url = arena_printf(x->arena, "/%.*s/c/%s", STR(visit_lang(x)), code),
            .is_valid = !c->revoked_at,
            .is_replaced = c->is_replaced,
            .can_follow = c->revoked_at && !c->is_replaced && !has_valid(&list, c->person_id),
            .reason = c->reason.p ? c->reason : S(""),
            .base = arena_printf(x->arena, "/desk/c/%lld", (long long)c->id),
            .csrf = visit_csrf(x),
            .id = arena_printf(x->arena, "%lld", (long long)c->id),
            .issued_at = c->issued_at,
        };
    }
    v->certificates = row;
    v->ncertificates = list.n;
    return 0;
}

static void show(struct exchange *x, int status, enum text_id problem)
{
    static const struct frame_word done[] = {{S("rule"), TEXT_CERTIFICATE_RULE_SAVED},
                                             {S("issue"), TEXT_CERTIFICATE_ISSUED_DONE},
                                             {S("revoke"), TEXT_CERTIFICATE_REVOKED_DONE},
                                             {S("reissue"), TEXT_CERTIFICATE_REISSUED}};
    static const struct frame_word bad[] = {{S("change"), TEXT_CERTIFICATE_PROBLEM}};
    struct tpl_desk_certificates v = {.problem = problem, .csrf_token = visit_csrf(x)};
    struct certificate_rule rule = {0};
    struct seminar s;
    int r = seminar_of(x, x->db, &s);

    if (r == 0)
        r = certificate_rule(x->db, s.id, &rule);
    if (r == 0)
        r = fill_people(x, &s, &v);
    if (r == 0)
        r = fill_certificates(x, &s, &v);
    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    visit_zone_set(x, s.zone);
    v.title = frame_text(&s.title, s.slug);
    v.title_lang = frame_foreign(&s.title);
    v.base = arena_printf(x->arena, "/desk/s/%.*s", STR(s.slug));
    v.percent = rule.percent;
    v.needs_post = rule.needs_post;
    v.is_over = s.state >= SEMINAR_ENDED;
    v.done = frame_word(x, S("done"), done, NELEM(done));
    if (problem == TEXT_NONE)
        v.problem = frame_word(x, S("problem"), bad, NELEM(bad));
    frame_fill(x, &v.page, texts_get(visit_texts(x), TEXT_CERTIFICATE_LIST),
               arena_printf(x->arena, "%.*s/certificates", STR(v.base)));
    v.page.is_demo |= s.is_demo;
    tpl_desk_certificates(&x->reply, visit_texts(x), &v);
    frame_send(x, status);
}

void desk_certificates(struct exchange *x)
{
    show(x, 200, TEXT_NONE);
}

static void back(struct exchange *x, str slug, const char *query)
{
    http_redirect(x, 303, arena_printf(x->arena, "/desk/s/%.*s/certificates?%s", STR(slug), query));
}

int desk_certificates_rule_act(struct exchange *x, struct db *db)
{
    struct certificate_rule rule = {.needs_post = http_field(x, S("needs_post")).p != NULL};
    struct seminar s;
    int64_t percent = 0;
    int r = seminar_of(x, db, &s);

    if (r == 0 && str_i64(str_trim(http_field(x, S("percent"))), 1, 100, &percent) < 0)
        r = ERR_RANGE;
    rule.percent = (int)percent;
    return r == 0 ? certificate_rule_set(db, x->actor, s.id, &rule, visit_now(x)) : r;
}

void desk_certificates_rule(struct exchange *x)
{
    if (x->result == 0)
        back(x, http_param(x, S("slug")), "done=rule");
    else if (x->result == ERR_RANGE)
        show(x, 400, TEXT_CERTIFICATE_RULE_BAD);
    else
        visit_fail(x, x->result);
}

int desk_certificates_issue_act(struct exchange *x, struct db *db)
{
    struct seminar s;
    int64_t n;
    int r = seminar_of(x, db, &s);

    if (r == 0 && s.state < SEMINAR_ENDED)
        r = ERR_STATE;
    return r == 0 ? certificate_issue_all(x->arena, db, x->actor, &s, visit_now(x), &n) : r;
}

void desk_certificates_issue(struct exchange *x)
{
    if (x->result == 0)
        back(x, http_param(x, S("slug")), "done=issue");
    else
        visit_fail(x, x->result);
}

/* The slug of the certificate's seminar, for the way back. */
static int keep_slug(struct exchange *x, struct db *db, struct certificate *c)
{
    struct seminar *s = arena_make(x->arena, struct seminar);
    int r = s ? certificate_of(x, db, c) : ERR_MEM;

    if (r == 0)
        r = seminar_by_id(x->arena, db, c->seminar_id, visit_lang(x), s);
    x->state = r == 0 ? s : NULL;
    return r;
}

static void after(struct exchange *x, const char *query)
{
    const struct seminar *s = x->state;
    int r = x->result;

    if (r == 0)
        back(x, s->slug, query);
    else if (s && (r == ERR_RANGE || r == ERR_TOO_BIG || r == ERR_STATE || r == ERR_ENCODING))
        back(x, s->slug, "problem=change");
    else
        visit_fail(x, r);
}

int desk_certificate_revoke_act(struct exchange *x, struct db *db)
{
    struct certificate c;
    int r = keep_slug(x, db, &c);

    return r == 0 ? certificate_revoke(db, x->actor, c.id, http_field(x, S("reason")), visit_now(x))
                  : r;
}

void desk_certificate_revoke(struct exchange *x)
{
    after(x, "done=revoke");
}

int desk_certificate_reissue_act(struct exchange *x, struct db *db)
{
    struct certificate_change to = {.name = http_field(x, S("name"))};
    struct certificate c;
    int64_t id;
    int r = keep_slug(x, db, &c);

    if (r < 0)
        return r;
    to.id = c.id;
    return certificate_reissue(x->arena, db, x->actor, &to, visit_now(x), &id);
}

void desk_certificate_reissue(struct exchange *x)
{
    after(x, "done=reissue");
}

void desk_certificate_pdf(struct exchange *x)
{
    struct certificate *c = arena_make(x->arena, struct certificate);
    int r = c ? certificate_of(x, x->db, c) : ERR_MEM;

    if (r == 0 && c->print.name_by == NAME_ERASED)
        r = ERR_GONE;
    if (r < 0)
        visit_fail(x, r);
    else
        print_send(x, c);
}
