#include "base/addr.h"

#include "base/err.h"
#include "base/str.h"
#include "base/table.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

static const uint8_t v4_prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

bool addr_eq(const struct addr *a, const struct addr *b)
{
    return memcmp(a, b, sizeof(*a)) == 0;
}

bool addr_is_v4(const struct addr *a)
{
    return memcmp(a->ip, v4_prefix, sizeof(v4_prefix)) == 0;
}

bool addr_is_self(const struct addr *a)
{
    static const uint8_t v6_self[16] = {[15] = 1};

    return addr_is_v4(a) ? a->ip[12] == 127 : memcmp(a->ip, v6_self, sizeof(v6_self)) == 0;
}

uint64_t addr_key(const struct addr *a)
{
    return table_key(a, sizeof(*a));
}

int addr_parse(str ip, uint16_t port, struct addr *ret_addr)
{
    char text[ADDR_TEXT];
    struct addr a = {.port = port};

    if (str_copy(text, sizeof(text), ip) < 0)
        return ERR_SYNTAX;
    memcpy(a.ip, v4_prefix, sizeof(v4_prefix));
    if (inet_pton(AF_INET, text, a.ip + 12) != 1 && inet_pton(AF_INET6, text, a.ip) != 1)
        return ERR_SYNTAX;
    *ret_addr = a;
    return 0;
}

void addr_print_ip(const struct addr *a, char to[static ADDR_TEXT])
{
    if (addr_is_v4(a))
        inet_ntop(AF_INET, a->ip + 12, to, ADDR_TEXT);
    else
        inet_ntop(AF_INET6, a->ip, to, ADDR_TEXT);
}

void addr_print(const struct addr *a, char to[static ADDR_TEXT])
{
    char ip[ADDR_TEXT];

    addr_print_ip(a, ip);
    if (addr_is_v4(a))
        snprintf(to, ADDR_TEXT, "%.46s:%u", ip, a->port);
    else
        snprintf(to, ADDR_TEXT, "[%.46s]:%u", ip, a->port);
}
