#include "domain/actor.h"

#include "base/err.h"

const struct actor actor_public = {.rights = RIGHT_PUBLIC};
const struct actor actor_server = {
    .rights = RIGHT_PUBLIC | RIGHT_STAFF | RIGHT_EVENT | RIGHT_EDITOR | RIGHT_SYSTEM,
};

bool actor_can(const struct actor *who, unsigned rights)
{
    return ((who ? who : &actor_public)->rights & rights) != 0;
}

bool actor_is_member(const struct actor *who, int64_t seminar_id)
{
    return actor_can(who, RIGHT_MEMBER) && who->seminar_id == seminar_id;
}

int actor_check(const struct actor *who, unsigned rights)
{
    if (actor_can(who, rights))
        return 0;
    return actor_can(who, RIGHT_STAFF | RIGHT_MEMBER) ? ERR_DENIED : ERR_AUTH;
}
