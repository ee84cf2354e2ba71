/*
 * Control messages of the room's page. What is taken is within its limits; parsing the same bytes
 * again gives the same.
 */
#include "live/control.c"

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    str text = {(const char *)p, n};
    struct arena *a = arena_new();
    struct control c, again;
    int type = -1;
    int r;

    CHECK(a);
    r = control_parse(a, text, &type, &c);
    CHECK(type >= -1 && type < CONTROL_TYPES);
    CHECK(control_parse(a, text, NULL, &again) == r);
    if (r == 0) {
        CHECK(type == (int)c.type && again.type == c.type);
        CHECK(c.text.n <= MAX_CHAT_BYTES && c.resume.n <= 64 && c.person >= 0);
        CHECK(c.type != CONTROL_CHAT || (c.text.n > 0 && str_is_utf8(c.text)));
        CHECK(c.type != CONTROL_STATS || (c.loss >= 0 && c.loss <= 100));
    }
    arena_free(a);
    return 0;
}
