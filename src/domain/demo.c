#include "domain/demo.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "domain/actor.h"
#include "domain/contact.h"
#include "domain/day.h"
#include "domain/desk.h"
#include "domain/guide.h"
#include "domain/import.h"
#include "domain/kit.h"
#include "domain/news.h"
#include "domain/quiz.h"
#include "domain/safety.h"
#include "domain/search.h"
#include "domain/seminar.h"
#include "domain/slides.h"
#include "domain/topic.h"

static const str langs[] = {S("en"), S("ru"), S("tk")};

/* What the sample item is about. */
static const struct {
    str slug, name[NELEM(langs)];
} demo_topics[] = {
    {S("trafficking"),
     {S("Against human trafficking"), S("Против торговли людьми"), S("Adam söwdasyna garşy")}},
    {S("media"), {S("Media"), S("СМИ"), S("Media")}},
    {S("rights"), {S("Rights of migrants"), S("Права мигрантов"), S("Migrantlaryň hukuklary")}},
};

static int topics_make(struct db *db, const struct news *n, usec now)
{
    int64_t id[NELEM(demo_topics)];
    int r = 0;

    for (size_t i = 0; i < NELEM(demo_topics) && r == 0; i++) {
        r = topic_put(db, &actor_server, demo_topics[i].slug, now, &id[i]);
        for (size_t k = 0; k < NELEM(langs) && r == 0; k++)
            r = topic_name_put(db, &actor_server, id[i], langs[k], demo_topics[i].name[k], now);
    }
    return r < 0 ? r : topic_choose(db, &actor_server, n->id, id, NELEM(id));
}

/* It is made of the record alone, which names organisations and no person. */
static int check_make(struct db *db, const struct news *n, usec now)
{
    static const struct safety_in in = {.faces = SAFETY_NO, .names = SAFETY_NO, .places = SAFETY_NO,
                                        .consent = SAFETY_NOBODY, .note = S("Sample data.")};
    const struct safety_of of = {.news_id = n->id, .revision = n->revision,
                                 .pictures_revision = -1, .lang = n->lang};

    return safety_put(db, &actor_server, &of, &in, now);
}

/* The record's news, published on the day of the event, as its public report was. */
static int news_make(struct arena *a, struct db *db, const struct seminar *s, usec now)
{
    int r = 0;

    for (size_t i = 0; i < NELEM(langs) && r == 0; i++) {
        struct news n = {0};
        struct news_in what = {.lang = langs[i]};

        r = news_draft(a, db, &actor_server, s->id, langs[i], now);
        if (r == 0)
            r = news_by_seminar(a, db, &actor_server, s->id, langs[i], &n);
        if (r < 0)
            return r;
        r = check_make(db, &n, now);
        what.revision = -1;
        if (r == 0)
            r = news_publish(db, &actor_server, n.id, &what, s->starts_at, now);
        if (r == 0 && i == 0)
            r = topics_make(db, &n, now);
    }
    return r;
}

/* Nobody has lived it and nobody is quoted; without a consent it can only be a draft. */
static const struct news_in sample_story[] = {
    {.lang = S("en"), .title = S("A sample story (invented)"),
     .body = S("*This text is invented. It shows how a story is made; nobody has lived it.*\n\n"
               "Here the person tells what they want to tell, in their own words, under a name "
               "that is not theirs.\n\n## What belongs to a story\n\n"
               "- nothing that leads to the person: no place, no date, no employer\n"
               "- a consent on paper, which can be taken back at any time\n"
               "- where help is, for readers who know this from their own lives\n")},
    {.lang = S("ru"), .title = S("История для примера (вымышленная)"),
     .body = S("*Этот текст вымышлен. Он показывает, как делается история; её никто не пережил.*"
               "\n\nЗдесь человек рассказывает то, что хочет, своими словами и под чужим именем."
               "\n\n## Что нужно истории\n\n"
               "- ничего, что ведёт к человеку: ни места, ни даты, ни работодателя\n"
               "- письменное согласие, которое можно отозвать в любое время\n"
               "- где помогут, для читателей, которым это знакомо\n")},
    {.lang = S("tk"), .title = S("Nusga gürrüň (toslanyp tapylan)"),
     .body = S("*Bu tekst toslanyp tapylan. Gürrüňiň nähili ýazylýandygyny görkezýär; muny hiç kim "
               "başdan geçirmedi.*\n\nBu ýerde adam aýtmak isleýän zadyny öz sözleri bilen, başga "
               "at bilen aýdýar.\n\n## Gürrüňe näme gerek\n\n"
               "- adama eltýän hiç zat ýok: ne ýer, ne sene, ne iş beriji\n"
               "- islän wagty yzyna alyp bolýan ýazmaça razylyk\n"
               "- muny öz durmuşyndan bilýän okyjylar üçin kömegiň nirededigi\n")},
};

static int story_make(struct arena *a, struct db *db, usec now)
{
    const struct desk_idea idea = {.slug = S("sample-story"), .kind = NEWS_STORY, .is_sample = true,
                                   .lang = sample_story[0].lang, .title = sample_story[0].title,
                                   .body = sample_story[0].body};
    struct desk_step step = {.lang = idea.lang, .to = DESK_DRAFT, .revision = -1};
    struct news n = {0};
    int r = desk_begin(db, &actor_server, &idea, now);

    if (r == 0)
        r = news_by_slug(a, db, &actor_server, idea.slug, idea.lang, &n);
    if (r < 0)
        return r;
    step.news_id = n.id;
    r = desk_move(db, &actor_server, &step, now);
    for (size_t i = 1; i < NELEM(sample_story) && r == 0; i++)
        r = news_edit(db, &actor_server, n.id, &sample_story[i], now);
    return r;
}

static int record_make(struct arena *a, struct db *db, const struct demo_in *in, usec now,
                       struct demo *to)
{
    struct import_job job = {.now = now, .slug = S(DEMO_RECORD_SLUG), .state = SEMINAR_ARCHIVED};
    struct import_seminar done;
    struct seminar s;
    int r = seminar_by_slug(a, db, job.slug, S("en"), &s);

    if (r != ERR_NOT_FOUND) {
        to->record_id = r == 0 ? s.id : 0;
        return r;
    }
    r = import_seminar(a, db, &actor_server, &job, in->seminar_json, &done);
    if (r == 0)
        r = seminar_by_id(a, db, done.seminar_id, S("en"), &s);
    if (r == 0)
        r = news_make(a, db, &s, now);
    if (r == 0)
        r = story_make(a, db, now);
    if (r < 0)
        return r;
    to->record_id = s.id;
    to->is_new = true;
    return 0;
}

static int quiz_make(struct arena *a, struct db *db, const struct demo_in *in, int64_t seminar_id,
                     usec now)
{
    struct quiz_file file = {seminar_id, in->quiz_json};
    str fault;

    return in->quiz_json.p ? quiz_import(a, db, &actor_server, &file, now, &fault) : 0;
}

/* The expert's slides, as the sample agenda names them. */
static int slides_make(struct db *db, const struct demo_in *in, usec now, int64_t seminar_id)
{
    const struct deck d = {.seminar_id = seminar_id, .name = S("slides.pdf")};
    int64_t id;

    return in->slides_pdf.n ? deck_add(db, &actor_server, &d, in->slides_pdf, now, &id) : 0;
}

static int live_make(struct arena *a, struct db *db, const struct demo_in *in, usec now,
                     struct demo *to)
{
    struct import_job job = {.now = now, .slug = S(DEMO_LIVE_SLUG), .starts_at = now,
                             .policy = NETWORK_OPEN, .state = SEMINAR_PRACTICE, .is_demo = true,
                             .is_bare = true};
    struct import_seminar done;
    struct import_report report;
    struct seminar s;
    int r = seminar_by_slug(a, db, job.slug, S("en"), &s);

    if (r != ERR_NOT_FOUND) {
        to->live_id = r == 0 ? s.id : 0;
        return r;
    }
    r = import_seminar(a, db, &actor_server, &job, in->seminar_json, &done);
    if (r < 0)
        return r;
    job.seminar_id = done.seminar_id;
    r = import_invitations(a, db, &actor_server, &job, in->invitations_csv, &report);
    if (r == 0)
        r = quiz_make(a, db, in, job.seminar_id, now);
    if (r < 0)
        return r;
    to->live_id = done.seminar_id;
    to->is_new = true;
    return slides_make(db, in, now, to->live_id);
}

static int account_make(struct arena *a, struct db *db, const struct demo_in *in, usec now,
                        struct demo *to)
{
    struct account account = {.login = S(DEMO_LOGIN), .name = S("Organiser"), .lang = S("en"),
                              .password_hash = in->password_hash,
                              .rights = RIGHT_EVENT | RIGHT_EDITOR};
    struct account was;
    int64_t id;
    int r = account_by_login(a, db, account.login, &was);

    if (r != ERR_NOT_FOUND)
        return r;
    r = account_add(db, &actor_server, &account, now, &id);
    if (r == 0)
        to->is_account_new = true;
    return r;
}

int demo_import(struct arena *a, struct db *db, const struct demo_in *in, usec now,
                struct demo *ret_demo)
{
    struct demo d = {0};
    bool is_left = true;
    unsigned nadded;
    int r = record_make(a, db, in, now, &d);

    if (r == 0)
        r = live_make(a, db, in, now, &d);
    if (r == 0 && in->contacts_json.p)
        r = contact_import(a, db, &actor_server, in->contacts_json, now, &nadded);
    if (r == 0 && in->guides_json.p)
        r = guide_import(a, db, &actor_server, in->guides_json, now, &nadded);
    if (r == 0 && in->kit_json.p)
        r = kit_import(a, db, &actor_server, in->kit_json, now, &nadded);
    if (r == 0)
        r = account_make(a, db, in, now, &d);
    while (r == 0 && is_left)
        r = search_refresh(db, &is_left);
    if (r == 0)
        *ret_demo = d;
    return r;
}
