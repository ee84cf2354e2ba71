/*
 * What people write, put through the compiled templates: as text, in attributes, addresses, parts
 * of addresses, lists of options, areas, and JSON for search engines. The input has up to eight
 * values, one a line. Each page is made twice: of these and of tame words. Both must have the same
 * tags and attributes in the same order; where the tame page has the word, the other has the value,
 * letter by letter; and an address leads nowhere that an address of ours may not.
 */
#include "domain/feed.h"
#include "web/html.c"
#include "web/page_news.c"
#include "web/visit_i.h"

#include "markup.h"

#include <jansson.h>

enum { VALUES = 8 };

/* The words of the tame page, each in one place of this list; "loose" ones are shown by ICU. */
struct values {
    str v[VALUES];
    str loose;
    bool is_text; /* they are UTF-8, as everything is that the record takes */
};

static const str tame[VALUES] = {S("qzaqz"), S("qzbqz"), S("qzcqz"), S("qzdqz"),
                                 S("qzeqz"), S("qzfqz"), S("qzgqz"), S("qzhqz")};

/* ---- the pages ---- */

static void fill_page(struct tpl_page *p, const struct values *s, struct arena *a)
{
    struct tpl_page_langs *lang = arena_array(a, 2, sizeof(*lang));

    CHECK(lang);
    lang[0] = (struct tpl_page_langs){s->v[0], s->v[1], s->v[2], s->v[3], true, true};
    lang[1] = (struct tpl_page_langs){s->v[4], s->v[5], s->v[6], s->v[7], false, true};
    *p = (struct tpl_page){.title = s->v[1],
                           .description = s->v[2],
                           .canonical = s->v[3],
                           .x_default = s->v[4],
                           .feed = s->v[5],
                           .home = s->v[6],
                           .news = s->v[7],
                           .privacy = s->v[0],
                           .search = s->v[1],
                           .langs = lang,
                           .nlangs = 2,
                           .is_reader = true,
                           .is_staff = true,
                           .csrf = s->v[2]};
}

static void search_page(struct sb *to, const struct texts *t, const struct values *s,
                        struct arena *a)
{
    const struct tpl_search_hit_title title[] = {{s->v[0], false}, {s->v[1], true}};
    const struct tpl_search_hit_extract extract[] = {{s->v[2], true}, {s->v[3], false}};
    const struct tpl_search_hit hit = {.url = s->v[4],
                                       .code = s->loose,
                                       .is_foreign = true,
                                       .kind = TEXT_SEARCH_NEWS,
                                       .when = s->v[5],
                                       .title = title,
                                       .ntitle = 2,
                                       .extract = extract,
                                       .nextract = 2};
    struct tpl_search_show v = {.query = s->v[6],
                                .is_asked = true,
                                .action = s->v[7],
                                .code = s->loose,
                                .is_elsewhere = true,
                                .hits = &hit,
                                .nhits = 1,
                                .more = s->v[0],
                                .back = s->v[1],
                                .all_url = s->v[2],
                                .one_url = s->v[3],
                                .archive = s->v[4]};

    fill_page(&v.page, s, a);
    tpl_search_show(to, t, &v);
}

static void fields(struct sb *to, const struct texts *t, const struct values *s)
{
    static const char *const kinds[] = {"check", "checks", "select", "area", "text"};
    const struct tpl_blank_field_options options[] = {{s->v[0], s->v[1], s->v[2], true},
                                                      {s->v[3], s->v[4], s->v[5], false}};
    const struct tpl_blank_problems problem = {s->v[6], s->v[7], s->v[0], TEXT_BLANK_PROBLEM};
    const struct tpl_blank_hidden hidden = {s->v[1], s->v[2]};
    struct tpl_blank_field f[NELEM(kinds)];
    struct tpl_blank v = {.action = s->v[3],
                          .csrf_token = s->v[4],
                          .mark = s->v[5],
                          .submit = TEXT_CONCL_SAVE,
                          .problems = &problem,
                          .nproblems = 1,
                          .hidden = &hidden,
                          .nhidden = 1,
                          .fields = f,
                          .nfields = NELEM(f)};

    for (size_t i = 0; i < NELEM(kinds); i++)
        f[i] = (struct tpl_blank_field){.name = s->v[i],
                                        .kind = str_c(kinds[i]),
                                        .label = s->v[i + 1],
                                        .label_lang = s->v[i + 2],
                                        .group = s->v[i + 3],
                                        .group_lang = s->v[(i + 4) % VALUES],
                                        .value = s->v[(i + 5) % VALUES],
                                        .lang = s->v[i],
                                        .stored = s->v[i + 1],
                                        .complete = s->v[i + 2],
                                        .error = TEXT_BLANK_PROBLEM,
                                        .max = 10,
                                        .rows = 3,
                                        .options = options,
                                        .noptions = 2};
    tpl_blank(to, t, &v);
}

static void cards(struct sb *to, const struct texts *t, const struct values *s)
{
    const struct tpl_contact_card card = {.name = s->v[0],
                                          .name_lang = s->v[1],
                                          .service = s->v[2],
                                          .service_lang = s->v[3],
                                          .url = s->v[4],
                                          .answers = TEXT_CONTACT_LANGS,
                                          .country = s->loose,
                                          .phone = s->v[5],
                                          .dial = s->v[6],
                                          .page = s->v[7],
                                          .email = s->v[0],
                                          .mail = s->v[1],
                                          .cost = TEXT_CONTACT_COST,
                                          .abroad = TEXT_CONTACT_ABROAD,
                                          .is_stated = true,
                                          .there = s->v[2],
                                          .checked = s->v[3],
                                          .checked_by = s->v[4],
                                          .source = s->v[5]};
    const struct tpl_kit_item item = {.base = s->v[6],
                                      .csrf_token = s->v[7],
                                      .kind = TEXT_KIT_CREDIT,
                                      .text = s->v[0],
                                      .credit = s->v[1],
                                      .source = s->v[2],
                                      .needs_consent = true,
                                      .revision = 3,
                                      .is_open = true,
                                      .cleared = s->v[3],
                                      .cleared_by = s->v[4],
                                      .entered_by = s->v[5],
                                      .url = s->v[6],
                                      .clip = {.id = 7,
                                               .file = s->loose,
                                               .src = s->v[7],
                                               .still = s->v[0],
                                               .width = 640,
                                               .height = 360,
                                               .about = s->v[1]}};
    const struct tpl_conclusion_form_texts text = {
        .id = s->v[7], .code = s->loose, .body = s->v[0], .theirs = s->v[1]};
    const struct tpl_conclusion_form form = {.kind = TEXT_CONCL_SOURCE,
                                             .base = s->v[2],
                                             .csrf_token = s->v[3],
                                             .texts = &text,
                                             .ntexts = 1};

    tpl_contact_card(to, t, &card);
    tpl_kit_item(to, t, &item);
    tpl_conclusion_form(to, t, &form);
}

/* With the JSON that page_news.c makes for it, and its body as a text. */
static void news_page(struct sb *to, const struct texts *t, const struct values *s, struct arena *a)
{
    struct site site = {.origin = s->v[0]};
    struct visit visit = {.site = &site, .texts = *t};
    struct exchange x = {.arena = a, .site = &visit};
    const struct news n = {.title = s->v[1], .lang = s->v[2]};
    const struct tpl_news_show_topics topic = {s->v[3], s->v[4], s->v[5]};
    const struct feed_picture shared = {.alt = s->v[2],
                                        .credit = s->v[4],
                                        .file = {{.url = s->v[6], .width = 640, .height = 360}},
                                        .nfiles = 1};
    const struct picture_shares shares = {&shared, 1};
    const struct tpl_figure figure = {.src = s->v[6], .alt = s->v[7], .credit = s->v[0]};
    struct tpl_news_show v = {.title = s->v[1],
                              .text_lang = s->v[2],
                              .when = s->v[3],
                              .has_few = true,
                              .body = html_of_text(a, s->v[4]),
                              .code = s->loose,
                              .corrected = s->v[5],
                              .correction = s->v[6],
                              .topics = &topic,
                              .ntopics = 1,
                              .geo = s->v[7],
                              .seminar_url = s->v[0],
                              .address = s->v[3],
                              .archive = s->v[1],
                              .method = s->v[2],
                              .figures = &figure,
                              .nfigures = 1,
                              .is_story = true,
                              .pseudonym = s->v[3],
                              .contacts = s->v[4]};

    fill_page(&v.page, s, a);
    picture_share_preview(&shares, &v.page);
    v.ld = article_ld(&x, &n, &v, &shares);
    tpl_news_show(to, t, &v);
}

static str make(struct arena *a, const struct values *s)
{
    struct sb b = sb_init(a, 0);
    struct texts t;

    texts_init(&t, S("en"), S("UTC"));
    search_page(&b, &t, s, a);
    fields(&b, &t, s);
    cards(&b, &t, s);
    news_page(&b, &t, s, a);
    CHECK(!b.err);
    return sb_str(&b);
}

/* ---- what holds ---- */

/* The tame text with the values in the place of its words: as they are, as parts of an address, or
 * refused as addresses. */
enum how { AS_IT_IS, AS_SEGMENT, AS_REFUSED };

static str expected(struct arena *a, str text, const struct values *s, enum how how)
{
    struct sb b = sb_init(a, 0);

    while (text.n) {
        size_t i = 0;

        while (i < VALUES && !str_starts(text, tame[i]))
            i++;
        if (i < VALUES && how == AS_SEGMENT)
            sb_url(&b, s->v[i]);
        else if (i < VALUES)
            sb_add(&b, how == AS_IT_IS ? s->v[i] : S("#"));
        else
            sb_char(&b, text.p[0]);
        text = str_from(text, i < VALUES ? tame[i].n : 1);
    }
    CHECK(!b.err);
    return sb_str(&b);
}

/* A carriage return at the end is not kept where lines are told apart, and a text brings no point
 * behind a value that ends with one (web/texts.c). */
static str bare(struct arena *a, str s)
{
    char *to = arena_alloc(a, s.n + 1);
    size_t n = 0;

    CHECK(to);
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] != '\r' && (s.p[i] != '.' || !n || to[n - 1] != '.'))
            to[n++] = s.p[i];
    return (str){to, n};
}

/* Where a browser would go: it drops tabs and line ends, and spaces and control characters before
 * the address. Only these schemes. */
static void check_address(struct arena *a, str url)
{
    static const char *const schemes[] = {"http", "https", "mailto", "tel"};
    char *to = arena_alloc(a, url.n + 1);
    bool is_known = false;
    struct str_pair cut;
    size_t n = 0;

    CHECK(to);
    for (size_t i = 0; i < url.n; i++)
        if ((unsigned char)url.p[i] > 0x20)
            to[n++] = url.p[i];
    cut = str_cut((str){to, n}, ':');
    if (!cut.ok || str_chr(cut.head, '/') >= 0 || str_chr(cut.head, '?') >= 0 ||
        str_chr(cut.head, '#') >= 0)
        return;
    for (size_t i = 0; i < NELEM(schemes); i++)
        is_known = is_known || str_ieq(cut.head, str_c(schemes[i]));
    CHECK(is_known);
}

static bool is_address(str name)
{
    return str_eq(name, S("href")) || str_eq(name, S("src")) || str_eq(name, S("action")) ||
           str_eq(name, S("poster"));
}

static void check_json(str json, bool is_text)
{
    json_error_t e;
    json_t *root = json_loadb(json.p, json.n, JSON_REJECT_DUPLICATES, &e);

    CHECK((root || !is_text) && str_chr(json, '<') < 0);
    json_decref(root);
}

static void check_piece(struct arena *a, const struct markup_piece *want,
                        const struct markup_piece *got, const struct values *s)
{
    str value = bare(a, got->value);
    bool is_same = str_eq(value, bare(a, expected(a, want->value, s, AS_IT_IS)));

    CHECK(want->kind == got->kind && str_eq(want->tag, got->tag) && str_eq(want->name, got->name));
    if (got->has_script) {
        check_json(got->value, s->is_text);
        return;
    }
    if (str_find(want->value, S("loose")) >= 0)
        return;
    if (got->kind == MARKUP_ATTR && is_address(got->name)) {
        check_address(a, got->value);
        for (enum how how = AS_SEGMENT; how <= AS_REFUSED; how++)
            is_same = is_same || str_eq(value, bare(a, expected(a, want->value, s, how)));
    }
    CHECK(is_same);
}

static void compare(struct arena *a, str tame_page, str page, const struct values *s)
{
    struct markup one = {.a = a, .rest = tame_page}, two = {.a = a, .rest = page};
    struct markup_piece want, got;

    while (markup_next(&one, &want)) {
        CHECK(markup_next(&two, &got));
        check_piece(a, &want, &got, s);
    }
    CHECK(!markup_next(&two, &got));
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    str rest = {(const char *)p, n}, value;
    struct values words = {.loose = S("loose")}, wild = {.loose = S("loose")};
    struct arena *a = arena_new();

    CHECK(a);
    words.is_text = true;
    wild.is_text = str_is_utf8(rest);
    for (size_t i = 0; i < VALUES; i++) {
        words.v[i] = wild.v[i] = tame[i];
        if (str_line(&rest, &value) && str_trim(value).n)
            wild.v[i] = value;
    }
    wild.loose = wild.v[0];
    compare(a, make(a, &words), make(a, &wild), &wild);
    arena_free(a);
    return 0;
}
