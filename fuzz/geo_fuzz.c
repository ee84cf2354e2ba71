/*
 * Tables of countries as bytes: what is accepted can be asked for any address without reading
 * outside the file.
 */
#include "domain/geo.c"

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    static const char *const ips[] = {"0.0.0.0", "255.255.255.255", "100.1.2.3",
                                      "::1", "2001:db8::", "ffff::"};
    struct geo *g = NULL;

    if (geo_parse(p, n, &g) < 0)
        return 0;
    for (size_t i = 0; i < NELEM(ips); i++) {
        struct addr a;

        CHECK(addr_parse(str_c(ips[i]), 0, &a) == 0);
        (void)geo_country(g, &a);
    }
    geo_free(g);
    return 0;
}
