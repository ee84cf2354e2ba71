#include "domain/news_redraft.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/sb.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/desk_i.h"
#include "domain/news.h"
#include "domain/news_draft.h"
#include "domain/news_i.h"
#include "domain/rows.h"
#include "domain/seminar.h"
#include "store/db.h"

/*
 * A draft's place is here, its words are in news_draft.c. A version remembers what the record gave
 * (news_versions.made), so three texts meet: what the record gave then, what it gives now, and what
 * an editor made of it. A line that is new in the record goes behind the line of the edited text
 * that it follows; no line of the editor's is ever left out.
 */

static int add(struct db *db, const struct actor *who, const struct seminar *s, usec now,
               int64_t *ret_id)
{
    struct stmt *q;
    int64_t title_id = 0, body_id = 0;
    int r = text_new(db, who, &title_id);

    if (r == 0)
        r = text_new(db, who, &body_id);
    if (r < 0)
        return r;
    q = db_stmt(db, "INSERT INTO news (slug, seminar_id, title_text_id, body_text_id, is_sample,"
                    " added_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
    stmt_str(q, 1, s->slug);
    stmt_i64(q, 2, s->id);
    stmt_i64(q, 3, title_id);
    stmt_i64(q, 4, body_id);
    stmt_i64(q, 5, s->sample != 0 || s->is_demo);
    stmt_i64(q, 6, now);
    r = stmt_run(q);
    if (r == 0)
        *ret_id = db_last_id(db);
    return r;
}

static int id_by_seminar(struct db *db, int64_t seminar_id, int64_t *ret_id)
{
    struct stmt *q = db_stmt(db, "SELECT news_id FROM news WHERE seminar_id = ?1");
    int r;

    stmt_i64(q, 1, seminar_id);
    r = stmt_row(q);
    if (r > 0)
        *ret_id = col_i64(q, 0);
    stmt_end(q);
    return r < 0 ? r : 0;
}

/* What the record gave when the draft was made; unset: it was written by hand. */
static int made_read(struct arena *a, struct db *db, int64_t id, str lang, str *ret_made)
{
    struct stmt *q = db_stmt(db, "SELECT made FROM news_versions WHERE news_id = ?1 AND lang = ?2");
    bool ok = true;
    int r;

    *ret_made = (str){0};
    stmt_i64(q, 1, id);
    stmt_str(q, 2, lang);
    r = stmt_row(q);
    if (r > 0)
        *ret_made = rows_str(a, q, 0, &ok);
    stmt_end(q);
    return r < 0 ? r : ok ? 0 : ERR_MEM;
}

static int made_write(struct db *db, int64_t id, str lang, str made)
{
    struct stmt *q = db_stmt(db, "UPDATE news_versions SET made = ?3"
                                 " WHERE news_id = ?1 AND lang = ?2");

    stmt_i64(q, 1, id);
    stmt_str(q, 2, lang);
    stmt_str(q, 3, made);
    return stmt_run(q);
}

/* 0 when the version is a draft as it was made, and the record gives another one now. */
static int check_untouched(struct arena *a, struct db *db, int64_t id,
                           const struct news_item *item, const struct news_in *draft)
{
    struct text body;
    str made = {0};
    int r = made_read(a, db, id, draft->lang, &made);

    if (r == 0)
        r = text_exact(a, db, item->body_id, draft->lang, &body);
    if (r < 0)
        return r == ERR_NOT_FOUND ? ERR_INTERNAL : r;
    if (item->is_published || !made.p || !str_eq(made, body.body) || str_eq(made, draft->body))
        return ERR_CONFLICT;
    return 0;
}

int news_draft(struct arena *a, struct db *db, const struct actor *who, int64_t seminar_id,
               str lang, usec now)
{
    struct seminar s;
    struct news_in draft = {0};
    struct news_item item;
    int64_t id = 0;
    int r = actor_check(who, RIGHT_EVENT | RIGHT_EDITOR);

    if (r == 0)
        r = seminar_by_id(a, db, seminar_id, lang, &s);
    if (r == 0)
        r = news_draft_write(a, db, who, &s, lang, &draft);
    if (r == 0)
        r = id_by_seminar(db, seminar_id, &id);
    if (r == 0 && !id)
        r = add(db, who, &s, now, &id);
    if (r == 0)
        r = news_item_read(db, id, lang, &item);
    if (r == 0 && item.revision)
        r = check_untouched(a, db, id, &item, &draft);
    if (r == 0)
        r = news_texts_write(db, who, &item, &draft, now);
    if (r == 0)
        r = news_version_count(db, id, lang, now);
    if (r == 0)
        r = desk_record(
            db, who, &(struct desk_deed){.news_id = id, .lang = lang, .from = item.state}, now);
    return r < 0 ? r : made_write(db, id, lang, draft.body);
}

/* ---- what is new since ---- */

struct lines {
    str *row;
    size_t n;
};

static int lines_read(struct arena *a, str text, struct lines *to)
{
    size_t n = 1;

    for (size_t i = 0; i < text.n; i++)
        n += text.p[i] == '\n';
    to->n = 0;
    to->row = arena_array(a, n, sizeof(*to->row));
    if (!to->row)
        return ERR_MEM;
    while (to->n < n && str_line(&text, &to->row[to->n]))
        to->n++;
    return 0;
}

/* The place of the line, or -1. An empty line is everywhere, so nowhere. */
static ptrdiff_t line_at(const struct lines *l, str line)
{
    line = str_trim(line);
    for (size_t i = 0; line.n && i < l->n; i++) {
        if (str_eq(str_trim(l->row[i]), line))
            return (ptrdiff_t)i;
    }
    return -1;
}

static bool is_list_line(str line)
{
    size_t i = 0;

    line = str_trim(line);
    while (i < line.n && line.p[i] >= '0' && line.p[i] <= '9')
        i++;
    return str_starts(line, S("- ")) || (i && str_starts(str_from(line, i), S(". ")));
}

/* A line behind what was written: lists stay together, everything else is a paragraph. */
static void line_add(struct sb *b, str line, bool is_behind_list)
{
    while (b->n && b->p[b->n - 1] == '\n')
        b->n--;
    if (b->n)
        sb_c(b, is_behind_list && is_list_line(line) ? "\n" : "\n\n");
    sb_add(b, line);
    sb_char(b, '\n');
}

/* For each line that is new: behind which line of mine it goes; mine->n: at the end. */
static size_t place_of(const struct lines *now, const struct lines *mine, size_t i)
{
    while (i--) {
        ptrdiff_t at = line_at(mine, now->row[i]);

        if (at >= 0)
            return (size_t)at;
    }
    return mine->n;
}

static void merge(struct sb *b, const struct lines *was, const struct lines *now,
                  const struct lines *mine)
{
    for (size_t m = 0; m <= mine->n; m++) {
        bool is_behind_list = m < mine->n && is_list_line(mine->row[m]);
        bool has_added = false;

        if (m < mine->n) {
            sb_add(b, mine->row[m]);
            sb_char(b, '\n');
        }
        for (size_t i = 0; i < now->n; i++) {
            str line = now->row[i];

            if (!str_trim(line).n || line_at(was, line) >= 0 || line_at(mine, line) >= 0 ||
                place_of(now, mine, i) != m)
                continue;
            line_add(b, line, is_behind_list || has_added);
            has_added = true;
        }
        if (has_added && m + 1 < mine->n && !is_list_line(mine->row[m + 1]) &&
            str_trim(mine->row[m + 1]).n)
            sb_char(b, '\n');
    }
}

static int merged(struct arena *a, str was, str now, str mine, str *ret_merged)
{
    struct lines lines[3];
    struct sb b = sb_init(a, 0);
    int r = lines_read(a, was, &lines[0]);

    if (r == 0)
        r = lines_read(a, now, &lines[1]);
    if (r == 0)
        r = lines_read(a, mine, &lines[2]);
    if (r < 0)
        return r;
    merge(&b, &lines[0], &lines[1], &lines[2]);
    if (b.err)
        return ERR_MEM;
    *ret_merged = sb_str(&b);
    return 0;
}

int news_redraft(struct arena *a, struct db *db, const struct actor *who, const struct news *n,
                 struct news_redraft *ret_redraft)
{
    struct news_redraft d = {0};
    struct seminar s;
    struct news_in now;
    str made = {0};
    int r = actor_check(who, RIGHT_EDITOR);

    if (r == 0)
        r = made_read(a, db, n->id, n->lang, &made);
    if (r == 0 && made.p && n->seminar_id)
        r = seminar_by_id(a, db, n->seminar_id, n->lang, &s);
    else if (r == 0)
        r = ERR_UNSUPPORTED;
    if (r == 0)
        r = news_draft_write(a, db, who, &s, n->lang, &now);
    if (r == 0 && !str_eq(now.body, made)) {
        d.made = now.body;
        r = merged(a, made, now.body, n->body, &d.merged);
        d.is_new = r == 0;
    }
    if (r < 0 && r != ERR_UNSUPPORTED)
        return r;
    *ret_redraft = d;
    return 0;
}

int news_redraft_take(struct arena *a, struct db *db, const struct actor *who,
                      const struct news *n, const struct safety_in *answers, usec now)
{
    struct news_redraft d = {0};
    struct news_in in = {
        .lang = n->lang, .title = n->title, .revision = n->revision, .answers = answers};
    int r = news_redraft(a, db, who, n, &d);

    if (r == 0 && !d.is_new)
        r = ERR_CONFLICT;
    if (r < 0)
        return r;
    in.body = d.merged;
    r = news_edit(db, who, n->id, &in, now);
    return r < 0 ? r : made_write(db, n->id, n->lang, d.made);
}
