#include "web/page_story.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/news.h"
#include "domain/story.h"
#include "domain/zone.h"
#include "gen/template.h"
#include "net/http.h"
#include "web/frame.h"
#include "web/news_bar.h"
#include "web/page_home.h"
#include "web/texts.h"
#include "web/visit.h"

enum { LIST_ITEMS = 20 };

static str list_url(struct exchange *x, size_t skip)
{
    return skip ? arena_printf(x->arena, "/%.*s/stories?skip=%zu", STR(visit_lang(x)), skip)
                : arena_printf(x->arena, "/%.*s/stories", STR(visit_lang(x)));
}

void story_list(struct exchange *x)
{
    struct news_filter f = {.lang = visit_lang(x), .kind = NEWS_STORY, .limit = LIST_ITEMS + 1};
    struct tpl_story_list v = {0};
    struct news_list l;
    uint64_t skip = 0;
    int r = texts_by_lang(http_param(x, S("lang"))) ? 0 : ERR_NOT_FOUND;

    if (str_u64(http_query(x, S("skip")), 100000, &skip) == 0)
        f.skip = (size_t)skip;
    if (r == 0)
        r = news_list(x->arena, x->db, x->actor, &f, &l);
    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    if (l.n > LIST_ITEMS) {
        v.older = list_url(x, f.skip + LIST_ITEMS);
        l.n = LIST_ITEMS;
    }
    if (f.skip)
        v.newer = list_url(x, f.skip > LIST_ITEMS ? f.skip - LIST_ITEMS : 0);
    v.stories = home_cards(x, &l);
    v.nstories = v.stories ? l.n : 0;
    frame_fill(x, &v.page, texts_get(visit_texts(x), TEXT_STORY_TITLE), list_url(x, f.skip));
    v.page.description = texts_get(visit_texts(x), TEXT_STORY_LEAD);
    tpl_story_list(&x->reply, visit_texts(x), &v);
    frame_send(x, 200);
}

/* ---- consent ---- */

/* The end of a day is the beginning of the next one, UTC: consent holds on its last day. */
static int until_parse(str day, usec *ret_at)
{
    usec at = 0;
    int r = day.n ? zone_time(S("UTC"), day, S("00:00"), &at) : 0;

    *ret_at = at ? at + USEC_DAY : 0;
    return r;
}

static void fill_stored(struct exchange *x, const struct consent *c, struct tpl_news_consent *v)
{
    v->revision = c->revision;
    v->is_there = c->revision != 0;
    v->is_withdrawn = c->withdrawn_at != 0;
    v->withdrawn_at = c->withdrawn_at;
    v->pseudonym = c->pseudonym.p ? c->pseudonym : S("");
    v->paper = c->paper.p ? c->paper : S("");
    v->given = c->given_day.p ? c->given_day : S("");
    v->until = c->until_at ? zone_day(x->arena, S("UTC"), c->until_at - USEC_DAY) : S("");
    v->is_guardian = c->giver == CONSENT_GUARDIAN;
    v->for_feeds = c->scope & CONSENT_FEEDS;
    v->for_print = c->scope & CONSENT_PRINT;
    v->for_picture = c->scope & CONSENT_PICTURE;
}

/* What was typed, when it did not fit. */
static void fill_typed(struct exchange *x, struct tpl_news_consent *v)
{
    v->pseudonym = news_bar_field(x, "pseudonym");
    v->paper = news_bar_field(x, "paper");
    v->given = news_bar_field(x, "given");
    v->until = news_bar_field(x, "until");
    v->is_guardian = str_eq(http_field(x, S("giver")), S("2"));
    v->for_feeds = str_eq(http_field(x, S("feeds")), S("1"));
    v->for_print = str_eq(http_field(x, S("print")), S("1"));
    v->for_picture = str_eq(http_field(x, S("picture")), S("1"));
}

static void show(struct exchange *x, int status, enum text_id problem)
{
    static const struct frame_word done[] = {{S("saved"), TEXT_CONSENT_SAVED},
                                             {S("withdrawn"), TEXT_CONSENT_IS_WITHDRAWN}};
    struct tpl_news_consent v = {
        .csrf_token = visit_csrf(x), .base = news_bar_url(x, ""), .problem = problem};
    struct consent c = {0};
    struct news n;
    int r = news_bar_item(x, x->db, &n);

    if (r == 0 && n.kind != NEWS_STORY)
        r = ERR_NOT_FOUND;
    if (r == 0)
        r = news_bar_fill(x, &n, NEWS_CONSENT, &v.bar, NULL);
    if (r == 0)
        r = consent_read(x->arena, x->db, x->actor, n.id, &c);
    if (r == 0)
        r = consent_holds(x->db, n.id, visit_now(x), &v.holds);
    if (r < 0 && (r != ERR_NOT_FOUND || !v.bar.title.p)) { /* a story may have none yet */
        visit_fail(x, r);
        return;
    }
    fill_stored(x, &c, &v);
    if (problem)
        fill_typed(x, &v);
    v.done = frame_word(x, S("done"), done, NELEM(done));
    frame_fill(x, &v.page, texts_get(visit_texts(x), TEXT_CONSENT_TITLE),
               news_bar_url(x, "/consent"));
    tpl_news_consent(&x->reply, visit_texts(x), &v);
    frame_send(x, status);
}

void news_consent(struct exchange *x)
{
    show(x, 200, TEXT_NONE);
}

static unsigned bit_of(struct exchange *x, const char *name, unsigned bit)
{
    return str_eq(http_field(x, str_c(name)), S("1")) ? bit : 0;
}

int news_consent_put_act(struct exchange *x, struct db *db)
{
    struct consent in = {.pseudonym = news_bar_field(x, "pseudonym"),
                         .paper = news_bar_field(x, "paper"),
                         .given_day = news_bar_field(x, "given"),
                         .scope = CONSENT_SITE};
    struct news n;
    int64_t giver = 0;
    int r = news_bar_item(x, db, &n);

    if (r < 0)
        return r;
    if (str_i64(http_field(x, S("giver")), 1, CONSENT_GIVERS - 1, &giver) < 0 ||
        str_i64(http_field(x, S("revision")), 0, INT64_MAX, &in.revision) < 0 ||
        until_parse(news_bar_field(x, "until"), &in.until_at) < 0)
        return ERR_RANGE;
    in.giver = (int)giver;
    in.scope |= bit_of(x, "feeds", CONSENT_FEEDS) | bit_of(x, "print", CONSENT_PRINT) |
                bit_of(x, "picture", CONSENT_PICTURE);
    return consent_put(db, x->actor, n.id, &in, visit_now(x));
}

static void answer(struct exchange *x, const char *done)
{
    if (x->result == 0)
        http_redirect(x, 303, news_bar_url(x, done));
    else if (x->result == ERR_RANGE || x->result == ERR_CONFLICT || x->result == ERR_PRECOND)
        show(x, err_http_status(x->result),
             x->result == ERR_RANGE      ? TEXT_CONSENT_PROBLEM
             : x->result == ERR_CONFLICT ? TEXT_PIC_CONFLICT
                                         : TEXT_CONSENT_UNSURE);
    else
        visit_fail(x, x->result);
}

void news_consent_put(struct exchange *x)
{
    answer(x, "/consent?done=saved");
}

int news_consent_end_act(struct exchange *x, struct db *db)
{
    struct news n;
    int r = news_bar_item(x, db, &n);

    if (r < 0)
        return r;
    if (!str_eq(http_field(x, S("sure")), S("1")))
        return ERR_PRECOND;
    return consent_withdraw(db, x->actor, n.id, visit_now(x));
}

void news_consent_end(struct exchange *x)
{
    answer(x, "/consent?done=withdrawn");
}
