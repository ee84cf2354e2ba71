#include "web/kit_pack.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/sb.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/zip.h"
#include "net/http.h"
#include "web/frame.h"
#include "web/page_kit.h"
#include "web/texts.h"
#include "web/visit.h"

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

static void item_text(struct exchange *x, const struct texts *t, const struct kit_item *i,
                      struct sb *b)
{
    struct sb day = sb_init(x->arena, 0);

    sb_c(b, "\n");
    words(x, t, &i->text, b);
    line(b, texts_get(t, TEXT_KIT_FILE), i->file);
    line(b, texts_get(t, TEXT_KIT_CREDIT), i->credit);
    line(b, texts_get(t, TEXT_GUIDE_SOURCE), i->source);
    if (!i->cleared_at)
        return;
    texts_show(&day, t, SHOW_ISO, i->cleared_at);
    sb_add(b, texts_get(t, TEXT_KIT_CLEARED_BY));
    sb_c(b, ": ");
    sb_add(b, i->cleared_by);
    sb_c(b, ", ");
    sb_add(b, str_take(sb_str(&day), 10));
    sb_c(b, "\n");
}

/* The words in one language; a kit that has no title in it has no text in it. */
static int lang_text(struct exchange *x, const struct kit *k, str lang, str *ret_text)
{
    struct kit_items l = {0};
    struct texts t = {0};
    struct text title = {0}, lead = {0};
    struct sb b = sb_init(x->arena, 0);
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
        item_text(x, &t, &l.row[i], &b);
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

static int add_files(struct exchange *x, const struct kit *k, struct zip *z)
{
    struct kit_items l;
    int r = kit_items(x->arena, x->db, &actor_public, k, visit_lang(x), &l);

    for (size_t i = 0; r == 0 && i < l.n; i++) {
        str bytes;

        if (!l.row[i].file.n)
            continue;
        r = kit_file(x->arena, x->db, k, &l.row[i], &bytes);
        if (r == 0)
            r = zip_add(z,
                        arena_printf(x->arena, "files/%lld-%.*s", (long long)l.row[i].id,
                                     STR(l.row[i].file)),
                        bytes, ZIP_STORED);
    }
    return r;
}

int kit_pack(struct exchange *x, const struct kit *k, struct sb *to)
{
    struct zip *z = NULL;
    int r = zip_new(zip_to_text, to, visit_now(x), &z);

    if (r == 0)
        r = add_texts(x, k, z);
    if (r == 0)
        r = add_files(x, k, z);
    if (r == 0)
        r = zip_end(z);
    zip_free(z);
    return r;
}
