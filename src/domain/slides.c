#include "domain/slides.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/invitation.h"
#include "domain/rows.h"
#include "domain/seminar.h"
#include "store/db.h"

int slide_size_parse(str name, int *ret_size)
{
    static const str names[SLIDE_SIZES] = {
        [SLIDE_SMALL] = S("small"), [SLIDE_MEDIUM] = S("medium"), [SLIDE_LARGE] = S("large")};

    for (int i = SLIDE_SMALL; i < SLIDE_SIZES; i++) {
        if (str_eq(name, names[i])) {
            *ret_size = i;
            return 0;
        }
    }
    return ERR_NOT_FOUND;
}

bool deck_can_add(const struct actor *who, int64_t seminar_id)
{
    if (actor_can(who, RIGHT_EVENT))
        return true;
    return actor_is_member(who, seminar_id) &&
           (who->role == ROLE_HOST || who->role == ROLE_COHOST || who->role == ROLE_SPEAKER);
}

/* Those who wait until the host goes live: the room tells them of no slides either. */
static bool is_kept_waiting(const struct actor *who)
{
    return who->role == ROLE_PARTICIPANT || who->role == ROLE_OBSERVER;
}

/* Members may look, once they are let in; others are told as actor_check tells them. */
static int check_read(struct db *db, const struct actor *who, int64_t seminar_id)
{
    struct stmt *q;
    int64_t state = 0;
    int r;

    if (!actor_is_member(who, seminar_id) || actor_can(who, RIGHT_EVENT))
        return actor_check(who, RIGHT_EVENT);
    if (!is_kept_waiting(who))
        return 0;
    q = db_stmt(db, "SELECT state FROM seminars WHERE seminar_id = ?1");
    stmt_i64(q, 1, seminar_id);
    r = rows_number(q, &state);
    if (r < 0)
        return r;
    return state >= SEMINAR_LIVE ? 0 : ERR_DENIED;
}

static int check_server(const struct actor *who)
{
    return who == &actor_server ? 0 : ERR_DENIED;
}

static int count_decks(struct db *db, int64_t seminar_id, int64_t *ret_n)
{
    struct stmt *q = db_stmt(db, "SELECT count(*) FROM decks WHERE seminar_id = ?1");
    int r;

    stmt_i64(q, 1, seminar_id);
    r = stmt_row(q);
    if (r > 0)
        *ret_n = col_i64(q, 0);
    stmt_end(q);
    return r < 0 ? r : 0;
}

/* The mark may stand behind some bytes of a mailer (ISO 32000-1, annex H.3.4.1: within 1,024). */
static bool is_pdf(str bytes)
{
    return str_find(str_take(bytes, 1024), S("%PDF-")) >= 0;
}

static void bind_id(struct stmt *q, int i, int64_t id)
{
    if (id)
        stmt_i64(q, i, id);
    else
        stmt_null(q, i);
}

static int add_row(struct db *db, const struct actor *who, const struct deck *in, usec now)
{
    struct stmt *q = db_stmt(db, "INSERT INTO decks (seminar_id, name, state, fault, nslides,"
                                 " person_id, account_id, added_at, deck_id)"
                                 " SELECT ?1, ?2, ?3, 0, 0, ?4, ?5, ?6,"
                                 " max(?7, coalesce(max(deck_id), 0) + 1) FROM decks");

    stmt_i64(q, 1, in->seminar_id);
    stmt_str(q, 2, in->name);
    stmt_i64(q, 3, DECK_WAITING);
    bind_id(q, 4, who->account_id ? 0 : who->person_id);
    bind_id(q, 5, who->account_id);
    stmt_i64(q, 6, now);
    stmt_i64(q, 7, rows_new_id(now)); /* browsers keep slides by it for a year */
    return stmt_run(q);
}

int deck_add(struct db *db, const struct actor *who, const struct deck *in, str pdf, usec now,
             int64_t *ret_id)
{
    int64_t n = 0, id;
    struct stmt *q;
    int r;

    if (!deck_can_add(who, in->seminar_id))
        return actor_can(who, RIGHT_MEMBER) ? ERR_DENIED : actor_check(who, RIGHT_EVENT);
    if (in->name.n == 0 || in->name.n > MAX_SHOWN_BYTES || !str_is_utf8(in->name))
        return ERR_RANGE;
    if (!is_pdf(pdf))
        return ERR_UNSUPPORTED;
    r = count_decks(db, in->seminar_id, &n);
    if (r == 0 && n >= MAX_DECKS)
        r = ERR_FULL;
    if (r == 0)
        r = add_row(db, who, in, now);
    if (r < 0)
        return r;
    id = db_last_id(db);
    q = db_stmt(db, "INSERT INTO deck_files (deck_id, pdf) VALUES (?1, ?2)");
    stmt_i64(q, 1, id);
    stmt_blob(q, 2, pdf.p, pdf.n);
    r = stmt_run(q);
    if (r == 0)
        *ret_id = id;
    return r;
}

int deck_remove(struct db *db, const struct actor *who, int64_t seminar_id, int64_t id)
{
    struct stmt *q;
    int r = actor_check(who, RIGHT_EVENT);

    if (r < 0)
        return r;
    q = db_stmt(db, "DELETE FROM decks WHERE deck_id = ?1 AND seminar_id = ?2");
    stmt_i64(q, 1, id);
    stmt_i64(q, 2, seminar_id);
    r = stmt_run(q);
    return r == 0 && db_changes(db) == 0 ? ERR_NOT_FOUND : r;
}

static int read_deck(struct arena *a, struct stmt *q, struct deck *to)
{
    bool ok = true;

    to->id = col_i64(q, 0);
    to->seminar_id = col_i64(q, 1);
    to->name = rows_str(a, q, 2, &ok);
    to->state = (int)col_i64(q, 3);
    to->fault = (int)col_i64(q, 4);
    to->nslides = (int)col_i64(q, 5);
    to->ndone = (int)col_i64(q, 6);
    to->added_at = col_i64(q, 7);
    return ok ? 0 : ERR_MEM;
}

#define DECK_COLUMNS                                                                               \
    "d.deck_id, d.seminar_id, d.name, d.state, d.fault, d.nslides,"                                \
    " (SELECT count(*) FROM slides s WHERE s.deck_id = d.deck_id), d.added_at"

int deck_list(struct arena *a, struct db *db, const struct actor *who, int64_t seminar_id,
              struct deck_list *ret_list)
{
    struct deck_list l = {0};
    struct stmt *q;
    int r = check_read(db, who, seminar_id);

    if (r < 0)
        return r;
    q = db_stmt(db, "SELECT " DECK_COLUMNS " FROM decks d WHERE d.seminar_id = ?1"
                    " AND (d.state = ?2 OR ?3) ORDER BY d.deck_id");
    stmt_i64(q, 1, seminar_id);
    stmt_i64(q, 2, DECK_READY);
    stmt_i64(q, 3, deck_can_add(who, seminar_id));
    while ((r = stmt_row(q)) > 0) {
        l.row = rows_grow(a, l.row, l.n, sizeof(*l.row));
        if (!l.row || read_deck(a, q, &l.row[l.n]) < 0)
            return rows_end(q, ERR_MEM, false);
        l.n++;
    }
    r = rows_end(q, r, true);
    if (r == 0)
        *ret_list = l;
    return r;
}

int slide_list(struct arena *a, struct db *db, const struct actor *who, const struct deck *d,
               struct slide_list *ret_list)
{
    struct slide_list l = {0};
    struct stmt *q;
    bool ok = true;
    int r = check_read(db, who, d->seminar_id);

    if (r < 0)
        return r;
    q = db_stmt(db, "SELECT s.number, s.body, s.width, s.height FROM slides s"
                    " JOIN decks d ON d.deck_id = s.deck_id"
                    " WHERE s.deck_id = ?1 AND d.seminar_id = ?2 ORDER BY s.number");
    stmt_i64(q, 1, d->id);
    stmt_i64(q, 2, d->seminar_id);
    while ((r = stmt_row(q)) > 0) {
        l.row = rows_grow(a, l.row, l.n, sizeof(*l.row));
        if (!l.row)
            return rows_end(q, ERR_MEM, false);
        l.row[l.n++] = (struct slide){.number = (int)col_i64(q, 0),
                                      .text = rows_str(a, q, 1, &ok),
                                      .width = (int)col_i64(q, 2),
                                      .height = (int)col_i64(q, 3)};
    }
    r = rows_end(q, r, ok);
    if (r == 0)
        *ret_list = l;
    return r;
}

int slide_image(struct arena *a, struct db *db, const struct actor *who, const struct slide_at *at,
                str *ret_bytes)
{
    struct stmt *q;
    str bytes = {0};
    bool ok = true;
    int r = check_read(db, who, at->seminar_id);

    if (r < 0)
        return r;
    q = db_stmt(db, "SELECT i.bytes FROM slide_images i JOIN decks d ON d.deck_id = i.deck_id"
                    " WHERE i.deck_id = ?1 AND i.number = ?2 AND i.size = ?3"
                    " AND d.seminar_id = ?4");
    stmt_i64(q, 1, at->deck_id);
    stmt_i64(q, 2, at->number);
    stmt_i64(q, 3, at->size);
    stmt_i64(q, 4, at->seminar_id);
    r = stmt_row(q);
    if (r > 0)
        bytes = rows_str(a, q, 0, &ok);
    stmt_end(q);
    if (r < 0 || !ok)
        return r < 0 ? r : ERR_MEM;
    if (r == 0)
        return ERR_NOT_FOUND;
    *ret_bytes = bytes;
    return 0;
}

/* ---- the converter ---- */

int deck_next(struct arena *a, struct db *db, const struct actor *who, deck_file_fn *take,
              void *ctx, struct deck *ret_deck)
{
    struct deck d;
    struct stmt *q;
    int r = check_server(who), taken = 0;

    if (r < 0)
        return r;
    q = db_stmt(db, "SELECT " DECK_COLUMNS ", f.pdf FROM decks d"
                    " JOIN deck_files f ON f.deck_id = d.deck_id"
                    " WHERE d.state = 1 ORDER BY d.deck_id LIMIT 1");
    r = stmt_row(q);
    if (r > 0)
        taken = read_deck(a, q, &d);
    if (r > 0 && taken == 0)
        taken = take(ctx, col_str(q, 8));
    stmt_end(q);
    if (r <= 0)
        return r < 0 ? r : ERR_NOT_FOUND;
    if (taken < 0)
        return taken;
    *ret_deck = d;
    return 0;
}

static int drop_pages(struct db *db, int64_t id)
{
    struct stmt *q = db_stmt(db, "DELETE FROM slide_images WHERE deck_id = ?1");
    int r;

    stmt_i64(q, 1, id);
    r = stmt_run(q);
    if (r < 0)
        return r;
    q = db_stmt(db, "DELETE FROM slides WHERE deck_id = ?1");
    stmt_i64(q, 1, id);
    return stmt_run(q);
}

int deck_begin(struct db *db, const struct actor *who, int64_t id, int nslides)
{
    struct stmt *q;
    int r = check_server(who);

    if (r == 0)
        r = drop_pages(db, id);
    if (r < 0)
        return r;
    q = db_stmt(db, "UPDATE decks SET nslides = ?2 WHERE deck_id = ?1 AND state = 1");
    stmt_i64(q, 1, id);
    stmt_i64(q, 2, nslides);
    r = stmt_run(q);
    return r == 0 && db_changes(db) == 0 ? ERR_NOT_FOUND : r;
}

int slide_put(struct db *db, const struct actor *who, int64_t deck_id, const struct slide *s)
{
    struct stmt *q;
    int r = check_server(who);

    if (r < 0)
        return r;
    q = db_stmt(db, "INSERT INTO slides (deck_id, number, body, width, height)"
                    " VALUES (?1, ?2, ?3, ?4, ?5)");
    stmt_i64(q, 1, deck_id);
    stmt_i64(q, 2, s->number);
    stmt_str(q, 3, s->text.p ? s->text : S(""));
    stmt_i64(q, 4, s->width);
    stmt_i64(q, 5, s->height);
    r = stmt_run(q);
    for (int size = SLIDE_SMALL; size < SLIDE_SIZES && r == 0; size++) {
        q = db_stmt(db, "INSERT INTO slide_images (deck_id, number, size, bytes)"
                        " VALUES (?1, ?2, ?3, ?4)");
        stmt_i64(q, 1, deck_id);
        stmt_i64(q, 2, s->number);
        stmt_i64(q, 3, size);
        stmt_blob(q, 4, s->image[size].p, s->image[size].n);
        r = stmt_run(q);
    }
    return r;
}

int deck_end(struct db *db, const struct actor *who, int64_t id, int fault)
{
    struct stmt *q;
    int r = check_server(who);

    if (r == 0 && fault != DECK_FINE)
        r = drop_pages(db, id);
    if (r < 0)
        return r;
    q = db_stmt(db, "DELETE FROM deck_files WHERE deck_id = ?1");
    stmt_i64(q, 1, id);
    r = stmt_run(q);
    if (r < 0)
        return r;
    q = db_stmt(db, "UPDATE decks SET state = ?2, fault = ?3 WHERE deck_id = ?1");
    stmt_i64(q, 1, id);
    stmt_i64(q, 2, fault == DECK_FINE ? DECK_READY : DECK_FAILED);
    stmt_i64(q, 3, fault);
    return stmt_run(q);
}
