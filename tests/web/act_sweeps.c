/*
 * Forms with more in them than the scenarios' rows have, with each allocation failing in turn: see
 * posting.h.
 */
#include "posting.h"

static struct world *world;

static int post(const struct posting *p, const char *body, struct posted *io_whole)
{
    struct posting filled = *p;
    struct ask ask;

    sweep_pause();
    if (!world)
        world = world_new();
    ask = row_ask(world, &(struct row){
                             .method = "POST", .url = p->url, .user = p->user, .body = body});
    filled.url = ask.url;
    filled.body = str_c(ask.body);
    sweep_resume();
    return posting_try(world, &filled, io_whole);
}

#define POST(name, to, form, kind, who)                                                            \
    static int name##_sweep(void)                                                                  \
    {                                                                                              \
        static const struct posting p = {.url = to, .type = kind, .user = who};                    \
        static struct posted whole;                                                                \
        return post(&p, form, &whole);                                                             \
    }

POST(org, "/desk/orgs", "csrf={csrf}&kind=ngo&country=TM&name_en=Swept&name_ru=%D0%AF", FORM, EVENT)
POST(programme, "/desk/programmes",
     "csrf={csrf}&title_en=Swept&from=2026-02-01&to=2027-01-01&region=Kazakhstan&donor=mfa-no"
     "&convener=imo&partner=tdh&partner=orient",
     FORM, EVENT)
POST(seminar_copy, "/desk/seminars",
     "csrf={csrf}&title_en=Swept&day=2027-05-03&clock=10:00&zone=Asia/Ashgabat&minutes=90&lang=ru"
     "&lang=en&floor=en&policy=https-only&programme=counter-trafficking-central-asia"
     "&from=" DEMO_LIVE_SLUG "&people=yes",
     FORM, EVENT)
POST(item, "/desk/s/" DEMO_LIVE_SLUG "/agenda",
     "csrf={csrf}&title_en=Coffee&title_ru=%D0%AF&kind=break&minutes=15&place=2", FORM, EVENT)
POST(guest, "/desk/s/" DEMO_LIVE_SLUG "/people",
     "csrf={csrf}&org=tdh&name=Maral&function=Editor&email=maral%40tdh.example&lang=tk&sex=0&age=0"
     "&country=TM&role=participant",
     FORM, EVENT)
POST(import_take, "/desk/s/" DEMO_LIVE_SLUG "/import/take",
     FILE_BODY("organisation;name;e-mail\r\ntdh;One;one@tdh.example\r\n"
               "tdh;Two;two@tdh.example\r\n"),
     UPLOAD, EVENT)
POST(clip, "/desk/kits/films/clips",
     PART("csrf") "\r\n\r\n{csrf}\r\n" PART("filmed") "\r\n\r\nUs\r\n" PART("seen_en")
     "\r\n\r\nA road\r\n" PART("seen_ru") "\r\n\r\n\xd0\xaf\r\n" PART("file")
     "; filename=\"f\"\r\n\r\n0000ftypisom\r\n--xyz--\r\n",
     UPLOAD, EDITOR)
POST(topic, "/desk/topics", "csrf={csrf}&slug=swept&name-en=Swept&name-ru=%D0%AF", FORM, EDITOR)
POST(news, "/desk/news", "csrf={csrf}&kind=1&code=en&title=Swept&body=One%0A%0ATwo&slug=swept",
     FORM, EDITOR)
POST(invitation, "/i/{link}/reply", "reply=accepted&note=Aman+comes", FORM, ANON)
POST(quiz, "/s/" DEMO_LIVE_SLUG "/quiz/pre?lang=tk",
     "csrf={csrf}&mark={mark}&q1=2&q2=1&q2=4&q2=8&q4=5", FORM, MEMBER)

const struct sweep_row act_sweeps[] = {
    {"post_org", org_sweep},     {"post_programme", programme_sweep},
    {"post_copy", seminar_copy_sweep}, {"post_item", item_sweep},
    {"post_guest", guest_sweep}, {"post_import", import_take_sweep},
    {"post_clip", clip_sweep},
    {"post_topic", topic_sweep}, {"post_news", news_sweep},
    {"post_reply", invitation_sweep}, {"post_quiz", quiz_sweep},
};
const size_t nact_sweeps = NELEM(act_sweeps);
