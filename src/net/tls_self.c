/*
 * The self-made certificate. 397 days: browsers take no longer ones, even when their user has said
 * yes (CA/Browser Forum, Baseline Requirements 6.3.2).
 */
#include "net/tls.h"

#include "base/addr.h"
#include "base/err.h"
#include "base/str.h"

/* OpenSSL has a type of this name, which we do not need; ours is an error code. */
#define ERR_STATE openssl_err_state
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#undef ERR_STATE
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { VALID_S = 397 * 86400, RENEW_S = 30 * 86400, SLACK_S = 86400, MAX_NAME = 253 };

static bool is_address(str name)
{
    struct addr a;

    return addr_parse(name, 0, &a) == 0;
}

static int add_name(GENERAL_NAMES *all, str name)
{
    char text[MAX_NAME + 1];
    GENERAL_NAME *one;

    if (str_copy(text, sizeof(text), name) < 0)
        return ERR_RANGE;
    one = a2i_GENERAL_NAME(NULL, NULL, NULL, is_address(name) ? GEN_IPADD : GEN_DNS, text, 0);
    if (!one || sk_GENERAL_NAME_push(all, one) <= 0) {
        GENERAL_NAME_free(one);
        return ERR_CRYPTO;
    }
    return 0;
}

static int set_names(X509 *cert, const str *names, size_t n)
{
    GENERAL_NAMES *all = GENERAL_NAMES_new();
    int r = all ? 0 : ERR_MEM;

    for (size_t i = 0; r == 0 && i < n; i++)
        r = add_name(all, names[i]);
    if (r == 0 && X509_add1_ext_i2d(cert, NID_subject_alt_name, all, 0, X509V3_ADD_DEFAULT) != 1)
        r = ERR_CRYPTO;
    GENERAL_NAMES_free(all);
    return r;
}

/* A leaf, not an authority: who trusts it trusts this house alone. */
static bool set_use(X509 *cert)
{
    X509_EXTENSION *usage = X509V3_EXT_conf_nid(NULL, NULL, NID_ext_key_usage, "serverAuth");
    X509_EXTENSION *basic =
        X509V3_EXT_conf_nid(NULL, NULL, NID_basic_constraints, "critical,CA:FALSE");
    bool ok = usage && basic && X509_add_ext(cert, usage, -1) && X509_add_ext(cert, basic, -1);

    X509_EXTENSION_free(usage);
    X509_EXTENSION_free(basic);
    return ok;
}

static bool set_subject(X509 *cert)
{
    static const unsigned char name[] = "Kengesh, self-made";
    X509_NAME *who = X509_get_subject_name(cert);

    return X509_NAME_add_entry_by_txt(who, "CN", MBSTRING_ASC, name, -1, -1, 0) == 1 &&
           X509_set_issuer_name(cert, who) == 1;
}

static bool set_serial(X509 *cert)
{
    uint64_t serial = 0;

    return RAND_bytes((unsigned char *)&serial, sizeof(serial)) == 1 &&
           ASN1_INTEGER_set_uint64(X509_get_serialNumber(cert), serial >> 1) == 1;
}

static int make_cert(EVP_PKEY *key, const str *names, size_t n, X509 **ret_cert)
{
    X509 *cert = X509_new();
    int r = ERR_CRYPTO;

    if (!cert)
        return ERR_MEM;
    if (X509_set_version(cert, X509_VERSION_3) != 1 || !set_serial(cert) || !set_subject(cert) ||
        !X509_gmtime_adj(X509_getm_notBefore(cert), -SLACK_S) ||
        !X509_gmtime_adj(X509_getm_notAfter(cert), VALID_S - SLACK_S) ||
        X509_set_pubkey(cert, key) != 1 || !set_use(cert))
        goto out;
    r = set_names(cert, names, n);
    if (r == 0 && X509_sign(cert, key, EVP_sha256()) <= 0)
        r = ERR_CRYPTO;
    if (r < 0)
        goto out;
    *ret_cert = cert;
    cert = NULL;
out:
    X509_free(cert);
    return r;
}

/* A new file with these rights from its first moment. */
static FILE *open_new(const char *path, mode_t mode)
{
    int fd;
    FILE *f;

    (void)unlink(path);
    fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    f = fd < 0 ? NULL : fdopen(fd, "w");
    if (!f && fd >= 0)
        close(fd);
    return f;
}

static int write_pair(const char *cert_path, const char *key_path, X509 *cert, EVP_PKEY *key)
{
    FILE *c = open_new(cert_path, 0644), *k = open_new(key_path, 0600);
    bool ok = c && k && PEM_write_X509(c, cert) == 1 &&
              PEM_write_PrivateKey(k, key, NULL, NULL, 0, NULL, NULL) == 1;

    if (c)
        ok = fclose(c) == 0 && ok;
    if (k)
        ok = fclose(k) == 0 && ok;
    return ok ? 0 : ERR_IO;
}

int tls_self_make(const char *cert_path, const char *key_path, const str *names, size_t n)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *cert = NULL;
    int r = key ? make_cert(key, names, n, &cert) : ERR_CRYPTO;

    if (r == 0)
        r = write_pair(cert_path, key_path, cert, key);
    X509_free(cert);
    EVP_PKEY_free(key);
    ERR_clear_error();
    return r;
}

static bool stands_for(X509 *cert, str name)
{
    char text[MAX_NAME + 1];

    if (str_copy(text, sizeof(text), name) < 0)
        return false;
    if (is_address(name))
        return X509_check_ip_asc(cert, text, 0) == 1;
    return X509_check_host(cert, text, 0, 0, NULL) == 1;
}

bool tls_self_is_good(const char *cert_path, const str *names, size_t n)
{
    FILE *f = fopen(cert_path, "re");
    X509 *cert = f ? PEM_read_X509(f, NULL, NULL, NULL) : NULL;
    time_t until = time(NULL) + RENEW_S;
    bool ok = cert && X509_cmp_time(X509_get0_notAfter(cert), &until) > 0;

    for (size_t i = 0; ok && i < n; i++)
        ok = stands_for(cert, names[i]);
    X509_free(cert);
    if (f)
        fclose(f);
    ERR_clear_error();
    return ok;
}
