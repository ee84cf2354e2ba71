/* What the domain allocates, with each allocation failing in turn: see tests/sweep/sweep.h. */
#include "suite.h"

#include "domain/charset.h"
#include "domain/csv.h"
#include "domain/geo.h"
#include "domain/ics.h"
#include "domain/import.h"
#include "domain/markdown.h"
#include "domain/news.h"
#include "domain/programme.h"
#include "domain/view.h"

/* Made before anything fails; the store is put back after every round. */
static struct world *world;

static int in_store(int (*run)(struct arena *a))
{
    struct arena *a;
    int r;

    if (!world) {
        sweep_pause();
        assert_int_equal(world_new((void **)&world), 0);
        sweep_resume();
    }
    sweep_pause();
    assert_int_equal(db_begin(world->db), 0);
    sweep_resume();
    a = arena_new();
    r = a ? run(a) : ERR_MEM;
    sweep_pause();
    db_abort(world->db);
    arena_free(a);
    sweep_resume();
    return r;
}

static int parse(struct arena *a)
{
    struct csv c = csv_init(a, S("a;\"b\"\"c\";d\n1;2;3\n"));
    struct csv_row row;
    str html, lead, text;
    const char *name;
    int r;

    while ((r = csv_read(&c, &row)) > 0)
        continue;
    if (r == 0)
        r = markdown_html(a, S("# One\n\n* two [three](https://example.org)\n\n| a | b |\n|-|-|\n"
                               "| 1 | 2 |\n"), &html);
    if (r == 0)
        r = markdown_lead(a, S("# One\n\nTwo *three* four."), 100, &lead);
    if (r == 0)
        r = charset_utf8(a, S("\xc8\xec\xff;\xd4\xe0\xec\xe8\xeb\xe8\xff\n"), &text, &name);
    return r;
}

static int parse_sweep(void)
{
    return in_store(parse);
}

static int import_list(struct arena *a)
{
    struct import_job job = {.now = T0, .seminar_id = world->demo.live_id};
    struct import_report report;

    return import_invitations(a, world->db, &world->event, &job,
                              S("name;organisation;language\nOne Two;;ru\nThree;Red Crescent;tk\n"),
                              &report);
}

static int import_list_sweep(void)
{
    return in_store(import_list);
}

static int import_record(struct arena *a)
{
    struct import_job job = {.now = T0};
    struct import_seminar made = {0};

    return import_seminar(a, world->db, &actor_server, &job,
                          S("{\"organisations\":[{\"id\":\"two\",\"kind\":\"ngo\","
                            "\"name\":{\"en\":\"Two\",\"ru\":\"2\"}}],"
                            "\"programme\":{\"slug\":\"pp\"},\"seminar\":{\"slug\":\"ss\","
                            "\"timezone\":\"UTC\",\"starts_at\":\"2020-11-24T10:00:00Z\","
                            "\"duration_minutes\":60,\"floor_language\":\"ru\","
                            "\"languages\":[\"ru\"],\"network_policy\":\"open\"}}"),
                          &made);
}

static int import_record_sweep(void)
{
    return in_store(import_record);
}

static int read(struct arena *a)
{
    const struct news_filter f = {.lang = S("en"), .limit = 5};
    struct view_country_list countries;
    struct programme_list programmes;
    struct seminar_list seminars;
    struct news_list news;
    struct agenda agenda;
    struct seminar s;
    str ics;
    int r = seminar_by_slug(a, world->db, S(DEMO_LIVE_SLUG), S("ru"), &s);

    if (r == 0)
        r = seminar_list(a, world->db, S("tk"), ~0u, &seminars);
    if (r == 0)
        r = seminar_agenda(a, world->db, &s, S("en"), &agenda);
    if (r == 0)
        r = ics_seminar(a, &s, S("http://h/s"), S("h"), T0, &ics);
    if (r == 0)
        r = news_list(a, world->db, &world->editor, &f, &news);
    if (r == 0)
        r = programme_list(a, world->db, S("en"), &programmes);
    if (r == 0)
        r = view_countries(a, world->db, S("home:home"), &countries);
    return r;
}

static int read_sweep(void)
{
    return in_store(read);
}

static int draft(struct arena *a)
{
    int r = news_draft(a, world->db, &world->editor, world->demo.live_id, S("en"), T0);

    return r == ERR_CONFLICT ? 0 : r;
}

static int draft_sweep(void)
{
    return in_store(draft);
}

const struct sweep_row domain_sweeps[] = {
    {"parse", parse_sweep},     {"import_list", import_list_sweep},
    {"read", read_sweep},       {"import_record", import_record_sweep},
    {"draft", draft_sweep},
};
const size_t ndomain_sweeps = NELEM(domain_sweeps);
