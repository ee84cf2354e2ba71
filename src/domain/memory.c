#include "domain/memory.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/rows.h"
#include "domain/secret.h"
#include "domain/seminar.h"
#include "store/db.h"

#include <stdlib.h>
#include <string.h>

/* ---- reading ---- */

static int read_room(struct db *db, int64_t seminar_id, struct memory *to)
{
    struct stmt *q = db_stmt(db, "SELECT deck_id, slide, is_locked FROM rooms"
                                 " WHERE seminar_id = ?1");
    int r;

    stmt_i64(q, 1, seminar_id);
    r = stmt_row(q);
    if (r > 0) {
        to->deck = col_i64(q, 0);
        to->slide = (int)col_i64(q, 1);
        to->is_locked = col_i64(q, 2) != 0;
    }
    stmt_end(q);
    return r < 0 ? r : 0;
}

static int read_persons(struct arena *a, struct db *db, int64_t seminar_id, struct memory *to)
{
    struct stmt *q = db_stmt(db, "SELECT person_id, hand, is_muted, is_removed, channel, booth,"
                                 " is_on_mic FROM room_persons WHERE seminar_id = ?1");
    int r;

    stmt_i64(q, 1, seminar_id);
    while ((r = stmt_row(q)) > 0) {
        struct memory_person *p;

        to->person = rows_grow(a, to->person, to->npersons, sizeof(*to->person));
        if (!to->person)
            return rows_end(q, ERR_MEM, false);
        p = &to->person[to->npersons++];
        *p = (struct memory_person){.id = col_i64(q, 0),
                                    .hand = col_i64(q, 1),
                                    .is_muted = col_i64(q, 2) != 0,
                                    .is_removed = col_i64(q, 3) != 0,
                                    .is_on_mic = col_i64(q, 6) != 0};
        (void)str_copy(p->channel, sizeof(p->channel), col_str(q, 4)); /* too long: the floor */
        (void)str_copy(p->booth, sizeof(p->booth), col_str(q, 5));
    }
    return rows_end(q, r, true);
}

static int read_places(struct arena *a, struct db *db, int64_t seminar_id, struct memory *to)
{
    struct stmt *q = db_stmt(db, "SELECT person_id, token_hash FROM room_places"
                                 " WHERE seminar_id = ?1");
    int r;

    stmt_i64(q, 1, seminar_id);
    while ((r = stmt_row(q)) > 0) {
        str hash = col_str(q, 1);
        struct memory_place *p;

        to->place = rows_grow(a, to->place, to->nplaces, sizeof(*to->place));
        if (!to->place)
            return rows_end(q, ERR_MEM, false);
        p = &to->place[to->nplaces];
        p->person = col_i64(q, 0);
        if (hash.n != sizeof(p->hash))
            continue;
        memcpy(p->hash, hash.p, hash.n);
        to->nplaces++;
    }
    return rows_end(q, r, true);
}

static int read_chats(struct arena *a, struct db *db, int64_t seminar_id, struct memory *to)
{
    struct stmt *q = db_stmt(db, "SELECT number, person_id, name, body, said_at FROM room_chats"
                                 " WHERE seminar_id = ?1 ORDER BY number");
    int r;

    stmt_i64(q, 1, seminar_id);
    while ((r = stmt_row(q)) > 0) {
        struct memory_chat *m;

        to->chat = rows_grow(a, to->chat, to->nchats, sizeof(*to->chat));
        if (!to->chat)
            return rows_end(q, ERR_MEM, false);
        m = &to->chat[to->nchats++];
        m->number = col_i64(q, 0);
        m->person = col_i64(q, 1);
        m->at = col_i64(q, 4);
        if (str_copy(m->name, sizeof(m->name), col_str(q, 2)) < 0 ||
            str_copy(m->text, sizeof(m->text), col_str(q, 3)) < 0)
            to->nchats--; /* longer than a room says anything: not ours */
    }
    return rows_end(q, r, true);
}

int memory_read(struct arena *a, struct db *db, const struct actor *who, int64_t seminar_id,
              struct memory *ret_memory)
{
    struct memory k = {0};
    int r = who == &actor_server ? 0 : ERR_DENIED;

    if (r == 0)
        r = read_room(db, seminar_id, &k);
    if (r == 0)
        r = read_persons(a, db, seminar_id, &k);
    if (r == 0)
        r = read_places(a, db, seminar_id, &k);
    if (r == 0)
        r = read_chats(a, db, seminar_id, &k);
    if (r == 0)
        *ret_memory = k;
    return r;
}

/* ---- a copy ---- */

static void *copied(const void *from, size_t n, size_t size, bool *io_ok)
{
    void *to = calloc(n ? n : 1, size);

    if (to && n)
        memcpy(to, from, n * size);
    *io_ok &= to != NULL;
    return to;
}

struct memory *memory_copy(const struct memory *k)
{
    struct memory *c = calloc(1, sizeof(*c));
    bool ok = true;

    if (!c)
        return NULL;
    *c = *k;
    c->person = copied(k->person, k->npersons, sizeof(*k->person), &ok);
    c->place = copied(k->place, k->nplaces, sizeof(*k->place), &ok);
    c->chat = copied(k->chat, k->nchats, sizeof(*k->chat), &ok);
    if (ok)
        return c;
    memory_free(c);
    return NULL;
}

void memory_free(struct memory *k)
{
    if (!k)
        return;
    free(k->person);
    free(k->place);
    free(k->chat);
    free(k);
}

/* ---- writing ---- */

/* 1: yes. Who is in the room for a minute more when the seminar is over leaves nothing behind. */
static int may_write(struct db *db, const struct actor *who, int64_t seminar_id)
{
    struct stmt *q;
    int r;

    if (who != &actor_server)
        return ERR_DENIED;
    q = db_stmt(db, "SELECT 1 FROM seminars WHERE seminar_id = ?1 AND state < ?2");
    stmt_i64(q, 1, seminar_id);
    stmt_i64(q, 2, SEMINAR_ENDED);
    r = stmt_row(q);
    stmt_end(q);
    return r;
}

int memory_slide(struct db *db, const struct actor *who, int64_t seminar_id, int64_t deck,
                 int number)
{
    struct stmt *q;
    int r = may_write(db, who, seminar_id);

    if (r <= 0)
        return r;
    q = db_stmt(db, "INSERT INTO rooms (seminar_id, deck_id, slide, is_locked)"
                    " VALUES (?1, ?2, ?3, 0)"
                    " ON CONFLICT DO UPDATE SET deck_id = ?2, slide = ?3");
    stmt_i64(q, 1, seminar_id);
    stmt_i64(q, 2, deck);
    stmt_i64(q, 3, number);
    return stmt_run(q);
}

int memory_lock(struct db *db, const struct actor *who, int64_t seminar_id, bool is_on)
{
    struct stmt *q;
    int r = may_write(db, who, seminar_id);

    if (r <= 0)
        return r;
    q = db_stmt(db, "INSERT INTO rooms (seminar_id, deck_id, slide, is_locked)"
                    " VALUES (?1, 0, 0, ?2) ON CONFLICT DO UPDATE SET is_locked = ?2");
    stmt_i64(q, 1, seminar_id);
    stmt_i64(q, 2, is_on);
    return stmt_run(q);
}

int memory_person(struct db *db, const struct actor *who, int64_t seminar_id,
                const struct memory_person *p)
{
    struct stmt *q;
    int r = may_write(db, who, seminar_id);

    if (r <= 0)
        return r;
    q = db_stmt(db, "INSERT INTO room_persons (seminar_id, person_id, hand, is_muted, is_removed,"
                    " channel, booth, is_on_mic) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
                    " ON CONFLICT DO UPDATE SET hand = ?3, is_muted = ?4, is_removed = ?5,"
                    " channel = ?6, booth = ?7, is_on_mic = ?8");
    stmt_i64(q, 1, seminar_id);
    stmt_i64(q, 2, p->id);
    stmt_i64(q, 3, p->hand);
    stmt_i64(q, 4, p->is_muted);
    stmt_i64(q, 5, p->is_removed);
    stmt_str(q, 6, str_c(p->channel));
    stmt_str(q, 7, str_c(p->booth));
    stmt_i64(q, 8, p->is_on_mic);
    return stmt_run(q);
}

int memory_place(struct db *db, const struct actor *who, int64_t seminar_id, int64_t person,
               str token)
{
    uint8_t hash[32];
    struct stmt *q;
    int r = may_write(db, who, seminar_id);

    if (r <= 0)
        return r;
    secret_hash(token, hash);
    q = db_stmt(db, "INSERT INTO room_places (token_hash, seminar_id, person_id)"
                    " VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING");
    stmt_blob(q, 1, hash, sizeof(hash));
    stmt_i64(q, 2, seminar_id);
    stmt_i64(q, 3, person);
    r = stmt_run(q);
    if (r < 0)
        return r;
    /* Which is given up is left to chance: its page enters anew after a restart. */
    q = db_stmt(db, "DELETE FROM room_places WHERE seminar_id = ?2 AND person_id = ?3"
                    " AND token_hash <> ?1 AND token_hash NOT IN (SELECT token_hash"
                    " FROM room_places WHERE seminar_id = ?2 AND person_id = ?3"
                    " AND token_hash <> ?1 LIMIT ?4)");
    stmt_blob(q, 1, hash, sizeof(hash));
    stmt_i64(q, 2, seminar_id);
    stmt_i64(q, 3, person);
    stmt_i64(q, 4, 2 * MAX_ROOM_PERSON - 1);
    return stmt_run(q);
}

int memory_chat(struct db *db, const struct actor *who, int64_t seminar_id,
                const struct memory_chat *m)
{
    struct stmt *q;
    int r = may_write(db, who, seminar_id);

    if (r <= 0)
        return r;
    q = db_stmt(db, "INSERT INTO room_chats (seminar_id, number, person_id, name, body, said_at)"
                    " VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (seminar_id, number)"
                    " DO UPDATE SET name = ?4 WHERE person_id = ?3");
    stmt_i64(q, 1, seminar_id);
    stmt_i64(q, 2, m->number);
    stmt_i64(q, 3, m->person);
    stmt_str(q, 4, str_c(m->name));
    stmt_str(q, 5, str_c(m->text));
    stmt_i64(q, 6, m->at);
    r = stmt_run(q);
    if (r < 0)
        return r;
    q = db_stmt(db, "DELETE FROM room_chats WHERE seminar_id = ?1 AND number <= ?2");
    stmt_i64(q, 1, seminar_id);
    stmt_i64(q, 2, m->number - MAX_CHAT_KEPT);
    return stmt_run(q);
}

static int forget(struct stmt *q, int64_t seminar_id)
{
    stmt_i64(q, 1, seminar_id);
    return stmt_run(q);
}

int memory_hush(struct db *db, const struct actor *who, int64_t seminar_id)
{
    if (who != &actor_server)
        return ERR_DENIED;
    return forget(db_stmt(db, "DELETE FROM room_chats WHERE seminar_id = ?1"), seminar_id);
}

int memory_end(struct db *db, const struct actor *who, int64_t seminar_id)
{
    int r = who == &actor_server ? 0 : ERR_DENIED;

    if (r == 0)
        r = forget(db_stmt(db, "DELETE FROM rooms WHERE seminar_id = ?1"), seminar_id);
    if (r == 0)
        r = forget(db_stmt(db, "DELETE FROM room_persons WHERE seminar_id = ?1"), seminar_id);
    if (r == 0)
        r = forget(db_stmt(db, "DELETE FROM room_places WHERE seminar_id = ?1"), seminar_id);
    return r == 0 ? memory_hush(db, who, seminar_id) : r;
}
