#include "web/page_edit.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/news.h"
#include "domain/text.h"
#include "gen/template.h"
#include "net/http.h"
#include "web/frame.h"
#include "web/html_data.h"
#include "web/texts.h"
#include "web/visit.h"

#include <time.h>

enum { MAX_VERSIONS = 24 };

/* What the form said; kept from act to show. */
struct form {
    int64_t news_id;
    struct news_in in;
    usec day; /* 0: today */
};

static int read_news(struct exchange *x, struct db *db, struct news *ret_news)
{
    str lang = http_param(x, S("code"));

    if (!text_is_lang(lang))
        return ERR_NOT_FOUND;
    return news_by_slug(x->arena, db, x->actor, http_param(x, S("slug")), lang, ret_news);
}

/* "2020-11-24" as midnight UTC; empty is 0. */
static int read_day(str s, usec *ret_day)
{
    struct str_pair year = str_cut(s, '-');
    struct str_pair month = str_cut(year.tail, '-');
    uint64_t y, m, d;
    struct tm tm = {0};

    if (!s.n) {
        *ret_day = 0;
        return 0;
    }
    if (str_u64(year.head, 9999, &y) < 0 || str_u64(month.head, 12, &m) < 0 ||
        str_u64(month.tail, 31, &d) < 0 || y < 1970 || m < 1 || d < 1)
        return ERR_RANGE;
    tm.tm_year = (int)y - 1900;
    tm.tm_mon = (int)m - 1;
    tm.tm_mday = (int)d;
    *ret_day = (usec)timegm(&tm) * USEC_S;
    return 0;
}

static int read_form(struct exchange *x, struct db *db, struct form **ret_form)
{
    struct form *f = arena_make(x->arena, struct form);
    struct news n;
    int r = f ? read_news(x, db, &n) : ERR_MEM;

    if (r < 0)
        return r;
    f->news_id = n.id;
    f->in = (struct news_in){.lang = http_param(x, S("code")),
                             .title = str_trim(http_field(x, S("title"))),
                             .body = http_field(x, S("body"))};
    x->state = f;
    r = str_i64(http_field(x, S("revision")), 0, INT64_MAX, &f->in.revision);
    if (r == 0)
        r = read_day(http_field(x, S("day")), &f->day);
    if (r == 0 && (!f->in.title.n || !f->in.body.n))
        r = ERR_RANGE;
    if (r == 0)
        *ret_form = f;
    return r;
}

static str day_text(struct exchange *x, usec at)
{
    struct sb b = sb_init(x->arena, 0);

    if (!at)
        return S("");
    texts_show(&b, visit_texts(x), SHOW_ISO, at);
    return arena_str(x->arena, str_take(sb_str(&b), sizeof("2020-11-24") - 1));
}

/* The languages of the site: an item can get a version in each. */
static void fill_versions(struct exchange *x, const struct news *n, struct tpl_news_edit *v)
{
    struct tpl_news_edit_versions *row = arena_array(x->arena, MAX_VERSIONS, sizeof(*row));
    const struct text_lang *l;
    size_t i = 0;

    for (; row && i < MAX_VERSIONS && (l = texts_lang(i)); i++)
        row[i] = (struct tpl_news_edit_versions){
            .code = l->code,
            .url = arena_printf(x->arena, "/desk/news/%.*s/%.*s", STR(n->slug), STR(l->code)),
            .is_current = str_eq(l->code, v->code),
        };
    v->versions = row;
    v->nversions = i;
}

static void show(struct exchange *x, const struct news *n, int status, struct tpl_news_edit *v)
{
    str code = http_param(x, S("code"));

    v->base = arena_printf(x->arena, "/desk/news/%.*s/%.*s", STR(n->slug), STR(code));
    v->back = S("/desk");
    v->code = code;
    v->csrf_token = visit_csrf(x);
    v->is_published = n->is_asked && n->is_published;
    v->can_publish = !v->is_published; /* the date of a published item stays */
    if (v->is_published)
        v->public_url = arena_printf(x->arena, "/%.*s/news/%.*s", STR(code), STR(n->slug));
    fill_versions(x, n, v);
    if (!v->day.p)
        v->day = day_text(x, n->is_asked ? n->published_at : 0);
    frame_fill(x, &v->page, v->title_now.n ? v->title_now : n->title, v->base);
    tpl_news_edit(&x->reply, visit_texts(x), v);
    frame_send(x, status);
}

void news_edit_show(struct exchange *x)
{
    static const struct frame_word done[] = {{S("saved"), TEXT_EDIT_SAVED},
                                             {S("published"), TEXT_EDIT_IS_PUBLISHED},
                                             {S("withdrawn"), TEXT_EDIT_IS_WITHDRAWN}};
    struct tpl_news_edit v = {0};
    struct news n;
    int r = read_news(x, x->db, &n);

    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    /* A language that has no version yet begins empty. */
    v.title_now = n.is_asked ? n.title : S("");
    v.body_now = n.is_asked ? n.body : S("");
    v.revision = n.is_asked ? n.revision : 0;
    v.done = frame_word(x, S("done"), done, NELEM(done));
    show(x, &n, 200, &v);
}

/* The form again with what was typed; on a conflict the stored text stands above it and its
 * revision goes into the form. */
static void show_again(struct exchange *x, int code, bool is_preview)
{
    const struct form *f = x->state;
    struct tpl_news_edit v = {0};
    struct news n;
    int r = f ? read_news(x, x->db, &n) : code;

    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    v.title_now = f->in.title.p ? f->in.title : S("");
    v.body_now = f->in.body.p ? f->in.body : S("");
    v.revision = f->in.revision;
    v.day = day_text(x, f->day);
    if (code == ERR_CONFLICT) {
        v.is_conflict = true;
        v.title_theirs = n.title;
        v.body_theirs = n.body;
        v.revision = n.is_asked ? n.revision : 0;
    } else if (code < 0) {
        v.problem = TEXT_EDIT_PROBLEM;
    }
    if (is_preview && html_of_markdown(x->arena, v.body_now, &v.preview) < 0)
        v.problem = TEXT_EDIT_PROBLEM;
    show(x, &n, code < 0 ? err_http_status(code) : 200, &v);
}

static bool is_shown_again(int code)
{
    return code == ERR_CONFLICT || code == ERR_RANGE || code == ERR_TOO_BIG || code == ERR_ENCODING;
}

static void answer(struct exchange *x, const char *word)
{
    if (x->result == 0)
        http_redirect(x, 303,
                      arena_printf(x->arena, "/desk/news/%.*s/%.*s?done=%s",
                                   STR(http_param(x, S("slug"))), STR(http_param(x, S("code"))),
                                   word));
    else if (is_shown_again(x->result))
        show_again(x, x->result, false);
    else
        visit_fail(x, x->result);
}

int news_save_act(struct exchange *x, struct db *db)
{
    struct form *f;
    int r = read_form(x, db, &f);

    return r == 0 ? news_edit(db, x->actor, f->news_id, &f->in, visit_now(x)) : r;
}

void news_save(struct exchange *x)
{
    answer(x, "saved");
}

void news_preview(struct exchange *x)
{
    struct form *f;
    int r = read_form(x, x->db, &f);

    if (r < 0 && !is_shown_again(r))
        visit_fail(x, r);
    else
        show_again(x, r, true);
}

/* What stands in the form is saved first, so that nobody publishes another text than the one he
 * sees. */
int news_publish_act(struct exchange *x, struct db *db)
{
    struct news_in what;
    struct form *f;
    struct news n;
    int r = read_form(x, db, &f);

    if (r == 0)
        r = news_edit(db, x->actor, f->news_id, &f->in, visit_now(x));
    if (r == 0)
        r = read_news(x, db, &n);
    if (r < 0)
        return r;
    what = (struct news_in){.lang = f->in.lang, .revision = n.revision};
    return news_publish(db, x->actor, n.id, &what, f->day, visit_now(x));
}

void news_publish_done(struct exchange *x)
{
    answer(x, "published");
}

int news_withdraw_act(struct exchange *x, struct db *db)
{
    struct news n;
    int r = read_news(x, db, &n);

    if (r < 0)
        return r;
    return news_withdraw(db, x->actor, n.id, http_param(x, S("code")), visit_now(x));
}

void news_withdraw_done(struct exchange *x)
{
    answer(x, "withdrawn");
}
