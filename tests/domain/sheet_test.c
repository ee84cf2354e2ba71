#include "suite.h"

#include "domain/answer.h"
#include "domain/attendance.h"
#include "domain/sheet.h"
#include "domain/sign.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define MINUTE (60 * USEC_S)

static int64_t participant(struct world *w, int i)
{
    struct stmt *q = db_stmt(w->db, "SELECT person_id FROM invitations WHERE seminar_id = ?1"
                                    " AND role = 6 ORDER BY invitation_id LIMIT 1 OFFSET ?2");
    int64_t id = 0;

    stmt_i64(q, 1, w->demo.live_id);
    stmt_i64(q, 2, i);
    if (stmt_row(q) > 0)
        id = col_i64(q, 0);
    stmt_end(q);
    return id;
}

static void answer(struct world *w, int kind, int64_t person_id, const int64_t *value)
{
    struct actor who = w->member;
    struct attempt in = {.kind = kind, .lang = S("tk")};
    struct seminar s = world_live(w);
    struct quiz z;

    who.person_id = person_id;
    memcpy(in.value, value, 5 * sizeof(*value));
    assert_int_equal(quiz_by_kind(w->db, &who, s.id, kind, &z), 0);
    assert_int_equal(quiz_gate_set(w->db, &w->event, z.id, QUIZ_OPEN, T0), 0);
    assert_int_equal(quiz_by_kind(w->db, &who, s.id, kind, &z), 0);
    assert_int_equal(answer_put(w->a, w->db, &who, &s, &in, T0), 0);
}

/* All come, `nstay` of them to the end, `npairs` answer both tests; the first two get worse. */
static struct seminar play(struct world *w, int nstay, int npairs)
{
    static const int64_t low[5] = {1, 1, 1, 2, 2}, high[5] = {2, 13, 2, 5, 4};
    static const int64_t low_after[5] = {1, 1, 1, 2, 2}, high_after[5] = {2, 11, 2, 5, 4};
    int64_t id;
    usec end = T0 + 100 * MINUTE;

    assert_int_equal(seminar_state_set(w->db, &w->event, w->demo.live_id, SEMINAR_LIVE, T0), 0);
    for (int i = 0; (id = participant(w, i)); i++) {
        assert_int_equal(attendance_join(w->db, &actor_server, w->demo.live_id, id, 100 + i, T0),
                         0);
        assert_int_equal(
            attendance_left(w->db, &actor_server, 100 + i, i < nstay ? end : end - 50 * MINUTE), 0);
        if (i >= npairs)
            continue;
        answer(w, QUIZ_PRE, id, i < 2 ? high : low);
        answer(w, QUIZ_POST, id, i < 2 ? low_after : high_after);
    }
    assert_int_equal(seminar_state_set(w->db, &w->event, w->demo.live_id, SEMINAR_ENDED, end), 0);
    return world_live(w);
}

static const struct sheet_row *find(const struct sheet_rows *rows, const char *id, const char *part)
{
    for (size_t i = 0; i < rows->n; i++)
        if (str_eq(rows->row[i].id, str_c(id)) && str_eq(rows->row[i].part, str_c(part)) &&
            (part[0] || !rows->row[i].split.n))
            return &rows->row[i];
    fail_msg("no row %s %s", id, part);
    return NULL;
}

static struct sheet_rows rows_of(struct world *w, const struct seminar *s)
{
    struct indicator i;
    struct sheet_rows rows;
    struct tally t;

    assert_int_equal(tally_read(w->a, w->db, &w->event, s, T0 + USEC_DAY, &t), 0);
    assert_int_equal(indicator_of(w->a, &t, &i), 0);
    assert_int_equal(sheet_rows(w->a, &t, &i, &rows), 0);
    return rows;
}

static void figures(void **state)
{
    struct world *w = *state;
    struct seminar s = play(w, 7, 8);
    struct sheet_rows rows = rows_of(w, &s);
    const struct sheet_row *r;
    double sum = 0;

    assert_true(find(&rows, "persons.invited", "")->value == 12);
    assert_true(find(&rows, "persons.attended", "")->value == 12);
    assert_true(find(&rows, "persons.completed", "")->value == 7);
    assert_true(find(&rows, "organisations.attended", "")->value == 7);
    /* Female 7, male 5 of 12. */
    r = find(&rows, "persons.invited", "female");
    assert_false(r->is_hidden);
    sum = r->value + find(&rows, "persons.invited", "male")->value;
    assert_true(sum == 12);
    r = find(&rows, "gain.knowledge.mean", "");
    assert_true(r->has_value && r->n == 8);
    /* High is 100 %, low is 1/9 (one of three right in one of three questions). */
    assert_true(fabs(find(&rows, "gain.knowledge.pre", "")->value - (2 * 100 + 6 * 100.0 / 9) / 8) <
                0.01);
    assert_true(
        fabs(find(&rows, "gain.knowledge.post", "")->value - (6 * 100 + 2 * 100.0 / 9) / 8) < 0.01);
    /* Two people fell: that number is under five, so it is hidden, and with it the one that would
     * give it away. */
    assert_true(find(&rows, "gain.knowledge.declined", "")->is_hidden);
    assert_true(find(&rows, "gain.knowledge.improved", "")->is_hidden);
    for (size_t i = 0; i < rows.n; i++) {
        r = &rows.row[i];
        if (str_eq(str_c(r->unit), S("persons")))
            assert_true(r->is_hidden ? r->value == 0 && r->n == -1
                                     : r->value == 0 || r->value >= 5);
        assert_true(r->method && r->method[0]);
    }
}

static void loss_is_shown(void **state)
{
    static const int64_t high[5] = {2, 13, 2, 5, 4}, low[5] = {1, 1, 1, 2, 2};
    struct world *w = *state;
    struct seminar s;
    struct sheet_rows rows;

    for (int i = 0; i < 6; i++) {
        answer(w, QUIZ_PRE, participant(w, i), high);
        answer(w, QUIZ_POST, participant(w, i), low);
    }
    s = world_live(w);
    rows = rows_of(w, &s);
    assert_true(find(&rows, "gain.knowledge.mean", "")->value < -80);
    assert_true(find(&rows, "gain.attitude.mean", "")->value < 0);
    assert_true(find(&rows, "gain.knowledge.declined", "")->value == 6);
    assert_true(find(&rows, "gain.knowledge.normalised", "")->has_value ==
                false); /* nothing was left to gain */
}

static void few_pairs(void **state)
{
    struct world *w = *state;
    struct seminar s = play(w, 3, 4);
    struct sheet_rows rows = rows_of(w, &s);

    assert_true(find(&rows, "persons.completed", "")->is_hidden);
    assert_true(find(&rows, "gain.knowledge.mean", "")->is_hidden);
    for (size_t i = 0; i < rows.n; i++)
        if (str_starts(rows.row[i].id, S("gain.knowledge.")))
            assert_false(rows.row[i].has_value);
}

static void text_round(void **state)
{
    struct world *w = *state;
    struct seminar s = play(w, 7, 8);
    struct tally t, again;
    str one, two;

    assert_int_equal(tally_read(w->a, w->db, &w->event, &s, T0, &t), 0);
    assert_int_equal(tally_write(w->a, &t, &one), 0);
    assert_int_equal(tally_parse(w->a, one, &again), 0);
    assert_int_equal(tally_write(w->a, &again, &two), 0);
    assert_true(str_eq(one, two));
    /* In which language each of its texts stands is kept. */
    assert_true(str_eq(again.programme_lang, S("en")) && str_eq(again.convener_lang, S("en")) &&
                str_eq(again.donor_lang, S("en")));
    /* No name, no address, no number of a person. */
    assert_true(str_find(one, S("@")) < 0);
    assert_true(str_find(one, S("Editor")) < 0);
    assert_true(str_find(one, S("person_id")) < 0);
    assert_int_equal(tally_read(w->a, w->db, &w->member, &s, T0, &t), ERR_DENIED);
}

static int freeze(struct world *w, const struct actor *who, struct sheet_order order, usec now,
                  int64_t *ret_id)
{
    return sheet_freeze(w->a, w->db, who, &order, now, ret_id);
}

static void frozen(void **state)
{
    static const uint8_t seed[SIGN_SEED] = {1, 2, 3};
    struct world *w = *state;
    struct seminar s = play(w, 7, 8);
    struct sheet sheet, by_hash;
    struct sheet_list list;
    struct signer signer;
    char *changed;
    int64_t id = 0, second = 0;
    size_t at;

    assert_int_equal(sign_from_seed(seed, &signer), 0);
    assert_int_equal(freeze(w, &w->event, (struct sheet_order){&s, &signer, S(" ")}, T0, &id),
                     ERR_RANGE);
    assert_int_equal(freeze(w, &w->member, (struct sheet_order){&s, &signer, S("X")}, T0, &id),
                     ERR_DENIED);
    assert_int_equal(
        freeze(w, &w->event, (struct sheet_order){&s, &signer, S("The ministry")}, T0 + 7, &id), 0);
    assert_int_equal(sheet_by_id(w->a, w->db, &w->event, id, &sheet), 0);
    assert_int_equal(sheet.number, 1);
    assert_int_equal(sheet_verify(&sheet, sheet.json), 0);
    assert_int_equal(sheet_recompute(w->a, &sheet), 0);
    /* What happens later does not change it. */
    assert_int_equal(seminar_state_set(w->db, &w->event, s.id, SEMINAR_ARCHIVED, T0 + 9), 0);
    assert_int_equal(freeze(w, &w->event, (struct sheet_order){&s, &signer, S("The ministry")},
                            T0 + 10, &second),
                     0);
    assert_int_equal(sheet_list(w->a, w->db, &w->event, s.id, &list), 0);
    assert_int_equal(list.n, 2);
    assert_int_equal(list.row[0].number, 2);
    assert_int_equal(sheet_by_hash(w->a, w->db, sheet.hash, &by_hash), 0);
    assert_true(by_hash.id == id && !by_hash.json.p && !by_hash.records.p);
    assert_int_equal(sheet_by_hash(w->a, w->db, S("00"), &by_hash), ERR_NOT_FOUND);
    /* One byte of the file, or of the records, and it does not hold. */
    changed = arena_cstr(w->a, sheet.json);
    at = (size_t)str_find(sheet.json, S("\"value\":12"));
    changed[at + 9] = '3';
    assert_int_equal(sheet_verify(&sheet, (str){changed, sheet.json.n}), ERR_CRYPTO);
    changed = arena_cstr(w->a, sheet.records);
    at = (size_t)str_find(sheet.records, S("\"share\":100"));
    memcpy(changed + at, "\"share\":  1", 11);
    sheet.records = (str){changed, sheet.records.n};
    assert_int_equal(sheet_recompute(w->a, &sheet), ERR_CRYPTO);
}

static void csv(void **state)
{
    struct world *w = *state;
    struct seminar s = play(w, 7, 8);
    struct sheet_rows rows = rows_of(w, &s);
    struct tally t;
    str text, line;
    size_t n = 0;

    assert_int_equal(tally_read(w->a, w->db, &w->event, &s, T0, &t), 0);
    assert_int_equal(sheet_csv(w->a, &t, &rows, &text), 0);
    assert_true(
        str_find(text, S("\"persons.attended\",\"\",\"\",12,12,\"persons\",no,2027-03-15")) > 0);
    assert_true(str_find(text, S("\"gain.knowledge.declined\",\"\",\"\",,,\"persons\",yes")) > 0);
    while (str_line(&text, &line))
        n++;
    assert_int_equal(n, rows.n + 2);
}

/* The line of a figure ends with its period and its method. */
static bool has_period(str csv, const char *id, const char *period)
{
    str line;

    while (str_line(&csv, &line))
        if (str_find(line, str_c(id)) == 1) /* behind its quotation mark */
            return str_find(line, str_c(period)) > 0;
    fail_msg("no line %s", id);
    return false;
}

/* Counted ten days after the end: who came had come by then, the rest went on. */
static void periods(void **state)
{
    struct world *w = *state;
    struct seminar s = play(w, 7, 8);
    struct tally_views view = {S("seminar"), S("tk"), 40};
    struct sheet_head head = {0};
    struct indicator i;
    struct sheet_rows rows;
    struct tally t;
    str text, json;

    assert_int_equal(tally_read(w->a, w->db, &w->event, &s, T0 + 10 * USEC_DAY, &t), 0);
    t.views = &view;
    t.nviews = 1;
    assert_int_equal(indicator_of(w->a, &t, &i), 0);
    assert_int_equal(sheet_rows(w->a, &t, &i, &rows), 0);
    assert_int_equal(sheet_csv(w->a, &t, &rows, &text), 0);
    assert_true(has_period(text, "persons.attended", ",no,2027-03-15,2027-03-15,"));
    assert_true(has_period(text, "certificates.valid", ",2027-03-15,2027-03-25,"));
    assert_true(has_period(text, "certificates.revoked", ",2027-03-15,2027-03-25,"));
    assert_true(has_period(text, "agreed.conclusions", ",2027-03-15,2027-03-25,"));
    /* tests are open before the beginning, and after the end */
    assert_true(has_period(text, "tests.pre.knowledge", ",no,,2027-03-25,"));
    assert_true(has_period(text, "tests.post.knowledge", ",no,,2027-03-25,"));
    assert_true(has_period(text, "gain.knowledge.mean", ",no,,2027-03-25,"));
    assert_true(has_period(text, "gain.knowledge.declined", ",yes,,2027-03-25,"));
    assert_true(has_period(text, "views.seminar", ",no,,2027-03-25,"));
    assert_int_equal(sheet_json(w->a, &t, &rows, &head, &json), 0);
    assert_true(str_find(json, S("\"value\":40,\"from\":null,\"to\":\"2027-03-25T05:00:00Z\"")) >
                0);
    assert_true(str_find(json, S("\"from\":\"2027-03-15T05:00:00Z\",\"to\":\"2027-03-25T05:00:00Z\""
                                 ",\"unit\":\"certificates\"")) > 0);
}

/* A sheet from before figures said their period is computed again in the form it had. */
static void first_form(void **state)
{
    static const uint8_t seed[SIGN_SEED] = {1, 2, 3};
    struct world *w = *state;
    struct seminar s = play(w, 7, 8);
    struct sheet_head head = {.number = 1, .handed_to = S("X"), .frozen_at = T0,
                              .is_first_form = true};
    char hash[SIGN_HASH_TEXT];
    struct signer signer;
    struct sheet sheet;
    struct indicator i;
    struct sheet_rows rows;
    struct tally t;
    int64_t id = 0;
    ptrdiff_t at;

    assert_int_equal(sign_from_seed(seed, &signer), 0);
    assert_int_equal(freeze(w, &w->event, (struct sheet_order){&s, &signer, S("X")}, T0, &id), 0);
    assert_int_equal(sheet_by_id(w->a, w->db, &w->event, id, &sheet), 0);
    assert_true(str_starts(sheet.json, S("{\"format\":\"kengesh-sheet-2\"")));
    sign_hash(sheet.records, hash);
    head.records_hash = str_c(hash);
    assert_int_equal(tally_parse(w->a, sheet.records, &t), 0);
    assert_int_equal(indicator_of(w->a, &t, &i), 0);
    assert_int_equal(sheet_rows(w->a, &t, &i, &rows), 0);
    assert_int_equal(sheet_json(w->a, &t, &rows, &head, &sheet.json), 0);
    assert_true(str_starts(sheet.json, S("{\"format\":\"kengesh-sheet-1\"")));
    at = str_find(sheet.json, S("\"figures\":["));
    assert_true(at > 0 && str_find((str){sheet.json.p + at, sheet.json.n - (size_t)at},
                                   S("\"from\":")) < 0);
    assert_int_equal(sheet_recompute(w->a, &sheet), 0);
}

static const struct CMUnitTest tests[] = {ROW(figures),    ROW(loss_is_shown), ROW(few_pairs),
                                          ROW(text_round), ROW(frozen),        ROW(csv),
                                          ROW(periods),    ROW(first_form)};
SUITE(sheet);
