#include "web/page_edit.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/sb.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/country.h"
#include "domain/news.h"
#include "domain/text.h"
#include "domain/topic.h"
#include "gen/template.h"
#include "net/http.h"
#include "web/blank_text.h"
#include "web/frame.h"
#include "web/html_data.h"
#include "web/texts.h"
#include "web/visit.h"

enum { MAX_VERSIONS = 24 };

/* What the form said; kept from act to show. */
struct form {
    int64_t news_id;
    struct news_in in;
    str day, zone;            /* as typed; of the seminar */
    usec at;                  /* that day; 0: today */
    struct topic_list topics; /* is_chosen as the form says */
    str countries, codes;     /* as typed; "TM,TR" */
};

static int read_news(struct exchange *x, struct db *db, struct news *ret_news)
{
    str lang = http_param(x, S("code"));

    if (!text_is_lang(lang))
        return ERR_NOT_FOUND;
    return news_by_slug(x->arena, db, x->actor, http_param(x, S("slug")), lang, ret_news);
}

static str field(struct exchange *x, const char *name)
{
    str v = http_field(x, str_c(name));

    return v.p ? v : S("");
}

static int read_topics(struct exchange *x, struct db *db, struct form *f)
{
    int r = topic_list(x->arena, db, visit_lang(x), f->news_id, &f->topics);

    for (size_t i = 0; r == 0 && i < f->topics.n; i++) {
        struct topic *t = &f->topics.row[i];
        str name = arena_printf(x->arena, "topic-%lld", (long long)t->id);

        t->is_chosen = str_eq(http_field(x, name), S("1"));
    }
    return r;
}

static int read_form(struct exchange *x, struct db *db, struct form **ret_form)
{
    struct form *f = arena_make(x->arena, struct form);
    struct news n;
    int r = f ? read_news(x, db, &n) : ERR_MEM;

    if (r < 0)
        return r;
    f->news_id = n.id;
    f->zone = n.zone;
    f->day = field(x, "day");
    f->countries = field(x, "countries");
    f->in = (struct news_in){.lang = http_param(x, S("code")),
                             .title = str_trim(field(x, "title")),
                             .body = field(x, "body"),
                             .correction = field(x, "correction")};
    x->state = f;
    r = read_topics(x, db, f);
    if (r == 0)
        r = str_i64(http_field(x, S("revision")), 0, INT64_MAX, &f->in.revision);
    if (r == 0)
        r = news_day_parse(f->day, f->zone, &f->at);
    if (r == 0 && country_list_parse(x->arena, f->countries, &f->codes) < 0)
        r = ERR_RANGE;
    if (r == 0 && (!f->in.title.n || !f->in.body.n))
        r = ERR_RANGE;
    if (r == 0)
        *ret_form = f;
    return r;
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

/* As stored, unless the form says otherwise. */
static int fill_topics(struct exchange *x, const struct news *n, struct tpl_news_edit *v)
{
    const struct form *f = x->state;
    struct topic_list list;
    struct tpl_news_edit_topics *row;
    int r = f ? 0 : topic_list(x->arena, x->db, visit_lang(x), n->id, &list);

    if (f)
        list = f->topics;
    row = r == 0 ? arena_array(x->arena, list.n, sizeof(*row)) : NULL;
    if (!row)
        return r < 0 ? r : ERR_MEM;
    for (size_t i = 0; i < list.n; i++)
        row[i] = (struct tpl_news_edit_topics){
            .id = list.row[i].id,
            .name = frame_text(&list.row[i].name, list.row[i].slug),
            .lang = frame_foreign(&list.row[i].name),
            .is_chosen = list.row[i].is_chosen,
        };
    v->topics = row;
    v->ntopics = list.n;
    return 0;
}

/* Names, with commas, as country_list_parse reads them; what was typed, when something was. */
static int fill_countries(struct exchange *x, const struct news *n, struct tpl_news_edit *v)
{
    const struct form *f = x->state;
    struct sb b = sb_init(x->arena, 0);
    struct news_country_list l = {0};
    int r = f ? 0 : news_countries(x->arena, x->db, visit_lang(x), n->id, &l);

    for (size_t i = 0; i < l.n; i++)
        sb_printf(&b, "%s%.*s", i ? ", " : "", STR(blank_country(x, l.row[i].code)));
    v->countries = f ? f->countries : arena_str(x->arena, sb_str(&b));
    return r;
}

/* What the record says by now, when the draft was made before. */
static int fill_record(struct exchange *x, const struct news *n, struct tpl_news_edit *v)
{
    struct news_redraft d = {0};
    int r = n->is_asked ? news_redraft(x->arena, x->db, x->actor, n, &d) : 0;

    if (d.is_new)
        v->record_now = d.made;
    return r;
}

static void show(struct exchange *x, const struct news *n, int status, struct tpl_news_edit *v)
{
    str code = http_param(x, S("code"));
    int r = fill_topics(x, n, v);

    if (r == 0)
        r = fill_countries(x, n, v);
    if (r == 0)
        r = fill_record(x, n, v);
    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    v->base = arena_printf(x->arena, "/desk/news/%.*s/%.*s", STR(n->slug), STR(code));
    v->back = S("/desk");
    v->topics_url = S("/desk/topics");
    v->code = code;
    v->csrf_token = visit_csrf(x);
    v->is_published = n->is_asked && n->is_published;
    v->can_publish = !v->is_published; /* the date of a published item stays */
    if (v->is_published)
        v->public_url = arena_printf(x->arena, "/%.*s/news/%.*s", STR(code), STR(n->slug));
    if (!v->correction.p)
        v->correction = n->correction.p ? n->correction : S("");
    fill_versions(x, n, v);
    if (!v->day.p)
        v->day = n->is_asked && n->published_at ? news_day(x->arena, n->published_at, n->zone)
                                                : S("");
    frame_fill(x, &v->page, v->title_now.n ? v->title_now : n->title, v->base);
    tpl_news_edit(&x->reply, visit_texts(x), v);
    frame_send(x, status);
}

void news_edit_show(struct exchange *x)
{
    static const struct frame_word done[] = {{S("saved"), TEXT_EDIT_SAVED},
                                             {S("published"), TEXT_EDIT_IS_PUBLISHED},
                                             {S("withdrawn"), TEXT_EDIT_IS_WITHDRAWN},
                                             {S("taken"), TEXT_EDIT_TAKEN}};
    static const struct frame_word problem[] = {{S("unsure"), TEXT_EDIT_UNSURE}};
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
    v.problem = frame_word(x, S("problem"), problem, NELEM(problem));
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
    v.day = f->day;
    v.correction = f->in.correction;
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

static int choose_topics(struct exchange *x, struct db *db, const struct form *f)
{
    int64_t *ids = arena_array(x->arena, f->topics.n, sizeof(*ids));
    size_t n = 0;

    if (!ids)
        return ERR_MEM;
    for (size_t i = 0; i < f->topics.n; i++)
        if (f->topics.row[i].is_chosen)
            ids[n++] = f->topics.row[i].id;
    return topic_choose(db, x->actor, f->news_id, ids, n);
}

/* What stands in the form. */
static int save(struct exchange *x, struct db *db, struct form **ret_form)
{
    struct form *f;
    int r = read_form(x, db, &f);

    if (r == 0)
        r = news_edit(db, x->actor, f->news_id, &f->in, visit_now(x));
    if (r == 0)
        r = choose_topics(x, db, f);
    if (r == 0)
        r = news_countries_put(db, x->actor, f->news_id, f->codes.p ? f->codes : S(""));
    if (r == 0)
        *ret_form = f;
    return r;
}

int news_save_act(struct exchange *x, struct db *db)
{
    struct form *f;

    return save(x, db, &f);
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
    struct form *f = NULL;
    struct news n;
    int r = save(x, db, &f);

    if (r == 0)
        r = read_news(x, db, &n);
    if (r < 0)
        return r;
    what = (struct news_in){.lang = f->in.lang, .revision = n.revision};
    return news_publish(db, x->actor, n.id, &what, f->at, visit_now(x));
}

void news_publish_done(struct exchange *x)
{
    answer(x, "published");
}

/* The form is saved, then the new lines of the record go into it. */
int news_redraft_act(struct exchange *x, struct db *db)
{
    struct form *f;
    struct news n;
    int r = save(x, db, &f);

    if (r == 0)
        r = read_news(x, db, &n);
    return r < 0 ? r : news_redraft_take(x->arena, db, x->actor, &n, visit_now(x));
}

void news_redraft_done(struct exchange *x)
{
    answer(x, "taken");
}

int news_withdraw_act(struct exchange *x, struct db *db)
{
    struct news n;
    int r = read_news(x, db, &n);

    if (r < 0)
        return r;
    if (!str_eq(http_field(x, S("sure")), S("1")))
        return ERR_PRECOND;
    return news_withdraw(db, x->actor, n.id, http_param(x, S("code")), visit_now(x));
}

void news_withdraw_done(struct exchange *x)
{
    if (x->result == ERR_PRECOND)
        http_redirect(x, 303,
                      arena_printf(x->arena, "/desk/news/%.*s/%.*s?problem=unsure",
                                   STR(http_param(x, S("slug"))), STR(http_param(x, S("code")))));
    else
        answer(x, "withdrawn");
}
