#include "suite.h"

#include "domain/invitation.h"
#include "domain/reply.h"
#include "domain/session.h"

static str token_of(struct world *w, int64_t id, int64_t generation)
{
    char token[INVITATION_TOKEN_TEXT];

    invitation_token(&w->secret, id, generation, token);
    return arena_str(w->a, str_c(token));
}

static int64_t generation_of(struct world *w, int64_t id)
{
    struct invitation i;

    assert_int_equal(invitation_by_id(w->a, w->db, &w->event, id, S("en"), &i), 0);
    return i.generation;
}

static void token(void **state)
{
    struct world *w = *state;
    int64_t id = w->member.invitation_id;
    str one = token_of(w, id, generation_of(w, id));
    struct invitation i;
    char changed[INVITATION_TOKEN_TEXT];

    assert_int_equal(one.n, INVITATION_TOKEN);
    assert_int_equal(invitation_by_token(w->a, w->db, &w->secret, one, S("en"), &i), 0);
    assert_int_equal(i.id, id);
    assert_str(i.org.body, "State News Agency of Turkmenistan (TDH)");
    for (size_t k = 0; k < one.n; k++) { /* no other token opens it */
        assert_int_equal(str_copy(changed, sizeof(changed), one), 0);
        changed[k] = changed[k] == 'A' ? 'B' : 'A';
        assert_int_not_equal(
            invitation_by_token(w->a, w->db, &w->secret, str_c(changed), S("en"), &i), 0);
    }
    assert_int_equal(invitation_by_token(w->a, w->db, &w->secret, S("short"), S("en"), &i),
                     ERR_NOT_FOUND);
    w->secret.key[0] ^= 1;
    assert_int_equal(invitation_by_token(w->a, w->db, &w->secret, one, S("en"), &i), ERR_NOT_FOUND);
}

static void renew(void **state)
{
    struct world *w = *state;
    int64_t id = w->member.invitation_id;
    int64_t first = generation_of(w, id);
    str one = token_of(w, id, first), two = token_of(w, id, first + 1);
    struct invitation i;
    char session[SESSION_TOKEN_TEXT];

    assert_int_equal(invitation_renew(w->db, &w->event, id, T0), 0);
    assert_int_equal(invitation_by_token(w->a, w->db, &w->secret, one, S("en"), &i), ERR_GONE);
    assert_int_equal(invitation_by_token(w->a, w->db, &w->secret, two, S("en"), &i), 0);
    assert_int_equal(invitation_close(w->db, &w->event, id, T0), 0);
    assert_int_equal(invitation_by_token(w->a, w->db, &w->secret, two, S("en"), &i), ERR_GONE);
    assert_int_equal(session_add_member(w->db, id, S("x"), T0, session), ERR_GONE);
    assert_int_equal(invitation_renew(w->db, &w->event, 999, T0), ERR_NOT_FOUND);
}

/* The number of an invitation that was removed is given again: its link must not be. */
static void removed(void **state)
{
    struct world *w = *state;
    struct person one = {.org_id = 1, .name = S("One"), .lang = S("en")};
    struct person two = {.org_id = 1, .name = S("Two"), .lang = S("en")};
    struct invitation i;
    int64_t person, id, again;
    str link;

    assert_int_equal(person_put(w->db, &w->event, &one, T0, &person), 0);
    assert_int_equal(
        invitation_put(w->db, &w->event, w->demo.live_id, person, ROLE_PARTICIPANT, &id), 0);
    link = token_of(w, id, generation_of(w, id));
    assert_int_equal(invitation_by_token(w->a, w->db, &w->secret, link, S("en"), &i), 0);
    assert_int_equal(person_remove(w->db, &w->event, person), 0);
    assert_int_equal(person_put(w->db, &w->event, &two, T0, &person), 0);
    assert_int_equal(
        invitation_put(w->db, &w->event, w->demo.live_id, person, ROLE_PROTECTED, &again), 0);
    assert_int_equal(again, id);
    assert_int_equal(invitation_by_token(w->a, w->db, &w->secret, link, S("en"), &i),
                     ERR_NOT_FOUND);
}

static void list(void **state)
{
    struct world *w = *state;
    struct invitation_list l;

    assert_int_equal(invitation_list(w->a, w->db, &w->event, w->demo.live_id, S("ru"), &l), 0);
    assert_int_equal(l.n, 18);
    assert_int_equal(l.row[0].role, ROLE_HOST);
    assert_str(person_shown(&l.row[0].person), "Programme secretariat");
    assert_int_equal(l.row[0].person.sex, SEX_NOT_STATED);
    assert_int_equal(l.row[17].role, ROLE_OBSERVER);
}

static void reply(void **state)
{
    struct world *w = *state;
    int64_t id = w->member.invitation_id;
    struct invitation i;
    struct actor other = w->member;

    assert_int_equal(invitation_by_id(w->a, w->db, &w->member, id, S("en"), &i), 0);
    assert_int_equal(i.reply, REPLY_NONE);
    assert_int_equal(reply_put(w->db, &w->member, id, REPLY_ACCEPTED, S("With pleasure"), T0), 0);
    other.invitation_id = id + 1;
    assert_int_equal(reply_put(w->db, &other, id, REPLY_DECLINED, S(""), T0), ERR_DENIED);
    assert_int_equal(reply_put(w->db, &w->event, id, REPLY_DECLINED, S(""), T0 + 5), 0);
    assert_int_equal(invitation_by_id(w->a, w->db, &w->member, id, S("en"), &i), 0);
    assert_int_equal(i.reply, REPLY_DECLINED);
    assert_int_equal(i.replied_at, T0 + 5);
    assert_null(i.note.p);
    assert_int_equal(world_count(w, "SELECT count(*) FROM replies"), 2);
    assert_int_equal(reply_put(w->db, &w->member, id, 9, S(""), T0), ERR_RANGE);
    other = reply_actor(&i);
    assert_int_equal(reply_put(w->db, &other, id, REPLY_TENTATIVE, S(""), T0), 0);
    assert_int_equal(seminar_state_set(w->db, &actor_server, i.seminar_id, SEMINAR_LIVE, T0), 0);
    assert_int_equal(seminar_state_set(w->db, &actor_server, i.seminar_id, SEMINAR_ENDED, T0), 0);
    assert_int_equal(reply_put(w->db, &w->member, id, REPLY_ACCEPTED, S(""), T0), ERR_STATE);
}

static const struct CMUnitTest tests[] = {ROW(token), ROW(renew), ROW(removed), ROW(list),
                                          ROW(reply)};
SUITE(invitation);
