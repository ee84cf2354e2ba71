#include "app/record.h"

#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/attendance.h"
#include "domain/memory.h"
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
    if (connections)
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
    int e = attendance_close(db, &actor_server, r->seminar_id, r->at);

    return e == 0 ? memory_end(db, &actor_server, r->seminar_id) : e;
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

/* ---- what a restart must not lose ---- */

/* Its payload rides behind the record as bytes. */
static void post_memory(void *ctx, int64_t seminar_id, const void *p, size_t n, work_act_fn *act)
{
    const struct record what = {.what = "memory", .seminar_id = seminar_id, .n = (n + 7) / 8};
    int64_t copy[(sizeof(struct memory_chat) + 7) / 8] = {0};

    memcpy(copy, p, n);
    post(ctx, &what, copy, act);
}

static const void *payload(const struct work *w)
{
    return ((const struct record *)w)->connections;
}

static int act_memory_person(struct work *w, struct db *db)
{
    return memory_person(db, &actor_server, ((const struct record *)w)->seminar_id, payload(w));
}

static int act_memory_chat(struct work *w, struct db *db)
{
    return memory_chat(db, &actor_server, ((const struct record *)w)->seminar_id, payload(w));
}

static int act_memory_place(struct work *w, struct db *db)
{
    const struct record *r = (const struct record *)w;

    return memory_place(db, &actor_server, r->seminar_id, r->person_id, str_c(payload(w)));
}

static int act_memory_slide(struct work *w, struct db *db)
{
    const struct record *r = (const struct record *)w;

    return memory_slide(db, &actor_server, r->seminar_id, r->connection, r->state);
}

static int act_memory_lock(struct work *w, struct db *db)
{
    const struct record *r = (const struct record *)w;

    return memory_lock(db, &actor_server, r->seminar_id, r->state != 0);
}

static void memory_person_post(void *ctx, int64_t seminar_id, const struct memory_person *p)
{
    post_memory(ctx, seminar_id, p, sizeof(*p), act_memory_person);
}

static void memory_chat_post(void *ctx, int64_t seminar_id, const struct memory_chat *m)
{
    post_memory(ctx, seminar_id, m, sizeof(*m), act_memory_chat);
}

enum { TOKEN_BYTES = 64 }; /* a resume token and its NUL have 23 */

static void memory_place_post(void *ctx, int64_t seminar_id, int64_t person_id, str token)
{
    const struct record r = {.what = "place", .seminar_id = seminar_id, .person_id = person_id,
                             .n = TOKEN_BYTES / 8};
    int64_t copy[TOKEN_BYTES / 8] = {0};

    if (str_copy((char *)copy, sizeof(copy), token) == 0)
        post(ctx, &r, copy, act_memory_place);
}

static void memory_slide_post(void *ctx, int64_t seminar_id, int64_t deck, int number)
{
    const struct record r = {.what = "slide", .seminar_id = seminar_id, .connection = deck,
                             .state = number};

    post(ctx, &r, NULL, act_memory_slide);
}

static void memory_lock_post(void *ctx, int64_t seminar_id, bool is_on)
{
    const struct record r = {.what = "lock", .seminar_id = seminar_id, .state = is_on};

    log_info("room", is_on ? "lock" : "unlock", "seminar=%lld", (long long)seminar_id);
    post(ctx, &r, NULL, act_memory_lock);
}

struct record_port record_port(struct writer *w)
{
    return (struct record_port){.joined = joined, .seen = seen, .left = left, .closed = closed,
                                .state = state, .stage = stage, .slide = memory_slide_post,
                                .lock = memory_lock_post, .person = memory_person_post,
                                .place = memory_place_post, .chat = memory_chat_post, .ctx = w};
}
