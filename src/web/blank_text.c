#include "web/blank_text.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/seminar.h"
#include "domain/slug.h"
#include "domain/text.h"
#include "domain/text_place.h"
#include "domain/zone.h"
#include "net/http.h"
#include "web/texts.h"
#include "web/visit.h"

/* A title or a name as domain/text_place.c takes it. */
enum { TITLE_BYTES = 1000, TITLE_LETTERS = 400 };

void blank_langs_add(struct blank_langs *l, str lang)
{
    for (size_t i = 0; i < l->n; i++)
        if (str_eq(l->lang[i], lang))
            return;
    if (l->n < BLANK_LANGS)
        l->lang[l->n++] = lang;
}

void blank_langs_of_site(struct blank_langs *l)
{
    const struct text_lang *t;

    for (size_t i = 0; (t = texts_lang(i)); i++)
        if (!t->is_pseudo)
            blank_langs_add(l, t->code);
}

static str name_in(const struct blank *s, const struct blank_text *t, str lang)
{
    return arena_printf(s->x->arena, "%.*s_%.*s", STR(t->name), STR(lang));
}

/* The wanted languages and those that the text has. */
static int langs_of(struct blank *s, const struct blank_text *t, struct blank_langs *io)
{
    struct text_version_list versions = {0};
    int64_t id = t->text_id ? t->text_id : t->copy_id;
    int r = id ? text_versions(s->x->arena, s->db, id, true, &versions) : 0;

    for (size_t i = 0; r == 0 && i < versions.n; i++)
        blank_langs_add(io, versions.row[i].lang);
    return r;
}

static int field_add(struct blank *s, const struct blank_text *t, str lang, bool is_first)
{
    int64_t id = t->text_id ? t->text_id : t->copy_id;
    struct text now = {0};
    struct tpl_blank_field *f;
    int r = id ? text_exact(s->x->arena, s->db, id, lang, &now) : 0;

    if (r < 0 && r != ERR_NOT_FOUND)
        return r;
    f = blank_add_lang(s, t->is_area ? "area" : "text", name_in(s, t, lang), t->label, lang,
                       now.body);
    f->max = TITLE_LETTERS;
    if (now.is_stale && t->text_id)
        f->note = TEXT_PAGE_STALE;
    if (is_first) {
        f->hint = t->hint;
        if (t->group != TEXT_NONE)
            blank_group(f, s->x, t->group);
    }
    return 0;
}

int blank_text_add(struct blank *s, const struct blank_text *t, const struct blank_langs *l)
{
    struct blank_langs all = *l;
    int r = langs_of(s, t, &all);

    for (size_t i = 0; r == 0 && i < all.n; i++)
        r = field_add(s, t, all.lang[i], i == 0);
    return r;
}

/* The source's language; unset while there is no version. */
static str source_of(struct blank *s, int64_t text_id)
{
    struct text_version_list versions = {0};

    if (!text_id || text_versions(s->x->arena, s->db, text_id, true, &versions) < 0 || !versions.n)
        return (str){0};
    return versions.row[0].lang;
}

void blank_text_check(struct blank *s, const struct blank_text *t, const struct blank_langs *l)
{
    struct blank_langs all = *l;
    str source = source_of(s, t->text_id);
    bool is_any = false;

    if (langs_of(s, t, &all) < 0 || !all.n)
        return;
    for (size_t i = 0; i < all.n; i++) {
        str name = name_in(s, t, all.lang[i]);
        str value = blank_value(s, name);

        is_any |= value.n != 0;
        if (value.n > TITLE_BYTES)
            blank_problem(s, name, TEXT_BLANK_TOO_LONG);
        if (!value.n && source.p && str_eq(source, all.lang[i]))
            blank_problem(s, name, TEXT_BLANK_SOURCE_EMPTY);
    }
    if (!is_any && !t->is_optional)
        blank_problem(s, name_in(s, t, all.lang[0]), TEXT_BLANK_TEXT_MISSING);
}

static int put_one(struct blank *s, const struct blank_text *t, const struct text_place *place,
                   str lang)
{
    struct text_in in = {.lang = lang, .body = blank_value(s, name_in(s, t, lang))};
    struct text now = {0};
    int r = text_exact(s->x->arena, s->db, place->text_id, lang, &now);

    if (r < 0 && r != ERR_NOT_FOUND)
        return r;
    in.revision = now.revision;
    if (str_eq(in.body, now.body.p ? now.body : S("")))
        return 0;
    return text_place_put(s->db, s->x->actor, place, &in, visit_now(s->x));
}

int blank_text_put(struct blank *s, const struct blank_text *t, const struct blank_langs *l,
                   int64_t text_id)
{
    struct blank_langs all = *l;
    struct text_place place = {0};
    str source = source_of(s, text_id);
    int r = langs_of(s, t, &all);

    if (r == 0)
        r = text_place(s->x->arena, s->db, s->x->actor, text_id, &place);
    if (r < 0)
        return r;
    if (!source.p && blank_value(s, name_in(s, t, visit_lang(s->x))).n)
        source = visit_lang(s->x);
    if (source.p)
        r = put_one(s, t, &place, source);
    for (size_t i = 0; r == 0 && i < all.n; i++)
        if (!str_eq(all.lang[i], source))
            r = put_one(s, t, &place, all.lang[i]);
    return r;
}

str blank_text_first(const struct blank *s, const struct blank_text *t,
                     const struct blank_langs *l)
{
    str own = blank_value(s, name_in(s, t, visit_lang(s->x)));

    if (own.n)
        return own;
    for (size_t i = 0; i < l->n; i++) {
        str value = blank_value(s, name_in(s, t, l->lang[i]));

        if (value.n)
            return value;
    }
    return S("");
}

void blank_slug_add(struct blank *s)
{
    struct tpl_blank_field *f = blank_add(s, "text", S("slug"), TEXT_BLANK_SLUG, S(""));

    f->hint = TEXT_BLANK_SLUG_HINT;
    f->max = 60;
}

int blank_slug(struct blank *s, str title, str instead, blank_taken_fn *taken, str *ret_slug)
{
    str typed = blank_value(s, S("slug")), slug = typed;
    int r = typed.n ? 0 : slug_make(s->x->arena, title, instead, &slug);
    str stem = slug;

    for (int i = 2; r == 0; i++) {
        if (!seminar_is_slug(slug)) {
            blank_problem(s, S("slug"), TEXT_BLANK_BAD_SLUG);
            break;
        }
        /* "new" is the address of the empty form. */
        r = str_eq(slug, S("new")) ? 0 : taken(s->x->arena, s->db, slug);
        if (r != 0)
            break;
        if (typed.n) {
            blank_problem(s, S("slug"), TEXT_BLANK_SLUG_TAKEN);
            break;
        }
        slug = arena_printf(s->x->arena, "%.*s-%d", STR(stem), i);
    }
    *ret_slug = slug;
    return r == ERR_NOT_FOUND ? 0 : r;
}

void blank_day_check(struct blank *s, str name)
{
    str day = blank_value(s, name);
    usec at;

    if (day.n && zone_time(S("UTC"), day, S("00:00"), &at) < 0)
        blank_problem(s, name, TEXT_BLANK_NO_DAY);
}

str blank_country(struct exchange *x, str code)
{
    static const str read[] = {S("en"), S("ru"), S("tk")};
    struct texts t;
    struct sb b = sb_init(x->arena, 0);
    str lang = S("en");

    if (!code.n)
        return S("");
    for (size_t i = 0; i < NELEM(read); i++)
        if (str_eq(read[i], visit_lang(x)))
            lang = read[i];
    texts_init(&t, lang, S("UTC"));
    texts_show_code(&b, &t, SHOW_COUNTRY, code);
    return sb_str(&b).p ? sb_str(&b) : code;
}
