#include "web/page_check.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/check.h"
#include "gen/template.h"
#include "net/http.h"
#include "web/asset.h"
#include "web/check_book.h"
#include "web/check_marks.h"
#include "web/frame.h"
#include "web/site.h"
#include "web/texts.h"
#include "web/visit.h"

enum {
    CHECKS_PER_MINUTE = 60, /* of one network: an editorial office behind one address */
    CHECKS_BURST = 60,
};

static const char *const note_name[CHECK_NOTES] = {
    [CHECK_WORD] = "word",         [CHECK_PLACE] = "place",     [CHECK_PHONE] = "phone",
    [CHECK_PASSPORT] = "passport", [CHECK_EMAIL] = "email",     [CHECK_BIRTH] = "birth",
    [CHECK_ONE_SOURCE] = "source", [CHECK_NO_HELP] = "help",    [CHECK_FIGURE] = "figure",
    [CHECK_TITLE] = "headline",    [CHECK_PICTURE] = "picture",
};

/* The rules of the text's language: as the form says, else the page's, else English. */
static const struct check_rules *rules_of(struct exchange *x, str lang)
{
    const struct check_book *b = site_of(x)->check;
    const struct check_rules *r = check_book_by_lang(b, lang);

    if (!r && !lang.n)
        r = check_book_by_lang(b, visit_lang(x));
    return r || lang.n ? r : check_book_by_lang(b, S("en"));
}

static void fill_langs(struct exchange *x, const struct check_rules *current,
                       struct tpl_check_form *v)
{
    const struct check_book *b = site_of(x)->check;
    size_t n = 0;
    struct tpl_check_form_langs *row;

    while (check_book_at(b, n))
        n++;
    row = arena_array(x->arena, n, sizeof(*row));
    for (size_t i = 0; row && i < n; i++)
        row[i] = (struct tpl_check_form_langs){
            .code = check_rules_lang(check_book_at(b, i)),
            .is_chosen = check_book_at(b, i) == current,
        };
    v->langs = row;
    v->nlangs = row ? n : 0;
}

static void fill_form(struct exchange *x, const struct check_rules *r, struct tpl_check_form *v)
{
    v->action = arena_printf(x->arena, "/%.*s/check", STR(visit_lang(x)));
    v->words_url = arena_printf(x->arena, "/%.*s/check/words", STR(visit_lang(x)));
    fill_langs(x, r, v);
    if (!v->headline.p)
        v->headline = S("");
    if (!v->text.p)
        v->text = S("");
}

static bool is_page_lang(struct exchange *x)
{
    return texts_by_lang(http_param(x, S("lang"))) != NULL;
}

void check_form(struct exchange *x)
{
    struct tpl_check_show v = {0};

    if (!is_page_lang(x)) {
        visit_fail(x, ERR_NOT_FOUND);
        return;
    }
    fill_form(x, rules_of(x, (str){NULL, 0}), &v.form);
    v.has_rules = check_book_by_lang(site_of(x)->check, visit_lang(x)) != NULL;
    frame_fill(x, &v.page, texts_get(visit_texts(x), TEXT_CHECK_TITLE),
               arena_printf(x->arena, "/%.*s/check", STR(visit_lang(x))));
    v.page.description = texts_get(visit_texts(x), TEXT_CHECK_LEAD);
    tpl_check_show(&x->reply, visit_texts(x), &v);
    frame_send(x, 200);
}

/* ---- the answer ---- */

struct asked {
    const struct check_rules *rules;
    struct check_in in;
};

static bool is_allowed(struct exchange *x)
{
    return visit_rate(x, "check",
                      arena_printf(x->arena, "%llu", (unsigned long long)x->peer_prefix),
                      CHECKS_PER_MINUTE, CHECKS_BURST);
}

static void send_answer(struct exchange *x, int status, struct tpl_check_answer *v)
{
    frame_fill(x, &v->page, texts_get(visit_texts(x), TEXT_CHECK_TITLE),
               arena_printf(x->arena, "/%.*s/check", STR(visit_lang(x))));
    tpl_check_answer(&x->reply, visit_texts(x), v);
    frame_send(x, status);
}

void check_answer(struct exchange *x)
{
    struct tpl_check_answer v = {.marks.lang = visit_lang(x)};
    struct asked q = {.rules = rules_of(x, http_field(x, S("text_lang")))};
    int r = http_form(x);

    if (r == 0 && (!is_page_lang(x) || !q.rules))
        r = ERR_NOT_FOUND;
    if (r == 0 && !is_allowed(x))
        r = ERR_RATE;
    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    q.in.title = str_trim(http_field(x, S("headline")));
    q.in.body = http_field(x, S("text"));
    if (!str_trim(q.in.body).n)
        v.problem = TEXT_CHECK_EMPTY;
    else if (q.in.title.n > CHECK_TITLE_BYTES)
        v.problem = TEXT_CHECK_LONG_HEADLINE;
    else if ((r = check_marks_fill(x, q.rules, &q.in, &v.marks)) == ERR_TOO_BIG)
        v.problem = TEXT_CHECK_TOO_LONG;
    else if (r < 0) {
        visit_fail(x, r);
        return;
    }
    v.form.headline = q.in.title;
    v.form.text = q.in.body;
    fill_form(x, q.rules, &v.form);
    send_answer(x, v.problem ? 400 : 200, &v);
}

/* ---- all words ---- */

void check_words_list(struct exchange *x)
{
    struct tpl_check_words v = {0};
    const struct check_rules *r = rules_of(x, http_query(x, S("of")));
    struct tpl_check_find *row;
    size_t n = 0;

    if (!is_page_lang(x) || !r) {
        visit_fail(x, ERR_NOT_FOUND);
        return;
    }
    while (check_rule_at(r, n))
        n++;
    row = arena_array(x->arena, n, sizeof(*row));
    for (size_t i = 0; row && i < n; i++) {
        const struct check_rule *rule = check_rule_at(r, i);

        row[i] = (struct tpl_check_find){.number = rule->id,
                                         .what = rule->label,
                                         .lang = check_rules_lang(r),
                                         .severity = check_marks_word(rule->severity),
                                         .grade = check_marks_grade(rule->severity)};
        if (check_marks_rule(x->arena, rule, &row[i]) < 0)
            row = NULL;
    }
    if (!row) {
        visit_fail(x, ERR_MEM);
        return;
    }
    v.rules = row;
    v.nrules = n;
    v.back = arena_printf(x->arena, "/%.*s/check", STR(visit_lang(x)));
    v.file = asset_url(arena_printf(x->arena, "check/%.*s.json", STR(check_rules_lang(r))));
    v.lang = check_rules_lang(r);
    frame_fill(x, &v.page, texts_get(visit_texts(x), TEXT_CHECK_WORDS),
               arena_printf(x->arena, "/%.*s/check/words", STR(visit_lang(x))));
    tpl_check_words(&x->reply, visit_texts(x), &v);
    frame_send(x, 200);
}

/* ---- for programs ---- */

static void json_list(struct sb *b, const char *name, const str *list, size_t n)
{
    sb_printf(b, ",\"%s\":[", name);
    for (size_t i = 0; i < n; i++) {
        sb_c(b, i ? "," : "");
        sb_json(b, list[i]);
    }
    sb_c(b, "]");
}

static void json_find(struct sb *b, str body, const struct check_find *f)
{
    sb_printf(b, "{\"note\":\"%s\",\"severity\":\"%.*s\",\"at\":%zu,\"bytes\":%zu,\"text\":",
              note_name[f->note], STR(check_marks_word(f->severity)), f->at, f->n);
    sb_json(b, str_take(str_from(body, f->at), f->n));
    if (f->rule) {
        sb_printf(b, ",\"rule\":%d,\"reason\":", f->rule->id);
        sb_json(b, f->rule->reason);
        json_list(b, "prefer", f->rule->prefer, f->rule->nprefer);
        json_list(b, "sources", f->rule->sources, f->rule->nsources);
    }
    sb_c(b, "}");
}

void check_api(struct exchange *x)
{
    struct check_result to;
    struct asked q = {.rules = check_book_by_lang(site_of(x)->check, http_query(x, S("lang")))};
    int r = q.rules ? 0 : ERR_NOT_FOUND;

    if (r == 0 && !is_allowed(x))
        r = ERR_RATE;
    q.in.title = http_query(x, S("headline"));
    q.in.body = x->body;
    if (r == 0)
        r = check_run(x->arena, q.rules, &q.in, &to);
    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    x->status = 200;
    x->type = S("application/json");
    sb_printf(&x->reply, "{\"lang\":\"%.*s\",\"quoted\":%zu,\"cut\":%s,\"finds\":[",
              STR(check_rules_lang(q.rules)), to.nquoted, to.is_cut ? "true" : "false");
    for (size_t i = 0; i < to.n; i++) {
        sb_c(&x->reply, i ? ",\n" : "\n");
        json_find(&x->reply, q.in.body, &to.finds[i]);
    }
    sb_c(&x->reply, "\n]}\n");
}
