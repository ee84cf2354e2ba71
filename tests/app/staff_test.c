#include "suite.h"

#include "app/config.h"
#include "app/place.h"
#include "app/staff.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/account.h"
#include "domain/right.h"
#include "store/db.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[] = "/tmp/kengesh-staff-XXXXXX";

static int begin(void **state)
{
    *state = arena_new();
    strcpy(folder + sizeof(folder) - 7, "XXXXXX");
    return *state && mkdtemp(folder) ? 0 : -1;
}

static int end(void **state)
{
    static const char *const files[] = {"kengesh.db", "kengesh.db-wal", "kengesh.db-shm", "help.db",
                                        "secret", "sign.key"};
    char path[80];

    for (size_t i = 0; i < NELEM(files); i++) {
        snprintf(path, sizeof(path), "%s/%s", folder, files[i]);
        unlink(path);
    }
    arena_free(*state);
    return rmdir(folder);
}

static int run(const char *verb, const char *login, const char *rights)
{
    const struct config c = {.data = folder, .lang = "en", .rights = rights, .rest = {verb, login}};

    return account_run(&c);
}

static unsigned rights_of(struct arena *a, const char *login)
{
    struct place place;
    struct db *db = NULL;
    struct account account = {0};

    assert_int_equal(place_open(&place, a, folder), 0);
    assert_int_equal(db_open_read(place.db_path, &db), 0);
    account_by_login(a, db, str_c(login), &account);
    db_close(db);
    return account.rights;
}

static void accounts(void **state)
{
    assert_int_equal(run("add", "ops", "system"), 0);
    assert_int_equal(rights_of(*state, "ops"), RIGHT_SYSTEM);
    assert_int_equal(run("add", "ops", "event"), ERR_CONFLICT);
    assert_int_equal(run("rights", "ops", "event,editor"), 0);
    assert_int_equal(rights_of(*state, "ops"), RIGHT_EVENT | RIGHT_EDITOR);
    assert_int_equal(run("list", NULL, NULL), 0);
    assert_int_equal(run("close", "ops", NULL), 0);
    assert_int_equal(rights_of(*state, "ops"), 0);
}

static void wrong_words(void **state)
{
    (void)state;
    assert_int_equal(run("add", "ops", NULL), ERR_SYNTAX);
    assert_int_equal(run("add", "ops", "everything"), ERR_SYNTAX);
    assert_int_equal(run("add", NULL, "event"), ERR_SYNTAX);
    assert_int_equal(run(NULL, NULL, NULL), ERR_SYNTAX);
    assert_int_equal(run("rights", "nobody", "event"), ERR_NOT_FOUND);
    assert_int_equal(run("close", "nobody", NULL), ERR_NOT_FOUND);
}

static void password(void **state)
{
    const struct config nobody = {.data = folder, .rest = {"nobody"}}, none = {.data = folder};
    const struct config ops = {.data = folder, .rest = {"ops"}};

    (void)state;
    assert_int_equal(run("add", "ops", "system"), 0);
    assert_int_equal(password_run(&ops), 0);
    assert_int_equal(password_run(&nobody), ERR_NOT_FOUND);
    assert_int_equal(password_run(&none), ERR_SYNTAX);
}

int staff_test(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(accounts, begin, end),
        cmocka_unit_test_setup_teardown(wrong_words, begin, end),
        cmocka_unit_test_setup_teardown(password, begin, end),
    };

    return cmocka_run_group_tests_name("staff", tests, NULL, NULL);
}
