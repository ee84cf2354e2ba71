#include "web/news_bar.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/desk.h"
#include "domain/news.h"
#include "domain/text.h"
#include "net/http.h"
#include "web/frame.h"
#include "web/texts.h"
#include "web/visit.h"

enum { MAX_VERSIONS = 24 };

str news_bar_field(struct exchange *x, const char *name)
{
    str v = str_trim(http_field(x, str_c(name)));

    return v.p ? v : S("");
}

int news_bar_item(struct exchange *x, struct db *db, struct news *ret_news)
{
    str lang = http_param(x, S("code"));

    if (!text_is_lang(lang))
        return ERR_NOT_FOUND;
    return news_by_slug(x->arena, db, x->actor, http_param(x, S("slug")), lang, ret_news);
}

str news_bar_url(struct exchange *x, const char *rest)
{
    return arena_printf(x->arena, "/desk/news/%.*s/%.*s%s", STR(http_param(x, S("slug"))),
                        STR(http_param(x, S("code"))), rest);
}

enum text_id news_bar_state(int state)
{
    static const enum text_id texts[DESK_STATES] = {
        [DESK_IDEA] = TEXT_DESK_STATE_IDEA,
        [DESK_DRAFT] = TEXT_DESK_STATE_DRAFT,
        [DESK_EDIT] = TEXT_DESK_STATE_EDIT,
        [DESK_CHECK] = TEXT_DESK_STATE_CHECK,
        [DESK_TRANSLATION] = TEXT_DESK_STATE_TRANSLATION,
        [DESK_SCHEDULED] = TEXT_DESK_STATE_SCHEDULED,
        [DESK_PUBLISHED] = TEXT_DESK_STATE_PUBLISHED,
        [DESK_CORRECTED] = TEXT_DESK_STATE_CORRECTED,
        [DESK_WITHDRAWN] = TEXT_DESK_STATE_WITHDRAWN,
        [DESK_ASIDE] = TEXT_DESK_STATE_ASIDE,
    };

    return state > 0 && state < DESK_STATES ? texts[state] : TEXT_DESK_STATE_NONE;
}

enum text_id news_bar_obstacle(unsigned bit)
{
    switch (bit) {
    case DESK_NO_CHECK:
        return TEXT_OBSTACLE_NO_CHECK;
    case DESK_OLD_CHECK:
        return TEXT_OBSTACLE_OLD_CHECK;
    case DESK_BAD_CHECK:
        return TEXT_OBSTACLE_BAD_CHECK;
    case DESK_NO_WORDS:
        return TEXT_OBSTACLE_NO_WORDS;
    case DESK_NO_PICTURE:
        return TEXT_OBSTACLE_NO_PICTURE;
    case DESK_NO_CONSENT:
        return TEXT_OBSTACLE_NO_CONSENT;
    default:
        return TEXT_OBSTACLE_EMBARGO;
    }
}

static void fill_versions(struct exchange *x, str slug, struct tpl_news_bar *v)
{
    struct tpl_news_bar_versions *row = arena_array(x->arena, MAX_VERSIONS, sizeof(*row));
    const char *rest = actor_can(x->actor, RIGHT_EDITOR) ? "" : "/steps";
    str code = http_param(x, S("code"));
    const struct text_lang *l;
    size_t i = 0;

    for (; row && i < MAX_VERSIONS && (l = texts_lang(i)); i++)
        row[i] = (struct tpl_news_bar_versions){
            .code = l->code,
            .url = arena_printf(x->arena, "/desk/news/%.*s/%.*s%s", STR(slug), STR(l->code), rest),
            .is_current = str_eq(l->code, code),
        };
    v->versions = row;
    v->nversions = row ? i : 0;
}

/* Editors have all pages; who only organises sees the steps. */
static void fill_tabs(struct exchange *x, const struct news *n, int state, enum news_tab tab,
                      struct tpl_news_bar *v)
{
    static const struct {
        const char *rest;
        enum text_id label;
    } all[NEWS_TABS] = {
        [NEWS_WORDS] = {"", TEXT_STEPS_TAB_WORDS},
        [NEWS_PICTURES] = {"/pictures", TEXT_PIC_TITLE},
        [NEWS_SAFETY] = {"/safety", TEXT_SAFETY_TITLE},
        [NEWS_CONSENT] = {"/consent", TEXT_CONSENT_TITLE},
        [NEWS_STEPS] = {"/steps", TEXT_STEPS_TAB},
    };
    struct tpl_news_bar_tabs *row = arena_array(x->arena, NEWS_TABS, sizeof(*row));
    bool is_editor = actor_can(x->actor, RIGHT_EDITOR);

    for (int i = 0; row && i < NEWS_TABS; i++) {
        if ((i == NEWS_CONSENT && n->kind != NEWS_STORY) || (i != NEWS_STEPS && !is_editor))
            continue;
        if (!state && (i == NEWS_SAFETY || i == NEWS_STEPS)) /* there are no words yet */
            continue;
        row[v->ntabs++] = (struct tpl_news_bar_tabs){
            .label = all[i].label,
            .url = news_bar_url(x, all[i].rest),
            .is_current = i == (int)tab,
        };
    }
    v->tabs = row;
}

int news_bar_fill(struct exchange *x, const struct news *n, enum news_tab tab,
                  struct tpl_news_bar *ret_bar, struct desk_place *place)
{
    struct tpl_news_bar v = {.tabs_name = TEXT_STEPS_TABS};
    struct desk_place p;
    str code = http_param(x, S("code"));
    int r = desk_place(x->arena, x->db, n->id, code, &p);

    if (r < 0)
        return r;
    v.title = n->title;
    v.title_lang = n->lang;
    v.state = news_bar_state(p.state);
    v.mood = p.state == DESK_PUBLISHED || p.state == DESK_CORRECTED ? S("ok")
             : p.state == DESK_WITHDRAWN                            ? S("bad")
                                                                    : S("warn");
    if (p.due_at)
        v.due = frame_datetime(x, p.due_at, n->zone);
    if (n->is_asked && n->is_published)
        v.public_url = arena_printf(x->arena, "/%.*s/%s/%.*s", STR(code),
                                    n->kind == NEWS_STORY ? "stories" : "news", STR(n->slug));
    fill_versions(x, n->slug, &v);
    fill_tabs(x, n, p.state, tab, &v);
    *ret_bar = v;
    if (place)
        *place = p;
    return 0;
}
