#include "app/staff.h"

#include "app/config.h"
#include "app/place.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/random.h"
#include "base/str.h"
#include "domain/account.h"
#include "domain/actor.h"
#include "domain/right.h"
#include "store/db.h"

#include <stdio.h>
#include <string.h>

enum { PASSWORD_LETTERS = 16 }; /* 95 bits */

struct desk {
    const struct config *c;
    struct arena *arena;
    struct db *db;
    struct account account; /* of the login, except for `add` and `list` */
};

struct secret_words {
    char password[PASSWORD_LETTERS + 1];
    char hash[ACCOUNT_HASH_TEXT];
};

static int make_password(struct secret_words *w)
{
    random_token(w->password, PASSWORD_LETTERS);
    return account_password_hash(str_c(w->password), w->hash);
}

static int said(const char *why)
{
    fprintf(stderr, "%s\n", why);
    return ERR_SYNTAX;
}

static int parse_rights(const struct config *c, unsigned *ret_rights)
{
    if (!c->rights || right_parse(str_c(c->rights), ret_rights) < 0)
        return said("kengesh account: --rights needs some of event,editor,case,system");
    return 0;
}

static int add(struct desk *d)
{
    struct account in = {
        .login = str_c(d->c->rest[1]),
        .name = str_c(d->c->name ? d->c->name : d->c->rest[1]),
        .lang = str_c(d->c->lang),
    };
    struct secret_words w;
    int64_t id;
    int r = parse_rights(d->c, &in.rights);

    if (r == 0)
        r = make_password(&w);
    if (r < 0)
        return r;
    in.password_hash = str_c(w.hash);
    r = account_add(d->db, &actor_server, &in, clock_wall(), &id);
    if (r == 0)
        printf("%.*s may sign in with the password %s\n", STR(in.login), w.password);
    return r;
}

static int set_rights(struct desk *d)
{
    unsigned rights;
    int r = parse_rights(d->c, &rights);

    return r < 0 ? r
                 : account_rights_set(d->db, &actor_server, d->account.id, rights, clock_wall());
}

static int close_account(struct desk *d)
{
    return account_close(d->db, &actor_server, d->account.id, clock_wall());
}

static int list(struct desk *d)
{
    static const unsigned rights[] = {RIGHT_EVENT, RIGHT_EDITOR, RIGHT_CASE, RIGHT_SYSTEM};
    struct account_list l;
    int r = account_list(d->arena, d->db, &actor_server, &l);

    for (size_t i = 0; r == 0 && i < l.n; i++) {
        printf("%-24.*s %s", STR(l.row[i].login), l.row[i].is_closed ? "closed" : "open  ");
        for (size_t k = 0; k < NELEM(rights); k++)
            if (l.row[i].rights & rights[k])
                printf(" %s", right_name(rights[k]));
        printf("\n");
    }
    return r;
}

static int set_password(struct desk *d)
{
    struct secret_words w;
    int r = make_password(&w);

    if (r == 0)
        r = account_password_set(d->db, &actor_server, d->account.id, str_c(w.hash), clock_wall());
    if (r == 0)
        printf("The new password of %.*s is %s\n", STR(d->account.login), w.password);
    return r;
}

static int open_desk(struct desk *d, const char *login)
{
    struct place place;
    int r = place_open(&place, d->arena, d->c->data);

    if (r == 0)
        r = db_open_write(place.db_path, &d->db);
    if (r == 0 && login)
        r = account_by_login(d->arena, d->db, str_c(login), &d->account);
    return r;
}

/* `login` is looked up first when it is given. */
static int run(const struct config *c, const char *login, int (*work)(struct desk *d))
{
    struct desk d = {.c = c, .arena = arena_new()};
    int r = d.arena ? open_desk(&d, login) : ERR_MEM;

    if (r == 0)
        r = work(&d);
    if (r < 0 && r != ERR_SYNTAX)
        fprintf(stderr, "kengesh: %s: %s\n", login ? login : c->data, err_text(r));
    db_close(d.db);
    arena_free(d.arena);
    return r;
}

int account_run(const struct config *c)
{
    const char *verb = c->rest[0] ? c->rest[0] : "", *login = c->rest[1];

    if (strcmp(verb, "list") == 0 && !login)
        return run(c, NULL, list);
    if (strcmp(verb, "add") == 0 && login)
        return run(c, NULL, add);
    if (strcmp(verb, "rights") == 0 && login)
        return run(c, login, set_rights);
    if (strcmp(verb, "close") == 0 && login)
        return run(c, login, close_account);
    return said(
        "usage: kengesh account add LOGIN --rights event,editor [--name TEXT] [--lang CODE]\n"
        "       kengesh account rights LOGIN --rights system\n"
        "       kengesh account close LOGIN\n"
        "       kengesh account list");
}

int password_run(const struct config *c)
{
    if (!c->rest[0])
        return said("usage: kengesh password LOGIN");
    return run(c, c->rest[0], set_password);
}
