#include "domain/news_draft.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/sb.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/attendance.h"
#include "domain/conclusion.h"
#include "domain/day.h"
#include "domain/invitation.h"
#include "domain/news.h"
#include "domain/programme.h"
#include "domain/seminar.h"
#include "store/db.h"

/* Under this many people no number is given: it could point at persons. */
enum { PEOPLE_MIN = 5 };

/*
 * Sentences with places to fill: {date} {who} {title} {programme} {donor} {n}. Case endings would
 * need a grammar, so names stand where their own form fits: after a colon or in quotation marks.
 */
struct phrases {
    str lang;
    str held, invited_to;       /* first sentence: it took place; it is announced */
    str format_video;
    str convener, people;
    str took_part, invited, topics, conclusions, programme;
    str within, donor;
    str agenda_sample, demo;
    str months[12];             /* as they stand in a date; unset: the date is written in figures */
};

static const struct phrases all_phrases[] = {
    {
        .lang = S("en"),
        .held = S("On {date} the seminar “{title}” took place."),
        .invited_to = S("The seminar “{title}” is to take place on {date}."),
        .format_video = S("It was held as a video conference."),
        .convener = S("Convened by: {who}."),
        .people = S("People who joined the room: {n}."),
        .took_part = S("Who took part"),
        .invited = S("Who was invited"),
        .topics = S("What it was about"),
        .conclusions = S("Conclusions"),
        .programme = S("Programme and funding"),
        .within = S("Programme: “{programme}”."),
        .donor = S("Paid for by: {donor}."),
        .agenda_sample = S("The lines of the agenda are sample data."),
        .demo = S("This text was made by a demonstration. The organisations named have nothing"
                  " to do with it."),
        .months = {S("January"), S("February"), S("March"), S("April"), S("May"), S("June"),
                   S("July"), S("August"), S("September"), S("October"), S("November"),
                   S("December")},
    },
    {
        .lang = S("ru"),
        .held = S("{date} прошёл семинар «{title}»."),
        .invited_to = S("Семинар «{title}» состоится {date}."),
        .format_video = S("Он прошёл в формате видеоконференции."),
        .convener = S("Организатор: {who}."),
        .people = S("Участников в зале: {n}."),
        .took_part = S("Кто участвовал"),
        .invited = S("Кто был приглашён"),
        .topics = S("О чём шла речь"),
        .conclusions = S("Выводы"),
        .programme = S("Программа и финансирование"),
        .within = S("Программа: «{programme}»."),
        .donor = S("Финансирование: {donor}."),
        .agenda_sample = S("Пункты повестки приведены для примера."),
        .demo = S("Текст создан демонстрационной версией. Названные организации к нему отношения"
                  " не имеют."),
        .months = {S("января"), S("февраля"), S("марта"), S("апреля"), S("мая"), S("июня"),
                   S("июля"), S("августа"), S("сентября"), S("октября"), S("ноября"), S("декабря")},
    },
    {
        .lang = S("tk"),
        .held = S("{date}: «{title}» atly maslahat geçirildi."),
        .invited_to = S("{date}: «{title}» atly maslahat geçiriler."),
        .format_video = S("Maslahat wideokonferensiýa görnüşinde geçirildi."),
        .convener = S("Guraýjy: {who}."),
        .people = S("Gatnaşanlaryň sany: {n}."),
        .took_part = S("Kimler gatnaşdy"),
        .invited = S("Kimler çagyryldy"),
        .topics = S("Maslahatyň mowzuklary"),
        .conclusions = S("Netijeler"),
        .programme = S("Maksatnama we maliýeleşdirme"),
        .within = S("Maksatnama: «{programme}»."),
        .donor = S("Maliýeleşdiren: {donor}."),
        .agenda_sample = S("Gün tertibiniň bölümleri mysal hökmünde getirildi."),
        .demo = S("Bu tekst görkeziş nusgasynda döredildi. Ady agzalan guramalaryň oňa dahyly"
                  " ýok."),
    },
};

static const struct phrases *phrases_of(str lang)
{
    for (size_t i = 0; i < NELEM(all_phrases); i++) {
        if (str_eq(all_phrases[i].lang, lang))
            return &all_phrases[i];
    }
    return NULL;
}

struct draft {
    struct arena *a;
    struct db *db;
    const struct actor *who;
    const struct seminar *s;
    const struct phrases *p;
    struct sb b;
};

struct fill { str name, value; };

static str value_of(const struct fill *fills, size_t n, str name)
{
    for (size_t i = 0; i < n; i++) {
        if (str_eq(fills[i].name, name))
            return fills[i].value;
    }
    return S("");
}

/*
 * A text from the record inside Markdown: on one line, and with the characters escaped that could
 * begin a link, an emphasis or a tag.
 */
static void add_plain(struct sb *b, str s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];

        if (str_chr(S("\\`*_[]<>#|&"), c) >= 0)
            sb_char(b, '\\');
        sb_char(b, c == '\n' || c == '\r' || c == '\t' ? ' ' : c);
    }
}

static void add_phrase(struct sb *b, str phrase, const struct fill *fills, size_t n)
{
    struct str_pair open = str_cut(phrase, '{');

    while (open.ok) {
        struct str_pair close = str_cut(open.tail, '}');

        sb_add(b, open.head);
        add_plain(b, value_of(fills, n, close.head));
        if (b->n && b->p[b->n - 1] == '.' && str_starts(close.tail, S(".")))
            close.tail = str_from(close.tail, 1); /* a name's own point ends the sentence */
        open = str_cut(close.tail, '{');
    }
    sb_add(b, open.head);
}

static str date_text(const struct draft *d)
{
    struct day day = day_in_zone(d->s->starts_at, d->s->zone);
    str month = d->p->months[day.month - 1];

    if (!month.p)
        return arena_printf(d->a, "%02d.%02d.%04d", day.day, day.month, day.year);
    return arena_printf(d->a, "%d %.*s %d%s", day.day, STR(month), day.year,
                        str_eq(d->p->lang, S("ru")) ? " года" : "");
}

static void heading(struct draft *d, str text)
{
    sb_c(&d->b, "## ");
    sb_add(&d->b, text);
    sb_c(&d->b, "\n\n");
}

static void opening(struct draft *d, const struct programme *p)
{
    struct fill fills[] = {
        {S("date"), date_text(d)}, {S("title"), d->s->title.body},
        {S("who"), p->convener.name.body},
    };
    bool is_over = d->s->state >= SEMINAR_ENDED;

    add_phrase(&d->b, is_over ? d->p->held : d->p->invited_to, fills, NELEM(fills));
    if (is_over && str_eq(d->s->format, S("video conference"))) {
        sb_char(&d->b, ' ');
        sb_add(&d->b, d->p->format_video);
    }
    if (p->convener.id) {
        sb_char(&d->b, ' ');
        add_phrase(&d->b, d->p->convener, fills, NELEM(fills));
    }
    sb_c(&d->b, "\n\n");
}

static void list_line(struct sb *b, str text)
{
    sb_c(b, "- ");
    add_plain(b, text);
    sb_char(b, '\n');
}

/*
 * Of recorded attendance: organisations in the order of the invitation, others behind them; no
 * number per organisation. One of which only protected speakers came is not named: with the day it
 * would tell where they are looked after.
 */
static int took_part(struct draft *d)
{
    struct stmt *q = db_stmt(d->db, "SELECT o.name_text_id, count(DISTINCT t.person_id),"
                                    " max(coalesce(i.role, 0) <> ?2)"
                                    " FROM attendances t"
                                    " JOIN persons p ON p.person_id = t.person_id"
                                    " JOIN orgs o ON o.org_id = p.org_id LEFT JOIN quotas c"
                                    " ON c.seminar_id = t.seminar_id AND c.org_id = o.org_id"
                                    " LEFT JOIN invitations i ON i.seminar_id = t.seminar_id"
                                    " AND i.person_id = t.person_id"
                                    " WHERE t.seminar_id = ?1 GROUP BY o.org_id"
                                    " ORDER BY c.rowid IS NULL, c.rowid, o.org_id");
    int64_t people = 0;
    int r;

    heading(d, d->p->took_part);
    stmt_i64(q, 1, d->s->id);
    stmt_i64(q, 2, ROLE_PROTECTED);
    while ((r = stmt_row(q)) > 0) {
        struct text name;

        r = text_get(d->a, d->db, col_i64(q, 0), d->p->lang, &name);
        if (r < 0)
            break;
        people += col_i64(q, 1);
        if (col_i64(q, 2))
            list_line(&d->b, name.body);
    }
    stmt_end(q);
    if (r < 0)
        return r;
    sb_char(&d->b, '\n');
    if (people >= PEOPLE_MIN) {
        struct fill fill = {S("n"), arena_printf(d->a, "%lld", (long long)people)};

        add_phrase(&d->b, d->p->people, &fill, 1);
        sb_c(&d->b, "\n\n");
    }
    return 0;
}

static int invited(struct draft *d)
{
    struct invited_list l;
    int r = seminar_invited(d->a, d->db, &actor_public, d->s, d->p->lang, &l);

    if (r < 0 || !l.n)
        return r;
    heading(d, d->p->invited);
    for (size_t i = 0; i < l.n; i++)
        list_line(&d->b, l.row[i].org.name.body);
    sb_char(&d->b, '\n');
    return 0;
}

static int topics(struct draft *d)
{
    struct agenda l;
    bool is_first = true;
    int r = seminar_agenda(d->a, d->db, d->s, d->p->lang, &l);

    if (r < 0)
        return r;
    for (size_t i = 0; i < l.n; i++) {
        str kind = l.row[i].kind;

        if (!str_eq(kind, S("talk")) && !str_eq(kind, S("practice")))
            continue; /* openings, tests and breaks are no topics */
        if (is_first)
            heading(d, d->p->topics);
        is_first = false;
        list_line(&d->b, l.row[i].title.body);
    }
    if (!is_first)
        sb_char(&d->b, '\n');
    if (!is_first && (d->s->sample & SAMPLE_AGENDA)) {
        sb_add(&d->b, d->p->agenda_sample);
        sb_c(&d->b, "\n\n");
    }
    return 0;
}

static int conclusions(struct draft *d)
{
    struct conclusion_list l;
    int r = conclusion_list(d->a, d->db, d->s->id, d->p->lang, &l);

    if (r < 0 || !l.n)
        return r;
    heading(d, d->p->conclusions);
    for (size_t i = 0; i < l.n; i++) {
        sb_printf(&d->b, "%d. ", l.row[i].number);
        add_plain(&d->b, l.row[i].text.body);
        sb_char(&d->b, '\n');
    }
    sb_char(&d->b, '\n');
    return 0;
}

static void funding(struct draft *d, const struct programme *p)
{
    struct fill fills[] = {{S("programme"), p->title.body}, {S("donor"), p->donor.name.body}};

    heading(d, d->p->programme);
    add_phrase(&d->b, d->p->within, fills, NELEM(fills));
    if (p->donor.id) {
        sb_char(&d->b, ' ');
        add_phrase(&d->b, d->p->donor, fills, NELEM(fills));
    }
    sb_char(&d->b, '\n');
    if (d->s->is_demo) {
        sb_char(&d->b, '\n');
        sb_add(&d->b, d->p->demo);
        sb_char(&d->b, '\n');
    }
}

int news_draft_write(struct arena *a, struct db *db, const struct actor *who,
                     const struct seminar *s, str lang, struct news_in *ret_draft)
{
    struct draft d = {.a = a, .db = db, .who = who, .s = s, .p = phrases_of(lang)};
    struct programme p = {0};
    bool has_attendance = false;
    int r;

    if (!d.p)
        return ERR_UNSUPPORTED;
    d.b = sb_init(a, 0);
    r = programme_by_id(a, db, s->programme_id, lang, &p);
    if (r == 0)
        r = attendance_any(db, s->id, &has_attendance);
    if (r < 0)
        return r;
    opening(&d, &p);
    r = has_attendance ? took_part(&d) : invited(&d);
    if (r == 0)
        r = topics(&d);
    if (r == 0)
        r = conclusions(&d);
    if (r < 0)
        return r;
    funding(&d, &p);
    if (d.b.err)
        return ERR_MEM;
    *ret_draft = (struct news_in){.lang = lang, .title = s->short_title.body, .body = sb_str(&d.b)};
    return 0;
}
