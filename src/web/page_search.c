#include "web/page_search.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/sb.h"
#include "base/str.h"
#include "domain/search.h"
#include "domain/topic.h"
#include "gen/template.h"
#include "net/http.h"
#include "web/frame.h"
#include "web/texts.h"
#include "web/visit.h"

enum { HITS = 10, MAX_SKIP = 1000 };

struct asked {
    str query;
    bool is_everywhere; /* ?in=all */
    size_t skip;
    struct search_found found;
    bool is_elsewhere;
};

/* The address of this search from hit `skip` on. */
static str url_of(struct exchange *x, const struct asked *s, bool is_everywhere, size_t skip)
{
    struct sb b = sb_init(x->arena, 0);

    sb_printf(&b, "/%.*s/search?q=", STR(visit_lang(x)));
    sb_url(&b, s->query);
    if (is_everywhere)
        sb_c(&b, "&in=all");
    if (skip)
        sb_printf(&b, "&skip=%zu", skip);
    return arena_str(x->arena, sb_str(&b));
}

static enum text_id kind_text(int kind)
{
    static const enum text_id texts[] = {TEXT_NONE, TEXT_SEARCH_NEWS, TEXT_SEARCH_SEMINAR,
                                         TEXT_SEARCH_CONCLUSION, TEXT_SEARCH_GUIDE};

    return texts[kind > 0 && kind < (int)NELEM(texts) ? kind : SEARCH_NEWS];
}

static enum text_id way_text(int way)
{
    static const enum text_id texts[] = {TEXT_NONE, TEXT_SEARCH_NEAR, TEXT_SEARCH_SOME};

    return texts[way > 0 && way < (int)NELEM(texts) ? way : SEARCH_ALL];
}

static const struct tpl_search_hit_title *title_of(struct exchange *x, const struct search_parts *p)
{
    struct tpl_search_hit_title *row = arena_array(x->arena, p->n, sizeof(*row));

    for (size_t i = 0; row && i < p->n; i++)
        row[i] = (struct tpl_search_hit_title){p->row[i].text, p->row[i].is_found};
    return row;
}

static const struct tpl_search_hit_extract *extract_of(struct exchange *x,
                                                       const struct search_parts *p)
{
    struct tpl_search_hit_extract *row = arena_array(x->arena, p->n, sizeof(*row));

    for (size_t i = 0; row && i < p->n; i++)
        row[i] = (struct tpl_search_hit_extract){p->row[i].text, p->row[i].is_found};
    return row;
}

/* A page in a language that the site has pages in is shown in it, another one in the reader's. */
static str hit_url(struct exchange *x, const struct search_hit *h)
{
    str lang = texts_by_lang(h->lang) ? h->lang : visit_lang(x);

    return arena_printf(x->arena, "/%.*s%.*s", STR(lang), STR(h->path));
}

static int fill_hits(struct exchange *x, const struct search_found *f, struct tpl_search_show *v)
{
    struct tpl_search_hit *row = arena_array(x->arena, f->n, sizeof(*row));

    if (!row)
        return ERR_MEM;
    for (size_t i = 0; i < f->n; i++) {
        const struct search_hit *h = &f->row[i];

        row[i] = (struct tpl_search_hit){
            .url = hit_url(x, h),
            .code = h->lang,
            .is_foreign = !str_eq(h->lang, visit_lang(x)),
            .kind = kind_text(h->kind),
            .at = h->at,
            .when = frame_date(x, h->at, h->zone),
            .title = title_of(x, &h->title),
            .extract = extract_of(x, &h->extract),
        };
        row[i].ntitle = row[i].title ? h->title.n : 0;
        row[i].nextract = row[i].extract ? h->extract.n : 0;
    }
    v->hits = row;
    v->nhits = f->n;
    v->way = way_text(f->way);
    return 0;
}

static int fill_topics(struct exchange *x, struct tpl_search_show *v)
{
    struct tpl_search_show_topics *row;
    struct topic_list list;
    int r = topic_list(x->arena, x->db, visit_lang(x), 0, &list);

    row = r == 0 ? arena_array(x->arena, list.n, sizeof(*row)) : NULL;
    if (!row)
        return r < 0 ? r : ERR_MEM;
    for (size_t i = 0; i < list.n; i++)
        if (list.row[i].nitems)
            row[v->ntopics++] = (struct tpl_search_show_topics){
                .name = frame_text(&list.row[i].name, list.row[i].slug),
                .lang = frame_foreign(&list.row[i].name),
                .url = arena_printf(x->arena, "/%.*s/news?topic=%.*s", STR(visit_lang(x)),
                                    STR(list.row[i].slug)),
            };
    v->topics = row;
    return 0;
}

/* In the reader's language; when that has nothing, in all. */
static int find(struct exchange *x, struct asked *s)
{
    struct search_ask ask = {.query = s->query, .limit = HITS, .skip = s->skip};
    int r;

    if (!s->is_everywhere)
        ask.lang = visit_lang(x);
    r = search_find(x->arena, x->db, &ask, &s->found);
    if (r < 0 || s->found.n || s->is_everywhere || s->skip)
        return r;
    ask.lang = (str){0};
    r = search_find(x->arena, x->db, &ask, &s->found);
    s->is_elsewhere = r == 0 && s->found.n;
    return r;
}

static void fill_links(struct exchange *x, const struct asked *s, struct tpl_search_show *v)
{
    bool is_all = s->is_everywhere || s->is_elsewhere;

    if (s->found.has_more && s->skip < MAX_SKIP)
        v->more = url_of(x, s, is_all, s->skip + HITS);
    if (s->skip)
        v->back = url_of(x, s, is_all, s->skip > HITS ? s->skip - HITS : 0);
    if (!is_all)
        v->all_url = url_of(x, s, true, 0);
    else if (s->is_everywhere)
        v->one_url = url_of(x, s, false, 0);
}

static int fill(struct exchange *x, struct asked *s, struct tpl_search_show *v)
{
    int r = s->query.n ? find(x, s) : 0;

    if (r == 0 && s->found.nwords)
        r = fill_hits(x, &s->found, v);
    else if (r == 0)
        r = fill_topics(x, v);
    if (r < 0)
        return r;
    v->query = s->query;
    v->is_asked = s->found.nwords > 0;
    v->is_everywhere = s->is_everywhere;
    v->is_elsewhere = s->is_elsewhere;
    v->code = visit_lang(x);
    if (v->is_asked)
        fill_links(x, s, v);
    return 0;
}

void search_show(struct exchange *x)
{
    struct asked s = {.query = str_trim(http_query(x, S("q"))),
                      .is_everywhere = str_eq(http_query(x, S("in")), S("all"))};
    struct tpl_search_show v = {0};
    uint64_t skip = 0;
    int r;

    if (!s.query.p)
        s.query = S("");
    if (str_u64(http_query(x, S("skip")), MAX_SKIP, &skip) == 0)
        s.skip = (size_t)skip;
    r = texts_by_lang(http_param(x, S("lang"))) ? fill(x, &s, &v) : ERR_NOT_FOUND;
    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    /* The words are the reader's own business: they stay out of caches, ours and others'. */
    http_set(x, S("Cache-Control"), S("no-store"));
    frame_fill(x, &v.page, texts_get(visit_texts(x), TEXT_SEARCH_TITLE),
               s.query.n ? url_of(x, &s, s.is_everywhere, 0) : (str){0});
    v.page.is_hidden = s.query.n > 0;
    v.page.description = texts_get(visit_texts(x), TEXT_SEARCH_HINT);
    if (s.query.n)
        v.page.canonical = (str){0};
    v.action = v.page.search;
    v.archive = v.page.news;
    tpl_search_show(&x->reply, visit_texts(x), &v);
    frame_send(x, 200);
}
