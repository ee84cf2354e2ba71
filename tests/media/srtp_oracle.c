#include "srtp_oracle.h"

#include <dlfcn.h>
#define srtp_protect   srtp2_protect
#define srtp_unprotect srtp2_unprotect
#include <srtp2/srtp.h>
#undef srtp_protect
#undef srtp_unprotect
#include <stdlib.h>

typedef srtp_err_status_t packet_fn(srtp_t ctx, void *p, int *n);

struct srtp_oracle {
    void *lib;
    srtp_t session;
    packet_fn *protect, *unprotect, *protect_rtcp, *unprotect_rtcp;
};

/* srtp_init may be called once in a process; the library stays loaded, so nothing undoes it. */
static bool is_up;

/* POSIX lets dlsym's result be a function; ISO C wants it copied. */
static bool find(struct srtp_oracle *o, const char *name, void *to_fn)
{
    void *p = dlsym(o->lib, name);

    __builtin_memcpy(to_fn, &p, sizeof(p));
    return p != NULL;
}

static bool find_calls(struct srtp_oracle *o)
{
    return find(o, "srtp_protect", &o->protect) && find(o, "srtp_unprotect", &o->unprotect) &&
           find(o, "srtp_protect_rtcp", &o->protect_rtcp) &&
           find(o, "srtp_unprotect_rtcp", &o->unprotect_rtcp);
}

static bool open_session(struct srtp_oracle *o, bool is_gcm, bool is_tx, const uint8_t *master)
{
    void (*set)(srtp_crypto_policy_t *);
    srtp_err_status_t (*init)(void);
    srtp_err_status_t (*create)(srtp_t *, const srtp_policy_t *);
    srtp_policy_t policy = {0};

    if (!find(o, "srtp_init", &init) || !find(o, "srtp_create", &create) ||
        !find(o,
              is_gcm ? "srtp_crypto_policy_set_aes_gcm_128_16_auth"
                     : "srtp_crypto_policy_set_rtp_default",
              &set))
        return false;
    set(&policy.rtp);
    set(&policy.rtcp);
    policy.ssrc.type = is_tx ? ssrc_any_outbound : ssrc_any_inbound;
    policy.key = (unsigned char *)(uintptr_t)master;
    policy.window_size = 128;
    if (!is_up && init() != srtp_err_status_ok)
        return false;
    is_up = true;
    return create(&o->session, &policy) == srtp_err_status_ok;
}

struct srtp_oracle *srtp_oracle_new(bool is_gcm, bool is_tx, const uint8_t *master)
{
    struct srtp_oracle *o = calloc(1, sizeof(*o));

    if (!o)
        return NULL;
    o->lib = dlopen("libsrtp2.so.1", RTLD_NOW | RTLD_LOCAL);
    if (o->lib && find_calls(o) && open_session(o, is_gcm, is_tx, master))
        return o;
    srtp_oracle_free(o);
    return NULL;
}

static bool call(struct srtp_oracle *o, packet_fn *fn, uint8_t *p, size_t *n)
{
    int len = (int)*n;

    if (fn(o->session, p, &len) != srtp_err_status_ok)
        return false;
    *n = (size_t)len;
    return true;
}

bool srtp_oracle_protect(struct srtp_oracle *o, uint8_t *p, size_t *n)
{
    return call(o, o->protect, p, n);
}

bool srtp_oracle_unprotect(struct srtp_oracle *o, uint8_t *p, size_t *n)
{
    return call(o, o->unprotect, p, n);
}

bool srtp_oracle_protect_rtcp(struct srtp_oracle *o, uint8_t *p, size_t *n)
{
    return call(o, o->protect_rtcp, p, n);
}

bool srtp_oracle_unprotect_rtcp(struct srtp_oracle *o, uint8_t *p, size_t *n)
{
    return call(o, o->unprotect_rtcp, p, n);
}

void srtp_oracle_free(struct srtp_oracle *o)
{
    srtp_err_status_t (*dealloc)(srtp_t);

    if (o && o->session && find(o, "srtp_dealloc", &dealloc))
        dealloc(o->session);
    free(o);
}
