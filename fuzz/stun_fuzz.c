/* STUN messages: what is read is written again and reads the same. */
#include "media/stun.c"

#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
    uint8_t to[2 * MAX_DATAGRAM];
    struct wr w = wr_init(to, sizeof(to));
    struct stun m, back;

    if (stun_parse(p, n, &m) < 0)
        return 0;
    stun_check(&m, S("VOkJxbRl1RmTxUk/WvJxBt"));
    if (m.software.n > 500 || m.method > 0xFFF)
        return 0;
    stun_write(&w, &m, S("VOkJxbRl1RmTxUk/WvJxBt"));
    CHECK(!w.err);
    CHECK(stun_parse(to, wr_len(&w), &back) == 0);
    CHECK(stun_check(&back, S("VOkJxbRl1RmTxUk/WvJxBt")) == 0);
    CHECK(back.class == m.class && back.method == m.method && back.role == m.role);
    CHECK(back.username.n == m.username.n && back.has_priority == m.has_priority);
    CHECK(!m.has_mapped || addr_eq(&m.mapped, &back.mapped));
    w = wr_init(to, sizeof(to));
    stun_refuse(&w, &m, STUN_UNKNOWN_ATTRIBUTE, S("password"));
    CHECK(!w.err);
    return 0;
}
