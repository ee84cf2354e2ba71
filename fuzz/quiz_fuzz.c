/*
 * quiz.json, imported into a store in memory that is put back after every input. What was taken can
 * be read, its answers have a worth from 0 to 1, and importing it again gives the same number of
 * questions.
 */
#include "base/arena.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/quiz.h"
#include "store/db.h"

#include "fuzz.h"

enum { SEMINAR = 1 };

static void make_seminar(struct db *db)
{
    CHECK(db_script(db,
                    "INSERT INTO texts (text_id) VALUES (1);"
                    "INSERT INTO programmes (programme_id, slug, title_text_id, is_period_sample,"
                    " added_at) VALUES (1, 'p', 1, 0, 0);"
                    "INSERT INTO seminars (seminar_id, programme_id, slug, title_text_id,"
                    " short_title_text_id, zone, starts_at, minutes, floor_lang, langs, policy,"
                    " state, sample, is_demo, added_at)"
                    " VALUES (1, 1, 's', 1, 1, 'UTC', 0, 60, 'ru', 'ru,en', 1, 1, 0, 0, 0)") == 0);
}

static size_t read_back(struct arena *a, struct db *db, int kind)
{
    struct question_list list;
    struct quiz z;

    CHECK(quiz_by_kind(db, &actor_server, SEMINAR, kind, &z) == 0);
    CHECK(quiz_questions(a, db, &actor_server, &z, S("tk"), &list) == 0);
    CHECK(list.n > 0 && (int)list.n == z.nquestions);
    for (size_t i = 0; i < list.n; i++) {
        CHECK(list.row[i].text.body.n && list.row[i].source.n);
        for (int64_t v = -1; v < 300; v++) {
            double share = question_share(&list.row[i], v);

            CHECK(share >= 0 && share <= 1);
        }
    }
    return list.n;
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    static struct db *db; /* lives as long as the process: its schema takes longer than a run */
    struct quiz_file file = {SEMINAR, {(const char *)p, n}};
    struct arena *a = arena_new();
    str fault = {0};

    CHECK(a);
    if (!db) {
        CHECK(db_open_memory(&db) == 0);
        make_seminar(db);
    }
    CHECK(db_begin(db) == 0);
    if (quiz_import(a, db, &actor_server, &file, 1, &fault) == 0) {
        size_t npre = read_back(a, db, QUIZ_PRE), npost = read_back(a, db, QUIZ_POST);

        CHECK(quiz_import(a, db, &actor_server, &file, 2, &fault) == 0);
        CHECK(read_back(a, db, QUIZ_PRE) == npre && read_back(a, db, QUIZ_POST) == npost);
    } else {
        CHECK(fault.p);
    }
    db_abort(db);
    arena_free(a);
    return 0;
}
