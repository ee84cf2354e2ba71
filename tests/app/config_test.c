#include "suite.h"

#include "app/config.h"
#include "base/arena.h"
#include "base/err.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct fixture {
    struct arena *a;
    char folder[64], file[80];
    struct config c;
};

static int begin(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));

    if (!f)
        return -1;
    f->a = arena_new();
    strcpy(f->folder, "/tmp/kengesh-config-XXXXXX");
    if (!f->a || !mkdtemp(f->folder))
        return -1;
    snprintf(f->file, sizeof(f->file), "%s/kengesh.conf", f->folder);
    unsetenv("KENGESH_DATA");
    unsetenv("KENGESH_CONFIG");
    unsetenv("KENGESH_LOG");
    unsetenv("KENGESH_PSEUDO");
    *state = f;
    return 0;
}

static int end(void **state)
{
    struct fixture *f = *state;

    unlink(f->file);
    rmdir(f->folder);
    arena_free(f->a);
    free(f);
    unsetenv("KENGESH_LOG");
    unsetenv("KENGESH_CONFIG");
    unsetenv("KENGESH_PSEUDO");
    return 0;
}

static void write_file(struct fixture *f, const char *text)
{
    FILE *out = fopen(f->file, "w");

    assert_non_null(out);
    fputs(text, out);
    fclose(out);
}

enum { MAX_WORDS = 10 };

/* kengesh <words>, with the data folder of the fixture unless `words` has one. */
static int parse(struct fixture *f, unsigned bit, const char *words)
{
    char copy[200];
    char *argv[MAX_WORDS + 4] = {(char[]){"kengesh"}}, *save = NULL;
    int argc = 1;

    snprintf(copy, sizeof(copy), "%s --data %s", words, f->folder);
    for (char *w = strtok_r(copy, " ", &save); w && argc < MAX_WORDS;
         w = strtok_r(NULL, " ", &save))
        argv[argc++] = w;
    argv[argc] = NULL;
    for (int i = 1; i < argc; i++)
        argv[i] = arena_cstr(f->a, (str){argv[i], strlen(argv[i])});
    return config_parse(f->a, &f->c, bit, argc, argv);
}

static void first_place_wins(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(parse(f, CMD_SERVE, "serve"), 0);
    assert_string_equal(f->c.log, "info");
    assert_false(f->c.is_demo);
    assert_false(f->c.is_gso_off);
    write_file(f, "log = warn\ndemo = yes\nthreads = 4\nudp-no-gso = yes\n");
    assert_int_equal(parse(f, CMD_SERVE, "serve"), 0);
    assert_string_equal(f->c.log, "warn");
    assert_string_equal(f->c.threads, "4");
    assert_true(f->c.is_demo);
    assert_true(f->c.is_gso_off);
    setenv("KENGESH_UDP_NO_GSO", "no", 1);
    assert_int_equal(parse(f, CMD_SERVE, "serve"), 0);
    assert_false(f->c.is_gso_off);
    assert_int_equal(parse(f, CMD_SERVE, "serve --udp-no-gso"), 0);
    assert_true(f->c.is_gso_off);
    unsetenv("KENGESH_UDP_NO_GSO");
    setenv("KENGESH_LOG", "error", 1);
    setenv("KENGESH_PSEUDO", "yes", 1);
    assert_int_equal(parse(f, CMD_SERVE, "serve"), 0);
    assert_string_equal(f->c.log, "error");
    assert_true(f->c.is_pseudo);
    assert_int_equal(parse(f, CMD_SERVE, "serve --log debug"), 0);
    assert_string_equal(f->c.log, "debug");
    assert_int_equal(parse(f, CMD_SERVE, "serve --log=warn --threads=1"), 0);
    assert_string_equal(f->c.log, "warn");
    assert_string_equal(f->c.threads, "1");
}

static void named_file(void **state)
{
    struct fixture *f = *state;
    char words[160];

    write_file(f, "data = /elsewhere\nlog = warn\n");
    assert_int_equal(parse(f, CMD_SERVE, "serve"), ERR_SYNTAX); /* it stands in the data folder */
    setenv("KENGESH_CONFIG", f->file, 1);
    assert_int_equal(parse(f, CMD_SERVE, "serve"), 0);
    assert_string_equal(f->c.data, f->folder);
    assert_string_equal(f->c.log, "warn");
    snprintf(words, sizeof(words), "serve --config %s/none", f->folder);
    assert_int_equal(parse(f, CMD_SERVE, words), ERR_NOT_FOUND);
    /* A file of the whole house: other commands pass over what is not theirs. */
    assert_int_equal(parse(f, CMD_PASSWORD, "password somebody"), 0);
    assert_string_equal(f->c.rest[0], "somebody");
}

static void faults_of_the_file(void **state)
{
    static const char *const texts[] = {
        "lisen = 1\n", "json = yes\n", "config = x\n", "demo = maybe\n", "log = info\nlog = info\n",
        "log\n"};
    struct fixture *f = *state;

    for (size_t i = 0; i < NELEM(texts); i++) {
        write_file(f, texts[i]);
        assert_int_equal(parse(f, CMD_SERVE, "serve"), ERR_SYNTAX);
    }
}

static void faults_of_the_line(void **state)
{
    static const char *const lines[] = {"serve --none", "serve -x",      "serve --demo=yes",
                                        "serve --json", "serve a b c d", "serve --",
                                        "serve --=x"};
    struct fixture *f = *state;

    for (size_t i = 0; i < NELEM(lines); i++)
        assert_int_equal(parse(f, CMD_SERVE, lines[i]), ERR_SYNTAX);
    setenv("KENGESH_PSEUDO", "perhaps", 1);
    assert_int_equal(parse(f, CMD_SERVE, "serve"), ERR_SYNTAX);
}

static void help_comes_first(void **state)
{
    struct fixture *f = *state;

    write_file(f, "nonsense\n");
    assert_int_equal(parse(f, CMD_SERVE, "serve --help"), 1);
}

int config_test(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(first_place_wins, begin, end),
        cmocka_unit_test_setup_teardown(named_file, begin, end),
        cmocka_unit_test_setup_teardown(faults_of_the_file, begin, end),
        cmocka_unit_test_setup_teardown(faults_of_the_line, begin, end),
        cmocka_unit_test_setup_teardown(help_comes_first, begin, end),
    };

    return cmocka_run_group_tests_name("config", tests, NULL, NULL);
}
