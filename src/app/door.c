#include "app/door.h"

#include "app/config.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/str.h"
#include "net/tls.h"

#include <stdio.h>
#include <sys/resource.h>

/* Beside the connections: the store, recordings, logs, sockets of media. */
enum { OTHER_FILES = 1000, MAX_NAMES = 16 };
/* Of a hall: its streams with media inside, and a WebSocket for each of its peers. */
enum { HALL_FILES = MAX_LINKS + MAX_PEERS };

static int refuse(const char *why)
{
    log_error("app", "tls", "error=\"%s\"", why);
    return ERR_SYNTAX;
}

/* "https://kengesh.lan:8443" → "kengesh.lan" */
static str host_of(const char *site)
{
    str rest = str_from(str_c(site), sizeof("https://") - 1);
    ptrdiff_t end;

    rest = str_cut(rest, '/').head;
    end = str_starts(rest, S("[")) ? str_chr(rest, ']') : -1;
    if (end > 0)
        return (str){rest.p + 1, (size_t)end - 1};
    return str_cut(rest, ':').head;
}

/* The name in links, this machine itself, and the addresses that browsers are told of. */
static size_t names_of(const struct config *c, str names[static MAX_NAMES])
{
    struct str_pair cut = {.tail = str_c(c->announce), .ok = true};
    size_t n = 0;

    names[n++] = host_of(c->site);
    names[n++] = S("localhost");
    names[n++] = S("127.0.0.1");
    while (cut.ok && n < MAX_NAMES) {
        cut = str_cut(cut.tail, ',');
        if (str_trim(cut.head).n)
            names[n++] = str_trim(cut.head);
    }
    return n;
}

static int open_self_made(const struct config *c, struct arena *a, struct tls **ret_tls)
{
    const char *cert = file_join(a, c->data, "self-made-cert.pem");
    const char *key = file_join(a, c->data, "self-made-key.pem");
    str names[MAX_NAMES];
    size_t n = names_of(c, names);
    int r = 0;

    if (!cert || !key)
        return ERR_MEM;
    if (!tls_self_is_good(cert, names, n))
        r = tls_self_make(cert, key, names, n);
    return r < 0 ? r : tls_new(cert, key, ret_tls);
}

int door_open(const struct config *c, struct arena *a, struct tls **ret_tls)
{
    *ret_tls = NULL;
    if (!c->tls_cert && !c->tls_key && !c->is_tls_self)
        return 0;
    if (c->is_tls_self && (c->tls_cert || c->tls_key))
        return refuse("--tls-self and files of your own exclude one another");
    if (!c->is_tls_self && (!c->tls_cert || !c->tls_key))
        return refuse("--tls-cert and --tls-key belong together");
    if (!str_istarts(str_c(c->site), S("https://")))
        return refuse("with TLS, --site begins with https://");
    return c->is_tls_self ? open_self_made(c, a, ret_tls)
                          : tls_new(c->tls_cert, c->tls_key, ret_tls);
}

void door_print(struct tls *t)
{
    char text[TLS_FINGERPRINT];

    tls_fingerprint(t, text);
    printf("certificate SHA-256 %s\n", text);
}

unsigned door_files(unsigned nhalls)
{
    return MAX_HTTP_CONNS + nhalls * HALL_FILES + OTHER_FILES;
}

void door_raise_files(unsigned nhalls)
{
    struct rlimit files;
    rlim_t wanted = door_files(nhalls);

    if (getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur >= wanted)
        return;
    files.rlim_cur = files.rlim_max < wanted ? files.rlim_max : wanted;
    if (setrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur < wanted)
        log_warn("app", "files", "limit=%llu wanted=%llu", (unsigned long long)files.rlim_cur,
                 (unsigned long long)wanted);
}
