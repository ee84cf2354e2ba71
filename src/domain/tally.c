/*
 * Record → rows. The rows are joined here and not in one statement: invitations, attendance and
 * tests each have their own rules (who may be named, how intervals are joined, what an answer is
 * worth), and those rules live in their own files.
 */
#include "domain/tally.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/answer.h"
#include "domain/attendance.h"
#include "domain/certificate.h"
#include "domain/conclusion.h"
#include "domain/invitation.h"
#include "domain/news.h"
#include "domain/programme.h"
#include "domain/reply.h"
#include "domain/rows.h"
#include "domain/seminar.h"
#include "store/db.h"

#include <math.h>
#include <stdlib.h>

struct reading {
    struct arena *a;
    struct db *db;
    const struct actor *who;
    const struct seminar *s;
    struct attendance_list attendance;
    struct certificate_list certificates;
    struct quiz quiz[2]; /* id 0: there is none */
    struct question_list questions[2];
    int64_t *org_id; /* of row i, until organisations are numbered */
};

static double four_digits(double percent)
{
    return round(percent * 10000) / 10000;
}

static int read_tests(struct reading *rd)
{
    for (int i = 0; i < 2; i++) {
        int r = quiz_by_kind(rd->db, rd->who, rd->s->id, QUIZ_PRE + i, &rd->quiz[i]);

        if (r == 0)
            r = quiz_questions(rd->a, rd->db, rd->who, &rd->quiz[i], rd->s->floor_lang,
                               &rd->questions[i]);
        if (r < 0 && r != ERR_NOT_FOUND)
            return r;
    }
    return 0;
}

static int read_scores(struct reading *rd, int64_t person_id, struct tally_person *p)
{
    for (int i = 0; i < 2; i++) {
        double *to = i ? p->post : p->pre;
        struct attempt t = {0};
        struct score score;
        int r =
            rd->quiz[i].id ? answer_read(rd->a, rd->db, rd->who, &rd->quiz[i], person_id, &t) : 0;

        if (r < 0)
            return r;
        score = answer_score(&rd->questions[i], &t);
        for (int m = 0; m < MEASURES; m++)
            to[m] = score.has[m] ? four_digits(score.percent[m]) : -1;
    }
    return 0;
}

static const struct attendance *attendance_of(const struct reading *rd, int64_t person_id)
{
    for (size_t i = 0; i < rd->attendance.n; i++)
        if (rd->attendance.row[i].person_id == person_id)
            return &rd->attendance.row[i];
    return NULL;
}

static bool has_certificate(const struct reading *rd, int64_t person_id)
{
    for (size_t i = 0; i < rd->certificates.n; i++)
        if (rd->certificates.row[i].person_id == person_id && !rd->certificates.row[i].revoked_at)
            return true;
    return false;
}

static int read_person(struct reading *rd, const struct invitation *i, const struct attendance *at,
                       struct tally_person *ret_person)
{
    const struct person *who = &i->person;
    struct tally_person p = {.sex = who->sex,
                             .age = who->age,
                             .country = who->country.p ? who->country : S(""),
                             .lang = who->lang,
                             .has_accepted = i->reply == REPLY_ACCEPTED,
                             .has_declined = i->reply == REPLY_DECLINED,
                             .has_certificate = has_certificate(rd, who->id)};
    struct org org;
    int r = org_by_id(rd->a, rd->db, who->org_id, S("en"), &org);

    if (r == 0)
        r = read_scores(rd, who->id, &p);
    if (r < 0)
        return r;
    p.kind = org.kind;
    if (at) {
        p.seconds = at->present_us / USEC_S;
        p.share = at->share_percent;
    }
    *ret_person = p;
    return 0;
}

/* A withdrawn invitation counts only when its person came all the same. */
static int read_people(struct reading *rd, struct tally_list *to)
{
    struct invitation_list list;
    int r = invitation_list(rd->a, rd->db, rd->who, rd->s->id, rd->s->floor_lang, &list);

    if (r < 0)
        return r;
    to->row = arena_array(rd->a, list.n, sizeof(*to->row));
    rd->org_id = arena_array(rd->a, list.n, sizeof(*rd->org_id));
    if (!to->row || !rd->org_id)
        return ERR_MEM;
    for (size_t i = 0; i < list.n; i++) {
        const struct invitation *v = &list.row[i];
        const struct attendance *at = attendance_of(rd, v->person.id);

        if (!answer_is_learner(v->role) || (v->is_closed && !at))
            continue;
        r = read_person(rd, v, at, &to->row[to->n]);
        if (r < 0)
            return r;
        rd->org_id[to->n] = v->person.org_id;
        to->row[to->n].org = (int)to->n; /* where its organisation stands, through the sorting */
        to->n++;
    }
    return 0;
}

static int by_contents(const void *a, const void *b)
{
    const struct tally_person *x = a, *y = b;
    int order = x->kind - y->kind;

    if (!order)
        order = str_cmp(x->country, y->country);
    if (!order)
        order = str_cmp(x->lang, y->lang);
    if (!order)
        order = x->sex - y->sex;
    if (!order)
        order = x->age - y->age;
    if (!order)
        order = (x->seconds > y->seconds) - (x->seconds < y->seconds);
    for (int m = 0; !order && m < MEASURES; m++)
        order = (x->pre[m] > y->pre[m]) - (x->pre[m] < y->pre[m]);
    return order;
}

static int number_orgs(struct reading *rd, struct tally_list *l)
{
    int64_t *seen = arena_array(rd->a, l->n, sizeof(*seen));
    int nseen = 0;

    if (!seen)
        return ERR_MEM;
    if (l->n)
        qsort(l->row, l->n, sizeof(*l->row), by_contents);
    for (size_t i = 0; i < l->n; i++) {
        int64_t id = rd->org_id[l->row[i].org];
        int k = 0;

        while (k < nseen && seen[k] != id)
            k++;
        if (k == nseen)
            seen[nseen++] = id;
        l->row[i].org = k + 1;
    }
    return 0;
}

static int read_views(struct reading *rd, struct tally *t)
{
    struct stmt *q = db_stmt(rd->db, "SELECT substr(v.page, 1, instr(v.page, ':') - 1), v.lang,"
                                     " sum(v.n) FROM views v WHERE v.is_bot = 0 AND (v.page = ?1"
                                     " OR v.page = (SELECT 'news:' || slug FROM news"
                                     "  WHERE seminar_id = ?2)) GROUP BY 1, 2 ORDER BY 1, 2");
    bool ok = true;
    int r = 0;

    stmt_str(q, 1, arena_printf(rd->a, "seminar:%.*s", STR(rd->s->slug)));
    stmt_i64(q, 2, rd->s->id);
    while (ok && (r = stmt_row(q)) > 0) {
        t->views = rows_grow(rd->a, t->views, t->nviews, sizeof(*t->views));
        if (!t->views)
            return rows_end(q, 0, false);
        t->views[t->nviews++] = (struct tally_views){rows_str(rd->a, q, 0, &ok),
                                                     rows_str(rd->a, q, 1, &ok), col_i64(q, 2)};
    }
    return rows_end(q, r, ok);
}

static int read_outcome(struct reading *rd, struct tally *t)
{
    struct conclusion_list list;
    int r = conclusion_list(rd->a, rd->db, rd->s->id, rd->s->floor_lang, &list);

    if (r < 0)
        return r;
    for (size_t i = 0; i < list.n; i++)
        if (list.row[i].kind >= 1 && list.row[i].kind <= (int)NELEM(t->conclusions))
            t->conclusions[list.row[i].kind - 1]++;
    for (size_t i = 0; i < rd->certificates.n; i++)
        t->nrevoked += rd->certificates.row[i].revoked_at != 0;
    return read_views(rd, t);
}

static int read_head(struct reading *rd, usec now, struct tally *t)
{
    const struct seminar *s = rd->s;
    struct certificate_rule rule = {0};
    struct programme p = {0};
    int r = certificate_rule(rd->db, s->id, &rule);

    if (r == 0)
        r = programme_by_id(rd->a, rd->db, s->programme_id,
                            s->title.lang.p ? s->title.lang : S("en"), &p);
    if (r < 0)
        return r;
    *t = (struct tally){.slug = s->slug,
                        .title = s->title.body,
                        .title_lang = s->title.lang,
                        .programme = p.title.body,
                        .programme_lang = p.title.lang,
                        .starts_at = s->starts_at,
                        .live_at = s->live_at,
                        .ended_at = s->ended_at,
                        .counted_at = now,
                        .percent = rule.percent};
    if (p.convener.id) {
        t->convener = p.convener.name.body;
        t->convener_lang = p.convener.name.lang;
    }
    if (p.donor.id) {
        t->donor = p.donor.name.body;
        t->donor_lang = p.donor.name.lang;
    }
    return 0;
}

int tally_read(struct arena *a, struct db *db, const struct actor *who, const struct seminar *s,
               usec now, struct tally *ret_tally)
{
    struct reading rd = {.a = a, .db = db, .who = who, .s = s};
    struct tally t;
    int r = attendance_list(a, db, who, s, now, &rd.attendance);

    if (r == 0)
        r = certificate_list(a, db, who, s->id, &rd.certificates);
    if (r == 0)
        r = read_head(&rd, now, &t);
    if (r == 0)
        r = read_tests(&rd);
    if (r == 0)
        r = read_people(&rd, &t.people);
    if (r == 0)
        r = number_orgs(&rd, &t.people);
    if (r == 0)
        r = read_outcome(&rd, &t);
    if (r == 0)
        *ret_tally = t;
    return r;
}
