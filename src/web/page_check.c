#include "web/page_check.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "domain/check.h"
#include "gen/template.h"
#include "net/http.h"
#include "web/asset.h"
#include "web/check_book.h"
#include "web/frame.h"
#include "web/site.h"
#include "web/texts.h"
#include "web/visit.h"

enum {
    CHECKS_PER_MINUTE = 60, /* of one network: an editorial office behind one address */
    CHECKS_BURST = 60,
    MAX_PIECES = 2 * MAX_CHECK_FINDS + 1,
};

static const enum text_id note_text[CHECK_NOTES] = {
    [CHECK_WORD] = TEXT_CHECK_WORD,         [CHECK_PLACE] = TEXT_CHECK_PLACE,
    [CHECK_PHONE] = TEXT_CHECK_PHONE,       [CHECK_PASSPORT] = TEXT_CHECK_PASSPORT,
    [CHECK_EMAIL] = TEXT_CHECK_EMAIL,       [CHECK_BIRTH] = TEXT_CHECK_BIRTH,
    [CHECK_ONE_SOURCE] = TEXT_CHECK_SOURCE, [CHECK_NO_HELP] = TEXT_CHECK_HELP,
    [CHECK_FIGURE] = TEXT_CHECK_FIGURE,     [CHECK_TITLE] = TEXT_CHECK_HEADLINE,
    [CHECK_PICTURE] = TEXT_CHECK_PICTURE,
};

static const char *const note_name[CHECK_NOTES] = {
    [CHECK_WORD] = "word",         [CHECK_PLACE] = "place",     [CHECK_PHONE] = "phone",
    [CHECK_PASSPORT] = "passport", [CHECK_EMAIL] = "email",     [CHECK_BIRTH] = "birth",
    [CHECK_ONE_SOURCE] = "source", [CHECK_NO_HELP] = "help",    [CHECK_FIGURE] = "figure",
    [CHECK_TITLE] = "headline",    [CHECK_PICTURE] = "picture",
};

static enum text_id severity_text(enum check_severity s)
{
    return s == CHECK_HIGH     ? TEXT_CHECK_HIGH
           : s == CHECK_MEDIUM ? TEXT_CHECK_MEDIUM
                               : TEXT_CHECK_INFO;
}

static str severity_word(enum check_severity s)
{
    return s == CHECK_HIGH ? S("high") : s == CHECK_MEDIUM ? S("medium") : S("info");
}

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
    tpl_check_show(&x->reply, visit_texts(x), &v);
    frame_send(x, 200);
}

/* ---- the answer ---- */

static int fill_sources(struct arena *a, const struct check_rule *rule, struct tpl_check_find *f)
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
                      const struct check_result *to, struct tpl_check_answer *v)
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
            .severity = severity_word(f->severity),
            .grade = severity_text(f->severity),
            .note = f->rule ? TEXT_NONE : note_text[f->note],
        };
        if (f->rule && fill_sources(x->arena, f->rule, &row[i]) < 0)
            return ERR_MEM;
    }
    v->finds = row;
    v->nfinds = to->n;
    v->total = (int64_t)to->n;
    return 0;
}

/* The text in pieces, marked and unmarked; finds that overlap share the first one's mark. */
static int fill_pieces(struct exchange *x, str body, const struct check_result *to,
                       struct tpl_check_answer *v)
{
    struct tpl_check_answer_pieces *row = arena_array(x->arena, MAX_PIECES, sizeof(*row));
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
        row[n].severity = severity_word(f->severity);
        row[n++].number = (int64_t)i + 1;
        at = f->at + f->n;
    }
    if (at < body.n)
        row[n++].text = str_from(body, at);
    v->pieces = row;
    v->npieces = n;
    return 0;
}

struct asked {
    const struct check_rules *rules;
    struct check_in in;
};

static int answer(struct exchange *x, const struct asked *q, struct tpl_check_answer *v)
{
    struct check_result to;
    int r = check_run(x->arena, q->rules, &q->in, &to);

    if (r == 0)
        r = fill_finds(x, q->rules, q->in.body, &to, v);
    if (r == 0)
        r = fill_pieces(x, q->in.body, &to, v);
    if (r < 0)
        return r;
    v->nquoted = (int64_t)to.nquoted;
    v->is_cut = to.is_cut;
    v->lang = check_rules_lang(q->rules);
    return 0;
}

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
    struct tpl_check_answer v = {.lang = visit_lang(x)};
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
    else if ((r = answer(x, &q, &v)) == ERR_TOO_BIG)
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
                                         .severity = severity_word(rule->severity),
                                         .grade = severity_text(rule->severity)};
        if (fill_sources(x->arena, rule, &row[i]) < 0)
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
              note_name[f->note], STR(severity_word(f->severity)), f->at, f->n);
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
