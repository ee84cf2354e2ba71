#include "domain/person_data.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/sb.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/certificate.h"
#include "domain/day.h"
#include "domain/invitation.h"
#include "domain/org.h"
#include "domain/person.h"
#include "domain/quiz.h"
#include "domain/reply.h"
#include "store/db.h"

static const char *const sexes[] = {"not stated", "female", "male"};
static const char *const ages[] = {"not stated", "under 18", "18-29", "30-49", "50+"};

static void name_add(struct sb *b, const char *name)
{
    sb_printf(b, "%s\"%s\": ", b->n && b->p[b->n - 1] != '{' ? ", " : "", name);
}

static void text_add(struct sb *b, const char *name, str value)
{
    name_add(b, name);
    if (value.p)
        sb_json(b, value);
    else
        sb_c(b, "null");
}

static void time_add(struct sb *b, const char *name, usec at)
{
    struct day d = day_of_number((at - (at < 0 ? USEC_DAY - 1 : 0)) / USEC_DAY);
    int s = (int)(at / USEC_S - day_number(d) * 86400);

    name_add(b, name);
    if (at)
        sb_printf(b, "\"%04d-%02d-%02dT%02d:%02d:%02dZ\"", d.year, d.month, d.day, s / 3600,
                  s / 60 % 60, s % 60);
    else
        sb_c(b, "null");
}

static void number_add(struct sb *b, const char *name, int64_t n)
{
    name_add(b, name);
    sb_printf(b, "%lld", (long long)n);
}

static void person_add(struct sb *b, const struct person *p, const struct org *org)
{
    sb_c(b, "{\n  \"person\": {");
    text_add(b, "name", p->name);
    text_add(b, "function", p->function);
    text_add(b, "organisation", org->name.body.p ? org->name.body : org->slug);
    text_add(b, "e-mail", p->email);
    text_add(b, "language", p->lang);
    text_add(b, "sex", str_c(sexes[p->sex]));
    text_add(b, "age group", str_c(ages[p->age]));
    text_add(b, "country", p->country);
    time_add(b, "changed_at", p->changed_at);
    name_add(b, "erased");
    sb_c(b, p->is_erased ? "true}" : "false}");
}

/* ---- what other tables keep ---- */

enum kind { TEXT, TIME, NUMBER, ROLE, REPLY, QUIZ };

/* An array of rows; column i of the query is field i. */
struct part {
    const char *name, *sql; /* ?1: the person */
    struct {
        const char *name; /* NULL: no more */
        enum kind kind;
    } field[8];
};

/*
 * Links to media kits were given to somebody "as written": a name, then the newsroom. Theirs are
 * those that have the e-mail address in them, or begin with the name alone when nobody else on
 * record bears it. l: the link, p: the person.
 */
#define KIT_LINKS " FROM kit_links l JOIN persons p ON p.person_id = ?1"
#define NAMED                                                                                      \
    "(p.name <> '' AND substr(l.person, 1, length(p.name)) = p.name"                               \
    " AND substr(ltrim(substr(l.person, length(p.name) + 1)), 1, 1)"                               \
    " IN ('', ',', ';', '/', '-', '–', '—', '(', '<'))"
#define ONLY_ONE "(SELECT count(*) FROM persons o WHERE o.name = p.name) = 1"
/* Ends of an address inside a text; the dot of a sentence may stand behind it. */
#define END "[^a-z0-9._%+@-]"
#define ADDRESS "replace(replace(lower(p.email), '*', '[*]'), '?', '[?]')"
#define ADDRESSED                                                                                  \
    "(p.email <> '' AND (' ' || lower(l.person) || ' ' GLOB '*" END "' || " ADDRESS " || '" END    \
    "*' OR ' ' || lower(l.person) || ' ' GLOB '*" END "' || " ADDRESS " || '." END "*'))"
#define THEIRS "(" ADDRESSED " OR (" NAMED " AND " ONLY_ONE "))"

/* A table that gets a person_id gets its part here. */
static const struct part parts[] = {
    {"invitations",
     "SELECT s.slug, i.role, i.reply, i.replied_at, i.note, i.opened_at, i.closed_at"
     " FROM invitations i JOIN seminars s ON s.seminar_id = i.seminar_id"
     " WHERE i.person_id = ?1 ORDER BY i.invitation_id",
     {{"seminar", TEXT},
      {"role", ROLE},
      {"reply", REPLY},
      {"replied_at", TIME},
      {"note", TEXT},
      {"opened_at", TIME},
      {"withdrawn_at", TIME}}},
    {"replies",
     "SELECT s.slug, r.reply, r.replied_at, r.note FROM replies r"
     " JOIN invitations i ON i.invitation_id = r.invitation_id"
     " JOIN seminars s ON s.seminar_id = i.seminar_id"
     " WHERE i.person_id = ?1 ORDER BY r.reply_id",
     {{"seminar", TEXT}, {"reply", REPLY}, {"at", TIME}, {"note", TEXT}}},
    {"attendances",
     "SELECT s.slug, t.joined_at, t.seen_at, t.left_at FROM attendances t"
     " JOIN seminars s ON s.seminar_id = t.seminar_id"
     " WHERE t.person_id = ?1 ORDER BY t.joined_at",
     {{"seminar", TEXT}, {"joined_at", TIME}, {"seen_at", TIME}, {"left_at", TIME}}},
    {"sessions",
     "SELECT s.agent, s.added_at, s.used_at, s.expires_at FROM sessions s"
     " JOIN invitations i ON i.invitation_id = s.invitation_id"
     " WHERE i.person_id = ?1 ORDER BY s.session_id",
     {{"browser", TEXT}, {"begun_at", TIME}, {"used_at", TIME}, {"expires_at", TIME}}},
    {"corrections",
     "SELECT s.slug, c.minutes, c.reason, c.added_at FROM attendance_corrections c"
     " JOIN seminars s ON s.seminar_id = c.seminar_id"
     " WHERE c.person_id = ?1 ORDER BY c.correction_id",
     {{"seminar", TEXT}, {"minutes", NUMBER}, {"reason", TEXT}, {"at", TIME}}},
    {"certificates",
     "SELECT code, lang, printed ->> 'name', printed ->> 'seminar', issued_at, revoked_at,"
     " reason FROM certificates WHERE person_id = ?1 ORDER BY certificate_id",
     {{"code", TEXT},
      {"language", TEXT},
      {"name", TEXT},
      {"title", TEXT},
      {"issued_at", TIME},
      {"revoked_at", TIME},
      {"reason", TEXT}}},
    /* a row for each answer; value as it is stored: bits of choices, 1 true, 2 false, 1 to 5 */
    {"answers",
     "SELECT s.slug, z.kind, n.place, w.value, t.lang, t.changed_at FROM attempts t"
     " JOIN quizzes z ON z.quiz_id = t.quiz_id JOIN seminars s ON s.seminar_id = z.seminar_id"
     " JOIN answers w ON w.attempt_id = t.attempt_id"
     " JOIN questions n ON n.question_id = w.question_id"
     " WHERE t.person_id = ?1 ORDER BY z.quiz_id, n.place",
     {{"seminar", TEXT},
      {"test", QUIZ},
      {"question", NUMBER},
      {"value", NUMBER},
      {"language", TEXT},
      {"at", TIME}}},
    {"messages",
     "SELECT s.slug, m.name, m.body, m.said_at FROM room_chats m"
     " JOIN seminars s ON s.seminar_id = m.seminar_id"
     " WHERE m.person_id = ?1 ORDER BY m.seminar_id, m.number",
     {{"seminar", TEXT}, {"name", TEXT}, {"words", TEXT}, {"at", TIME}}},
    {"slides",
     "SELECT s.slug, d.name, d.added_at FROM decks d"
     " JOIN seminars s ON s.seminar_id = d.seminar_id"
     " WHERE d.person_id = ?1 ORDER BY d.deck_id",
     {{"seminar", TEXT}, {"file", TEXT}, {"at", TIME}}},
    {"links to media kits",
     "SELECT k.slug, l.person, l.made_at, l.closed_at" KIT_LINKS
     " JOIN kits k ON k.kit_id = l.kit_id WHERE " THEIRS " ORDER BY l.made_at, l.kit_link_id",
     {{"kit", TEXT}, {"given_to", TEXT}, {"made_at", TIME}, {"taken_back_at", TIME}}},
};

static void field_add(struct sb *b, const char *name, enum kind kind, struct stmt *q, int i)
{
    switch (kind) {
    case TEXT:
        text_add(b, name, col_str(q, i));
        break;
    case TIME:
        time_add(b, name, col_i64(q, i));
        break;
    case NUMBER:
        number_add(b, name, col_i64(q, i));
        break;
    case ROLE:
        text_add(b, name, str_c(role_name((int)col_i64(q, i))));
        break;
    case REPLY:
        text_add(b, name, str_c(reply_name((int)col_i64(q, i))));
        break;
    case QUIZ:
        text_add(b, name, str_c(quiz_kind_name((int)col_i64(q, i))));
        break;
    }
}

static int part_add(struct sb *b, struct db *db, const struct part *p, int64_t id)
{
    struct stmt *q = db_stmt(db, p->sql);
    int r;

    stmt_i64(q, 1, id);
    sb_printf(b, ",\n  \"%s\": [", p->name);
    while ((r = stmt_row(q)) > 0) {
        sb_c(b, b->p[b->n - 1] == '[' ? "\n    {" : ",\n    {");
        for (size_t i = 0; i < NELEM(p->field) && p->field[i].name; i++)
            field_add(b, p->field[i].name, p->field[i].kind, q, (int)i);
        sb_c(b, "}");
    }
    sb_c(b, "]");
    return r;
}

int person_export(struct arena *a, struct db *db, const struct actor *who, int64_t id,
                  str *ret_json)
{
    struct sb b = sb_init(a, 0);
    struct person p;
    struct org org = {0};
    int r = person_by_id(a, db, who, id, &p);

    if (r == 0)
        r = org_by_id(a, db, p.org_id, p.lang, &org);
    if (r < 0)
        return r;
    person_add(&b, &p, &org);
    for (size_t i = 0; r == 0 && i < NELEM(parts); i++)
        r = part_add(&b, db, &parts[i], id);
    sb_c(&b, "\n}\n");
    if (r == 0 && b.err)
        r = ERR_MEM;
    if (r == 0)
        *ret_json = sb_str(&b);
    return r;
}

static int is_in_a_room(struct db *db, int64_t id)
{
    struct stmt *q = db_stmt(db, "SELECT 1 FROM attendances WHERE person_id = ?1"
                                 " AND left_at IS NULL");
    int r;

    stmt_i64(q, 1, id);
    r = stmt_row(q);
    stmt_end(q);
    return r;
}

enum { WITH_NOW = 2 }; /* statements of erase() that say when; they stand last */

/* Ends links and sessions, and takes out who it was and what they wrote. */
static int erase(struct db *db, const struct actor *who, int64_t id, usec now)
{
    static const char *const sql[] = {
        "DELETE FROM sessions WHERE invitation_id IN"
        " (SELECT invitation_id FROM invitations WHERE person_id = ?1)",
        "UPDATE replies SET note = NULL WHERE note IS NOT NULL AND invitation_id IN"
        " (SELECT invitation_id FROM invitations WHERE person_id = ?1)",
        "UPDATE attendance_corrections SET reason = '' WHERE person_id = ?1",
        "DELETE FROM room_chats WHERE person_id = ?1",
        "DELETE FROM room_places WHERE person_id = ?1",
        "DELETE FROM kit_links WHERE kit_link_id IN (SELECT l.kit_link_id" KIT_LINKS
        " WHERE " THEIRS ")",
        /* may be another one's, whom it goes on to serve: the name goes from it all the same */
        "UPDATE kit_links SET person = '' WHERE kit_link_id IN (SELECT l.kit_link_id" KIT_LINKS
        " WHERE " NAMED ")",
        "UPDATE decks SET name = 'slides.pdf' WHERE person_id = ?1", /* files bear names */
        "UPDATE kit_items SET cleared_by = '–' WHERE cleared_by ="
        " (SELECT name FROM persons WHERE person_id = ?1)",
        "UPDATE invitations SET note = NULL, generation = generation + 1,"
        " closed_at = coalesce(closed_at, ?2) WHERE person_id = ?1",
        "UPDATE persons SET name = NULL, function = NULL, email = NULL, erased_at = ?2,"
        " changed_at = ?2 WHERE person_id = ?1",
    };
    struct arena *a;
    struct person p;
    int r = actor_check(who, RIGHT_EVENT);

    if (r < 0)
        return r;
    a = arena_new();
    r = a ? person_by_id(a, db, who, id, &p) : ERR_MEM;
    arena_free(a);
    if (r < 0 || p.is_erased)
        return r;
    r = is_in_a_room(db, id);
    if (r != 0)
        return r > 0 ? ERR_STATE : r;
    for (size_t i = 0; r == 0 && i < NELEM(sql); i++) {
        struct stmt *q = db_stmt(db, sql[i]);

        stmt_i64(q, 1, id);
        if (i + WITH_NOW >= NELEM(sql))
            stmt_i64(q, 2, now);
        r = stmt_run(q);
    }
    return r;
}

int person_expire(struct db *db, int64_t id, usec now)
{
    return erase(db, &actor_server, id, now);
}

int person_erase(struct db *db, const struct actor *who, int64_t id, usec now)
{
    int64_t n;
    int r = erase(db, who, id, now);

    return r == 0 ? certificate_erase(db, who, id, 0, &n) : r;
}
