#include "web/pack_sound.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/sound.h"
#include "domain/sound_file.h"
#include "domain/zip.h"
#include "web/guide_spoken.h"
#include "web/listen.h"
#include "web/texts.h"

int pack_sound_add(const struct pack_sound_ask *ask, struct tpl_listen *ret_listen)
{
    struct arena *a = ask->a;
    struct sound_of of;
    struct sound s = {0};
    str bytes = {0}, file, path;
    int format = 0, r = guide_spoken_of(a, ask->db, ask->t, ask->guide, &of);

    if (r == 0)
        r = sound_heard(a, ask->db, &of, &s);
    if (r == 0)
        r = sound_bytes(a, ask->db, s.id, s.name, &format, &bytes);
    if (r < 0)
        return r == ERR_NOT_FOUND ? 0 : r;
    file = arena_printf(a, "%.*s.%s", STR(ask->name), sound_file_ending(format));
    path = arena_printf(a, "%.*s/%.*s", STR(ask->t->lang), STR(file));
    r = path.p && file.p && ask->name.n ? zip_add(ask->zip, path, bytes, ZIP_STORED) : ERR_MEM;
    return r < 0 ? r : listen_make(a, ask->t, &of, &s, file, ret_listen);
}
