#include "web/listen.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/sb.h"
#include "base/str.h"
#include "domain/sound.h"
#include "gen/template.h"
#include "web/texts.h"

enum { KB = 1024, MINUTE_MS = 60000 };

static str number_text(struct arena *a, const struct texts *t, enum text_id key, int64_t n)
{
    const struct text_arg args[] = {{.name = "n", .n = n, .is_num = true}};
    struct sb b = sb_init(a, 0);

    text_add(&b, t, key, args, NELEM(args));
    return arena_str(a, sb_str(&b));
}

str listen_about(struct arena *a, const struct texts *t, const struct sound *s)
{
    const struct text_arg args[] = {
        {.name = "length", .s = number_text(a, t, TEXT_SOUND_MINUTES,
                                            (s->length_ms + MINUTE_MS - 1) / MINUTE_MS)},
        {.name = "size", .s = number_text(a, t, TEXT_PACK_KB, (s->nbytes + KB - 1) / KB)}};
    struct sb b = sb_init(a, 0);

    if (!args[0].s.p || !args[1].s.p)
        return (str){NULL, 0};
    text_add(&b, t, TEXT_SOUND_ABOUT, args, NELEM(args));
    return arena_str(a, sb_str(&b));
}

str listen_left_out(struct arena *a, const struct texts *t, const struct sound_of *of)
{
    return of->nforeign ? number_text(a, t, TEXT_SOUND_LEFT_OUT, (int64_t)of->nforeign)
                        : (str){NULL, 0};
}

int listen_make(struct arena *a, const struct texts *t, const struct sound_of *of,
                const struct sound *s, str src, struct tpl_listen *ret_listen)
{
    struct tpl_listen v = {.src = src,
                           .about = listen_about(a, t, s),
                           .left_out = listen_left_out(a, t, of)};

    if (!src.p || !v.about.p || (of->nforeign && !v.left_out.p))
        return ERR_MEM;
    if (s->reader.n)
        v.reader = s->reader;
    *ret_listen = v;
    return 0;
}
