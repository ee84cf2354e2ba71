#include "web/frame.h"

#include "base/arena.h"
#include "base/encode.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/right.h"
#include "domain/secret.h"
#include "domain/text.h"
#include "gen/template.h"
#include "net/http.h"
#include "web/site.h"
#include "web/texts.h"
#include "web/visit.h"

enum { MAX_LANGS = 24, ETAG_BYTES = 8 };

static bool is_reader(const struct exchange *x)
{
    return !x->route || x->route->flags & ROUTE_READER;
}

static bool is_help(const struct exchange *x)
{
    return x->route && x->route->flags & ROUTE_EXIT;
}

/* "/en/news/a" in Russian is "/ru/news/a"; other pages take ?lang=. */
static str url_in(struct exchange *x, str path, str lang)
{
    str rest = str_from(path, 1);
    ptrdiff_t slash = str_chr(rest, '/');
    str head = slash < 0 ? rest : str_take(rest, (size_t)slash);

    if (texts_by_lang(head) && head.n <= 11)
        return arena_printf(x->arena, "/%.*s%.*s", STR(lang), STR(str_from(rest, head.n)));
    if (is_reader(x))
        return arena_printf(x->arena, "/%.*s", STR(lang));
    return arena_printf(x->arena, "%.*s?lang=%.*s", STR(path), STR(lang));
}

static void fill_langs(struct exchange *x, struct tpl_page *page, str path)
{
    struct tpl_page_langs *row = arena_array(x->arena, MAX_LANGS, sizeof(*row));
    const struct text_lang *l;
    size_t n = 0;

    if (!row)
        return;
    for (; n < MAX_LANGS && (l = texts_lang(n)); n++)
        row[n] = (struct tpl_page_langs){
            .code = l->code,
            .name = l->name,
            .url = url_in(x, path, l->code),
            .full = S(""),
            .is_current = str_eq(l->code, visit_lang(x)),
            .is_page = is_reader(x) && x->route,
        };
    page->langs = row;
    page->nlangs = n;
}

/* Search engines want whole addresses, of versions that are there. */
static void fill_alternates(struct exchange *x, struct tpl_page *page)
{
    struct tpl_page_langs *row = (struct tpl_page_langs *)(uintptr_t)page->langs;

    page->x_default = (str){0};
    for (size_t i = 0; i < page->nlangs; i++) {
        if (!row[i].is_page)
            continue;
        row[i].full = arena_printf(x->arena, "%.*s%.*s", STR(site_of(x)->origin), STR(row[i].url));
        if (!page->x_default.p || str_eq(row[i].code, S("en")))
            page->x_default = row[i].full;
    }
}

void frame_fill(struct exchange *x, struct tpl_page *ret_page, str title, str path)
{
    const struct texts *t = visit_texts(x);
    str lang = visit_lang(x);

    *ret_page = (struct tpl_page){
        .title = title,
        .home = arena_printf(x->arena, "/%.*s", STR(lang)),
        .news = arena_printf(x->arena, "/%.*s/news", STR(lang)),
        .privacy = arena_printf(x->arena, "/%.*s/privacy", STR(lang)),
        .search = arena_printf(x->arena, "/%.*s/search", STR(lang)),
        .is_draft = t->is_draft && !str_eq(lang, S("en")),
        .is_demo = site_of(x)->conf.is_demo,
        .is_plain = site_of(x)->conf.is_plain_titles && is_help(x),
        .is_help = is_help(x),
        .is_reader = is_reader(x),
        .is_staff = !is_reader(x) && actor_can(x->actor, RIGHT_STAFF),
        .csrf = visit_csrf(x),
    };
    if (is_reader(x) && x->route) {
        ret_page->description = texts_get(t, TEXT_HOME_LEAD);
        ret_page->feed = arena_printf(x->arena, "/%.*s/feed.atom", STR(lang));
        ret_page->canonical = arena_printf(x->arena, "%.*s%.*s", STR(site_of(x)->origin),
                                           STR(path.p ? path : x->path));
    }
    fill_langs(x, ret_page, path.p ? path : x->path);
    fill_alternates(x, ret_page);
}

void frame_versions(struct exchange *x, struct tpl_page *page, const str *langs, size_t n)
{
    struct tpl_page_langs *row = (struct tpl_page_langs *)(uintptr_t)page->langs;

    for (size_t i = 0; i < page->nlangs; i++) {
        row[i].is_page = false;
        for (size_t k = 0; k < n; k++)
            if (str_eq(row[i].code, langs[k]))
                row[i].is_page = true;
    }
    fill_alternates(x, page);
}

static void set_etag(struct exchange *x, str body)
{
    char hex[2 * ETAG_BYTES + 1];
    uint8_t hash[32];

    secret_hash(body, hash);
    encode_hex(hex, hash, ETAG_BYTES);
    http_set(x, S("ETag"), arena_printf(x->arena, "W/\"%s\"", hex));
}

void frame_send_type(struct exchange *x, int status, str type)
{
    str body = sb_str(&x->reply);

    if (!body.p) {
        sb_reset(&x->reply);
        http_text(x, err_http_status(ERR_MEM), S("text/plain; charset=utf-8"),
                  str_c(err_text(ERR_MEM)));
        return;
    }
    x->status = status;
    x->type = type;
    if (status == 200 && is_reader(x))
        set_etag(x, body);
}

void frame_send(struct exchange *x, int status)
{
    frame_send_type(x, status, S("text/html; charset=utf-8"));
}

str frame_text(const struct text *t, str instead)
{
    return t->body.n ? t->body : instead;
}

str frame_foreign(const struct text *t)
{
    return t->is_asked || !t->body.n ? (str){0} : t->lang;
}

str frame_apart(struct exchange *x, str s)
{
    return s.n ? arena_printf(x->arena, "\xe2\x81\xa8%.*s\xe2\x81\xa9", STR(s)) : S("");
}

enum text_id frame_word(struct exchange *x, str query, const struct frame_word *words, size_t n)
{
    str given = http_query(x, query);

    for (size_t i = 0; i < n; i++)
        if (str_eq(words[i].word, given))
            return words[i].text;
    return TEXT_NONE;
}

static str shown(struct exchange *x, usec at, str zone, enum texts_show how)
{
    struct sb b = sb_init(x->arena, 0);

    texts_show(&b, visit_texts_in(x, zone), how, at);
    return arena_str(x->arena, sb_str(&b));
}

str frame_datetime(struct exchange *x, usec at, str zone)
{
    return shown(x, at, zone, SHOW_DATETIME);
}

str frame_date(struct exchange *x, usec at, str zone)
{
    return shown(x, at, zone, SHOW_DATE);
}

str frame_month(struct exchange *x, usec at)
{
    return shown(x, at, S("UTC"), SHOW_MONTH);
}

str frame_time(struct exchange *x, usec at, str zone)
{
    return shown(x, at, zone, SHOW_TIME);
}

str frame_city(struct exchange *x, str zone)
{
    struct sb b = sb_init(x->arena, 0);

    texts_show_code(&b, visit_texts(x), SHOW_CITY, zone);
    return arena_str(x->arena, sb_str(&b));
}
