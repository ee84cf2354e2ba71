#include "web/check_marks.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "net/http.h"

enum { MAX_PIECES = 2 * MAX_CHECK_FINDS + 1 };

static const enum text_id note_text[CHECK_NOTES] = {
    [CHECK_WORD] = TEXT_CHECK_WORD,         [CHECK_PLACE] = TEXT_CHECK_PLACE,
    [CHECK_PHONE] = TEXT_CHECK_PHONE,       [CHECK_PASSPORT] = TEXT_CHECK_PASSPORT,
    [CHECK_EMAIL] = TEXT_CHECK_EMAIL,       [CHECK_BIRTH] = TEXT_CHECK_BIRTH,
    [CHECK_ONE_SOURCE] = TEXT_CHECK_SOURCE, [CHECK_NO_HELP] = TEXT_CHECK_HELP,
    [CHECK_FIGURE] = TEXT_CHECK_FIGURE,     [CHECK_TITLE] = TEXT_CHECK_HEADLINE,
    [CHECK_PICTURE] = TEXT_CHECK_PICTURE,
};

enum text_id check_marks_grade(enum check_severity s)
{
    return s == CHECK_HIGH     ? TEXT_CHECK_HIGH
           : s == CHECK_MEDIUM ? TEXT_CHECK_MEDIUM
                               : TEXT_CHECK_INFO;
}

str check_marks_word(enum check_severity s)
{
    return s == CHECK_HIGH ? S("high") : s == CHECK_MEDIUM ? S("medium") : S("info");
}

int check_marks_rule(struct arena *a, const struct check_rule *rule, struct tpl_check_find *f)
{
    struct tpl_check_find_sources *source = arena_array(a, CHECK_OFFERS, sizeof(*source));
    struct tpl_check_find_offers *offer = arena_array(a, CHECK_OFFERS, sizeof(*offer));

    if (!source || !offer)
        return ERR_MEM;
    for (size_t i = 0; i < rule->nsources; i++)
        source[i].url = rule->sources[i];
    for (size_t i = 0; i < rule->nprefer; i++)
        offer[i].text = rule->prefer[i];
    f->sources = source;
    f->nsources = rule->nsources;
    f->offers = offer;
    f->noffers = rule->nprefer;
    f->reason = rule->reason;
    f->is_contested = rule->is_contested;
    f->is_own = rule->is_draft;
    return 0;
}

static int fill_finds(struct exchange *x, const struct check_rules *r, str body,
                      const struct check_result *to, struct tpl_check_marks *v)
{
    struct tpl_check_find *row = arena_array(x->arena, to->n, sizeof(*row));

    if (!row)
        return ERR_MEM;
    for (size_t i = 0; i < to->n; i++) {
        const struct check_find *f = &to->finds[i];

        row[i] = (struct tpl_check_find){
            .number = (int64_t)i + 1,
            .what = f->n ? str_take(str_from(body, f->at), f->n) : (str){NULL, 0},
            .lang = check_rules_lang(r),
            .severity = check_marks_word(f->severity),
            .grade = check_marks_grade(f->severity),
            .note = f->rule ? TEXT_NONE : note_text[f->note],
        };
        if (f->rule && check_marks_rule(x->arena, f->rule, &row[i]) < 0)
            return ERR_MEM;
    }
    v->finds = row;
    v->nfinds = to->n;
    v->total = (int64_t)to->n;
    return 0;
}

/* The text in pieces, marked and unmarked; finds that overlap share the first one's mark. */
static int fill_pieces(struct exchange *x, str body, const struct check_result *to,
                       struct tpl_check_marks *v)
{
    struct tpl_check_marks_pieces *row = arena_array(x->arena, MAX_PIECES, sizeof(*row));
    size_t at = 0, n = 0;

    if (!row)
        return ERR_MEM;
    for (size_t i = 0; i < to->n && to->finds[i].n; i++) {
        const struct check_find *f = &to->finds[i];

        if (f->at < at)
            continue;
        if (f->at > at)
            row[n++].text = str_take(str_from(body, at), f->at - at);
        row[n].text = str_take(str_from(body, f->at), f->n);
        row[n].severity = check_marks_word(f->severity);
        row[n++].number = (int64_t)i + 1;
        at = f->at + f->n;
    }
    if (at < body.n)
        row[n++].text = str_from(body, at);
    v->pieces = row;
    v->npieces = n;
    return 0;
}

int check_marks_fill(struct exchange *x, const struct check_rules *rules, const struct check_in *in,
                     struct tpl_check_marks *ret_marks)
{
    struct tpl_check_marks v = {0};
    struct check_result to;
    int r = check_run(x->arena, rules, in, &to);

    if (r == 0)
        r = fill_finds(x, rules, in->body, &to, &v);
    if (r == 0)
        r = fill_pieces(x, in->body, &to, &v);
    if (r < 0)
        return r;
    v.nquoted = (int64_t)to.nquoted;
    v.is_cut = to.is_cut;
    v.lang = check_rules_lang(rules);
    *ret_marks = v;
    return 0;
}
