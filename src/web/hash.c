#include "web/hash.h"

#include "base/err.h"
#include "net/http.h"
#include "net/loop.h"
#include "web/site.h"
#include "web/visit.h"

static void run(struct job *j)
{
    struct hash *h = (struct hash *)j;

    h->is_right = !h->known.p || account_password_check(h->known, h->old);
    if (h->is_right)
        h->result = account_password_hash(h->password, h->text);
}

static void done(struct job *j)
{
    struct hash *h = (struct hash *)j;

    h->done(h);
}

void hash_start(struct hash *h)
{
    struct exchange *x = h->x;

    h->job = (struct job){.run = run, .done = done, .answer = loop_queue(x->loop)};
    http_defer(x);
    if (worker_put(site_of(x)->worker, &h->job) < 0) {
        visit_fail(x, ERR_BUSY);
        visit_finish(x);
    }
}
