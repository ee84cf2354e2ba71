#include "web/lang_fields.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/text.h"
#include "net/http.h"
#include "web/edit_form.h"
#include "web/frame.h"
#include "web/texts.h"
#include "web/visit.h"

enum { MAX_LANGS = 24 };

static str sent(struct exchange *x, const char *name, str code, const char *rest)
{
    return http_field(x, arena_printf(x->arena, "%s_%.*s%s", name, STR(code), rest));
}

static str plain(struct exchange *x, str s)
{
    s = str_trim(edit_form_plain(x->arena, s));
    return s.p ? s : S("");
}

str lang_fields_value(struct exchange *x, const char *name, str code)
{
    return plain(x, sent(x, name, code, ""));
}

bool lang_fields_sent(struct exchange *x, const char *name, str code)
{
    return sent(x, name, code, "").p != NULL;
}

bool lang_fields_any(struct exchange *x, const char *name)
{
    const struct text_lang *l;

    for (size_t i = 0; i < MAX_LANGS && (l = texts_lang(i)); i++)
        if (lang_fields_sent(x, name, l->code))
            return true;
    return false;
}

str lang_fields_source(struct exchange *x, struct db *db, const char *name, int64_t text_id)
{
    struct text_version_list l = {0};

    if (text_id && text_versions(x->arena, db, text_id, true, &l) == 0 && l.n)
        return l.row[0].lang;
    return lang_fields_value(x, name, visit_lang(x)).n ? visit_lang(x) : (str){NULL, 0};
}

/* What was typed over what its editor saw. */
struct typed {
    str value;
    int64_t was; /* revision that they saw */
    bool is_changed;
};

static int typed_read(struct exchange *x, struct db *db, const struct lang_fields *f, str code,
                      struct typed *to)
{
    str mark = sent(x, f->name, code, "_was"), body = {0};
    int r;

    *to = (struct typed){.value = lang_fields_value(x, f->name, code)};
    if (mark.p && str_i64(mark, 0, INT64_MAX, &to->was) < 0)
        return ERR_RANGE;
    r = text_at(x->arena, db, &(struct text_of){f->text_id, code, to->was}, &body);
    if (r < 0 && r != ERR_NOT_FOUND)
        return r;
    to->is_changed = !str_eq(to->value, plain(x, body));
    return 0;
}

static int row_fill(struct exchange *x, const struct lang_fields *f, str code,
                    struct tpl_guide_text *to)
{
    struct text now = {0};
    struct typed t = {0};
    int r = text_exact(x->arena, x->db, f->text_id, code, &now);

    if (r == ERR_NOT_FOUND)
        r = 0;
    if (r == 0 && f->is_typed && typed_read(x, x->db, f, code, &t) == ERR_MEM)
        r = ERR_MEM;
    *to = (struct tpl_guide_text){.name = str_c(f->name), .code = code,
                                  .value = t.is_changed ? t.value : frame_text(&now, S("")),
                                  .revision = now.revision};
    if (t.is_changed && t.was != now.revision)
        to->stored = frame_text(&now, S(""));
    return r;
}

int lang_fields_fill(struct exchange *x, const struct lang_fields *f,
                     const struct tpl_guide_text **ret_row, size_t *ret_n)
{
    struct tpl_guide_text *row = arena_array(x->arena, MAX_LANGS, sizeof(*row));
    const struct text_lang *l;
    int r = row ? 0 : ERR_MEM;
    size_t i = 0;

    for (; r == 0 && i < MAX_LANGS && (l = texts_lang(i)); i++)
        r = row_fill(x, f, l->code, &row[i]);
    if (r < 0)
        return r;
    *ret_row = row;
    *ret_n = i;
    return 0;
}

static int put_one(struct exchange *x, struct db *db, const struct lang_fields_put *p, str code)
{
    const struct lang_fields f = {.name = p->name, .text_id = p->text_id};
    struct text_in in = {.lang = code};
    struct typed t;
    int r;

    if (!lang_fields_sent(x, p->name, code))
        return 0;
    r = typed_read(x, db, &f, code, &t);
    if (r < 0 || !t.is_changed || (!t.value.n && !p->is_taken))
        return r;
    in.body = t.value;
    in.revision = t.was;
    return p->put(x, db, p->id, &in);
}

int lang_fields_put_any(struct exchange *x, struct db *db, const struct lang_fields_put *p)
{
    str source = lang_fields_source(x, db, p->name, p->text_id);
    const struct text_lang *l;
    int r = source.p ? put_one(x, db, p, source) : 0;

    for (size_t i = 0; r == 0 && i < MAX_LANGS && (l = texts_lang(i)); i++)
        if (!source.p || !str_eq(l->code, source))
            r = put_one(x, db, p, l->code);
    return r;
}

int lang_fields_put(struct exchange *x, struct db *db, const struct lang_fields_put *p)
{
    const struct text_lang *l;
    bool is_any = false;

    for (size_t i = 0; i < MAX_LANGS && (l = texts_lang(i)); i++)
        is_any |= lang_fields_value(x, p->name, l->code).n != 0;
    return is_any ? lang_fields_put_any(x, db, p) : ERR_RANGE;
}
