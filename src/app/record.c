#include "app/record.h"

#include "base/err.h"
#include "base/log.h"
#include "domain/actor.h"
#include "domain/attendance.h"
#include "domain/seminar.h"
#include "store/writer.h"

#include <stdlib.h>
#include <string.h>

/* One thing that happened. live has checked that the person may do it; here the server itself
 * writes it down. */
struct record {
    struct work work;
    const char *what;
    int64_t seminar_id, person_id, connection;
    int state;
    usec at;
    size_t n;
    int64_t connections[];
};

static void done(struct work *w, int result)
{
    struct record *r = (struct record *)w;

    if (result < 0)
        log_error("record", r->what, "seminar=%lld error=\"%s\"", (long long)r->seminar_id,
                  err_text(result));
    free(r);
}

static void post(void *ctx, const struct record *what, const int64_t *connections, work_act_fn *act)
{
    struct record *r = malloc(sizeof(*r) + what->n * sizeof(connections[0]));

    if (!r) {
        log_error("record", what->what, "seminar=%lld error=\"%s\"", (long long)what->seminar_id,
                  err_text(ERR_MEM));
        return;
    }
    *r = *what;
    if (what->n)
        memcpy(r->connections, connections, what->n * sizeof(connections[0]));
    r->work.act = act;
    r->work.done = done;
    writer_record(ctx, &r->work);
}

static int act_joined(struct work *w, struct db *db)
{
    const struct record *r = (const struct record *)w;

    return attendance_join(db, &actor_server, r->seminar_id, r->person_id, r->connection, r->at);
}

static int act_seen(struct work *w, struct db *db)
{
    const struct record *r = (const struct record *)w;

    return attendance_seen(db, &actor_server, r->connections, r->n, r->at);
}

static int act_left(struct work *w, struct db *db)
{
    const struct record *r = (const struct record *)w;

    return attendance_left(db, &actor_server, r->connection, r->at);
}

static int act_closed(struct work *w, struct db *db)
{
    const struct record *r = (const struct record *)w;

    return attendance_close(db, &actor_server, r->seminar_id, r->at);
}

static int act_state(struct work *w, struct db *db)
{
    const struct record *r = (const struct record *)w;

    return seminar_state_set(db, &actor_server, r->seminar_id, r->state, r->at);
}

static int act_stage(struct work *w, struct db *db)
{
    const struct record *r = (const struct record *)w;

    return seminar_stage_set(db, &actor_server, r->seminar_id, r->person_id, r->at);
}

static void joined(void *ctx, int64_t seminar_id, int64_t person_id, int64_t connection, usec at)
{
    const struct record r = {.what = "joined",
                             .seminar_id = seminar_id,
                             .person_id = person_id,
                             .connection = connection,
                             .at = at};

    post(ctx, &r, NULL, act_joined);
}

static void seen(void *ctx, int64_t seminar_id, const int64_t *connections, size_t n, usec at)
{
    const struct record r = {.what = "seen", .seminar_id = seminar_id, .at = at, .n = n};

    post(ctx, &r, connections, act_seen);
}

static void left(void *ctx, int64_t seminar_id, int64_t connection, usec at)
{
    const struct record r = {
        .what = "left", .seminar_id = seminar_id, .connection = connection, .at = at};

    post(ctx, &r, NULL, act_left);
}

static void closed(void *ctx, int64_t seminar_id, usec at)
{
    const struct record r = {.what = "closed", .seminar_id = seminar_id, .at = at};

    post(ctx, &r, NULL, act_closed);
}

static void state(void *ctx, int64_t seminar_id, int64_t by_person_id, int to, usec at)
{
    const struct record r = {.what = "state",
                             .seminar_id = seminar_id,
                             .person_id = by_person_id,
                             .state = to,
                             .at = at};

    log_info("room", seminar_state_name(to), "seminar=%lld by=%lld", (long long)seminar_id,
             (long long)by_person_id);
    post(ctx, &r, NULL, act_state);
}

static void stage(void *ctx, int64_t seminar_id, int64_t by_person_id, int64_t person_id, usec at)
{
    const struct record r = {
        .what = "stage", .seminar_id = seminar_id, .person_id = person_id, .at = at};

    log_info("room", "stage", "seminar=%lld person=%lld by=%lld", (long long)seminar_id,
             (long long)person_id, (long long)by_person_id);
    post(ctx, &r, NULL, act_stage);
}

struct record_port record_port(struct writer *w)
{
    return (struct record_port){.joined = joined,
                                .seen = seen,
                                .left = left,
                                .closed = closed,
                                .state = state,
                                .stage = stage,
                                .ctx = w};
}
