/*
 * The server's side of TLS: certificate, key and rules that all connections of all web threads
 * share. Owner: who made it; it outlives the server. Threads: any. TLS 1.2 and 1.3 with ephemeral
 * keys and authenticated ciphers only (RFC 9325); sessions are resumed by tickets, so nothing is
 * kept here; ALPN offers h2 and http/1.1 (RFC 7301, RFC 9113 3.2).
 *
 * OpenSSL writes to its socket with write(2), so SIGPIPE must be blocked or ignored.
 */
#ifndef NET_TLS_H
#define NET_TLS_H

#include "base/types.h"

struct tls;

/* A pair of PEM files: the chain, own certificate first, and its key. ERR_NOT_FOUND, ERR_CRYPTO
 * (not a pair, or not PEM), ERR_MEM. */
int tls_new(const char *cert_path, const char *key_path, struct tls **ret_tls);
/* Reads both files again. New connections get the new pair, old tickets still resume; on failure
 * all stays as it was. */
int tls_reload(struct tls *t);
/* A connection about to shake hands on fd, which stays the caller's. */
int tls_accept(struct tls *t, int fd, void **ret_ssl);
/* After the handshake. */
bool tls_is_h2(void *ssl);
/* SHA-256 of the certificate as browsers show it: "AB:CD:…", NUL-terminated. */
enum { TLS_FINGERPRINT = 96 };
void tls_fingerprint(struct tls *t, char to[static TLS_FINGERPRINT]);
/* NULL-safe. */
void tls_free(struct tls *t);

/*
 * A certificate that nobody but its maker vouches for, for a house without a name in the DNS.
 * Readers compare its fingerprint. names: DNS names and addresses it shall stand for. Writes both
 * files, the key readable by its owner only. ERR_IO, ERR_CRYPTO.
 */
int tls_self_make(const char *cert_path, const char *key_path, const str *names, size_t n);
/* Does the file hold a certificate for all these names that lasts a further 30 days? */
bool tls_self_is_good(const char *cert_path, const str *names, size_t n);

#endif
