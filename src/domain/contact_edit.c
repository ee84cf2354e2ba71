/*
 * Changes of the register: fields, texts, checks. What a reader would dial is never changed without
 * a new check.
 */
#include "domain/contact.h"

#include "base/err.h"
#include "base/random.h"
#include "base/str.h"
#include "domain/account.h"
#include "domain/actor.h"
#include "domain/hours.h"
#include "domain/seminar.h"
#include "domain/zone.h"
#include "store/db.h"

enum { LONGEST = 300, PHONE_LONGEST = 24 };

static bool is_country(str s)
{
    return s.n == 2 && s.p[0] >= 'A' && s.p[0] <= 'Z' && s.p[1] >= 'A' && s.p[1] <= 'Z';
}

static bool is_countries(str s)
{
    struct str_pair cut = {.tail = s};

    if (!s.n)
        return true;
    do {
        cut = str_cut(cut.tail, ',');
        if (!is_country(cut.head))
            return false;
    } while (cut.ok);
    return true;
}

static bool is_langs(str s)
{
    struct str_pair cut = {.tail = s};

    if (!s.n)
        return true;
    do {
        cut = str_cut(cut.tail, ',');
        if (!text_is_lang(cut.head))
            return false;
    } while (cut.ok);
    return true;
}

/* "+", digits and spaces; a short number of one country has no "+". */
static bool is_phone(str s)
{
    size_t digits = 0;

    for (size_t i = 0; i < s.n; i++) {
        bool is_digit = s.p[i] >= '0' && s.p[i] <= '9';

        digits += is_digit;
        if (!is_digit && s.p[i] != ' ' && s.p[i] != '-' && !(s.p[i] == '+' && i == 0))
            return false;
    }
    return digits >= 3 && s.n <= PHONE_LONGEST;
}

static bool is_web(str s)
{
    return (str_starts(s, S("https://")) || str_starts(s, S("http://"))) && s.n <= LONGEST;
}

static bool is_sound(const struct contact_in *in)
{
    struct hours h;

    return seminar_is_slug(in->slug) && in->answers >= CONTACT_STATE &&
           in->answers <= CONTACT_INTERNATIONAL && in->cost >= 0 && in->cost <= CONTACT_PAID &&
           in->abroad >= 0 && in->abroad <= CONTACT_ABROAD_NO && is_country(in->country) &&
           is_countries(in->serves) && is_langs(in->langs) &&
           (!in->phone.n || is_phone(in->phone)) && (!in->url.n || is_web(in->url)) &&
           in->email.n <= LONGEST && (!in->email.n || str_chr(in->email, '@') > 0) &&
           (in->phone.n || in->url.n || in->email.n) && hours_parse(in->hours, &h) == 0 &&
           zone_is_known(in->zone) && is_web(in->source);
}

static str or_null(str s)
{
    return s.n ? s : (str){NULL, 0};
}

static str or_empty(str s)
{
    return s.p ? s : S("");
}

/* Parameters 1 to 15 of the two statements below. */
static void bind(struct stmt *q, const struct contact_in *in)
{
    stmt_str(q, 1, in->slug);
    stmt_i64(q, 2, in->answers);
    stmt_str(q, 3, in->country);
    stmt_str(q, 4, or_empty(in->serves));
    stmt_str(q, 5, or_null(in->phone));
    stmt_str(q, 6, or_null(in->url));
    stmt_str(q, 7, or_null(in->email));
    stmt_i64(q, 8, in->cost);
    stmt_i64(q, 9, in->abroad);
    stmt_str(q, 10, or_empty(in->langs));
    stmt_str(q, 11, or_empty(in->hours));
    stmt_str(q, 12, in->zone);
    stmt_str(q, 13, in->source);
    stmt_i64(q, 14, in->is_sample);
}

/* Any: a page that still shows a removed contact does not fit the next one by that name. */
static int64_t first_revision(void)
{
    return INT64_C(1) << 31 | random_u32();
}

static int add(struct db *db, const struct actor *who, const struct contact_in *in, usec now,
               int64_t *ret_id)
{
    int64_t name_id = 0, service_id = 0;
    struct stmt *q;
    int r = text_new(db, who, &name_id);

    if (r == 0)
        r = text_new(db, who, &service_id);
    if (r < 0)
        return r;
    q = db_stmt(db, "INSERT INTO contacts (slug, answers, country, serves, phone, url, email, cost,"
                    " abroad, langs, hours, zone, source, is_sample, name_text_id, service_text_id,"
                    " misses, revision, added_at, changed_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7,"
                    " ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, 0, ?18, ?17, ?17)");
    bind(q, in);
    stmt_i64(q, 15, name_id);
    stmt_i64(q, 16, service_id);
    stmt_i64(q, 17, now);
    stmt_i64(q, 18, first_revision());
    r = stmt_run(q);
    if (r < 0)
        return r;
    *ret_id = db_last_id(db);
    q = db_stmt(db, "DELETE FROM contacts_gone WHERE slug = ?1");
    stmt_str(q, 1, in->slug);
    return stmt_run(q);
}

int contact_put(struct db *db, const struct actor *who, const struct contact_in *in, usec now,
                int64_t *ret_id)
{
    struct stmt *q;
    int r = actor_check(who, RIGHT_EDITOR);

    if (r < 0)
        return r;
    if (!is_sound(in))
        return ERR_RANGE;
    if (!in->revision)
        return add(db, who, in, now, ret_id);
    q = db_stmt(db,
                "UPDATE contacts SET checked_at = CASE WHEN phone IS ?5 AND url IS ?6 AND email IS"
                " ?7 THEN checked_at END, answers = ?2, country = ?3, serves = ?4, phone = ?5,"
                " url = ?6, email = ?7, cost = ?8, abroad = ?9, langs = ?10, hours = ?11,"
                " zone = ?12, source = ?13, is_sample = ?14, revision = revision + 1,"
                " changed_at = ?16 WHERE slug = ?1 AND revision = ?15 RETURNING contact_id");
    bind(q, in);
    stmt_i64(q, 15, in->revision);
    stmt_i64(q, 16, now);
    r = stmt_row(q);
    if (r > 0)
        *ret_id = col_i64(q, 0);
    if (r == 0)
        return ERR_CONFLICT;
    return r < 0 ? r : stmt_run(q);
}

/* Which of its texts; 0: it has none yet. */
static int text_of(struct db *db, int64_t id, enum contact_field field, int64_t *ret_text)
{
    struct stmt *q = db_stmt(db, "SELECT CASE ?2 WHEN 0 THEN name_text_id WHEN 1 THEN"
                                 " service_text_id WHEN 2 THEN eligible_text_id ELSE"
                                 " access_text_id END FROM contacts WHERE contact_id = ?1");
    int r;

    stmt_i64(q, 1, id);
    stmt_i64(q, 2, field);
    r = stmt_row(q);
    if (r > 0)
        *ret_text = col_i64(q, 0);
    stmt_end(q);
    return r == 0 ? ERR_NOT_FOUND : r < 0 ? r : 0;
}

/* One of the two that it may lack; 0: it lacks it. Whoever carries a copy hears of it. */
static int own(struct db *db, int64_t id, enum contact_field field, int64_t text_id, usec now)
{
    struct stmt *q = db_stmt(
        db, "UPDATE contacts SET changed_at = ?4,"
            " eligible_text_id = iif(?2 = 2, nullif(?3, 0), eligible_text_id),"
            " access_text_id = iif(?2 = 3, nullif(?3, 0), access_text_id) WHERE contact_id = ?1");

    stmt_i64(q, 1, id);
    stmt_i64(q, 2, field);
    stmt_i64(q, 3, text_id);
    stmt_i64(q, 4, now);
    return stmt_run(q);
}

/* One language goes; with the one that it was begun in, all. */
static int take(struct db *db, const struct actor *who, int64_t id, enum contact_field field,
                const struct text_in *in, usec now)
{
    struct stmt *q;
    int64_t text_id = 0;
    int r = text_of(db, id, field, &text_id);

    if (r == 0)
        r = text_remove(db, who, text_id, in->lang, in->revision, now);
    if (r == 0)
        return own(db, id, field, text_id, now);
    if (r != ERR_STATE)
        return r == ERR_NOT_FOUND ? 0 : r;
    r = own(db, id, field, 0, now);
    if (r < 0)
        return r;
    q = db_stmt(db, "DELETE FROM texts WHERE text_id = ?1");
    stmt_i64(q, 1, text_id);
    return stmt_run(q);
}

int contact_text_put(struct db *db, const struct actor *who, int64_t id, enum contact_field field,
                     const struct text_in *in, usec now)
{
    bool may_lack = field >= CONTACT_ELIGIBLE;
    int64_t text_id = 0, revision;
    int r = actor_check(who, RIGHT_EDITOR);

    if (r < 0)
        return r;
    if ((!in->body.n && !may_lack) || in->body.n > (field == CONTACT_NAME ? 300 : 2000))
        return ERR_RANGE;
    if (!in->body.n)
        return take(db, who, id, field, in, now);
    r = text_of(db, id, field, &text_id);
    if (r == 0 && !text_id) {
        r = text_new(db, who, &text_id);
        if (r == 0)
            r = own(db, id, field, text_id, now);
    }
    return r == 0 ? text_put(db, who, text_id, in, now, &revision) : r;
}

static int note_try(struct db *db, const struct actor *who, int64_t id,
                    const struct contact_check *c)
{
    struct stmt *q = db_stmt(db, "INSERT INTO contact_checks (contact_id, result, note, account_id,"
                                 " checked_at) VALUES (?1, ?2, ?3, ?4, ?5)");

    stmt_i64(q, 1, id);
    stmt_i64(q, 2, c->result);
    stmt_str(q, 3, or_null(c->note));
    if (who->account_id)
        stmt_i64(q, 4, who->account_id);
    else
        stmt_null(q, 4);
    stmt_i64(q, 5, c->at);
    return stmt_run(q);
}

int contact_try(struct db *db, const struct actor *who, int64_t id, const struct contact_check *c,
                usec now)
{
    struct stmt *q;
    int r = actor_check(who, RIGHT_EDITOR);

    if (r < 0)
        return r;
    if (c->at <= 0 || c->at > now || c->note.n > LONGEST ||
        (c->result != CONTACT_ANSWERED && c->result != CONTACT_MISSED))
        return ERR_RANGE;
    if (c->result == CONTACT_ANSWERED) {
        q = db_stmt(db, "UPDATE contacts SET checked_at = ?2, checked_by = ?3, misses = 0,"
                        " revision = revision + 1, changed_at = ?4 WHERE contact_id = ?1"
                        " AND (?5 = 0 OR revision = ?5)");
        stmt_i64(q, 2, c->at);
        stmt_str(q, 3, or_null(c->by.p ? c->by : who->name));
    } else {
        q = db_stmt(db, "UPDATE contacts SET misses = misses + 1, revision = revision + 1,"
                        " changed_at = ?4 WHERE contact_id = ?1 AND (?5 = 0 OR revision = ?5)");
    }
    stmt_i64(q, 1, id);
    stmt_i64(q, 4, now);
    stmt_i64(q, 5, c->revision);
    r = stmt_run(q);
    if (r == 0 && db_changes(db) == 0)
        r = c->revision ? ERR_CONFLICT : ERR_NOT_FOUND;
    return r == 0 ? note_try(db, who, id, c) : r;
}

static int note_gone(struct db *db, str slug, usec now)
{
    struct stmt *q = db_stmt(db, "INSERT INTO contacts_gone (slug, gone_at) VALUES (?1, ?2)"
                                 " ON CONFLICT DO UPDATE SET gone_at = ?2");

    stmt_str(q, 1, slug);
    stmt_i64(q, 2, now);
    return stmt_run(q);
}

int contact_remove(struct db *db, const struct actor *who, int64_t id, usec now)
{
    int64_t text_id[4] = {0};
    struct stmt *q;
    int r = actor_check(who, RIGHT_EDITOR);

    if (r < 0)
        return r;
    q = db_stmt(db, "DELETE FROM contacts WHERE contact_id = ?1 RETURNING name_text_id,"
                    " service_text_id, eligible_text_id, access_text_id, slug");
    stmt_i64(q, 1, id);
    r = stmt_row(q);
    if (r > 0) {
        for (int i = 0; i < 4; i++)
            text_id[i] = col_i64(q, i);
        r = note_gone(db, col_str(q, 4), now);
        if (r == 0)
            r = stmt_run(q);
        else
            stmt_end(q);
    } else if (r == 0) {
        r = ERR_NOT_FOUND;
    }
    if (r < 0)
        return r;
    q = db_stmt(db, "DELETE FROM texts WHERE text_id IN (?1, ?2, ?3, ?4)");
    for (int i = 0; i < 4; i++)
        stmt_i64(q, i + 1, text_id[i]);
    return stmt_run(q);
}
