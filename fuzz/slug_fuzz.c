/*
 * Short names made of titles. Whatever the title: a valid short name or the one given instead, no
 * longer than it may be, the same when it is made of itself, and not lost by words that follow.
 */
#include "domain/slug.c"

#include "fuzz.h"

static str make(struct arena *a, str title)
{
    str slug = {NULL, 0};

    CHECK(slug_make(a, title, S("instead"), &slug) == 0);
    CHECK(seminar_is_slug(slug) && slug.n <= SLUG_BYTES);
    return slug;
}

/* Its first characters, 64 bytes at most. */
static str beginning(str s)
{
    size_t n = s.n < 64 ? s.n : 64;

    while (n && n < s.n && ((unsigned char)s.p[n] & 0xc0) == 0x80)
        n--;
    return str_take(s, n);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    str title = {(const char *)p, n}, slug, short_slug;
    struct arena *a = arena_new();

    CHECK(a);
    slug = make(a, title);
    CHECK(str_eq(make(a, slug), slug));
    short_slug = make(a, beginning(title));
    if (str_is_utf8(title) && !str_eq(short_slug, S("instead")))
        CHECK(!str_eq(slug, S("instead")));
    arena_free(a);
    return 0;
}
