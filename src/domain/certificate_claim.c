/*
 * The rule at work: who has earned a certificate, and what is then printed.
 */
#include "base/err.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/answer.h"
#include "domain/attendance.h"
#include "domain/certificate_i.h"
#include "domain/invitation.h"
#include "domain/programme.h"
#include "domain/rows.h"
#include "domain/seminar.h"
#include "store/db.h"

/* The invited person, as the certificate needs them. */
struct holder {
    struct invitation invitation;
    struct attendance attendance;
    struct attendance_list all;
    bool was_there;
};

static int invitation_id_of(struct db *db, int64_t seminar_id, int64_t person_id, int64_t *ret_id)
{
    struct stmt *q = db_stmt(db, "SELECT invitation_id FROM invitations"
                                 " WHERE seminar_id = ?1 AND person_id = ?2");
    int r;

    stmt_i64(q, 1, seminar_id);
    stmt_i64(q, 2, person_id);
    r = stmt_row(q);
    if (r > 0)
        *ret_id = col_i64(q, 0);
    return rows_end_one(q, r, true);
}

static int holder_read(struct arena *a, struct db *db, const struct certificate_order *of,
                       usec now, struct holder *ret_holder)
{
    const struct seminar *s = of->s;
    struct holder h = {0};
    int64_t id = 0;
    int r = invitation_id_of(db, s->id, of->person_id, &id);

    if (r == 0)
        r = invitation_by_id(a, db, &actor_server, id, s->floor_lang, &h.invitation);
    if (r == 0) /* once more, for the organisation in the holder's language */
        r = invitation_by_id(a, db, &actor_server, id, h.invitation.person.lang, &h.invitation);
    if (of->came)
        h.all = *of->came;
    else if (r == 0)
        r = attendance_list(a, db, &actor_server, s, now, &h.all);
    if (r < 0)
        return r;
    for (size_t i = 0; i < h.all.n && !h.was_there; i++)
        if (h.all.row[i].person_id == of->person_id) {
            h.attendance = h.all.row[i];
            h.was_there = true;
        }
    *ret_holder = h;
    return 0;
}

static int has_post(struct db *db, const struct seminar *s, int64_t person_id, bool *ret_has)
{
    struct stmt *q = db_stmt(db, "SELECT 1 FROM attempts t JOIN quizzes z ON z.quiz_id = t.quiz_id"
                                 " JOIN answers w ON w.attempt_id = t.attempt_id"
                                 " WHERE z.seminar_id = ?1 AND z.kind = ?2 AND t.person_id = ?3");
    int r;

    stmt_i64(q, 1, s->id);
    stmt_i64(q, 2, QUIZ_POST);
    stmt_i64(q, 3, person_id);
    r = stmt_row(q);
    stmt_end(q);
    if (r < 0)
        return r;
    *ret_has = r > 0;
    return 0;
}

static int is_taken_back(struct db *db, const struct seminar *s, int64_t person_id, bool *ret_is)
{
    struct stmt *q = db_stmt(db, "SELECT count(*) FROM certificates WHERE seminar_id = ?1"
                                 " AND person_id = ?2 AND revoked_at IS NOT NULL"
                                 " AND is_replaced = 0");
    int64_t n = 0;
    int r;

    stmt_i64(q, 1, s->id);
    stmt_i64(q, 2, person_id);
    r = rows_number(q, &n);
    *ret_is = n > 0;
    return r;
}

static int claim_of(struct arena *a, struct db *db, const struct seminar *s, const struct holder *h,
                    struct certificate_claim *c)
{
    const struct person *p = &h->invitation.person;
    int r = certificate_rule(db, s->id, &c->rule);

    if (r == 0)
        r = has_post(db, s, p->id, &c->has_post);
    if (r == 0)
        r = certificate_current(a, db, s->id, p->id, &c->certificate);
    if (r == ERR_NOT_FOUND)
        r = is_taken_back(db, s, p->id, &c->is_taken_back);
    if (r < 0)
        return r;
    c->share = h->attendance.share_percent;
    c->was_there = h->was_there;
    c->is_over = s->state >= SEMINAR_ENDED;
    c->is_protected = h->invitation.role == ROLE_PROTECTED;
    c->has_name = !c->is_protected && p->name.n > 0;
    c->is_earned = c->is_over && h->was_there && c->share >= c->rule.percent &&
                   (c->has_post || !c->rule.needs_post);
    return 0;
}

int certificate_claim(struct arena *a, struct db *db, const struct actor *who,
                      const struct certificate_order *of, usec now,
                      struct certificate_claim *ret_claim)
{
    const struct seminar *s = of->s;
    bool is_own = actor_is_member(who, s->id) && who->person_id == of->person_id;
    struct certificate_claim c = {0};
    struct holder h = {0};
    int r = is_own ? 0 : actor_check(who, RIGHT_EVENT);

    if (r == 0)
        r = holder_read(a, db, of, now, &h);
    if (r == 0)
        r = claim_of(a, db, s, &h, &c);
    if (r == 0)
        *ret_claim = c;
    return r;
}

static int fill_name(const struct holder *h, const struct certificate_claim *c, str name,
                     struct certificate_print *p)
{
    const struct person *who = &h->invitation.person;

    if (c->is_protected) {
        p->name = who->function;
        p->name_by = NAME_PSEUDONYM;
        return 0;
    }
    p->org = h->invitation.org.body;
    p->name = c->has_name ? who->name : str_trim(name);
    p->name_by = c->has_name ? NAME_OF_RECORD : NAME_OF_HOLDER;
    if (!p->name.n) {
        p->name = who->function;
        p->name_by = NAME_OF_RECORD;
    }
    return certificate_name_check(p->name);
}

static int fill_event(struct arena *a, struct db *db, const struct seminar *s, str lang,
                      struct certificate_print *p)
{
    struct seminar in_lang = {0};
    struct programme programme = {0};
    int r = seminar_by_id(a, db, s->id, lang, &in_lang);

    if (r == 0)
        r = programme_by_id(a, db, s->programme_id, lang, &programme);
    if (r < 0)
        return r;
    p->title = in_lang.title.body;
    p->programme = programme.title.body;
    p->convener = programme.convener.id ? programme.convener.name.body : S("");
    p->donor = programme.donor.id ? programme.donor.name.body : S("");
    p->held_at = s->live_at ? s->live_at : s->starts_at;
    p->zone = s->zone;
    p->is_sample = s->is_demo;
    return 0;
}

static int minutes_of(usec t)
{
    return (int)((t + 30 * USEC_S) / (60 * USEC_S));
}

/* What the record says of this person, whatever was asked for. */
static void fill_presence(const struct seminar *s, const struct holder *h,
                          const struct certificate_claim *claim, struct certificate_print *p)
{
    p->minutes = s->live_at ? minutes_of(h->all.to_at - h->all.from_at) : s->minutes;
    p->present = minutes_of(h->attendance.present_us);
    p->share = claim->share;
    p->percent = claim->rule.percent;
    p->has_post = claim->has_post;
}

int certificate_issue(struct arena *a, struct db *db, const struct actor *who,
                      const struct certificate_order *order, usec now, int64_t *ret_id)
{
    const struct seminar *s = order->s;
    bool is_own = actor_is_member(who, s->id) && who->person_id == order->person_id;
    struct certificate c = {.seminar_id = s->id, .person_id = order->person_id};
    struct certificate_claim claim = {0};
    struct holder h = {0};
    int r = is_own ? 0 : actor_check(who, RIGHT_EVENT);

    if (r == 0)
        r = holder_read(a, db, order, now, &h);
    if (r == 0)
        r = claim_of(a, db, s, &h, &claim);
    if (r == 0 && claim.certificate.id)
        r = ERR_CONFLICT;
    if (r == 0 && (!claim.is_earned || claim.is_taken_back))
        r = ERR_STATE;
    if (r == 0)
        r = fill_name(&h, &claim, order->name, &c.print);
    if (r < 0)
        return r;
    c.lang = h.invitation.person.lang;
    fill_presence(s, &h, &claim, &c.print);
    r = fill_event(a, db, s, c.lang, &c.print);
    return r < 0 ? r : certificate_add(a, db, who, &c, now, ret_id);
}

int certificate_issue_all(struct arena *a, struct db *db, const struct actor *who,
                          const struct seminar *s, usec now, int64_t *ret_n)
{
    struct attendance_list list;
    int64_t n = 0, id;
    int r = attendance_list(a, db, who, s, now, &list);

    for (size_t i = 0; r == 0 && i < list.n; i++) {
        const struct certificate_order order = {
            .s = s, .person_id = list.row[i].person_id, .came = &list};

        if (!answer_is_learner(list.row[i].role))
            continue;
        r = certificate_issue(a, db, who, &order, now, &id);
        n += r == 0;
        /* Not earned, there already, nameless: theirs to take, not the list's to fail. */
        if (r == ERR_STATE || r == ERR_CONFLICT || r == ERR_RANGE || r == ERR_TOO_BIG)
            r = 0;
    }
    if (r == 0)
        *ret_n = n;
    return r;
}
