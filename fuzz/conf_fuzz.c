/*
 * The configuration file: every call goes on by a line at least, names are names, values are text
 * of the file.
 */
#include "app/conf.c"

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    str text = {(const char *)p, n};
    struct conf c = conf_init(text);
    str name, value;
    unsigned line = 0;
    bool on;
    int r;

    while ((r = conf_next(&c, &name, &value)) != 0) {
        CHECK(c.line > line && c.line <= n);
        line = c.line;
        if (r < 0) {
            CHECK(r == ERR_SYNTAX && c.why);
            continue;
        }
        CHECK(is_name(name) && value.n && str_is_utf8(value));
        CHECK(value.p >= text.p && value.p + value.n <= text.p + n);
        conf_bool(value, &on);
    }
    return 0;
}
