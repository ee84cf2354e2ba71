/*
 * Bodies of forms. The first line of the input is the Content-Type, the rest the body.
 */
#include "net/form.c"
#include "net/url.c"

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    str body = {(const char *)p, n}, type;
    struct arena *a = arena_new();
    struct form *f = NULL;

    CHECK(a);
    if (str_line(&body, &type) && form_parse(a, type, body, &f) == 0) {
        CHECK(f->n <= MAX_FORM_FIELDS);
        for (size_t i = 0; i < f->n; i++) {
            CHECK(str_is_utf8(f->fields[i].name));
            CHECK(f->fields[i].filename.p || str_is_utf8(f->fields[i].value));
            CHECK(form_at(f, f->fields[i].name, 0));
        }
    }
    arena_free(a);
    return 0;
}
