#include "web/page_guide.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/contact.h"
#include "domain/guide.h"
#include "gen/template.h"
#include "net/http.h"
#include "web/frame.h"
#include "web/page_contact.h"
#include "web/texts.h"
#include "web/visit.h"

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

static bool is_page_lang(struct exchange *x)
{
    return texts_by_lang(http_param(x, S("lang"))) != NULL;
}

void guide_list_show(struct exchange *x)
{
    struct tpl_guide_list v = {0};
    struct tpl_guide_list_guides *row;
    struct guide_list l;
    int r = is_page_lang(x) ? guide_list(x->arena, x->db, visit_lang(x), &l) : ERR_NOT_FOUND;

    row = r == 0 ? arena_array(x->arena, l.n, sizeof(*row)) : NULL;
    if (r == 0 && !row)
        r = ERR_MEM;
    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    for (size_t i = 0; i < l.n; i++) {
        const struct guide *g = &l.row[i];

        row[i] = (struct tpl_guide_list_guides){
            .url = arena_printf(x->arena, "/%.*s/guides/%.*s", STR(visit_lang(x)), STR(g->slug)),
            .title = frame_text(&g->title, g->slug),
            .lang = frame_foreign(&g->title),
            .from = g->from,
            .to = g->to,
            .is_sample = g->is_sample,
        };
    }
    v.guides = row;
    v.nguides = l.n;
    v.offer = arena_printf(x->arena, "/%.*s/offer", STR(visit_lang(x)));
    v.contacts = arena_printf(x->arena, "/%.*s/contacts", STR(visit_lang(x)));
    v.legal = arena_printf(x->arena, "/%.*s/legal", STR(visit_lang(x)));
    frame_fill(x, &v.page, texts_get(visit_texts(x), TEXT_GUIDE_TITLE),
               arena_printf(x->arena, "/%.*s/guides", STR(visit_lang(x))));
    tpl_guide_list(&x->reply, visit_texts(x), &v);
    frame_send(x, 200);
}

/* ---- one guide ---- */

/* "https://bp.gov.tm/laws/208/show": bp.gov.tm */
static str host_of(str url)
{
    ptrdiff_t scheme = str_find(url, S("://"));
    str rest = scheme < 0 ? url : str_from(url, (size_t)scheme + 3);
    ptrdiff_t end = str_chr(rest, '/');

    return end < 0 ? rest : str_take(rest, (size_t)end);
}

int guide_statements(struct exchange *x, const struct guide *g, const struct guide_points *p,
                     struct tpl_guide_statement **ret_row)
{
    struct tpl_guide_statement *row = arena_array(x->arena, p->n, sizeof(*row));

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
            .checked = k->checked_at ? frame_date(x, k->checked_at, S("UTC")) : (str){NULL, 0},
            .checked_by = k->checked_by,
            .is_overdue = k->is_overdue && k->checked_at,
        };
    }
    *ret_row = row;
    return 0;
}

int guide_contacts(struct exchange *x, const struct guide *g, struct tpl_contact_card **ret_row,
                   size_t *ret_n)
{
    struct contact_filter f = {.lang = visit_lang(x), .country = g->to};
    struct tpl_contact_card *row = arena_array(x->arena, GUIDE_CONTACTS, sizeof(*row));
    struct contact_list l;
    int r = row ? contact_list(x->arena, x->db, x->actor, &f, visit_now(x), &l) : ERR_MEM;

    for (size_t i = 0; r == 0 && i < l.n && i < GUIDE_CONTACTS; i++) {
        r = contact_card_fill(x, &l.row[i], &row[i]);
        *ret_n = i + 1;
    }
    *ret_row = row;
    return r;
}

int guide_read(struct exchange *x, enum guide_kind kind, struct guide_read *to)
{
    int r = is_page_lang(x)
                ? guide_by_slug(x->arena, x->db, http_param(x, S("slug")), visit_lang(x), &to->g)
                : ERR_NOT_FOUND;

    if (r == 0 && to->g.kind != (int)kind)
        r = ERR_NOT_FOUND;
    if (r == 0)
        r = guide_points(x->arena, x->db, to->g.id, visit_lang(x), visit_now(x), &to->p);
    return r;
}

void guide_show(struct exchange *x)
{
    struct tpl_guide_show v = {0};
    struct tpl_guide_statement *points = NULL;
    struct tpl_contact_card *cards = NULL;
    struct guide_read k;
    int r = guide_read(x, GUIDE_CORRIDOR, &k);

    if (r == 0)
        r = guide_statements(x, &k.g, &k.p, &points);
    if (r == 0)
        r = guide_contacts(x, &k.g, &cards, &v.ncards);
    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    v.points = points;
    v.npoints = k.p.n;
    v.cards = cards;
    v.title = frame_text(&k.g.title, k.g.slug);
    v.title_lang = frame_foreign(&k.g.title);
    v.lead = frame_text(&k.g.lead, S(""));
    v.lead_lang = frame_foreign(&k.g.lead);
    v.is_sample = k.g.is_sample;
    v.back = arena_printf(x->arena, "/%.*s/guides", STR(visit_lang(x)));
    v.sms = arena_printf(x->arena, "/%.*s/guides/%.*s/sms.txt", STR(visit_lang(x)), STR(k.g.slug));
    v.offer = arena_printf(x->arena, "/%.*s/offer", STR(visit_lang(x)));
    v.legal = arena_printf(x->arena, "/%.*s/legal", STR(visit_lang(x)));
    frame_fill(x, &v.page, v.title,
               arena_printf(x->arena, "/%.*s/guides/%.*s", STR(visit_lang(x)), STR(k.g.slug)));
    tpl_guide_show(&x->reply, visit_texts(x), &v);
    frame_send(x, 200);
    contact_private(x); /* "open now" is true for this minute alone */
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

void guide_sms(struct exchange *x)
{
    struct guide_read k;
    int r = guide_read(x, GUIDE_CORRIDOR, &k);

    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    for (size_t i = 0; i < k.p.n; i++)
        add_messages(&x->reply, k.p.row[i].text.body);
    frame_send_type(x, 200, S("text/plain; charset=utf-8"));
}
