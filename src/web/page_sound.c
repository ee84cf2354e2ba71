#include "web/page_sound.h"

#include "base/arena.h"
#include "base/encode.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "domain/guide.h"
#include "domain/sound.h"
#include "domain/sound_file.h"
#include "gen/template.h"
#include "net/http.h"
#include "web/frame.h"
#include "web/guard.h"
#include "web/guide_spoken.h"
#include "web/listen.h"
#include "web/page_contact.h"
#include "web/page_guide_desk.h"
#include "web/texts.h"
#include "web/visit.h"

#include <string.h>

enum { MB = 1024 * 1024, MAX_LANGS = 24 };

static str about(struct exchange *x, const struct sound *s)
{
    return listen_about(x->arena, visit_texts(x), s);
}

static str url_of(struct exchange *x, const struct sound *s)
{
    return arena_printf(x->arena, "/l/%lld/%.*s", (long long)s->id, STR(s->name));
}

/* Where the desk hears what readers hear no more. */
static str desk_url_of(struct exchange *x, const struct sound *s)
{
    return arena_printf(x->arena, "/desk/l/%lld/%.*s", (long long)s->id, STR(s->name));
}

int sound_listen(struct exchange *x, const struct guide *g, struct tpl_listen *ret_listen)
{
    struct sound_of of;
    struct sound s = {0};
    int r = guide_spoken_of(x->arena, x->db, visit_texts(x), g, &of);

    if (r == 0)
        r = sound_heard(x->arena, x->db, &of, &s);
    if (r < 0)
        return r == ERR_NOT_FOUND ? 0 : r;
    guard_media(x);
    return listen_make(x->arena, visit_texts(x), &of, &s, url_of(x, &s), ret_listen);
}

/*
 * Where the store put them: in the arena, whose bytes count for as long as the client has not taken
 * them (worker_hold). Shared, as of such net answers the parts that a player asks for.
 */
static int send(struct exchange *x, str bytes)
{
    struct http_shared *s = arena_make(x->arena, struct http_shared);

    if (!s)
        return ERR_MEM;
    *s = (struct http_shared){.plain = bytes};
    x->shared = s;
    return 0;
}

/* The number of the address. */
static int read_id(struct exchange *x, int64_t *ret_id)
{
    return str_i64(http_param(x, S("id")), 1, INT64_MAX, ret_id) < 0 ? ERR_NOT_FOUND : 0;
}

/*
 * Like the page that it belongs to it leaves no trace in the telephone's cache; the name in the
 * address is of its bytes, so the parts that a player asks for are always parts of one file.
 */
static void answer(struct exchange *x, int64_t id, int r)
{
    str name = http_param(x, S("name")), bytes = {0};
    int format = 0;

    if (r == 0)
        r = sound_bytes(x->arena, x->db, id, name, &format, &bytes);
    if (r == 0)
        r = send(x, bytes);
    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    http_set(x, S("ETag"), arena_printf(x->arena, "\"%.*s\"", STR(str_cut(name, '.').head)));
    x->type = str_c(sound_file_type(format));
    contact_private(x);
}

/* ERR_GONE: the file says other words than the page does now. */
static int words_hold(struct exchange *x, int64_t id)
{
    str name = http_param(x, S("name"));
    struct sound_list l = {0};
    struct sound_of of = {0};
    struct guide g = {0};
    struct texts t;
    int r = sound_owner(x->arena, x->db, id, name, &of);

    if (r < 0)
        return r;
    texts_init(&t, of.lang, S("UTC"));
    r = guide_next(x->arena, x->db, of.guide_id - 1, of.lang, &g);
    if (r == 0)
        r = guide_spoken_of(x->arena, x->db, &t, &g, &of);
    if (r == 0)
        r = sound_list(x->arena, x->db, &of, &l);
    for (size_t i = 0; r == 0 && i < l.n; i++)
        if (l.row[i].id == id && l.row[i].is_current)
            return 0;
    return r < 0 && r != ERR_NOT_FOUND ? r : ERR_GONE;
}

void sound_file(struct exchange *x)
{
    int64_t id = 0;
    int r = read_id(x, &id);

    if (r == 0)
        r = words_hold(x, id);
    answer(x, id, r);
}

/* ---- the desk ---- */

/* What was read aloud before the words were corrected, too. */
void desk_sound_file(struct exchange *x)
{
    int64_t id = 0;
    int r = read_id(x, &id);

    answer(x, id, r);
}

static enum text_id fault_text(int fault)
{
    static const enum text_id texts[SOUND_FAULTS] = {
        [SOUND_NO_VOICE] = TEXT_SOUND_NO_VOICE, [SOUND_TOO_LONG] = TEXT_SOUND_TOO_LONG,
        [SOUND_TOO_HARD] = TEXT_SOUND_TOO_HARD, [SOUND_NO_BOX] = TEXT_SOUND_NO_BOX,
        [SOUND_NO_TOOLS] = TEXT_SOUND_NO_TOOLS,
    };

    return fault > 0 && fault < SOUND_FAULTS ? texts[fault] : TEXT_NONE;
}

static void fill_made(struct exchange *x, const struct sound *s, struct tpl_sound_row *v)
{
    v->why = s->is_current ? fault_text(s->fault) : TEXT_SOUND_WAITING;
    if (s->fault || !s->is_current)
        return;
    v->made = desk_url_of(x, s);
    v->made_about = about(x, s);
}

static void fill_read(struct exchange *x, const struct sound *s, struct tpl_sound_row *v)
{
    v->read = desk_url_of(x, s);
    v->read_about = about(x, s);
    v->reader = s->reader;
    v->is_outdated = !s->is_current;
}

/* The words now, as the form gives them back. */
static str words_text(struct exchange *x, const struct sound_of *of)
{
    char hex[2 * SOUND_HASH + 1];

    encode_hex(hex, of->words, SOUND_HASH);
    return arena_str(x->arena, (str){hex, 2 * SOUND_HASH});
}

/* The guide again, in that language. */
static int of_lang(struct exchange *x, struct db *db, str slug, str lang, struct sound_of *ret_of)
{
    struct texts t;
    struct guide g = {0};
    int r;

    texts_init(&t, lang, S("UTC"));
    r = guide_by_slug(x->arena, db, slug, t.lang, &g);
    ret_of->guide_id = g.id;
    ret_of->lang = t.lang;
    return r < 0 ? r : guide_spoken_of(x->arena, db, &t, &g, ret_of);
}

static int row_fill(struct exchange *x, const struct guide *g, str lang, struct tpl_sound_row *v)
{
    struct sound_of of = {.guide_id = g->id, .lang = lang};
    struct sound_list l = {0};
    int r = of_lang(x, x->db, g->slug, lang, &of);

    *v = (struct tpl_sound_row){
        .code = lang,
        .csrf_token = visit_csrf(x),
        .megabytes = MAX_SOUND_BYTES / MB,
        .base = arena_printf(x->arena, "/desk/guides/%.*s/sound/%.*s", STR(g->slug), STR(lang))};
    if (r == 0) {
        v->words = words_text(x, &of);
        v->left_out = listen_left_out(x->arena, visit_texts(x), &of);
    }
    if (r == 0 || r == ERR_NOT_FOUND)
        r = sound_list(x->arena, x->db, &of, &l);
    if (r < 0)
        return r;
    v->why = v->words.p ? TEXT_SOUND_WAITING : TEXT_SOUND_NOT_WHOLE;
    for (size_t i = 0; i < l.n; i++) {
        if (l.row[i].kind == SOUND_READ)
            fill_read(x, &l.row[i], v);
        else if (v->words.p)
            fill_made(x, &l.row[i], v);
    }
    if ((v->read.p && !v->read_about.p) || (v->made.p && !v->made_about.p))
        return ERR_MEM;
    return 0;
}

int sound_rows(struct exchange *x, const struct guide *g, const struct tpl_sound_row **ret_row,
               size_t *ret_n)
{
    struct tpl_sound_row *row = arena_array(x->arena, MAX_LANGS, sizeof(*row));
    const struct text_lang *l;
    bool has_sound = false;
    size_t n = 0;
    int r = row ? 0 : ERR_MEM;

    for (; r == 0 && n < MAX_LANGS && (l = texts_lang(n)); n++) {
        r = row_fill(x, g, l->code, &row[n]);
        has_sound |= row[n].made.p || row[n].read.p;
    }
    if (r < 0)
        return r;
    if (has_sound)
        guard_media(x);
    *ret_row = row;
    *ret_n = n;
    return 0;
}

/* The language of the address, when the site has it. */
static int read_of(struct exchange *x, struct db *db, struct sound_of *ret_of)
{
    const struct text_lang *l = texts_by_lang(http_param(x, S("code")));

    return l ? of_lang(x, db, http_param(x, S("slug")), l->code, ret_of) : ERR_NOT_FOUND;
}

int desk_sound_add_act(struct exchange *x, struct db *db)
{
    struct sound_in in = {.reader = http_field(x, S("reader")),
                          .bytes = http_file(x, S("file"), NULL)};
    uint8_t words[SOUND_HASH];
    int r = read_of(x, db, &in.of);

    if (r == 0)
        r = decode_hex(words, sizeof(words), http_field(x, S("words"))) < 0 ? ERR_RANGE : 0;
    if (r == 0 && memcmp(words, in.of.words, sizeof(words)) != 0)
        r = ERR_CONFLICT; /* what was read aloud is not what stands there now */
    return r < 0 ? r : sound_record(x->arena, db, x->actor, &in, visit_now(x));
}

/* Also of a page whose words are not all there any more. */
int desk_sound_remove_act(struct exchange *x, struct db *db)
{
    struct sound_of of = {0};
    int r = read_of(x, db, &of);

    if (r < 0 && !of.guide_id)
        return r;
    return sound_remove(db, x->actor, &of);
}

void desk_sound_done(struct exchange *x)
{
    static const struct {
        int code;
        enum text_id text;
    } problems[] = {
        {ERR_UNSUPPORTED, TEXT_SOUND_BAD},    {ERR_SYNTAX, TEXT_SOUND_BAD},
        {ERR_TOO_BIG, TEXT_SOUND_BAD},        {ERR_RANGE, TEXT_SOUND_BAD},
        {ERR_CONFLICT, TEXT_SOUND_CONFLICT},
    };

    if (x->result == 0) {
        http_redirect(x, 303,
                      arena_printf(x->arena, "/desk/guides/%.*s?done=saved#sound",
                                   STR(http_param(x, S("slug")))));
        return;
    }
    for (size_t i = 0; i < NELEM(problems); i++) {
        if (problems[i].code == x->result) {
            desk_guide_again(x, err_http_status(x->result), problems[i].text);
            return;
        }
    }
    visit_fail(x, x->result);
}
