/* STUN messages: what is read is written again and reads the same, field by field. */
#include "media/stun.c"

#include "fuzz.h"

#include "base/str.h"

static bool same(str a, str b)
{
    return !a.p == !b.p && str_eq(a, b);
}

static void same_turn(const struct stun_turn *a, const struct stun_turn *b)
{
    CHECK(same(a->realm, b->realm) && same(a->nonce, b->nonce));
    CHECK(a->has_data == b->has_data && same(a->data, b->data));
    CHECK(a->has_lifetime == b->has_lifetime && a->lifetime_s == b->lifetime_s);
    CHECK(a->has_transport == b->has_transport && a->transport == b->transport);
    CHECK(a->has_family == b->has_family && a->family == b->family);
    CHECK(a->has_relayed == b->has_relayed && addr_eq(&a->relayed, &b->relayed));
    CHECK(a->channel == b->channel);
    CHECK(b->npeers == !!a->npeers && addr_eq(&a->peer, &b->peer)); /* the first one is written */
}

static void same_message(const struct stun *a, const struct stun *b)
{
    CHECK(a->class == b->class && a->method == b->method);
    CHECK(memcmp(a->tid, b->tid, STUN_TID) == 0);
    CHECK(same(a->username, b->username) && same(a->software, b->software));
    CHECK(a->has_priority == b->has_priority && a->priority == b->priority);
    CHECK(a->has_use_candidate == b->has_use_candidate);
    CHECK(a->role == b->role && a->tie_breaker == b->tie_breaker);
    CHECK(a->has_mapped == b->has_mapped && addr_eq(&a->mapped, &b->mapped));
    CHECK(a->error == b->error);
    same_turn(&a->turn, &b->turn);
    if (a->class != STUN_ERROR) /* a request has its list from what it carries itself */
        return;
    CHECK(a->nunknown == b->nunknown);
    CHECK(memcmp(a->unknown, b->unknown, a->nunknown * sizeof(a->unknown[0])) == 0);
}

/* The answer to what we do not understand names it. */
static void refused(const struct stun *m)
{
    uint8_t to[STUN_MAX_BYTES];
    struct wr w = wr_init(to, sizeof(to));
    struct stun back;

    stun_refuse(&w, m, STUN_UNKNOWN_ATTRIBUTE, S("password"));
    CHECK(!w.err && stun_parse(to, wr_len(&w), &back) == 0);
    CHECK(stun_check(&back, S("password")) == 0);
    CHECK(back.class == STUN_ERROR && back.method == m->method);
    CHECK(back.error == STUN_UNKNOWN_ATTRIBUTE && memcmp(back.tid, m->tid, STUN_TID) == 0);
    CHECK(back.nunknown == m->nunknown);
    CHECK(memcmp(back.unknown, m->unknown, m->nunknown * sizeof(m->unknown[0])) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    uint8_t to[2 * MAX_DATAGRAM];
    struct wr w = wr_init(to, sizeof(to));
    struct stun m, back;

    if (n > MAX_DATAGRAM || stun_parse(p, n, &m) < 0)
        return 0;
    stun_check(&m, S("VOkJxbRl1RmTxUk/WvJxBt"));
    stun_write(&w, &m, S("VOkJxbRl1RmTxUk/WvJxBt"));
    CHECK(!w.err);
    CHECK(stun_parse(to, wr_len(&w), &back) == 0);
    CHECK(stun_check(&back, S("VOkJxbRl1RmTxUk/WvJxBt")) == 0);
    same_message(&m, &back);
    refused(&m);
    return 0;
}
