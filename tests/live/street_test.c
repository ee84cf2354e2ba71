/*
 * One port, several media threads: what carries a datagram home, and which room is where.
 */
#include "world.h"

#include "base/limits.h"
#include "base/wr.h"
#include "live/board.h"
#include "live/street.c"
#include "media/stun.h"

#include <poll.h>
#include <pthread.h>
#include <sched.h>

enum { PARCELS = 20000 };

static struct street *open_street(unsigned n)
{
    struct street *s;

    assert_int_equal(street_new(n, &s), 0);
    return s;
}

static struct pkt *make_pkt(struct pkt_pool *pool, const void *d, size_t n, const char *ip)
{
    struct pkt *p = pkt_get(pool);

    assert_non_null(p);
    memcpy(p->data, d, n);
    p->n = (uint32_t)n;
    assert_int_equal(addr_parse(str_c(ip), 5000, &p->addr), 0);
    return p;
}

static size_t write_check(uint8_t *to, size_t room, str username)
{
    struct stun m = {.class = STUN_REQUEST, .method = STUN_BINDING, .username = username};
    struct wr w = wr_init(to, room);

    stun_write(&w, &m, S("password"));
    assert_false(w.err);
    return wr_len(&w);
}

static void by_name_and_by_address(void **state)
{
    struct street *s = open_street(3);
    struct pkt_pool *pool;
    struct pkt *p;
    uint8_t check[256];
    size_t n = write_check(check, sizeof(check), S("Cabcdefg:them"));

    (void)state;
    assert_int_equal(pkt_pool_new(8, &pool), 0);
    assert_int_equal(street_by_name(s, check, n), 2);
    n = write_check(check, sizeof(check), S("Zabcdefg:them"));
    assert_int_equal(street_by_name(s, check, n), -1);
    assert_int_equal(street_by_name(s, (const uint8_t *)"\x80\x60", 2), -1);
    p = make_pkt(pool, "\x80\x60 media", 8, "192.0.2.7");
    assert_int_equal(street_home(s, 0, p), 0);
    assert_int_equal(street_owner(s, 0, &p->addr), -1);
    assert_true(street_note(s, 0, 1, &p->addr, true));
    assert_false(street_note(s, 0, 1, &p->addr, true));
    assert_int_equal(street_home(s, 0, p), 1);
    /* the address goes to another hall: what the first says then does not count any more */
    assert_true(street_note(s, 0, 2, &p->addr, true));
    assert_false(street_note(s, 0, 1, &p->addr, false));
    assert_int_equal(street_home(s, 0, p), 2);
    /* it becomes my own, and the other has not yet said that it is his no more */
    assert_true(street_note(s, 0, 0, &p->addr, true));
    assert_int_equal(street_home(s, 0, p), 0);
    assert_int_equal(street_owner(s, 0, &p->addr), 0);
    assert_false(street_note(s, 0, 2, &p->addr, false));
    assert_true(street_note(s, 0, 0, &p->addr, false));
    assert_int_equal(street_home(s, 0, p), 0);
    assert_int_equal(street_owner(s, 0, &p->addr), -1);
    pkt_unref(p);
    pkt_pool_free(pool);
    street_free(s);
}

static void a_full_ring_loses(void **state)
{
    struct street *s = open_street(2);
    struct pkt_pool *pool;
    struct pollfd bell = {.fd = street_fd(s, 1), .events = POLLIN};
    struct pkt *p, *next;
    unsigned came = 0;

    (void)state;
    assert_int_equal(pkt_pool_new(MAX_UDP_BATCH, &pool), 0);
    for (unsigned i = 0; i < RING + 3; i++)
        street_hand(s, 0, 1, make_pkt(pool, &i, sizeof(i), "192.0.2.7"));
    assert_int_equal(poll(&bell, 1, 0), 0); /* only at the end of a batch */
    street_ring(s, 0);
    while (poll(&bell, 1, 0) == 1) {
        for (p = street_take(s, 1, pool, 5); p; p = next) {
            next = p->next;
            assert_memory_equal(p->data, &came, sizeof(came));
            assert_int_equal(p->at, 5);
            assert_int_equal(p->addr.port, 5000);
            came++;
            pkt_unref(p);
        }
    }
    assert_int_equal(came, RING);
    assert_int_equal(s->ring[0][1]->full, 3);
    assert_int_equal(pkt_pool_used(pool), 0);
    pkt_pool_free(pool);
    street_free(s);
}

/* Each on its line of the taker's page; neither counts as come. */
static void what_is_lost_between_halls_is_told(void **state)
{
    struct street *s = open_street(2);
    struct pkt_pool *far, *near;
    struct sb page = sb_init(NULL, 0);
    struct pkt *p, *next;

    (void)state;
    assert_int_equal(pkt_pool_new(1, &far), 0);
    assert_int_equal(pkt_pool_new(2, &near), 0);
    for (unsigned i = 0; i < RING + 3; i++)
        street_hand(s, 0, 1, make_pkt(far, &i, sizeof(i), "192.0.2.7"));
    for (int i = 0; i < RING / MAX_UDP_BATCH; i++) { /* of each batch two */
        for (p = street_take(s, 1, near, 5); p; p = next) {
            next = p->next;
            pkt_unref(p);
        }
    }
    street_print(s, 1, &page);
    assert_true(str_find(sb_str(&page), S("street handed 0 came 16 ")) >= 0);
    assert_true(str_find(sb_str(&page), S("\nstreet drop RING 3\n")) >= 0);
    assert_true(str_find(sb_str(&page), S("\nstreet drop POOL 496\n")) >= 0);
    sb_reset(&page);
    street_print(s, 0, &page);
    assert_true(str_find(sb_str(&page), S("street handed 512 came 0 ")) >= 0);
    assert_true(str_find(sb_str(&page), S("drop")) < 0);
    sb_done(&page);
    pkt_pool_free(far);
    pkt_pool_free(near);
    street_free(s);
}

_Static_assert(RING == 512 && MAX_UDP_BATCH == 64, "the numbers that the page is to have");

struct putter {
    struct street *street;
    unsigned me;
    struct pkt_pool *pool;
};

/* Waits while the ring is full, so that the taker can ask for every parcel. */
static void *put_all(void *ctx)
{
    struct putter *t = ctx;
    struct ring *r = t->street->ring[t->me][2];

    for (unsigned i = 0; i < PARCELS; i++) {
        while (atomic_load(&r->put) - atomic_load(&r->taken) == RING)
            sched_yield();
        street_hand(t->street, t->me, 2, make_pkt(t->pool, &i, sizeof(i), "192.0.2.7"));
        if (i % 50 == 49)
            street_ring(t->street, t->me);
    }
    street_ring(t->street, t->me);
    return NULL;
}

static void two_threads_put_and_one_takes(void **state)
{
    struct street *s = open_street(3);
    struct pollfd bell = {.fd = street_fd(s, 2), .events = POLLIN};
    struct putter t[2] = {{.street = s, .me = 0}, {.street = s, .me = 1}};
    struct pkt_pool *pool;
    struct pkt *p, *next;
    pthread_t thread[2];
    unsigned came = 0;
    uint64_t sum = 0;

    (void)state;
    assert_int_equal(pkt_pool_new(MAX_UDP_BATCH, &pool), 0);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(pkt_pool_new(4, &t[i].pool), 0);
        assert_int_equal(pthread_create(&thread[i], NULL, put_all, &t[i]), 0);
    }
    while (came < 2 * PARCELS) {
        assert_true(poll(&bell, 1, 60000) == 1);
        for (p = street_take(s, 2, pool, 0); p; p = next) {
            unsigned i;

            next = p->next;
            memcpy(&i, p->data, sizeof(i));
            sum += i;
            came++;
            pkt_unref(p);
        }
    }
    assert_int_equal(sum, (uint64_t)PARCELS * (PARCELS - 1));
    for (int i = 0; i < 2; i++) {
        pthread_join(thread[i], NULL);
        pkt_pool_free(t[i].pool);
    }
    pkt_pool_free(pool);
    street_free(s);
}

static void rooms_go_where_it_is_quiet(void **state)
{
    struct seat *a, *b, *c, *again;
    struct board *board;

    (void)state;
    assert_int_equal(board_new(2, &board), 0);
    assert_int_equal(board_by_id(board, 7), -1);
    assert_int_equal(board_take(board, 7, S("one"), &a), 0);
    assert_int_equal(seat_hall(a), 0);
    board_arrived(board, a, true);
    seat_set_present(a, 40);
    assert_int_equal(board_take(board, 8, S("two"), &b), 0);
    assert_int_equal(seat_hall(b), 1);
    board_arrived(board, b, true);
    assert_int_equal(board_take(board, 9, S("three"), &c), 0);
    assert_int_equal(seat_hall(c), 1);
    assert_int_equal(board_take(board, 9, S("three"), &again), 0);
    assert_ptr_equal(again, c);
    assert_int_equal(board_present(board, 7), 40);
    assert_int_equal(board_by_slug(board, S("two")), 1);
    assert_int_equal(board_by_slug(board, S("four")), -1);
    /* the line stands while anybody is on the way, and not longer */
    board_arrived(board, c, false);
    assert_int_equal(board_by_id(board, 9), 1);
    board_arrived(board, c, true);
    board_close(board, c);
    assert_int_equal(board_by_id(board, 9), -1);
    board_ways_set(board, 0, 1);
    board_ways_set(board, 1, 4);
    assert_int_equal(board_ways(board), 5);
    board_free(board);
}

static void a_board_is_full_at_its_limit(void **state)
{
    struct board *board;
    struct seat *s;
    char slug[8];

    (void)state;
    assert_int_equal(board_new(3, &board), 0);
    for (int i = 0; i < MAX_ROOMS; i++) {
        (void)snprintf(slug, sizeof(slug), "s%d", i);
        assert_int_equal(board_take(board, 1 + i, str_c(slug), &s), 0);
        assert_int_equal(seat_hall(s), i % 3);
    }
    assert_int_equal(board_take(board, 1000, S("more"), &s), ERR_FULL);
    assert_int_equal(board_take(board, 1, S("s0"), &s), 0);
    board_free(board);
}

const struct CMUnitTest street_tests[] = {
    cmocka_unit_test(by_name_and_by_address),
    cmocka_unit_test(a_full_ring_loses),
    cmocka_unit_test(what_is_lost_between_halls_is_told),
    cmocka_unit_test(two_threads_put_and_one_takes),
    cmocka_unit_test(rooms_go_where_it_is_quiet),
    cmocka_unit_test(a_board_is_full_at_its_limit),
};
const size_t nstreet_tests = NELEM(street_tests);
