/* The tests of the media layer in one program: main over the table of suites, and their helpers. */
#include "suites.h"

#include "base/encode.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

size_t unhex(uint8_t *to, size_t room, const char *text)
{
    size_t n = 0;

    for (; *text; text++) {
        if (*text == ' ')
            continue;
        assert_true(n < room);
        assert_int_equal(decode_hex(to + n++, 1, (str){text, 2}), 0);
        text++;
    }
    return n;
}

str test_file(const char *name)
{
    const char *dir = getenv("TEST_DATA");
    char path[512];
    char *p;
    long n;
    FILE *f;

    snprintf(path, sizeof(path), "%s/%s", dir ? dir : "tests/data", name);
    f = fopen(path, "rb");
    if (!f)
        fail_msg("%s cannot be opened", path);
    fseek(f, 0, SEEK_END);
    n = ftell(f);
    rewind(f);
    p = malloc((size_t)n + 1);
    assert_non_null(p);
    assert_int_equal(fread(p, 1, (size_t)n, f), n);
    p[n] = 0;
    fclose(f);
    return (str){p, (size_t)n};
}

/* Without arguments every suite runs, otherwise those that are named. */
int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        int (*run)(void);
    } suites[] = {
#define SUITE(name) {#name, name##_suite},
        SUITES(SUITE)
#undef SUITE
    };
    int failed = 0, found = argc < 2;

    if (sweep_is_asked(argc, argv))
        return sweep_run(media_sweeps, nmedia_sweeps);
    for (size_t i = 0; i < NELEM(suites); i++)
        for (int a = argc < 2 ? 0 : 1; a < (argc < 2 ? 1 : argc); a++)
            if (argc < 2 || strcmp(argv[a], suites[i].name) == 0) {
                found = 1;
                failed += suites[i].run();
            }
    return failed || !found;
}
