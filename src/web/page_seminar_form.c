#include "web/page_seminar_form.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/need.h"
#include "domain/programme.h"
#include "domain/seminar.h"
#include "domain/seminar_copy.h"
#include "domain/zone.h"
#include "gen/template.h"
#include "net/http.h"
#include "web/blank.h"
#include "web/blank_text.h"
#include "web/frame.h"
#include "web/remove.h"
#include "web/texts.h"
#include "web/visit.h"

enum { MAX_ZONES = 64, MAX_LANGS = 32, MAX_MINUTES = 7 * 24 * 60 };

/* What the form is about; s.id 0: a new one; with from_id, the copy of another. */
struct form {
    struct seminar s;
    struct programme_list programmes;
    struct blank_langs langs;
    struct blank_text title, short_title;
    int64_t from_id;
    bool is_new;
    str slug; /* of what was saved */
};

/* A seminar that nobody has planned yet: next month, the region's languages. */
static void fill_new(struct exchange *x, struct form *f)
{
    static const str langs[] = {S("tk"), S("ru"), S("en")};
    struct seminar *s = &f->s;

    s->zone = S("Asia/Ashgabat");
    s->minutes = 120;
    s->floor_lang = S("ru");
    s->policy = NETWORK_HTTPS_ONLY;
    s->format = S("video conference");
    (void)zone_time(s->zone, zone_day(x->arena, s->zone, visit_now(x) + 28 * USEC_DAY), S("10:00"),
                    &s->starts_at);
    for (size_t i = 0; i < NELEM(langs); i++)
        s->lang[s->nlangs++] = langs[i];
}

static void choose_langs(struct form *f)
{
    for (size_t i = 0; i < f->s.nlangs; i++)
        blank_langs_add(&f->langs, f->s.lang[i]);
    f->title = (struct blank_text){.name = S("title"),
                                   .label = TEXT_BLANK_TITLE_IN,
                                   .group = TEXT_BLANK_TITLES,
                                   .hint = TEXT_BLANK_TITLES_HINT,
                                   .is_area = true};
    f->short_title = (struct blank_text){.name = S("short"),
                                         .label = TEXT_SEMINAR_FORM_SHORT_IN,
                                         .group = TEXT_SEMINAR_FORM_SHORT,
                                         .hint = TEXT_SEMINAR_FORM_SHORT_HINT,
                                         .is_optional = true};
    if (f->is_new) {
        f->title.copy_id = f->s.title.id;
        f->short_title.copy_id = f->s.short_title.id;
    } else {
        f->title.text_id = f->s.title.id;
        f->short_title.text_id = f->s.short_title.id;
    }
}

static int read_form(struct blank *s, str slug, bool is_new, struct form *f)
{
    struct exchange *x = s->x;
    int r = slug.n ? seminar_by_slug(x->arena, s->db, slug, visit_lang(x), &f->s) : 0;

    f->is_new = is_new;
    if (is_new)
        f->from_id = f->s.id;
    if (r == 0)
        r = programme_list(x->arena, s->db, visit_lang(x), &f->programmes);
    if (r == 0 && !f->s.id)
        fill_new(x, f);
    else if (r == 0 && is_new) /* a copy: the same hour, in four weeks */
        (void)zone_time(f->s.zone, zone_day(x->arena, f->s.zone, visit_now(x) + 28 * USEC_DAY),
                        zone_clock(x->arena, f->s.zone, f->s.starts_at), &f->s.starts_at);
    choose_langs(f);
    return r;
}

static struct text language(struct blank *s, str code)
{
    struct sb b = sb_init(s->x->arena, 0);

    texts_show_code(&b, visit_texts(s->x), SHOW_LANGUAGE, code);
    return (struct text){.body = sb_str(&b), .is_asked = true};
}

static bool has_lang(const struct seminar *s, str lang)
{
    for (size_t i = 0; i < s->nlangs; i++)
        if (str_eq(s->lang[i], lang))
            return true;
    return false;
}

/* The languages that are offered: ours, and those the seminar has already. */
static size_t offered(const struct form *f, str to[static MAX_LANGS])
{
    size_t n = 0;
    str lang;

    for (size_t i = 0; n < MAX_LANGS && (lang = text_lang_at(i)).p; i++)
        to[n++] = lang;
    for (size_t i = 0; i < f->s.nlangs && n < MAX_LANGS; i++) {
        bool is_there = false;

        for (size_t k = 0; k < n; k++)
            is_there |= str_eq(to[k], f->s.lang[i]);
        if (!is_there)
            to[n++] = f->s.lang[i];
    }
    return n;
}

static void add_langs(struct blank *s, const struct form *f)
{
    str lang[MAX_LANGS];
    size_t n = offered(f, lang);
    struct tpl_blank_field *at;
    struct text label;

    at = blank_add(s, "checks", S("lang"), TEXT_SEMINAR_FORM_LANGS, S(""));
    at->hint = TEXT_SEMINAR_FORM_LANGS_HINT;
    blank_group(at, s->x, TEXT_SEMINAR_LANGUAGES);
    blank_options(s, n);
    for (size_t i = 0; i < n; i++) {
        label = language(s, lang[i]);
        blank_option_check(s, lang[i], &label, has_lang(&f->s, lang[i]));
    }
    at = blank_add(s, "select", S("floor"), TEXT_SEMINAR_FORM_FLOOR, f->s.floor_lang);
    at->hint = TEXT_SEMINAR_FORM_FLOOR_HINT;
    blank_options(s, n);
    for (size_t i = 0; i < n; i++) {
        label = language(s, lang[i]);
        blank_option(s, lang[i], &label);
    }
}

static void add_zone(struct blank *s, const struct form *f)
{
    struct tpl_blank_field *at =
        blank_add(s, "select", S("zone"), TEXT_SEMINAR_FORM_ZONE, f->s.zone);
    bool is_there = false;
    str zone;

    at->hint = TEXT_SEMINAR_FORM_ZONE_HINT;
    blank_options(s, MAX_ZONES);
    for (size_t i = 0; i < MAX_ZONES - 1 && (zone = zone_at(i)).p; i++) {
        struct text label = {.body = frame_city(s->x, zone), .is_asked = true};

        blank_option(s, zone, &label);
        is_there |= str_eq(zone, f->s.zone);
    }
    if (!is_there)
        blank_option(s, f->s.zone, &(struct text){.body = f->s.zone, .is_asked = true});
}

static void add_time(struct blank *s, const struct form *f)
{
    struct arena *a = s->x->arena;
    struct tpl_blank_field *at;

    at = blank_add(s, "date", S("day"), TEXT_SEMINAR_FORM_DAY,
                   zone_day(a, f->s.zone, f->s.starts_at));
    blank_group(at, s->x, TEXT_SEMINAR_WHEN);
    blank_add(s, "time", S("clock"), TEXT_SEMINAR_FORM_CLOCK,
              zone_clock(a, f->s.zone, f->s.starts_at));
    add_zone(s, f);
    blank_add(s, "number", S("minutes"), TEXT_SEMINAR_FORM_MINUTES,
              arena_printf(a, "%d", f->s.minutes));
}

static void add_programme(struct blank *s, const struct form *f)
{
    str chosen = S("");

    for (size_t i = 0; i < f->programmes.n; i++)
        if (f->programmes.row[i].id == f->s.programme_id)
            chosen = f->programmes.row[i].slug;
    if (!chosen.n)
        chosen = http_query(s->x, S("programme"));
    blank_add(s, "select", S("programme"), TEXT_SEMINAR_FORM_PROGRAMME, chosen);
    blank_options(s, f->programmes.n);
    for (size_t i = 0; i < f->programmes.n; i++)
        blank_option(s, f->programmes.row[i].slug, &f->programmes.row[i].title);
}

static void add_policy(struct blank *s, const struct form *f)
{
    struct tpl_blank_field *at = blank_add(s, "select", S("policy"), TEXT_SEMINAR_FORM_POLICY,
                                           str_c(network_policy_name(f->s.policy)));

    at->hint = TEXT_SEMINAR_FORM_POLICY_HINT;
    blank_group(at, s->x, TEXT_SEMINAR_FORM_ROOM);
    blank_options(s, 3);
    blank_option_text(s, S("https-only"), TEXT_SEMINAR_FORM_HTTPS_ONLY);
    blank_option_text(s, S("tcp-only"), TEXT_SEMINAR_FORM_TCP_ONLY);
    blank_option_text(s, S("open"), TEXT_SEMINAR_FORM_OPEN);
}

static int add_fields(struct blank *s, const struct form *f)
{
    int r = blank_text_add(s, &f->title, &f->langs);

    if (r == 0)
        r = blank_text_add(s, &f->short_title, &f->langs);
    add_time(s, f);
    add_langs(s, f);
    add_programme(s, f);
    add_policy(s, f);
    if (f->is_new)
        blank_slug_add(s);
    if (f->from_id) {
        blank_hide(s, S("from"), f->s.slug);
        blank_check_box(s, S("people"), TEXT_SEMINAR_FORM_SAME_PEOPLE, false)->hint =
            TEXT_SEMINAR_FORM_SAME_HINT;
    }
    return r;
}

static void parse_langs(struct blank *s, const struct form *f, struct seminar_in *in)
{
    str lang[MAX_LANGS];
    size_t n = offered(f, lang);
    bool has_floor = false;
    str sent;

    in->floor_lang = blank_value(s, S("floor"));
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; (sent = http_field_at(s->x, S("lang"), k)).p; k++)
            if (str_eq(sent, lang[i]) && in->nlangs < SEMINAR_LANGS)
                in->lang[in->nlangs++] = lang[i];
    for (size_t i = 0; i < in->nlangs; i++)
        has_floor |= str_eq(in->lang[i], in->floor_lang);
    if (!in->nlangs)
        blank_problem(s, S("lang"), TEXT_SEMINAR_FORM_NO_LANG);
    else if (!has_floor)
        blank_problem(s, S("floor"), TEXT_SEMINAR_FORM_NO_FLOOR);
}

static void parse_time(struct blank *s, struct seminar_in *in)
{
    str day = blank_value(s, S("day")), clock = blank_value(s, S("clock"));
    usec at;

    in->zone = blank_value(s, S("zone"));
    if (!zone_is_known(in->zone))
        blank_problem(s, S("zone"), TEXT_BLANK_NOT_OFFERED);
    else if (zone_time(in->zone, day, S("00:00"), &at) < 0)
        blank_problem(s, S("day"), TEXT_BLANK_NO_DAY);
    else if (zone_time(in->zone, day, clock, &in->starts_at) < 0)
        blank_problem(s, S("clock"), TEXT_BLANK_NO_CLOCK);
    in->minutes = blank_number(s, S("minutes"), 1, MAX_MINUTES, TEXT_SEMINAR_FORM_BAD_MINUTES);
}

static void parse(struct blank *s, const struct form *f, struct seminar_in *in)
{
    str programme = blank_value(s, S("programme"));

    parse_time(s, in);
    parse_langs(s, f, in);
    for (size_t i = 0; i < f->programmes.n; i++)
        if (str_eq(f->programmes.row[i].slug, programme))
            in->programme_id = f->programmes.row[i].id;
    if (!in->programme_id)
        blank_problem(s, S("programme"), TEXT_BLANK_NOT_OFFERED);
    if (network_policy_parse(blank_value(s, S("policy")), &in->policy) < 0)
        blank_problem(s, S("policy"), TEXT_BLANK_NOT_OFFERED);
    in->format = f->s.format;
    in->sample = f->is_new ? 0 : f->s.sample;
    in->is_demo = f->is_new ? false : f->s.is_demo;
    if (in->starts_at != f->s.starts_at)
        in->sample &= ~(unsigned)SAMPLE_TIME;
    if (in->minutes != f->s.minutes)
        in->sample &= ~(unsigned)SAMPLE_DURATION;
    blank_text_check(s, &f->title, &f->langs);
    blank_text_check(s, &f->short_title, &f->langs);
}

static int write(struct blank *s, struct form *f, const struct seminar_in *in)
{
    struct exchange *x = s->x;
    struct seminar now;
    int64_t id;
    int r = blank_result(s);

    if (r == 0)
        r = seminar_put(s->db, x->actor, in, visit_now(x), &id);
    if (r == 0)
        r = seminar_by_id(x->arena, s->db, id, S(""), &now);
    if (r == 0)
        r = blank_text_put(s, &f->title, &f->langs, now.title.id);
    if (r == 0)
        r = blank_text_put(s, &f->short_title, &f->langs, now.short_title.id);
    if (r == 0 && f->from_id)
        r = seminar_copy(x->arena, s->db, x->actor,
                         &(struct seminar_copy){.from_id = f->from_id,
                                                .to_id = id,
                                                .has_people = blank_is_checked(s, S("people"))},
                         visit_now(x));
    f->slug = in->slug;
    return r;
}

static int is_taken(struct arena *a, struct db *db, str slug)
{
    struct seminar was;

    return seminar_by_slug(a, db, slug, S(""), &was);
}

/* The short title makes the shorter address. */
static str slug_source(struct blank *s, const struct form *f)
{
    str words = blank_text_first(s, &f->short_title, &f->langs);

    return words.n ? words : blank_text_first(s, &f->title, &f->langs);
}

int desk_seminar_add_act(struct exchange *x, struct db *db)
{
    struct seminar_in in = {0};
    struct blank *s = blank_new(x, db, true, sizeof(struct form));
    struct form *f = s ? s->record : NULL;
    int r = s ? read_form(s, http_field(x, S("from")), true, f) : ERR_MEM;

    if (r == 0)
        r = add_fields(s, f);
    if (r < 0)
        return r;
    parse(s, f, &in);
    r = blank_slug(s, slug_source(s, f), S("seminar"), is_taken, &in.slug);
    return r == 0 ? write(s, f, &in) : r;
}

int desk_seminar_save_act(struct exchange *x, struct db *db)
{
    struct seminar_in in = {.slug = http_param(x, S("slug"))};
    struct blank *s = blank_new(x, db, true, sizeof(struct form));
    struct form *f = s ? s->record : NULL;
    int r = s ? read_form(s, in.slug, false, f) : ERR_MEM;

    if (r == 0)
        r = add_fields(s, f);
    if (r == 0)
        r = blank_check(s);
    if (r < 0)
        return r;
    parse(s, f, &in);
    return write(s, f, &in);
}

static void show(struct blank *s, const struct form *f)
{
    struct exchange *x = s->x;
    str base = arena_printf(x->arena, "/desk/s/%.*s", STR(f->s.slug));
    const struct tpl_desk_blank_links links[] = {
        {.url = arena_printf(x->arena, "/desk/texts/%.*s", STR(f->s.slug)),
         .word = TEXT_TEXTS_OPEN},
        {.url = arena_printf(x->arena, "/desk/seminars/new?from=%.*s", STR(f->s.slug)),
         .word = TEXT_BLANK_COPY},
        {.url = arena_printf(x->arena, "%.*s/remove", STR(base)),
         .word = TEXT_BLANK_REMOVE,
         .is_bad = true},
    };
    const struct blank_page page = {
        .title = texts_get(visit_texts(x), !f->is_new  ? TEXT_SEMINAR_FORM_EDIT
                                           : f->from_id ? TEXT_SEMINAR_FORM_COPY
                                                        : TEXT_SEMINAR_FORM_NEW),
        .lead = f->from_id ? TEXT_SEMINAR_FORM_COPY_LEAD : TEXT_NONE,
        .back = f->is_new ? S("/desk") : base,
        .back_word = f->is_new ? TEXT_DESK_BACK : TEXT_DESK_BACK_SEMINAR,
        .submit = TEXT_BLANK_SAVE,
        .action = f->is_new ? S("/desk/seminars")
                            : arena_printf(x->arena, "%.*s/edit", STR(base)),
        .links = links,
        .nlinks = f->is_new ? 0 : NELEM(links),
        .is_demo = f->s.is_demo,
    };

    blank_send(s, &page);
}

static void show_get(struct exchange *x, str slug, bool is_new)
{
    struct blank *s = blank_new(x, x->db, false, sizeof(struct form));
    struct form *f = s ? s->record : NULL;
    int r = s ? read_form(s, slug, is_new, f) : ERR_MEM;

    if (r == 0 && is_new && !f->programmes.n) {
        http_redirect(x, 303, S("/desk/programmes/new?why=seminar"));
        return;
    }
    if (r == 0)
        r = add_fields(s, f);
    if (r < 0)
        visit_fail(x, r);
    else
        show(s, f);
}

void desk_seminar_new(struct exchange *x)
{
    show_get(x, http_query(x, S("from")), true);
}

void desk_seminar_edit(struct exchange *x)
{
    show_get(x, http_param(x, S("slug")), false);
}

void desk_seminar_save(struct exchange *x)
{
    struct blank *s = x->state;
    const struct form *f = s ? s->record : NULL;

    if (f && x->result == 0)
        http_redirect(x, 303, arena_printf(x->arena, "/desk/s/%.*s?done=save", STR(f->slug)));
    else if (f && blank_is_again(x))
        show(s, f);
    else
        visit_fail(x, x->result);
}

void desk_seminar_add(struct exchange *x)
{
    desk_seminar_save(x);
}

/* ---- deleting ---- */

int desk_seminar_remove_act(struct exchange *x, struct db *db)
{
    struct seminar s;
    int r = seminar_by_slug(x->arena, db, http_param(x, S("slug")), visit_lang(x), &s);

    return r == 0 ? seminar_remove(x->arena, db, x->actor, s.id, visit_now(x)) : r;
}

void desk_seminar_ask(struct exchange *x)
{
    struct seminar s;
    struct needs needs;
    int r = seminar_by_slug(x->arena, x->db, http_param(x, S("slug")), visit_lang(x), &s);

    if (r == 0)
        r = need_of_seminar(x->db, x->actor, s.id, &needs);
    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    remove_send(x, &(struct remove_page){
                       .question = TEXT_SEMINAR_FORM_REMOVE,
                       .advice = TEXT_SEMINAR_FORM_REMOVE_HINT,
                       .title = &s.title,
                       .own = arena_printf(x->arena, "/desk/s/%.*s", STR(s.slug)),
                       .needs = &needs,
                   });
}

void desk_seminar_remove(struct exchange *x)
{
    remove_done(x, S("/desk?done=remove"), desk_seminar_ask);
}
