#include "web/page_account.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/log.h"
#include "base/str.h"
#include "domain/account.h"
#include "domain/actor.h"
#include "domain/session.h"
#include "domain/text.h"
#include "gen/template.h"
#include "net/http.h"
#include "web/blank.h"
#include "web/frame.h"
#include "web/hash.h"
#include "web/texts.h"
#include "web/visit.h"

/* Wrong old passwords of one account; ten a minute are no typing errors. */
enum { TRIES_PER_MINUTE = 10, TRIES_BURST = 10 };

void account_lang_field(struct blank *s, str stored)
{
    const struct text_lang *l;

    blank_add(s, "select", S("lang"), TEXT_ACCOUNT_LANG, stored);
    blank_options(s, 24);
    for (size_t i = 0; i < 24 && (l = texts_lang(i)); i++)
        if (!l->is_pseudo)
            blank_option(s, l->code, &(struct text){.body = l->name, .lang = l->code});
}

const struct tpl_session_row *account_sessions(struct exchange *x, const struct session_list *l,
                                               int64_t account_id)
{
    struct tpl_session_row *row = arena_array(x->arena, l->n, sizeof(*row));

    for (size_t i = 0; row && i < l->n; i++) {
        const struct session *s = &l->row[i];

        row[i] = (struct tpl_session_row){
            .id = s->id,
            .account = account_id,
            .agent = s->agent.n ? s->agent : S("?"),
            .added_at = s->added_at,
            .used_at = s->used_at,
            .is_current = s->is_current,
            .csrf_token = visit_csrf(x),
        };
    }
    return row;
}

/* ---- the page: two forms and a list ---- */

static int read_account(struct exchange *x, struct db *db, struct account *ret_account)
{
    return account_by_id(x->arena, db, x->actor->account_id, ret_account);
}

static void profile_fields(struct blank *s, const struct account *a)
{
    blank_add(s, "text", S("name"), TEXT_ACCOUNT_NAME, a->name)->max = 200;
    account_lang_field(s, a->lang);
}

static void password_fields(struct blank *s)
{
    struct tpl_blank_field *at;

    blank_add(s, "password", S("old"), TEXT_ACCOUNT_OLD, S(""))->complete = S("current-password");
    at = blank_add(s, "password", S("new"), TEXT_ACCOUNT_NEW, S(""));
    at->complete = S("new-password");
    at->hint = TEXT_ACCOUNT_NEW_HINT;
    blank_add(s, "password", S("again"), TEXT_ACCOUNT_AGAIN, S(""))->complete = S("new-password");
}

/* Passwords never go back into a page. */
static void forget(struct blank *s)
{
    for (size_t i = 0; i < s->blank.nfields; i++)
        if (str_eq(s->field[i].kind, S("password")))
            s->field[i].value = S("");
}

static void show(struct exchange *x, struct blank *profile, struct blank *password, int status)
{
    static const struct frame_word done[] = {{S("save"), TEXT_BLANK_SAVED},
                                             {S("password"), TEXT_ACCOUNT_PASSWORD_SET},
                                             {S("session"), TEXT_ACCOUNT_SESSION_ENDED}};
    struct tpl_desk_account v = {
        .done = status == 200 ? frame_word(x, S("done"), done, NELEM(done)) : TEXT_NONE};
    struct session_list list = {0};
    struct account a;
    int r = read_account(x, x->db, &a);

    if (r == 0)
        r = session_list(x->arena, x->db, x->actor, visit_now(x), &list);
    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    if (!profile) {
        profile = blank_new(x, x->db, false, 1);
        if (profile)
            profile_fields(profile, &a);
    }
    if (!password) {
        password = blank_new(x, x->db, false, 1);
        if (password)
            password_fields(password);
    }
    v.sessions = account_sessions(x, &list, 0);
    if (!profile || !password || !v.sessions) {
        visit_fail(x, ERR_MEM);
        return;
    }
    forget(password);
    v.nsessions = list.n;
    v.login = a.login;
    blank_fill(profile, &v.profile);
    v.profile.action = S("/desk/account");
    v.profile.submit = TEXT_BLANK_SAVE;
    blank_fill(password, &v.password);
    v.password.action = S("/desk/account/password");
    v.password.submit = TEXT_ACCOUNT_SET_PASSWORD;
    frame_fill(x, &v.page, texts_get(visit_texts(x), TEXT_ACCOUNT_TITLE), S("/desk/account"));
    tpl_desk_account(&x->reply, visit_texts(x), &v);
    frame_send(x, status);
}

void desk_account(struct exchange *x)
{
    show(x, NULL, NULL, 200);
}

int desk_account_save_act(struct exchange *x, struct db *db)
{
    struct blank *s = blank_new(x, db, true, 1);
    struct account a;
    int r = s ? read_account(x, db, &a) : ERR_MEM;

    if (r < 0)
        return r;
    profile_fields(s, &a);
    r = blank_check(s);
    if (r < 0)
        return r;
    if (!blank_value(s, S("name")).n)
        blank_problem(s, S("name"), TEXT_ACCOUNT_NO_NAME);
    if (!texts_by_lang(blank_value(s, S("lang"))))
        blank_problem(s, S("lang"), TEXT_BLANK_NOT_OFFERED);
    r = blank_result(s);
    if (r == 0)
        r = account_change(db, x->actor, a.id, blank_value(s, S("name")),
                           blank_value(s, S("lang")));
    return r;
}

void desk_account_save(struct exchange *x)
{
    if (x->result == 0)
        http_redirect(x, 303, S("/desk/account?done=save"));
    else if (blank_is_again(x))
        show(x, x->state, NULL, blank_status(x));
    else
        visit_fail(x, x->result);
}

/* ---- the password: checked and hashed on a worker's thread ---- */

struct change {
    struct hash hash;
    struct blank *s;
    int64_t account_id;
    char token[SESSION_TOKEN_TEXT];
};

/* Ends every session of the account, and begins this browser's anew with another token. */
static int change_act(struct exchange *x, struct db *db)
{
    struct change *c = x->state;
    int r = account_is_still(db, c->account_id, c->hash.known);

    if (r == 0)
        r = account_password_set(db, x->actor, c->account_id, str_c(c->hash.text), visit_now(x));
    if (r == 0)
        r = session_add_staff(db, c->account_id, http_header(x, S("user-agent")), visit_now(x),
                              c->token);
    return r;
}

static void changed(struct exchange *x)
{
    const struct change *c = x->state;

    if (x->result < 0) {
        /* Reset or closed meanwhile, which has ended this session. */
        visit_fail(x, x->result == ERR_GONE ? ERR_AUTH : x->result);
        return;
    }
    visit_cookie_set(x, visit_cookie_name(x, SESSION_STAFF), str_c(c->token), 0);
    http_redirect(x, 303, S("/desk/account?done=password"));
    log_info("web", "password_set", "account=%lld", (long long)c->account_id);
}

static void hashed(struct hash *h)
{
    struct change *c = (struct change *)h;
    struct exchange *x = h->x;

    if (h->is_right && h->result == 0) {
        x->state = c;
        visit_act_later(x, change_act, changed);
        return;
    }
    if (!h->is_right)
        blank_problem(c->s, S("old"), TEXT_ACCOUNT_WRONG_OLD);
    else
        blank_problem(c->s, S("new"), TEXT_ACCOUNT_SHORT);
    show(x, NULL, c->s, 400);
    visit_finish(x);
}

void desk_password(struct exchange *x)
{
    struct change *c = arena_make(x->arena, struct change);
    struct blank *s = blank_new(x, x->db, true, 1);
    struct account a;
    int r = c && s ? read_account(x, x->db, &a) : ERR_MEM;

    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    password_fields(s);
    if (!visit_rate(x, "password", a.login, TRIES_PER_MINUTE, TRIES_BURST))
        blank_problem(s, S("old"), TEXT_SIGN_RATE);
    if (!str_eq(blank_value(s, S("new")), blank_value(s, S("again"))))
        blank_problem(s, S("again"), TEXT_ACCOUNT_DIFFERENT);
    if (blank_result(s) < 0) {
        show(x, NULL, s, 400);
        return;
    }
    *c = (struct change){.s = s, .account_id = a.id};
    c->hash = (struct hash){.x = x,
                            .known = a.password_hash,
                            .old = blank_value(s, S("old")),
                            .password = blank_value(s, S("new")),
                            .done = hashed};
    hash_start(&c->hash);
}

/* ---- sessions ---- */

int desk_session_end_act(struct exchange *x, struct db *db)
{
    int64_t id;

    if (str_i64(http_param(x, S("id")), 1, INT64_MAX, &id) < 0)
        return ERR_NOT_FOUND;
    return session_revoke(db, x->actor, id, visit_now(x));
}

void desk_session_end(struct exchange *x)
{
    int64_t account_id = 0;

    if (x->result < 0 && x->result != ERR_NOT_FOUND) { /* gone already is what was wanted */
        visit_fail(x, x->result);
        return;
    }
    (void)str_i64(http_field(x, S("account")), 1, INT64_MAX, &account_id);
    if (account_id)
        http_redirect(x, 303,
                      arena_printf(x->arena, "/desk/accounts/%lld?done=session",
                                   (long long)account_id));
    else
        http_redirect(x, 303, S("/desk/account?done=session"));
}
