/*
 * People are told which pictures they do not get, and why: the line of one page is too thin, or a
 * page cannot decode what the stage sends (H264 of a tool). The second is for whoever can change
 * it: the hosts, and the person whose picture it is.
 */
#include "live/room_i.h"

#include <string.h>

bool room_on_line(struct room *r, struct sfu_peer *p, enum sfu_line line)
{
    for (struct client *c = r->clients; c; c = c->next) {
        if (c->session[SFU_DOWN].peer != p)
            continue;
        tell_line(c, line);
        return true;
    }
    return false;
}

/* A person with two pages stands in the list once. */
static unsigned list_blind(const struct room *r, int64_t to[static MAX_ROOM_PEERS])
{
    int64_t all[MAX_ROOM_PEERS];
    unsigned n = sfu_room_blind(r->sfu_room, all, MAX_ROOM_PEERS), k, kept = 0;

    for (unsigned i = 0; i < n; i++) {
        for (k = 0; k < kept && to[k] != all[i]; k++)
            ;
        if (k == kept)
            to[kept++] = all[i];
    }
    return kept;
}

void sight_look(struct room *r)
{
    int64_t now_blind[MAX_ROOM_PEERS];
    unsigned n = list_blind(r, now_blind);

    bool is_same = n == r->nblind &&
                   (!n || memcmp(now_blind, r->blind, n * sizeof(now_blind[0])) == 0);

    bool is_due = r->is_blind_due && n;

    r->is_blind_due = false;
    if (is_same && !is_due)
        return;
    if (n)
        memcpy(r->blind, now_blind, n * sizeof(now_blind[0]));
    r->nblind = n;
    tell_blind(r);
}
