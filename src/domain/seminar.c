#include "domain/seminar.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/invitation.h"
#include "domain/rows.h"
#include "store/db.h"

/*
 * Reading here; changes are in seminar_edit.c. Columns of every read, in this order; the statements
 * stand written out, since SQL is literal text beside its binder.
 *   0 seminar_id  1 programme_id  2 slug  3 title_text_id  4 short_title_text_id  5 format
 *   6 zone  7 starts_at  8 minutes  9 floor_lang  10 langs  11 policy  12 state  13 sample
 *   14 is_demo  15 stage_person_id  16 live_at  17 ended_at  18 moves
 */

static const char *const state_names[] = {"?", "planned", "practice", "live", "ended", "archived"};
static const char *const policy_names[] = {"?", "open", "tcp-only", "https-only"};

const char *seminar_state_name(int state)
{
    return state_names[state > 0 && state < (int)NELEM(state_names) ? state : 0];
}

const char *network_policy_name(int policy)
{
    return policy_names[policy > 0 && policy < (int)NELEM(policy_names) ? policy : 0];
}

int network_policy_parse(str name, int *ret_policy)
{
    for (int i = 1; i < (int)NELEM(policy_names); i++) {
        if (str_eq(name, str_c(policy_names[i]))) {
            *ret_policy = i;
            return 0;
        }
    }
    return ERR_NOT_FOUND;
}

bool seminar_is_slug(str slug)
{
    if (slug.n < 2 || slug.n > 60 || slug.p[0] == '-' || slug.p[slug.n - 1] == '-')
        return false;
    for (size_t i = 0; i < slug.n; i++) {
        char c = slug.p[i];

        if (c == '-' && slug.p[i - 1] != '-')
            continue;
        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9'))
            return false;
    }
    return true;
}

static void langs_read(struct seminar *s, str list)
{
    struct str_pair cut = {.tail = list, .ok = list.n > 0};

    while (cut.ok && s->nlangs < SEMINAR_LANGS) {
        cut = str_cut(cut.tail, ',');
        s->lang[s->nlangs++] = cut.head;
    }
}

static int row_read(struct arena *a, struct db *db, struct stmt *q, str lang, struct seminar *to)
{
    bool ok = true;
    int64_t title_id = col_i64(q, 3), short_id = col_i64(q, 4);
    struct seminar s = {
        .id = col_i64(q, 0), .programme_id = col_i64(q, 1), .slug = rows_str(a, q, 2, &ok),
        .format = rows_str(a, q, 5, &ok), .zone = rows_str(a, q, 6, &ok),
        .starts_at = col_i64(q, 7), .minutes = (int)col_i64(q, 8),
        .floor_lang = rows_str(a, q, 9, &ok), .policy = (int)col_i64(q, 11),
        .state = (int)col_i64(q, 12), .sample = (unsigned)col_i64(q, 13),
        .is_demo = col_i64(q, 14) != 0, .stage = col_i64(q, 15), .live_at = col_i64(q, 16),
        .ended_at = col_i64(q, 17), .moves = (int)col_i64(q, 18),
    };
    int r;

    langs_read(&s, rows_str(a, q, 10, &ok));
    r = ok ? text_get(a, db, title_id, lang, &s.title) : ERR_MEM;
    if (r == 0)
        r = text_get(a, db, short_id, lang, &s.short_title);
    if (r == 0 && !s.short_title.body.p) {
        s.short_title = s.title;
        s.short_title.id = short_id; /* where a short title would be written */
    }
    if (r == 0)
        *to = s;
    return r;
}

static int one(struct arena *a, struct db *db, struct stmt *q, str lang, struct seminar *to)
{
    int r = stmt_row(q);

    if (r == 0)
        return ERR_NOT_FOUND;
    if (r > 0)
        r = row_read(a, db, q, lang, to);
    stmt_end(q);
    return r;
}

int seminar_by_id(struct arena *a, struct db *db, int64_t id, str lang,
                  struct seminar *ret_seminar)
{
    struct stmt *q = db_stmt(db, "SELECT seminar_id, programme_id, slug, title_text_id,"
                                 " short_title_text_id, format, zone, starts_at, minutes,"
                                 " floor_lang, langs, policy, state, sample, is_demo,"
                                 " stage_person_id, live_at, ended_at, moves"
                                 " FROM seminars WHERE seminar_id = ?1");

    stmt_i64(q, 1, id);
    return one(a, db, q, lang, ret_seminar);
}

int seminar_by_slug(struct arena *a, struct db *db, str slug, str lang,
                    struct seminar *ret_seminar)
{
    struct stmt *q = db_stmt(db, "SELECT seminar_id, programme_id, slug, title_text_id,"
                                 " short_title_text_id, format, zone, starts_at, minutes,"
                                 " floor_lang, langs, policy, state, sample, is_demo,"
                                 " stage_person_id, live_at, ended_at, moves"
                                 " FROM seminars WHERE slug = ?1");

    stmt_str(q, 1, slug);
    return one(a, db, q, lang, ret_seminar);
}

int seminar_list(struct arena *a, struct db *db, str lang, unsigned states,
                 struct seminar_list *ret_list)
{
    struct seminar_list l = {0};
    struct stmt *q = db_stmt(db, "SELECT seminar_id, programme_id, slug, title_text_id,"
                                 " short_title_text_id, format, zone, starts_at, minutes,"
                                 " floor_lang, langs, policy, state, sample, is_demo,"
                                 " stage_person_id, live_at, ended_at, moves"
                                 " FROM seminars WHERE ?1 = 0 OR (?1 >> state) & 1"
                                 " ORDER BY starts_at DESC, seminar_id DESC");
    int r;

    stmt_i64(q, 1, states);
    while ((r = stmt_row(q)) > 0) {
        l.row = rows_grow(a, l.row, l.n, sizeof(*l.row));
        r = l.row ? row_read(a, db, q, lang, &l.row[l.n]) : ERR_MEM;
        if (r < 0)
            break;
        l.n++;
    }
    r = rows_end(q, r, true);
    if (r == 0)
        *ret_list = l;
    return r;
}

static int item_read(struct arena *a, struct db *db, struct stmt *q, str lang,
                     struct agenda_item *to)
{
    bool ok = true;

    to->id = col_i64(q, 0);
    to->place = (int)col_i64(q, 1);
    to->kind = rows_str(a, q, 2, &ok);
    to->minutes = (int)col_i64(q, 3);
    to->slides = rows_str(a, q, 5, &ok);
    return ok ? text_get(a, db, col_i64(q, 4), lang, &to->title) : ERR_MEM;
}

int seminar_agenda(struct arena *a, struct db *db, const struct seminar *s, str lang,
                   struct agenda *ret_agenda)
{
    struct agenda l = {0};
    struct stmt *q = db_stmt(db, "SELECT agenda_item_id, place, kind, minutes, title_text_id,"
                                 " slides FROM agenda_items WHERE seminar_id = ?1 ORDER BY place");
    usec at = s->starts_at;
    int r;

    stmt_i64(q, 1, s->id);
    while ((r = stmt_row(q)) > 0) {
        l.row = rows_grow(a, l.row, l.n, sizeof(*l.row));
        r = l.row ? item_read(a, db, q, lang, &l.row[l.n]) : ERR_MEM;
        if (r < 0)
            break;
        l.row[l.n].starts_at = at;
        at += l.row[l.n++].minutes * 60 * USEC_S;
    }
    r = rows_end(q, r, true);
    if (r == 0)
        *ret_agenda = l;
    return r;
}

static int counts_read(struct db *db, int64_t seminar_id, struct invited *to)
{
    struct stmt *q = db_stmt(db, "SELECT count(*), total(i.reply = 1), total(i.reply = 2),"
                                 " total(EXISTS (SELECT 1 FROM attendances t"
                                 " WHERE t.seminar_id = ?1 AND t.person_id = i.person_id))"
                                 " FROM invitations i JOIN persons p ON p.person_id = i.person_id"
                                 " WHERE i.seminar_id = ?1 AND p.org_id = ?2"
                                 " AND i.closed_at IS NULL");
    int r;

    stmt_i64(q, 1, seminar_id);
    stmt_i64(q, 2, to->org.id);
    r = stmt_row(q);
    if (r > 0) {
        to->ninvited = (int)col_i64(q, 0);
        to->naccepted = (int)col_i64(q, 1);
        to->ndeclined = (int)col_i64(q, 2);
        to->nattended = (int)col_i64(q, 3);
    }
    stmt_end(q);
    return r < 0 ? r : 0;
}

/* q: organisation and quota. */
static int invited_read(struct arena *a, struct db *db, struct stmt *q, const struct seminar *s,
                        str lang, struct invited_list *l)
{
    int r;

    stmt_i64(q, 1, s->id);
    while ((r = stmt_row(q)) > 0) {
        l->row = rows_grow(a, l->row, l->n, sizeof(*l->row));
        r = l->row ? org_by_id(a, db, col_i64(q, 0), lang, &l->row[l->n].org) : ERR_MEM;
        if (r < 0)
            break;
        l->row[l->n++].quota = (int)col_i64(q, 1);
    }
    return rows_end(q, r, true);
}

int seminar_invited(struct arena *a, struct db *db, const struct actor *who,
                    const struct seminar *s, str lang, struct invited_list *ret_list)
{
    struct invited_list l = {0};
    /* By rowid: the order of the file, which is the order of protocol. */
    struct stmt *q = db_stmt(db, "SELECT org_id, quota FROM quotas WHERE seminar_id = ?1"
                                 " ORDER BY rowid");
    int r = invited_read(a, db, q, s, lang, &l);

    for (size_t i = 0; i < l.n && r == 0 && actor_can(who, RIGHT_EVENT); i++)
        r = counts_read(db, s->id, &l.row[i]);
    if (r == 0)
        *ret_list = l;
    return r;
}

int seminar_replies(struct arena *a, struct db *db, const struct actor *who,
                    const struct seminar *s, str lang, struct invited_list *ret_list)
{
    struct invited_list l = {0};
    size_t nquotas;
    struct stmt *q;
    int r = actor_check(who, RIGHT_EVENT);

    if (r == 0)
        r = seminar_invited(a, db, who, s, lang, &l);
    if (r < 0)
        return r;
    q = db_stmt(db, "SELECT DISTINCT p.org_id, 0 FROM invitations i"
                    " JOIN persons p ON p.person_id = i.person_id"
                    " WHERE i.seminar_id = ?1 AND i.closed_at IS NULL AND p.org_id NOT IN"
                    " (SELECT org_id FROM quotas WHERE seminar_id = ?1) ORDER BY p.org_id");
    nquotas = l.n;
    r = invited_read(a, db, q, s, lang, &l);
    for (size_t i = nquotas; i < l.n && r == 0; i++)
        r = counts_read(db, s->id, &l.row[i]);
    if (r == 0)
        *ret_list = l;
    return r;
}
