#include "web/page_conclusion.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/conclusion.h"
#include "domain/seminar.h"
#include "gen/template.h"
#include "net/http.h"
#include "web/frame.h"
#include "web/page_seminar.h"
#include "web/texts.h"
#include "web/visit.h"

enum { MAX_TEXTS = 24 };

/* What was typed into one of the forms, to be shown again. */
struct typed {
    int64_t number;
    str lang, text;
};

static const struct text_version *version_in(const struct text_version_list *l, str lang)
{
    for (size_t i = 0; i < l->n; i++)
        if (str_eq(l->row[i].lang, lang))
            return &l->row[i];
    return NULL;
}

static struct tpl_conclusion_form_texts text_row(struct exchange *x, const struct conclusion *c,
                                                 str code, const struct text_version *v)
{
    const struct typed *t = x->state;
    struct tpl_conclusion_form_texts row = {
        .id = arena_printf(x->arena, "c%d-%.*s", c->number, STR(code)),
        .code = code,
        .body = v ? v->body : S(""),
        .revision = v ? v->revision : 0,
        .is_source = v && v->is_source,
        .is_stale = v && v->is_stale,
        .is_missing = !v,
    };

    if (t && t->number == c->number && str_eq(t->lang, code)) {
        row.theirs = x->result == ERR_CONFLICT ? row.body : (str){0};
        row.body = t->text;
    }
    return row;
}

static int fill_texts(struct exchange *x, const struct conclusion *c,
                      struct tpl_conclusion_form *to)
{
    struct tpl_conclusion_form_texts *row = arena_array(x->arena, MAX_TEXTS, sizeof(*row));
    const struct text_lang *l;
    struct text_version_list versions;
    int r = row ? text_versions(x->arena, x->db, c->text.id, false, &versions) : ERR_MEM;

    if (r < 0)
        return r;
    for (size_t i = 0; i < MAX_TEXTS && (l = texts_lang(i)); i++)
        row[to->ntexts++] = text_row(x, c, l->code, version_in(&versions, l->code));
    to->texts = row;
    return 0;
}

static int fill(struct exchange *x, struct tpl_desk_conclusions *v)
{
    struct tpl_conclusion_form *row;
    struct conclusion_list list;
    struct seminar s;
    str base;
    int r = seminar_by_slug(x->arena, x->db, http_param(x, S("slug")), visit_lang(x), &s);

    if (r == 0)
        r = conclusion_list(x->arena, x->db, s.id, visit_lang(x), &list);
    row = r == 0 ? arena_array(x->arena, list.n, sizeof(*row)) : NULL;
    if (!row)
        return r < 0 ? r : ERR_MEM;
    v->back = arena_printf(x->arena, "/desk/s/%.*s#conclusions", STR(s.slug));
    v->seminar = frame_text(&s.title, s.slug);
    v->seminar_lang = frame_foreign(&s.title);
    base = arena_printf(x->arena, "/desk/s/%.*s/conclusions", STR(s.slug));
    for (size_t i = 0; r == 0 && i < list.n; i++) {
        const struct conclusion *c = &list.row[i];

        row[i] = (struct tpl_conclusion_form){
            .number = c->number,
            .kind = conclusion_kind_text(c->kind),
            .base = arena_printf(x->arena, "%.*s/%d", STR(base), c->number),
            .csrf_token = visit_csrf(x),
        };
        r = fill_texts(x, c, &row[i]);
    }
    v->rows = row;
    v->nrows = list.n;
    frame_fill(x, &v->page, texts_get(visit_texts(x), TEXT_CONCL_TITLE), base);
    return r;
}

static void show(struct exchange *x, int status, struct tpl_desk_conclusions *v)
{
    int r = fill(x, v);

    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    tpl_desk_conclusions(&x->reply, visit_texts(x), v);
    frame_send(x, status);
}

void desk_conclusions(struct exchange *x)
{
    static const struct frame_word done[] = {{S("save"), TEXT_CONCL_SAVED}};
    struct tpl_desk_conclusions v = {.done = frame_word(x, S("done"), done, NELEM(done))};

    show(x, 200, &v);
}

static int read_typed(struct exchange *x, struct typed **ret_typed)
{
    struct typed *t = arena_make(x->arena, struct typed);
    int r = t ? 0 : ERR_MEM;

    if (r == 0)
        r = str_i64(http_param(x, S("number")), 1, INT32_MAX, &t->number);
    if (r < 0)
        return r == ERR_MEM ? r : ERR_NOT_FOUND;
    t->lang = http_field(x, S("lang"));
    t->text = str_trim(http_field(x, S("text")));
    if (!t->text.p)
        t->text = S("");
    x->state = t;
    *ret_typed = t;
    return 0;
}

static int find(struct exchange *x, struct db *db, int64_t number, int64_t *ret_id)
{
    struct conclusion_list list = {0};
    struct seminar s = {0};
    int r = seminar_by_slug(x->arena, db, http_param(x, S("slug")), visit_lang(x), &s);

    if (r == 0)
        r = conclusion_list(x->arena, db, s.id, visit_lang(x), &list);
    if (r < 0)
        return r;
    for (size_t i = 0; i < list.n; i++)
        if (list.row[i].number == number) {
            *ret_id = list.row[i].id;
            return 0;
        }
    return ERR_NOT_FOUND;
}

int desk_conclusion_save_act(struct exchange *x, struct db *db)
{
    struct text_in in = {0};
    struct typed *t;
    int64_t id = 0;
    int r = read_typed(x, &t);

    if (r == 0)
        r = find(x, db, t->number, &id);
    if (r < 0)
        return r;
    in.lang = t->lang;
    in.body = t->text;
    r = str_i64(http_field(x, S("revision")), 0, INT64_MAX, &in.revision);
    return r < 0 ? r : conclusion_text_put(db, x->actor, id, &in, visit_now(x));
}

void desk_conclusion_save(struct exchange *x)
{
    struct tpl_desk_conclusions v = {0};

    if (x->result == 0) {
        http_redirect(x, 303,
                      arena_printf(x->arena, "/desk/s/%.*s/conclusions?done=save",
                                   STR(http_param(x, S("slug")))));
    } else if (x->result == ERR_CONFLICT || x->result == ERR_RANGE || x->result == ERR_TOO_BIG) {
        v.problem = x->result == ERR_CONFLICT ? TEXT_NONE : TEXT_CONCL_PROBLEM;
        show(x, err_http_status(x->result), &v);
    } else {
        visit_fail(x, x->result);
    }
}
