#include "app/tables.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/sb.h"
#include "domain/right.h"
#include "net/route.h"

#include <stdio.h>

void tables_print_limits(void)
{
#define LIMIT(name, value, reason) printf("%-22s %10u  %s\n", #name, (unsigned)(value), reason);
    LIMIT_TABLE(LIMIT)
#undef LIMIT
}

void tables_print_errors(void)
{
#define ERR(name, status, text) printf("%-4d ERR_%-12s %d  %s\n", ERR_##name, #name, status, text);
    ERR_TABLE(ERR)
#undef ERR
}

void tables_print_routes(const struct route_set *routes)
{
    const struct route *r;
    const char *word;
    unsigned flag;

    for (size_t i = 0; (r = route_at(routes, i)); i++) {
        printf("%-8s %-34s %-22s %s", r->method, r->pattern, r->name, right_name(r->right));
        for (size_t k = 0; (word = route_flag_word(k, &flag)); k++)
            if (r->flags & flag)
                printf(" %s", word);
        printf("\n");
    }
}
