#include "web/page_guide_desk.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/guide.h"
#include "gen/template.h"
#include "net/http.h"
#include "web/frame.h"
#include "web/lang_fields.h"
#include "web/page_guide.h"
#include "web/page_legal.h"
#include "web/page_sound.h"
#include "web/reading_part.h"
#include "web/texts.h"
#include "web/visit.h"

enum { MAX_LANGS = 24 };

static str field(struct exchange *x, const char *name)
{
    str s = str_trim(http_field(x, str_c(name)));

    return s.p ? s : S("");
}

static bool is_shown_again(int code)
{
    return code == ERR_RANGE || code == ERR_CONFLICT || code == ERR_ENCODING;
}

static enum text_id problem_text(int code)
{
    return code == ERR_CONFLICT ? TEXT_GUIDE_CONFLICT : TEXT_GUIDE_BAD;
}

/* ---- all ---- */

/* Both kinds, guides first. */
static int read_all(struct exchange *x, struct guide_list *ret_list)
{
    struct guide_list guides = {0}, legal = {0};
    struct guide *row;
    int r = guide_list(x->arena, x->db, visit_lang(x), &guides);

    if (r == 0)
        r = legal_list(x->arena, x->db, visit_lang(x), &legal);
    if (r < 0)
        return r;
    row = arena_array(x->arena, guides.n + legal.n, sizeof(*row));
    if (!row)
        return ERR_MEM;
    for (size_t i = 0; i < guides.n; i++)
        row[i] = guides.row[i];
    for (size_t i = 0; i < legal.n; i++)
        row[guides.n + i] = legal.row[i];
    *ret_list = (struct guide_list){row, guides.n + legal.n};
    return 0;
}

static void show_list(struct exchange *x, int code)
{
    struct tpl_desk_guides v = {.problem = code < 0 ? problem_text(code) : TEXT_NONE,
                                .csrf_token = visit_csrf(x)};
    const struct lang_fields titles = {.name = "title", .is_typed = true};
    struct tpl_desk_guides_guides *row;
    uint64_t subject = 0;
    struct guide_list l = {0};
    int r = read_all(x, &l);

    if (r == 0)
        r = lang_fields_fill(x, &titles, &v.titles, &v.ntitles);

    row = r == 0 ? arena_array(x->arena, l.n, sizeof(*row)) : NULL;
    if (r < 0 || !row) {
        visit_fail(x, r < 0 ? r : ERR_MEM);
        return;
    }
    for (size_t i = 0; i < l.n; i++)
        row[i] = (struct tpl_desk_guides_guides){
            .title = frame_text(&l.row[i].title, l.row[i].slug),
            .lang = frame_foreign(&l.row[i].title),
            .url = arena_printf(x->arena, "/desk/guides/%.*s", STR(l.row[i].slug)),
            .from = l.row[i].from,
            .to = l.row[i].to,
            .is_legal = l.row[i].kind == GUIDE_LEGAL,
            .subject = l.row[i].subject ? legal_subject_text(l.row[i].subject) : TEXT_NONE};
    v.guides = row;
    v.nguides = l.n;
    if (str_u64(field(x, "subject"), 9, &subject) == 0)
        v.subject = (int64_t)subject;
    v.slug = field(x, "slug");
    v.from = field(x, "from");
    v.to = field(x, "to");
    frame_fill(x, &v.page, texts_get(visit_texts(x), TEXT_GUIDE_TITLE), S("/desk/guides"));
    tpl_desk_guides(&x->reply, visit_texts(x), &v);
    frame_send(x, code < 0 ? err_http_status(code) : 200);
}

void desk_guides(struct exchange *x)
{
    show_list(x, 0);
}

static int put_title(struct exchange *x, struct db *db, int64_t id, const struct text_in *in)
{
    return guide_text_put(db, x->actor, id, GUIDE_TITLE, in, visit_now(x));
}

static int put_lead(struct exchange *x, struct db *db, int64_t id, const struct text_in *in)
{
    return guide_text_put(db, x->actor, id, GUIDE_LEAD, in, visit_now(x));
}

static int put_point(struct exchange *x, struct db *db, int64_t id, const struct text_in *in)
{
    return guide_point_text_put(db, x->actor, id, in, visit_now(x));
}

static int put_text(struct exchange *x, struct db *db, int64_t id, const char *name,
                    const struct text *t)
{
    lang_fields_fn *put = str_eq(str_c(name), S("title"))  ? put_title
                          : str_eq(str_c(name), S("lead")) ? put_lead
                                                           : put_point;

    return lang_fields_put(
        x, db, &(struct lang_fields_put){.name = name, .id = id, .text_id = t->id, .put = put});
}

int desk_guide_add_act(struct exchange *x, struct db *db)
{
    struct guide_in in = {.slug = field(x, "slug"), .from = field(x, "from"), .to = field(x, "to")};
    uint64_t subject = 0;
    int64_t id;
    int r = str_u64(field(x, "subject"), 9, &subject);

    if (r < 0 && field(x, "subject").n)
        return ERR_RANGE;
    in.subject = (int)subject;
    in.kind = in.subject ? GUIDE_LEGAL : GUIDE_CORRIDOR;
    r = guide_add(db, x->actor, &in, visit_now(x), &id);

    return r == 0 ? put_text(x, db, id, "title", &(struct text){0}) : r;
}

void desk_guide_add(struct exchange *x)
{
    if (x->result == 0)
        http_redirect(x, 303, arena_printf(x->arena, "/desk/guides/%.*s", STR(field(x, "slug"))));
    else if (is_shown_again(x->result))
        show_list(x, x->result);
    else
        visit_fail(x, x->result);
}

/* ---- one ---- */

/* Was this the form of this statement (0: of a new one), with words that did not get in? */
static bool is_typed_here(struct exchange *x, int64_t id)
{
    int64_t at = 0;

    if (!lang_fields_any(x, "text"))
        return false;
    return str_i64(http_param(x, S("id")), 1, INT64_MAX, &at) < 0 ? id == 0 : at == id;
}

static int read_point(struct exchange *x, struct guide_point_in *to)
{
    uint64_t stage, topic;

    *to = (struct guide_point_in){.source = field(x, "source")};
    if (str_u64(field(x, "stage"), 9, &stage) < 0 || str_u64(field(x, "topic"), 9, &topic) < 0)
        return ERR_RANGE;
    to->stage = (int)stage;
    to->topic = (int)topic;
    return 0;
}

static int fill_point(struct exchange *x, const struct guide *g, const struct guide_point *p,
                      struct tpl_guide_point *v)
{
    bool is_typed = is_typed_here(x, p->id);
    const struct lang_fields texts = {"text", p->text.id, is_typed};
    struct guide_point_in in;
    int r = lang_fields_fill(x, &texts, &v->texts, &v->ntexts);

    v->is_open = is_typed;
    v->base = arena_printf(x->arena, "/desk/guides/%.*s/%lld", STR(g->slug), (long long)p->id);
    v->csrf_token = visit_csrf(x);
    v->stage = p->stage;
    v->topic = p->topic;
    v->is_legal = g->kind == GUIDE_LEGAL;
    v->stage_word = guide_stage_text(g->kind, p->stage);
    v->topic_word = guide_topic_text(p->topic);
    v->source = p->source;
    v->revision = p->revision;
    v->shown = frame_text(&p->text, S(""));
    v->checked = p->checked_at ? frame_date(x, p->checked_at, S("UTC")) : (str){NULL, 0};
    v->is_overdue = p->is_overdue;
    v->source_typed = p->source;
    if (is_typed && read_point(x, &in) == 0) {
        v->stage = in.stage;
        v->topic = in.topic;
        v->source_typed = in.source;
    }
    return r;
}

static int fill_points(struct exchange *x, const struct guide *g, struct tpl_desk_guide *v)
{
    struct guide_points p;
    struct tpl_guide_point *row;
    int r = guide_points(x->arena, x->db, g->id, visit_lang(x), visit_now(x), &p);

    if (r < 0)
        return r;
    row = arena_array(x->arena, p.n, sizeof(*row));
    if (!row)
        return ERR_MEM;
    for (size_t i = 0; r == 0 && i < p.n; i++)
        r = fill_point(x, g, &p.row[i], &row[i]);
    v->points = row;
    v->npoints = p.n;
    return r;
}

static void add_words(struct sb *b, const struct text *t)
{
    if (!t->is_asked)
        return;
    sb_add(b, t->body);
    sb_c(b, "\n");
}

/* All words of the page in one language, a text a line. */
static int words_of(struct exchange *x, const struct guide *g, str lang, str *ret_words)
{
    struct sb b = sb_init(x->arena, 0);
    struct guide_points p = {0};
    struct guide in_lang = {0};
    int r = guide_by_slug(x->arena, x->db, g->slug, lang, &in_lang);

    if (r == 0)
        r = guide_points(x->arena, x->db, g->id, lang, visit_now(x), &p);
    if (r < 0)
        return r;
    add_words(&b, &in_lang.title);
    add_words(&b, &in_lang.lead);
    for (size_t i = 0; i < p.n; i++)
        add_words(&b, &p.row[i].text);
    *ret_words = arena_str(x->arena, sb_str(&b));
    return ret_words->p ? 0 : ERR_MEM;
}

/* A row for each language that has words. */
static int fill_readings(struct exchange *x, const struct guide *g, struct tpl_desk_guide *v)
{
    struct tpl_reading *row = arena_array(x->arena, MAX_LANGS, sizeof(*row));
    const struct text_lang *l;
    str words = {0};
    int r = row ? 0 : ERR_MEM;

    for (size_t i = 0; r == 0 && i < MAX_LANGS && (l = texts_lang(i)); i++) {
        r = words_of(x, g, l->code, &words);
        if (r == 0)
            r = reading_part_fill(x, l->code, words, &row[v->nreadings]);
        v->nreadings += r == 0 && row[v->nreadings].words > 0;
    }
    v->readings = row;
    return r;
}

/* Title, introduction, and the empty form for a new statement. */
static int fill_texts(struct exchange *x, const struct guide *g, struct tpl_desk_guide *v)
{
    const struct lang_fields titles = {"title", g->title.id, lang_fields_any(x, "title")};
    const struct lang_fields leads = {"lead", g->lead.id, lang_fields_any(x, "lead")};
    const struct lang_fields texts = {"text", 0, is_typed_here(x, 0)};
    int r = lang_fields_fill(x, &titles, &v->titles, &v->ntitles);

    v->is_open = titles.is_typed;
    if (r == 0)
        r = lang_fields_fill(x, &leads, &v->leads, &v->nleads);
    return r == 0 ? lang_fields_fill(x, &texts, &v->texts, &v->ntexts) : r;
}

void desk_guide_again(struct exchange *x, int status, enum text_id problem)
{
    static const struct frame_word done[] = {{S("saved"), TEXT_GUIDE_SAVED}};
    struct tpl_desk_guide v = {.problem = problem, .csrf_token = visit_csrf(x)};
    struct guide g;
    int r = guide_by_slug(x->arena, x->db, http_param(x, S("slug")), visit_lang(x), &g);

    if (r == 0) {
        v.base = arena_printf(x->arena, "/desk/guides/%.*s", STR(g.slug));
        r = fill_texts(x, &g, &v);
    }
    if (r == 0)
        r = fill_points(x, &g, &v);
    if (r == 0)
        r = fill_readings(x, &g, &v);
    if (r == 0)
        r = sound_rows(x, &g, &v.sounds, &v.nsounds);
    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    v.source = is_typed_here(x, 0) ? field(x, "source") : S("");
    v.by = field(x, "by");
    v.changed = g.changed_at;
    v.title = frame_text(&g.title, g.slug);
    v.is_legal = g.kind == GUIDE_LEGAL;
    v.url = arena_printf(x->arena, "/%.*s/%s/%.*s", STR(visit_lang(x)),
                         v.is_legal ? "legal" : "guides", STR(g.slug));
    if (g.reviewed_at) {
        v.reviewed = frame_date(x, g.reviewed_at, S("UTC"));
        v.reviewed_by = g.reviewed_by;
    }
    v.done = frame_word(x, S("done"), done, NELEM(done));
    frame_fill(x, &v.page, v.title, v.base);
    tpl_desk_guide(&x->reply, visit_texts(x), &v);
    frame_send(x, status);
}

void desk_guide(struct exchange *x)
{
    desk_guide_again(x, 200, TEXT_NONE);
}

static int find(struct exchange *x, struct db *db, struct guide *ret_guide)
{
    return guide_by_slug(x->arena, db, http_param(x, S("slug")), visit_lang(x), ret_guide);
}

int desk_guide_save_act(struct exchange *x, struct db *db)
{
    struct guide g;
    int r = find(x, db, &g);

    if (r == 0)
        r = put_text(x, db, g.id, "title", &g.title);
    if (r == 0)
        r = put_text(x, db, g.id, "lead", &g.lead);
    return r;
}

int desk_guide_review_act(struct exchange *x, struct db *db)
{
    struct guide g;
    int64_t seen_at = 0;
    int r = find(x, db, &g);

    if (r == 0 && str_i64(field(x, "changed"), 0, INT64_MAX, &seen_at) < 0)
        r = ERR_RANGE;
    return r == 0 ? guide_review(db, x->actor, g.id, field(x, "by"), seen_at, visit_now(x)) : r;
}

int desk_guide_remove_act(struct exchange *x, struct db *db)
{
    struct guide g;
    int r = find(x, db, &g);

    return r == 0 ? guide_remove(db, x->actor, g.id) : r;
}

void desk_guide_remove(struct exchange *x)
{
    if (x->result == 0)
        http_redirect(x, 303, S("/desk/guides"));
    else
        visit_fail(x, x->result);
}

int desk_point_add_act(struct exchange *x, struct db *db)
{
    struct guide_point_in in;
    struct guide g;
    int64_t id;
    int r = find(x, db, &g);

    if (r == 0)
        r = read_point(x, &in);
    if (r == 0)
        r = guide_point_add(db, x->actor, g.id, &in, visit_now(x), &id);
    return r == 0 ? put_text(x, db, id, "text", &(struct text){0}) : r;
}

/* The point of the address, when it is one of this guide. */
static int find_point(struct exchange *x, struct db *db, struct guide_point *ret_point)
{
    struct guide_points l = {0};
    struct guide g;
    int64_t id;
    int r = find(x, db, &g);

    if (r == 0)
        r = str_i64(http_param(x, S("id")), 1, INT64_MAX, &id) < 0 ? ERR_NOT_FOUND : 0;
    if (r == 0)
        r = guide_points(x->arena, db, g.id, visit_lang(x), visit_now(x), &l);
    for (size_t i = 0; r == 0 && i < l.n; i++) {
        if (l.row[i].id == id) {
            *ret_point = l.row[i];
            return 0;
        }
    }
    return r < 0 ? r : ERR_NOT_FOUND;
}

int desk_point_save_act(struct exchange *x, struct db *db)
{
    struct guide_point_in in;
    struct guide_point p;
    int r = find_point(x, db, &p);

    if (r == 0)
        r = read_point(x, &in);
    if (r == 0 && str_i64(field(x, "revision"), 1, INT64_MAX, &in.revision) < 0)
        r = ERR_RANGE;
    if (r == 0)
        r = guide_point_save(db, x->actor, p.id, &in, visit_now(x));
    return r == 0 ? put_text(x, db, p.id, "text", &p.text) : r;
}

int desk_point_check_act(struct exchange *x, struct db *db)
{
    struct guide_point p;
    int64_t revision = 0;
    int r = find_point(x, db, &p);

    if (r == 0 && str_i64(field(x, "revision"), 1, INT64_MAX, &revision) < 0)
        r = ERR_RANGE;
    return r == 0 ? guide_point_check(db, x->actor, p.id, S(""), revision, visit_now(x)) : r;
}

int desk_point_remove_act(struct exchange *x, struct db *db)
{
    struct guide_point p;
    int r = find_point(x, db, &p);

    return r == 0 ? guide_point_remove(db, x->actor, p.id, visit_now(x)) : r;
}

void desk_guide_done(struct exchange *x)
{
    if (x->result == 0)
        http_redirect(
            x, 303,
            arena_printf(x->arena, "/desk/guides/%.*s?done=saved", STR(http_param(x, S("slug")))));
    else if (is_shown_again(x->result))
        desk_guide_again(x, err_http_status(x->result), problem_text(x->result));
    else
        visit_fail(x, x->result);
}
