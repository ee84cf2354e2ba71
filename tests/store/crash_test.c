#include "suite.h"

#include "base/random.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 * kill -9 in the middle of writes. A child runs the real writer and says each acknowledged number
 * into a pipe; the parent reads some random count of them, kills the child, opens the file, and
 * looks for every number that was said.
 *
 *     child:  work 1, 2, 3 …  ──▶ writer ──▶ commit ──▶ done ──▶ write(pipe, n)
 *     parent: read(pipe) × random ──▶ SIGKILL ──▶ read the rest of the pipe ──▶ every n is a row
 */
enum { ROUNDS = 12, MAX_ACKED = 100000 };

struct ack {
    struct work work;
    int64_t n;
    int fd;
};

static int ack_act(struct work *w, struct db *db)
{
    struct stmt *q = db_stmt(db, "INSERT INTO texts (text_id) VALUES (?1)");

    stmt_i64(q, 1, ((struct ack *)w)->n);
    return stmt_run(q);
}

static void ack_done(struct work *w, int result)
{
    struct ack *a = (struct ack *)w;

    if (result < 0 || write(a->fd, &a->n, sizeof(a->n)) != sizeof(a->n))
        _exit(1);
    free(a);
}

static void child(const char *path, int64_t from, int fd)
{
    struct writer *w = NULL;

    if (writer_new(path, &w) < 0)
        _exit(1);
    for (int64_t n = from;; n++) {
        struct ack *a = calloc(1, sizeof(*a));

        *a = (struct ack){{.act = ack_act, .done = ack_done}, n, fd};
        while (writer_put(w, &a->work) == ERR_FULL)
            (void)poll(NULL, 0, 1); /* the queue is full: let the writer go on */
    }
}

/*
 * Reads up to n numbers (0: until the end of the pipe); the largest seen so far goes to *io_last.
 */
static void acked_read(int fd, uint32_t n, int64_t *io_last)
{
    int64_t number;

    for (uint32_t i = 0; !n || i < n; i++) {
        ssize_t got = read(fd, &number, sizeof(number));

        if (got == 0)
            return;
        assert_int_equal(got, sizeof(number));
        assert_true(number == *io_last + 1); /* answered in order */
        *io_last = number;
    }
}

static void killed(void **state)
{
    struct folder *f = *state;
    int64_t last = 0;

    for (int round = 0; round < ROUNDS; round++) {
        struct db *db = NULL;
        int pipes[2], status;
        pid_t pid;

        assert_int_equal(pipe(pipes), 0);
        pid = fork();
        assert_true(pid >= 0);
        if (pid == 0) {
            close(pipes[0]);
            child(f->path, last + 1, pipes[1]);
        }
        close(pipes[1]);
        acked_read(pipes[0], 1 + random_u32() % 400, &last);
        assert_int_equal(kill(pid, SIGKILL), 0);
        assert_int_equal(waitpid(pid, &status, 0), pid);
        assert_true(WIFSIGNALED(status)); /* it had not ended by itself */
        acked_read(pipes[0], 0, &last);
        close(pipes[0]);
        assert_int_equal(db_open_write(f->path, &db), 0);
        /* Every acknowledged one is there; some more may be, committed but not yet said. */
        assert_true(one_number(db, "SELECT count(*) FROM texts") >= last);
        assert_int_equal(one_number(db, "SELECT count(*) = max(text_id) FROM texts"), 1);
        last = one_number(db, "SELECT max(text_id) FROM texts");
        db_close(db);
    }
}

/*
 * A real full disk, where a small tmpfs may be mounted (needs root in the test's environment;
 * skipped otherwise). The empty schema and its log take a good half of the 2 MB.
 */
static void real_full(void **state)
{
    struct folder *f = *state;
    struct db *db = NULL;
    int64_t n = 0;
    int r = 0;

    if (mount("none", f->dir, "tmpfs", 0, "size=2m") < 0)
        skip();
    assert_int_equal(db_open_write(f->path, &db), 0);
    while (r == 0 && n < MAX_ACKED) {
        r = stmt_run(
            db_stmt(db, "INSERT INTO text_history SELECT 1, 'en', coalesce(max(revision), 0) + 1,"
                        " printf('%2000c', 'x'), NULL, 0 FROM text_history"));
        if (n == 0 && r == ERR_CONFLICT) { /* the text it belongs to */
            r = stmt_run(db_stmt(db, "INSERT INTO texts (text_id) VALUES (1)"));
            continue;
        }
        n += r == 0;
    }
    assert_int_equal(r, ERR_DISK_FULL);
    assert_true(n > 10);
    assert_int_equal(one_number(db, "SELECT count(*) FROM text_history"), n);
    db_close(db);
    assert_int_equal(db_open_read(f->path, &db), 0);
    assert_int_equal(one_number(db, "SELECT count(*) FROM text_history"), n);
    db_close(db);
    assert_int_equal(umount(f->dir), 0);
}

static const struct CMUnitTest tests[] = {ROW(killed), ROW(real_full)};
SUITE(crash);
