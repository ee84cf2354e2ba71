#include "suite.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* A work that adds one row (or fails as told) and says on the answer queue's thread how it went. */
struct job {
    struct work work;
    int64_t n;
    size_t bytes; /* of the row's body */
    int fail;     /* returned by act after its change */
    pthread_t acted, done;
    int result;
    bool is_done;
    atomic_uint *ndone;
};

static int act(struct work *w, struct db *db)
{
    struct job *j = (struct job *)w;
    struct stmt *q = db_stmt(db, "INSERT INTO text_history VALUES (?1, 'en', 1, ?2, NULL, 0)");
    char *body = calloc(1, j->bytes + 1);
    int r;

    memset(body, 'x', j->bytes);
    j->acted = pthread_self();
    stmt_i64(q, 1, j->n);
    stmt_str(q, 2, (str){body, j->bytes});
    r = stmt_run(q);
    free(body);
    return r < 0 ? r : j->fail;
}

static void done(struct work *w, int result)
{
    struct job *j = (struct job *)w;

    j->done = pthread_self();
    j->result = result;
    j->is_done = true;
    atomic_fetch_add(j->ndone, 1);
}

static struct job job_make(int64_t n, struct queue *answer, atomic_uint *ndone)
{
    return (struct job){
        .work = {.act = act, .done = done, .answer = answer}, .n = n, .ndone = ndone};
}

/* Texts 1 to 3000, so that the history rows of the tests have something to belong to. */
static void prepare(const char *path)
{
    struct db *db = NULL;

    assert_int_equal(db_open_write(path, &db), 0);
    assert_int_equal(
        db_script(db, "INSERT INTO texts (text_id) WITH RECURSIVE n(i) AS"
                      " (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) SELECT i FROM n"),
        0);
    db_close(db);
}

static void wait_for(struct queue *q, atomic_uint *ndone, unsigned n)
{
    while (atomic_load(ndone) < n) {
        queue_wait(q, 1000);
        queue_run(q);
    }
}

enum { JOBS = 1000 };

/*
 * Many works from the test's thread; each third fails and leaves nothing; answers come on the
 * queue's thread.
 */
static void groups(void **state)
{
    struct folder *f = *state;
    struct writer *w = NULL;
    struct queue *answers = NULL;
    struct job *jobs = calloc(JOBS, sizeof(*jobs));
    atomic_uint ndone = 0;
    struct db *db = NULL;

    prepare(f->path);
    assert_int_equal(writer_new(f->path, &w), 0);
    assert_int_equal(queue_new(0, &answers), 0);
    for (int i = 0; i < JOBS; i++) {
        jobs[i] = job_make(i + 1, answers, &ndone);
        jobs[i].fail = i % 3 == 2 ? ERR_DENIED : 0;
        assert_int_equal(writer_put(w, &jobs[i].work), 0);
    }
    wait_for(answers, &ndone, JOBS);
    for (int i = 0; i < JOBS; i++) {
        assert_int_equal(jobs[i].result, i % 3 == 2 ? ERR_DENIED : 0);
        assert_true(pthread_equal(jobs[i].done, pthread_self()));
        assert_false(pthread_equal(jobs[i].acted, pthread_self()));
    }
    writer_free(w);
    assert_int_equal(db_open_read(f->path, &db), 0);
    assert_int_equal(one_number(db, "SELECT count(*) FROM text_history"), JOBS - JOBS / 3);
    assert_int_equal(one_number(db, "SELECT count(*) FROM text_history WHERE text_id % 3 = 0"), 0);
    db_close(db);
    queue_free(answers);
    free(jobs);
}

/*
 * What waits when the writer stops is still done. Without an answer queue the store thread answers
 * itself.
 */
static void drained(void **state)
{
    struct folder *f = *state;
    struct writer *w = NULL;
    struct job *jobs = calloc(JOBS, sizeof(*jobs));
    atomic_uint ndone = 0;

    prepare(f->path);
    assert_int_equal(writer_new(f->path, &w), 0);
    for (int i = 0; i < JOBS; i++) {
        jobs[i] = job_make(i + 1, NULL, &ndone);
        writer_record(w, &jobs[i].work);
    }
    writer_free(w);
    assert_int_equal(atomic_load(&ndone), JOBS);
    for (int i = 0; i < JOBS; i++)
        assert_int_equal(jobs[i].result, 0);
    free(jobs);
}

struct limit {
    struct work work;
    atomic_uint *ndone;
};

static int limit_act(struct work *w, struct db *db)
{
    (void)w;
    return db_set_max_pages(db, 200);
}

static void limit_done(struct work *w, int result)
{
    (void)result;
    atomic_fetch_add(((struct limit *)w)->ndone, 1);
}

/*
 * The disk is full: the work that needs the room fails, those around it in the same group do not,
 * and what was acknowledged stays. The quota stands for the disk; SQLite reports both in the same
 * way.
 */
static void full(void **state)
{
    struct folder *f = *state;
    struct writer *w = NULL;
    struct queue *answers = NULL;
    struct job jobs[9];
    atomic_uint ndone = 0;
    struct limit limit = {{.act = limit_act, .done = limit_done}, &ndone};
    struct db *db = NULL;

    prepare(f->path);
    assert_int_equal(writer_new(f->path, &w), 0);
    assert_int_equal(queue_new(0, &answers), 0);
    limit.work.answer = answers;
    assert_int_equal(writer_put(w, &limit.work), 0);
    wait_for(answers, &ndone, 1);
    for (int i = 0; i < 9; i++) {
        jobs[i] = job_make(i + 1, answers, &ndone);
        jobs[i].bytes = i == 4 ? 4 << 20 : 100;
    }
    for (int i = 0; i < 9; i++)
        assert_int_equal(writer_put(w, &jobs[i].work), 0);
    wait_for(answers, &ndone, 10);
    for (int i = 0; i < 9; i++)
        assert_int_equal(jobs[i].result, i == 4 ? ERR_DISK_FULL : 0);
    writer_free(w);
    assert_int_equal(db_open_read(f->path, &db), 0);
    assert_int_equal(one_number(db, "SELECT count(*) FROM text_history"), 8);
    db_close(db);
    queue_free(answers);
}

struct look {
    struct job job; /* first */
    const struct writer *w;
    uint64_t seen;
};

static void look_done(struct work *w, int result)
{
    struct look *l = (struct look *)w;

    l->seen = writer_version(l->w);
    done(w, result);
}

/*
 * Who is told of a change sees a new version, already in the moment of being told; what is aside
 * leaves the version as it is.
 */
static void version(void **state)
{
    struct folder *f = *state;
    struct writer *w = NULL;
    struct queue *answers = NULL;
    atomic_uint ndone = 0;
    uint64_t before;

    prepare(f->path);
    assert_int_equal(writer_new(f->path, &w), 0);
    assert_int_equal(queue_new(0, &answers), 0);
    before = writer_version(w);
    for (unsigned i = 0; i < 20; i++) {
        struct look l = {.job = job_make(i + 1, NULL, &ndone), .w = w};

        l.job.work.done = look_done;
        l.job.work.is_aside = i % 2;
        assert_int_equal(writer_put(w, &l.job.work), 0);
        while (atomic_load(&ndone) <= i)
            queue_wait(answers, 1);
        assert_int_equal(l.seen, before + (i % 2 ? 0 : 1));
        before = l.seen;
    }
    writer_free(w);
    queue_free(answers);
}

static const struct CMUnitTest tests[] = {ROW(version), ROW(groups), ROW(drained), ROW(full)};
SUITE(writer);
