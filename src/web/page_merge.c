#include "web/page_merge.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/desk_list.h"
#include "domain/diff.h"
#include "domain/news.h"
#include "gen/template.h"
#include "net/http.h"
#include "web/diff_part.h"
#include "web/edit_form.h"
#include "web/frame.h"
#include "web/news_bar.h"
#include "web/page_edit.h"
#include "web/texts.h"
#include "web/visit.h"

/* A text longer than this between two changes is not shown whole. */
enum { SAME_BYTES = 240 };

struct three {
    struct news now; /* theirs: what is stored */
    str base_title, base, theirs, mine;
    struct merge merge;
};

static int base_read(struct exchange *x, const struct edit_form *f, int64_t was, struct three *t)
{
    const struct desk_at at = {.news_id = f->news_id, .lang = f->in.lang, .revision = was};
    int r =
        was ? desk_words(x->arena, x->db, x->actor, &at, &t->base_title, &t->base) : ERR_NOT_FOUND;

    if (r == ERR_NOT_FOUND) { /* begun by both at once: there is nothing in common */
        t->base_title = t->base = S("");
        r = 0;
    }
    return r;
}

/* `was`: the revision that the person began from. */
static int three_read(struct exchange *x, const struct edit_form *f, int64_t was, struct three *t)
{
    int r = news_bar_item(x, x->db, &t->now);

    if (r == 0 && !t->now.is_asked)
        r = ERR_NOT_FOUND;
    if (r == 0)
        r = base_read(x, f, was, t);
    if (r < 0)
        return r;
    t->base = edit_form_plain(x->arena, t->base);
    t->theirs = edit_form_plain(x->arena, t->now.body);
    t->mine = f->in.body;
    return merge_texts(x->arena, t->base, t->mine, t->theirs, &t->merge);
}

static bool is_title_clash(const struct edit_form *f, const struct three *t)
{
    return !str_eq(f->in.title, t->now.title) && !str_eq(t->now.title, t->base_title) &&
           !str_eq(f->in.title, t->base_title);
}

/* Long stretches that nobody has touched are cut in the middle. */
static str shortened(struct exchange *x, str s)
{
    size_t from = SAME_BYTES / 2, to = s.n - SAME_BYTES / 2;

    if (s.n <= 2 * SAME_BYTES)
        return s;
    while (from && ((unsigned char)s.p[from] & 0xc0) == 0x80)
        from--;
    while (to < s.n && ((unsigned char)s.p[to] & 0xc0) == 0x80)
        to++;
    return arena_printf(x->arena, "%.*s …\n… %.*s", STR(str_take(s, from)), STR(str_from(s, to)));
}

static int fill_part(struct exchange *x, const struct merge_part *p, struct tpl_merge_part *to)
{
    static const char *const kinds[] = {"same", "mine", "theirs", "clash"};
    int r = diff_part_fill(x->arena, p->base, p->mine, &to->mine);

    if (r == 0)
        r = diff_part_fill(x->arena, p->base, p->theirs, &to->theirs);
    to->kind = str_c(kinds[p->kind]);
    to->code = http_param(x, S("code"));
    to->plain = shortened(x, p->mine);
    to->is_mine_empty = !p->mine.n;
    to->is_theirs_empty = !p->theirs.n;
    return r;
}

/* Parts that are the same follow each other as one. */
static int fill_parts(struct exchange *x, const struct merge *m, struct tpl_news_merge *v)
{
    struct tpl_merge_part *row = arena_array(x->arena, m->n, sizeof(*row));
    int64_t clash = 0;
    int r = row ? 0 : ERR_MEM;

    for (size_t i = 0; r == 0 && i < m->n; i++) {
        struct merge_part p = m->row[i];

        while (p.kind == MERGE_SAME && i + 1 < m->n && m->row[i + 1].kind == MERGE_SAME)
            p.mine.n += m->row[++i].mine.n;
        r = fill_part(x, &p, &row[v->nparts]);
        row[v->nparts].number = p.kind == MERGE_CLASH ? ++clash : 0;
        v->nparts++;
    }
    v->parts = row;
    return r;
}

static int fill_who(struct exchange *x, const struct three *t, struct tpl_news_merge *v)
{
    struct desk_record_list l;
    int r = desk_records(x->arena, x->db, x->actor, t->now.id, t->now.lang, &l);

    for (size_t i = 0; r == 0 && i < l.n; i++) {
        if (l.row[i].has_words) {
            v->who = l.row[i].who;
            v->at = l.row[i].at;
            break;
        }
    }
    return r;
}

static int fill(struct exchange *x, const struct edit_form *f, const struct three *t,
                struct tpl_news_merge *v)
{
    struct tpl_news_merge_topics *topic = arena_array(x->arena, f->topics.n, sizeof(*topic));
    int r = topic ? news_bar_fill(x, &t->now, NEWS_WORDS, &v->bar, NULL) : ERR_MEM;

    for (size_t i = 0; r == 0 && i < f->topics.n; i++)
        if (f->topics.row[i].is_chosen)
            topic[v->ntopics++].id = f->topics.row[i].id;
    v->topics = topic;
    v->title_mine = f->in.title;
    v->title_theirs = t->now.title;
    v->is_title_clash = is_title_clash(f, t);
    v->body_mine = f->in.body;
    v->correction = f->in.correction.n ? f->in.correction : (str){0};
    v->countries = f->countries;
    v->nclashes = (int64_t)t->merge.nclashes;
    if (r == 0)
        r = fill_parts(x, &t->merge, v);
    return r < 0 ? r : fill_who(x, t, v);
}

void merge_show(struct exchange *x)
{
    const struct edit_form *f = x->state;
    struct tpl_news_merge v = {
        .csrf_token = visit_csrf(x), .base = news_bar_url(x, ""), .code = http_param(x, S("code"))};
    struct three t = {0};
    int r = three_read(x, f, f->in.revision, &t);

    if (r == 0) {
        visit_zone_set(x, t.now.zone);
        v.was = f->in.revision;
        v.now = t.now.revision;
        r = fill(x, f, &t, &v);
    }
    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    frame_fill(x, &v.page, t.now.title, v.base);
    tpl_news_merge(&x->reply, visit_texts(x), &v);
    frame_send(x, 409);
}

static int join(struct exchange *x, struct edit_form *f, const struct three *t)
{
    enum merge_choice *choices = arena_array(x->arena, t->merge.nclashes, sizeof(*choices));

    if (!choices)
        return ERR_MEM;
    for (size_t i = 0; i < t->merge.nclashes; i++) {
        str pick = http_field(x, arena_printf(x->arena, "pick-%zu", i + 1));

        choices[i] = str_eq(pick, S("mine"))     ? MERGE_TAKE_MINE
                     : str_eq(pick, S("theirs")) ? MERGE_TAKE_THEIRS
                                                 : MERGE_TAKE_BOTH;
    }
    if (str_eq(http_field(x, S("pick-title")), S("theirs")) ||
        (!is_title_clash(f, t) && str_eq(f->in.title, t->base_title)))
        f->in.title = t->now.title;
    return merge_join(x->arena, &t->merge, choices, t->merge.nclashes, &f->in.body);
}

/* A third one may have saved meanwhile: then the view is shown anew, against what is stored now. */
void news_merge(struct exchange *x)
{
    struct edit_form *f;
    struct three t = {0};
    int64_t was = 0, now = 0;
    int r = str_i64(http_field(x, S("was")), 0, INT64_MAX, &was);

    if (r == 0)
        r = str_i64(http_field(x, S("now")), 0, INT64_MAX, &now);
    if (r == 0)
        r = edit_form_read(x, x->db, &f);
    if (r == 0) {
        f->in.revision = was;
        r = three_read(x, f, was, &t);
    }
    if (r == 0 && t.now.revision != now) {
        merge_show(x);
        return;
    }
    if (r == 0)
        r = join(x, f, &t);
    if (r < 0)
        visit_fail(x, r);
    else
        edit_show_joined(x, &t.now, now);
}
