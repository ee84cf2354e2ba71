#include "web/kit_pack.h"

#include "base/arena.h"
#include "base/encode.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/sb.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/clip.h"
#include "domain/kit_piece.h"
#include "domain/secret.h"
#include "domain/zip.h"
#include "net/http.h"
#include "net/source.h"
#include "web/frame.h"
#include "web/page_clip.h"
#include "web/page_kit.h"
#include "web/texts.h"
#include "web/visit.h"

#include <string.h>

static void line(struct sb *b, str name, str value)
{
    if (!value.n)
        return;
    sb_add(b, name);
    sb_c(b, ": ");
    sb_add(b, value);
    sb_c(b, "\n");
}

static void in_brackets(struct sb *b, str s)
{
    sb_c(b, "[");
    sb_add(b, s);
    sb_c(b, "]\n");
}

/* The words, with what the page's markup says of them: another language, older than the original.
 */
static void words(struct exchange *x, const struct texts *t, const struct text *of, struct sb *b)
{
    struct sb name = sb_init(x->arena, 0);
    str foreign = frame_foreign(of);

    if (!of->body.n)
        return;
    if (foreign.n) {
        texts_show_code(&name, t, SHOW_LANGUAGE, foreign);
        in_brackets(b, sb_str(&name));
    }
    sb_add(b, of->body);
    sb_c(b, "\n");
    if (of->is_stale)
        in_brackets(b, texts_get(t, TEXT_PAGE_STALE));
}

static str file_name(const struct kit_item *i)
{
    return i->clip.state ? clip_file_name(i->clip.format) : i->file;
}

/* Of the nth file, from 1: two may have the same name. */
static str file_path(struct exchange *x, const struct kit_item *i, size_t nth)
{
    return arena_printf(x->arena, "files/%zu-%.*s", nth, STR(file_name(i)));
}

static void item_text(struct exchange *x, const struct texts *t, const struct kit_item *i,
                      size_t *io_nfiles, struct sb *b)
{
    struct sb day = sb_init(x->arena, 0);

    sb_c(b, "\n");
    words(x, t, &i->text, b);
    if (file_name(i).n)
        line(b, texts_get(t, TEXT_KIT_FILE), file_path(x, i, ++*io_nfiles));
    if (i->clip.state)
        line(b, texts_get(t, TEXT_KIT_CLIP), clip_about(x, t, &i->clip));
    line(b, texts_get(t, TEXT_KIT_CREDIT), i->credit);
    line(b, texts_get(t, TEXT_GUIDE_SOURCE), i->source);
    if (!i->cleared_at)
        return;
    texts_show(&day, t, SHOW_ISO, i->cleared_at);
    line(b, texts_get(t, TEXT_KIT_CLEARED_ON), str_take(sb_str(&day), 10));
}

/* The words in one language; a kit that has no title in it has no text in it. */
static int lang_text(struct exchange *x, const struct kit *k, str lang, str *ret_text)
{
    struct kit_items l = {0};
    struct texts t = {0};
    struct text title = {0}, lead = {0};
    struct sb b = sb_init(x->arena, 0);
    size_t nfiles = 0;
    int r = text_get(x->arena, x->db, k->title.id, lang, &title);

    *ret_text = (str){NULL, 0};
    if (r < 0 || !title.is_asked)
        return r;
    r = text_get(x->arena, x->db, k->lead.id, lang, &lead);
    if (r == 0)
        r = kit_items(x->arena, x->db, &actor_public, k, lang, &l);
    if (r < 0)
        return r;
    texts_init(&t, lang, S("UTC"));
    words(x, &t, &title, &b);
    if (k->is_sample)
        in_brackets(&b, texts_get(&t, TEXT_GUIDE_SAMPLE));
    sb_c(&b, "\n");
    if (lead.body.n)
        words(x, &t, &lead, &b);
    for (size_t i = 0; i < l.n; i++) {
        if (!i || l.row[i - 1].kind != l.row[i].kind) {
            sb_c(&b, "\n== ");
            sb_add(&b, texts_get(&t, kit_kind_text(l.row[i].kind)));
            sb_c(&b, " ==\n");
        }
        item_text(x, &t, &l.row[i], &nfiles, &b);
    }
    *ret_text = sb_str(&b);
    return ret_text->p ? 0 : ERR_MEM;
}

static int add_texts(struct exchange *x, const struct kit *k, struct zip *z)
{
    const struct text_lang *l;
    int r = 0;

    for (size_t i = 0; r == 0 && (l = texts_lang(i)); i++) {
        str text = {0};

        r = lang_text(x, k, l->code, &text);
        if (r == 0 && text.n)
            r = zip_add(z, arena_printf(x->arena, "%.*s-%.*s.txt", STR(k->slug), STR(l->code)),
                        text, ZIP_DEFLATED);
    }
    return r;
}

/*
 *   near:     [texts, header of the first file] │ [header of the next] │ [directory]
 *   archive:  ………………………………………………………………………………………… file ………………………………………… file …………………
 *                                              cut[0]                 cut[1]
 */
struct cut {
    size_t at; /* how much of near stands before the file */
    uint64_t nbytes;
    const struct kit_item *item;
};

struct archive {
    struct http_source source; /* first */
    struct sb near;
    struct cut cut[MAX_KIT_ITEMS];
    size_t ncuts;
};

static int add_file(struct exchange *x, const struct kit_item *i, struct archive *a, struct zip *z)
{
    str name = file_path(x, i, a->ncuts + 1);
    uint64_t nbytes = (uint64_t)(i->clip.state ? i->clip.nbytes : i->file_bytes);
    uint32_t sum = i->clip.sum;
    int r = a->ncuts < NELEM(a->cut) ? 0 : ERR_FULL;

    if (r == 0 && !i->clip.state)
        r = kit_piece_sum(x->db, i, &sum);
    if (r == 0)
        r = zip_add_far(z, name, nbytes, sum);
    if (r == 0)
        a->cut[a->ncuts++] = (struct cut){.at = a->near.n, .nbytes = nbytes, .item = i};
    return r;
}

static int add_files(struct exchange *x, const struct kit *k, struct archive *a, struct zip *z)
{
    struct kit_items l;
    int r = kit_items(x->arena, x->db, &actor_public, k, visit_lang(x), &l);

    for (size_t i = 0; r == 0 && i < l.n; i++)
        if (file_name(&l.row[i]).n)
            r = add_file(x, &l.row[i], a, z);
    return r;
}

static int read_near(str near, void *to, size_t room, size_t *ret_n)
{
    str some = str_take(near, room);

    memcpy(to, some.p, some.n);
    *ret_n = some.n;
    return 0;
}

static int read_archive(struct exchange *x, uint64_t at, void *to, size_t room, size_t *ret_n)
{
    const struct archive *a = (const struct archive *)(void *)x->source;
    str near = sb_str(&a->near);
    size_t from = 0;

    for (size_t i = 0; i < a->ncuts; i++) {
        const struct cut *c = &a->cut[i];
        size_t n = c->at - from;

        if (at < n)
            return read_near(str_take(str_from(near, from + at), n - at), to, room, ret_n);
        at -= n;
        if (at < c->nbytes)
            return c->item->clip.state ? clip_read(x->db, &c->item->clip, at, to, room, ret_n)
                                       : kit_piece_read(x->db, c->item, at, to, room, ret_n);
        at -= c->nbytes;
        from = c->at;
    }
    return read_near(str_from(near, from + at), to, room, ret_n);
}

/* The sums of all files stand in the directory, so its hash is one of them as well. */
static void set_etag(struct exchange *x, str near)
{
    char hex[65];
    uint8_t hash[32];

    secret_hash(near, hash);
    encode_hex(hex, hash, sizeof(hash));
    http_set(x, S("ETag"), arena_printf(x->arena, "\"%.32s\"", hex));
}

static int write_all(struct exchange *x, const struct kit *k, struct archive *a)
{
    usec day = visit_now(x) / USEC_DAY * USEC_DAY;
    struct zip *z = NULL;
    int r = zip_new(zip_to_text, &a->near, day, &z);

    if (r == 0)
        r = add_texts(x, k, z);
    if (r == 0)
        r = add_files(x, k, a, z);
    if (r == 0)
        r = zip_end(z);
    if (r == 0)
        a->source = (struct http_source){.size = zip_size(z), .read = read_archive};
    zip_free(z);
    return r;
}

int kit_pack(struct exchange *x, const struct kit *k)
{
    struct archive *a = arena_make(x->arena, struct archive);
    int r;

    if (!a)
        return ERR_MEM;
    a->near = sb_init(x->arena, 0);
    r = write_all(x, k, a);
    if (r < 0)
        return r;
    x->source = &a->source;
    set_etag(x, sb_str(&a->near));
    return 0;
}
