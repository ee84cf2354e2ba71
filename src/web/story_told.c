#include "web/story_told.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/sb.h"
#include "base/str.h"
#include "domain/story.h"
#include "web/texts.h"

int story_told(struct arena *a, struct db *db, const struct texts *t, int64_t news_id,
               str *ret_said)
{
    struct text_arg name = {.name = "name"};
    struct sb b = sb_init(a, 0);
    int r = story_pseudonym(a, db, news_id, &name.s);

    if (r < 0 && r != ERR_NOT_FOUND)
        return r;
    if (r == 0) {
        text_add(&b, t, TEXT_STORY_TOLD_BY, &name, 1);
        sb_char(&b, ' ');
    }
    sb_add(&b, texts_get(t, TEXT_STORY_CONSENT));
    if (!sb_str(&b).p)
        return ERR_MEM;
    *ret_said = sb_str(&b);
    return 0;
}
