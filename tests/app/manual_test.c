#include "suite.h"

#include "app/command.h"
#include "app/flag.h"
#include "app/manual.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "base/sb.h"
#include "base/str.h"

/* docs/kengesh.1 is what `kengesh man` prints. */
static void page_is_up_to_date(void **state)
{
    struct arena *a = arena_new();
    struct sb made = sb_init(NULL, 0);
    str kept = {0};

    (void)state;
    manual_man(&made);
    assert_int_equal(file_read(a, DOCS "/kengesh.1", 1 << 20, &kept), 0);
    if (!str_eq(kept, sb_str(&made)))
        fail_msg("docs/kengesh.1 is old: build/src/app/kengesh man > docs/kengesh.1");
    sb_done(&made);
    arena_free(a);
}

static void every_command_explains_itself(void **state)
{
    const struct command *cmd;
    struct sb all = sb_init(NULL, 0), one = sb_init(NULL, 0);

    (void)state;
    manual_help(&all);
    for (size_t i = 0; (cmd = command_at(i)); i++) {
        assert_true(str_find(sb_str(&all), str_c(cmd->name)) > 0);
        sb_reset(&one);
        manual_command(&one, cmd);
        assert_true(str_find(sb_str(&one), str_c(cmd->help)) > 0);
        assert_ptr_equal(command_by_name(str_c(cmd->name)), cmd);
    }
    assert_null(command_by_name(S("")));
    sb_done(&all);
    sb_done(&one);
}

static void flags_are_well_formed(void **state)
{
    const struct flag *f, *g;

    (void)state;
    for (size_t i = 0; (f = flag_at(i)); i++) {
        assert_true(f->commands != 0);
        assert_true(f->value || !f->fallback);
        for (size_t k = i + 1; (g = flag_at(k)); k++)
            assert_false(str_eq(str_c(f->name), str_c(g->name)));
    }
}

static void shells(void **state)
{
    struct sb text = sb_init(NULL, 0);

    (void)state;
    assert_int_equal(manual_completion(&text, S("bash")), 0);
    assert_true(str_find(sb_str(&text), S("--tls-cert")) > 0);
    sb_reset(&text);
    assert_int_equal(manual_completion(&text, S("zsh")), 0);
    assert_true(str_starts(sb_str(&text), S("#compdef kengesh\n")));
    assert_int_equal(manual_completion(&text, S("fish")), ERR_UNSUPPORTED);
    assert_int_equal(manual_completion(&text, str_c(NULL)), ERR_UNSUPPORTED);
    sb_done(&text);
}

int manual_test(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(page_is_up_to_date),
        cmocka_unit_test(every_command_explains_itself),
        cmocka_unit_test(flags_are_well_formed),
        cmocka_unit_test(shells),
    };

    return cmocka_run_group_tests_name("manual", tests, NULL, NULL);
}
