/*
 * Plays rows: fills the places in braces, asks, compares, and reads every page as strict HTML.
 */
#include "suite.h"

#include "domain/kit.h"

#include "web/rate.h"
#include "web/routes.h"

#include <string.h>

#define LIVE DEMO_LIVE_SLUG

str row_replaced(struct arena *a, str text, const char *mark, str with)
{
    ptrdiff_t at = str_find(text, str_c(mark));

    if (at < 0)
        return text;
    return arena_printf(a, "%.*s%.*s%.*s", (int)at, text.p, STR(with),
                        STR(str_from(text, (size_t)at + strlen(mark))));
}

/* What a hidden field of the form at this address carries at this moment. */
static str hidden(struct world *w, const char *url, enum user user, const char *name)
{
    struct reply r = run(w, &(struct ask){.method = "GET", .url = url, .user = user});
    str mark = arena_printf(w->a, "name=\"%s\" value=\"", name);
    ptrdiff_t at = str_find(r.body, mark);

    if (at < 0)
        fail_msg("no field %s at %s", name, url);
    return arena_str(w->a, str_cut(str_from(r.body, (size_t)at + mark.n), '"').head);
}

/* The one that the rows have made; 0: not yet. */
static int64_t number(struct stmt *q)
{
    int64_t id = stmt_row(q) > 0 ? col_i64(q, 0) : 0;

    stmt_end(q);
    return id;
}

#define ITEM_OF(slug, kind)                                                                        \
    "SELECT kit_item_id FROM kit_items JOIN kits USING (kit_id) WHERE slug = '" slug               \
    "' AND kind = " kind

/* Numbers that are others every time. */
static const struct {
    const char *mark, *sql;
} numbers[] = {
    {"{deck}", "SELECT max(deck_id) FROM decks"},
    {"{road}", ITEM_OF("media-and-ngos-2020", "6")},
    {"{film}", ITEM_OF("films", "7")},
    {"{quote}", ITEM_OF("secret", "3")},
    {"{clip}", ITEM_OF("secret", "7")},
    {"{point}", "SELECT min(guide_point_id) FROM guide_points JOIN guides USING (guide_id)"
                " WHERE slug = 'tm-tr'"},
};

/* MPEG 2, layer III, 8 kbit/s, 24 kHz, mono: 24 bytes a frame. */
#define FRAME "\xff\xf3\x14\xc0" "aaaaaaaaaaaaaaaaaaaa"

const char *row_filled(struct world *w, const char *text, enum user user)
{
    char csrf[SESSION_CSRF_TEXT] = "";
    str s = str_c(text);

    if (!text)
        return NULL;
    if (user != ANON)
        session_csrf(&w->secret, str_c(w->token[user]), csrf);
    s = row_replaced(w->a, s, "{csrf}", str_c(csrf));
    s = row_replaced(w->a, s, "{link}", w->link);
    s = row_replaced(w->a, s, "{id}", arena_printf(w->a, "%lld", (long long)w->invitation_id));
    s = row_replaced(w->a, s, "{pic}", arena_printf(w->a, "%lld", (long long)w->picture_id));
    for (size_t i = 0; i < NELEM(numbers); i++)
        while (str_find(s, str_c(numbers[i].mark)) >= 0)
            s = row_replaced(w->a, s, numbers[i].mark,
                             arena_printf(w->a, "%lld",
                                          (long long)number(db_stmt(w->db, numbers[i].sql))));
    if (str_find(s, S("{contact}")) >= 0)
        s = row_replaced(w->a, s, "{contact}",
                         hidden(w, "/desk/contacts/new-line", EDITOR, "revision"));
    s = row_replaced(w->a, s, "{withdrawn}",
                     arena_printf(w->a, "%lld", (long long)w->withdrawn_id));
    if (str_find(s, S("{rev}")) >= 0)
        s = row_replaced(w->a, s, "{rev}",
                         hidden(w, "/desk/news/" LIVE "/en", EDITOR, "revision"));
    s = row_replaced(w->a, s, "{mp3}", S(FRAME FRAME FRAME FRAME FRAME FRAME FRAME FRAME));
    if (str_find(s, S("{words}")) >= 0)
        s = row_replaced(w->a, s, "{words}", hidden(w, "/desk/guides/tm-tr", EDITOR, "words"));
    if (str_find(s, S("{changed}")) >= 0)
        s = row_replaced(w->a, s, "{changed}",
                         hidden(w, "/desk/guides/law-x", EDITOR, "changed"));
    if (str_find(s, S("{kit")) >= 0) {
        char token[KIT_LINK_TOKEN];
        int64_t id = number(db_stmt(w->db, "SELECT kit_link_id FROM kit_links"));

        kit_link_token(&w->secret, id, token);
        s = row_replaced(w->a, s, "{kit}", str_c(token));
        s = row_replaced(w->a, s, "{kitlink}", arena_printf(w->a, "%lld", (long long)id));
    }
    return arena_cstr(w->a, s);
}

void row_check_page(const struct reply *r, const char *where)
{
    struct arena *a; /* of this page alone: the rows of all families would fill the world's */
    const char *fault;

    if (!str_starts(r->type, S("text/html")))
        return;
    a = arena_new();
    fault = html_fault(a, r->body);
    if (fault)
        fail_msg("%s: %s", where, fault);
    arena_free(a);
}

/* The page that has the form of this address: itself, or the one that it is an act of. */
static str page_of(struct arena *a, const char *url, const char *name)
{
    return str_eq(str_c(name), S("generation")) ? arena_str(a, str_rcut(str_c(url), '/').head)
                                                : str_c(url);
}

struct ask row_ask(struct world *w, const struct row *row)
{
    static const char *const stamps[] = {"mark", "was", "generation"};
    struct ask ask = {.method = row->method,
                      .url = row_filled(w, row->url, row->user),
                      .user = row->user,
                      .body = row_filled(w, row->body, row->user),
                      .type = row->type,
                      .lang = row->lang};

    for (size_t i = 0; ask.body && i < NELEM(stamps); i++) {
        const char *place = arena_cstr(w->a, arena_printf(w->a, "{%s}", stamps[i]));
        str page = page_of(w->a, ask.url, stamps[i]);

        if (str_find(str_c(ask.body), str_c(place)) >= 0)
            ask.body = arena_cstr(w->a, row_replaced(w->a, str_c(ask.body), place,
                                                     hidden(w, arena_cstr(w->a, page), row->user,
                                                            stamps[i])));
    }
    return ask;
}

void row_play(struct world *w, const struct row *row)
{
    struct ask ask = row_ask(w, row);
    const char *must = row_filled(w, row->must, row->user),
               *must_not = row_filled(w, row->must_not, row->user);
    struct reply r;
    str in;

    r = run(w, &ask);
    in = r.status / 100 == 3 ? r.location : r.body;

    if (r.status != row->status)
        fail_msg("%s %s: %d instead of %d\n%.*s", ask.method, ask.url, r.status, row->status,
                 STR(r.body));
    if (row->route && r.x->route && strcmp(r.x->route->name, row->route) != 0)
        fail_msg("%s %s: went to %s", ask.method, ask.url, r.x->route->name);
    if (must && str_find(in, str_c(must)) < 0)
        fail_msg("%s %s: \"%s\" is not in\n%.*s", ask.method, ask.url, must, STR(in));
    if (must_not && str_find(in, str_c(must_not)) >= 0)
        fail_msg("%s %s: \"%s\" is in\n%.*s", ask.method, ask.url, must_not, STR(in));
    row_check_page(&r, ask.url);
}

void rows_rest(struct world *w)
{
    rate_free(w->site->rate);
    assert_int_equal(rate_new(&w->site->rate), 0);
}

void rows_play(struct world *w, const struct row_list *list)
{
    for (size_t i = 0; i < list->n; i++) {
        row_play(w, &list->row[i]);
        world_forget(w);
    }
}
