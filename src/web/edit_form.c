#include "web/edit_form.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/sb.h"
#include "base/str.h"
#include "domain/country.h"
#include "net/http.h"
#include "web/news_bar.h"
#include "web/safety_form.h"
#include "web/visit.h"

static str field(struct exchange *x, const char *name)
{
    str v = http_field(x, str_c(name));

    return v.p ? v : S("");
}

str edit_form_plain(struct arena *a, str s)
{
    struct sb b = sb_init(a, 0);

    if (str_chr(s, '\r') < 0)
        return s;
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] != '\r' || i + 1 >= s.n || s.p[i + 1] != '\n')
            sb_char(&b, s.p[i]);
    return sb_str(&b).p ? sb_str(&b) : S("");
}

static int read_topics(struct exchange *x, struct db *db, struct edit_form *f)
{
    int r = topic_list(x->arena, db, visit_lang(x), f->news_id, &f->topics);

    for (size_t i = 0; r == 0 && i < f->topics.n; i++) {
        struct topic *t = &f->topics.row[i];
        str name = arena_printf(x->arena, "topic-%lld", (long long)t->id);

        t->is_chosen = str_eq(http_field(x, name), S("1"));
    }
    return r;
}

int edit_form_read(struct exchange *x, struct db *db, struct edit_form **ret_form)
{
    struct edit_form *f = arena_make(x->arena, struct edit_form);
    struct news n;
    int r = f ? news_bar_item(x, db, &n) : ERR_MEM;

    if (r < 0)
        return r;
    f->news_id = n.id;
    f->countries = field(x, "countries");
    f->in = (struct news_in){.lang = http_param(x, S("code")),
                             .title = str_trim(field(x, "title")),
                             .body = edit_form_plain(x->arena, field(x, "body")),
                             .correction = field(x, "correction")};
    if (safety_form_read(x, &f->answers))
        f->in.answers = &f->answers;
    x->state = f;
    r = read_topics(x, db, f);
    if (r == 0)
        r = str_i64(http_field(x, S("revision")), 0, INT64_MAX, &f->in.revision);
    if (r == 0 && country_list_parse(x->arena, f->countries, &f->codes) < 0)
        r = ERR_RANGE;
    if (r == 0 && (!f->in.title.n || !f->in.body.n))
        r = ERR_RANGE;
    if (r == 0)
        *ret_form = f;
    return r;
}
