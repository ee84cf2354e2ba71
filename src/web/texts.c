#include "web/texts_i.h"

#include "base/sb.h"
#include "base/str.h"

#include <assert.h>

static bool has_pseudo;

void texts_pseudo(void)
{
    has_pseudo = true;
}

static bool is_known(const struct text_lang *l)
{
    return has_pseudo || !l->is_pseudo;
}

/* The pseudo-language is the last one, so that the others keep their places without it. */
const struct text_lang *texts_lang(size_t i)
{
    return i < text_nlangs && is_known(&text_langs[i]) ? &text_langs[i] : NULL;
}

static const struct text_lang *lang_by_code(str code)
{
    for (size_t i = 0; i < text_nlangs; i++)
        if (is_known(&text_langs[i]) && str_ieq(text_langs[i].code, code))
            return &text_langs[i];
    return NULL;
}

/* "ru-RU" is looked up as "ru-RU" and "ru" (RFC 4647 3.4). */
const struct text_lang *texts_by_lang(str lang)
{
    while (lang.n) {
        const struct text_lang *found = lang_by_code(lang);
        struct str_pair cut = str_rcut(lang, '-');

        if (found)
            return found;
        lang = cut.ok ? cut.head : S("");
    }
    return NULL;
}

void texts_init(struct texts *ret_t, str lang, str zone)
{
    const struct text_lang *table = texts_by_lang(lang);

    if (!table)
        table = &text_langs[0];
    *ret_t = (struct texts){
        .lang = table->code,
        .dir = table->dir,
        .zone = zone.n ? zone : S("UTC"),
        .is_draft = table->is_draft,
        .table = table,
    };
}

/* The quality of "ru;q=0.8" in thousandths (RFC 9110 12.4.2): 1000 when it is not said, 0 when it
 * is not well formed. */
static int quality(str params)
{
    str q = str_trim(params);
    int n = 0, digits = 0;

    if (!q.n)
        return 1000;
    if (!str_istarts(q, S("q=")) || q.n < 3)
        return 0;
    if (q.p[2] != '0')
        return q.p[2] == '1' ? 1000 : 0;
    for (size_t i = 4; i < q.n && digits < 3; i++, digits++) {
        if (q.p[i] < '0' || q.p[i] > '9')
            return 0;
        n = n * 10 + (q.p[i] - '0');
    }
    while (digits++ < 3)
        n *= 10;
    return n;
}

const struct text_lang *texts_accept(str header)
{
    const struct text_lang *best = &text_langs[0];
    int best_quality = 0;

    while (header.n) {
        struct str_pair item = str_cut(header, ',');
        struct str_pair parts = str_cut(item.head, ';');
        const struct text_lang *lang = texts_by_lang(str_trim(parts.head));
        int q = quality(parts.tail);

        if (lang && q > best_quality) {
            best = lang;
            best_quality = q;
        }
        header = item.tail;
    }
    return best;
}

/* ---- texts ---- */

/* The table that has the text: the language's own, else English, which has all. */
static const struct text_lang *table_of(const struct texts *t, enum text_id key)
{
    assert(key > TEXT_NONE && key < TEXT_COUNT);
    return t->table->rows[key].s.p ? t->table : &text_langs[0];
}

str texts_get(const struct texts *t, enum text_id key)
{
    return table_of(t, key)->rows[key].s;
}

str text_lang(const struct texts *t, enum text_id key)
{
    return table_of(t, key)->code;
}

enum text_id text_by_key(str key)
{
    int low = TEXT_NONE + 1, high = TEXT_COUNT;

    while (low < high) {
        int mid = low + (high - low) / 2;
        int order = str_cmp(str_c(text_keys[mid]), key);

        if (order == 0)
            return (enum text_id)mid;
        if (order < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return TEXT_NONE;
}

const char *text_key(enum text_id key)
{
    return key > TEXT_NONE && key < TEXT_COUNT ? text_keys[key] : "";
}

/* ---- arguments ---- */

static const struct text_arg *arg_by_name(const struct text_arg *args, size_t n, str name)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(str_c(args[i].name), name))
            return &args[i];
    return NULL;
}

static str form_of(const struct text_lang *lang, enum text_id key, const struct text_arg *args,
                   size_t nargs)
{
    const struct text_row *row = &lang->rows[key];
    const struct text_arg *n = arg_by_name(args, nargs, S("n"));

    if (!row->forms || !n)
        return row->s;
    return row->forms[texts_plural_form(lang, n->n)];
}

typedef void put_fn(struct sb *to, str s);

static void add_arg(struct sb *to, const struct texts *t, const struct text_arg *arg, put_fn *put)
{
    struct sb number = sb_init(NULL, 0);

    if (!arg->is_num) {
        if (arg->is_html && put == sb_html)
            sb_add(to, arg->s);
        else
            put(to, arg->s);
        return;
    }
    texts_show(&number, t, SHOW_NUM, arg->n);
    put(to, sb_str(&number));
    to->err |= number.err;
    sb_done(&number);
}

/* The point of an abbreviation ends the sentence as well: what was put since `before` ends with one
 * ("24 ноября 2020 г.", "Ivanov I. I."), and the text would go on with its own. */
static bool has_point(const struct sb *to, size_t before, str rest)
{
    return to->n > before && to->p[to->n - 1] == '.' && str_starts(rest, S("."))
           && !str_starts(rest, S(".."));
}

/* {name} is an argument, {{ and }} are braces; the compiler of texts has checked that nothing else
 * occurs. */
static void add(struct sb *to, const struct texts *t, str form, const struct text_arg *args,
                size_t nargs, put_fn *put)
{
    size_t done = 0, i = 0, before;

    while (i < form.n) {
        struct str_pair cut;
        const struct text_arg *arg;

        if (form.p[i] != '{' && form.p[i] != '}') {
            i++;
            continue;
        }
        put(to, str_take(str_from(form, done), i - done));
        if (i + 1 < form.n && form.p[i + 1] == form.p[i]) {
            sb_char(to, form.p[i]);
            done = i += 2;
            continue;
        }
        cut = str_cut(str_from(form, i + 1), '}');
        arg = arg_by_name(args, nargs, cut.head);
        before = to->n;
        if (arg)
            add_arg(to, t, arg, put);
        i += cut.head.n + 2;
        done = i += has_point(to, before, str_from(form, i));
    }
    if (done < form.n)
        put(to, str_from(form, done));
}

void text_add(struct sb *to, const struct texts *t, enum text_id key, const struct text_arg *args,
              size_t nargs)
{
    add(to, t, form_of(table_of(t, key), key, args, nargs), args, nargs, sb_add);
}

void text_add_html(struct sb *to, const struct texts *t, enum text_id key,
                   const struct text_arg *args, size_t nargs)
{
    add(to, t, form_of(table_of(t, key), key, args, nargs), args, nargs, sb_html);
}
