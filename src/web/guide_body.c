#include "web/guide_body.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/sb.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/contact.h"
#include "domain/guide.h"
#include "gen/template.h"
#include "web/frame.h"
#include "web/page_guide.h"
#include "web/page_legal.h"
#include "web/texts.h"

/* GSM 03.38 takes 160 letters a message, UCS-2 (Cyrillic, ň, ş …) 70; 153 and 67 when joined. */
enum { SMS_LATIN = 160, SMS_WIDE = 70, GUIDE_CONTACTS = 6 };

static enum text_id part_text(int part)
{
    switch (part) {
    case LEGAL_SAYS:
        return TEXT_LEGAL_SAYS;
    case LEGAL_MEANS:
        return TEXT_LEGAL_MEANS;
    case LEGAL_ACT:
        return TEXT_LEGAL_ACT;
    default:
        return TEXT_LEGAL_OPEN;
    }
}

enum text_id guide_stage_text(int kind, int stage)
{
    if (kind == GUIDE_LEGAL)
        return part_text(stage);
    switch (stage) {
    case GUIDE_BEFORE:
        return TEXT_GUIDE_BEFORE;
    case GUIDE_ON_THE_WAY:
        return TEXT_GUIDE_ON_THE_WAY;
    case GUIDE_THERE:
        return TEXT_GUIDE_THERE;
    default:
        return TEXT_GUIDE_RETURN;
    }
}

enum text_id guide_topic_text(int topic)
{
    switch (topic) {
    case GUIDE_DOCUMENTS:
        return TEXT_GUIDE_DOCUMENTS;
    case GUIDE_COSTS:
        return TEXT_GUIDE_COSTS;
    case GUIDE_RIGHTS:
        return TEXT_GUIDE_RIGHTS;
    case GUIDE_RISKS:
        return TEXT_GUIDE_RISKS;
    case GUIDE_PRECAUTIONS:
        return TEXT_GUIDE_PRECAUTIONS;
    default:
        return TEXT_GUIDE_SCAMS;
    }
}

/* "https://bp.gov.tm/laws/208/show": bp.gov.tm */
static str host_of(str url)
{
    ptrdiff_t scheme = str_find(url, S("://"));
    str rest = scheme < 0 ? url : str_from(url, (size_t)scheme + 3);
    ptrdiff_t end = str_chr(rest, '/');

    return end < 0 ? rest : str_take(rest, (size_t)end);
}

static int statements(struct arena *a, const struct texts *t, const struct guide *g,
                      const struct guide_points *p, struct tpl_guide_statement **ret_row)
{
    struct tpl_guide_statement *row = arena_array(a, p->n, sizeof(*row));

    if (!row)
        return ERR_MEM;
    for (size_t i = 0; i < p->n; i++) {
        const struct guide_point *k = &p->row[i];
        bool is_first = !i || p->row[i - 1].stage != k->stage;

        row[i] = (struct tpl_guide_statement){
            .stage = is_first ? guide_stage_text(g->kind, k->stage) : TEXT_NONE,
            .topic = g->kind == GUIDE_LEGAL ? TEXT_NONE : guide_topic_text(k->topic),
            .text = frame_text(&k->text, S("")),
            .lang = frame_foreign(&k->text),
            .is_stale = k->text.is_stale,
            .source = k->source,
            .host = host_of(k->source),
            .checked = k->checked_at ? card_time(a, t, SHOW_DATE, k->checked_at, S("UTC"))
                                     : (str){NULL, 0},
            .checked_by = k->checked_by,
            .is_overdue = k->is_overdue && k->checked_at,
        };
    }
    *ret_row = row;
    return 0;
}

/* Contacts of the country one goes to. */
static int contacts(struct arena *a, struct db *db, const struct card_ask *ask,
                    const struct guide *g, const struct tpl_contact_card **ret_row, size_t *ret_n)
{
    struct contact_filter f = {.lang = ask->t->lang, .country = g->to};
    struct contact_list l;
    int r = contact_list(a, db, &actor_public, &f, ask->now, &l);

    return r < 0 ? r : contact_cards_make(a, ask, &l, GUIDE_CONTACTS, ret_row, ret_n);
}

int guide_corridor(struct arena *a, struct db *db, str slug, str lang, struct guide *ret_guide)
{
    struct guide g;
    int r = guide_by_slug(a, db, slug, lang, &g);

    if (r < 0)
        return r;
    if (g.kind != GUIDE_CORRIDOR)
        return ERR_NOT_FOUND; /* a legal page has an address of its own */
    *ret_guide = g;
    return 0;
}

int guide_body_make(struct arena *a, struct db *db, const struct card_ask *ask, str slug,
                    struct guide *ret_guide, struct tpl_guide_body *ret_body)
{
    struct tpl_guide_statement *points = NULL;
    struct tpl_guide_body v = {0};
    struct guide_points p;
    struct guide g;
    int r = guide_corridor(a, db, slug, ask->t->lang, &g);

    if (r == 0)
        r = guide_points(a, db, g.id, ask->t->lang, ask->now, &p);
    if (r == 0)
        r = statements(a, ask->t, &g, &p, &points);
    if (r == 0)
        r = contacts(a, db, ask, &g, &v.cards, &v.ncards);
    if (r < 0)
        return r;
    v.points = points;
    v.npoints = p.n;
    v.title = frame_text(&g.title, g.slug);
    v.title_lang = frame_foreign(&g.title);
    v.lead = frame_text(&g.lead, S(""));
    v.lead_lang = frame_foreign(&g.lead);
    v.is_stale = g.title.is_stale || g.lead.is_stale;
    v.is_sample = g.is_sample;
    *ret_guide = g;
    *ret_body = v;
    return 0;
}

static void fill_legal(struct arena *a, const struct texts *t, const struct guide *g,
                       const struct guide_points *p, struct tpl_legal_body *v)
{
    v->title = frame_text(&g->title, g->slug);
    v->title_lang = frame_foreign(&g->title);
    v->lead = frame_text(&g->lead, S(""));
    v->lead_lang = frame_foreign(&g->lead);
    v->is_stale = g->title.is_stale || g->lead.is_stale;
    v->subject = legal_subject_text(g->subject);
    v->from = g->from;
    v->to = g->to;
    v->is_one = str_eq(g->from, g->to);
    v->is_sample = g->is_sample;
    if (g->reviewed_at) {
        v->reviewed = card_time(a, t, SHOW_DATE, g->reviewed_at, S("UTC"));
        v->reviewed_by = g->reviewed_by;
    }
    for (size_t i = 0; i < p->n; i++)
        v->nopen += p->row[i].is_overdue;
}

int legal_body_make(struct arena *a, struct db *db, const struct card_ask *ask, str slug,
                    struct guide *ret_guide, struct tpl_legal_body *ret_body)
{
    struct tpl_guide_statement *points = NULL;
    struct tpl_legal_body v = {0};
    struct guide_points p = {0};
    struct guide g = {0};
    int r = guide_by_slug(a, db, slug, ask->t->lang, &g);

    if (r == 0 && g.kind != GUIDE_LEGAL)
        r = ERR_NOT_FOUND;
    if (r == 0)
        r = guide_points(a, db, g.id, ask->t->lang, ask->now, &p);
    if (r == 0)
        r = statements(a, ask->t, &g, &p, &points);
    if (r == 0)
        r = contacts(a, db, ask, &g, &v.cards, &v.ncards);
    if (r < 0)
        return r;
    v.points = points;
    v.npoints = p.n;
    fill_legal(a, ask->t, &g, &p, &v);
    *ret_guide = g;
    *ret_body = v;
    return 0;
}

/* ---- messages ---- */

/* Letters, and whether one of them is outside ASCII (then the message is coded in UCS-2). */
static size_t letters(str s, bool *ret_is_wide)
{
    size_t n = 0;

    *ret_is_wide = false;
    for (size_t i = 0; i < s.n; i++) {
        n += ((unsigned char)s.p[i] & 0xc0) != 0x80;
        *ret_is_wide |= (unsigned char)s.p[i] >= 0x80;
    }
    return n;
}

/* How many bytes of s fit into `room` letters, cut at a word. */
static size_t cut_at(str s, size_t room)
{
    size_t n = 0, at = 0, word = 0;

    while (at < s.n && n < room) {
        n++;
        at++;
        while (at < s.n && ((unsigned char)s.p[at] & 0xc0) == 0x80)
            at++;
        if (at == s.n || s.p[at] == ' ')
            word = at;
    }
    return word ? word : at;
}

/* One message a line; a statement that is longer goes on in the next. */
static void add_messages(struct sb *b, str text)
{
    bool is_wide;
    size_t room;

    (void)letters(text, &is_wide);
    room = is_wide ? SMS_WIDE : SMS_LATIN;
    while (text.n) {
        size_t n = cut_at(text, room);

        sb_add(b, str_take(text, n));
        sb_c(b, "\n");
        text = str_trim(str_from(text, n));
    }
}

static void add_mark(struct sb *b, const struct texts *t, enum text_id mark)
{
    sb_add(b, texts_get(t, mark));
    sb_c(b, " ");
}

/* What the page says beside a statement, in a word before it: a message is sent on alone. */
static int add_statement(struct arena *a, const struct texts *t, const struct guide_point *k,
                         struct sb *to)
{
    struct sb b = sb_init(a, 0);
    str lang = frame_foreign(&k->text), line;

    if (!k->checked_at)
        add_mark(&b, t, TEXT_GUIDE_SMS_UNCHECKED);
    else if (k->is_overdue)
        add_mark(&b, t, TEXT_GUIDE_SMS_OVERDUE);
    if (k->text.is_stale)
        add_mark(&b, t, TEXT_GUIDE_SMS_STALE);
    if (lang.n)
        sb_printf(&b, "[%.*s] ", STR(lang));
    sb_add(&b, frame_text(&k->text, S("")));
    line = arena_str(a, sb_str(&b));
    if (!line.p)
        return ERR_MEM;
    add_messages(to, line);
    return 0;
}

/* Where the sources stand, and of which day this is. */
static int add_origin(struct arena *a, const struct card_ask *ask, str url, struct sb *to)
{
    const struct text_arg args[] = {
        {.name = "url", .s = url},
        {.name = "day", .s = card_time(a, ask->t, SHOW_DATE, ask->now, S("UTC"))},
    };
    struct sb b = sb_init(a, 0);
    str line;

    text_add(&b, ask->t, TEXT_GUIDE_SMS_PAGE, args, NELEM(args));
    line = arena_str(a, sb_str(&b));
    if (!line.p || !args[1].s.p)
        return ERR_MEM;
    add_messages(to, line);
    return 0;
}

int guide_messages_make(struct arena *a, struct db *db, const struct card_ask *ask, str slug,
                        str origin, struct sb *to)
{
    str lang = ask->t->lang;
    struct guide_points p;
    struct guide g;
    int r = guide_corridor(a, db, slug, lang, &g);

    if (r == 0)
        r = guide_points(a, db, g.id, lang, ask->now, &p);
    if (r == 0 && g.is_sample)
        add_messages(to, texts_get(ask->t, TEXT_GUIDE_SAMPLE));
    for (size_t i = 0; r == 0 && i < p.n; i++)
        r = add_statement(a, ask->t, &p.row[i], to);
    if (r == 0)
        r = add_origin(a, ask,
                       arena_printf(a, "%.*s/%.*s/guides/%.*s", STR(origin), STR(lang), STR(slug)),
                       to);
    return r;
}
