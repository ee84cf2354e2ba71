/*
 * A session is one peer connection of one client: up (WHIP) or down (WHEP). The right to it is
 * asked here, at its beginning and again whenever the person's rights change, so that no path
 * through the protocol can keep a session without the right.
 */
#include "live/room_i.h"

#include "base/err.h"
#include "base/random.h"
#include "base/str.h"
#include "domain/seminar.h"
#include "live/network.h"

#include <string.h>

static unsigned may_of(enum sfu_role role)
{
    return role == SFU_UP ? MAY_PUBLISH : MAY_LISTEN;
}

void session_close(struct session *s, usec now)
{
    sfu_peer_free(s->peer, now);
    memset(s, 0, sizeof *s);
}

static void review_up(struct client *c, usec now)
{
    struct sfu_peer *p = c->session[SFU_UP].peer;

    sfu_peer_allow(p, SFU_AUDIO, !c->person->is_muted);
    sfu_peer_allow(p, SFU_VIDEO, room_may(c->room, c->person) & MAY_CAMERA);
    booth_review(c, now);
    sfu_peer_on_air(p, c->room->state == SEMINAR_LIVE, now);
}

void session_review(struct client *c, usec now)
{
    unsigned may = room_may(c->room, c->person);

    for (int role = SFU_UP; role <= SFU_DOWN; role++) {
        if (c->session[role].peer && !(may & may_of((enum sfu_role)role)))
            session_close(&c->session[role], now);
    }
    if (c->session[SFU_UP].peer)
        review_up(c, now);
    if (c->session[SFU_DOWN].peer)
        sfu_peer_backstage(c->session[SFU_DOWN].peer, c->room->state == SEMINAR_PRACTICE, now);
}

void session_want(struct client *c, usec now)
{
    struct sfu_peer *p = c->session[SFU_DOWN].peer;

    for (int i = 0; p && i < CONTROL_VIDEO_SLOTS; i++) {
        if (c->want[i] >= 0)
            sfu_peer_want(p, i, c->want[i], now);
    }
}

int session_open(struct client *c, const struct session_offer *offer, usec now, struct arena *a,
                 str *ret_answer)
{
    struct session *s = &c->session[offer->role];
    struct sfu_peer_conf conf = {
        .role = offer->role,
        .person = c->person->id,
        .offer = offer->sdp,
        .is_backstage = c->room->state == SEMINAR_PRACTICE, /* who may listen now belongs to it */
    };
    enum rung rung = RUNG_RELAY;
    struct sfu_peer *peer;
    int e = network_rung_parse(c->room->policy, offer->rung, &rung);

    if (e < 0)
        return e;
    conf.ways = network_rung_ways(c->room->policy, rung);
    if (!conf.ways || !(room_may(c->room, c->person) & may_of(offer->role)))
        return ERR_DENIED;
    e = sfu_peer_new(c->room->sfu_room, &conf, now, a, ret_answer, &peer);
    if (e < 0)
        return e;
    session_close(s, now);
    s->peer = peer;
    s->version = 1;
    random_token(s->id, ROOM_SESSION_ID);
    if (offer->role == SFU_UP)
        review_up(c, now);
    else
        session_want(c, now);
    booth_review(c, now);
    return 0;
}

struct session *session_by_role(struct client *c, enum sfu_role role)
{
    return c->session[role].peer ? &c->session[role] : NULL;
}

struct session *session_by_id(struct client *c, enum sfu_role role, str id)
{
    struct session *s = &c->session[role];

    return s->peer && str_eq(id, str_c(s->id)) ? s : NULL;
}

int session_restart(struct session *s, str frag, usec now, struct arena *a, str *ret_frag)
{
    int e = sfu_peer_restart(s->peer, frag, now, a, ret_frag);

    if (e == 0)
        s->version++;
    return e;
}

void session_end(struct session *s, usec now)
{
    session_close(s, now);
}

str session_id(const struct session *s)
{
    return str_c(s->id);
}

uint32_t session_version(const struct session *s)
{
    return s->version;
}

static struct session *by_peer(struct room *r, const struct sfu_peer *p)
{
    for (struct client *c = r->clients; c; c = c->next) {
        for (int role = SFU_UP; role <= SFU_DOWN; role++) {
            if (c->session[role].peer == p)
                return &c->session[role];
        }
    }
    return NULL;
}

bool room_on_connected(struct room *r, struct sfu_peer *p)
{
    struct session *s = by_peer(r, p);

    if (s)
        s->is_connected = true;
    return s != NULL;
}

bool room_on_wish(struct room *r, struct sfu_peer *p, int height)
{
    for (struct client *c = r->clients; c; c = c->next) {
        if (c->session[SFU_UP].peer != p)
            continue;
        tell_wish(c, height);
        return true;
    }
    return false;
}

/* The sfu frees the peer itself when this returns. */
bool room_on_gone(struct room *r, struct sfu_peer *p)
{
    struct session *s = by_peer(r, p);

    if (s)
        memset(s, 0, sizeof *s);
    return s != NULL;
}
