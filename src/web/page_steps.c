#include "web/page_steps.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/desk.h"
#include "domain/desk_list.h"
#include "domain/diff.h"
#include "domain/news.h"
#include "domain/zone.h"
#include "gen/template.h"
#include "net/http.h"
#include "web/diff_part.h"
#include "web/frame.h"
#include "web/news_bar.h"
#include "web/texts.h"
#include "web/visit.h"

enum { OBSTACLES = 7, MOVES = 8 };

/* What a button of the step says. */
static enum text_id move_text(int from, int to)
{
    switch (to) {
    case DESK_DRAFT:
        return from == DESK_EDIT ? TEXT_STEPS_TO_BACK : TEXT_STEPS_TO_DRAFT;
    case DESK_EDIT:
        return from == DESK_DRAFT ? TEXT_STEPS_TO_EDIT : TEXT_STEPS_TO_EDIT_AGAIN;
    case DESK_CHECK:
        return TEXT_STEPS_TO_CHECK;
    case DESK_TRANSLATION:
        return TEXT_STEPS_TO_TRANSLATION;
    default:
        return TEXT_STEPS_TO_ASIDE;
    }
}

static void fill_moves(struct exchange *x, int state, struct tpl_news_steps *v)
{
    struct tpl_news_steps_moves *row = arena_array(x->arena, MOVES, sizeof(*row));
    int to;

    for (size_t i = 0; row && v->nmoves < MOVES && (to = desk_move_at(x->actor, state, i)); i++) {
        if (to == DESK_PUBLISHED)
            v->can_publish = true;
        else if (to == DESK_SCHEDULED)
            v->can_schedule = true;
        else if (to == DESK_WITHDRAWN)
            v->can_withdraw = true;
        else
            row[v->nmoves++] = (struct tpl_news_steps_moves){to, move_text(state, to)};
    }
    v->moves = row;
}

static int fill_obstacles(struct exchange *x, const struct news *n, struct tpl_news_steps *v)
{
    static const struct {
        const char *rest;
        enum text_id link;
    } where[OBSTACLES] = {
        {"/safety", TEXT_SAFETY_TITLE}, {"/safety", TEXT_SAFETY_TITLE},
        {"/safety", TEXT_SAFETY_TITLE}, {"/pictures", TEXT_PIC_TITLE},
        {"/pictures", TEXT_PIC_TITLE},  {"/consent", TEXT_CONSENT_TITLE},
        {"/steps", TEXT_STEPS_EMBARGO},
    };
    struct tpl_news_steps_obstacles *row = arena_array(x->arena, OBSTACLES, sizeof(*row));
    unsigned bits;
    int r = desk_obstacles(x->db, n->id, n->lang, visit_now(x), &bits);

    if (r < 0 || !row)
        return r < 0 ? r : ERR_MEM;
    for (unsigned i = 0; i < OBSTACLES; i++)
        if (bits & 1u << i)
            row[v->nobstacles++] = (struct tpl_news_steps_obstacles){
                news_bar_obstacle(1u << i), news_bar_url(x, where[i].rest), where[i].link};
    v->obstacles = row;
    v->can_publish &= !bits;
    v->can_schedule &= !(bits & ~(unsigned)DESK_EMBARGO);
    return 0;
}

static int fill_hands(struct exchange *x, int64_t chosen, struct tpl_news_steps *v)
{
    struct tpl_news_steps_hands *row;
    struct desk_hand_list l;
    int r = desk_hands(x->arena, x->db, x->actor, &l);

    row = r == 0 ? arena_array(x->arena, l.n, sizeof(*row)) : NULL;
    if (!row)
        return r < 0 ? r : ERR_MEM;
    for (size_t i = 0; i < l.n; i++) {
        row[i] = (struct tpl_news_steps_hands){l.row[i].account_id, l.row[i].name,
                                               l.row[i].account_id == chosen};
        if (row[i].is_chosen)
            v->assignee = l.row[i].name;
    }
    v->hands = row;
    v->nhands = l.n;
    return 0;
}

static enum text_id record_text(const struct desk_record *r)
{
    if (!r->from)
        return TEXT_STEPS_BEGUN;
    if (r->from != r->to)
        return news_bar_state(r->to);
    return r->has_words ? TEXT_STEPS_WORDS : TEXT_STEPS_ANSWERED;
}

/* The two newest words are chosen for comparing. */
static int fill_records(struct exchange *x, const struct news *n, struct tpl_news_steps *v)
{
    struct tpl_news_steps_records *row;
    struct desk_record_list l;
    int nwords = 0, r = desk_records(x->arena, x->db, x->actor, n->id, n->lang, &l);

    row = r == 0 ? arena_array(x->arena, l.n, sizeof(*row)) : NULL;
    if (!row)
        return r < 0 ? r : ERR_MEM;
    for (size_t i = 0; i < l.n; i++) {
        const struct desk_record *d = &l.row[i];

        nwords += d->has_words;
        row[i] = (struct tpl_news_steps_records){
            .revision = d->revision,
            .at = d->at,
            .who = d->who,
            .what = record_text(d),
            .note = d->note,
            .has_words = d->has_words,
            .is_now = d->has_words && nwords == 1,
            .is_was = d->has_words && nwords == 2,
        };
    }
    v->records = row;
    v->nrecords = l.n;
    return 0;
}

static int fill(struct exchange *x, const struct news *n, struct tpl_news_steps *v)
{
    struct desk_place p;
    int r = news_bar_fill(x, n, NEWS_STEPS, &v->bar, &p);

    if (r < 0)
        return r;
    v->is_editor = actor_can(x->actor, RIGHT_EDITOR);
    v->city = frame_city(x, n->zone);
    v->day = zone_day(x->arena, n->zone, p.due_at ? p.due_at : visit_now(x));
    v->time = p.due_at ? zone_clock(x->arena, n->zone, p.due_at) : S("");
    v->embargo_day = p.embargo_at ? zone_day(x->arena, n->zone, p.embargo_at) : S("");
    v->embargo_time = p.embargo_at ? zone_clock(x->arena, n->zone, p.embargo_at) : S("");
    if (p.embargo_at)
        v->embargo = frame_datetime(x, p.embargo_at, n->zone);
    v->revision = p.revision;
    fill_moves(x, p.state, v);
    if (v->can_publish || v->can_schedule)
        r = fill_obstacles(x, n, v);
    if (r == 0)
        r = fill_hands(x, p.assignee_id, v);
    return r < 0 ? r : fill_records(x, n, v);
}

static void show(struct exchange *x, int status, enum text_id problem)
{
    static const struct frame_word done[] = {{S("step"), TEXT_STEPS_DONE},
                                             {S("passed"), TEXT_SAFETY_DONE},
                                             {S("published"), TEXT_EDIT_IS_PUBLISHED},
                                             {S("withdrawn"), TEXT_EDIT_IS_WITHDRAWN}};
    struct tpl_news_steps v = {
        .csrf_token = visit_csrf(x), .base = news_bar_url(x, ""), .problem = problem};
    struct news n;
    int r = news_bar_item(x, x->db, &n);

    if (r == 0 && !n.is_asked)
        r = ERR_NOT_FOUND;
    if (r == 0) {
        visit_zone_set(x, n.zone);
        r = fill(x, &n, &v);
    }
    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    v.done = frame_word(x, S("done"), done, NELEM(done));
    frame_fill(x, &v.page, texts_get(visit_texts(x), TEXT_STEPS_TAB), news_bar_url(x, "/steps"));
    tpl_news_steps(&x->reply, visit_texts(x), &v);
    frame_send(x, status);
}

void news_steps(struct exchange *x)
{
    show(x, 200, TEXT_NONE);
}

/* ---- acts ---- */

/* Publishing takes a day that may be past, a schedule a moment. */
static int read_when(struct exchange *x, const struct news *n, struct desk_step *to)
{
    str day = news_bar_field(x, "day"), time = news_bar_field(x, "time");
    int r = 0;

    if (to->to == DESK_SCHEDULED)
        r = zone_time(n->zone, day, time, &to->at);
    else if (to->to == DESK_PUBLISHED && day.n &&
             !str_eq(day, zone_day(x->arena, n->zone, visit_now(x))))
        r = news_day_parse(day, n->zone, &to->at);
    return r < 0 ? ERR_RANGE : 0;
}

int news_step_act(struct exchange *x, struct db *db)
{
    struct desk_step s = {.lang = http_param(x, S("code")), .note = news_bar_field(x, "note")};
    struct news n;
    int64_t to = 0;
    int r = news_bar_item(x, db, &n);

    if (r == 0)
        r = str_i64(http_field(x, S("to")), 1, DESK_STATES - 1, &to);
    if (r == 0)
        r = str_i64(http_field(x, S("revision")), 0, INT64_MAX, &s.revision);
    if (r < 0)
        return r;
    s.news_id = n.id;
    s.to = (int)to;
    if (s.to == DESK_WITHDRAWN && !str_eq(http_field(x, S("sure")), S("1")))
        return ERR_SYNTAX;
    r = read_when(x, &n, &s);
    return r < 0 ? r : desk_move(db, x->actor, &s, visit_now(x));
}

static enum text_id problem_text(int code)
{
    switch (code) {
    case ERR_PRECOND:
        return TEXT_STEPS_BLOCKED;
    case ERR_RANGE:
        return TEXT_STEPS_BAD_TIME;
    case ERR_SYNTAX:
        return TEXT_EDIT_UNSURE;
    default:
        return TEXT_STEPS_MOVED;
    }
}

static void answer(struct exchange *x, const char *done)
{
    if (x->result == 0)
        http_redirect(x, 303, news_bar_url(x, done));
    else if (x->result == ERR_PRECOND || x->result == ERR_RANGE || x->result == ERR_SYNTAX ||
             x->result == ERR_STATE || x->result == ERR_CONFLICT)
        show(x, err_http_status(x->result), problem_text(x->result));
    else
        visit_fail(x, x->result);
}

void news_step(struct exchange *x)
{
    int64_t to = 0;

    (void)str_i64(http_field(x, S("to")), 1, DESK_STATES - 1, &to);
    answer(x, to == DESK_PUBLISHED   ? "/steps?done=published"
              : to == DESK_WITHDRAWN ? "/steps?done=withdrawn"
                                     : "/steps?done=step");
}

int news_assign_act(struct exchange *x, struct db *db)
{
    struct news n;
    int64_t hand = 0;
    int r = news_bar_item(x, db, &n);

    if (r == 0)
        r = str_i64(http_field(x, S("hand")), 0, INT64_MAX, &hand);
    return r < 0 ? r : desk_assign(db, x->actor, n.id, http_param(x, S("code")), hand);
}

void news_assign(struct exchange *x)
{
    answer(x, "/steps?done=step");
}

int news_embargo_act(struct exchange *x, struct db *db)
{
    str day = news_bar_field(x, "day"), time = news_bar_field(x, "time");
    struct news n;
    usec at = 0;
    int r = news_bar_item(x, db, &n);

    if (r == 0 && (day.n || time.n) && zone_time(n.zone, day, time, &at) < 0)
        r = ERR_RANGE;
    return r < 0 ? r : desk_embargo(db, x->actor, n.id, at);
}

void news_embargo(struct exchange *x)
{
    answer(x, "/steps?done=step");
}

/* ---- comparing ---- */

struct words {
    str title, body;
    usec at;
};

static int read_words(struct exchange *x, const struct news *n, str query, struct words *to)
{
    struct desk_at at = {.news_id = n->id, .lang = n->lang};
    struct desk_record_list l;
    int r = str_i64(http_query(x, query), 1, INT64_MAX, &at.revision) < 0 ? ERR_NOT_FOUND : 0;

    if (r == 0)
        r = desk_words(x->arena, x->db, x->actor, &at, &to->title, &to->body);
    if (r == 0)
        r = desk_records(x->arena, x->db, x->actor, n->id, n->lang, &l);
    for (size_t i = 0; r == 0 && i < l.n; i++)
        if (l.row[i].revision == at.revision)
            to->at = l.row[i].at;
    return r;
}

void news_compare(struct exchange *x)
{
    struct tpl_news_compare v = {.code = http_param(x, S("code")),
                                 .steps_url = news_bar_url(x, "/steps")};
    struct words was = {0}, now = {0};
    struct news n;
    int r = news_bar_item(x, x->db, &n);

    if (r == 0)
        r = read_words(x, &n, S("was"), &was);
    if (r == 0)
        r = read_words(x, &n, S("now"), &now);
    if (r == 0)
        r = news_bar_fill(x, &n, NEWS_STEPS, &v.bar, NULL);
    if (r == 0)
        r = diff_part_fill(x->arena, was.title, now.title, &v.title);
    if (r == 0)
        r = diff_part_fill(x->arena, was.body, now.body, &v.body);
    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    visit_zone_set(x, n.zone);
    v.was_at = was.at;
    v.now_at = now.at;
    v.is_same = str_eq(was.title, now.title) && str_eq(was.body, now.body);
    frame_fill(x, &v.page, texts_get(visit_texts(x), TEXT_COMPARE_TITLE), v.steps_url);
    tpl_news_compare(&x->reply, visit_texts(x), &v);
    frame_send(x, 200);
}
