/*
 * ICE-lite agent of one peer (RFC 8445 2.5, 7.3): it answers checks, remembers the addresses that
 * passed, follows every nomination, and asks for nothing itself. Consent is seen from our side:
 * while valid checks come from the address that media goes to, it is wanted there. RFC 7675 5.1
 * asks for more, answers to checks of our own, which a lite agent does not send: who can forge a
 * source address keeps media going to it by forging a check every ten seconds. A value inside a
 * peer; one thread.
 */
#ifndef MEDIA_ICE_H
#define MEDIA_ICE_H

#include "base/addr.h"
#include "base/types.h"

struct stun;
struct wr;

enum {
    ICE_UFRAG = 8, /* 47 bits; RFC 8445 5.3 asks for 24 */
    ICE_PWD = 24,  /* 142 bits; RFC 8445 5.3 asks for 128 */
    ICE_ADDRS = 8, /* interfaces of a phone times IPv4 and IPv6, and a rebinding or two */
};

#define ICE_CONSENT (30 * USEC_S) /* RFC 7675 5.1 */
/* The selected address gives way to another that speaks: two to four of a browser's checks. */
#define ICE_SILENCE (10 * USEC_S)

struct ice_cred {
    char ufrag[ICE_UFRAG + 1], pwd[ICE_PWD + 1];
};

struct ice {
    char mark; /* every ufrag of ours begins with it; 0: any letter */
    struct ice_cred now, old; /* old.ufrag[0] is 0 when no restart is under way */
    struct addr addrs[ICE_ADDRS];
    usec heard[ICE_ADDRS];
    unsigned naddrs;
    struct addr selected; /* where media goes */
    bool is_selected;
    usec begun_at;
};

enum ice_result {
    ICE_REFUSED, /* wrong name or password: no answer */
    ICE_ROLE,    /* the peer is not controlling; the answer is 487 */
    ICE_OK,
};

struct ice_change {
    bool is_new;       /* `from` was validated by this check */
    bool has_replaced; /* … and this address fell out for it */
    struct addr replaced;
    bool is_nominated; /* media goes to `from` from now on */
    bool is_restarted; /* the new credentials were used for the first time: forget ice->old */
};

void ice_init(struct ice *ice, usec now);
/* Every ufrag from now on, the present one too, begins with this letter: whoever sorts datagrams
 * without knowing peers goes by it. Before the ufrag is told to anybody. */
void ice_mark(struct ice *ice, char mark);
/* Makes new credentials; those in use stay good until the new ones are used (RFC 8445 9). New ones
 * that were not used yet are replaced: their answer may have been lost. */
void ice_restart(struct ice *ice);
/* The password of this ufrag of ours; unset when it is not ours. */
str ice_pwd(const struct ice *ice, str ufrag);
/* Whether a Binding request for `ufrag` is good, by its password and role; it changes nothing. */
enum ice_result ice_judge(const struct ice *ice, const struct stun *m, str ufrag);
/* A Binding request for `ufrag` (ours, from its USERNAME) has come. ret_change is set with ICE_OK
 * only. */
enum ice_result ice_rx(struct ice *ice, const struct stun *m, str ufrag, const struct addr *from,
                       usec now, struct ice_change *ret_change);
/* Writes the answer to a request that was judged, ICE_REFUSED excepted; its length, 0 when
 * it did not fit. */
size_t ice_answer(const struct ice *ice, const struct stun *m, enum ice_result result, str ufrag,
                  const struct addr *from, struct wr *to);
/* Media goes to this validated address until another is nominated. */
void ice_select(struct ice *ice, const struct addr *a);
bool ice_has(const struct ice *ice, const struct addr *a);
/* When the last valid check came from there; the beginning: none did. */
usec ice_heard(const struct ice *ice, const struct addr *a);
/* When the peer counts as gone unless a check comes. */
usec ice_expires(const struct ice *ice);

#endif
