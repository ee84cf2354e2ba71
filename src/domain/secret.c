#include "domain/secret.h"

#include "base/ct.h"
#include "base/err.h"
#include "base/random.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <unistd.h>

static int create(const char *path, struct secret *s)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    int r = 0;

    if (fd < 0)
        return err_from_errno(errno);
    random_bytes(s->key, sizeof(s->key));
    if (write(fd, s->key, sizeof(s->key)) != (ssize_t)sizeof(s->key) || fsync(fd))
        r = err_from_errno(errno);
    close(fd);
    if (r < 0)
        unlink(path);
    return r;
}

static int load(int fd, struct secret *s)
{
    uint8_t bytes[SECRET_BYTES + 1];
    ssize_t n = read(fd, bytes, sizeof(bytes));
    int r = 0;

    if (n < 0)
        r = err_from_errno(errno);
    else if (n != SECRET_BYTES)
        r = ERR_SYNTAX;
    else
        memcpy(s->key, bytes, SECRET_BYTES);
    ct_wipe(bytes, sizeof(bytes));
    return r;
}

int secret_open(const char *path, struct secret *ret_secret)
{
    struct secret s;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    int r;

    if (fd >= 0) {
        r = load(fd, &s);
        close(fd);
    } else {
        r = errno == ENOENT ? create(path, &s) : err_from_errno(errno);
    }
    if (r == 0)
        *ret_secret = s;
    ct_wipe(&s, sizeof(s));
    return r;
}

void secret_mac(const struct secret *s, const char *purpose, const void *p, size_t n,
                uint8_t to[static 32])
{
    crypto_auth_hmacsha256_state st;

    crypto_auth_hmacsha256_init(&st, s->key, sizeof(s->key));
    crypto_auth_hmacsha256_update(&st, (const unsigned char *)purpose, strlen(purpose) + 1);
    crypto_auth_hmacsha256_update(&st, p, n);
    crypto_auth_hmacsha256_final(&st, to);
    ct_wipe(&st, sizeof(st));
}

void secret_hash(str token, uint8_t to[static 32])
{
    crypto_hash_sha256(to, (const unsigned char *)token.p, token.n);
}
