#include "domain/sound.h"

#include "base/arena.h"
#include "base/encode.h"
#include "base/err.h"
#include "base/sb.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/guide.h"
#include "domain/rows.h"
#include "domain/secret.h"
#include "domain/sound_file.h"
#include "store/db.h"

#include <string.h>

enum { READER_LONGEST = 200, NAME_DIGITS = 32 };

bool sound_is_foreign(const struct text *t)
{
    return t->body.n && !t->is_asked;
}

/* Each text with its length before it, so that no two sets of texts look alike; of one that is not
 * read, the language in which it stands. */
static bool add_text(struct sb *b, const struct text *t, size_t *io_nforeign)
{
    if (sound_is_foreign(t)) {
        sb_printf(b, "-%.*s:", STR(t->lang));
        *io_nforeign += 1;
        return false;
    }
    sb_printf(b, "%zu:", t->body.n);
    sb_add(b, t->body);
    return t->body.n != 0;
}

int sound_words(struct arena *a, const struct guide *g, const struct guide_points *p,
                struct sound_of *io_of)
{
    struct sb b = sb_init(a, 0);
    size_t nread = 0, nforeign = 0;

    (void)add_text(&b, &g->title, &nforeign);
    (void)add_text(&b, &g->lead, &nforeign);
    for (size_t i = 0; i < p->n; i++) {
        sb_printf(&b, "%d ", p->row[i].stage);
        nread += add_text(&b, &p->row[i].text, &nforeign);
    }
    if (!nread)
        return ERR_NOT_FOUND;
    if (b.err)
        return ERR_MEM;
    secret_hash(sb_str(&b), io_of->words);
    io_of->nforeign = nforeign;
    return 0;
}

/* ---- reading ---- */

static void row_read(struct arena *a, struct stmt *q, const struct sound_of *of, struct sound *to,
                     bool *io_ok)
{
    str words = col_str(q, 8);

    *to = (struct sound){
        .id = col_i64(q, 0),
        .kind = (int)col_i64(q, 1),
        .fault = (int)col_i64(q, 2),
        .format = (int)col_i64(q, 3),
        .length_ms = col_i64(q, 4),
        .nbytes = col_i64(q, 5),
        .name = rows_str(a, q, 6, io_ok),
        .reader = rows_str(a, q, 7, io_ok),
        .is_current = words.n == SOUND_HASH && memcmp(words.p, of->words, SOUND_HASH) == 0,
        .made_at = col_i64(q, 9),
    };
}

int sound_list(struct arena *a, struct db *db, const struct sound_of *of,
               struct sound_list *ret_list)
{
    struct stmt *q =
        db_stmt(db, "SELECT guide_sound_id, kind, fault, format, length_ms, length(bytes), name,"
                    " reader, words, made_at FROM guide_sounds WHERE guide_id = ?1 AND lang = ?2"
                    " ORDER BY kind");
    struct sound_list l = {0};
    bool ok = true;
    int r = 0;

    stmt_i64(q, 1, of->guide_id);
    stmt_str(q, 2, of->lang);
    while (ok && l.n < NELEM(l.row) && (r = stmt_row(q)) > 0)
        row_read(a, q, of, &l.row[l.n++], &ok);
    stmt_end(q);
    if (r < 0 || !ok)
        return r < 0 ? r : ERR_MEM;
    *ret_list = l;
    return 0;
}

int sound_heard(struct arena *a, struct db *db, const struct sound_of *of, struct sound *ret_sound)
{
    struct sound_list l;
    int r = sound_list(a, db, of, &l);

    if (r < 0)
        return r;
    for (size_t i = l.n; i-- > 0;) {
        if (l.row[i].fault == SOUND_FINE && l.row[i].is_current) {
            *ret_sound = l.row[i];
            return 0;
        }
    }
    return ERR_NOT_FOUND;
}

int sound_owner(struct arena *a, struct db *db, int64_t id, str name, struct sound_of *ret_of)
{
    struct stmt *q = db_stmt(db, "SELECT guide_id, lang FROM guide_sounds WHERE guide_sound_id = ?1"
                                 " AND name = ?2 AND fault = 0");
    struct sound_of of = {0};
    bool ok = true;
    int r;

    stmt_i64(q, 1, id);
    stmt_str(q, 2, name);
    r = stmt_row(q);
    if (r > 0) {
        of.guide_id = col_i64(q, 0);
        of.lang = rows_str(a, q, 1, &ok);
    }
    r = rows_end_one(q, r, ok);
    if (r == 0)
        *ret_of = of;
    return r;
}

int sound_bytes(struct arena *a, struct db *db, int64_t id, str name, int *ret_format,
                str *ret_bytes)
{
    struct stmt *q = db_stmt(db, "SELECT bytes, format FROM guide_sounds WHERE guide_sound_id = ?1"
                                 " AND name = ?2 AND fault = 0");
    str bytes = {0};
    int format = 0, r;
    bool ok = true;

    stmt_i64(q, 1, id);
    stmt_str(q, 2, name);
    r = stmt_row(q);
    if (r > 0) {
        bytes = rows_str(a, q, 0, &ok);
        format = (int)col_i64(q, 1);
    }
    r = rows_end_one(q, r, ok);
    if (r < 0)
        return r;
    *ret_format = format;
    *ret_bytes = bytes;
    return 0;
}

int sound_stock(struct db *db, int64_t guide_id, int64_t *ret_bytes, int64_t *ret_mark)
{
    struct stmt *q = db_stmt(
        db, "SELECT coalesce(sum(n), 0), coalesce(max(at), 0) FROM (SELECT max(length(s.bytes)) n,"
            " max(s.made_at) at FROM guide_sounds s JOIN guides l ON l.guide_id = s.guide_id"
            " LEFT JOIN guides g ON g.guide_id = ?1 WHERE s.fault = 0 AND (?1 IN (0, l.guide_id)"
            " OR (l.kind = ?2 AND (l.to_country = g.to_country OR l.from_country = g.from_country"
            " OR l.to_country = g.from_country))) GROUP BY s.guide_id, s.lang)");
    int64_t bytes = 0, mark = 0;
    int r;

    stmt_i64(q, 1, guide_id);
    stmt_i64(q, 2, GUIDE_LEGAL);
    r = stmt_row(q);
    if (r > 0) {
        bytes = col_i64(q, 0);
        mark = col_i64(q, 1);
    }
    r = rows_end_one(q, r, true);
    if (r < 0)
        return r;
    *ret_bytes = bytes;
    *ret_mark = mark;
    return 0;
}

/* ---- changes ---- */

struct put {
    const struct sound_of *of;
    const uint8_t *script; /* NULL: a person reads */
    str reader, bytes;
    int fault, format;
    int64_t length_ms;
};

static str name_of(struct arena *a, const struct put *p)
{
    char digits[2 * SOUND_HASH + 1];
    uint8_t hash[SOUND_HASH];

    if (p->fault)
        return S("");
    secret_hash(p->bytes, hash);
    encode_hex(digits, hash, sizeof(hash));
    return arena_printf(a, "%.*s.%s", NAME_DIGITS, digits, sound_file_ending(p->format));
}

static int put(struct arena *a, struct db *db, const struct put *p, usec now)
{
    str name = name_of(a, p);
    struct stmt *q;

    if (!name.p)
        return ERR_MEM;
    q = db_stmt(db, "INSERT INTO guide_sounds (guide_id, lang, kind, fault, words, script, reader,"
                    " format, length_ms, name, bytes, made_at)"
                    " SELECT guide_id, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12 FROM guides"
                    " WHERE guide_id = ?1"
                    " ON CONFLICT (guide_id, lang, kind) DO UPDATE SET fault = ?4, words = ?5,"
                    " script = ?6, reader = ?7, format = ?8, length_ms = ?9, name = ?10,"
                    " bytes = ?11, made_at = ?12");
    stmt_i64(q, 1, p->of->guide_id);
    stmt_str(q, 2, p->of->lang);
    stmt_i64(q, 3, p->script ? SOUND_MADE : SOUND_READ);
    stmt_i64(q, 4, p->fault);
    stmt_blob(q, 5, p->of->words, SOUND_HASH);
    if (p->script)
        stmt_blob(q, 6, p->script, SOUND_HASH);
    stmt_str(q, 7, p->reader);
    stmt_i64(q, 8, p->format);
    stmt_i64(q, 9, p->length_ms);
    stmt_str(q, 10, name);
    stmt_blob(q, 11, p->bytes.p ? p->bytes.p : "", p->bytes.n);
    stmt_i64(q, 12, now);
    return stmt_run(q);
}

int sound_record(struct arena *a, struct db *db, const struct actor *who,
                 const struct sound_in *in, usec now)
{
    struct sound_file f = {0};
    struct put p = {.of = &in->of, .reader = str_trim(in->reader)};
    int r = actor_check(who, RIGHT_EDITOR);

    if (r == 0 && (!p.reader.n || p.reader.n > READER_LONGEST || !str_is_utf8(p.reader)))
        r = ERR_RANGE;
    if (r == 0)
        r = sound_file_clean(in->bytes, &f);
    if (r < 0)
        return r;
    p.bytes = (str){(const char *)f.p, f.n};
    p.format = f.kind;
    p.length_ms = f.length_ms;
    r = put(a, db, &p, now);
    sound_file_done(&f);
    return r == 0 && db_changes(db) == 0 ? ERR_NOT_FOUND : r;
}

int sound_remove(struct db *db, const struct actor *who, const struct sound_of *of)
{
    struct stmt *q;
    int r = actor_check(who, RIGHT_EDITOR);

    if (r < 0)
        return r;
    q = db_stmt(db, "DELETE FROM guide_sounds WHERE guide_id = ?1 AND lang = ?2 AND kind = ?3");
    stmt_i64(q, 1, of->guide_id);
    stmt_str(q, 2, of->lang);
    stmt_i64(q, 3, SOUND_READ);
    r = stmt_run(q);
    return r == 0 && db_changes(db) == 0 ? ERR_NOT_FOUND : r;
}

/* ---- the converter ---- */

int sound_tried(struct db *db, const struct sound_of *of, const uint8_t script[static SOUND_HASH],
                int *ret_fault, usec *ret_at)
{
    struct stmt *q = db_stmt(db, "SELECT fault, made_at FROM guide_sounds WHERE guide_id = ?1"
                                 " AND lang = ?2 AND kind = ?3 AND words = ?4 AND script = ?5");
    int fault = 0, r;
    usec at = 0;

    stmt_i64(q, 1, of->guide_id);
    stmt_str(q, 2, of->lang);
    stmt_i64(q, 3, SOUND_MADE);
    stmt_blob(q, 4, of->words, SOUND_HASH);
    stmt_blob(q, 5, script, SOUND_HASH);
    r = stmt_row(q);
    if (r > 0) {
        fault = (int)col_i64(q, 0);
        at = col_i64(q, 1);
    }
    r = rows_end_one(q, r, true);
    if (r < 0)
        return r;
    *ret_fault = fault;
    *ret_at = at;
    return 0;
}

int sound_put(struct arena *a, struct db *db, const struct actor *who, const struct sound_made *m,
              usec now)
{
    const struct put p = {.of = &m->of, .script = m->script, .reader = S(""), .bytes = m->bytes,
                          .fault = m->fault, .format = m->format, .length_ms = m->length_ms};

    return who == &actor_server ? put(a, db, &p, now) : ERR_DENIED;
}
