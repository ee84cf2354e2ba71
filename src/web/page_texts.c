#include "web/page_texts.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/account.h"
#include "domain/actor.h"
#include "domain/seminar.h"
#include "domain/text_place.h"
#include "gen/template.h"
#include "net/http.h"
#include "web/blank.h"
#include "web/blank_text.h"
#include "web/frame.h"
#include "web/texts.h"
#include "web/visit.h"

static enum text_id kind_text(int kind)
{
    static const enum text_id words[] = {
        [TEXT_PLACE_PROGRAMME] = TEXT_TEXTS_PROGRAMME, [TEXT_PLACE_SEMINAR] = TEXT_TEXTS_SEMINAR,
        [TEXT_PLACE_SHORT] = TEXT_TEXTS_SHORT,         [TEXT_PLACE_AGENDA] = TEXT_TEXTS_AGENDA,
        [TEXT_PLACE_CONCLUSION] = TEXT_TEXTS_CONCLUSION, [TEXT_PLACE_ORG] = TEXT_TEXTS_ORG,
    };

    return kind > 0 && kind < (int)NELEM(words) ? words[kind] : TEXT_TEXTS_SEMINAR;
}

/* Where the text is used; an editor who is no organiser comes back to the texts alone. */
static str home_of(struct exchange *x, const struct text_place *p)
{
    bool is_event = actor_can(x->actor, RIGHT_EVENT);

    if (p->kind == TEXT_PLACE_PROGRAMME)
        return is_event ? arena_printf(x->arena, "/desk/programmes/%.*s", STR(p->slug))
                        : S("/desk");
    if (p->kind == TEXT_PLACE_ORG)
        return is_event ? arena_printf(x->arena, "/desk/orgs/%.*s", STR(p->slug)) : S("/desk");
    return arena_printf(x->arena, "/desk/texts/%.*s", STR(p->slug));
}

static enum text_id state_text(const struct text_version *v)
{
    if (v->is_stale)
        return TEXT_PAGE_STALE;
    if (v->state == TEXT_REVIEWED)
        return TEXT_TEXTS_REVIEWED;
    return v->is_source ? TEXT_TEXTS_SOURCE : TEXT_TEXTS_DRAFT;
}

static str text_url(struct exchange *x, int64_t id, str lang)
{
    return arena_printf(x->arena, "/desk/text/%lld/%.*s", (long long)id, STR(lang));
}

/* The wanted languages and those of the versions; missing ones are offered. */
static int fill_cells(struct exchange *x, const struct text_place *p,
                      const struct blank_langs *langs, struct tpl_text_row *v)
{
    struct blank_langs all = *langs;
    struct text_version_list list;
    struct tpl_text_row_cells *row;
    int r = text_versions(x->arena, x->db, p->text_id, false, &list);

    if (r < 0)
        return r;
    for (size_t i = 0; i < list.n; i++)
        blank_langs_add(&all, list.row[i].lang);
    row = arena_array(x->arena, all.n, sizeof(*row));
    if (!row)
        return ERR_MEM;
    for (size_t i = 0; i < all.n; i++) {
        const struct text_version *found = NULL;

        for (size_t k = 0; k < list.n && !found; k++)
            found = str_eq(list.row[k].lang, all.lang[i]) ? &list.row[k] : NULL;
        row[i] = (struct tpl_text_row_cells){
            .code = all.lang[i],
            .url = text_url(x, p->text_id, all.lang[i]),
            .state = found ? state_text(found) : TEXT_TEXTS_MISSING,
            .is_warn = !found || found->is_stale,
            .is_ok = found && !found->is_stale && found->state == TEXT_REVIEWED,
        };
    }
    v->cells = row;
    v->ncells = all.n;
    if (list.n) {
        v->body = list.row[0].body;
        v->lang = list.row[0].lang;
    }
    return 0;
}

void desk_texts(struct exchange *x)
{
    struct tpl_desk_texts v = {0};
    struct text_place_list places = {0};
    struct blank_langs langs = {0};
    struct tpl_text_row *row = NULL;
    struct seminar s;
    int r = seminar_by_slug(x->arena, x->db, http_param(x, S("slug")), visit_lang(x), &s);

    if (r == 0)
        r = text_places(x->arena, x->db, x->actor, s.id, &places);
    if (r == 0) {
        row = arena_array(x->arena, places.n, sizeof(*row));
        r = row ? 0 : ERR_MEM;
    }
    for (size_t i = 0; r == 0 && i < s.nlangs; i++)
        blank_langs_add(&langs, s.lang[i]);
    for (size_t i = 0; r == 0 && i < places.n; i++) {
        row[i] = (struct tpl_text_row){
            .what = kind_text(places.row[i].kind),
            .number = places.row[i].number,
            .url = arena_printf(x->arena, "/desk/text/%lld", (long long)places.row[i].text_id)};
        r = fill_cells(x, &places.row[i], &langs, &row[i]);
    }
    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    v.rows = row;
    v.nrows = places.n;
    v.title = frame_text(&s.title, s.slug);
    v.title_lang = frame_foreign(&s.title);
    v.back = actor_can(x->actor, RIGHT_EVENT) ? arena_printf(x->arena, "/desk/s/%.*s", STR(s.slug))
                                              : S("/desk");
    frame_fill(x, &v.page, texts_get(visit_texts(x), TEXT_TEXTS_TITLE),
               arena_printf(x->arena, "/desk/texts/%.*s", STR(s.slug)));
    v.page.is_demo |= s.is_demo;
    tpl_desk_texts(&x->reply, visit_texts(x), &v);
    frame_send(x, 200);
}

/* ---- one text with its versions ---- */

static int read_place(struct exchange *x, struct db *db, struct text_place *ret_place)
{
    int64_t id;

    if (str_i64(http_param(x, S("id")), 1, INT64_MAX, &id) < 0)
        return ERR_NOT_FOUND;
    return text_place(x->arena, db, x->actor, id, ret_place);
}

static str name_of(struct exchange *x, int64_t account_id)
{
    struct account account;

    if (!account_id)
        return (str){0};
    if (account_by_id(x->arena, x->db, account_id, &account) < 0)
        return S("–");
    return account.name.n ? account.name : account.login;
}

static int fill_versions(struct exchange *x, const struct text_place *p, struct tpl_desk_text *v)
{
    struct blank_langs langs = {0};
    struct text_version_list list;
    struct tpl_desk_text_versions *row;
    struct tpl_desk_text_missing *more;
    int r = text_versions(x->arena, x->db, p->text_id, false, &list);

    if (r < 0)
        return r;
    row = arena_array(x->arena, list.n, sizeof(*row));
    blank_langs_of_site(&langs);
    more = arena_array(x->arena, BLANK_LANGS, sizeof(*more));
    if (!row || !more)
        return ERR_MEM;
    for (size_t i = 0; i < list.n; i++) {
        const struct text_version *t = &list.row[i];

        row[i] = (struct tpl_desk_text_versions){
            .code = t->lang,
            .url = text_url(x, p->text_id, t->lang),
            .body = t->body,
            .state = state_text(t),
            .is_warn = t->is_stale,
            .is_ok = !t->is_stale && t->state == TEXT_REVIEWED,
            .is_source = t->is_source,
            .author = name_of(x, t->author_id),
            .changed_at = t->changed_at,
            .reviewer = name_of(x, t->reviewer_id),
            .reviewed_at = t->reviewed_at,
            .revision = t->revision,
            .source = t->source_revision,
            .source_now = list.row[0].revision,
        };
    }
    v->versions = row;
    v->nversions = list.n;
    for (size_t i = 0; i < langs.n; i++) {
        bool is_there = false;

        for (size_t k = 0; k < list.n; k++)
            is_there |= str_eq(list.row[k].lang, langs.lang[i]);
        if (!is_there)
            more[v->nmissing++] = (struct tpl_desk_text_missing){
                .code = langs.lang[i], .url = text_url(x, p->text_id, langs.lang[i])};
    }
    v->missing = more;
    return 0;
}

void desk_text(struct exchange *x)
{
    static const struct frame_word done[] = {{S("save"), TEXT_TEXTS_SAVED},
                                             {S("review"), TEXT_TEXTS_REVIEW_DONE}};
    struct tpl_desk_text v = {.done = frame_word(x, S("done"), done, NELEM(done))};
    struct text_place p;
    int r = read_place(x, x->db, &p);

    if (r == 0)
        r = fill_versions(x, &p, &v);
    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    v.what = kind_text(p.kind);
    v.number = p.number;
    v.back = home_of(x, &p);
    visit_zone_set(x, S("UTC"));
    frame_fill(x, &v.page, texts_get(visit_texts(x), v.what),
               arena_printf(x->arena, "/desk/text/%lld", (long long)p.text_id));
    tpl_desk_text(&x->reply, visit_texts(x), &v);
    frame_send(x, 200);
}

/* ---- one version ---- */

struct form {
    struct text_place place;
    str lang;
    struct text now;
    struct text_version source; /* body unset: there is none yet, or this is it */
};

static int read_form(struct blank *s, struct form *f)
{
    struct exchange *x = s->x;
    struct text_version_list list = {0};
    struct tpl_blank_field *at;
    int r = read_place(x, s->db, &f->place);

    f->lang = http_param(x, S("code"));
    if (r == 0 && !text_is_lang(f->lang))
        r = ERR_NOT_FOUND;
    if (r == 0)
        r = text_versions(x->arena, s->db, f->place.text_id, false, &list);
    if (r == 0)
        r = text_exact(x->arena, s->db, f->place.text_id, f->lang, &f->now);
    if (r == ERR_NOT_FOUND && text_is_lang(f->lang) && f->place.text_id)
        r = 0;
    if (r < 0)
        return r;
    if (list.n && !str_eq(list.row[0].lang, f->lang)) {
        f->source = list.row[0];
        /* A translation counts as made from the source that stood beside it. */
        blank_stands_on(s, f->source.body);
    }
    at = blank_add_lang(s, "area", S("body"), TEXT_TEXTS_BODY_IN, f->lang, f->now.body);
    at->hint = f->source.body.p && f->now.body.p ? TEXT_TEXTS_EMPTY_HINT : TEXT_NONE;
    at->rows = f->place.kind == TEXT_PLACE_CONCLUSION ? 8 : 4;
    at->max = (int64_t)f->place.max_bytes;
    return 0;
}

int desk_version_save_act(struct exchange *x, struct db *db)
{
    struct blank *s = blank_new(x, db, true, sizeof(struct form));
    struct form *f = s ? s->record : NULL;
    struct text_in in;
    int r = s ? read_form(s, f) : ERR_MEM;

    if (r == 0)
        r = blank_check(s);
    if (r < 0)
        return r;
    in = (struct text_in){.lang = f->lang,
                          .body = blank_value(s, S("body")),
                          .revision = f->now.revision};
    r = text_place_put(db, x->actor, &f->place, &in, visit_now(x));
    if (r == ERR_RANGE)
        blank_problem(s, S("body"), TEXT_BLANK_TEXT_MISSING);
    else if (r == ERR_STATE)
        blank_problem(s, S("body"), TEXT_BLANK_SOURCE_EMPTY);
    else if (r == ERR_TOO_BIG)
        blank_problem(s, S("body"), TEXT_BLANK_TOO_LONG);
    return r;
}

int desk_version_review_act(struct exchange *x, struct db *db)
{
    struct blank *s = blank_new(x, db, false, sizeof(struct form));
    struct form *f = s ? s->record : NULL;
    int64_t revision;
    int r = s ? read_form(s, f) : ERR_MEM;

    if (r == 0 && str_i64(http_field(x, S("revision")), 1, INT64_MAX, &revision) < 0)
        r = ERR_CONFLICT;
    if (r == 0)
        r = text_review(db, x->actor, f->place.text_id, f->lang, revision, visit_now(x));
    if (s)
        s->is_conflict = r == ERR_CONFLICT;
    return r;
}

static void show(struct blank *s)
{
    struct exchange *x = s->x;
    const struct form *f = s->record;
    struct tpl_desk_version v = {
        .back = arena_printf(x->arena, "/desk/text/%lld", (long long)f->place.text_id),
        .what = kind_text(f->place.kind),
        .number = f->place.number,
        .code = f->lang,
        .is_stale = f->now.is_stale,
        .revision = f->now.revision,
        .can_review = f->now.body.p && f->now.state != TEXT_REVIEWED &&
                      actor_can(x->actor, RIGHT_EDITOR),
        .is_reviewed = f->now.state == TEXT_REVIEWED,
        .csrf_token = visit_csrf(x),
    };

    if (s->result < 0) {
        visit_fail(x, s->result);
        return;
    }
    if (f->source.body.p) {
        v.source = f->source.body;
        v.source_code = f->source.lang;
    } else {
        v.source_code = f->lang;
    }
    blank_fill(s, &v.blank);
    v.blank.action = text_url(x, f->place.text_id, f->lang);
    v.blank.submit = TEXT_BLANK_SAVE;
    frame_fill(x, &v.page, texts_get(visit_texts(x), v.what), v.blank.action);
    tpl_desk_version(&x->reply, visit_texts(x), &v);
    frame_send(x, blank_status(x));
}

void desk_version(struct exchange *x)
{
    struct blank *s = blank_new(x, x->db, false, sizeof(struct form));
    int r = s ? read_form(s, s->record) : ERR_MEM;

    if (r < 0)
        visit_fail(x, r);
    else
        show(s);
}

static void done(struct exchange *x, const char *word)
{
    if (x->result == 0)
        http_redirect(x, 303,
                      arena_printf(x->arena, "/desk/text/%.*s?done=%s",
                                   STR(http_param(x, S("id"))), word));
    else if (blank_is_again(x))
        show(x->state);
    else
        visit_fail(x, x->result);
}

void desk_version_save(struct exchange *x)
{
    done(x, "save");
}

void desk_version_review(struct exchange *x)
{
    done(x, "review");
}
