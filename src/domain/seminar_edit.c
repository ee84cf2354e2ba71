#include "domain/seminar.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/attendance.h"
#include "domain/invitation.h"
#include "domain/memory.h"
#include "domain/seen.h"
#include "store/db.h"

#include <string.h>

enum { LANGS_TEXT = SEMINAR_LANGS * 12 };

/* Who may move the room: the organiser, and the host and co-host of this seminar. */
static int check_host(const struct actor *who, int64_t id)
{
    if (actor_is_member(who, id) && (who->role == ROLE_HOST || who->role == ROLE_COHOST))
        return 0;
    return actor_check(who, RIGHT_EVENT);
}

static int langs_write(const struct seminar_in *in, char to[static LANGS_TEXT])
{
    size_t n = 0;

    if (!in->nlangs || in->nlangs > SEMINAR_LANGS)
        return ERR_RANGE;
    for (size_t i = 0; i < in->nlangs; i++) {
        if (!text_is_lang(in->lang[i]))
            return ERR_RANGE;
        if (i)
            to[n++] = ',';
        memcpy(to + n, in->lang[i].p, in->lang[i].n); /* text_is_lang: at most 11 bytes */
        n += in->lang[i].n;
    }
    to[n] = '\0';
    return 0;
}

static bool is_valid(const struct seminar_in *in)
{
    return seminar_is_slug(in->slug) && in->zone.n && in->zone.n < 64 && in->minutes > 0 &&
           in->minutes <= 7 * 24 * 60 && in->policy >= NETWORK_OPEN &&
           in->policy <= NETWORK_HTTPS_ONLY && text_is_lang(in->floor_lang);
}

static void bind(struct stmt *q, const struct seminar_in *in, const char *langs)
{
    stmt_str(q, 1, in->slug);
    stmt_i64(q, 2, in->programme_id);
    stmt_str(q, 3, in->format);
    stmt_str(q, 4, in->zone);
    stmt_i64(q, 5, in->starts_at);
    stmt_i64(q, 6, in->minutes);
    stmt_str(q, 7, in->floor_lang);
    stmt_str(q, 8, str_c(langs));
    stmt_i64(q, 9, in->policy);
    stmt_i64(q, 10, in->sample);
    stmt_i64(q, 11, in->is_demo);
}

static int add(struct db *db, const struct actor *who, const struct seminar_in *in,
               const char *langs, usec now, int64_t *ret_id)
{
    struct stmt *q;
    int64_t title_id = 0, short_id = 0;
    int r = text_new(db, who, &title_id);

    if (r == 0)
        r = text_new(db, who, &short_id);
    if (r < 0)
        return r;
    q = db_stmt(db, "INSERT INTO seminars (slug, programme_id, format, zone, starts_at, minutes,"
                    " floor_lang, langs, policy, sample, is_demo, title_text_id,"
                    " short_title_text_id, added_at, state)"
                    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, 1)");
    bind(q, in, langs);
    stmt_i64(q, 12, title_id);
    stmt_i64(q, 13, short_id);
    stmt_i64(q, 14, now);
    r = stmt_run(q);
    if (r == 0)
        *ret_id = db_last_id(db);
    return r;
}

/* The programme that it was part of shows it no more. */
static int leave(struct db *db, const struct seminar_in *in, usec now)
{
    struct stmt *q = db_stmt(db, "UPDATE programmes SET changed_at = ?3 WHERE programme_id ="
                                 " (SELECT programme_id FROM seminars WHERE slug = ?1"
                                 " AND programme_id <> ?2)");

    stmt_str(q, 1, in->slug);
    stmt_i64(q, 2, in->programme_id);
    stmt_i64(q, 3, now);
    return stmt_run(q);
}

int seminar_put(struct db *db, const struct actor *who, const struct seminar_in *in, usec now,
                int64_t *ret_id)
{
    char langs[LANGS_TEXT];
    struct stmt *q;
    int r = actor_check(who, RIGHT_EVENT);

    if (r < 0)
        return r;
    if (!is_valid(in) || langs_write(in, langs) < 0)
        return ERR_RANGE;
    r = leave(db, in, now);
    if (r < 0)
        return r;
    q = db_stmt(db, "UPDATE seminars SET moves = moves + (starts_at <> ?5 OR minutes <> ?6),"
                    " changed_at = iif((programme_id, format, zone, starts_at, minutes,"
                    " floor_lang, langs, sample) IS (?2, ?3, ?4, ?5, ?6, ?7, ?8, ?10),"
                    " changed_at, ?12), programme_id = ?2, format = ?3, zone = ?4, starts_at = ?5,"
                    " minutes = ?6, floor_lang = ?7, langs = ?8, policy = ?9, sample = ?10,"
                    " is_demo = max(is_demo, ?11) WHERE slug = ?1 RETURNING seminar_id");
    bind(q, in, langs);
    stmt_i64(q, 12, now);
    r = stmt_row(q);
    if (r == 0)
        return add(db, who, in, langs, now, ret_id);
    if (r > 0)
        *ret_id = col_i64(q, 0);
    return r < 0 ? r : stmt_run(q);
}

int seminar_text_put(struct db *db, const struct actor *who, int64_t id, str field,
                     const struct text_in *in, usec now)
{
    struct stmt *q;
    int64_t text_id = 0, revision;
    bool is_short = str_eq(field, S("short_title"));
    int r = actor_check(who, RIGHT_EVENT);

    if (r < 0)
        return r;
    if ((!is_short && !str_eq(field, S("title"))) || !in->body.n || in->body.n > 1000)
        return ERR_RANGE;
    q = db_stmt(db, "SELECT iif(?2, short_title_text_id, title_text_id) FROM seminars"
                    " WHERE seminar_id = ?1");
    stmt_i64(q, 1, id);
    stmt_i64(q, 2, is_short);
    r = stmt_row(q);
    if (r > 0)
        text_id = col_i64(q, 0);
    stmt_end(q);
    if (r <= 0)
        return r < 0 ? r : ERR_NOT_FOUND;
    return text_put(db, who, text_id, in, now, &revision);
}

static int agenda_add(struct db *db, const struct actor *who, int64_t id,
                      const struct agenda_item *item, int64_t *ret_text_id)
{
    struct stmt *q;
    int64_t text_id;
    int r = text_new(db, who, &text_id);

    if (r < 0)
        return r;
    q = db_stmt(db, "INSERT INTO agenda_items (seminar_id, place, kind, minutes, slides,"
                    " title_text_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
    stmt_i64(q, 1, id);
    stmt_i64(q, 2, item->place);
    stmt_str(q, 3, item->kind);
    stmt_i64(q, 4, item->minutes);
    stmt_str(q, 5, item->slides);
    stmt_i64(q, 6, text_id);
    r = stmt_run(q);
    if (r == 0)
        *ret_text_id = text_id;
    return r;
}

/* Its slides are not on the page. */
static int agenda_note(struct db *db, int64_t id, const struct agenda_item *item, usec now)
{
    struct stmt *q = db_stmt(db, "UPDATE seminars SET changed_at = ?5 WHERE seminar_id = ?1"
                                 " AND NOT EXISTS (SELECT 1 FROM agenda_items WHERE"
                                 " seminar_id = ?1 AND place = ?2 AND kind = ?3 AND minutes = ?4)");

    stmt_i64(q, 1, id);
    stmt_i64(q, 2, item->place);
    stmt_str(q, 3, item->kind);
    stmt_i64(q, 4, item->minutes);
    stmt_i64(q, 5, now);
    return stmt_run(q);
}

int seminar_agenda_put(struct db *db, const struct actor *who, int64_t id,
                       const struct agenda_item *item, usec now, int64_t *ret_text_id)
{
    struct stmt *q;
    int r = actor_check(who, RIGHT_EVENT);

    if (r < 0)
        return r;
    if (item->place < 1 || item->place > 200 || item->minutes < 0 || item->minutes > 24 * 60 ||
        !item->kind.n || item->kind.n > 40)
        return ERR_RANGE;
    r = agenda_note(db, id, item, now);
    if (r < 0)
        return r;
    q = db_stmt(db, "UPDATE agenda_items SET kind = ?3, minutes = ?4, slides = ?5"
                    " WHERE seminar_id = ?1 AND place = ?2 RETURNING title_text_id");
    stmt_i64(q, 1, id);
    stmt_i64(q, 2, item->place);
    stmt_str(q, 3, item->kind);
    stmt_i64(q, 4, item->minutes);
    stmt_str(q, 5, item->slides);
    r = stmt_row(q);
    if (r == 0)
        return agenda_add(db, who, id, item, ret_text_id);
    if (r > 0)
        *ret_text_id = col_i64(q, 0);
    return r < 0 ? r : stmt_run(q);
}

int seminar_invited_put(struct db *db, const struct actor *who, int64_t id, int64_t org_id,
                        int quota, usec now)
{
    struct stmt *q;
    int r = actor_check(who, RIGHT_EVENT);

    if (r < 0)
        return r;
    if (quota < 0 || quota > 10000)
        return ERR_RANGE;
    q = db_stmt(db, "INSERT OR IGNORE INTO quotas (seminar_id, org_id, quota) VALUES (?1, ?2, ?3)");
    stmt_i64(q, 1, id);
    stmt_i64(q, 2, org_id);
    stmt_i64(q, 3, quota);
    r = stmt_run(q);
    if (r == 0 && db_changes(db) > 0)
        return seen_seminar_put(db, id, now);
    if (r < 0)
        return r;
    q = db_stmt(db, "UPDATE quotas SET quota = ?3 WHERE seminar_id = ?1 AND org_id = ?2");
    stmt_i64(q, 1, id);
    stmt_i64(q, 2, org_id);
    stmt_i64(q, 3, quota);
    return stmt_run(q);
}

int seminar_sample_clear(struct db *db, const struct actor *who, int64_t id, unsigned sample,
                         usec now)
{
    struct stmt *q;
    int r = actor_check(who, RIGHT_EVENT);

    if (r < 0)
        return r;
    q = db_stmt(db, "UPDATE seminars SET sample = sample & ~?2, changed_at = ?3"
                    " WHERE seminar_id = ?1 AND sample & ?2");
    stmt_i64(q, 1, id);
    stmt_i64(q, 2, sample);
    stmt_i64(q, 3, now);
    return stmt_run(q);
}

int seminar_invited_remove(struct db *db, const struct actor *who, int64_t id, int64_t org_id,
                           usec now)
{
    struct stmt *q;
    int r = actor_check(who, RIGHT_EVENT);

    if (r < 0)
        return r;
    q = db_stmt(db, "DELETE FROM quotas WHERE seminar_id = ?1 AND org_id = ?2"
                    " AND NOT EXISTS (SELECT 1 FROM invitations i"
                    " JOIN persons p ON p.person_id = i.person_id"
                    " WHERE i.seminar_id = ?1 AND p.org_id = ?2)");
    stmt_i64(q, 1, id);
    stmt_i64(q, 2, org_id);
    r = stmt_run(q);
    if (r < 0)
        return r;
    return db_changes(db) ? seen_seminar_put(db, id, now) : ERR_CONFLICT;
}

/* The drawing in seminar.h. */
static bool can_step(int from, int to)
{
    switch (from) {
    case SEMINAR_PLANNED:
        return to == SEMINAR_PRACTICE || to == SEMINAR_LIVE || to == SEMINAR_ARCHIVED;
    case SEMINAR_PRACTICE:
        return to == SEMINAR_PLANNED || to == SEMINAR_LIVE;
    case SEMINAR_LIVE:
        return to == SEMINAR_PRACTICE || to == SEMINAR_ENDED;
    case SEMINAR_ENDED:
        return to == SEMINAR_ARCHIVED;
    default:
        return false;
    }
}

static int state_of(struct db *db, int64_t id, int *ret_state, usec *ret_live_at)
{
    struct stmt *q = db_stmt(db, "SELECT state, live_at FROM seminars WHERE seminar_id = ?1");
    int r;

    stmt_i64(q, 1, id);
    r = stmt_row(q);
    if (r > 0) {
        *ret_state = (int)col_i64(q, 0);
        *ret_live_at = col_i64(q, 1);
    }
    stmt_end(q);
    if (r == 0)
        return ERR_NOT_FOUND;
    return r < 0 ? r : 0;
}

int seminar_state_set(struct db *db, const struct actor *who, int64_t id, int state, usec now)
{
    struct stmt *q;
    usec live_at = 0, ended_at = now;
    int from = 0;
    int r = check_host(who, id);

    if (r == 0)
        r = state_of(db, id, &from, &live_at);
    if (r < 0 || from == state)
        return r;
    if (!can_step(from, state))
        return ERR_STATE;
    if (state == SEMINAR_ENDED)
        r = attendance_ended(db, id, live_at, now, &ended_at);
    if (r < 0)
        return r;
    /* Going back to practice takes the beginning back too: it was not one. */
    q = db_stmt(db, "UPDATE seminars SET state = ?2,"
                    " live_at = CASE ?2 WHEN 2 THEN NULL WHEN 3 THEN coalesce(live_at, ?3) ELSE"
                    " live_at END,"
                    " ended_at = iif(?2 = 4, ?4, ended_at), changed_at = ?3,"
                    " stage_person_id = iif(?2 = 4, NULL, stage_person_id) WHERE seminar_id = ?1");
    stmt_i64(q, 1, id);
    stmt_i64(q, 2, state);
    stmt_i64(q, 3, now);
    stmt_i64(q, 4, ended_at);
    r = stmt_run(q);
    if (r == 0 && state == SEMINAR_LIVE)
        r = memory_hush(db, &actor_server, id);
    if (r == 0 && state == SEMINAR_ENDED)
        r = memory_end(db, &actor_server, id);
    return r;
}

int seminar_stage_set(struct db *db, const struct actor *who, int64_t id, int64_t person_id,
                      usec now)
{
    struct stmt *q;
    int r = check_host(who, id);

    (void)now;
    if (r < 0)
        return r;
    q = db_stmt(db, "UPDATE seminars SET stage_person_id = nullif(?2, 0) WHERE seminar_id = ?1"
                    " AND (?2 = 0 OR EXISTS (SELECT 1 FROM invitations"
                    " WHERE seminar_id = ?1 AND person_id = ?2))");
    stmt_i64(q, 1, id);
    stmt_i64(q, 2, person_id);
    r = stmt_run(q);
    return r == 0 && db_changes(db) == 0 ? ERR_NOT_FOUND : r;
}
