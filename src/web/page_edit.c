#include "web/page_edit.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/sb.h"
#include "base/str.h"
#include "domain/access.h"
#include "domain/actor.h"
#include "domain/desk_list.h"
#include "domain/markdown.h"
#include "domain/news.h"
#include "domain/news_redraft.h"
#include "domain/topic.h"
#include "gen/template.h"
#include "net/http.h"
#include "web/blank_text.h"
#include "web/check_book.h"
#include "web/check_marks.h"
#include "web/edit_form.h"
#include "web/frame.h"
#include "web/html_data.h"
#include "web/news_bar.h"
#include "web/page_merge.h"
#include "web/reading_part.h"
#include "web/safety_form.h"
#include "web/site.h"
#include "web/texts.h"
#include "web/visit.h"

#include <stdlib.h>

/* As stored, unless the form says otherwise. */
static int fill_topics(struct exchange *x, const struct news *n, struct tpl_news_edit *v)
{
    const struct edit_form *f = x->state;
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
    const struct edit_form *f = x->state;
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

/* Who else has the editor open. */
static int fill_others(struct exchange *x, const struct news *n, struct tpl_news_edit *v)
{
    const struct desk_at at = {.news_id = n->id, .lang = http_param(x, S("code"))};
    struct tpl_news_edit_others *row;
    struct desk_editor_list l;
    int r = desk_editors(x->arena, x->db, x->actor, &at, visit_now(x), &l);

    row = r == 0 ? arena_array(x->arena, l.n, sizeof(*row)) : NULL;
    if (!row)
        return r < 0 ? r : ERR_MEM;
    for (size_t i = 0; i < l.n; i++)
        row[i] = (struct tpl_news_edit_others){l.row[i].name, l.row[i].since_at};
    v->others = row;
    v->nothers = l.n;
    return 0;
}

/* Of what stands in the form. */
static int fill_reading(struct exchange *x, struct tpl_news_edit *v)
{
    str text = {0};
    int r = markdown_text(x->arena, v->body_now, &text);

    if (r == 0)
        r = reading_part_fill(x, http_param(x, S("code")), text, &v->reading);
    return r == ERR_TOO_BIG || r == ERR_ENCODING ? 0 : r; /* the form says so itself */
}

static int fill(struct exchange *x, const struct news *n, struct tpl_news_edit *v)
{
    const struct edit_form *f = x->state;
    int r = news_bar_fill(x, n, NEWS_WORDS, &v->bar, NULL);

    if (r == 0)
        r = fill_topics(x, n, v);
    if (r == 0)
        r = fill_countries(x, n, v);
    if (r == 0)
        r = fill_record(x, n, v);
    if (r == 0)
        r = fill_others(x, n, v);
    if (r == 0)
        r = fill_reading(x, v);
    v->is_published = n->is_asked && n->is_published;
    return r < 0 ? r : safety_form_fill(x, f ? &f->answers : &(struct safety_in){0},
                                        v->problem == TEXT_EDIT_UNCHECKED, &v->safety);
}

static void show(struct exchange *x, const struct news *n, int status, struct tpl_news_edit *v)
{
    int r;

    visit_zone_set(x, n->zone);
    r = fill(x, n, v);
    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    v->base = news_bar_url(x, "");
    v->safety_url = news_bar_url(x, "/safety");
    v->topics_url = S("/desk/topics");
    v->code = http_param(x, S("code"));
    v->csrf_token = visit_csrf(x);
    if (!v->correction.p)
        v->correction = n->correction.p ? n->correction : S("");
    frame_fill(x, &v->page, v->title_now.n ? v->title_now : n->title, v->base);
    tpl_news_edit(&x->reply, visit_texts(x), v);
    frame_send(x, status);
}

/* ---- others see that it is open ---- */

struct editing {
    int64_t news_id;
    struct actor who;
    char lang[16];
    usec now;
};

static int editing_act(struct db *db, void *ctx)
{
    const struct editing *e = ctx;

    return desk_editing(db, &e->who, e->news_id, str_c(e->lang), e->now);
}

static void editing_done(int result, void *ctx)
{
    (void)result; /* a note for others; the next page says it again */
    free(ctx);
}

/* Like the last use of a session: no part of the record, so a GET may say it. */
static void note_editing(struct exchange *x, const struct news *n)
{
    struct change c = {.act = editing_act, .done = editing_done, .is_aside = true};
    struct editing *e = calloc(1, sizeof(*e));

    if (!e)
        return;
    e->news_id = n->id;
    e->who = (struct actor){.rights = x->actor->rights, .account_id = x->actor->account_id};
    e->now = visit_now(x);
    c.ctx = e;
    if (str_copy(e->lang, sizeof(e->lang), http_param(x, S("code"))) < 0 ||
        access_put(site_of(x)->conf.writer, &c) < 0)
        free(e);
}

void news_edit_show(struct exchange *x)
{
    static const struct frame_word done[] = {{S("saved"), TEXT_EDIT_SAVED},
                                             {S("taken"), TEXT_EDIT_TAKEN}};
    struct tpl_news_edit v = {0};
    struct news n;
    int r = news_bar_item(x, x->db, &n);

    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    /* A language that has no version yet begins empty. */
    v.title_now = n.is_asked ? n.title : S("");
    v.body_now = n.is_asked ? n.body : S("");
    v.revision = n.is_asked ? n.revision : 0;
    v.done = frame_word(x, S("done"), done, NELEM(done));
    note_editing(x, &n);
    show(x, &n, 200, &v);
}

void edit_show_joined(struct exchange *x, const struct news *n, int64_t revision)
{
    const struct edit_form *f = x->state;
    struct tpl_news_edit v = {.title_now = f->in.title, .body_now = f->in.body,
                              .revision = revision, .correction = f->in.correction,
                              .is_joined = true};

    show(x, n, 200, &v);
}

static int fill_preview(struct exchange *x, struct tpl_news_edit *v)
{
    const struct check_rules *rules =
        check_book_by_lang(site_of(x)->check, http_param(x, S("code")));
    const struct check_in in = {.title = v->title_now, .body = v->body_now};
    int r = html_of_markdown(x->arena, v->body_now, &v->preview);

    v->has_rules = rules != NULL;
    if (r == 0 && rules)
        r = check_marks_fill(x, rules, &in, &v->marks);
    if (r == ERR_TOO_BIG) { /* longer than the check takes: the preview stands without it */
        v->has_rules = false;
        r = 0;
    }
    return r;
}

/* The form again with what was typed. */
static void show_again(struct exchange *x, int code, bool is_preview)
{
    const struct edit_form *f = x->state;
    struct tpl_news_edit v = {0};
    struct news n;
    int r = f ? news_bar_item(x, x->db, &n) : code;

    if (!f || r < 0) {
        visit_fail(x, r);
        return;
    }
    v.title_now = f->in.title.p ? f->in.title : S("");
    v.body_now = f->in.body.p ? f->in.body : S("");
    v.revision = f->in.revision;
    v.correction = f->in.correction;
    if (code < 0)
        v.problem = code == ERR_PRECOND ? TEXT_EDIT_UNCHECKED : TEXT_EDIT_PROBLEM;
    if (is_preview && fill_preview(x, &v) < 0)
        v.problem = TEXT_EDIT_PROBLEM;
    show(x, &n, code < 0 ? err_http_status(code) : 200, &v);
}

static bool is_shown_again(int code)
{
    return code == ERR_RANGE || code == ERR_TOO_BIG || code == ERR_ENCODING || code == ERR_PRECOND;
}

static void answer(struct exchange *x, const char *done)
{
    if (x->result == 0)
        http_redirect(x, 303, news_bar_url(x, done));
    else if (x->result == ERR_CONFLICT)
        merge_show(x);
    else if (is_shown_again(x->result))
        show_again(x, x->result, false);
    else
        visit_fail(x, x->result);
}

static int choose_topics(struct exchange *x, struct db *db, const struct edit_form *f)
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
static int save(struct exchange *x, struct db *db, struct edit_form **ret_form)
{
    struct edit_form *f;
    int r = edit_form_read(x, db, &f);

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
    struct edit_form *f;

    return save(x, db, &f);
}

void news_save(struct exchange *x)
{
    answer(x, "?done=saved");
}

void news_preview(struct exchange *x)
{
    struct edit_form *f;
    int r = edit_form_read(x, x->db, &f);

    if (r < 0 && !is_shown_again(r))
        visit_fail(x, r);
    else
        show_again(x, r, true);
}

/* The form is saved, then the new lines of the record go into it. */
int news_redraft_act(struct exchange *x, struct db *db)
{
    struct edit_form *f = NULL;
    struct news n;
    int r = save(x, db, &f);

    if (r == 0)
        r = news_bar_item(x, db, &n);
    return !f || r < 0 ? r : news_redraft_take(x->arena, db, x->actor, &n, f->in.answers,
                                                visit_now(x));
}

void news_redraft_done(struct exchange *x)
{
    answer(x, "?done=taken");
}
