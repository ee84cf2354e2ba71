#include "web/page_slides.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/sb.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/seminar.h"
#include "domain/slides.h"
#include "gen/template.h"
#include "net/http.h"
#include "web/frame.h"
#include "web/room_port.h"
#include "web/site.h"
#include "web/texts.h"
#include "web/visit.h"

#define JSON_TYPE S("application/json")

/* Half a megabyte is drawn in a second or two: the page asks again by itself. */
#define REFRESH_S "3"

static enum text_id fault_text(int fault)
{
    static const enum text_id texts[DECK_FAULTS] = {
        [DECK_FINE] = TEXT_NONE,
        [DECK_NOT_PDF] = TEXT_ROOM_DECK_NOT_PDF,
        [DECK_LOCKED] = TEXT_ROOM_DECK_LOCKED,
        [DECK_TOO_MANY] = TEXT_ROOM_DECK_TOO_MANY,
        [DECK_TOO_HARD] = TEXT_ROOM_DECK_TOO_HARD,
        [DECK_NO_BOX] = TEXT_ROOM_DECK_NO_BOX,
        [DECK_NO_TOOLS] = TEXT_ROOM_DECK_NO_TOOLS,
    };

    return fault > 0 && fault < DECK_FAULTS ? texts[fault] : TEXT_NONE;
}

static const char *fault_key(int fault)
{
    static const char *const keys[DECK_FAULTS] = {
        "", "room.deck_not_pdf", "room.deck_locked", "room.deck_too_many", "room.deck_too_hard",
        "room.deck_no_box", "room.deck_no_tools"};

    return fault > 0 && fault < DECK_FAULTS ? keys[fault] : "";
}

static int seminar_of(struct exchange *x, struct db *db, struct seminar *ret_seminar)
{
    return seminar_by_slug(x->arena, db, http_param(x, S("slug")), visit_lang(x), ret_seminar);
}

/* ---- what the room fetches ---- */

static void send_json(struct exchange *x, int status, struct sb *b)
{
    http_set(x, S("Cache-Control"), S("private, no-store"));
    http_text(x, status, JSON_TYPE, sb_str(b));
}

/* A script asks: it needs a status and a word, not a page. */
static void fail_json(struct exchange *x, int code, const char *key)
{
    struct sb b = sb_init(x->arena, 0);

    sb_printf(&b, "{\"error\":\"%s\"}\n", key);
    send_json(x, visit_status(code), &b);
}

static void add_deck(struct sb *b, const struct deck *d)
{
    static const char *const states[] = {"", "waiting", "ready", "failed"};

    sb_printf(b, "{\"id\":%lld,\"name\":", (long long)d->id);
    sb_json(b, d->name);
    sb_printf(b, ",\"state\":\"%s\",\"done\":%d,\"of\":%d,\"fault\":\"%s\"}",
              states[d->state > 0 && d->state < (int)NELEM(states) ? d->state : 0], d->ndone,
              d->nslides, fault_key(d->fault));
}

static void send_decks(struct exchange *x, int status)
{
    struct sb b = sb_init(x->arena, 0);
    struct deck_list l = {0};
    struct seminar s = {0};
    int r = seminar_of(x, x->db, &s);

    if (r == 0)
        r = deck_list(x->arena, x->db, x->actor, s.id, &l);
    if (r < 0) {
        fail_json(x, r, "room.deck_failed");
        return;
    }
    sb_c(&b, "{\"decks\":[");
    for (size_t i = 0; i < l.n; i++) {
        sb_c(&b, i ? "," : "");
        add_deck(&b, &l.row[i]);
    }
    sb_c(&b, "]}\n");
    send_json(x, status, &b);
}

void slides(struct exchange *x)
{
    send_decks(x, 200);
}

/* The deck that the address names; whether it belongs to the seminar is asked with the read. */
static int deck_of(struct exchange *x, struct deck *ret_deck)
{
    struct seminar s;
    int64_t id;
    int r = str_i64(http_param(x, S("deck")), 1, INT64_MAX, &id);

    if (r == 0)
        r = seminar_of(x, x->db, &s);
    if (r < 0)
        return ERR_NOT_FOUND;
    *ret_deck = (struct deck){.id = id, .seminar_id = s.id};
    return 0;
}

void slide_words(struct exchange *x)
{
    struct sb b = sb_init(x->arena, 0);
    struct slide_list l;
    struct deck d;
    int r = deck_of(x, &d);

    if (r == 0)
        r = slide_list(x->arena, x->db, x->actor, &d, &l);
    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    sb_c(&b, "{\"slides\":[");
    for (size_t i = 0; i < l.n; i++) {
        sb_printf(&b, "%s{\"number\":%d,\"width\":%d,\"height\":%d,\"text\":", i ? "," : "",
                  l.row[i].number, l.row[i].width, l.row[i].height);
        sb_json(&b, l.row[i].text);
        sb_char(&b, '}');
    }
    sb_c(&b, "]}\n");
    send_json(x, 200, &b);
}

/* "3-small.webp" */
static int parse_picture(str name, struct slide_at *ret_at)
{
    struct str_pair dot = str_cut(name, '.'), dash = str_cut(dot.head, '-');
    uint64_t number;

    if (!str_eq(dot.tail, S("webp")) || str_u64(dash.head, MAX_SLIDES, &number) < 0)
        return ERR_NOT_FOUND;
    ret_at->number = (int)number;
    return slide_size_parse(dash.tail, &ret_at->size);
}

void slide_picture(struct exchange *x)
{
    struct slide_at at = {0};
    struct deck d = {0};
    int r = deck_of(x, &d);
    str bytes = {0};

    if (r == 0)
        r = parse_picture(http_param(x, S("picture")), &at);
    if (r == 0) {
        at.deck_id = d.id;
        at.seminar_id = d.seminar_id;
        r = slide_image(x->arena, x->db, x->actor, &at, &bytes);
    }
    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    http_set(x, S("Cache-Control"), S("private, max-age=31536000, immutable"));
    http_text(x, 200, S("image/webp"), bytes);
}

/* ---- bringing ---- */

/* What people see: without the folders that some browsers send, cut at a whole character. */
static str shown_name(str file)
{
    struct str_pair cut = str_rcut(file, '/');
    str name = str_trim(cut.ok ? cut.tail : file);

    cut = str_rcut(name, '\\');
    name = str_take(cut.ok ? cut.tail : name, MAX_SHOWN_BYTES);
    while (name.n && !str_is_utf8(name))
        name.n--;
    return name.n ? name : S("slides.pdf");
}

int slides_add_act(struct exchange *x, struct db *db)
{
    struct deck d = {0};
    struct seminar s;
    str file = {0}, pdf;
    int64_t id;
    int r = seminar_of(x, db, &s);

    if (r < 0)
        return r;
    pdf = http_file(x, S("file"), &file);
    d.seminar_id = s.id;
    d.name = shown_name(file);
    return deck_add(db, x->actor, &d, pdf, visit_now(x), &id);
}

static void wake(struct exchange *x)
{
    const struct room_port *room = site_of(x)->conf.room;

    if (room && room->slides_came)
        room->slides_came(room->ctx);
}

void slides_add(struct exchange *x)
{
    if (x->result == 0) {
        wake(x);
        send_decks(x, 201);
    } else {
        fail_json(x, x->result,
                  x->result == ERR_UNSUPPORTED ? "room.deck_not_pdf"
                  : x->result == ERR_FULL      ? "room.deck_full"
                                               : "room.deck_failed");
    }
}

/* ---- the desk ---- */

static int fill_decks(struct exchange *x, const struct deck_list *l, struct tpl_desk_slides *v)
{
    struct tpl_desk_slides_decks *row = arena_array(x->arena, l->n, sizeof(*row));

    if (!row)
        return ERR_MEM;
    for (size_t i = 0; i < l->n; i++) {
        const struct deck *d = &l->row[i];

        row[i] = (struct tpl_desk_slides_decks){
            .id = d->id,
            .name = d->name,
            .of = d->nslides,
            .ndone = d->ndone,
            .is_ready = d->state == DECK_READY,
            .is_waiting = d->state == DECK_WAITING,
            .is_long = d->fault == DECK_TOO_MANY,
            .fault = fault_text(d->fault),
            .at = d->added_at,
        };
        if (d->state == DECK_READY)
            row[i].first = arena_printf(x->arena, "/s/%.*s/slides/%lld/1-small.webp",
                                        STR(http_param(x, S("slug"))), (long long)d->id);
        v->has_waiting |= d->state == DECK_WAITING;
    }
    v->decks = row;
    v->ndecks = l->n;
    return 0;
}

static void show_desk(struct exchange *x, int status, enum text_id problem)
{
    static const struct frame_word done[] = {{S("add"), TEXT_LIVE_DECK_ADDED},
                                             {S("remove"), TEXT_LIVE_DECK_REMOVED}};
    struct tpl_desk_slides v = {.csrf_token = visit_csrf(x), .problem = problem};
    struct deck_list l;
    struct seminar s;
    int r = seminar_of(x, x->db, &s);

    if (r == 0)
        r = deck_list(x->arena, x->db, x->actor, s.id, &l);
    if (r == 0)
        r = fill_decks(x, &l, &v);
    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    visit_zone_set(x, s.zone);
    v.base = arena_printf(x->arena, "/desk/s/%.*s", STR(s.slug));
    v.seminar = frame_text(&s.title, s.slug);
    v.seminar_lang = frame_foreign(&s.title);
    v.is_full = problem == TEXT_ROOM_DECK_FULL;
    v.most = MAX_DECKS;
    v.pages = MAX_SLIDES;
    v.megabytes = MAX_HTTP_DECK >> 20;
    v.done = frame_word(x, S("done"), done, NELEM(done));
    if (v.has_waiting)
        http_set(x, S("Refresh"), S(REFRESH_S));
    frame_fill(x, &v.page, texts_get(visit_texts(x), TEXT_LIVE_SLIDES),
               arena_printf(x->arena, "%.*s/slides", STR(v.base)));
    tpl_desk_slides(&x->reply, visit_texts(x), &v);
    frame_send(x, status);
}

void desk_slides(struct exchange *x)
{
    show_desk(x, 200, TEXT_NONE);
}

static void back(struct exchange *x, const char *word)
{
    http_redirect(x, 303, arena_printf(x->arena, "/desk/s/%.*s/slides?done=%s",
                                       STR(http_param(x, S("slug"))), word));
}

void desk_slides_add(struct exchange *x)
{
    if (x->result == 0) {
        wake(x);
        back(x, "add");
    } else if (x->result == ERR_UNSUPPORTED) {
        show_desk(x, visit_status(x->result), TEXT_ROOM_DECK_NOT_PDF);
    } else if (x->result == ERR_FULL) {
        show_desk(x, visit_status(x->result), TEXT_ROOM_DECK_FULL);
    } else {
        visit_fail(x, x->result);
    }
}

int desk_slides_remove_act(struct exchange *x, struct db *db)
{
    struct seminar s;
    int64_t id;
    int r = str_i64(http_param(x, S("id")), 1, INT64_MAX, &id);

    if (r == 0)
        r = seminar_of(x, db, &s);
    return r == 0 ? deck_remove(db, x->actor, s.id, id) : ERR_NOT_FOUND;
}

/* The room must not show what is gone. */
static void tell_room(struct exchange *x)
{
    const struct room_port *room = site_of(x)->conf.room;
    struct deck_list l;
    struct seminar s;

    if (room && room->decks && seminar_of(x, x->db, &s) == 0 &&
        deck_list(x->arena, x->db, x->actor, s.id, &l) == 0)
        room->decks(room->ctx, s.id, &l);
}

void desk_slides_remove(struct exchange *x)
{
    if (x->result < 0) {
        visit_fail(x, x->result);
        return;
    }
    tell_room(x);
    back(x, "remove");
}
