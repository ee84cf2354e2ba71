/*
 * STUN messages as ICE and TURN use them (RFC 8489, RFC 8445 16.1, RFC 8656 18): parse, check,
 * write. Pure functions over bytes: no state, no allocation, any thread. Texts in a parsed message
 * point into the datagram.
 *
 *      0                   1                   2                   3
 *     |0 0|     STUN message type     |         message length        |
 *     |                   magic cookie = 0x2112A442                   |
 *     |                 transaction id (96 bits)                      |
 *     |  attribute type (16)          |  length (16)                  |  value, padded to 4
 */
#ifndef MEDIA_STUN_H
#define MEDIA_STUN_H

#include "base/addr.h"
#include "base/types.h"

struct wr;

enum {
    STUN_HEADER = 20,
    STUN_TID = 12,
    STUN_MAX_UNKNOWN = 8, /* attributes named in one 420 answer; no client has more */
    STUN_MAX_BYTES = 548, /* RFC 8489 6.1: fits every IPv4 path */
};

/* The two C bits, RFC 8489 5. */
enum stun_class { STUN_REQUEST, STUN_INDICATION, STUN_RESPONSE, STUN_ERROR };

/* Methods; all but Binding are TURN's, RFC 8656 17. */
enum {
    STUN_BINDING = 1,
    STUN_ALLOCATE = 3,
    STUN_REFRESH = 4,
    STUN_SEND = 6,
    STUN_DATA = 7,
    STUN_CREATE_PERMISSION = 8,
    STUN_CHANNEL_BIND = 9
};

/* ERROR-CODE values: RFC 8489 14.8; 487 RFC 8445 7.3.1.1; the others RFC 8656 19. */
enum {
    STUN_BAD_REQUEST = 400,
    STUN_UNAUTHENTICATED = 401,
    STUN_FORBIDDEN = 403,
    STUN_UNKNOWN_ATTRIBUTE = 420,
    STUN_ALLOCATION_MISMATCH = 437,
    STUN_STALE_NONCE = 438,
    STUN_FAMILY_UNSUPPORTED = 440,
    STUN_WRONG_CREDENTIALS = 441,
    STUN_TRANSPORT_UNSUPPORTED = 442,
    STUN_FAMILY_MISMATCH = 443,
    STUN_QUOTA = 486,
    STUN_ROLE_CONFLICT = 487,
    STUN_NO_CAPACITY = 508
};

enum stun_role { STUN_ROLE_NONE, STUN_CONTROLLING, STUN_CONTROLLED };

/* What TURN adds (RFC 8656 18). Read only when the method is not Binding; written when set. */
struct stun_turn {
    str realm, nonce;
    bool has_lifetime, has_relayed, has_transport, has_family, has_data;
    bool has_even_port, is_reserving; /* EVEN-PORT; its R bit, or a RESERVATION-TOKEN */
    uint32_t lifetime_s;
    struct addr relayed;
    uint8_t transport, family;
    uint16_t channel; /* 0: none */
    unsigned npeers;
    bool is_mixed;    /* the peers are not all at one IP address */
    struct addr peer; /* the first one */
    str data;
};

struct stun {
    enum stun_class class;
    uint16_t method;
    uint8_t tid[STUN_TID];
    str username; /* in ICE "receiver's ufrag:sender's ufrag"; unset when absent */
    str software; /* unset when absent */
    bool has_priority, has_use_candidate, has_mapped, has_integrity, has_fingerprint;
    uint32_t priority;
    enum stun_role role;                /* which of ICE-CONTROLLING and ICE-CONTROLLED it carries */
    uint64_t tie_breaker;               /* with role */
    struct addr mapped;                 /* XOR-MAPPED-ADDRESS; via is 0 */
    uint16_t error;                     /* 0: none; otherwise 300-699 */
    uint16_t unknown[STUN_MAX_UNKNOWN]; /* comprehension-required attributes that we do not know
                                           (type < 0x8000) */
    unsigned nunknown;
    struct stun_turn turn;
    /* parsed messages only, for stun_check */
    const uint8_t *raw;
    size_t integrity_at;
};

/* Cheap test for demultiplexing (RFC 7983 and the magic cookie). */
bool stun_is(const uint8_t *p, size_t n);
/*
 * Well formed or ERR_SYNTAX. A FINGERPRINT that is there must be right and last (ERR_CRYPTO).
 * Attributes behind MESSAGE-INTEGRITY are ignored (RFC 8489 14.5). Integrity itself is not looked
 * at: see stun_check.
 */
int stun_parse(const uint8_t *p, size_t n, struct stun *ret_msg);
/*
 * 0 when the parsed message carries FINGERPRINT and MESSAGE-INTEGRITY and the latter fits the
 * password (short-term credential, RFC 8489 9.1: the key is the password itself). ERR_CRYPTO
 * otherwise. Constant time. The datagram that was parsed must still be there.
 */
int stun_check(const struct stun *m, str password);
/* The same without asking for a FINGERPRINT: TURN's clients need not send one. key: RFC 8489 9.2.2.
 */
int stun_check_key(const struct stun *m, str key);
/*
 * Writes the fields that are set, then MESSAGE-INTEGRITY when password.p is set, then FINGERPRINT.
 * has_integrity and has_fingerprint of m do not matter. w must be empty. w->err tells when it did
 * not fit.
 */
void stun_write(struct wr *w, const struct stun *m, str password);
/* Success answer to a Binding request: where it came from. */
void stun_respond(struct wr *w, const struct stun *request, const struct addr *from, str password);
/* An address as in XOR-PEER-ADDRESS: 8 or 20 bytes. The cookie and transaction id are at w->start.
 */
void stun_put_address(struct wr *w, const struct addr *a);
/* Error answer; for STUN_UNKNOWN_ATTRIBUTE it names them. 400 and 401 go without a password (RFC
 * 8489 9.1.3). */
void stun_refuse(struct wr *w, const struct stun *request, uint16_t error, str password);

#endif
