#include "media/stun.h"

#include "base/ct.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/rd.h"
#include "base/wr.h"
#include "media/hmac_sha1.h"

#include <string.h>
#include <zlib.h>

/* RFC 8489 18.3, RFC 8445 20.1. Those under 0x8000 must be understood or refused. */
enum {
    A_USERNAME = 0x0006,
    A_MESSAGE_INTEGRITY = 0x0008,
    A_ERROR_CODE = 0x0009,
    A_UNKNOWN_ATTRIBUTES = 0x000A,
    A_CHANNEL_NUMBER = 0x000C,
    A_LIFETIME = 0x000D,
    A_XOR_PEER_ADDRESS = 0x0012,
    A_DATA = 0x0013,
    A_XOR_RELAYED_ADDRESS = 0x0016,
    A_REQUESTED_ADDRESS_FAMILY = 0x0017,
    A_EVEN_PORT = 0x0018,
    A_REQUESTED_TRANSPORT = 0x0019,
    A_RESERVATION_TOKEN = 0x0022,
    A_REALM = 0x0014,
    A_NONCE = 0x0015,
    A_MESSAGE_INTEGRITY_SHA256 = 0x001C,
    A_XOR_MAPPED_ADDRESS = 0x0020,
    A_PRIORITY = 0x0024,
    A_USE_CANDIDATE = 0x0025,
    A_SOFTWARE = 0x8022,
    A_FINGERPRINT = 0x8028,
    A_ICE_CONTROLLED = 0x8029,
    A_ICE_CONTROLLING = 0x802A,
    COMPREHENSION_OPTIONAL = 0x8000,
};

enum {
    COOKIE = 0x2112A442,          /* RFC 8489 5 */
    FINGERPRINT_XOR = 0x5354554E, /* RFC 8489 14.7 */
    INTEGRITY_BYTES = 20,
    MAX_USERNAME = 513, /* 256 + ':' + 256, RFC 8445 5.3 */
    FAMILY_V4 = 1,
    FAMILY_V6 = 2,
};

bool stun_is(const uint8_t *p, size_t n)
{
    struct rd r = rd_init(p, n);
    uint8_t first = rd_u8(&r);

    rd_bytes(&r, 3);
    return n >= STUN_HEADER && first < 4 && rd_u32(&r) == COOKIE;
}

/* ---- parse ---- */

/*
 *     |0 0 0 0 0 0 0 0|    family     |            port ^ cookie      |
 *     |        address ^ (cookie, and for IPv6 the transaction id)    |
 */
static bool take_address(struct rd *r, const uint8_t *cookie_tid, struct addr *to)
{
    struct addr a = {0};
    uint8_t family;
    const uint8_t *ip;
    size_t n;

    rd_u8(r);
    family = rd_u8(r);
    a.port = (uint16_t)(rd_u16(r) ^ (COOKIE >> 16));
    n = family == FAMILY_V4 ? 4 : 16;
    ip = rd_bytes(r, n);
    if (r->err || rd_left(r) || (family != FAMILY_V4 && family != FAMILY_V6))
        return false;
    if (family == FAMILY_V4)
        a.ip[10] = a.ip[11] = 0xFF;
    for (size_t i = 0; i < n; i++)
        a.ip[16 - n + i] = ip[i] ^ cookie_tid[i];
    *to = a;
    return true;
}

static bool take_error(struct rd *r, struct stun *m)
{
    unsigned hundreds, rest;

    rd_u16(r);
    hundreds = rd_u8(r) & 7;
    rest = rd_u8(r);
    if (r->err || hundreds < 3 || hundreds > 6 || rest > 99)
        return false;
    m->error = (uint16_t)(hundreds * 100 + rest);
    return true;
}

static bool take_unknown_list(struct rd *r, struct stun *m)
{
    while (rd_left(r) >= 2 && m->nunknown < STUN_MAX_UNKNOWN)
        m->unknown[m->nunknown++] = rd_u16(r);
    return true;
}

static bool take_role(struct rd *r, enum stun_role role, struct stun *m)
{
    m->role = role;
    m->tie_breaker = rd_u64(r);
    return !r->err && rd_left(r) == 0;
}

static bool take_optional(uint16_t type, struct rd *v, struct stun *m)
{
    switch (type) {
    case A_SOFTWARE:
        m->software = (str){(const char *)v->p, rd_left(v)};
        return true;
    case A_ICE_CONTROLLED:
        return take_role(v, STUN_CONTROLLED, m);
    case A_ICE_CONTROLLING:
        return take_role(v, STUN_CONTROLLING, m);
    default:
        return true;
    }
}

static bool take_peer(struct rd *v, const struct stun *m, struct stun_turn *t)
{
    struct addr a;

    if (!take_address(v, m->raw + 4, &a))
        return false;
    if (!t->npeers++)
        t->peer = a;
    t->is_mixed |= memcmp(t->peer.ip, a.ip, sizeof(a.ip)) != 0;
    return true;
}

/* A small number in front of padding. */
static bool take_byte(struct rd *v, bool *has, uint8_t *to)
{
    *has = true;
    *to = rd_u8(v);
    return !v->err && rd_left(v) == 3;
}

/* *ret_is_known is false when it is none of TURN's. */
static bool take_turn(uint16_t type, struct rd v, struct stun *m, bool *ret_is_known)
{
    struct stun_turn *t = &m->turn;

    *ret_is_known = true;
    switch (type) {
    case A_CHANNEL_NUMBER:
        t->channel = rd_u16(&v);
        return rd_left(&v) == 2;
    case A_LIFETIME:
        t->has_lifetime = true;
        t->lifetime_s = rd_u32(&v);
        return !v.err && rd_left(&v) == 0;
    case A_XOR_PEER_ADDRESS:
        return take_peer(&v, m, t);
    case A_DATA:
        t->has_data = true;
        t->data = (str){(const char *)v.p, rd_left(&v)};
        return true;
    case A_XOR_RELAYED_ADDRESS:
        t->has_relayed = take_address(&v, m->raw + 4, &t->relayed);
        return t->has_relayed;
    case A_REQUESTED_ADDRESS_FAMILY:
        return take_byte(&v, &t->has_family, &t->family);
    case A_REQUESTED_TRANSPORT:
        return take_byte(&v, &t->has_transport, &t->transport);
    case A_EVEN_PORT:
        t->has_even_port = true;
        t->is_reserving |= rd_u8(&v) >> 7;
        return !v.err;
    case A_RESERVATION_TOKEN:
        t->is_reserving = true;
        return true;
    case A_REALM:
        t->realm = (str){(const char *)v.p, rd_left(&v)};
        return true;
    case A_NONCE:
        t->nonce = (str){(const char *)v.p, rd_left(&v)};
        return true;
    default:
        *ret_is_known = false;
        return true;
    }
}

/* One attribute in front of MESSAGE-INTEGRITY; false when its value is malformed. */
static bool take_attribute(uint16_t type, struct rd v, struct stun *m)
{
    bool is_known = false, is_good = m->method == STUN_BINDING || take_turn(type, v, m, &is_known);

    if (is_known || !is_good)
        return is_good;
    switch (type) {
    case A_USERNAME:
        m->username = (str){(const char *)v.p, rd_left(&v)};
        return rd_left(&v) <= MAX_USERNAME;
    case A_ERROR_CODE:
        return take_error(&v, m);
    case A_UNKNOWN_ATTRIBUTES:
        return m->class != STUN_ERROR || take_unknown_list(&v, m);
    case A_XOR_MAPPED_ADDRESS:
        m->has_mapped = take_address(&v, m->raw + 4, &m->mapped);
        return m->has_mapped;
    case A_PRIORITY:
        m->has_priority = true;
        m->priority = rd_u32(&v);
        return !v.err && rd_left(&v) == 0;
    case A_USE_CANDIDATE:
        m->has_use_candidate = true;
        return rd_left(&v) == 0;
    case A_REALM:
    case A_NONCE:
    case A_MESSAGE_INTEGRITY_SHA256:
        return true; /* known, and of no use with short-term credentials */
    default:
        if (type >= COMPREHENSION_OPTIONAL)
            return take_optional(type, &v, m);
        if (m->class == STUN_REQUEST && m->nunknown < STUN_MAX_UNKNOWN)
            m->unknown[m->nunknown++] = type;
        return true;
    }
}

static uint32_t fingerprint(const uint8_t *p, size_t n)
{
    return (uint32_t)crc32(crc32(0, NULL, 0), p, (uInt)n) ^ FINGERPRINT_XOR;
}

/* Walks the attributes behind the header. */
static int take_attributes(struct rd *r, struct stun *m)
{
    while (rd_left(r) > 0) {
        const uint8_t *at = r->p;
        uint16_t type = rd_u16(r), n = rd_u16(r);
        struct rd v = rd_sub(r, n);

        rd_bytes(r, (4u - n % 4u) % 4u);
        if (r->err)
            return ERR_SYNTAX;
        if (type == A_FINGERPRINT) {
            uint32_t told = rd_u32(&v);

            if (n != 4 || rd_left(r) > 0)
                return ERR_SYNTAX;
            if (told != fingerprint(m->raw, (size_t)(at - m->raw)))
                return ERR_CRYPTO;
            m->has_fingerprint = true;
        } else if (m->has_integrity) {
            continue;
        } else if (type == A_MESSAGE_INTEGRITY) {
            if (n != INTEGRITY_BYTES)
                return ERR_SYNTAX;
            m->has_integrity = true;
            m->integrity_at = (size_t)(at - m->raw);
        } else if (!take_attribute(type, v, m)) {
            return ERR_SYNTAX;
        }
    }
    return 0;
}

/*
 *  type:  0 0 M11..M7 C1 M6..M4 C0 M3..M0    (RFC 8489 5)
 */
int stun_parse(const uint8_t *p, size_t n, struct stun *ret_msg)
{
    struct stun m = {.raw = p};
    struct rd r = rd_init(p, n);
    uint16_t type, length;
    int err;

    if (!stun_is(p, n))
        return ERR_SYNTAX;
    type = rd_u16(&r);
    length = rd_u16(&r);
    rd_u32(&r);
    memcpy(m.tid, rd_bytes(&r, STUN_TID), STUN_TID);
    if (length % 4 || rd_left(&r) != length)
        return ERR_SYNTAX;
    m.class = (type >> 7 & 2) | (type >> 4 & 1);
    m.method = (uint16_t)((type & 0x3E00) >> 2 | (type & 0xE0) >> 1 | (type & 15));
    err = take_attributes(&r, &m);
    if (err < 0)
        return err;
    *ret_msg = m;
    return 0;
}

/* ---- integrity ---- */

/*
 * HMAC-SHA1 over the message up to the attribute at `n`, with the length field counted to the end
 * of that attribute (RFC 8489 14.5).
 */
static void integrity(const uint8_t *p, size_t n, str password, uint8_t tag[static HMAC_SHA1_TAG])
{
    uint8_t head[STUN_HEADER];
    size_t length = n - STUN_HEADER + 4 + INTEGRITY_BYTES;
    struct hmac_sha1 h;

    memcpy(head, p, sizeof(head));
    head[2] = (uint8_t)(length >> 8);
    head[3] = (uint8_t)length;
    hmac_sha1_init(&h, password.p, password.n);
    hmac_sha1(&h, (str){(const char *)head, sizeof(head)},
              (str){(const char *)p + STUN_HEADER, n - STUN_HEADER}, tag);
    ct_wipe(&h, sizeof(h));
}

int stun_check(const struct stun *m, str password)
{
    return m->has_fingerprint ? stun_check_key(m, password) : ERR_CRYPTO;
}

int stun_check_key(const struct stun *m, str key)
{
    uint8_t tag[HMAC_SHA1_TAG];

    if (!m->has_integrity || !key.p)
        return ERR_CRYPTO;
    integrity(m->raw, m->integrity_at, key, tag);
    if (!ct_equal(tag, m->raw + m->integrity_at + 4, INTEGRITY_BYTES))
        return ERR_CRYPTO;
    return 0;
}

/* ---- write ---- */

static void add(struct wr *w, uint16_t type, const void *value, size_t n)
{
    wr_u16(w, type);
    wr_u16(w, (uint16_t)n);
    wr_bytes(w, value, n);
    wr_bytes(w, "\0\0\0", (4u - n % 4u) % 4u);
}

void stun_put_address(struct wr *w, const struct addr *a)
{
    size_t n = addr_is_v4(a) ? 4 : 16;
    const uint8_t *cookie_tid = w->start + 4;

    wr_u8(w, 0);
    wr_u8(w, n == 4 ? FAMILY_V4 : FAMILY_V6);
    wr_u16(w, (uint16_t)(a->port ^ (COOKIE >> 16)));
    for (size_t i = 0; i < n; i++)
        wr_u8(w, a->ip[16 - n + i] ^ (w->err ? 0 : cookie_tid[i]));
}

static void add_address(struct wr *w, uint16_t type, const struct addr *a)
{
    wr_u16(w, type);
    wr_u16(w, addr_is_v4(a) ? 8 : 20);
    stun_put_address(w, a);
}

static void add_number(struct wr *w, uint16_t type, uint32_t number)
{
    wr_u16(w, type);
    wr_u16(w, 4);
    wr_u32(w, number);
}

static void add_turn(struct wr *w, const struct stun_turn *t)
{
    if (t->has_transport)
        add_number(w, A_REQUESTED_TRANSPORT, (uint32_t)t->transport << 24);
    if (t->has_family)
        add_number(w, A_REQUESTED_ADDRESS_FAMILY, (uint32_t)t->family << 24);
    if (t->channel)
        add_number(w, A_CHANNEL_NUMBER, (uint32_t)t->channel << 16);
    if (t->npeers)
        add_address(w, A_XOR_PEER_ADDRESS, &t->peer);
    if (t->has_relayed)
        add_address(w, A_XOR_RELAYED_ADDRESS, &t->relayed);
    if (t->has_lifetime)
        add_number(w, A_LIFETIME, t->lifetime_s);
    if (t->has_data)
        add(w, A_DATA, t->data.p, t->data.n);
    if (t->realm.p)
        add(w, A_REALM, t->realm.p, t->realm.n);
    if (t->nonce.p)
        add(w, A_NONCE, t->nonce.p, t->nonce.n);
}

static str reason(uint16_t error)
{
    switch (error) {
    case STUN_BAD_REQUEST:
        return S("Bad Request");
    case STUN_UNAUTHENTICATED:
        return S("Unauthenticated");
    case STUN_FORBIDDEN:
        return S("Forbidden");
    case STUN_UNKNOWN_ATTRIBUTE:
        return S("Unknown Attribute");
    case STUN_ALLOCATION_MISMATCH:
        return S("Allocation Mismatch");
    case STUN_STALE_NONCE:
        return S("Stale Nonce");
    case STUN_FAMILY_UNSUPPORTED:
        return S("Address Family not Supported");
    case STUN_WRONG_CREDENTIALS:
        return S("Wrong Credentials");
    case STUN_TRANSPORT_UNSUPPORTED:
        return S("Unsupported Transport Protocol");
    case STUN_FAMILY_MISMATCH:
        return S("Peer Address Family Mismatch");
    case STUN_QUOTA:
        return S("Allocation Quota Reached");
    case STUN_NO_CAPACITY:
        return S("Insufficient Capacity");
    case STUN_ROLE_CONFLICT:
        return S("Role Conflict");
    default:
        return S("");
    }
}

static void add_error(struct wr *w, const struct stun *m)
{
    str text = reason(m->error);

    wr_u16(w, A_ERROR_CODE);
    wr_u16(w, (uint16_t)(4 + text.n));
    wr_u16(w, 0);
    wr_u8(w, (uint8_t)(m->error / 100));
    wr_u8(w, (uint8_t)(m->error % 100));
    wr_str(w, text);
    wr_bytes(w, "\0\0\0", (4u - text.n % 4u) % 4u);
}

static void add_fields(struct wr *w, const struct stun *m)
{
    uint8_t v[2 * STUN_MAX_UNKNOWN];
    struct wr value = wr_init(v, sizeof(v));

    if (m->software.p)
        add(w, A_SOFTWARE, m->software.p, m->software.n);
    if (m->error)
        add_error(w, m);
    for (unsigned i = 0; i < m->nunknown; i++)
        wr_u16(&value, m->unknown[i]);
    if (m->nunknown)
        add(w, A_UNKNOWN_ATTRIBUTES, v, wr_len(&value));
    value = wr_init(v, sizeof(v));
    wr_u32(&value, m->priority);
    if (m->has_priority)
        add(w, A_PRIORITY, v, wr_len(&value));
    value = wr_init(v, sizeof(v));
    wr_u64(&value, m->tie_breaker);
    if (m->role == STUN_CONTROLLED)
        add(w, A_ICE_CONTROLLED, v, wr_len(&value));
    if (m->role == STUN_CONTROLLING)
        add(w, A_ICE_CONTROLLING, v, wr_len(&value));
    if (m->has_use_candidate)
        add(w, A_USE_CANDIDATE, v, 0);
    if (m->username.p)
        add(w, A_USERNAME, m->username.p, m->username.n);
    if (m->has_mapped)
        add_address(w, A_XOR_MAPPED_ADDRESS, &m->mapped);
    add_turn(w, &m->turn);
}

static void set_length(struct wr *w, size_t n)
{
    struct wr length = wr_init(w->start + 2, 2);

    if (!w->err)
        wr_u16(&length, (uint16_t)n);
}

void stun_write(struct wr *w, const struct stun *m, str password)
{
    uint8_t tag[HMAC_SHA1_TAG];
    uint8_t crc[4];
    struct wr c = wr_init(crc, sizeof(crc));
    unsigned class = (unsigned)m->class, method = m->method;

    wr_u16(w, (uint16_t)((method & 0xF80) << 2 | (class & 2) << 7 | (method & 0x70) << 1 |
                         (class & 1) << 4 | (method & 15)));
    wr_u16(w, 0);
    wr_u32(w, COOKIE);
    wr_bytes(w, m->tid, STUN_TID);
    add_fields(w, m);
    if (password.p && !w->err) {
        integrity(w->start, wr_len(w), password, tag);
        add(w, A_MESSAGE_INTEGRITY, tag, INTEGRITY_BYTES);
    }
    /* The fingerprint covers a length that counts the fingerprint too (RFC 8489 14.7). */
    set_length(w, wr_len(w) - STUN_HEADER + 8);
    if (!w->err)
        wr_u32(&c, fingerprint(w->start, wr_len(w)));
    add(w, A_FINGERPRINT, crc, sizeof(crc));
}

void stun_respond(struct wr *w, const struct stun *request, const struct addr *from, str password)
{
    struct stun m = {.class = STUN_RESPONSE, .method = request->method};

    memcpy(m.tid, request->tid, STUN_TID);
    m.has_mapped = true;
    m.mapped = *from;
    stun_write(w, &m, password);
}

void stun_refuse(struct wr *w, const struct stun *request, uint16_t error, str password)
{
    struct stun m = {.class = STUN_ERROR, .method = request->method, .error = error};

    memcpy(m.tid, request->tid, STUN_TID);
    if (error == STUN_UNKNOWN_ATTRIBUTE) {
        m.nunknown = request->nunknown;
        memcpy(m.unknown, request->unknown, sizeof(m.unknown));
    }
    if (error == STUN_BAD_REQUEST || error == STUN_UNAUTHENTICATED)
        password = (str){0};
    stun_write(w, &m, password);
}
