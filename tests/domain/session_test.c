#include "suite.h"

#include "domain/account.h"
#include "domain/invitation.h"
#include "domain/session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void password(void **state)
{
    char hash[ACCOUNT_HASH_TEXT];

    (void)state;
    assert_int_equal(account_password_hash(S("short"), hash), ERR_RANGE);
    /* Nine letters of two bytes each are nine characters. */
    assert_int_equal(account_password_hash(S("парольпар"), hash), ERR_RANGE);
    assert_int_equal(account_password_hash(S("a long password"), hash), 0);
    assert_true(str_starts(str_c(hash), S("$argon2id$")));
    assert_true(account_password_check(str_c(hash), S("a long password")));
    assert_false(account_password_check(str_c(hash), S("a long passwore")));
    assert_false(account_password_check((str){NULL, 0}, S("a long password")));
}

static int64_t account_make(struct world *w, unsigned rights)
{
    struct account in = {.login = S("Anna@Example.org"),
                         .name = S("Anna"),
                         .lang = S("ru"),
                         .password_hash = S("h"),
                         .rights = rights};
    int64_t id = 0;

    assert_int_equal(account_add(w->db, &w->system, &in, T0, &id), 0);
    return id;
}

static void account(void **state)
{
    struct world *w = *state;
    int64_t id = account_make(w, RIGHT_EVENT | RIGHT_CASE);
    struct account a = {.login = S("ANNA@example.org"), .lang = S("en"), .password_hash = S("x")};
    struct account_list l;

    assert_int_equal(account_add(w->db, &w->system, &a, T0, &id), ERR_CONFLICT);
    a.rights = RIGHT_PUBLIC;
    assert_int_equal(account_add(w->db, &w->system, &a, T0, &id), ERR_RANGE);
    assert_int_equal(account_by_login(w->a, w->db, S(" anna@example.ORG "), &a), 0);
    assert_int_equal(a.rights, RIGHT_EVENT | RIGHT_CASE);
    assert_int_equal(account_list(w->a, w->db, &w->system, &l), 0);
    assert_int_equal(l.n, 2);
    assert_null(l.row[0].password_hash.p);
    assert_int_equal(account_by_login(w->a, w->db, S("anna@example.org"), &a), 0);
    assert_int_equal(account_is_still(w->db, id, a.password_hash), 0);
    assert_int_equal(account_is_still(w->db, id, S("another")), ERR_GONE);
    assert_int_equal(account_close(w->db, &w->system, id, T0), 0);
    assert_int_equal(account_is_still(w->db, id, a.password_hash), ERR_GONE);
    assert_int_equal(account_by_login(w->a, w->db, S("anna@example.org"), &a), ERR_NOT_FOUND);
}

static void staff(void **state)
{
    struct world *w = *state;
    int64_t id = account_make(w, RIGHT_EDITOR);
    char token[SESSION_TOKEN_TEXT];
    struct actor who = actor_public;
    struct session_list l;

    assert_int_equal(session_add_staff(w->db, id, S("Firefox"), T0, token), 0);
    assert_int_equal(session_join(w->a, w->db, str_c(token), T0, &who), 0);
    assert_int_equal(who.rights, RIGHT_PUBLIC | RIGHT_STAFF | RIGHT_EDITOR);
    assert_int_equal(who.account_id, id);
    assert_str(who.name, "Anna");
    /* Only the hash is stored. */
    assert_int_equal(world_count(w, "SELECT length(token_hash) FROM sessions"), 32);
    assert_int_equal(account_rights_set(w->db, &w->system, id, RIGHT_EVENT, T0), 0);
    who = actor_public;
    assert_int_equal(session_join(w->a, w->db, str_c(token), T0, &who), 0);
    assert_int_equal(who.rights, RIGHT_PUBLIC | RIGHT_STAFF | RIGHT_EVENT);
    assert_int_equal(session_list(w->a, w->db, &who, T0, &l), 0);
    assert_int_equal(l.n, 1);
    assert_true(l.row[0].is_current);
    assert_int_equal(session_revoke(w->db, &w->member, l.row[0].id, T0), ERR_NOT_FOUND);
    assert_int_equal(session_revoke(w->db, &who, l.row[0].id, T0), 0);
    assert_int_equal(session_join(w->a, w->db, str_c(token), T0, &who), ERR_AUTH);
}

static void expiry(void **state)
{
    struct world *w = *state;
    int64_t id = account_make(w, 0);
    char token[SESSION_TOKEN_TEXT];
    struct actor who = actor_public;
    usec later = T0 + SESSION_STAFF_US - 1;

    assert_int_equal(session_add_staff(w->db, id, (str){NULL, 0}, T0, token), 0);
    assert_int_equal(session_join(w->a, w->db, str_c(token), later, &who), 0);
    assert_int_equal(session_join(w->a, w->db, str_c(token), later + 1, &who), ERR_AUTH);
    assert_int_equal(session_touch(w->db, who.staff_session_id, later), 0);
    assert_int_equal(session_join(w->a, w->db, str_c(token), later + 1, &who), 0);
    assert_int_equal(session_sweep(w->db, later + SESSION_STAFF_US + 2 * USEC_DAY), 0);
    assert_int_equal(world_count(w, "SELECT count(*) FROM sessions"), 0);
}

static void both(void **state)
{
    struct world *w = *state;
    int64_t id = account_make(w, RIGHT_EVENT);
    char a[SESSION_TOKEN_TEXT], b[SESSION_TOKEN_TEXT];
    struct actor who = actor_public;

    assert_int_equal(session_add_staff(w->db, id, S("x"), T0, a), 0);
    assert_int_equal(session_add_member(w->db, w->member.invitation_id, S("x"), T0, b), 0);
    assert_int_equal(session_join(w->a, w->db, str_c(b), T0, &who), 0);
    assert_int_equal(who.rights, RIGHT_PUBLIC | RIGHT_MEMBER);
    assert_int_equal(session_join(w->a, w->db, str_c(a), T0, &who), 0);
    assert_int_equal(who.rights, RIGHT_PUBLIC | RIGHT_MEMBER | RIGHT_STAFF | RIGHT_EVENT);
    assert_true(actor_is_member(&who, w->demo.live_id));
    assert_false(actor_is_member(&who, w->demo.record_id));
    assert_int_equal(who.person_id, w->member.person_id);
    /* A renewed link ends the member's session and leaves the staff one. */
    assert_int_equal(invitation_renew(w->db, &w->event, w->member.invitation_id, T0), 0);
    assert_int_equal(session_join(w->a, w->db, str_c(b), T0, &who), ERR_AUTH);
    assert_int_equal(session_join(w->a, w->db, str_c(a), T0, &who), 0);
}

static void csrf(void **state)
{
    struct world *w = *state;
    char one[SESSION_CSRF_TEXT], two[SESSION_CSRF_TEXT];

    session_csrf(&w->secret, S("token one"), one);
    session_csrf(&w->secret, S("token two"), two);
    assert_string_not_equal(one, two);
    assert_true(session_csrf_check(&w->secret, S("token one"), str_c(one)));
    assert_false(session_csrf_check(&w->secret, S("token one"), str_c(two)));
    assert_false(session_csrf_check(&w->secret, S("token one"), S("")));
}

static void secret_file(void **state)
{
    char dir[] = "/tmp/kengesh-secret-XXXXXX", path[64];
    struct secret one, two;
    struct stat st;

    (void)state;
    assert_non_null(mkdtemp(dir));
    (void)snprintf(path, sizeof(path), "%s/secret", dir);
    assert_int_equal(secret_open(path, &one), 0);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(secret_open(path, &two), 0);
    assert_memory_equal(one.key, two.key, SECRET_BYTES);
    assert_int_equal(truncate(path, 31), 0);
    assert_int_equal(secret_open(path, &two), ERR_SYNTAX);
    unlink(path);
    rmdir(dir);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(password),   ROW(account), ROW(staff), ROW(expiry), ROW(both), ROW(csrf),
    cmocka_unit_test(secret_file)};
SUITE(session);
