#include "web/print.h"

#include "base/arena.h"
#include "base/child.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/str.h"
#include "domain/certificate.h"
#include "net/http.h"
#include "net/loop.h"
#include "web/frame.h"
#include "web/site.h"
#include "web/texts.h"
#include "web/visit.h"
#include "web/worker.h"

/*
 *   web: texts ──job──▶ worker: child kengesh-pdf ──▶ web: answer
 */
struct printing {
    struct job job;
    struct exchange *x;
    str json, pdf, filename;
    int result;
};

static str with_args(struct exchange *x, const struct texts *t, enum text_id key,
                     const struct text_arg *args, size_t n)
{
    struct sb b = sb_init(x->arena, 0);

    text_add(&b, t, key, args, n);
    return arena_str(x->arena, sb_str(&b));
}

static str date(struct exchange *x, const struct texts *t, usec at)
{
    struct sb b = sb_init(x->arena, 0);

    texts_show(&b, t, SHOW_DATE, at);
    return arena_str(x->arena, sb_str(&b));
}

static void add(struct print_facts *f, str label, str value)
{
    if (value.n && f->n < PRINT_FACTS)
        f->row[f->n++] = (struct print_fact){label, value};
}

static str minutes(struct exchange *x, const struct texts *t, int n)
{
    const struct text_arg args[] = {{.name = "minutes", .n = n, .is_num = true}};

    return with_args(x, t, TEXT_CERTIFICATE_MINUTES, args, NELEM(args));
}

static str presence(struct exchange *x, const struct texts *t, const struct certificate_print *p)
{
    const struct text_arg args[] = {{.name = "minutes", .n = p->present, .is_num = true},
                                    {.name = "share", .n = p->share, .is_num = true},
                                    {.name = "percent", .n = p->percent, .is_num = true}};

    return with_args(x, t, TEXT_CERTIFICATE_PRESENT_VALUE, args, NELEM(args));
}

/* What stands in the three columns of the paper. */
static void short_facts(struct exchange *x, const struct texts *t, const struct certificate *c,
                        struct print_facts *f)
{
    const struct certificate_print *p = &c->print;

    add(f, texts_get(t, TEXT_CERTIFICATE_DAY), date(x, t, p->held_at));
    add(f, texts_get(t, TEXT_CERTIFICATE_AIR), minutes(x, t, p->minutes));
    add(f, texts_get(t, TEXT_CERTIFICATE_PRESENT), presence(x, t, p));
    add(f, texts_get(t, TEXT_CERTIFICATE_POST),
        texts_get(t, p->has_post ? TEXT_CERTIFICATE_POST_YES : TEXT_CERTIFICATE_POST_NO));
    add(f, texts_get(t, TEXT_CERTIFICATE_CONVENER), frame_apart(x, p->convener));
    add(f, texts_get(t, TEXT_CERTIFICATE_ISSUED_ON), date(x, t, c->issued_at));
}

void print_facts(struct exchange *x, const struct texts *t, const struct certificate *c,
                 struct print_facts *ret_facts)
{
    const struct certificate_print *p = &c->print;
    struct print_facts f = {.n = 0};

    add(&f, texts_get(t, TEXT_CERTIFICATE_ORG), p->org);
    add(&f, texts_get(t, TEXT_CERTIFICATE_SEMINAR), p->title);
    short_facts(x, t, c, &f);
    add(&f, texts_get(t, TEXT_CERTIFICATE_PROGRAMME), p->programme);
    add(&f, texts_get(t, TEXT_CERTIFICATE_DONOR), p->donor);
    *ret_facts = f;
}

str print_url(struct exchange *x, const struct certificate *c)
{
    const struct text_lang *l = texts_by_lang(c->lang);
    char code[CERTIFICATE_CODE_TEXT];

    certificate_code_show(c->code, code);
    return arena_printf(x->arena, "%.*s/%.*s/c/%s", STR(site_of(x)->origin),
                        STR(l ? l->code : S("en")), code);
}

static void add_member(struct sb *b, const char *key, str value)
{
    sb_printf(b, ",\"%s\":", key);
    sb_json(b, value.p ? value : S(""));
}

static str named(struct exchange *x, const struct texts *t, enum text_id key, str name)
{
    const struct text_arg args[] = {{.name = "name", .s = frame_apart(x, name)}};

    return name.n ? with_args(x, t, key, args, NELEM(args)) : S("");
}

static void add_facts(struct exchange *x, const struct texts *t, const struct certificate *c,
                      struct sb *b)
{
    struct print_facts f = {.n = 0};

    short_facts(x, t, c, &f);
    sb_c(b, ",\"facts\":[");
    for (size_t i = 0; i < f.n; i++) {
        sb_c(b, i ? ",{\"label\":" : "{\"label\":");
        sb_json(b, f.row[i].label);
        sb_c(b, ",\"value\":");
        sb_json(b, f.row[i].value);
        sb_c(b, "}");
    }
    sb_c(b, "]");
}

/* In the holder's language, which may not be the page's. */
static str json_of(struct exchange *x, const struct certificate *c)
{
    const struct certificate_print *p = &c->print;
    struct sb b = sb_init(x->arena, 0);
    char code[CERTIFICATE_CODE_TEXT];
    struct texts t;

    texts_init(&t, c->lang, p->zone);
    certificate_code_show(c->code, code);
    sb_printf(&b, "{\"rtl\":%s", str_eq(t.dir, S("rtl")) ? "true" : "false");
    add_member(&b, "lang", t.lang);
    add_member(&b, "title", texts_get(&t, TEXT_CERTIFICATE_TITLE));
    add_member(&b, "intro", texts_get(&t, TEXT_CERTIFICATE_INTRO));
    add_member(&b, "name",
               p->name.n ? frame_apart(x, p->name) : texts_get(&t, TEXT_ROLE_PROTECTED));
    add_member(&b, "org", frame_apart(x, p->org));
    add_member(&b, "did", texts_get(&t, TEXT_CERTIFICATE_DID));
    add_member(&b, "event", frame_apart(x, p->title));
    add_member(&b, "programme", named(x, &t, TEXT_CERTIFICATE_PROGRAMME_LINE, p->programme));
    add_member(&b, "donor", named(x, &t, TEXT_CERTIFICATE_DONOR_LINE, p->donor));
    add_member(&b, "check", texts_get(&t, TEXT_CERTIFICATE_CHECK));
    add_member(&b, "url", print_url(x, c));
    add_member(&b, "code", str_c(code));
    add_member(&b, "note", p->is_sample ? texts_get(&t, TEXT_CERTIFICATE_SAMPLE) : S(""));
    add_facts(x, &t, c, &b);
    sb_c(&b, "}");
    return sb_str(&b);
}

static void run(struct job *j)
{
    struct printing *p = (struct printing *)j;
    const struct child_limits limits = {MAX_PDF_BYTES, MAX_CHILD_S * USEC_S};

    p->result = child_run(p->x->arena, site_of(p->x)->conf.pdf_path, p->json, &limits, &p->pdf);
}

static void done(struct job *j)
{
    struct printing *p = (struct printing *)j;
    struct exchange *x = p->x;

    if (p->result < 0) {
        log_error("web", "pdf", "error=\"%s\"", err_text(p->result));
        visit_fail(x, ERR_BUSY);
    } else {
        http_set(x, S("Content-Disposition"),
                 arena_printf(x->arena, "attachment; filename=\"%.*s\"", STR(p->filename)));
        http_text(x, 200, S("application/pdf"), p->pdf);
    }
    visit_finish(x);
}

void print_send(struct exchange *x, const struct certificate *c)
{
    struct printing *p = arena_make(x->arena, struct printing);

    if (!p || !site_of(x)->conf.pdf_path) {
        visit_fail(x, p ? ERR_UNSUPPORTED : ERR_MEM);
        return;
    }
    *p = (struct printing){
        .job = {.run = run, .done = done, .answer = loop_queue(x->loop)},
        .x = x,
        .json = json_of(x, c),
        .filename = arena_printf(x->arena, "certificate-%.5s.pdf", c->code.p),
    };
    if (!p->json.p || !p->filename.p) {
        visit_fail(x, ERR_MEM);
        return;
    }
    http_defer(x);
    if (worker_put(site_of(x)->worker, &p->job) < 0) {
        visit_fail(x, ERR_BUSY);
        visit_finish(x);
    }
}
