#include "web/page_agenda.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/seminar.h"
#include "domain/seminar_agenda.h"
#include "gen/template.h"
#include "net/http.h"
#include "web/blank.h"
#include "web/blank_text.h"
#include "web/frame.h"
#include "web/remove.h"
#include "web/texts.h"
#include "web/visit.h"

enum { MAX_ITEMS = 200, MAX_ITEM_MINUTES = 24 * 60 };

/* What the form of a line is about; item.id 0: a new one. */
struct form {
    struct seminar s;
    struct agenda_item item;
    int nitems;
    struct blank_langs langs;
    struct blank_text title;
    bool is_new;
};

enum text_id agenda_kind_text(str kind)
{
    static const struct {
        str kind;
        enum text_id text;
    } words[] = {
        {S("opening"), TEXT_AGENDA_OPENING},   {S("test"), TEXT_AGENDA_TEST},
        {S("talk"), TEXT_AGENDA_TALK},         {S("practice"), TEXT_AGENDA_PRACTICE},
        {S("exchange"), TEXT_AGENDA_EXCHANGE}, {S("closing"), TEXT_AGENDA_CLOSING},
        {S("break"), TEXT_AGENDA_BREAK},
    };

    for (size_t i = 0; i < NELEM(words); i++)
        if (str_eq(words[i].kind, kind))
            return words[i].text;
    return TEXT_AGENDA_TALK;
}

static int read_item(struct exchange *x, struct db *db, const struct seminar *s, str number,
                     struct agenda_item *ret_item)
{
    struct agenda agenda;
    int64_t id;
    int r = seminar_agenda(x->arena, db, s, visit_lang(x), &agenda);

    if (r < 0)
        return r;
    if (str_i64(number, 1, INT64_MAX, &id) < 0)
        return ERR_NOT_FOUND;
    for (size_t i = 0; i < agenda.n; i++)
        if (agenda.row[i].id == id) {
            *ret_item = agenda.row[i];
            return 0;
        }
    return ERR_NOT_FOUND;
}

static int read_form(struct blank *s, bool is_new, struct form *f)
{
    struct exchange *x = s->x;
    int r = seminar_by_slug(x->arena, s->db, http_param(x, S("slug")), visit_lang(x), &f->s);

    f->is_new = is_new;
    if (r == 0)
        r = seminar_agenda_length(s->db, f->s.id, &f->nitems);
    if (r == 0 && !is_new)
        r = read_item(x, s->db, &f->s, http_param(x, S("id")), &f->item);
    if (is_new)
        f->item = (struct agenda_item){.kind = S("talk"), .minutes = 20};
    if (r == 0 && is_new && http_query(x, S("from")).n) /* a copy to begin with */
        r = read_item(x, s->db, &f->s, http_query(x, S("from")), &f->item);
    if (is_new) {
        f->item.id = 0;
        f->item.place = f->nitems + 1;
    }
    for (size_t i = 0; i < f->s.nlangs; i++)
        blank_langs_add(&f->langs, f->s.lang[i]);
    f->title = (struct blank_text){.name = S("title"),
                                   .label = TEXT_BLANK_TITLE_IN,
                                   .hint = TEXT_BLANK_TITLES_HINT,
                                   .text_id = f->item.title.id};
    return r;
}

static int add_fields(struct blank *s, const struct form *f)
{
    struct tpl_blank_field *at;
    int r = blank_text_add(s, &f->title, &f->langs);
    str kind;

    blank_add(s, "select", S("kind"), TEXT_AGENDA_KIND, f->item.kind);
    blank_options(s, 16);
    for (size_t i = 0; (kind = agenda_kind_at(i)).p; i++)
        blank_option_text(s, kind, agenda_kind_text(kind));
    blank_add(s, "number", S("minutes"), TEXT_AGENDA_MINUTES,
              arena_printf(s->x->arena, "%d", f->item.minutes));
    at = blank_add(s, "number", S("place"), TEXT_AGENDA_PLACE,
                   arena_printf(s->x->arena, "%d", f->item.place));
    at->hint = TEXT_AGENDA_PLACE_HINT;
    return r;
}

static bool is_kind(str kind)
{
    str one;

    for (size_t i = 0; (one = agenda_kind_at(i)).p; i++)
        if (str_eq(one, kind))
            return true;
    return false;
}

/* The number of the line at this place. */
static int item_at(struct blank *s, const struct form *f, int place, int64_t *ret_id)
{
    struct agenda agenda;
    int r = seminar_agenda(s->x->arena, s->db, &f->s, S(""), &agenda);

    for (size_t i = 0; r == 0 && i < agenda.n; i++)
        if (agenda.row[i].place == place)
            *ret_id = agenda.row[i].id;
    return r;
}

static int write(struct blank *s, struct form *f)
{
    struct exchange *x = s->x;
    int last = f->is_new ? f->nitems + 1 : f->nitems;
    struct agenda_item in = {
        .place = f->item.place, .kind = blank_value(s, S("kind")), .slides = f->item.slides};
    int place = blank_number(s, S("place"), 1, last, TEXT_AGENDA_BAD_PLACE);
    int64_t text_id, id = f->item.id;
    int r;

    in.minutes = blank_number(s, S("minutes"), 0, MAX_ITEM_MINUTES, TEXT_AGENDA_BAD_MINUTES);
    if (!is_kind(in.kind))
        blank_problem(s, S("kind"), TEXT_BLANK_NOT_OFFERED);
    if (last > MAX_ITEMS)
        blank_problem(s, S("place"), TEXT_AGENDA_FULL);
    blank_text_check(s, &f->title, &f->langs);
    r = blank_result(s);
    if (r == 0)
        r = seminar_agenda_put(s->db, x->actor, f->s.id, &in, visit_now(x), &text_id);
    if (r == 0)
        r = blank_text_put(s, &f->title, &f->langs, text_id);
    if (r == 0 && f->is_new)
        r = item_at(s, f, in.place, &id);
    if (r == 0 && place != in.place)
        r = seminar_agenda_move(s->db, x->actor, f->s.id, id, place, visit_now(x));
    return r == 0 ? seminar_sample_clear(s->db, x->actor, f->s.id, SAMPLE_AGENDA, visit_now(x)) : r;
}

int desk_item_add_act(struct exchange *x, struct db *db)
{
    struct blank *s = blank_new(x, db, true, sizeof(struct form));
    struct form *f = s ? s->record : NULL;
    int r = s ? read_form(s, true, f) : ERR_MEM;

    if (r == 0)
        r = add_fields(s, f);
    return r == 0 ? write(s, f) : r;
}

int desk_item_save_act(struct exchange *x, struct db *db)
{
    struct blank *s = blank_new(x, db, true, sizeof(struct form));
    struct form *f = s ? s->record : NULL;
    int r = s ? read_form(s, false, f) : ERR_MEM;

    if (r == 0)
        r = add_fields(s, f);
    if (r == 0)
        r = blank_check(s);
    return r == 0 ? write(s, f) : r;
}

static void show_form(struct blank *s, const struct form *f)
{
    struct exchange *x = s->x;
    str base = arena_printf(x->arena, "/desk/s/%.*s/agenda", STR(f->s.slug));
    str own = arena_printf(x->arena, "%.*s/%lld", STR(base), (long long)f->item.id);
    const struct tpl_desk_blank_links links[] = {
        {.url = arena_printf(x->arena, "/desk/text/%lld", (long long)f->item.title.id),
         .word = TEXT_TEXTS_OPEN},
        {.url = arena_printf(x->arena, "%.*s/new?from=%lld", STR(base), (long long)f->item.id),
         .word = TEXT_BLANK_COPY},
        {.url = arena_printf(x->arena, "%.*s/remove", STR(own)),
         .word = TEXT_BLANK_REMOVE,
         .is_bad = true},
    };
    const struct blank_page page = {
        .title = texts_get(visit_texts(x), f->is_new ? TEXT_AGENDA_ADD : TEXT_AGENDA_EDIT),
        .back = base,
        .back_word = TEXT_AGENDA_BACK,
        .submit = TEXT_BLANK_SAVE,
        .action = f->is_new ? base : own,
        .links = links,
        .nlinks = f->is_new ? 0 : NELEM(links),
        .is_demo = f->s.is_demo,
    };

    blank_send(s, &page);
}

static void show_get(struct exchange *x, bool is_new)
{
    struct blank *s = blank_new(x, x->db, false, sizeof(struct form));
    struct form *f = s ? s->record : NULL;
    int r = s ? read_form(s, is_new, f) : ERR_MEM;

    if (r == 0)
        r = add_fields(s, f);
    if (r < 0)
        visit_fail(x, r);
    else
        show_form(s, f);
}

void desk_item_new(struct exchange *x)
{
    show_get(x, true);
}

void desk_item(struct exchange *x)
{
    show_get(x, false);
}

static void back(struct exchange *x, const char *word)
{
    http_redirect(
        x, 303,
        arena_printf(x->arena, "/desk/s/%.*s/agenda?done=%s", STR(http_param(x, S("slug"))), word));
}

void desk_item_save(struct exchange *x)
{
    struct blank *s = x->state;

    if (x->result == 0)
        back(x, "save");
    else if (blank_is_again(x))
        show_form(s, s->record);
    else
        visit_fail(x, x->result);
}

void desk_item_add(struct exchange *x)
{
    desk_item_save(x);
}

/* ---- the list ---- */

static int fill_items(struct exchange *x, const struct agenda *agenda, struct tpl_desk_agenda *v)
{
    struct tpl_desk_agenda_items *row = arena_array(x->arena, agenda->n, sizeof(*row));

    if (!row)
        return ERR_MEM;
    for (size_t i = 0; i < agenda->n; i++) {
        const struct agenda_item *a = &agenda->row[i];

        row[i] = (struct tpl_desk_agenda_items){
            .at = a->starts_at,
            .title = frame_text(&a->title, a->kind),
            .lang = frame_foreign(&a->title),
            .is_stale = a->title.is_stale,
            .kind = agenda_kind_text(a->kind),
            .minutes = a->minutes,
            .url = arena_printf(x->arena, "%.*s/agenda/%lld", STR(v->base), (long long)a->id),
            .up = a->place - 1,
            .down = i + 1 < agenda->n ? a->place + 1 : 0,
        };
        v->total += a->minutes;
    }
    v->items = row;
    v->nitems = agenda->n;
    return 0;
}

void desk_agenda(struct exchange *x)
{
    static const struct frame_word done[] = {{S("save"), TEXT_AGENDA_SAVED},
                                             {S("move"), TEXT_AGENDA_MOVED},
                                             {S("remove"), TEXT_AGENDA_REMOVED}};
    struct tpl_desk_agenda v = {.done = frame_word(x, S("done"), done, NELEM(done)),
                                .csrf_token = visit_csrf(x)};
    struct seminar s;
    struct agenda agenda;
    int r = seminar_by_slug(x->arena, x->db, http_param(x, S("slug")), visit_lang(x), &s);

    if (r == 0)
        r = seminar_agenda(x->arena, x->db, &s, visit_lang(x), &agenda);
    if (r == 0) {
        v.base = arena_printf(x->arena, "/desk/s/%.*s", STR(s.slug));
        r = fill_items(x, &agenda, &v);
    }
    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    visit_zone_set(x, s.zone);
    v.title = frame_text(&s.title, s.slug);
    v.title_lang = frame_foreign(&s.title);
    v.when = frame_datetime(x, s.starts_at, s.zone);
    v.length = s.minutes;
    v.is_longer = v.total > s.minutes;
    v.is_shorter = v.total < s.minutes;
    frame_fill(x, &v.page, texts_get(visit_texts(x), TEXT_SEMINAR_AGENDA),
               arena_printf(x->arena, "%.*s/agenda", STR(v.base)));
    v.page.is_demo |= s.is_demo;
    tpl_desk_agenda(&x->reply, visit_texts(x), &v);
    frame_send(x, 200);
}

static int read_both(struct exchange *x, struct db *db, struct seminar *s, struct agenda_item *item)
{
    int r = seminar_by_slug(x->arena, db, http_param(x, S("slug")), visit_lang(x), s);

    return r == 0 ? read_item(x, db, s, http_param(x, S("id")), item) : r;
}

int desk_item_move_act(struct exchange *x, struct db *db)
{
    struct seminar s;
    struct agenda_item item;
    int64_t place;
    int r = read_both(x, db, &s, &item);

    if (r == 0)
        r = str_i64(http_field(x, S("to")), 1, MAX_ITEMS, &place);
    if (r == 0)
        r = seminar_agenda_move(db, x->actor, s.id, item.id, (int)place, visit_now(x));
    return r == 0 ? seminar_sample_clear(db, x->actor, s.id, SAMPLE_AGENDA, visit_now(x)) : r;
}

void desk_item_move(struct exchange *x)
{
    if (x->result == 0)
        back(x, "move");
    else
        visit_fail(x, x->result);
}

int desk_item_remove_act(struct exchange *x, struct db *db)
{
    struct seminar s;
    struct agenda_item item;
    int r = read_both(x, db, &s, &item);

    if (r == 0)
        r = seminar_agenda_remove(db, x->actor, s.id, item.id, visit_now(x));
    return r == 0 ? seminar_sample_clear(db, x->actor, s.id, SAMPLE_AGENDA, visit_now(x)) : r;
}

void desk_item_ask(struct exchange *x)
{
    struct seminar s = {0};
    struct agenda_item item = {0};
    int r = read_both(x, x->db, &s, &item);
    str own = {0};

    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    own = arena_printf(x->arena, "/desk/s/%.*s/agenda/%lld", STR(s.slug), (long long)item.id);
    remove_send(x, &(struct remove_page){
                       .question = TEXT_AGENDA_REMOVE,
                       .advice = TEXT_AGENDA_REMOVE_HINT,
                       .title = &item.title,
                       .name = item.kind,
                       .own = own,
                   });
}

void desk_item_remove(struct exchange *x)
{
    if (x->result == 0)
        back(x, "remove");
    else
        visit_fail(x, x->result);
}
