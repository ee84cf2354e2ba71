#include "media/ice.h"

#include "base/str.h"
#include "base/wr.h"
#include "media/stun.h"
#include "suites.h"

#include <string.h>

static struct addr from_port(uint16_t port)
{
    struct addr a;

    assert_int_equal(addr_parse(S("192.0.2.1"), port, &a), 0);
    return a;
}

/* A check as a browser sends it, parsed back. The bytes stay in buf. */
static struct stun check(uint8_t *buf, size_t room, str ufrag, str pwd, bool is_nominating)
{
    struct stun m = {.class = STUN_REQUEST,
                     .method = STUN_BINDING,
                     .username = ufrag,
                     .role = STUN_CONTROLLING,
                     .has_use_candidate = is_nominating};
    struct wr w = wr_init(buf, room);

    stun_write(&w, &m, pwd);
    assert_false(w.err);
    assert_int_equal(stun_parse(buf, wr_len(&w), &m), 0);
    return m;
}

/* What a browser knows of the server, to check it with. */
struct known {
    str ufrag, pwd;
    bool is_nominating;
};

static enum ice_result rx(struct ice *ice, struct known k, uint16_t port, usec now,
                          struct ice_change *ret_change)
{
    uint8_t buf[STUN_MAX_BYTES];
    struct stun m = check(buf, sizeof(buf), k.ufrag, k.pwd, k.is_nominating);
    struct addr from = from_port(port);

    return ice_rx(ice, &m, k.ufrag, &from, now, ret_change);
}

static void test_validates_and_follows(void **state)
{
    struct ice ice;
    struct ice_change c;
    struct addr a = from_port(1), b = from_port(2);
    str ufrag, pwd;

    (void)state;
    ice_init(&ice, 0);
    ufrag = str_c(ice.now.ufrag);
    pwd = str_c(ice.now.pwd);
    assert_int_equal(rx(&ice, (struct known){ufrag, S("wrong password wrong"), true}, 1, 0, &c),
                     ICE_REFUSED);
    assert_false(ice_has(&ice, &a));
    assert_int_equal(rx(&ice, (struct known){ufrag, pwd, false}, 1, 5, &c), ICE_OK);
    assert_true(c.is_new && !c.is_nominated && ice_has(&ice, &a) && !ice.is_selected);
    assert_int_equal(rx(&ice, (struct known){ufrag, pwd, true}, 1, 6, &c), ICE_OK);
    assert_true(!c.is_new && c.is_nominated && addr_eq(&ice.selected, &a));
    assert_int_equal(rx(&ice, (struct known){ufrag, pwd, true}, 2, 7, &c), ICE_OK);
    assert_true(c.is_new && c.is_nominated && addr_eq(&ice.selected, &b));
    assert_true(ice_has(&ice, &a)); /* media may still come from there */
    assert_true(ice_expires(&ice) == 7 + ICE_CONSENT);
}

/* Whoever nominates an address and is silent there: consent is that address's, and media goes back
 * to one from which checks come. */
static void test_silence_where_media_goes(void **state)
{
    struct ice ice;
    struct ice_change c;
    struct addr own = from_port(1), stranger = from_port(9);
    struct known checks, nominates;

    (void)state;
    ice_init(&ice, 0);
    assert_true(ice_expires(&ice) == ICE_CONSENT);
    checks = (struct known){str_c(ice.now.ufrag), str_c(ice.now.pwd), false};
    nominates = checks;
    nominates.is_nominating = true;
    rx(&ice, checks, 1, USEC_S, &c);
    assert_true(ice_expires(&ice) == USEC_S + ICE_CONSENT);
    rx(&ice, nominates, 9, 2 * USEC_S, &c);
    rx(&ice, checks, 1, 11 * USEC_S, &c);
    assert_true(!c.is_nominated && addr_eq(&ice.selected, &stranger));
    assert_true(ice_expires(&ice) == 2 * USEC_S + ICE_CONSENT);
    rx(&ice, checks, 1, 2 * USEC_S + ICE_SILENCE, &c);
    assert_true(c.is_nominated && addr_eq(&ice.selected, &own));
    assert_true(ice_expires(&ice) == 2 * USEC_S + ICE_SILENCE + ICE_CONSENT);
}

static void test_restart_keeps_the_old(void **state)
{
    struct ice ice;
    struct ice_change c;
    struct ice_cred before;

    (void)state;
    ice_init(&ice, 0);
    before = ice.now;
    ice_restart(&ice);
    assert_int_equal(rx(&ice, (struct known){str_c(before.ufrag), str_c(before.pwd), true}, 1, 0,
                        &c), ICE_OK);
    assert_false(c.is_restarted);
    assert_int_equal(rx(&ice, (struct known){str_c(ice.now.ufrag), str_c(ice.now.pwd), true}, 1, 0,
                        &c), ICE_OK);
    assert_true(c.is_restarted);
    assert_int_equal(rx(&ice, (struct known){str_c(ice.now.ufrag), str_c(before.pwd), true}, 1, 0,
                        &c),
                     ICE_REFUSED);
}

/* The answer to the first restart was lost, and the browser asks once more. */
static void test_restarts_twice(void **state)
{
    struct ice ice;
    struct ice_change c;
    struct ice_cred used, lost;

    (void)state;
    ice_init(&ice, 0);
    used = ice.now;
    ice_restart(&ice);
    lost = ice.now;
    ice_restart(&ice);
    assert_int_equal(rx(&ice, (struct known){str_c(used.ufrag), str_c(used.pwd), true}, 1, 0, &c),
                     ICE_OK);
    assert_false(c.is_restarted);
    assert_int_equal(rx(&ice, (struct known){str_c(lost.ufrag), str_c(lost.pwd), true}, 1, 0, &c),
                     ICE_REFUSED);
    assert_int_equal(rx(&ice, (struct known){str_c(ice.now.ufrag), str_c(ice.now.pwd), true}, 1, 0,
                        &c), ICE_OK);
    assert_true(c.is_restarted);
}

static void test_bounded(void **state)
{
    struct ice ice;
    struct ice_change c;
    struct addr first = from_port(1);

    (void)state;
    ice_init(&ice, 0);
    rx(&ice, (struct known){str_c(ice.now.ufrag), str_c(ice.now.pwd), true}, 1, 0, &c);
    for (uint16_t i = 2; i < 30; i++) {
        assert_int_equal(rx(&ice, (struct known){str_c(ice.now.ufrag), str_c(ice.now.pwd), false},
                            i, i, &c),
                         ICE_OK);
        assert_true(c.has_replaced == (i > ICE_ADDRS));
    }
    assert_int_equal(ice.naddrs, ICE_ADDRS);
    assert_true(ice_has(&ice, &first)); /* in use, so it stays, however old */
}

static void test_answers(void **state)
{
    uint8_t buf[STUN_MAX_BYTES], answer[STUN_MAX_BYTES];
    struct addr from = from_port(9);
    struct ice_change c;
    struct stun m, got;
    struct ice ice;
    struct wr w;
    size_t n;
    str ufrag;

    (void)state;
    ice_init(&ice, 0);
    ufrag = str_c(ice.now.ufrag);
    m = check(buf, sizeof(buf), ufrag, str_c(ice.now.pwd), true);
    w = wr_init(answer, sizeof(answer));
    n = ice_answer(&ice, &m, ice_rx(&ice, &m, ufrag, &from, 0, &c), ufrag, &from, &w);
    assert_int_equal(stun_parse(answer, n, &got), 0);
    assert_int_equal(got.class, STUN_RESPONSE);
    assert_true(got.has_mapped && addr_eq(&got.mapped, &from));
    assert_int_equal(stun_check(&got, str_c(ice.now.pwd)), 0);
    m.role = STUN_CONTROLLED;
    assert_int_equal(ice_rx(&ice, &m, ufrag, &from, 0, &c), ICE_ROLE);
    w = wr_init(answer, sizeof(answer));
    n = ice_answer(&ice, &m, ICE_ROLE, ufrag, &from, &w);
    assert_int_equal(stun_parse(answer, n, &got), 0);
    assert_int_equal(got.error, STUN_ROLE_CONFLICT);
}

int ice_suite(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_validates_and_follows),
        cmocka_unit_test(test_silence_where_media_goes),
        cmocka_unit_test(test_restart_keeps_the_old),
        cmocka_unit_test(test_restarts_twice),
        cmocka_unit_test(test_bounded),
        cmocka_unit_test(test_answers),
    };

    return cmocka_run_group_tests_name("ice", tests, NULL, NULL);
}
