#include "web/page_attendance.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/sb.h"
#include "base/str.h"
#include "domain/attendance.h"
#include "domain/breakdown.h"
#include "domain/certificate.h"
#include "domain/csv.h"
#include "domain/invitation.h"
#include "domain/org.h"
#include "domain/person.h"
#include "domain/seminar.h"
#include "gen/template.h"
#include "net/http.h"
#include "web/frame.h"
#include "web/page_invitation.h"
#include "web/texts.h"
#include "web/visit.h"

enum { SEXES = SEX_MALE + 1, AGES = AGE_50_UP + 1, MINUTE_US = 60 * 1000000 };

struct dossier {
    struct seminar s;
    struct attendance_list list;
    struct attendance_fix_list fixes;
    struct breakdown b;
};

static int read_dossier(struct exchange *x, struct dossier *ret_dossier)
{
    struct dossier d = {0};
    struct certificate_rule rule = {0};
    int r = seminar_by_slug(x->arena, x->db, http_param(x, S("slug")), visit_lang(x), &d.s);

    if (r == 0)
        r = attendance_list(x->arena, x->db, x->actor, &d.s, visit_now(x), &d.list);
    if (r == 0)
        r = attendance_fixes(x->arena, x->db, x->actor, d.s.id, &d.fixes);
    if (r == 0)
        r = certificate_rule(x->db, d.s.id, &rule);
    if (r == 0)
        r = breakdown_make(x->arena, &d.list, rule.percent, &d.b);
    if (r == 0)
        *ret_dossier = d;
    return r;
}

static int64_t minutes_of(usec us)
{
    return (us + MINUTE_US / 2) / MINUTE_US;
}

/* ---- words for people ---- */

static enum text_id kind_text(int kind)
{
    static const enum text_id texts[ORG_KIND_COUNT] = {
#define ORG_KIND(code, name) [ORG_##code] = TEXT_ORG_KIND_##code,
        ORG_KIND_TABLE(ORG_KIND)
#undef ORG_KIND
    };

    return texts[kind >= 0 && kind < ORG_KIND_COUNT ? kind : ORG_OTHER];
}

static enum text_id by_text(int by)
{
    static const enum text_id texts[BREAKDOWNS] = {TEXT_LIVE_BY_KIND, TEXT_LIVE_BY_SEX,
                                                   TEXT_LIVE_BY_AGE, TEXT_LIVE_BY_COUNTRY,
                                                   TEXT_LIVE_BY_LANG};

    return texts[by];
}

static enum text_id value_text(const struct breakdown_part *p)
{
    static const enum text_id sexes[SEXES] = {TEXT_LIVE_NOT_STATED, TEXT_LIVE_FEMALE,
                                              TEXT_LIVE_MALE};
    static const enum text_id ages[AGES] = {TEXT_LIVE_NOT_STATED, TEXT_LIVE_AGE_UNDER_18,
                                            TEXT_LIVE_AGE_18_29, TEXT_LIVE_AGE_30_49,
                                            TEXT_LIVE_AGE_50_UP};

    if (p->by == BY_KIND)
        return kind_text(p->code);
    if (p->by == BY_SEX)
        return sexes[p->code > 0 && p->code < SEXES ? p->code : 0];
    if (p->by == BY_AGE)
        return ages[p->code > 0 && p->code < AGES ? p->code : 0];
    return p->value.n ? TEXT_NONE : TEXT_LIVE_NOT_STATED;
}

/* ---- the page ---- */

static int fill_people(struct exchange *x, const struct dossier *d, struct tpl_desk_attendance *v)
{
    struct tpl_desk_attendance_people *row = arena_array(x->arena, d->list.n, sizeof(*row));

    if (!row)
        return ERR_MEM;
    for (size_t i = 0; i < d->list.n; i++) {
        const struct attendance *a = &d->list.row[i];

        row[i] = (struct tpl_desk_attendance_people){
            .id = a->person_id,
            .name = a->shown.n ? a->shown : S("–"),
            .org = frame_text(&a->org, S("–")),
            .role = role_text(a->role),
            .first = a->first_at,
            .last = a->last_at,
            .minutes = minutes_of(a->measured_us),
            .correction = a->correction ? arena_printf(x->arena, "%+d", a->correction) : (str){0},
            .share = a->share_percent,
            .is_complete = a->share_percent >= d->b.percent,
        };
    }
    v->people = row;
    v->npeople = d->list.n;
    return 0;
}

static int fill_parts(struct exchange *x, const struct dossier *d, struct tpl_desk_attendance *v)
{
    struct tpl_desk_attendance_parts *row = arena_array(x->arena, d->b.n, sizeof(*row));

    if (!row)
        return ERR_MEM;
    for (size_t i = 0; i < d->b.n; i++) {
        const struct breakdown_part *p = &d->b.part[i];

        row[i] = (struct tpl_desk_attendance_parts){
            .by = by_text(p->by),
            .is_first = i == 0 || d->b.part[i - 1].by != p->by,
            .word = value_text(p),
            .country = p->by == BY_COUNTRY && p->value.n ? p->value : (str){0},
            .language = p->by == BY_LANG && p->value.n ? p->value : (str){0},
            .came = p->n,
            .complete = p->complete,
            .is_hidden = p->is_hidden,
            .is_complete_hidden = p->is_complete_hidden,
        };
    }
    v->parts = row;
    v->nparts = d->b.n;
    return 0;
}

static int fill_fixes(struct exchange *x, const struct dossier *d, struct tpl_desk_attendance *v)
{
    struct tpl_desk_attendance_fixes *row = arena_array(x->arena, d->fixes.n, sizeof(*row));

    if (!row)
        return ERR_MEM;
    for (size_t i = 0; i < d->fixes.n; i++) {
        const struct attendance_fix *f = &d->fixes.row[i];

        row[i] = (struct tpl_desk_attendance_fixes){
            .at = f->at,
            .name = f->shown.n ? f->shown : S("–"),
            .minutes = arena_printf(x->arena, "%+d", f->minutes),
            .reason = f->reason,
            .by = f->by.n ? f->by : S("–"),
        };
    }
    v->fixes = row;
    v->nfixes = d->fixes.n;
    return 0;
}

void desk_attendance(struct exchange *x)
{
    static const struct frame_word done[] = {{S("fix"), TEXT_LIVE_FIXED}};
    static const struct frame_word problem[] = {{S("fix"), TEXT_LIVE_FIX_PROBLEM}};
    struct tpl_desk_attendance v = {.csrf_token = visit_csrf(x)};
    struct dossier d = {0};
    int r = read_dossier(x, &d);

    if (r == 0) {
        visit_zone_set(x, d.s.zone);
        r = fill_people(x, &d, &v);
    }
    if (r == 0)
        r = fill_parts(x, &d, &v);
    if (r == 0)
        r = fill_fixes(x, &d, &v);
    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    v.base = arena_printf(x->arena, "/desk/s/%.*s", STR(d.s.slug));
    v.seminar = frame_text(&d.s.title, d.s.slug);
    v.seminar_lang = frame_foreign(&d.s.title);
    v.percent = d.b.percent;
    v.came = d.b.came;
    v.complete = d.b.complete;
    v.done = frame_word(x, S("done"), done, NELEM(done));
    v.problem = frame_word(x, S("problem"), problem, NELEM(problem));
    frame_fill(x, &v.page, texts_get(visit_texts(x), TEXT_DESK_ATTENDANCE), (str){0});
    tpl_desk_attendance(&x->reply, visit_texts(x), &v);
    frame_send(x, 200);
}

/* ---- corrections ---- */

int desk_attendance_fix_act(struct exchange *x, struct db *db)
{
    struct attendance_fix fix = {.reason = str_trim(http_field(x, S("reason")))};
    struct seminar s;
    int64_t minutes = 0;
    int r = seminar_by_slug(x->arena, db, http_param(x, S("slug")), visit_lang(x), &s);

    if (r == 0 && (str_i64(http_field(x, S("person")), 1, INT64_MAX, &fix.person_id) < 0 ||
                   str_i64(str_trim(http_field(x, S("minutes"))), -1440, 1440, &minutes) < 0))
        r = ERR_RANGE;
    fix.minutes = (int)minutes;
    return r < 0 ? r : attendance_correct(db, x->actor, s.id, &fix, visit_now(x));
}

void desk_attendance_fix(struct exchange *x)
{
    const char *word = x->result == 0 ? "done" : "problem";

    if (x->result != 0 && x->result != ERR_RANGE)
        visit_fail(x, x->result);
    else
        http_redirect(x, 303,
                      arena_printf(x->arena, "/desk/s/%.*s/attendance?%s=fix#fixes",
                                   STR(http_param(x, S("slug"))), word));
}

/* ---- files ---- */

static const char *sex_word(int sex)
{
    static const char *const words[SEXES] = {"not stated", "female", "male"};

    return words[sex > 0 && sex < SEXES ? sex : 0];
}

static const char *age_word(int age)
{
    static const char *const words[AGES] = {"not stated", "under 18", "18-29", "30-49",
                                              "50 and over"};

    return words[age > 0 && age < AGES ? age : 0];
}

static const char *kind_word(int kind)
{
    static const char *const words[ORG_KIND_COUNT] = {
#define ORG_KIND(code, name) [ORG_##code] = name,
        ORG_KIND_TABLE(ORG_KIND)
#undef ORG_KIND
    };

    return words[kind >= 0 && kind < ORG_KIND_COUNT ? kind : ORG_OTHER];
}

static str iso(struct exchange *x, usec at)
{
    struct sb b = sb_init(x->arena, 0);

    texts_show(&b, visit_texts(x), SHOW_ISO, at);
    return sb_str(&b);
}

/* What files say of who somebody is. They are mailed: of protected people all of it is empty. */
struct traits {
    str org, kind, sex, age, country, lang;
};

static struct traits traits_of(const struct attendance *a)
{
    if (a->role == ROLE_PROTECTED)
        return (struct traits){S(""), S(""), S(""), S(""), S(""), S("")};
    return (struct traits){
        .org = frame_text(&a->org, S("")),
        .kind = str_c(kind_word(a->kind)),
        .sex = str_c(sex_word(a->sex)),
        .age = str_c(age_word(a->age)),
        .country = a->country.n ? a->country : S("not stated"),
        .lang = a->lang.p ? a->lang : S(""),
    };
}

static void add_row(struct exchange *x, struct sb *b, const struct attendance *a, int percent)
{
    const struct traits t = traits_of(a);

    csv_cell(b, t.org, ",");
    csv_cell(b, t.kind, ",");
    csv_cell(b, a->shown.p ? a->shown : S(""), ",");
    csv_cell(b, str_c(role_name(a->role)), ",");
    csv_cell(b, t.sex, ",");
    csv_cell(b, t.age, ",");
    csv_cell(b, t.country, ",");
    csv_cell(b, t.lang, ",");
    csv_cell(b, iso(x, a->first_at), ",");
    csv_cell(b, iso(x, a->last_at), ",");
    sb_printf(b, "%d,%lld,%d,%lld,%d,%s\r\n", a->nparts, (long long)minutes_of(a->measured_us),
              a->correction, (long long)minutes_of(a->present_us), a->share_percent,
              a->share_percent >= percent ? "yes" : "no");
}

static void send_file(struct exchange *x, str type, const char *end, struct sb *b)
{
    http_set(x, S("Content-Disposition"),
             arena_printf(x->arena, "attachment; filename=\"attendance-%.*s.%s\"",
                          STR(http_param(x, S("slug"))), end));
    http_set(x, S("Cache-Control"), S("private, no-store"));
    http_text(x, 200, type, sb_str(b));
}

/* With the mark of UTF-8: without it a spreadsheet shows Cyrillic as nonsense. */
void desk_attendance_csv(struct exchange *x)
{
    struct sb b = sb_init(x->arena, 0);
    struct dossier d = {0};
    int r = read_dossier(x, &d);

    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    sb_c(&b, "\xef\xbb\xbforganisation,kind,person,role,sex,age,country,language,first,last,"
             "intervals,measured_minutes,correction_minutes,minutes,percent,complete\r\n");
    for (size_t i = 0; i < d.list.n; i++)
        add_row(x, &b, &d.list.row[i], d.b.percent);
    send_file(x, S("text/csv; charset=utf-8"), "csv", &b);
}

static void add_pair(struct sb *b, const char *comma, const char *key, str value)
{
    sb_printf(b, "%s\"%s\":", comma, key);
    sb_json(b, value);
}

static void add_person(struct exchange *x, struct sb *b, const struct attendance *a)
{
    const struct traits t = traits_of(a);

    add_pair(b, "{", "organisation", t.org);
    add_pair(b, ",", "kind", t.kind);
    add_pair(b, ",", "person", a->shown.p ? a->shown : S(""));
    add_pair(b, ",", "role", str_c(role_name(a->role)));
    add_pair(b, ",", "sex", t.sex);
    add_pair(b, ",", "age", t.age);
    add_pair(b, ",", "country", t.country);
    add_pair(b, ",", "language", t.lang);
    add_pair(b, ",", "first", iso(x, a->first_at));
    add_pair(b, ",", "last", iso(x, a->last_at));
    sb_printf(b,
              ",\"intervals\":%d,\"measured_minutes\":%lld,\"correction_minutes\":%d,"
              "\"minutes\":%lld,\"percent\":%d}",
              a->nparts, (long long)minutes_of(a->measured_us), a->correction,
              (long long)minutes_of(a->present_us), a->share_percent);
}

static void add_number(struct sb *b, const char *key, int64_t n, bool is_hidden)
{
    if (is_hidden)
        sb_printf(b, ",\"%s\":null", key);
    else
        sb_printf(b, ",\"%s\":%lld", key, (long long)n);
}

static void add_part(struct sb *b, const struct breakdown_part *p)
{
    str value = p->value.n ? p->value : S("not stated");

    if (p->by == BY_KIND)
        value = str_c(kind_word(p->code));
    else if (p->by == BY_SEX)
        value = str_c(sex_word(p->code));
    else if (p->by == BY_AGE)
        value = str_c(age_word(p->code));
    add_pair(b, "{", "by", str_c(breakdown_name(p->by)));
    add_pair(b, ",", "value", value);
    add_number(b, "came", p->n, p->is_hidden);
    add_number(b, "complete", p->complete, p->is_complete_hidden);
    sb_char(b, '}');
}

/* Numbers under 5, and those that would give them away, are null. */
void desk_attendance_json(struct exchange *x)
{
    struct sb b = sb_init(x->arena, 0);
    struct dossier d = {0};
    int r = read_dossier(x, &d);

    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    add_pair(&b, "{", "seminar", d.s.slug);
    add_pair(&b, ",", "from", iso(x, d.list.from_at));
    add_pair(&b, ",", "to", iso(x, d.list.to_at));
    sb_printf(&b, ",\"threshold_percent\":%d", d.b.percent);
    add_number(&b, "came", d.b.came, d.b.is_hidden);
    add_number(&b, "complete", d.b.complete, d.b.is_complete_hidden);
    sb_c(&b, ",\"counted\":[");
    for (size_t i = 0; i < d.b.n; i++) {
        sb_c(&b, i ? "," : "");
        add_part(&b, &d.b.part[i]);
    }
    sb_c(&b, "],\"people\":[");
    for (size_t i = 0; i < d.list.n; i++) {
        sb_c(&b, i ? "," : "");
        add_person(x, &b, &d.list.row[i]);
    }
    sb_c(&b, "]}\n");
    send_file(x, S("application/json"), "json", &b);
}
