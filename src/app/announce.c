#include "app/announce.h"

#include "base/arena.h"
#include "base/encode.h"
#include "base/err.h"
#include "base/sb.h"
#include "base/str.h"

#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

enum { OWN = 64 };

int announce_host_port(const char *text, struct addr *ret_addr)
{
    struct str_pair cut = str_rcut(str_c(text), ':');
    str host = cut.head;
    uint64_t port;
    int r;

    if (!cut.ok)
        return ERR_SYNTAX;
    r = str_u64(cut.tail, 65535, &port);
    if (r < 0)
        return r;
    if (str_starts(host, S("[")) && str_ends(host, S("]")))
        host = (str){host.p + 1, host.n - 2};
    return addr_parse(host, (uint16_t)port, ret_addr);
}

/* ---- this machine's own ---- */

/* fe80::/10 means something on one wire only, and a browser needs its name for it (RFC 4007 11);
 * 169.254.0.0/16 is the same for IPv4 (RFC 3927). */
static bool is_of_one_wire(const struct addr *a)
{
    if (addr_is_v4(a))
        return a->ip[12] == 169 && a->ip[13] == 254;
    return a->ip[0] == 0xfe && (a->ip[1] & 0xc0) == 0x80;
}

static size_t list_v4(struct addr *to, size_t room)
{
    struct ifaddrs *all = NULL;
    size_t n = 0;

    if (getifaddrs(&all) < 0)
        return 0;
    for (const struct ifaddrs *i = all; i && n < room; i = i->ifa_next) {
        struct sockaddr_in v4;

        if (!i->ifa_addr || i->ifa_addr->sa_family != AF_INET || !(i->ifa_flags & IFF_UP))
            continue;
        memcpy(&v4, i->ifa_addr, sizeof(v4));
        to[n] = (struct addr){.ip = {[10] = 0xff, [11] = 0xff}};
        memcpy(to[n++].ip + 12, &v4.sin_addr, 4);
    }
    freeifaddrs(all);
    return n;
}

/* From /proc/self/net/if_inet6 (there under ProcSubset=pid too), which tells what getifaddrs(3)
 * does not: addresses that come and go for privacy (RFC 8981) and those that are not to be used any
 * more would be told to browsers, and a certificate of our own making be made anew for them. */
static size_t list_v6(struct addr *to, size_t room)
{
    enum { TEMPORARY = 0x01, FAILED = 0x08, DEPRECATED = 0x20, TENTATIVE = 0x40 };
    FILE *f = fopen("/proc/self/net/if_inet6", "r");
    char hex[2 * 16 + 1], line[128];
    unsigned scope, flags;
    size_t n = 0;

    while (f && n < room && fgets(line, sizeof(line), f)) {
        if (sscanf(line, "%32s %*x %*x %x %x", hex, &scope, &flags) != 3 || scope != 0 ||
            flags & (TEMPORARY | FAILED | DEPRECATED | TENTATIVE))
            continue;
        to[n] = (struct addr){0};
        if (decode_hex(to[n].ip, sizeof(to[n].ip), str_c(hex)) == 0)
            n++;
    }
    if (f)
        fclose(f);
    return n;
}

static size_t list_own(struct addr to[static OWN])
{
    size_t n = list_v4(to, OWN);

    return n + list_v6(to + n, OWN - n);
}

/* ---- choosing ---- */

static bool is_any(const struct addr *a)
{
    static const uint8_t zeros[16];

    return memcmp(a->ip + (addr_is_v4(a) ? 12 : 0), zeros, addr_is_v4(a) ? 4 : 16) == 0;
}

static bool is_in(const struct addr *list, size_t n, const struct addr *a)
{
    for (size_t i = 0; i < n; i++)
        if (addr_eq(&list[i], a))
            return true;
    return false;
}

size_t announce_choose(const struct addr *at, const struct addr *own, size_t n,
                       struct addr to[static ANNOUNCED])
{
    size_t chosen = 0;

    if (!is_any(at)) {
        to[0] = *at;
        to[0].port = 0; /* that of the socket, once it is known */
        return 1;
    }
    for (size_t i = 0; i < n && chosen < ANNOUNCED; i++)
        if (!addr_is_self(&own[i]) && !is_of_one_wire(&own[i]) && !is_any(&own[i]) &&
            (addr_is_v4(&own[i]) || !addr_is_v4(at)) && !is_in(to, chosen, &own[i]))
            to[chosen++] = own[i];
    if (!chosen && addr_parse(S("127.0.0.1"), 0, &to[0]) == 0)
        chosen = 1;
    return chosen;
}

static int parse_list(const char *text, struct addr to[static ANNOUNCED], size_t *ret_n)
{
    struct str_pair cut = {.tail = str_c(text), .ok = true};
    size_t n = 0;

    while (cut.ok) {
        int r = n < ANNOUNCED ? 0 : ERR_FULL;

        cut = str_cut(cut.tail, ',');
        if (r == 0)
            r = addr_parse(str_trim(cut.head), 0, &to[n++]);
        if (r < 0)
            return r;
    }
    *ret_n = n;
    return 0;
}

int announce_list(const char *text, const char *udp, struct addr to[static ANNOUNCED],
                  size_t *ret_n)
{
    struct addr own[OWN], at;
    int r;

    if (strcmp(text, "auto") != 0)
        return parse_list(text, to, ret_n);
    r = announce_host_port(udp, &at);
    if (r == 0)
        *ret_n = announce_choose(&at, own, is_any(&at) ? list_own(own) : 0, to);
    return r;
}

const char *announce_text(struct arena *a, const char *text, const char *udp)
{
    struct addr list[ANNOUNCED];
    struct sb b = sb_init(a, ANNOUNCED * ADDR_TEXT);
    size_t n = 0;

    if (announce_list(text, udp, list, &n) < 0)
        return NULL;
    for (size_t i = 0; i < n; i++) {
        char ip[ADDR_TEXT];

        addr_print_ip(&list[i], ip);
        sb_printf(&b, "%s%s", i ? "," : "", ip);
    }
    return arena_printf(a, "%.*s", STR(sb_str(&b))).p;
}
