#include "web/page_board.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/sb.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/desk.h"
#include "domain/desk_list.h"
#include "domain/news.h"
#include "domain/slug.h"
#include "gen/template.h"
#include "net/http.h"
#include "web/frame.h"
#include "web/news_bar.h"
#include "web/texts.h"
#include "web/visit.h"

enum { MAX_LANGS = 24, OBSTACLES = 7 };

/* States in which something waits, in the order of the way; whose turn it is when nobody is named.
 */
static const struct {
    int state;
    const char *key;
    enum text_id whose;
} columns[] = {
    {DESK_IDEA, "idea", TEXT_BOARD_WHOSE_IDEA},
    {DESK_DRAFT, "draft", TEXT_BOARD_WHOSE_DRAFT},
    {DESK_EDIT, "edit", TEXT_BOARD_WHOSE_EDIT},
    {DESK_CHECK, "check", TEXT_BOARD_WHOSE_CHECK},
    {DESK_TRANSLATION, "translation", TEXT_BOARD_WHOSE_TRANSLATION},
    {DESK_SCHEDULED, "scheduled", TEXT_BOARD_WHOSE_SCHEDULED},
    {DESK_PUBLISHED, "published", TEXT_BOARD_WHOSE_PUBLISHED},
    {DESK_CORRECTED, "corrected", TEXT_BOARD_WHOSE_PUBLISHED},
};

static str site_langs(struct exchange *x)
{
    struct sb b = sb_init(x->arena, 0);
    const struct text_lang *l;

    for (size_t i = 0; (l = texts_lang(i)); i++)
        sb_printf(&b, "%s%.*s", i ? "," : "", STR(l->code));
    return sb_str(&b);
}

static void fill_line_obstacles(struct exchange *x, unsigned bits, struct tpl_board_line *to)
{
    struct tpl_board_line_obstacles *row = arena_array(x->arena, OBSTACLES, sizeof(*row));

    for (unsigned i = 0; row && i < OBSTACLES; i++)
        if (bits & 1u << i)
            row[to->nobstacles++].words = news_bar_obstacle(1u << i);
    to->obstacles = row;
}

/* "ru,tk" as names. */
static str lang_names(struct exchange *x, str codes)
{
    struct sb b = sb_init(x->arena, 0);

    while (codes.n) {
        struct str_pair cut = str_cut(codes, ',');

        if (b.n)
            sb_c(&b, ", ");
        texts_show_code(&b, visit_texts(x), SHOW_LANGUAGE, cut.head);
        codes = cut.ok ? cut.tail : (str){0};
    }
    return sb_str(&b);
}

static struct tpl_board_line line_of(struct exchange *x, const struct desk_line *l)
{
    bool is_editor = actor_can(x->actor, RIGHT_EDITOR);
    struct tpl_board_line to = {
        .title = l->title,
        .lang = l->lang,
        .is_story = l->kind == NEWS_STORY,
        .since = l->since_at,
        .last = l->last,
        .assignee = l->assignee,
        .url = arena_printf(x->arena, "/desk/news/%.*s/%.*s%s", STR(l->slug), STR(l->lang),
                            is_editor && l->state < DESK_CHECK ? "" : "/steps"),
    };

    if (l->due_at)
        to.due = frame_datetime(x, l->due_at, S("UTC"));
    if (l->missing.n)
        to.missing = lang_names(x, l->missing);
    fill_line_obstacles(x, l->obstacles, &to);
    return to;
}

static int fill_groups(struct exchange *x, struct tpl_news_board *v)
{
    struct tpl_board_group *group = arena_array(x->arena, NELEM(columns), sizeof(*group));
    struct desk_board b;
    int r = desk_board(x->arena, x->db, x->actor, site_langs(x), visit_now(x), &b);

    if (r < 0 || !group)
        return r < 0 ? r : ERR_MEM;
    for (size_t c = 0; c < NELEM(columns); c++) {
        struct tpl_board_line *row = arena_array(x->arena, b.n, sizeof(*row));
        size_t n = 0;

        if (!row)
            return ERR_MEM;
        for (size_t i = 0; i < b.n; i++)
            if (b.row[i].state == columns[c].state)
                row[n++] = line_of(x, &b.row[i]);
        if (n)
            group[v->ngroups++] =
                (struct tpl_board_group){.title = news_bar_state(columns[c].state),
                                         .whose = columns[c].whose,
                                         .key = str_c(columns[c].key),
                                         .n = (int64_t)n,
                                         .lines = row,
                                         .nlines = n};
    }
    v->groups = group;
    return 0;
}

static void fill_langs(struct exchange *x, struct tpl_news_board *v)
{
    struct tpl_news_board_langs *row = arena_array(x->arena, MAX_LANGS, sizeof(*row));
    str chosen = news_bar_field(x, "code");
    const struct text_lang *l;
    size_t i = 0;

    for (; row && i < MAX_LANGS && (l = texts_lang(i)); i++)
        row[i] = (struct tpl_news_board_langs){l->code,
                                               str_eq(l->code, chosen.n ? chosen : visit_lang(x))};
    v->langs = row;
    v->nlangs = row ? i : 0;
}

static void show(struct exchange *x, int status, enum text_id problem)
{
    struct tpl_news_board v = {.csrf_token = visit_csrf(x), .problem = problem};
    int r = fill_groups(x, &v);

    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    fill_langs(x, &v);
    v.title_now = news_bar_field(x, "title");
    v.body_now = news_bar_field(x, "body");
    v.slug = news_bar_field(x, "slug");
    v.is_editor = actor_can(x->actor, RIGHT_EDITOR);
    v.is_story = str_eq(news_bar_field(x, "kind"), S("2"));
    frame_fill(x, &v.page, texts_get(visit_texts(x), TEXT_BOARD_TITLE), S("/desk/news"));
    tpl_news_board(&x->reply, visit_texts(x), &v);
    frame_send(x, status);
}

void news_board(struct exchange *x)
{
    show(x, 200, TEXT_NONE);
}

/* The short name that was typed, else one made of the headline. */
static int read_idea(struct exchange *x, struct desk_idea *to)
{
    int64_t kind;
    int r = str_i64(http_field(x, S("kind")), NEWS_REPORT, NEWS_STORY, &kind);

    *to = (struct desk_idea){.lang = news_bar_field(x, "code"),
                             .title = news_bar_field(x, "title"),
                             .body = news_bar_field(x, "body"),
                             .slug = news_bar_field(x, "slug"),
                             .kind = r == 0 ? (int)kind : 0};
    if (!to->body.n || !texts_by_lang(to->lang))
        return ERR_RANGE;
    if (!to->slug.n)
        r = slug_make(x->arena, to->title, S("item"), &to->slug);
    return r;
}

int news_begin_act(struct exchange *x, struct db *db)
{
    struct desk_idea *in = arena_make(x->arena, struct desk_idea);
    int r = in ? read_idea(x, in) : ERR_MEM;

    x->state = in;
    return r < 0 ? r : desk_begin(db, x->actor, in, visit_now(x));
}

void news_begin(struct exchange *x)
{
    const struct desk_idea *in = x->state;

    if (x->result == 0)
        http_redirect(
            x, 303,
            arena_printf(x->arena, "/desk/news/%.*s/%.*s/steps", STR(in->slug), STR(in->lang)));
    else if (x->result == ERR_RANGE || x->result == ERR_CONFLICT || x->result == ERR_TOO_BIG ||
             x->result == ERR_SYNTAX || x->result == ERR_ENCODING)
        show(x, err_http_status(x->result),
             x->result == ERR_CONFLICT ? TEXT_BOARD_TAKEN : TEXT_BOARD_PROBLEM);
    else
        visit_fail(x, x->result);
}
