#include "web/page_debug.h"

#include "base/err.h"
#include "base/sb.h"
#include "domain/access.h"
#include "net/http.h"
#include "web/kept.h"
#include "web/room_port.h"
#include "web/site.h"
#include "web/visit.h"

static void send(struct exchange *x)
{
    x->type = S("text/plain; charset=utf-8");
}

void debug_media(struct exchange *x)
{
    const struct room_port *room = site_of(x)->conf.room;

    if (room && room->debug)
        room->debug(room->ctx, x);
    else
        visit_fail(x, ERR_NOT_FOUND);
}

void debug_store(struct exchange *x)
{
    const struct site *s = site_of(x);

    access_print(s->conf.writer, x->db, &x->reply);
    sb_printf(&x->reply, "kept pages: %zu kB\n", kept_bytes(s->kept) / 1024);
    send(x);
}

void debug_loop(struct exchange *x)
{
    site_print_threads(site_of(x), &x->reply);
    send(x);
}
