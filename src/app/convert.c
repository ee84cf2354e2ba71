#include "app/convert.h"

#include "app/box.h"
#include "app/convert_i.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/queue.h"
#include "base/rd.h"
#include "base/sb.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/slides.h"
#include "store/db.h"
#include "store/writer.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

/*
 *   in.pdf ─pdfinfo─▶ how many pages; needs it a password?
 *     page n ─pdftocairo─▶ page.png (longer side 1,600) ─cwebp─▶ 1,600, 800, 320
 *            ─pdftotext──▶ words
 */

enum { LONG_SIDE = 1600, PATIENCE_S = 90, TOO_OFTEN_S = 5, LOOK_S = 5 };

/* How a size is made: its longer side, quality, and the bytes it may have. */
static const struct {
    int side, quality;
    size_t max;
} sizes[SLIDE_SIZES] = {
    [SLIDE_SMALL] = {320, 55, MAX_SLIDE_SMALL},
    [SLIDE_MEDIUM] = {800, 60, MAX_SLIDE_MEDIUM},
    [SLIDE_LARGE] = {LONG_SIDE, 70, MAX_SLIDE_BYTES},
};

/* ---- the store ---- */

struct put {
    struct convert_put head;   /* first */
    int64_t deck_id;
    int number;                /* of what deck_begin and deck_end take */
    const struct slide *slide; /* NULL: one of those */
    bool is_end;
};

static int put_act(struct work *w, struct db *db)
{
    const struct put *p = (const struct put *)(void *)w;

    if (p->slide)
        return slide_put(db, &actor_server, p->deck_id, p->slide);
    if (p->is_end)
        return deck_end(db, &actor_server, p->deck_id, p->number);
    return deck_begin(db, &actor_server, p->deck_id, p->number);
}

static void put_done(struct work *w, int result)
{
    struct convert_put *p = (struct convert_put *)(void *)w;

    p->result = result;
    p->is_answered = true;
}

/* The writer answers into our queue, and nothing else of importance comes there. */
int convert_put(struct convert *c, struct convert_put *p)
{
    p->work.done = put_done;
    p->work.answer = c->queue;
    writer_record(c->conf.writer, &p->work);
    while (!p->is_answered) {
        queue_wait(c->queue, -1);
        queue_run(c->queue);
    }
    return p->result;
}

static int put(struct convert *c, struct put *p)
{
    p->head.work.act = put_act;
    return convert_put(c, &p->head);
}

/* ---- files ---- */

const char *convert_path(struct convert *c, const char *name)
{
    return file_join(c->arena, c->folder, name);
}

void convert_empty(struct convert *c)
{
    DIR *d = opendir(c->folder);
    const struct dirent *e;

    while (d && (e = readdir(d)) != NULL) {
        if (e->d_name[0] != '.')
            (void)unlinkat(dirfd(d), e->d_name, 0);
    }
    if (d)
        closedir(d);
}

int convert_write(const char *path, str bytes)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    int r = fd < 0 ? err_from_errno(errno) : 0;

    while (r == 0 && bytes.n) {
        ssize_t n = write(fd, bytes.p, bytes.n);

        if (n < 0 && errno != EINTR)
            r = err_from_errno(errno);
        else if (n > 0)
            bytes = str_from(bytes, (size_t)n);
    }
    if (fd >= 0)
        close(fd);
    return r;
}

/* ---- programs ---- */

static int fault_of(int r)
{
    switch (r) {
    case 0: return DECK_FINE;
    case ERR_UNSUPPORTED: return DECK_NO_BOX;
    case ERR_NOT_FOUND: return DECK_NO_TOOLS;
    case ERR_SYNTAX: return DECK_NOT_PDF;
    default: return DECK_TOO_HARD; /* the disk is full, the store says no */
    }
}

int convert_run(const struct convert *c, struct box *b)
{
    int code = 0, r;

    b->folder = c->folder;
    b->patience_s = PATIENCE_S;
    r = box_run(b, &code);
    return r == 0 && code != 0 ? ERR_SYNTAX : r;
}

/* The line "Pages:   12" of pdfinfo. */
static int read_pages(str info, int *ret_npages)
{
    str line;
    uint64_t n;

    while (str_line(&info, &line)) {
        struct str_pair cut = str_cut(line, ':');

        if (!str_eq(cut.head, S("Pages")))
            continue;
        if (str_u64(str_trim(cut.tail), 1u << 20, &n) < 0 || n == 0)
            return ERR_SYNTAX;
        *ret_npages = (int)n;
        return 0;
    }
    return ERR_SYNTAX;
}

/* A file that asks for a password says so in its trailer (ISO 32000-1, 7.6.1). */
static bool is_locked(str pdf)
{
    return str_find(pdf, S("/Encrypt")) >= 0;
}

struct taken {
    struct convert *c;
    bool is_locked;
    int result; /* of writing it */
};

/* A file that cannot be written fails its deck, and those behind it get their turn. */
static int take_file(void *ctx, str pdf)
{
    struct taken *t = ctx;

    t->is_locked = is_locked(pdf);
    t->result = convert_write(convert_path(t->c, "in.pdf"), pdf);
    return 0;
}

static int look(const struct taken *t, int *ret_npages)
{
    struct box b = {.program = "/usr/bin/pdfinfo", .arg = {"in.pdf"}};
    struct convert *c = t->c;
    str info;
    int fault;

    if (t->result < 0)
        return DECK_TOO_HARD;
    b.out = convert_path(c, "info");
    fault = fault_of(convert_run(c, &b));
    if (fault == DECK_NOT_PDF && t->is_locked)
        return DECK_LOCKED;
    if (fault != DECK_FINE)
        return fault;
    if (file_read(c->arena, b.out, 65536, &info) < 0 || read_pages(info, ret_npages) < 0)
        return DECK_NOT_PDF;
    return *ret_npages > MAX_SLIDES ? DECK_TOO_MANY : DECK_FINE;
}

/* Width and height stand behind the signature and the head of the first chunk (PNG, 11.2.2). */
static int png_size(const char *path, struct slide *s)
{
    uint8_t head[24];
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    ssize_t n = fd < 0 ? -1 : read(fd, head, sizeof(head));
    struct rd r = rd_init(head, n < 0 ? 0 : (size_t)n);
    uint32_t w, h;

    if (fd >= 0)
        close(fd);
    rd_bytes(&r, 16);
    w = rd_u32(&r);
    h = rd_u32(&r);
    if (r.err || w == 0 || h == 0 || w > LONG_SIDE + 1 || h > LONG_SIDE + 1)
        return ERR_SYNTAX;
    s->width = (int)w;
    s->height = (int)h;
    return 0;
}

static int draw(struct convert *c, const char *page, struct slide *s)
{
    struct box b = {.program = "/usr/bin/pdftocairo",
                    .arg = {"-png", "-singlefile", "-f", page, "-l", page, "-scale-to", "1600",
                            "in.pdf", "page"}};
    int r = convert_run(c, &b);

    return r == 0 ? png_size(convert_path(c, "page.png"), s) : r;
}

/* Blank lines and spaces are of no use to a screen reader; the order of lines is poppler's. */
static str squeezed(struct arena *a, str text)
{
    str line;
    struct sb b = sb_init(a, MAX_SLIDE_TEXT * 2);

    while (str_line(&text, &line)) {
        line = str_trim(line);
        if (line.n && line.p[0] == '\f')
            line = str_trim(str_from(line, 1));
        if (line.n == 0 || b.n + line.n > MAX_SLIDE_TEXT)
            continue;
        if (b.n)
            sb_char(&b, '\n');
        sb_add(&b, line);
    }
    return sb_str(&b);
}

static int read_words(struct convert *c, const char *page, struct slide *s)
{
    struct box b = {.program = "/usr/bin/pdftotext",
                    .arg = {"-f", page, "-l", page, "-enc", "UTF-8", "in.pdf", "words"}};
    str text = {0};
    int r = convert_run(c, &b);

    if (r == 0)
        r = file_read(c->arena, convert_path(c, "words"), 1u << 20, &text);
    if (r == ERR_TOO_BIG) { /* a page of a megabyte of words is no slide */
        s->text = S("");
        return 0;
    }
    if (r < 0)
        return r;
    s->text = str_is_utf8(text) ? squeezed(c->arena, text) : S("");
    return 0;
}

/* cwebp by quality first; over its bytes once more, told how many it may have. */
static int shrink(struct convert *c, int size, struct slide *s)
{
    bool is_wide = s->width >= s->height;
    int side = sizes[size].side;
    str w = arena_printf(c->arena, "%d", is_wide ? side : 0);
    str h = arena_printf(c->arena, "%d", is_wide ? 0 : side);
    str q = arena_printf(c->arena, "%d", sizes[size].quality);
    str most = arena_printf(c->arena, "%d", (int)(sizes[size].max * 9 / 10));
    struct box b = {.program = "/usr/bin/cwebp",
                    .arg = {"-quiet", "-preset", "text", "-q", q.p, "-resize", w.p, h.p,
                            "page.png", "-o", "page.webp"}};
    const char *path = convert_path(c, "page.webp");
    int r = convert_run(c, &b);

    if (r == 0)
        r = file_read(c->arena, path, sizes[size].max, &s->image[size]);
    if (r != ERR_TOO_BIG)
        return r;
    b.arg[3] = "-size";
    b.arg[4] = most.p;
    b.arg[11] = "-pass";
    b.arg[12] = "6";
    r = convert_run(c, &b);
    return r == 0 ? file_read(c->arena, path, sizes[size].max, &s->image[size]) : r;
}

static int make_page(struct convert *c, const struct deck *d, int number)
{
    struct slide s = {.number = number};
    struct put p = {.deck_id = d->id, .slide = &s};
    str page;
    int r;

    arena_reset(c->arena);
    page = arena_printf(c->arena, "%d", number);
    if (!page.p)
        return ERR_MEM;
    r = draw(c, page.p, &s);
    if (r == 0)
        r = read_words(c, page.p, &s);
    for (int size = SLIDE_SMALL; size < SLIDE_SIZES && r == 0; size++)
        r = shrink(c, size, &s);
    return r == 0 ? put(c, &p) : r;
}

static void tell(struct convert *c, int64_t seminar_id)
{
    struct deck_list all, ready = {0};

    arena_reset(c->arena);
    if (!c->conf.changed ||
        deck_list(c->arena, c->db, &actor_server, seminar_id, &all) < 0)
        return;
    ready.row = all.row;
    for (size_t i = 0; i < all.n; i++) {
        if (all.row[i].state == DECK_READY)
            ready.row[ready.n++] = all.row[i];
    }
    c->conf.changed(c->conf.ctx, seminar_id, &ready);
}

/* The deck that was removed meanwhile is no fault: its end changes nothing. */
static int finish(struct convert *c, const struct deck *d, int fault)
{
    struct put p = {.deck_id = d->id, .number = fault, .is_end = true};
    int r = put(c, &p);

    if (r < 0 || fault != DECK_FINE)
        log_warn("convert", "failed", "deck=%lld fault=%d error=\"%s\"", (long long)d->id, fault,
                 err_text(r));
    else
        log_info("convert", "ready", "deck=%lld slides=%d", (long long)d->id, d->nslides);
    tell(c, d->seminar_id);
    return r;
}

/* An error: the store does not take its end, and it is begun anew. */
static int convert_one(const struct taken *t, struct deck *d)
{
    struct convert *c = t->c;
    struct put begin = {.deck_id = d->id};
    int fault = look(t, &d->nslides), r = 0;

    if (fault == DECK_FINE) {
        begin.number = d->nslides;
        r = put(c, &begin);
    }
    for (int n = 1; fault == DECK_FINE && r == 0 && n <= d->nslides; n++) {
        if (atomic_load(&c->is_stopping))
            return 0; /* begun anew at the next start */
        r = make_page(c, d, n);
    }
    r = finish(c, d, fault == DECK_FINE ? fault_of(r) : fault);
    convert_empty(c);
    return r;
}

/*
 * What waits, slides first. ERR_NOT_FOUND: nothing does. Slides that the store refuses, which a
 * full disk does, take no turn from what stands behind them.
 */
static int convert_next(struct convert *c)
{
    struct taken t = {.c = c};
    struct deck d;
    int refused = ERR_NOT_FOUND;
    int r = deck_next(c->arena, c->db, &actor_server, take_file, &t, &d);

    if (r == 0) {
        r = convert_one(&t, &d);
        if (r == 0)
            return 0;
        refused = r;
        r = ERR_NOT_FOUND;
    }
    if (r == ERR_NOT_FOUND)
        r = convert_picture(c);
    if (r == ERR_NOT_FOUND)
        r = convert_clip(c);
    if (r == ERR_NOT_FOUND)
        r = convert_sound(c);
    return r == ERR_NOT_FOUND ? refused : r;
}

static void *convert_main(void *ctx)
{
    struct convert *c = ctx;

    convert_empty(c);
    c->begun_at = clock_wall();
    while (!atomic_load(&c->is_stopping)) {
        int r;

        arena_reset(c->arena);
        r = convert_next(c);
        if (r == 0)
            continue;
        if (r != ERR_NOT_FOUND)
            log_error("convert", "next", "error=\"%s\"", err_text(r));
        /* Words change on many ways, and none of them calls us. */
        queue_wait(c->queue, (r == ERR_NOT_FOUND ? LOOK_S : TOO_OFTEN_S) * 1000);
        queue_run(c->queue);
    }
    return NULL;
}

/* ---- life ---- */

static void run_wake(struct msg *m, void *ctx)
{
    struct convert *c = ctx;

    (void)m;
    atomic_store(&c->is_awake, false);
}

/* One message is enough, and it must not be put twice. */
void convert_wake(struct convert *c)
{
    if (c && !atomic_exchange(&c->is_awake, true)) {
        c->wake = (struct msg){.run = run_wake, .ctx = c};
        queue_answer(c->queue, &c->wake);
    }
}

/* Its whole path, since a box begins by going there. */
static int open_folder(struct convert *c)
{
    const char *folder = file_join(c->arena, c->conf.data, "convert");
    char *whole;
    int r = folder ? file_make_folder(folder) : ERR_MEM;

    if (r < 0)
        return r;
    whole = realpath(folder, NULL);
    r = whole ? str_copy(c->folder, sizeof(c->folder), str_c(whole)) : err_from_errno(errno);
    free(whole);
    return r;
}

int convert_new(const struct convert_conf *conf, struct convert **ret_convert)
{
    struct convert *c = calloc(1, sizeof(*c));
    int r = ERR_MEM;

    if (!c)
        return r;
    c->conf = *conf;
    c->arena = arena_new();
    if (!c->arena)
        goto out;
    r = open_folder(c);
    if (r == 0)
        r = queue_new(0, &c->queue);
    if (r == 0)
        r = db_open_read(conf->db_path, &c->db);
    if (r < 0)
        goto out;
    if (box_check() < 0)
        log_warn("convert", "box", "slides=off reason=\"no Landlock or seccomp on this machine\"");
    if (pthread_create(&c->thread, NULL, convert_main, c) != 0) {
        r = ERR_MEM;
        goto out;
    }
    c->is_running = true;
    *ret_convert = c;
    c = NULL;
out:
    convert_free(c);
    return r;
}

void convert_free(struct convert *c)
{
    if (!c)
        return;
    if (c->is_running) {
        atomic_store(&c->is_stopping, true);
        convert_wake(c);
        pthread_join(c->thread, NULL);
    }
    if (c->queue)
        queue_run(c->queue);
    queue_free(c->queue);
    db_close(c->db);
    arena_free(c->arena);
    free(c);
}
