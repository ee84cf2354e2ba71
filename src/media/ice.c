#include "media/ice.h"

#include "base/random.h"
#include "base/str.h"
#include "base/wr.h"
#include "media/stun.h"

#include <string.h>

static void make_cred(struct ice *ice)
{
    random_token(ice->now.ufrag, ICE_UFRAG);
    random_token(ice->now.pwd, ICE_PWD);
    if (ice->mark)
        ice->now.ufrag[0] = ice->mark;
}

void ice_init(struct ice *ice, usec now)
{
    memset(ice, 0, sizeof(*ice));
    make_cred(ice);
    ice->begun_at = now;
}

void ice_mark(struct ice *ice, char mark)
{
    ice->mark = mark;
    ice->now.ufrag[0] = mark;
}

void ice_restart(struct ice *ice)
{
    if (!ice->old.ufrag[0])
        ice->old = ice->now;
    make_cred(ice);
}

str ice_pwd(const struct ice *ice, str ufrag)
{
    if (str_eq(ufrag, str_c(ice->now.ufrag)))
        return str_c(ice->now.pwd);
    if (ice->old.ufrag[0] && str_eq(ufrag, str_c(ice->old.ufrag)))
        return str_c(ice->old.pwd);
    return (str){0};
}

static int find(const struct ice *ice, const struct addr *a)
{
    for (unsigned i = 0; i < ice->naddrs; i++)
        if (addr_eq(&ice->addrs[i], a))
            return (int)i;
    return -1;
}

/* The place for a new address: a free one, or that of the address that has been silent longest and
 * is not in use. */
static unsigned place(const struct ice *ice)
{
    unsigned best = 0;
    usec oldest = INT64_MAX;

    if (ice->naddrs < ICE_ADDRS)
        return ice->naddrs;
    for (unsigned i = 0; i < ice->naddrs; i++) {
        bool is_used = ice->is_selected && addr_eq(&ice->addrs[i], &ice->selected);

        if (!is_used && ice->heard[i] < oldest) {
            oldest = ice->heard[i];
            best = i;
        }
    }
    return best;
}

static void validate(struct ice *ice, const struct addr *from, usec now, struct ice_change *change)
{
    int found = find(ice, from);
    unsigned i = found >= 0 ? (unsigned)found : place(ice);

    if (found < 0) {
        change->is_new = true;
        change->has_replaced = i < ice->naddrs;
        change->replaced = ice->addrs[i];
        ice->addrs[i] = *from;
        if (i == ice->naddrs)
            ice->naddrs++;
    }
    ice->heard[i] = now;
}

/* Media goes to `from` now: it is nominated, or where it goes nobody speaks any more. */
static bool is_better(const struct ice *ice, const struct stun *m, const struct addr *from,
                      usec now)
{
    if (!ice->is_selected)
        return m->has_use_candidate;
    if (addr_eq(&ice->selected, from))
        return false;
    return m->has_use_candidate || now - ice_heard(ice, &ice->selected) >= ICE_SILENCE;
}

enum ice_result ice_judge(const struct ice *ice, const struct stun *m, str ufrag)
{
    str pwd = ice_pwd(ice, ufrag);

    if (!pwd.p || stun_check(m, pwd) < 0)
        return ICE_REFUSED;
    /* a lite agent is always controlled, RFC 8445 6.1.1 */
    return m->role == STUN_CONTROLLED ? ICE_ROLE : ICE_OK;
}

enum ice_result ice_rx(struct ice *ice, const struct stun *m, str ufrag, const struct addr *from,
                       usec now, struct ice_change *ret_change)
{
    enum ice_result result = ice_judge(ice, m, ufrag);
    struct ice_change change = {0};

    if (result != ICE_OK)
        return result;
    validate(ice, from, now, &change);
    if (is_better(ice, m, from, now)) {
        ice_select(ice, from);
        change.is_nominated = true;
    }
    change.is_restarted = ice->old.ufrag[0] && str_eq(ufrag, str_c(ice->now.ufrag));
    *ret_change = change;
    return ICE_OK;
}

size_t ice_answer(const struct ice *ice, const struct stun *m, enum ice_result result, str ufrag,
                  const struct addr *from, struct wr *to)
{
    str pwd = ice_pwd(ice, ufrag);

    if (result == ICE_ROLE)
        stun_refuse(to, m, STUN_ROLE_CONFLICT, pwd);
    else if (m->nunknown)
        stun_refuse(to, m, STUN_UNKNOWN_ATTRIBUTE, pwd);
    else
        stun_respond(to, m, from, pwd);
    return to->err ? 0 : wr_len(to);
}

void ice_select(struct ice *ice, const struct addr *a)
{
    ice->selected = *a;
    ice->is_selected = true;
}

bool ice_has(const struct ice *ice, const struct addr *a)
{
    return find(ice, a) >= 0;
}

usec ice_heard(const struct ice *ice, const struct addr *a)
{
    int i = find(ice, a);

    return i < 0 ? ice->begun_at : ice->heard[i];
}

usec ice_expires(const struct ice *ice)
{
    usec at = ice->begun_at;

    if (ice->is_selected)
        return ice_heard(ice, &ice->selected) + ICE_CONSENT;
    for (unsigned i = 0; i < ice->naddrs; i++)
        at = ice->heard[i] > at ? ice->heard[i] : at;
    return at + ICE_CONSENT;
}
