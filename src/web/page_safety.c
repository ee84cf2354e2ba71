#include "web/page_safety.h"

#include "base/err.h"
#include "base/str.h"
#include "domain/desk.h"
#include "domain/news.h"
#include "gen/template.h"
#include "net/http.h"
#include "web/frame.h"
#include "web/news_bar.h"
#include "web/safety_form.h"
#include "web/texts.h"
#include "web/visit.h"

static int fill(struct exchange *x, const struct news *n, const struct safety_in *typed,
                struct tpl_news_safety *v)
{
    struct safety s = {0};
    struct desk_place place = {0};
    int r = news_bar_fill(x, n, NEWS_SAFETY, &v->bar, &place);

    if (r == 0)
        r = safety_read(x->arena, x->db, x->actor, n->id, http_param(x, S("code")), &s);
    if (r < 0 && r != ERR_NOT_FOUND)
        return r;
    v->pictures = place.pictures_revision;
    if (r == 0) {
        v->has_answer = true;
        v->is_passed = s.is_passed;
        v->is_current = s.is_current;
        v->who = s.who;
        v->at = s.at;
    }
    /* Old answers are not offered again: somebody is to look. */
    return safety_form_fill(x, typed ? typed : &(struct safety_in){0}, typed != NULL, &v->safety);
}

static void show(struct exchange *x, int status, const struct safety_in *typed)
{
    static const struct frame_word done[] = {{S("passed"), TEXT_SAFETY_DONE},
                                             {S("failed"), TEXT_SAFETY_DONE_BAD}};
    struct tpl_news_safety v = {.csrf_token = visit_csrf(x),
                                .base = news_bar_url(x, ""),
                                .steps_url = news_bar_url(x, "/steps")};
    struct news n;
    int r = news_bar_item(x, x->db, &n);

    if (r == 0 && !n.is_asked)
        r = ERR_NOT_FOUND; /* there are no words in this language yet */
    if (r == 0)
        r = fill(x, &n, typed, &v);
    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    v.revision = n.revision;
    v.done = frame_word(x, S("done"), done, NELEM(done));
    if (typed)
        v.problem = status == 409 ? TEXT_SAFETY_CONFLICT : TEXT_SAFETY_PROBLEM;
    frame_fill(x, &v.page, texts_get(visit_texts(x), TEXT_SAFETY_TITLE),
               news_bar_url(x, "/safety"));
    tpl_news_safety(&x->reply, visit_texts(x), &v);
    frame_send(x, status);
}

void news_safety(struct exchange *x)
{
    show(x, 200, NULL);
}

int news_safety_put_act(struct exchange *x, struct db *db)
{
    struct safety_in in;
    struct safety_of of = {.lang = http_param(x, S("code"))};
    struct news n;
    int r = news_bar_item(x, db, &n);

    (void)safety_form_read(x, &in);
    if (r == 0)
        r = str_i64(http_field(x, S("revision")), 0, INT64_MAX, &of.revision);
    if (r == 0)
        r = str_i64(http_field(x, S("pictures")), 0, INT64_MAX, &of.pictures_revision);
    of.news_id = n.id;
    return r < 0 ? r : safety_put(db, x->actor, &of, &in, visit_now(x));
}

void news_safety_put(struct exchange *x)
{
    struct safety_in in;

    (void)safety_form_read(x, &in);
    if (x->result == 0)
        http_redirect(x, 303,
                      safety_passes(&in) ? news_bar_url(x, "/steps?done=passed")
                                         : news_bar_url(x, "/safety?done=failed"));
    else if (x->result == ERR_RANGE || x->result == ERR_CONFLICT)
        show(x, err_http_status(x->result), &in);
    else
        visit_fail(x, x->result);
}
