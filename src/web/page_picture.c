#include "web/page_picture.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/news.h"
#include "domain/picture.h"
#include "gen/template.h"
#include "net/http.h"
#include "web/frame.h"
#include "web/news_bar.h"
#include "web/room_port.h"
#include "web/site.h"
#include "web/texts.h"
#include "web/visit.h"

/* Decoding and writing five files takes a second or two: the page asks again by itself. */
#define REFRESH_S "3"

static enum text_id fault_text(int fault)
{
    static const enum text_id texts[PICTURE_FAULTS] = {
        [PICTURE_BROKEN] = TEXT_PIC_BROKEN,
        [PICTURE_TOO_HARD] = TEXT_PIC_TOO_HARD,
        [PICTURE_NO_BOX] = TEXT_ROOM_DECK_NO_BOX,
        [PICTURE_NO_TOOLS] = TEXT_ROOM_DECK_NO_TOOLS,
    };

    return fault > 0 && fault < PICTURE_FAULTS ? texts[fault] : TEXT_NONE;
}

/* ---- the desk ---- */

static struct tpl_picture_row row_of(struct exchange *x, const struct picture *p)
{
    struct tpl_picture_row v = {
        .id = p->id,
        .base = news_bar_url(x, ""),
        .csrf_token = visit_csrf(x),
        .code = http_param(x, S("code")),
        .is_ready = p->state == PICTURE_READY,
        .is_waiting = p->state == PICTURE_WAITING,
        .fault = fault_text(p->fault),
        .width = p->width,
        .height = p->height,
        .alt = p->alt.p ? p->alt : S(""),
        .credit = p->credit,
        .alt_revision = p->alt_revision,
        .is_shown = p->is_checked,
        .lacks_words = !p->alt.n || !p->credit.n,
    };

    if (v.is_ready)
        v.src = arena_printf(x->arena, "/desk/pictures/%lld/%s", (long long)p->id,
                             picture_size_name(PICTURE_W320));
    return v;
}

static void show(struct exchange *x, int status, enum text_id problem)
{
    static const struct frame_word done[] = {{S("added"), TEXT_PIC_ADDED},
                                             {S("saved"), TEXT_PIC_SAVED},
                                             {S("removed"), TEXT_PIC_REMOVED}};
    struct tpl_news_pictures v = {.csrf_token = visit_csrf(x),
                                  .base = news_bar_url(x, ""),
                                  .problem = problem,
                                  .most = MAX_PICTURES,
                                  .megabytes = MAX_HTTP_BODY >> 20};
    struct tpl_picture_row *row = NULL;
    struct picture_list l = {0};
    struct news n;
    int r = news_bar_item(x, x->db, &n);

    if (r == 0)
        r = news_bar_fill(x, &n, NEWS_PICTURES, &v.bar, NULL);
    if (r == 0)
        r = picture_list(x->arena, x->db, x->actor, n.id, http_param(x, S("code")), &l);
    if (r == 0)
        row = arena_array(x->arena, l.n, sizeof(*row));
    if (r < 0 || !row) {
        visit_fail(x, r < 0 ? r : ERR_MEM);
        return;
    }
    for (size_t i = 0; i < l.n; i++) {
        row[i] = row_of(x, &l.row[i]);
        v.has_waiting |= row[i].is_waiting;
    }
    v.pictures = row;
    v.npictures = l.n;
    v.done = frame_word(x, S("done"), done, NELEM(done));
    if (v.has_waiting)
        http_set(x, S("Refresh"), S(REFRESH_S));
    frame_fill(x, &v.page, texts_get(visit_texts(x), TEXT_PIC_TITLE), news_bar_url(x, "/pictures"));
    tpl_news_pictures(&x->reply, visit_texts(x), &v);
    frame_send(x, status);
}

void news_pictures(struct exchange *x)
{
    show(x, 200, TEXT_NONE);
}

static void answer(struct exchange *x, const char *done)
{
    static const struct {
        int code;
        enum text_id text;
    } problems[] = {
        {ERR_UNSUPPORTED, TEXT_PIC_NOT_ONE}, {ERR_SYNTAX, TEXT_PIC_BROKEN},
        {ERR_TOO_BIG, TEXT_PIC_BOMB},        {ERR_FULL, TEXT_PIC_FULL},
        {ERR_CONFLICT, TEXT_PIC_CONFLICT},   {ERR_ENCODING, TEXT_EDIT_PROBLEM},
    };

    if (x->result == 0) {
        http_redirect(x, 303, news_bar_url(x, done));
        return;
    }
    for (size_t i = 0; i < NELEM(problems); i++) {
        if (problems[i].code == x->result) {
            show(x, visit_status(x->result), problems[i].text);
            return;
        }
    }
    visit_fail(x, x->result);
}

int news_picture_add_act(struct exchange *x, struct db *db)
{
    struct news n;
    int64_t id;
    int r = news_bar_item(x, db, &n);

    return r < 0
               ? r
               : picture_add(db, x->actor, n.id, http_file(x, S("file"), NULL), visit_now(x), &id);
}

void news_picture_add(struct exchange *x)
{
    const struct room_port *room = site_of(x)->conf.room;

    if (x->result == 0 && room && room->slides_came)
        room->slides_came(room->ctx);
    answer(x, "/pictures?done=added");
}

static int read_id(struct exchange *x, struct db *db, struct news *ret_news, int64_t *ret_id)
{
    int r = str_i64(http_param(x, S("id")), 1, INT64_MAX, ret_id) < 0 ? ERR_NOT_FOUND : 0;

    return r < 0 ? r : news_bar_item(x, db, ret_news);
}

int news_picture_save_act(struct exchange *x, struct db *db)
{
    struct picture_words in = {.lang = http_param(x, S("code")),
                               .alt = news_bar_field(x, "alt"),
                               .credit = news_bar_field(x, "credit")};
    struct news n;
    int64_t id;
    int r = read_id(x, db, &n, &id);

    if (r == 0)
        r = str_i64(http_field(x, S("alt_revision")), 0, INT64_MAX, &in.alt_revision);
    return r < 0 ? r : picture_put(db, x->actor, n.id, id, &in, visit_now(x));
}

void news_picture_save(struct exchange *x)
{
    answer(x, "/pictures?done=saved");
}

int news_picture_remove_act(struct exchange *x, struct db *db)
{
    struct news n;
    int64_t id;
    int r = read_id(x, db, &n, &id);

    return r < 0 ? r : picture_remove(db, x->actor, n.id, id, visit_now(x));
}

void news_picture_remove(struct exchange *x)
{
    answer(x, "/pictures?done=removed");
}

/* ---- bytes ---- */

static void send(struct exchange *x, const char *cache)
{
    struct picture_ask ask = {.now = visit_now(x)};
    int r = str_i64(http_param(x, S("id")), 1, INT64_MAX, &ask.id) < 0 ? ERR_NOT_FOUND : 0;
    str bytes = {0};

    if (r == 0)
        r = picture_size_parse(http_param(x, S("name")), &ask.size);
    if (r == 0)
        r = picture_image(x->arena, x->db, x->actor, &ask, &bytes);
    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    http_set(x, S("Cache-Control"), str_c(cache));
    http_text(x, 200, picture_size_is_jpeg(ask.size) ? S("image/jpeg") : S("image/webp"), bytes);
}

void desk_picture(struct exchange *x)
{
    send(x, "private, max-age=600");
}

/* Ten minutes: a story that is taken back is to vanish from caches soon. */
void picture(struct exchange *x)
{
    send(x, "public, max-age=600");
}

/* ---- figures ---- */

static int width_of(const struct picture_image_list *l, int size)
{
    for (size_t i = 0; i < l->n; i++)
        if (l->row[i].size == size)
            return l->row[i].width;
    return 0;
}

/* A picture that is narrower than a size comes once, not twice by two names. */
static int figure_of(struct exchange *x, const struct picture *p, struct tpl_figure *to)
{
    struct picture_image_list l;
    int r = picture_images(x->db, p->id, &l);

    if (r < 0)
        return r;
    *to = (struct tpl_figure){
        .id = p->id,
        .small = width_of(&l, PICTURE_W320),
        .middle = width_of(&l, PICTURE_W640),
        .large = width_of(&l, PICTURE_W1280),
        .alt = p->alt,
        .credit = p->credit,
        .width = p->width,
        .height = p->height,
        .src =
            arena_printf(x->arena, "/p/%lld/%s", (long long)p->id, picture_size_name(PICTURE_J640)),
    };
    if (to->middle <= to->small)
        to->middle = 0;
    if (to->large <= (to->middle ? to->middle : to->small))
        to->large = 0;
    return 0;
}

int picture_figures(struct exchange *x, int64_t news_id, str lang,
                    const struct tpl_figure **ret_row, size_t *ret_n)
{
    struct tpl_figure *row;
    struct picture_list l;
    int r = picture_shown(x->arena, x->db, news_id, lang, visit_now(x), &l);

    row = r == 0 ? arena_array(x->arena, l.n, sizeof(*row)) : NULL;
    if (!row)
        return r < 0 ? r : ERR_MEM;
    for (size_t i = 0; r == 0 && i < l.n; i++)
        r = figure_of(x, &l.row[i], &row[i]);
    if (r < 0)
        return r;
    *ret_row = row;
    *ret_n = l.n;
    return 0;
}
