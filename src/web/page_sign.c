#include "web/page_sign.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "domain/account.h"
#include "domain/actor.h"
#include "domain/session.h"
#include "gen/template.h"
#include "net/http.h"
#include "net/loop.h"
#include "web/frame.h"
#include "web/site.h"
#include "web/texts.h"
#include "web/visit.h"
#include "web/worker.h"

/*
 *   web: look the account up ──job──▶ worker: hash ──▶ web: right?
 *                                                       │ work
 *                     web: cookie, redirect ◀── store: session
 */
struct attempt {
    struct job job;
    struct exchange *x;
    int64_t account_id;
    str login, password, hash; /* hash unset: no such account; that takes as long */
    bool is_right;
    char token[SESSION_TOKEN_TEXT];
};

/* Per account, however its name is spelled; ten wrong passwords a minute are no typing errors. */
enum { TRIES_PER_MINUTE = 10, TRIES_BURST = 10 };

/* Only an address of this site: "//host" and "/\host" lead elsewhere, and so does either with a tab
 * or an end of line in between, which browsers drop (WHATWG URL 4.4). No address has a blank. */
static str local_path(str next)
{
    bool is_local = next.n && next.p[0] == '/' && !str_starts(next, S("//"));

    for (size_t i = 0; i < next.n && is_local; i++)
        is_local = next.p[i] != '\\' && (unsigned char)next.p[i] > ' ' && next.p[i] != 127;
    return is_local ? next : S("/desk");
}

static void show_form(struct exchange *x, int status, enum text_id error, str login, str next)
{
    struct tpl_sign_in v = {
        .error = error, .login = login.p ? login : S(""), .next = local_path(next)};

    frame_fill(x, &v.page, texts_get(visit_texts(x), TEXT_SIGN_TITLE), (str){0});
    tpl_sign_in(&x->reply, visit_texts(x), &v);
    frame_send(x, status);
}

void sign_in_show(struct exchange *x)
{
    show_form(x, 200, TEXT_NONE, (str){0}, http_query(x, S("next")));
}

static int session_act(struct exchange *x, struct db *db)
{
    struct attempt *a = x->state;
    int r = account_is_still(db, a->account_id, a->hash);

    if (r < 0)
        return r;
    /* A token from before the sign-in is worth nothing after it. */
    if (x->actor->staff_session_id)
        r = session_revoke(db, x->actor, x->actor->staff_session_id, visit_now(x));
    if (r < 0 && r != ERR_NOT_FOUND)
        return r;
    return session_add_staff(db, a->account_id, http_header(x, S("user-agent")), visit_now(x),
                             a->token);
}

static void session_shown(struct exchange *x)
{
    const struct attempt *a = x->state;

    if (x->result == ERR_GONE) {
        show_form(x, 401, TEXT_SIGN_WRONG, a->login, http_field(x, S("next")));
        return;
    }
    if (x->result < 0) {
        visit_fail(x, x->result);
        return;
    }
    visit_cookie_set(x, visit_cookie_name(x, SESSION_STAFF), str_c(a->token), 0);
    http_redirect(x, 303, local_path(http_field(x, S("next"))));
    log_info("web", "sign_in", "account=%lld", (long long)a->account_id);
}

static void attempt_run(struct job *j)
{
    struct attempt *a = (struct attempt *)j;

    a->is_right = account_password_check(a->hash, a->password);
}

static void attempt_done(struct job *j)
{
    struct attempt *a = (struct attempt *)j;

    if (a->is_right && a->account_id) {
        visit_act_later(a->x, session_act, session_shown);
        return;
    }
    log_warn("web", "sign_in_refused", "known=%d", a->account_id != 0);
    show_form(a->x, 401, TEXT_SIGN_WRONG, a->login, http_field(a->x, S("next")));
    visit_finish(a->x);
}

/* As the store compares names: without blanks around, and without case in ASCII. */
static str folded(struct arena *a, str login)
{
    char *p = arena_cstr(a, str_trim(login));

    for (char *c = p; c && *c; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c + 'a' - 'A');
    return p ? str_c(p) : S("");
}

void sign_in(struct exchange *x)
{
    struct attempt *a = arena_make(x->arena, struct attempt);
    struct account account;
    str login = http_field(x, S("login")), next = http_field(x, S("next"));

    if (!a) {
        visit_fail(x, ERR_MEM);
        return;
    }
    if (!visit_rate(x, "sign-in", folded(x->arena, login), TRIES_PER_MINUTE, TRIES_BURST)) {
        show_form(x, 429, TEXT_SIGN_RATE, login, next);
        return;
    }
    *a = (struct attempt){
        .job = {.run = attempt_run, .done = attempt_done, .answer = loop_queue(x->loop)},
        .x = x,
        .login = login,
        .password = http_field(x, S("password"))};
    if (account_by_login(x->arena, x->db, login, &account) == 0) {
        a->account_id = account.id;
        a->hash = account.password_hash;
    }
    x->state = a;
    http_defer(x);
    if (worker_put(site_of(x)->worker, &a->job) < 0) {
        show_form(x, 503, TEXT_SIGN_BUSY, login, next);
        visit_finish(x);
    }
}

int sign_out_act(struct exchange *x, struct db *db)
{
    int r = 0;

    if (x->actor->staff_session_id)
        r = session_revoke(db, x->actor, x->actor->staff_session_id, visit_now(x));
    if (r == 0 && x->actor->member_session_id)
        r = session_revoke(db, x->actor, x->actor->member_session_id, visit_now(x));
    return r;
}

void sign_out(struct exchange *x)
{
    if (x->result < 0) {
        visit_fail(x, x->result);
        return;
    }
    visit_cookie_set(x, visit_cookie_name(x, SESSION_STAFF), (str){0}, 0);
    visit_cookie_set(x, visit_cookie_name(x, SESSION_MEMBER), (str){0}, 0);
    http_redirect(x, 303, arena_printf(x->arena, "/%.*s", STR(visit_lang(x))));
}
