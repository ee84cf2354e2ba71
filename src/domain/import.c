#include "domain/import.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/charset.h"
#include "domain/country.h"
#include "domain/csv.h"
#include "domain/fold.h"
#include "domain/invitation.h"
#include "domain/org.h"
#include "domain/person.h"
#include "domain/rows.h"
#include "domain/seminar.h"
#include "store/db.h"

enum column { COL_ORG, COL_ROLE, COL_LANG, COL_EMAIL, COL_SEX, COL_AGE, COL_COUNTRY, COL_FUNCTION,
              COL_NAME, COL_COUNT };

/* Words of files, folded as fold_text does (case, punctuation, ё). */
struct word {
    const char *text;
    int value;
};

static const struct word headings[] = {
    {"organisation", COL_ORG}, {"organization", COL_ORG}, {"организация", COL_ORG},
    {"role", COL_ROLE}, {"роль", COL_ROLE},
    {"language", COL_LANG}, {"язык", COL_LANG},
    {"e mail", COL_EMAIL}, {"email", COL_EMAIL}, {"эл почта", COL_EMAIL},
    {"электронная почта", COL_EMAIL}, {"почта", COL_EMAIL},
    {"sex", COL_SEX}, {"gender", COL_SEX}, {"пол", COL_SEX},
    {"age group", COL_AGE}, {"age", COL_AGE}, {"возраст", COL_AGE},
    {"country", COL_COUNTRY}, {"страна", COL_COUNTRY},
    {"function", COL_FUNCTION}, {"position", COL_FUNCTION}, {"должность", COL_FUNCTION},
    {"name", COL_NAME}, {"имя", COL_NAME}, {"фио", COL_NAME},
};

static const struct word sexes[] = {
    {"", SEX_NOT_STATED}, {"not stated", SEX_NOT_STATED}, {"не указан", SEX_NOT_STATED},
    {"не указано", SEX_NOT_STATED}, {"female", SEX_FEMALE}, {"f", SEX_FEMALE},
    {"ж", SEX_FEMALE}, {"жен", SEX_FEMALE}, {"женский", SEX_FEMALE}, {"male", SEX_MALE},
    {"m", SEX_MALE}, {"м", SEX_MALE}, {"муж", SEX_MALE}, {"мужской", SEX_MALE},
};

static const struct word ages[] = {
    {"", AGE_NOT_STATED}, {"not stated", AGE_NOT_STATED}, {"не указан", AGE_NOT_STATED},
    {"не указано", AGE_NOT_STATED}, {"under 18", AGE_UNDER_18}, {"до 18", AGE_UNDER_18},
    {"18 29", AGE_18_29}, {"30 49", AGE_30_49}, {"50+", AGE_50_UP}, {"50 +", AGE_50_UP},
};

/* A good row. */
struct taking {
    unsigned line;
    int role;
    struct person person;
    str org;                      /* its name */
    int64_t id;                   /* of the person; 0: nobody yet */
};

/* What is known while a list is read. */
struct list {
    struct arena *a;
    struct db *db;
    const struct actor *who;
    const struct import_job *job;
    struct seminar seminar;
    int at[COL_COUNT];            /* column of each heading in the file; -1: not there */
    size_t ncolumns;
    int64_t newest;               /* invitation before this import: larger numbers are new */
    struct import_report *report;
    str org;                      /* name of the row's organisation */
    struct taking *row;
    size_t n;
};

static int word_find(struct arena *a, const struct word *words, size_t n, str cell, int *ret_value)
{
    str folded;

    if (fold_text(a, cell, &folded) < 0)
        return ERR_NOT_FOUND;
    for (size_t i = 0; i < n; i++) {
        if (str_eq(folded, str_c(words[i].text))) {
            *ret_value = words[i].value;
            return 0;
        }
    }
    return ERR_NOT_FOUND;
}

static int fault_add(struct list *l, unsigned line, int reason, str cell)
{
    struct import_report *rep = l->report;
    bool ok = true;

    rep->fault = rows_grow(l->a, rep->fault, rep->nfaults, sizeof(*rep->fault));
    if (!rep->fault)
        return ERR_MEM;
    while (cell.n > 80 || (cell.n && !str_is_utf8(cell)))
        cell.n = cell.n > 80 ? 80 : cell.n - 1;
    rep->fault[rep->nfaults++] = (struct import_fault){line, reason, rows_keep(l->a, cell, &ok)};
    return ok ? 0 : ERR_MEM;
}

static str cell_of(const struct list *l, const struct csv_row *row, enum column c)
{
    int at = l->at[c];

    return at < 0 || (size_t)at >= row->n ? S("") : row->cell[at];
}

static bool is_seminar_lang(const struct seminar *s, str lang)
{
    for (size_t i = 0; i < s->nlangs; i++) {
        if (str_eq(s->lang[i], lang))
            return true;
    }
    return false;
}

static str or_unset(str s)
{
    return s.n ? s : (str){NULL, 0};
}

static bool is_confirmed(const struct list *l, str given)
{
    if (!l->job->is_checked)
        return true;
    for (size_t i = 0; i < l->job->nconfirmed; i++)
        if (str_eq(l->job->confirmed[i], given))
            return true;
    return false;
}

/* Notes that the name was completed; once for each name that the list gives. */
static int match_add(struct list *l, str given, const struct org *org)
{
    struct import_report *rep = l->report;
    bool ok = true;

    for (size_t i = 0; i < rep->nmatches; i++)
        if (str_eq(rep->match[i].given, given))
            return 0;
    rep->match = rows_grow(l->a, rep->match, rep->nmatches, sizeof(*rep->match));
    if (!rep->match)
        return ERR_MEM;
    rep->match[rep->nmatches++] = (struct import_match){
        rows_keep(l->a, given, &ok), org->name.body.p ? org->name.body : org->slug};
    return ok ? 0 : ERR_MEM;
}

/* Who the cell means. */
static int org_parse(struct list *l, str cell, struct person *p)
{
    struct org org;
    bool is_whole;
    int r = org_match(l->a, l->db, cell, &org, &is_whole);

    if (r == ERR_CONFLICT)
        return IMPORT_SEVERAL_ORGS;
    if (r == ERR_NOT_FOUND || r == ERR_ENCODING)
        return IMPORT_NO_ORG;
    if (r == 0 && !is_whole)
        r = match_add(l, cell, &org);
    if (r < 0)
        return r;
    if (!is_whole && !is_confirmed(l, cell))
        return IMPORT_NOT_CONFIRMED;
    p->org_id = org.id;
    l->org = org.name.body.p ? org.name.body : org.slug;
    return IMPORT_OK;
}

/* An enum import_reason, with the cell at fault; < 0 when the store fails. */
static int row_parse(struct list *l, const struct csv_row *row, struct person *p, int *ret_role,
                     str *ret_cell)
{
    int r;

    *ret_cell = cell_of(l, row, COL_ORG);
    r = org_parse(l, *ret_cell, p);
    if (r != IMPORT_OK)
        return r;
    *ret_cell = cell_of(l, row, COL_ROLE);
    if (!ret_cell->n)
        *ret_role = 0;
    else if (role_parse(*ret_cell, ret_role) < 0)
        return IMPORT_NO_ROLE;
    *ret_cell = cell_of(l, row, COL_LANG);
    p->lang = ret_cell->n ? *ret_cell : l->seminar.floor_lang;
    p->is_lang_guess = !ret_cell->n;
    if (!is_seminar_lang(&l->seminar, p->lang))
        return IMPORT_NO_LANG;
    *ret_cell = cell_of(l, row, COL_EMAIL);
    if (ret_cell->n && !person_is_email(*ret_cell))
        return IMPORT_EMAIL;
    p->email = or_unset(*ret_cell);
    *ret_cell = cell_of(l, row, COL_SEX);
    if (word_find(l->a, sexes, NELEM(sexes), *ret_cell, &p->sex) < 0)
        return IMPORT_SEX;
    *ret_cell = cell_of(l, row, COL_AGE);
    if (word_find(l->a, ages, NELEM(ages), *ret_cell, &p->age) < 0)
        return IMPORT_AGE;
    *ret_cell = cell_of(l, row, COL_COUNTRY);
    if (country_parse(l->a, *ret_cell, &p->country) < 0)
        return IMPORT_COUNTRY;
    p->function = or_unset(cell_of(l, row, COL_FUNCTION));
    p->name = or_unset(cell_of(l, row, COL_NAME));
    *ret_cell = S("");
    return p->email.p || p->function.p || p->name.p ? IMPORT_OK : IMPORT_NOBODY;
}

static int taken_add(struct list *l, const struct taking *t, int what)
{
    struct import_report *rep = l->report;
    str who = person_shown(&t->person);

    rep->taken = rows_grow(l->a, rep->taken, rep->ntaken, sizeof(*rep->taken));
    if (!rep->taken)
        return ERR_MEM;
    rep->taken[rep->ntaken++] =
        (struct import_row){t->line, what, who.n ? who : t->person.email, t->org};
    rep->nadded += what == IMPORT_ROW_NEW;
    rep->nchanged += what == IMPORT_ROW_CHANGED;
    rep->nsame += what == IMPORT_ROW_SAME;
    return 0;
}

static int row_write(struct list *l, struct taking *t)
{
    int64_t id, changes = db_total_changes(l->db);
    int what = IMPORT_ROW_SAME;
    int r = db_mark(l->db);

    if (r < 0)
        return r;
    t->person.id = t->id;
    r = person_put(l->db, l->who, &t->person, l->job->now, &t->id);
    if (r == 0)
        r = invitation_put(l->db, l->who, l->seminar.id, t->id, t->role, &id);
    if (r == 0 && id > l->newest)
        what = IMPORT_ROW_NEW;
    else if (r == 0 && db_total_changes(l->db) != changes)
        what = IMPORT_ROW_CHANGED;
    if (r == 0)
        r = taken_add(l, t, what);
    if (r == 0)
        return db_release(l->db);
    db_rollback(l->db);
    return r;
}

/* Does another row name somebody of this name there too? Then it is not said who of them it is. */
static bool is_named_twice(const struct list *l, const struct taking *t)
{
    for (size_t i = 0; i < l->n; i++)
        if (&l->row[i] != t && l->row[i].person.org_id == t->person.org_id &&
            str_eq(l->row[i].person.name, t->person.name))
            return true;
    return false;
}

static bool is_taken(const struct list *l, int64_t id)
{
    for (size_t i = 0; i < l->n; i++)
        if (l->row[i].id == id)
            return true;
    return false;
}

/*
 * Two rows are two people, but where they say the same: those whom the rows say for certain come
 * first, and who is only alike must be nobody else's.
 */
static int rows_write(struct list *l)
{
    int r = 0;

    for (size_t i = 0; r == 0 && i < l->n; i++)
        r = person_same(l->db, l->who, &l->row[i].person, &l->row[i].id);
    for (size_t i = 0; r == 0 && i < l->n; i++) {
        struct taking *t = &l->row[i];
        int64_t id = 0;

        if (!t->id && !is_named_twice(l, t))
            r = person_alike(l->db, l->who, &t->person, &id);
        if (r == 0 && id && !is_taken(l, id))
            t->id = id;
        if (r == 0)
            r = row_write(l, t);
    }
    return r;
}

static int row_take(struct list *l, const struct csv_row *row)
{
    struct taking t = {.line = row->line};
    str cell = S("");
    int reason;

    l->report->nrows++;
    for (size_t i = l->ncolumns; i < row->n; i++) {
        if (row->cell[i].n)
            return fault_add(l, row->line, IMPORT_COLUMNS, row->cell[i]);
    }
    reason = row_parse(l, row, &t.person, &t.role, &cell);
    if (reason < 0)
        return reason;
    if (reason != IMPORT_OK)
        return fault_add(l, row->line, reason, cell);
    t.org = l->org;
    l->row = rows_grow(l->a, l->row, l->n, sizeof(*l->row));
    if (!l->row)
        return ERR_MEM;
    l->row[l->n++] = t;
    return 0;
}

/* The first row must name at least the organisation; unknown headings are left alone. */
static int heading_read(struct list *l, struct csv *c)
{
    struct csv_row row;
    int r = csv_read(c, &row);

    for (int i = 0; i < COL_COUNT; i++)
        l->at[i] = -1;
    if (r <= 0)
        return r == ERR_MEM ? r : ERR_SYNTAX;
    for (size_t i = 0; i < row.n; i++) {
        int column;

        if (word_find(l->a, headings, NELEM(headings), row.cell[i], &column) == 0 &&
            l->at[column] < 0)
            l->at[column] = (int)i;
    }
    l->ncolumns = row.n;
    if (arena_is_short(l->a)) /* a heading may be there and not be read */
        return ERR_MEM;
    return l->at[COL_ORG] < 0 ? ERR_SYNTAX : 0;
}

static int newest_read(struct db *db, int64_t *ret_newest)
{
    struct stmt *q = db_stmt(db, "SELECT coalesce(max(invitation_id), 0) FROM invitations");
    int r = stmt_row(q);

    if (r > 0)
        *ret_newest = col_i64(q, 0);
    stmt_end(q);
    return r < 0 ? r : 0;
}

static int list_read(struct list *l, struct csv *c)
{
    struct csv_row row;
    int r = heading_read(l, c);

    if (r < 0)
        return r;
    while ((r = csv_read(c, &row)) != 0) {
        if (r == ERR_SYNTAX)
            return fault_add(l, c->line, IMPORT_QUOTES, S(""));
        if (l->report->nrows >= MAX_IMPORT_ROWS)
            return ERR_TOO_BIG;
        if (r == ERR_TOO_BIG) {
            l->report->nrows++;
            r = fault_add(l, c->line, IMPORT_CELL, S(""));
        } else if (r > 0) {
            r = row_take(l, &row);
        }
        if (r < 0)
            return r;
    }
    return 0;
}

int import_invitations(struct arena *a, struct db *db, const struct actor *who,
                       const struct import_job *job, str bytes, struct import_report *ret_report)
{
    struct import_report report = {0};
    struct list l = {.a = a, .db = db, .who = who, .job = job, .report = &report};
    struct csv c;
    str text = {0};
    int r = actor_check(who, RIGHT_EVENT);

    if (r == 0)
        r = seminar_by_id(a, db, job->seminar_id, S(""), &l.seminar);
    if (r == 0)
        r = newest_read(db, &l.newest);
    if (r == 0)
        r = charset_utf8(a, bytes, &text, &report.encoding);
    if (r < 0)
        return r;
    c = csv_init(a, text);
    report.separator = c.separator;
    if (job->is_trial)
        r = db_mark(db);
    if (r == 0)
        r = list_read(&l, &c);
    if (r == 0)
        r = rows_write(&l);
    if (job->is_trial)
        db_rollback(db);
    if (r == 0 && arena_is_short(a))
        r = ERR_MEM;
    if (r == 0)
        *ret_report = report;
    return r;
}
