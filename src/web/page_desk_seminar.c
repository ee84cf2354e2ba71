#include "web/page_desk_seminar.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/attendance.h"
#include "domain/certificate.h"
#include "domain/conclusion.h"
#include "domain/news.h"
#include "domain/quiz.h"
#include "domain/seminar.h"
#include "domain/sheet.h"
#include "gen/template.h"
#include "net/http.h"
#include "web/frame.h"
#include "web/page_desk.h"
#include "web/page_invitation.h"
#include "web/page_seminar.h"
#include "web/texts.h"
#include "web/visit.h"

enum { NSTEPS = 12 };

struct dossier {
    struct seminar s;
    struct agenda agenda;
    struct invited_list invited;
    struct conclusion_list conclusions;
    struct attendance_list attendance;
    bool is_empty; /* nobody is in its room */
    bool has_tests, has_certificates, has_sheets;
};

/* What of the teaching and the reporting is there, for the list of steps. */
static int read_taught(struct exchange *x, struct dossier *d)
{
    struct certificate_list certificates = {0};
    struct sheet_list sheets = {0};
    struct quiz z = {0};
    int r = quiz_by_kind(x->db, x->actor, d->s.id, QUIZ_PRE, &z);

    if (r == 0 || r == ERR_NOT_FOUND)
        r = certificate_list(x->arena, x->db, x->actor, d->s.id, &certificates);
    if (r == 0)
        r = sheet_list(x->arena, x->db, x->actor, d->s.id, &sheets);
    d->has_tests = z.nquestions > 0;
    d->has_certificates = certificates.n > 0;
    d->has_sheets = sheets.n > 0;
    return r;
}

static int read_dossier(struct exchange *x, struct dossier *ret_dossier)
{
    str lang = visit_lang(x);
    struct dossier d = {0};
    int r = seminar_by_slug(x->arena, x->db, http_param(x, S("slug")), lang, &d.s);

    if (r == 0)
        r = seminar_agenda(x->arena, x->db, &d.s, lang, &d.agenda);
    if (r == 0)
        r = seminar_replies(x->arena, x->db, x->actor, &d.s, lang, &d.invited);
    if (r == 0)
        r = conclusion_list(x->arena, x->db, d.s.id, lang, &d.conclusions);
    if (r == 0)
        r = attendance_list(x->arena, x->db, x->actor, &d.s, visit_now(x), &d.attendance);
    if (r == 0)
        r = attendance_is_empty(x->db, d.s.id, visit_now(x), &d.is_empty);
    if (r == 0)
        r = read_taught(x, &d);
    if (r == 0)
        *ret_dossier = d;
    return r;
}

static int fill_orgs(struct exchange *x, const struct dossier *d, struct tpl_desk_seminar *v)
{
    struct tpl_desk_seminar_orgs *row = arena_array(x->arena, d->invited.n, sizeof(*row));

    if (!row)
        return ERR_MEM;
    for (size_t i = 0; i < d->invited.n; i++) {
        const struct invited *o = &d->invited.row[i];

        row[i] = (struct tpl_desk_seminar_orgs){
            .name = frame_text(&o->org.name, o->org.slug),
            .lang = frame_foreign(&o->org.name),
            .quota = o->quota,
            .invited = o->ninvited,
            .accepted = o->naccepted,
            .declined = o->ndeclined,
            .attended = o->nattended,
            .is_over = o->quota > 0 && o->ninvited > o->quota,
        };
        v->total_invited += o->ninvited;
        v->total_accepted += o->naccepted;
        v->total_declined += o->ndeclined;
        v->total_attended += o->nattended;
    }
    v->orgs = row;
    v->norgs = d->invited.n;
    return 0;
}

static int fill_people(struct exchange *x, const struct dossier *d, struct tpl_desk_seminar *v)
{
    struct tpl_desk_seminar_people *row = arena_array(x->arena, d->attendance.n, sizeof(*row));

    if (!row)
        return ERR_MEM;
    for (size_t i = 0; i < d->attendance.n; i++) {
        const struct attendance *a = &d->attendance.row[i];

        row[i] = (struct tpl_desk_seminar_people){
            .name = a->shown.n ? a->shown : S("–"),
            .org = frame_text(&a->org, S("–")),
            .role = role_text(a->role),
            .first = a->first_at,
            .minutes = (a->present_us + 30 * USEC_S) / (60 * USEC_S),
            .share = a->share_percent,
            .is_present = a->is_present,
        };
    }
    v->people = row;
    v->npeople = d->attendance.n;
    v->has_attendance = d->attendance.n > 0;
    v->came = (int64_t)d->attendance.n;
    return 0;
}

static int fill_agreed(struct exchange *x, const struct dossier *d, struct tpl_desk_seminar *v)
{
    struct tpl_desk_seminar_conclusions *row =
        arena_array(x->arena, d->conclusions.n, sizeof(*row));
    struct tpl_desk_seminar_langs *lang = arena_array(x->arena, d->s.nlangs, sizeof(*lang));

    if (!row || !lang)
        return ERR_MEM;
    for (size_t i = 0; i < d->conclusions.n; i++) {
        const struct conclusion *c = &d->conclusions.row[i];

        row[i] = (struct tpl_desk_seminar_conclusions){.number = c->number,
                                                       .kind = conclusion_kind_text(c->kind),
                                                       .body = frame_text(&c->text, S("–")),
                                                       .lang = frame_foreign(&c->text)};
    }
    for (size_t i = 0; i < d->s.nlangs; i++)
        lang[i] = (struct tpl_desk_seminar_langs){.code = d->s.lang[i],
                                                  .is_floor = str_eq(d->s.lang[i], visit_lang(x))};
    v->conclusions = row;
    v->nconclusions = d->conclusions.n;
    v->langs = lang;
    v->nlangs = d->s.nlangs;
    return 0;
}

/* One row per language in which the item has a version. */
static int fill_items(struct exchange *x, const struct dossier *d, struct tpl_desk_seminar *v)
{
    struct tpl_desk_seminar_items *row = arena_array(x->arena, d->s.nlangs, sizeof(*row));

    if (!row)
        return ERR_MEM;
    for (size_t i = 0; i < d->s.nlangs; i++) {
        struct news n;
        int r = news_by_seminar(x->arena, x->db, x->actor, d->s.id, d->s.lang[i], &n);

        if (r == ERR_NOT_FOUND)
            continue;
        if (r < 0)
            return r;
        row[v->nitems++] = (struct tpl_desk_seminar_items){
            .title = n.title,
            .lang = n.lang,
            .url = arena_printf(x->arena, "/desk/news/%.*s/%.*s", STR(n.slug), STR(n.lang)),
            .is_published = n.is_published,
        };
    }
    v->items = row;
    return 0;
}

static bool any_published(const struct tpl_desk_seminar *v)
{
    for (size_t i = 0; i < v->nitems; i++)
        if (v->items[i].is_published)
            return true;
    return false;
}

static int fill_steps(struct exchange *x, const struct dossier *d, struct tpl_desk_seminar *v)
{
    struct tpl_desk_seminar_steps *row = arena_array(x->arena, NSTEPS, sizeof(*row));
    str agenda = arena_printf(x->arena, "%.*s/agenda", STR(v->base));
    str orgs = arena_printf(x->arena, "%.*s/orgs", STR(v->base));
    str people = arena_printf(x->arena, "%.*s/people", STR(v->base));
    const struct tpl_desk_seminar_steps steps[NSTEPS] = {
        {.word = TEXT_DESK_STEP_AGENDA, .is_done = d->agenda.n > 0, .url = agenda},
        {.word = TEXT_DESK_STEP_ORGS, .is_done = d->invited.n > 0, .url = orgs},
        {.word = TEXT_DESK_STEP_INVITE, .is_done = v->total_invited > 0, .url = people},
        {.word = TEXT_DESK_STEP_REPLIES,
         .is_done = v->total_accepted + v->total_declined > 0,
         .url = S("#replies")},
        {.word = TEXT_TESTS_TITLE,
         .is_done = d->has_tests,
         .url = arena_printf(x->arena, "%.*s/tests", STR(v->base))},
        {.word = TEXT_DESK_STEP_PRACTISE,
         .is_done = d->s.state >= SEMINAR_PRACTICE,
         .url = S("#room")},
        {.word = TEXT_DESK_STEP_HOLD,
         .is_done = d->s.state >= SEMINAR_ENDED,
         .url = S("#attendance")},
        {.word = TEXT_DESK_STEP_AGREE, .is_done = d->conclusions.n > 0, .url = S("#conclusions")},
        {.word = TEXT_CERTIFICATE_LIST,
         .is_done = d->has_certificates,
         .url = arena_printf(x->arena, "%.*s/certificates", STR(v->base))},
        {.word = TEXT_DESK_STEP_DRAFT, .is_done = v->nitems > 0, .url = S("#news")},
        {.word = TEXT_DESK_STEP_PUBLISH, .is_done = any_published(v), .url = S("#news")},
        {.word = TEXT_REPORT_TITLE,
         .is_done = d->has_sheets,
         .url = arena_printf(x->arena, "%.*s/report", STR(v->base))},
    };
    bool is_next = true;

    if (!row)
        return ERR_MEM;
    for (size_t i = 0; i < NSTEPS; i++) {
        row[i] = steps[i];
        row[i].is_next = is_next && !row[i].is_done;
        is_next &= row[i].is_done;
        row[i].link = i < 3 ? TEXT_DESK_TO_LINKS : TEXT_DESK_TO_PLACE;
        v->steps_done += row[i].is_done;
        if (row[i].is_next) {
            v->next_word = row[i].word;
            v->next_url = row[i].url;
            v->next_link = row[i].link;
        }
    }
    if (v->total_invited > 0)
        row[3].note = arena_printf(x->arena, "%lld / %lld",
                                   (long long)(v->total_accepted + v->total_declined),
                                   (long long)v->total_invited);
    v->steps = row;
    v->nsteps = NSTEPS;
    v->steps_all = NSTEPS;
    return 0;
}

static int fill(struct exchange *x, const struct dossier *d, struct tpl_desk_seminar *v)
{
    int r = fill_orgs(x, d, v);

    if (r == 0)
        r = fill_people(x, d, v);
    if (r == 0)
        r = fill_agreed(x, d, v);
    if (r == 0)
        r = fill_items(x, d, v);
    return r == 0 ? fill_steps(x, d, v) : r;
}

void desk_seminar(struct exchange *x)
{
    static const struct frame_word done[] = {
        {S("save"), TEXT_BLANK_SAVED},     {S("import"), TEXT_DESK_IMPORTED},
        {S("state"), TEXT_DESK_STATE_SET}, {S("conclusion"), TEXT_DESK_CONCLUSION_ADDED},
        {S("draft"), TEXT_DESK_DRAFTED},   {S("drafts"), TEXT_DESK_DRAFTED_ALL}};
    static const struct frame_word problem[] = {{S("state"), TEXT_DESK_STATE_PROBLEM},
                                                {S("conclusion"), TEXT_DESK_CONCLUSION_PROBLEM}};
    struct tpl_desk_seminar v = {.csrf_token = visit_csrf(x)};
    struct dossier d = {0};
    int r = read_dossier(x, &d);

    if (r == 0) {
        visit_zone_set(x, d.s.zone);
        v.base = arena_printf(x->arena, "/desk/s/%.*s", STR(d.s.slug));
        v.texts = arena_printf(x->arena, "/desk/texts/%.*s", STR(d.s.slug));
        v.public_url = arena_printf(x->arena, "/%.*s/s/%.*s", STR(visit_lang(x)), STR(d.s.slug));
        r = fill(x, &d, &v);
    }
    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    v.title = frame_text(&d.s.title, d.s.slug);
    v.title_lang = frame_foreign(&d.s.title);
    v.state = seminar_state_text(d.s.state);
    v.is_live = d.s.state == SEMINAR_LIVE;
    v.can_practise = d.s.state == SEMINAR_PLANNED;
    v.can_end = v.is_live && d.is_empty;
    v.can_archive = d.s.state == SEMINAR_ENDED;
    v.at = d.s.starts_at;
    v.when = frame_datetime(x, d.s.starts_at, d.s.zone);
    v.present = desk_present(x, d.s.id);
    v.done = frame_word(x, S("done"), done, NELEM(done));
    v.problem = frame_word(x, S("problem"), problem, NELEM(problem));
    frame_fill(x, &v.page, v.title, (str){0});
    v.page.is_demo |= d.s.is_demo;
    tpl_desk_seminar(&x->reply, visit_texts(x), &v);
    frame_send(x, 200);
}

static int seminar_of(struct exchange *x, struct db *db, struct seminar *ret_seminar)
{
    return seminar_by_slug(x->arena, db, http_param(x, S("slug")), visit_lang(x), ret_seminar);
}

/* Back to the seminar: what happened is said there. */
static void back(struct exchange *x, const char *query, const char *word, const char *anchor)
{
    http_redirect(x, 303,
                  arena_printf(x->arena, "/desk/s/%.*s?%s=%s%s", STR(http_param(x, S("slug"))),
                               query, word, anchor));
}

/* Whom the room has forgotten ends it here; while somebody is in it, they do. */
static int end_act(struct exchange *x, struct db *db, const struct seminar *s)
{
    bool is_empty = false;
    int r = s->state == SEMINAR_LIVE ? 0 : ERR_STATE;

    if (s->state == SEMINAR_ENDED)
        return 0;
    if (r == 0)
        r = attendance_is_empty(db, s->id, visit_now(x), &is_empty);
    if (r == 0 && !is_empty)
        r = ERR_STATE;
    return r == 0 ? seminar_state_set(db, x->actor, s->id, SEMINAR_ENDED, visit_now(x)) : r;
}

/* A page may be of an hour ago: it must not take the beginning of a running seminar back. What is
 * so already is no fault: a button may be pressed twice. */
int desk_state_act(struct exchange *x, struct db *db)
{
    str state = http_field(x, S("state"));
    struct seminar s;
    int r = seminar_of(x, db, &s);

    if (r < 0)
        return r;
    if (str_eq(state, S("practice")) && s.state <= SEMINAR_PRACTICE)
        return seminar_state_set(db, x->actor, s.id, SEMINAR_PRACTICE, visit_now(x));
    if (str_eq(state, S("ended")))
        return end_act(x, db, &s);
    if (str_eq(state, S("archived")))
        return seminar_state_set(db, x->actor, s.id, SEMINAR_ARCHIVED, visit_now(x));
    return ERR_STATE;
}

void desk_state(struct exchange *x)
{
    if (x->result == 0 || x->result == ERR_STATE)
        back(x, x->result == 0 ? "done" : "problem", "state", "");
    else
        visit_fail(x, x->result);
}

int desk_conclusion_act(struct exchange *x, struct db *db)
{
    struct conclusion_in in = {.lang = http_field(x, S("lang")),
                               .text = str_trim(http_field(x, S("text")))};
    struct seminar s;
    int64_t id;
    int r = seminar_of(x, db, &s);

    if (r == 0)
        r = conclusion_kind_parse(http_field(x, S("kind")), &in.kind);
    if (r < 0)
        return r;
    in.seminar_id = s.id;
    return conclusion_add(db, x->actor, &in, visit_now(x), &id);
}

void desk_conclusion(struct exchange *x)
{
    if (x->result == 0)
        back(x, "done", "conclusion", "#conclusions");
    else if (x->result == ERR_RANGE || x->result == ERR_TOO_BIG)
        back(x, "problem", "conclusion", "#conclusions");
    else
        visit_fail(x, x->result);
}

/* A draft per language of the seminar; those that exist are left alone. */
int desk_draft_act(struct exchange *x, struct db *db)
{
    unsigned *nmade = arena_make(x->arena, unsigned);
    struct seminar s;
    int r = nmade ? seminar_of(x, db, &s) : ERR_MEM;

    for (size_t i = 0; r == 0 && i < s.nlangs; i++) {
        r = news_draft(x->arena, db, x->actor, s.id, s.lang[i], visit_now(x));
        if (r == 0)
            (*nmade)++;
        if (r == ERR_CONFLICT)
            r = 0;
    }
    x->state = nmade;
    return r;
}

void desk_draft(struct exchange *x)
{
    const unsigned *nmade = x->state;

    if (x->result == 0)
        back(x, "done", *nmade ? "draft" : "drafts", "#news");
    else
        visit_fail(x, x->result);
}
