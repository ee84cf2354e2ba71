#include "web/page_accounts.h"

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
#include "web/page_account.h"
#include "web/remove.h"
#include "web/texts.h"
#include "web/visit.h"

#define LIST S("/desk/accounts")

static const struct {
    unsigned right;
    str name;
    enum text_id text;
} rights[] = {
    {RIGHT_EVENT, S("event"), TEXT_ACCOUNT_RIGHT_EVENT},
    {RIGHT_EDITOR, S("editor"), TEXT_ACCOUNT_RIGHT_EDITOR},
    {RIGHT_CASE, S("case"), TEXT_ACCOUNT_RIGHT_CASE},
    {RIGHT_SYSTEM, S("system"), TEXT_ACCOUNT_RIGHT_SYSTEM},
};

/* What the forms are about; a.id 0: a new account. */
struct form {
    struct hash hash; /* of the forms with a password */
    struct blank *s;
    struct account a;
};

static int read_account(struct exchange *x, struct db *db, struct account *ret_account)
{
    int64_t id;

    if (str_i64(http_param(x, S("id")), 1, INT64_MAX, &id) < 0)
        return ERR_NOT_FOUND;
    return account_by_id(x->arena, db, id, ret_account);
}

static void rights_fields(struct blank *s, const struct account *a)
{
    blank_add(s, "text", S("name"), TEXT_ACCOUNT_NAME, a->name)->max = 200;
    account_lang_field(s, a->lang);
    blank_add(s, "checks", S("right"), TEXT_ACCOUNT_RIGHTS, S(""))->hint =
        TEXT_ACCOUNT_RIGHTS_HINT;
    blank_options(s, NELEM(rights));
    for (size_t i = 0; i < NELEM(rights); i++) {
        struct text label = {.body = texts_get(visit_texts(s->x), rights[i].text),
                             .lang = text_lang(visit_texts(s->x), rights[i].text)};

        label.is_asked = str_eq(label.lang, visit_lang(s->x));
        blank_option_check(s, rights[i].name, &label, a->rights & rights[i].right);
    }
}

static void password_fields(struct blank *s)
{
    struct tpl_blank_field *at = blank_add(s, "password", S("new"), TEXT_ACCOUNT_NEW, S(""));

    at->hint = TEXT_ACCOUNT_FIRST_HINT;
    at->complete = S("new-password");
    blank_add(s, "password", S("again"), TEXT_ACCOUNT_AGAIN, S(""))->complete = S("new-password");
}

static void parse(struct blank *s, struct account *in)
{
    str sent;

    in->name = blank_value(s, S("name"));
    in->lang = blank_value(s, S("lang"));
    in->rights = 0;
    for (size_t i = 0; (sent = http_field_at(s->x, S("right"), i)).p; i++)
        for (size_t k = 0; k < NELEM(rights); k++)
            if (str_eq(sent, rights[k].name))
                in->rights |= rights[k].right;
    if (!in->name.n)
        blank_problem(s, S("name"), TEXT_ACCOUNT_NO_NAME);
    if (!texts_by_lang(in->lang))
        blank_problem(s, S("lang"), TEXT_BLANK_NOT_OFFERED);
}

static void check_passwords(struct blank *s)
{
    if (!str_eq(blank_value(s, S("new")), blank_value(s, S("again"))))
        blank_problem(s, S("again"), TEXT_ACCOUNT_DIFFERENT);
    if (blank_value(s, S("new")).n > ACCOUNT_PASSWORD_MAX)
        blank_problem(s, S("new"), TEXT_ACCOUNT_SHORT);
}

static void forget(struct blank *s)
{
    for (size_t i = 0; i < s->blank.nfields; i++)
        if (str_eq(s->field[i].kind, S("password")))
            s->field[i].value = S("");
}

/* ---- the list ---- */

void desk_accounts(struct exchange *x)
{
    static const struct frame_word done[] = {{S("add"), TEXT_ACCOUNT_ADDED},
                                             {S("close"), TEXT_ACCOUNT_CLOSED_DONE}};
    struct tpl_desk_accounts v = {.done = frame_word(x, S("done"), done, NELEM(done))};
    struct tpl_account_row *row;
    struct account_list list;
    int r = account_list(x->arena, x->db, x->actor, &list);

    row = r == 0 ? arena_array(x->arena, list.n, sizeof(*row)) : NULL;
    if (!row) {
        visit_fail(x, r < 0 ? r : ERR_MEM);
        return;
    }
    for (size_t i = 0; i < list.n; i++) {
        const struct account *a = &list.row[i];
        struct tpl_account_row_rights *held =
            arena_array(x->arena, NELEM(rights), sizeof(*held));

        row[i] = (struct tpl_account_row){
            .login = a->login,
            .name = a->name.n ? a->name : S("–"),
            .url = arena_printf(x->arena, "/desk/accounts/%lld", (long long)a->id),
            .is_closed = a->is_closed,
            .rights = held,
        };
        for (size_t k = 0; held && k < NELEM(rights); k++)
            if (a->rights & rights[k].right)
                held[row[i].nrights++].word = rights[k].text;
    }
    v.rows = row;
    v.nrows = list.n;
    frame_fill(x, &v.page, texts_get(visit_texts(x), TEXT_ACCOUNT_LIST), LIST);
    tpl_desk_accounts(&x->reply, visit_texts(x), &v);
    frame_send(x, 200);
}

/* ---- a new one ---- */

static void new_fields(struct blank *s, const struct account *a)
{
    struct tpl_blank_field *at = blank_add(s, "text", S("login"), TEXT_SIGN_LOGIN, a->login);

    at->hint = TEXT_ACCOUNT_LOGIN_HINT;
    at->max = 100;
    at->complete = S("off");
    rights_fields(s, a);
    password_fields(s);
}

static void show_new(struct blank *s)
{
    struct exchange *x = s->x;

    forget(s);
    blank_send(s, &(struct blank_page){.title = texts_get(visit_texts(x), TEXT_ACCOUNT_ADD),
                                       .lead = TEXT_ACCOUNT_ADD_LEAD,
                                       .back = LIST,
                                       .back_word = TEXT_ACCOUNT_BACK,
                                       .submit = TEXT_BLANK_SAVE,
                                       .action = LIST});
}

void desk_account_new(struct exchange *x)
{
    struct blank *s = blank_new(x, x->db, false, 1);

    if (!s) {
        visit_fail(x, ERR_MEM);
        return;
    }
    new_fields(s, &(struct account){.lang = visit_lang(x)});
    show_new(s);
}

/* Who may do what, and who changed that, is for the operator to find out afterwards. */
static void log_act(struct exchange *x, const char *event, int64_t account_id)
{
    log_info("web", event, "account=%lld by=%lld", (long long)account_id,
             (long long)x->actor->account_id);
}

static int add_act(struct exchange *x, struct db *db)
{
    struct form *f = x->state;

    f->a.password_hash = str_c(f->hash.text);
    return account_add(db, x->actor, &f->a, visit_now(x), &f->a.id);
}

static void added(struct exchange *x)
{
    struct form *f = x->state;

    if (x->result == 0) {
        log_act(x, "account_added", f->a.id);
        http_redirect(x, 303, S("/desk/accounts?done=add"));
        return;
    }
    if (x->result != ERR_CONFLICT && x->result != ERR_RANGE) {
        visit_fail(x, x->result);
        return;
    }
    blank_problem(f->s, S("login"),
                  x->result == ERR_CONFLICT ? TEXT_ACCOUNT_TAKEN : TEXT_ACCOUNT_NO_LOGIN);
    show_new(f->s);
}

/* The password was too short: the form comes back. */
static void refuse(struct form *f, void (*show)(struct blank *s))
{
    struct exchange *x = f->hash.x;

    x->result = f->hash.result == ERR_RANGE ? ERR_RANGE : f->hash.result;
    blank_problem(f->s, S("new"), TEXT_ACCOUNT_SHORT);
    if (x->result == ERR_RANGE)
        show(f->s);
    else
        visit_fail(x, x->result);
    visit_finish(x);
}

static void add_hashed(struct hash *h)
{
    struct form *f = (struct form *)h;

    if (h->result < 0) {
        refuse(f, show_new);
        return;
    }
    h->x->state = f;
    visit_act_later(h->x, add_act, added);
}

static struct form *form_new(struct exchange *x, hash_done_fn *done)
{
    struct form *f = arena_make(x->arena, struct form);

    if (!f)
        return NULL;
    f->s = blank_new(x, x->db, true, 1);
    f->hash = (struct hash){.x = x, .done = done};
    return f->s ? f : NULL;
}

void desk_account_add(struct exchange *x)
{
    struct form *f = form_new(x, add_hashed);

    if (!f) {
        visit_fail(x, ERR_MEM);
        return;
    }
    new_fields(f->s, &f->a);
    parse(f->s, &f->a);
    check_passwords(f->s);
    f->a.login = blank_value(f->s, S("login"));
    if (!f->a.login.n)
        blank_problem(f->s, S("login"), TEXT_ACCOUNT_NO_LOGIN);
    x->result = blank_result(f->s);
    if (x->result < 0) {
        show_new(f->s);
        return;
    }
    f->hash.password = blank_value(f->s, S("new"));
    hash_start(&f->hash);
}

/* ---- one account ---- */

static void show_one(struct exchange *x, struct blank *rights_form, struct blank *password)
{
    static const struct frame_word done[] = {{S("save"), TEXT_BLANK_SAVED},
                                             {S("password"), TEXT_ACCOUNT_RESET_DONE},
                                             {S("session"), TEXT_ACCOUNT_SESSION_ENDED}};
    struct tpl_desk_account_of v = {
        .done = x->result < 0 ? TEXT_NONE : frame_word(x, S("done"), done, NELEM(done)),
        .problem = x->result == ERR_STATE ? TEXT_ACCOUNT_LAST : TEXT_NONE};
    struct session_list list = {0};
    struct account a;
    int r = read_account(x, x->db, &a);

    if (r == 0)
        r = session_list_of(x->arena, x->db, x->actor, a.id, visit_now(x), &list);
    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    if (!rights_form && (rights_form = blank_new(x, x->db, false, 1)))
        rights_fields(rights_form, &a);
    if (!password && (password = blank_new(x, x->db, false, 1)))
        password_fields(password);
    v.sessions = account_sessions(x, &list, a.id);
    if (!rights_form || !password || !v.sessions) {
        visit_fail(x, ERR_MEM);
        return;
    }
    forget(password);
    v.nsessions = list.n;
    v.login = a.login;
    v.is_closed = a.is_closed;
    v.base = arena_printf(x->arena, "/desk/accounts/%lld", (long long)a.id);
    blank_fill(rights_form, &v.rights);
    v.rights.action = v.base;
    v.rights.submit = TEXT_BLANK_SAVE;
    blank_fill(password, &v.password);
    v.password.action = arena_printf(x->arena, "%.*s/password", STR(v.base));
    v.password.submit = TEXT_ACCOUNT_SET_PASSWORD;
    frame_fill(x, &v.page, a.login, v.base);
    tpl_desk_account_of(&x->reply, visit_texts(x), &v);
    frame_send(x, blank_status(x));
}

void desk_account_of(struct exchange *x)
{
    show_one(x, NULL, NULL);
}

int desk_rights_act(struct exchange *x, struct db *db)
{
    struct blank *s = blank_new(x, db, true, 1);
    struct account a, in;
    int r = s ? read_account(x, db, &a) : ERR_MEM;

    if (r < 0)
        return r;
    rights_fields(s, &a);
    r = blank_check(s);
    if (r < 0)
        return r;
    in = a;
    parse(s, &in);
    r = blank_result(s);
    if (r == 0)
        r = account_change(db, x->actor, a.id, in.name, in.lang);
    if (r == 0 && in.rights != a.rights)
        r = account_rights_set(db, x->actor, a.id, in.rights, visit_now(x));
    if (r == 0 && in.rights != a.rights)
        log_info("web", "rights_set", "account=%lld by=%lld from=%#x to=%#x", (long long)a.id,
                 (long long)x->actor->account_id, a.rights, in.rights);
    return r;
}

void desk_rights(struct exchange *x)
{
    if (x->result == 0)
        http_redirect(x, 303,
                      arena_printf(x->arena, "/desk/accounts/%.*s?done=save",
                                   STR(http_param(x, S("id")))));
    else if (blank_is_again(x))
        show_one(x, x->state, NULL);
    else
        visit_fail(x, x->result);
}

static int reset_act(struct exchange *x, struct db *db)
{
    struct form *f = x->state;

    return account_password_set(db, x->actor, f->a.id, str_c(f->hash.text), visit_now(x));
}

static void reset_done(struct exchange *x)
{
    const struct form *f = x->state;

    if (x->result < 0) {
        visit_fail(x, x->result);
        return;
    }
    log_act(x, "password_reset", f->a.id);
    http_redirect(x, 303,
                  arena_printf(x->arena, "/desk/accounts/%lld?done=password",
                               (long long)f->a.id));
}

static void show_reset(struct blank *s)
{
    show_one(s->x, NULL, s);
}

static void reset_hashed(struct hash *h)
{
    struct form *f = (struct form *)h;

    if (h->result < 0) {
        refuse(f, show_reset);
        return;
    }
    h->x->state = f;
    visit_act_later(h->x, reset_act, reset_done);
}

void desk_reset(struct exchange *x)
{
    struct form *f = form_new(x, reset_hashed);
    int r = f ? read_account(x, x->db, &f->a) : ERR_MEM;

    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    password_fields(f->s);
    check_passwords(f->s);
    x->result = blank_result(f->s);
    if (x->result < 0) {
        show_reset(f->s);
        return;
    }
    f->hash.password = blank_value(f->s, S("new"));
    hash_start(&f->hash);
}

/* ---- closing ---- */

void desk_account_ask(struct exchange *x)
{
    struct account a;
    int r = read_account(x, x->db, &a);
    str base;

    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    base = arena_printf(x->arena, "/desk/accounts/%lld", (long long)a.id);
    remove_send(x, &(struct remove_page){
                       .question = TEXT_ACCOUNT_CLOSE,
                       .advice = TEXT_ACCOUNT_CLOSE_HINT,
                       .submit = TEXT_ACCOUNT_CLOSE_DO,
                       .title = &(struct text){.body = a.login, .is_asked = true},
                       .own = base,
                       .verb = "close",
                   });
}

int desk_account_close_act(struct exchange *x, struct db *db)
{
    struct account a;
    int r = read_account(x, db, &a);

    if (r == 0)
        r = account_close(db, x->actor, a.id, visit_now(x));
    if (r == 0)
        log_act(x, "account_closed", a.id);
    return r;
}

void desk_account_close(struct exchange *x)
{
    if (x->result == 0)
        http_redirect(x, 303, S("/desk/accounts?done=close"));
    else if (x->result == ERR_STATE)
        show_one(x, NULL, NULL);
    else
        visit_fail(x, x->result);
}
