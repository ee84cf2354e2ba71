#include "web/page_topic.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/topic.h"
#include "gen/template.h"
#include "net/http.h"
#include "web/frame.h"
#include "web/remove.h"
#include "web/texts.h"
#include "web/visit.h"

enum { MAX_NAMES = 24 };

/* The name that the form gives in a language; empty: none. */
static str name_given(struct exchange *x, str code)
{
    str v = str_trim(http_field(x, arena_printf(x->arena, "name-%.*s", STR(code))));

    return v.p ? v : S("");
}

static const struct tpl_topic_form_names *names_of(struct exchange *x, const struct topic *t,
                                                   size_t *ret_n)
{
    struct tpl_topic_form_names *row = arena_array(x->arena, MAX_NAMES, sizeof(*row));
    const struct text_lang *l;
    size_t n = 0;

    for (; row && n < MAX_NAMES && (l = texts_lang(n)); n++) {
        struct text name;
        int r = text_exact(x->arena, x->db, t->name.id, l->code, &name);

        row[n] = (struct tpl_topic_form_names){
            .id = arena_printf(x->arena, "%.*s-%.*s", STR(t->slug), STR(l->code)),
            .code = l->code,
            .value = r == 0 ? name.body : S(""),
        };
    }
    *ret_n = n;
    return row;
}

static int fill_topics(struct exchange *x, struct tpl_desk_topics *v)
{
    struct tpl_topic_form *row;
    struct topic_list list;
    int r = topic_list(x->arena, x->db, visit_lang(x), 0, &list);

    row = r == 0 ? arena_array(x->arena, list.n, sizeof(*row)) : NULL;
    if (!row)
        return r < 0 ? r : ERR_MEM;
    for (size_t i = 0; i < list.n; i++) {
        const struct topic *t = &list.row[i];

        row[i] = (struct tpl_topic_form){
            .slug = t->slug,
            .name = frame_text(&t->name, t->slug),
            .lang = frame_foreign(&t->name),
            .csrf_token = visit_csrf(x),
            .items = t->nitems,
        };
        row[i].names = names_of(x, t, &row[i].nnames);
    }
    v->topics = row;
    v->ntopics = list.n;
    return 0;
}

/* The form for a new one, with what was typed. */
static void fill_new(struct exchange *x, struct tpl_desk_topics *v)
{
    struct tpl_desk_topics_names *row = arena_array(x->arena, MAX_NAMES, sizeof(*row));
    const struct text_lang *l;
    size_t n = 0;

    for (; row && n < MAX_NAMES && (l = texts_lang(n)); n++)
        row[n] = (struct tpl_desk_topics_names){l->code, name_given(x, l->code)};
    v->names = row;
    v->nnames = n;
    v->slug_now = http_field(x, S("slug"));
    if (!v->slug_now.p)
        v->slug_now = S("");
}

static void show(struct exchange *x, int status, struct tpl_desk_topics *v)
{
    int r = fill_topics(x, v);

    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    fill_new(x, v);
    v->back = S("/desk");
    v->csrf_token = visit_csrf(x);
    frame_fill(x, &v->page, texts_get(visit_texts(x), TEXT_TOPIC_TITLE), S("/desk/topics"));
    tpl_desk_topics(&x->reply, visit_texts(x), v);
    frame_send(x, status);
}

void desk_topics(struct exchange *x)
{
    static const struct frame_word done[] = {{S("save"), TEXT_TOPIC_SAVED},
                                             {S("remove"), TEXT_TOPIC_REMOVED}};
    struct tpl_desk_topics v = {.done = frame_word(x, S("done"), done, NELEM(done))};

    show(x, 200, &v);
}

int desk_topic_save_act(struct exchange *x, struct db *db)
{
    const struct text_lang *l;
    int64_t id;
    size_t nnames = 0;
    int r = topic_put(db, x->actor, str_trim(http_field(x, S("slug"))), visit_now(x), &id);

    for (size_t i = 0; r == 0 && i < MAX_NAMES && (l = texts_lang(i)); i++) {
        str name = name_given(x, l->code);

        if (!name.n)
            continue;
        nnames++;
        r = topic_name_put(db, x->actor, id, l->code, name, visit_now(x));
    }
    return r == 0 && !nnames ? ERR_RANGE : r;
}

void desk_topic_save(struct exchange *x)
{
    struct tpl_desk_topics v = {.problem = TEXT_TOPIC_PROBLEM};

    if (x->result == 0)
        http_redirect(x, 303, S("/desk/topics?done=save"));
    else if (x->result == ERR_RANGE || x->result == ERR_FULL || x->result == ERR_TOO_BIG)
        show(x, 400, &v);
    else
        visit_fail(x, x->result);
}

int desk_topic_remove_act(struct exchange *x, struct db *db)
{
    struct topic t;
    int r = topic_by_slug(x->arena, db, http_param(x, S("slug")), visit_lang(x), &t);

    return r < 0 ? r : topic_remove(db, x->actor, t.id);
}

void desk_topic_remove(struct exchange *x)
{
    remove_done(x, S("/desk/topics?done=remove"), NULL);
}
