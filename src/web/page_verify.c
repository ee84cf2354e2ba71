#include "web/page_verify.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/certificate.h"
#include "domain/seminar.h"
#include "domain/sheet.h"
#include "domain/sign.h"
#include "gen/template.h"
#include "net/http.h"
#include "web/frame.h"
#include "web/print.h"
#include "web/site.h"
#include "web/texts.h"
#include "web/visit.h"

/* A code has 100 bits: guessing is hopeless; this keeps a machine that tries from costing anything.
 */
enum { CHECKS_PER_MINUTE = 30, CHECKS_BURST = 60 };

/*
 * Not for search engines, and nothing stays: a name that was revoked or replaced must be gone at
 * once, and the address is known to those alone who have the paper.
 */
static int begin(struct exchange *x)
{
    str who = arena_printf(x->arena, "%llx", (unsigned long long)x->peer_prefix);

    http_set(x, S("X-Robots-Tag"), S("noindex, nofollow, noarchive"));
    http_set(x, S("Cache-Control"), S("no-store"));
    if (x->route->right && !texts_by_lang(http_param(x, S("lang"))))
        return ERR_NOT_FOUND;
    return visit_rate(x, "verify", who, CHECKS_PER_MINUTE, CHECKS_BURST) ? 0 : ERR_RATE;
}

static str verify_url(struct exchange *x)
{
    return arena_printf(x->arena, "/%.*s/verify", STR(visit_lang(x)));
}

static str key_text(struct exchange *x)
{
    const struct signer *s = site_of(x)->conf.signer;

    return s ? str_c(s->key_text) : S("–");
}

static enum text_id name_by_text(int name_by)
{
    static const enum text_id texts[] = {
        [NAME_OF_RECORD] = TEXT_CERTIFICATE_BY_RECORD,
        [NAME_OF_HOLDER] = TEXT_CERTIFICATE_BY_HOLDER,
        [NAME_OF_ORGANISER] = TEXT_CERTIFICATE_BY_ORGANISER,
        [NAME_PSEUDONYM] = TEXT_CERTIFICATE_BY_PSEUDONYM,
        [NAME_ERASED] = TEXT_PERSON_ERASED,
    };

    return texts[name_by >= 0 && name_by < (int)NELEM(texts) ? name_by : 0];
}

static int fill_facts(struct exchange *x, const struct certificate *c,
                      struct tpl_certificate_show *v)
{
    struct tpl_certificate_show_facts *row = arena_array(x->arena, PRINT_FACTS, sizeof(*row));
    struct print_facts f;

    if (!row)
        return ERR_MEM;
    visit_zone_set(x, c->print.zone);
    print_facts(x, visit_texts(x), c, &f);
    for (size_t i = 0; i < f.n; i++)
        row[i] = (struct tpl_certificate_show_facts){f.row[i].label, f.row[i].value};
    v->facts = row;
    v->nfacts = f.n;
    return 0;
}

void certificate_show(struct exchange *x)
{
    struct tpl_certificate_show v = {.again = verify_url(x)};
    char code[CERTIFICATE_CODE_TEXT];
    struct certificate c;
    int r = begin(x);

    if (r == 0)
        r = certificate_by_code(x->arena, x->db, http_param(x, S("code")), &c);
    if (r == 0)
        r = fill_facts(x, &c, &v);
    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    certificate_code_show(c.code, code);
    v.code = arena_str(x->arena, str_c(code));
    v.is_valid = !c.revoked_at;
    v.is_replaced = c.is_replaced;
    v.is_sample = c.print.is_sample;
    v.revoked_at = c.revoked_at;
    v.reason = c.reason.p ? c.reason : S("");
    v.name = c.print.name;
    v.is_nameless = !c.print.name.n;
    v.name_by = name_by_text(c.print.name_by);
    v.lang = c.lang;
    frame_fill(x, &v.page, texts_get(visit_texts(x), TEXT_CERTIFICATE_CHECK_TITLE), (str){0});
    tpl_certificate_show(&x->reply, visit_texts(x), &v);
    frame_send(x, 200);
}

void sheet_show(struct exchange *x)
{
    struct tpl_sheet_show v = {.again = verify_url(x)};
    struct seminar s = {0};
    struct sheet sheet = {0};
    int r = begin(x);

    if (r == 0)
        r = sheet_by_hash(x->arena, x->db, http_param(x, S("code")), &sheet);
    if (r == 0)
        r = seminar_by_id(x->arena, x->db, sheet.seminar_id, visit_lang(x), &s);
    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    visit_zone_set(x, s.zone);
    v.title = frame_text(&s.title, s.slug);
    v.title_lang = frame_foreign(&s.title);
    v.number = sheet.number;
    v.frozen_at = sheet.frozen_at;
    v.handed_to = sheet.handed_to;
    v.hash = sheet.hash;
    v.signature = sheet.signature;
    v.key = sheet.key;
    v.is_ours = str_eq(sheet.key, key_text(x));
    frame_fill(x, &v.page, texts_get(visit_texts(x), TEXT_SHEET_PUBLIC_TITLE), (str){0});
    v.page.is_demo |= s.is_demo;
    tpl_sheet_show(&x->reply, visit_texts(x), &v);
    frame_send(x, 200);
}

static void show(struct exchange *x, int status, struct tpl_verify_show *v)
{
    v->action = verify_url(x);
    v->key = key_text(x);
    if (!v->code.p)
        v->code = S("");
    frame_fill(x, &v->page, texts_get(visit_texts(x), TEXT_VERIFY_TITLE), v->action);
    tpl_verify_show(&x->reply, visit_texts(x), v);
    frame_send(x, status);
}

/* Where what was typed is found; unset: nothing has this code. */
static str place_of(struct exchange *x, str code)
{
    char shown[CERTIFICATE_CODE_TEXT];
    struct certificate c;
    struct sheet sheet;

    if (code.n == SIGN_HASH_TEXT - 1 && sheet_by_hash(x->arena, x->db, code, &sheet) == 0)
        return arena_printf(x->arena, "/%.*s/r/%.*s", STR(visit_lang(x)), STR(sheet.hash));
    if (certificate_by_code(x->arena, x->db, code, &c) < 0)
        return (str){0};
    certificate_code_show(c.code, shown);
    return arena_printf(x->arena, "/%.*s/c/%s", STR(visit_lang(x)), shown);
}

void verify_show(struct exchange *x)
{
    struct tpl_verify_show v = {.code = str_trim(http_query(x, S("code")))};
    int r = begin(x);
    str place;

    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    if (!v.code.n) {
        show(x, 200, &v);
        return;
    }
    place = place_of(x, v.code);
    if (place.p) {
        http_redirect(x, 303, place);
        return;
    }
    v.problem = TEXT_VERIFY_NOT_FOUND;
    show(x, 404, &v);
}

void verify_file(struct exchange *x)
{
    struct tpl_verify_show v = {.code = S("")};
    char hash[SIGN_HASH_TEXT];
    struct sheet sheet;
    int r = begin(x);
    str file;

    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    file = http_file(x, S("file"), NULL);
    sign_hash(file.p ? file : S(""), hash);
    v.is_good =
        sheet_by_hash(x->arena, x->db, str_c(hash), &sheet) == 0 && sheet_verify(&sheet, file) == 0;
    v.result = v.is_good ? TEXT_VERIFY_GOOD : TEXT_VERIFY_BAD;
    if (v.is_good)
        v.sheet_url = arena_printf(x->arena, "/%.*s/r/%.*s", STR(visit_lang(x)), STR(sheet.hash));
    show(x, v.is_good ? 200 : 400, &v);
}
