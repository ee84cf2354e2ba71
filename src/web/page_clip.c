#include "web/page_clip.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/clip.h"
#include "domain/kit.h"
#include "gen/template.h"
#include "net/http.h"
#include "net/source.h"
#include "web/frame.h"
#include "web/guard.h"
#include "web/page_kit_desk.h"
#include "web/room_port.h"
#include "web/site.h"
#include "web/texts.h"
#include "web/visit.h"

#define STILL_NAME S("still.jpg")

enum { KB = 1024 };

/* To the next second, and no clip has none. */
static int64_t seconds_of(const struct clip *c)
{
    return c->length_ms < 1000 ? 1 : (c->length_ms + 500) / 1000;
}

str clip_about(struct exchange *x, const struct texts *t, const struct clip *c)
{
    const struct text_arg args[] = {
        {.name = "seconds", .n = seconds_of(c), .is_num = true},
        {.name = "dots",
         .s = frame_apart(x, arena_printf(x->arena, "%d × %d", c->width, c->height))},
        {.name = "kb", .n = (c->nbytes + KB - 1) / KB, .is_num = true}};
    struct sb b = sb_init(x->arena, 0);

    text_add(&b, t, TEXT_KIT_CLIP_ABOUT, args, NELEM(args));
    if (b.err) /* numbers are written with memory of their own */
        arena_spoil(x->arena);
    return arena_str(x->arena, sb_str(&b));
}

static enum text_id fault_text(int fault)
{
    static const enum text_id texts[CLIP_FAULTS] = {
        [CLIP_BROKEN] = TEXT_KIT_CLIP_BROKEN,   [CLIP_TWO_PICTURES] = TEXT_KIT_CLIP_TWO,
        [CLIP_CODEC] = TEXT_KIT_CLIP_CODEC,     [CLIP_TOO_WIDE] = TEXT_KIT_CLIP_WIDE,
        [CLIP_TOO_LONG] = TEXT_KIT_CLIP_LONG,   [CLIP_TOO_HARD] = TEXT_KIT_CLIP_HARD,
        [CLIP_NO_BOX] = TEXT_KIT_CLIP_NONE,     [CLIP_NO_TOOLS] = TEXT_KIT_CLIP_NONE,
        [CLIP_HIDES] = TEXT_KIT_CLIP_HIDES,
    };

    return fault > 0 && fault < CLIP_FAULTS ? texts[fault] : TEXT_NONE;
}

void clip_fill(struct exchange *x, const struct kit_item *i, str base, struct tpl_clip *v)
{
    const struct clip *c = &i->clip;

    *v = (struct tpl_clip){.id = i->id,
                           .is_waiting = c->state == CLIP_WAITING,
                           .fault = c->state == CLIP_FAILED ? fault_text(c->fault) : TEXT_NONE};
    if (c->state != CLIP_READY)
        return;
    v->file = clip_file_name(c->format);
    v->src = arena_printf(x->arena, "%.*s/%lld/%.*s", STR(base), (long long)i->id, STR(v->file));
    if (c->has_still)
        v->still = arena_printf(x->arena, "%.*s/%lld/%.*s", STR(base), (long long)i->id,
                                STR(STILL_NAME));
    v->width = c->width;
    v->height = c->height;
    v->about = clip_about(x, visit_texts(x), c);
    guard_media(x);
}

/* ---- the file ---- */

static int read_clip(struct exchange *x, uint64_t at, void *to, size_t room, size_t *ret_n)
{
    return clip_read(x->db, x->source->ctx, at, to, room, ret_n);
}

static int send_film(struct exchange *x, const struct clip *c)
{
    struct clip *kept = arena_make(x->arena, struct clip);
    struct http_source *s = arena_make(x->arena, struct http_source);

    if (!kept || !s)
        return ERR_MEM;
    *kept = *c;
    *s = (struct http_source){.size = (uint64_t)c->nbytes, .read = read_clip, .ctx = kept};
    x->source = s;
    x->type = str_c(clip_type(c->format));
    http_set(x, S("ETag"), arena_printf(x->arena, "\"%.*s\"", STR(c->digest)));
    return 0;
}

int clip_send(struct exchange *x, const struct clip *c, str name)
{
    str bytes = {0};
    int r = c->state == CLIP_READY ? 0 : ERR_NOT_FOUND;

    if (r == 0 && str_eq(name, clip_file_name(c->format)))
        return send_film(x, c);
    if (r == 0)
        r = str_eq(name, STILL_NAME) ? clip_still(x->arena, x->db, c, &bytes) : ERR_NOT_FOUND;
    if (r < 0)
        return r;
    sb_add(&x->reply, bytes);
    frame_send_type(x, 200, S("image/jpeg"));
    return 0;
}

/* ---- the desk ---- */

/* desk_clip_add_act stands beside the other forms of a kit: page_kit_desk.c. */
void desk_clip_add(struct exchange *x)
{
    static const struct {
        int code;
        enum text_id text;
    } problems[] = {
        {ERR_UNSUPPORTED, TEXT_KIT_CLIP_NOT}, {ERR_TOO_BIG, TEXT_KIT_CLIP_FULL},
        {ERR_FULL, TEXT_KIT_CLIP_FULL},       {ERR_RANGE, TEXT_KIT_CLIP_BAD},
        {ERR_ENCODING, TEXT_KIT_CLIP_BAD},
    };
    const struct room_port *room = site_of(x)->conf.room;

    if (x->result == 0) {
        if (room && room->slides_came)
            room->slides_came(room->ctx);
        desk_kit_done(x);
        return;
    }
    for (size_t i = 0; i < NELEM(problems); i++) {
        if (problems[i].code == x->result) {
            desk_kit_again(x, visit_status(x->result), problems[i].text);
            return;
        }
    }
    visit_fail(x, x->result);
}
