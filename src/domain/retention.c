#include "domain/retention.h"

#include "base/arena.h"
#include "base/err.h"
#include "domain/actor.h"
#include "domain/certificate.h"
#include "domain/person_data.h"
#include "domain/rows.h"
#include "store/db.h"

static const int days[RETENTION_COUNT] = {
#define RETENTION(code, days) [RETENTION_##code] = (days),
    RETENTION_TABLE(RETENTION)
#undef RETENTION
};

int retention_days(int kind)
{
    return kind >= 0 && kind < RETENTION_COUNT ? days[kind] : 0;
}

static int changed(struct db *db, const char *sql, usec before, int64_t *ret_n)
{
    struct stmt *q = db_stmt(db, sql);
    int r;

    stmt_i64(q, 1, before);
    r = stmt_run(q);
    if (r == 0)
        *ret_n = db_changes(db);
    return r;
}

/* A person nobody has invited counts from the day of the last change. */
static int persons_run(struct db *db, usec before, usec now, int64_t *ret_n)
{
    struct arena *a = arena_new();
    int64_t *id = NULL;
    size_t n = 0;
    struct stmt *q;
    int r = 0;

    if (!a)
        return ERR_MEM;
    q = db_stmt(db, "SELECT p.person_id FROM persons p WHERE p.erased_at IS NULL"
                    " AND max(p.changed_at, coalesce((SELECT max(s.starts_at) FROM invitations i"
                    " JOIN seminars s ON s.seminar_id = i.seminar_id"
                    " WHERE i.person_id = p.person_id), 0)) < ?1");
    stmt_i64(q, 1, before);
    while ((r = stmt_row(q)) > 0) {
        id = rows_grow(a, id, n, sizeof(*id));
        if (!id)
            break;
        id[n++] = col_i64(q, 0);
    }
    r = rows_end(q, r, id || !n);
    for (size_t i = 0; r == 0 && id && i < n; i++) {
        r = person_expire(db, id[i], now);
        *ret_n += r == 0;
        if (r == ERR_STATE) /* in a room at this moment: the next run takes them */
            r = 0;
    }
    arena_free(a);
    return r;
}

/*
 * A link that was taken back goes. One that works goes on for as long as its kit, without the name
 * of whom it was given to; of a kit without an embargo that counts from when it was made.
 */
static int kit_links_run(struct db *db, usec before, int64_t *ret_n)
{
    int64_t ngone = 0, nblank = 0;
    int r = changed(db, "DELETE FROM kit_links WHERE closed_at < ?1", before, &ngone);

    if (r == 0)
        r = changed(db, "UPDATE kit_links SET person = '' WHERE person <> '' AND closed_at IS NULL"
                        " AND (SELECT max(made_at, coalesce(k.opens_at, 0)) FROM kits k"
                        " WHERE k.kit_id = kit_links.kit_id) < ?1", before, &nblank);
    if (r == 0)
        *ret_n = ngone + nblank;
    return r;
}

int retention_run(struct db *db, const struct actor *who, usec now,
                  struct retention_report *ret_report)
{
    struct retention_report rep = {0};
    usec before[RETENTION_COUNT];
    int r = actor_check(who, RIGHT_SYSTEM);

    for (int i = 0; i < RETENTION_COUNT; i++)
        before[i] = now - days[i] * USEC_DAY;
    if (r == 0)
        r = changed(db, "DELETE FROM sessions WHERE expires_at < ?1", before[RETENTION_SESSION],
                    &rep.n[RETENTION_SESSION]);
    if (r == 0)
        r = changed(db, "UPDATE replies SET note = NULL WHERE note IS NOT NULL AND invitation_id IN"
                        " (SELECT i.invitation_id FROM invitations i JOIN seminars s"
                        " ON s.seminar_id = i.seminar_id WHERE s.starts_at < ?1)",
                    before[RETENTION_NOTE], &rep.n[RETENTION_NOTE]);
    if (r == 0)
        r = changed(db, "UPDATE invitations SET note = NULL WHERE note IS NOT NULL"
                        " AND seminar_id IN (SELECT seminar_id FROM seminars WHERE starts_at < ?1)",
                    before[RETENTION_NOTE], &rep.n[RETENTION_NOTE]);
    if (r == 0)
        r = kit_links_run(db, before[RETENTION_KIT_LINK], &rep.n[RETENTION_KIT_LINK]);
    if (r == 0)
        r = persons_run(db, before[RETENTION_PERSON], now, &rep.n[RETENTION_PERSON]);
    if (r == 0)
        r = certificate_erase(db, &actor_server, 0, before[RETENTION_CERTIFICATE],
                              &rep.n[RETENTION_CERTIFICATE]);
    if (r == 0)
        r = changed(db, "UPDATE accounts SET login = 'closed-' || account_id, name = ''"
                        " WHERE closed_at < ?1 AND name || login <> 'closed-' || account_id",
                    before[RETENTION_ACCOUNT], &rep.n[RETENTION_ACCOUNT]);
    if (r == 0)
        *ret_report = rep;
    return r;
}
