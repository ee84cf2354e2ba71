#include "web/page_room.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/answer.h"
#include "domain/invitation.h"
#include "domain/memory.h"
#include "domain/quiz.h"
#include "domain/seminar.h"
#include "domain/slides.h"
#include "domain/suppress.h"
#include "gen/template.h"
#include "net/http.h"
#include "web/frame.h"
#include "web/room_port.h"
#include "web/site.h"
#include "web/texts.h"
#include "web/visit.h"

#include <string.h>

#define TESTS_HEAD "{\"tests\":["

struct entry {
    struct seminar s;
    struct invitation inv;
};

static int read_entry(struct exchange *x, struct entry *ret_entry)
{
    str slug = http_param(x, S("slug"));
    struct entry e = {0};
    int r = seminar_by_slug(x->arena, x->db, slug, visit_lang(x), &e.s);

    if (r < 0)
        return r;
    if (!actor_is_member(x->actor, e.s.id))
        return ERR_DENIED;
    r = invitation_by_id(x->arena, x->db, x->actor, x->actor->invitation_id, visit_lang(x), &e.inv);
    if (r == 0)
        *ret_entry = e;
    return r;
}

/* Texts of the page's scripts: the browser asks for one file. */
static str texts_url(struct exchange *x)
{
    return arena_printf(x->arena, "text/%.*s.json", STR(visit_lang(x)));
}

static str languages_url(struct exchange *x, str code)
{
    return arena_printf(x->arena, "%.*s?lang=%.*s", STR(x->path), STR(code));
}

static void fill_languages(struct exchange *x, struct tpl_room_show *v)
{
    struct tpl_room_show_langs *row;
    size_t n = 0;

    while (texts_lang(n))
        n++;
    row = arena_array(x->arena, n, sizeof *row);
    for (size_t i = 0; row && i < n; i++) {
        row[i].code = texts_lang(i)->code;
        row[i].name = texts_lang(i)->name;
        row[i].url = languages_url(x, row[i].code);
        row[i].is_current = str_eq(row[i].code, visit_lang(x));
    }
    v->langs = row;
    v->nlangs = row ? n : 0;
}

/* In their own names, as far as the pages speak them. */
static void fill_channels(struct exchange *x, const struct seminar *s, struct tpl_room_show *v)
{
    struct tpl_room_show_channels *row = arena_array(x->arena, s->nlangs + 1, sizeof *row);

    for (size_t i = 0; row && i < s->nlangs; i++) {
        const struct text_lang *lang = texts_by_lang(s->lang[i]);

        row[i].code = s->lang[i];
        if (lang)
            row[i].name = lang->name;
    }
    v->channels = row;
    v->nchannels = row && s->nlangs > 1 ? s->nlangs : 0;
}

void room_show(struct exchange *x)
{
    struct tpl_room_show v = {0};
    struct entry e = {0};
    int r = read_entry(x, &e);

    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    visit_zone_set(x, e.s.zone);
    v.title = frame_text(&e.s.title, e.s.slug);
    v.title_lang = frame_foreign(&e.s.title);
    v.slug = e.s.slug;
    v.csrf_token = visit_csrf(x);
    v.texts = texts_url(x);
    v.name = person_shown(&e.inv.person);
    v.role = str_c(role_name(e.inv.role));
    v.person = e.inv.person.id;
    v.starts_at = e.s.starts_at;
    v.seminar_url = arena_printf(x->arena, "/%.*s/s/%.*s", STR(visit_lang(x)), STR(e.s.slug));
    v.deck_megabytes = MAX_HTTP_DECK >> 20;
    v.deck_files = MAX_DECKS;
    v.deck_pages = MAX_SLIDES;
    v.is_demo = e.s.is_demo;
    v.is_draft = visit_texts(x)->is_draft;
    v.is_speaking = e.inv.role != ROLE_PARTICIPANT && e.inv.role != ROLE_OBSERVER &&
                    e.inv.role != ROLE_CAPTIONER;
    v.is_shown = v.is_speaking && e.inv.role != ROLE_PROTECTED && e.inv.role != ROLE_INTERPRETER;
    v.is_over = e.s.state >= SEMINAR_ENDED;
    fill_languages(x, &v);
    fill_channels(x, &e.s, &v);
    tpl_room_show(&x->reply, visit_texts(x), &v);
    frame_send(x, 200);
}

str room_name(const struct seminar *s, const struct person *p, int role)
{
    struct texts t;

    if (role != ROLE_PROTECTED)
        return person_shown(p);
    if (p->function.n)
        return p->function;
    texts_init(&t, s->floor_lang, S("UTC")); /* in English when no page is in that language */
    return texts_get(&t, TEXT_ROLE_PROTECTED);
}

/* What was said by somebody who became protected while nobody was in the room (domain/invitation.c)
 * has no name when there is no function. */
static void name_nobodies(const struct seminar *s, struct memory *k)
{
    static const struct person nobody;
    str name = room_name(s, &nobody, ROLE_PROTECTED);

    for (size_t i = 0; i < k->nchats; i++) {
        struct memory_chat *m = &k->chat[i];

        if (!m->name[0])
            (void)str_copy(m->name, sizeof m->name, name);
    }
}

/* Slides and memory are the room's, which tells who waits of neither. */
void room_control(struct exchange *x)
{
    const struct room_port *room = site_of(x)->conf.room;
    struct room_join join = {0};
    struct deck_list decks = {0};
    struct memory memory = {0};
    struct entry e = {0};
    bool is_open = false;
    int r = read_entry(x, &e);

    if (r == 0)
        r = deck_list(x->arena, x->db, &actor_server, e.s.id, &decks);
    is_open = r == 0 && room->present(room->ctx, e.s.id) > 0;
    if (r == 0 && !is_open)
        r = memory_read(x->arena, x->db, &actor_server, e.s.id, &memory);
    name_nobodies(&e.s, &memory);
    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    join = (struct room_join){
        .seminar_id = e.s.id,
        .person_id = e.inv.person.id,
        .slug = e.s.slug,
        .name = room_name(&e.s, &e.inv.person, e.inv.role),
        .organisation = e.inv.role == ROLE_PROTECTED ? S("") : frame_text(&e.inv.org, S("")),
        .lang = visit_lang(x),
        .role = e.inv.role,
        .state = e.s.state,
        .policy = e.s.policy,
        .stage = e.s.stage,
        .langs = e.s.lang,
        .nlangs = e.s.nlangs,
        .decks = &decks,
        .memory = is_open ? NULL : &memory,
    };
    room->connect(room->ctx, x, &join);
}

/* ---- the tests that are open, for the page's script ---- */

/* Learners are told how far they are; hosts how many have answered, and never who. */
static int add_own_part(struct exchange *x, const struct quiz *z, struct sb *b)
{
    struct attempt attempt;
    int r = 0;

    if (answer_is_learner(x->actor->role)) {
        r = answer_read(x->arena, x->db, x->actor, z, x->actor->person_id, &attempt);
        if (r == 0)
            sb_printf(b, ",\"mine\":%d", attempt.nanswers);
    } else if (x->actor->role == ROLE_HOST || x->actor->role == ROLE_COHOST) {
        if (suppress_is_small(z->nattempts))
            sb_printf(b, ",\"few\":%d", SUPPRESS_UNDER);
        else
            sb_printf(b, ",\"answered\":%d", z->nattempts);
    }
    return r;
}

static int add_test(struct exchange *x, const struct seminar *s, const struct agenda *agenda,
                    int kind, struct sb *b)
{
    struct quiz z;
    int r = quiz_by_kind(x->db, x->actor, s->id, kind, &z);

    if (r == ERR_NOT_FOUND || (r == 0 && !z.nquestions))
        return 0;
    if (r < 0 || !quiz_is_open(&z, s, agenda, visit_now(x)))
        return r;
    sb_printf(b, "%s{\"kind\":\"%s\",\"all\":%d", b->n > strlen(TESTS_HEAD) ? "," : "",
              quiz_kind_name(kind), z.nquestions);
    r = add_own_part(x, &z, b);
    sb_char(b, '}');
    return r;
}

void room_tests(struct exchange *x)
{
    struct sb b = sb_init(x->arena, 0);
    struct agenda agenda;
    struct seminar s;
    int r = seminar_by_slug(x->arena, x->db, http_param(x, S("slug")), visit_lang(x), &s);

    if (r == 0 && !actor_is_member(x->actor, s.id))
        r = ERR_DENIED;
    if (r == 0)
        r = seminar_agenda(x->arena, x->db, &s, visit_lang(x), &agenda);
    sb_c(&b, TESTS_HEAD);
    for (int kind = QUIZ_PRE; r == 0 && kind <= QUIZ_POST; kind++)
        r = add_test(x, &s, &agenda, kind, &b);
    sb_c(&b, "]}\n");
    if (r < 0) {
        visit_fail(x, r);
        return;
    }
    http_set(x, S("Cache-Control"), S("private, no-store"));
    http_text(x, 200, S("application/json"), sb_str(&b));
}
