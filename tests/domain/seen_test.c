/*
 * What the map of the site says of seminars, programmes, kits and contacts: what readers see moves
 * it, what they do not see and saves without a change leave it where it is.
 */
#include "suite.h"

#include "domain/contact.h"
#include "domain/contact_change.h"
#include "domain/kit.h"
#include "domain/org.h"
#include "domain/programme.h"
#include "domain/seen.h"
#include "domain/seminar_agenda.h"
#include "domain/seminar_copy.h"

#define LIVE_AT(w) ((int)(world_seen_at(w, "s", DEMO_LIVE_SLUG) - T0))

static struct agenda_item line(struct world *w, int place)
{
    struct seminar s = world_live(w);
    struct agenda l;

    assert_int_equal(seminar_agenda(w->a, w->db, &s, S("en"), &l), 0);
    return l.row[place - 1];
}

static void lines_of_the_agenda(void **state)
{
    struct world *w = *state;
    struct agenda_item item = line(w, 2);
    int64_t id = w->demo.live_id, text_id;

    assert_true(LIVE_AT(w) <= 0);
    assert_int_equal(seminar_agenda_put(w->db, &w->event, id, &item, T0 + 1, &text_id), 0);
    item.slides = S("other.pdf");
    assert_int_equal(seminar_agenda_put(w->db, &w->event, id, &item, T0 + 2, &text_id), 0);
    assert_int_equal(seminar_agenda_move(w->db, &w->event, id, item.id, 2, T0 + 3), 0);
    assert_int_equal(seminar_agenda_move(w->db, &w->event, id, item.id, 99, T0 + 3), ERR_RANGE);
    assert_int_equal(seminar_agenda_remove(w->db, &w->event, id, 9999, T0 + 3), ERR_NOT_FOUND);
    assert_int_equal(seminar_agenda_remove(w->db, &w->editor, id, item.id, T0 + 3), ERR_DENIED);
    assert_true(LIVE_AT(w) <= 0);

    item.minutes++;
    assert_int_equal(seminar_agenda_put(w->db, &w->event, id, &item, T0 + 4, &text_id), 0);
    assert_int_equal(LIVE_AT(w), 4);
    assert_int_equal(seminar_agenda_move(w->db, &w->event, id, item.id, 1, T0 + 5), 0);
    assert_int_equal(LIVE_AT(w), 5);
    assert_int_equal(seminar_agenda_remove(w->db, &w->event, id, item.id, T0 + 6), 0);
    assert_int_equal(LIVE_AT(w), 6);
    item.place = 8;
    assert_int_equal(seminar_agenda_put(w->db, &w->event, id, &item, T0 + 7, &text_id), 0);
    assert_int_equal(LIVE_AT(w), 7);
}

static void who_is_invited(void **state)
{
    struct world *w = *state;
    struct seminar s = world_live(w);
    struct invited_list l;
    struct org_in org = {.slug = S("new-org"), .kind = ORG_NGO};
    int64_t org_id;

    assert_int_equal(seminar_invited(w->a, w->db, &w->event, &s, S("en"), &l), 0);
    assert_int_equal(
        seminar_invited_put(w->db, &w->event, s.id, l.row[0].org.id, 77, T0 + 1), 0);
    assert_true(world_count(w, "SELECT count(*) FROM quotas WHERE quota = 77") == 1);
    assert_true(LIVE_AT(w) <= 0);
    assert_int_equal(org_put(w->db, &w->event, &org, T0, &org_id), 0);
    assert_int_equal(seminar_invited_put(w->db, &w->event, s.id, org_id, 2, T0 + 2), 0);
    assert_int_equal(LIVE_AT(w), 2);
    assert_int_equal(seminar_invited_remove(w->db, &w->event, s.id, org_id, T0 + 3), 0);
    assert_int_equal(LIVE_AT(w), 3);
    assert_int_equal(
        seminar_invited_remove(w->db, &w->event, s.id, org_id, T0 + 4), ERR_CONFLICT);
    assert_int_equal(LIVE_AT(w), 3);
}

static struct seminar_in as_it_is(const struct seminar *s)
{
    struct seminar_in in = {.slug = s->slug, .programme_id = s->programme_id,
                            .format = s->format, .zone = s->zone, .floor_lang = s->floor_lang,
                            .nlangs = s->nlangs, .starts_at = s->starts_at,
                            .minutes = s->minutes, .policy = s->policy, .sample = s->sample,
                            .is_demo = s->is_demo};

    for (size_t i = 0; i < s->nlangs; i++)
        in.lang[i] = s->lang[i];
    return in;
}

static void its_frame(void **state)
{
    struct world *w = *state;
    struct seminar s = world_live(w);
    struct seminar_in in = as_it_is(&s);
    int64_t id;

    assert_int_equal(seminar_put(w->db, &w->event, &in, T0 + 1, &id), 0);
    in.policy = s.policy == NETWORK_OPEN ? NETWORK_TCP_ONLY : NETWORK_OPEN;
    assert_int_equal(seminar_put(w->db, &w->event, &in, T0 + 2, &id), 0);
    assert_int_equal(seminar_stage_set(w->db, &actor_server, s.id, 0, T0 + 3), 0);
    assert_true(LIVE_AT(w) <= 0);
    in.starts_at += USEC_S;
    assert_int_equal(seminar_put(w->db, &w->event, &in, T0 + 4, &id), 0);
    assert_int_equal(LIVE_AT(w), 4);
    assert_int_equal(seminar_put(w->db, &w->event, &in, T0 + 5, &id), 0);
    assert_int_equal(LIVE_AT(w), 4);
    in.sample |= SAMPLE_AGENDA;
    assert_int_equal(seminar_put(w->db, &w->event, &in, T0 + 6, &id), 0);
    assert_int_equal(seminar_sample_clear(w->db, &w->event, s.id, SAMPLE_AGENDA, T0 + 7), 0);
    assert_int_equal(LIVE_AT(w), 7);
    assert_int_equal(seminar_sample_clear(w->db, &w->event, s.id, SAMPLE_AGENDA, T0 + 8), 0);
    assert_int_equal(LIVE_AT(w), 7);
}

static int programme_at(struct world *w, int64_t id)
{
    usec at;

    assert_int_equal(seen_programme(w->db, id, &at), 0);
    return at < T0 ? 0 : (int)(at - T0);
}

static void programmes(void **state)
{
    struct world *w = *state;
    struct programme p;
    struct programme_in in;
    int64_t id, orgs[2] = {1, 2};
    usec at;

    assert_int_equal(programme_by_id(w->a, w->db, 1, S("en"), &p), 0);
    in = (struct programme_in){.slug = p.slug, .kind = p.kind, .region = p.region, .from = p.from,
                               .to = p.to, .convener_id = p.convener.id, .donor_id = p.donor.id,
                               .is_period_sample = p.is_period_sample};
    assert_int_equal(programme_put(w->db, &w->event, &in, T0 + 1, &id), 0);
    assert_int_equal(programme_at(w, 1), 0);
    in.region = S("TM");
    assert_int_equal(programme_put(w->db, &w->event, &in, T0 + 2, &id), 0);
    assert_int_equal(programme_at(w, 1), 2);
    assert_int_equal(programme_partners_put(w->db, &w->event, 1, orgs, 2, T0 + 3), 0);
    assert_int_equal(programme_at(w, 1), 3);
    assert_int_equal(programme_partners_put(w->db, &w->event, 1, orgs, 2, T0 + 4), 0);
    assert_int_equal(programme_partners_put(w->db, &w->editor, 1, orgs, 0, T0 + 4), ERR_DENIED);
    assert_int_equal(programme_at(w, 1), 3);
    assert_int_equal(programme_partners_put(w->db, &w->event, 1, &orgs[1], 1, T0 + 5), 0);
    assert_int_equal(programme_at(w, 1), 5);
    assert_true(world_count(w, "SELECT group_concat(org_id) FROM programme_partners"
                               " WHERE programme_id = 1") == 2);
    assert_int_equal(org_name_put(w->db, &w->event, 2, S("en"), S("Another"), T0 + 6), 0);
    assert_int_equal(programme_at(w, 1), 6);
    assert_int_equal(programme_title_put(w->db, &w->event, 1, S("en"), S("Other"), T0 + 7), 0);
    assert_int_equal(programme_at(w, 1), 7);
    assert_int_equal(seen_programme(w->db, 99, &at), ERR_NOT_FOUND);
}

/* A seminar that comes, goes to another programme, or is deleted. */
static void seminars_of_programmes(void **state)
{
    struct world *w = *state;
    struct seminar s = world_live(w);
    struct seminar_in in = as_it_is(&s);
    struct programme_in other = {.slug = S("other"), .region = S("TM")};
    int64_t id, other_id;

    assert_int_equal(programme_put(w->db, &w->event, &other, T0 + 1, &other_id), 0);
    assert_int_equal(programme_at(w, other_id), 1);
    in.slug = S("one-more");
    assert_int_equal(seminar_put(w->db, &w->event, &in, T0 + 2, &id), 0);
    assert_int_equal(programme_at(w, in.programme_id), 2);
    in.programme_id = other_id;
    assert_int_equal(seminar_put(w->db, &w->event, &in, T0 + 3, &id), 0);
    assert_int_equal(programme_at(w, s.programme_id), 3);
    assert_int_equal(programme_at(w, other_id), 3);
    assert_int_equal(seminar_put(w->db, &w->event, &in, T0 + 4, &id), 0);
    assert_int_equal(seminar_remove(w->a, w->db, &w->editor, id, T0 + 4), ERR_DENIED);
    assert_int_equal(programme_at(w, other_id), 3);
    assert_int_equal(seminar_remove(w->a, w->db, &w->event, id, T0 + 5), 0);
    assert_int_equal(programme_at(w, other_id), 5);
    assert_int_equal(programme_at(w, s.programme_id), 3);
}

static int kit_at(struct world *w, int64_t id)
{
    usec at;

    assert_int_equal(seen_kit(w->db, id, &at), 0);
    return at < T0 ? 0 : (int)(at - T0);
}

static void kit_shown(struct world *w, int64_t id, bool is_shown, usec now)
{
    const struct kit_ask ask = {.slug = S("later"), .lang = S("en"), .now = now};
    struct kit k;

    assert_int_equal(kit_by_slug(w->a, w->db, &w->editor, &ask, &k), 0);
    assert_int_equal(k.id, id);
    k.is_shown = is_shown;
    assert_int_equal(kit_save(w->db, &w->editor, &k, now), 0);
}

/* A quotation that nobody has cleared is not there for readers. */
static void kits(void **state)
{
    struct world *w = *state;
    const struct kit_item_in fact = {.kind = KIT_FACT, .source = S("https://x.example/")};
    const struct kit_item_in quote = {.kind = KIT_QUOTE, .credit = S("Somebody")};
    struct text_in t = {.lang = S("en"), .body = S("Words."), .revision = -1};
    int64_t id, fact_id, quote_id, other_id;
    usec at;

    assert_int_equal(kit_add(w->db, &w->editor, S("later"), false, T0, &id), 0);
    assert_int_equal(kit_at(w, id), 0);
    assert_int_equal(kit_text_put(w->db, &w->editor, id, KIT_TITLE, &t, T0 + 1), 0);
    assert_int_equal(kit_at(w, id), 1);
    assert_int_equal(kit_item_add(w->db, &w->editor, id, &fact, T0, &fact_id), 0);
    assert_int_equal(kit_item_text_put(w->db, &w->editor, fact_id, &t, T0 + 2), 0);
    assert_int_equal(kit_at(w, id), 2);
    assert_int_equal(kit_item_add(w->db, &w->editor, id, &quote, T0, &quote_id), 0);
    assert_int_equal(kit_item_text_put(w->db, &w->editor, quote_id, &t, T0 + 3), 0);
    assert_int_equal(kit_at(w, id), 2);
    assert_int_equal(kit_item_clear(w->db, &w->editor, quote_id, S("Somebody"), -1, T0 + 4), 0);
    assert_int_equal(kit_at(w, id), 4);
    assert_int_equal(kit_text_put(w->db, &w->editor, id, KIT_TITLE, &t, T0 + 5), 0);
    assert_int_equal(kit_at(w, id), 4);
    kit_shown(w, id, false, T0 + 6); /* as it was */
    assert_int_equal(kit_at(w, id), 4);
    kit_shown(w, id, true, T0 + 7);
    assert_int_equal(kit_at(w, id), 7);
    assert_int_equal(kit_item_add(w->db, &w->editor, id, &quote, T0, &other_id), 0);
    assert_int_equal(kit_item_remove(w->db, &w->editor, other_id, T0 + 8), 0);
    assert_int_equal(kit_at(w, id), 7);
    assert_int_equal(kit_item_remove(w->db, &w->editor, quote_id, T0 + 9), 0);
    assert_int_equal(kit_at(w, id), 9);
    assert_int_equal(kit_item_remove(w->db, &w->editor, fact_id, T0 + 10), 0);
    assert_int_equal(kit_at(w, id), 10);
    assert_int_equal(seen_kit(w->db, 99, &at), ERR_NOT_FOUND);
}

static int look_away(void *ctx, str bytes)
{
    (void)ctx;
    (void)bytes;
    return 0;
}

static void clip_ends(struct world *w, int fault, usec now)
{
    struct clip_made made = {.width = 9, .height = 9, .bytes = S("film")};
    struct clip c;

    clip_sum(&made);
    assert_int_equal(clip_next(w->db, &actor_server, 0, look_away, NULL, &c), 0);
    assert_int_equal(clip_end(w->db, &actor_server, c.id, fault, &made, now), 0);
}

/* A clip is there for readers when it is agreed to and made, whichever comes last. */
static void clips_of_kits(void **state)
{
    static const struct kit_item_in film = {
        .kind = KIT_CLIP, .credit = S("Us"), .bytes = S("0000ftypisom")};
    struct world *w = *state;
    struct text_in t = {.lang = S("en"), .body = S("A road."), .revision = -1};
    int64_t id, first, second, third;

    assert_int_equal(kit_add(w->db, &w->editor, S("films"), false, T0, &id), 0);
    assert_int_equal(kit_text_put(w->db, &w->editor, id, KIT_TITLE, &t, T0 + 1), 0);
    assert_int_equal(kit_item_add(w->db, &w->editor, id, &film, T0, &first), 0);
    assert_int_equal(kit_item_text_put(w->db, &w->editor, first, &t, T0 + 2), 0);
    assert_int_equal(kit_item_clear(w->db, &w->editor, first, S("Us"), -1, T0 + 3), 0);
    assert_int_equal(kit_at(w, id), 1); /* it waits */
    clip_ends(w, CLIP_FINE, T0 + 4);
    assert_int_equal(kit_at(w, id), 4);

    assert_int_equal(kit_item_add(w->db, &w->editor, id, &film, T0, &second), 0);
    assert_int_equal(kit_item_text_put(w->db, &w->editor, second, &t, T0 + 5), 0);
    clip_ends(w, CLIP_FINE, T0 + 6);
    assert_int_equal(kit_at(w, id), 4); /* nobody has agreed */
    assert_int_equal(kit_item_clear(w->db, &w->editor, second, S("Us"), -1, T0 + 7), 0);
    assert_int_equal(kit_at(w, id), 7);

    assert_int_equal(kit_item_add(w->db, &w->editor, id, &film, T0, &third), 0);
    assert_int_equal(kit_item_text_put(w->db, &w->editor, third, &t, T0 + 8), 0);
    assert_int_equal(kit_item_clear(w->db, &w->editor, third, S("Us"), -1, T0 + 9), 0);
    t.body = S("A path.");
    t.revision = -1;
    assert_int_equal(kit_item_text_put(w->db, &w->editor, third, &t, T0 + 10), 0);
    assert_int_equal(kit_item_clear(w->db, &w->editor, third, S("Us"), -1, T0 + 10), 0);
    assert_int_equal(kit_at(w, id), 7);
    clip_ends(w, CLIP_BROKEN, T0 + 10);
    assert_int_equal(kit_item_remove(w->db, &w->editor, third, T0 + 11), 0);
    assert_int_equal(kit_at(w, id), 7);
    assert_int_equal(kit_item_remove(w->db, &w->editor, second, T0 + 12), 0);
    assert_int_equal(kit_at(w, id), 12);
}

/* An embargo that is taken away early opens the kit at that moment. */
static void embargo_taken_away(void **state)
{
    struct world *w = *state;
    struct kit k = {.is_shown = true, .revision = 1, .opens_at = T0 + USEC_DAY};

    assert_int_equal(kit_add(w->db, &w->editor, S("early"), false, T0, &k.id), 0);
    assert_int_equal(kit_save(w->db, &w->editor, &k, T0 + 1), 0);
    k.revision++;
    k.opens_at = 0;
    assert_int_equal(kit_save(w->db, &w->editor, &k, T0 + 2), 0);
    assert_int_equal(kit_at(w, k.id), 2);
    k.revision++;
    assert_int_equal(kit_save(w->db, &w->editor, &k, T0 + 3), 0); /* nothing is another */
    assert_int_equal(kit_at(w, k.id), 2);
    k.revision++;
    k.opens_at = T0 - USEC_DAY;
    assert_int_equal(kit_save(w->db, &w->editor, &k, T0 + 4), 0);
    assert_int_equal(kit_at(w, k.id), 4);
}

static usec contact_at(struct world *w, int64_t *ret_id, usec now)
{
    const struct contact_ask ask = {.slug = S("sample-shelter"), .lang = S("en"), .now = now};
    struct contact c;

    assert_int_equal(contact_by_slug(w->a, w->db, &w->editor, &ask, &c), 0);
    *ret_id = c.id;
    return contact_seen_at(&c, now);
}

/* A check is seen, and that it has become too old. */
static void contacts(void **state)
{
    struct world *w = *state;
    const struct contact_check check = {.result = CONTACT_ANSWERED, .by = S("A"), .at = T0};
    const struct text_in t = {.lang = S("en"), .body = S("Another name"), .revision = -1};
    const usec old = T0 + CONTACT_WARN_DAYS * USEC_DAY;
    unsigned added;
    int64_t id;

    assert_int_equal(contact_import(w->a, w->db, &w->editor, world_file(w, "contacts.json"),
                                    T0 - USEC_DAY, &added), 0);
    assert_true(contact_at(w, &id, T0 + 1) <= T0);
    assert_int_equal(contact_try(w->db, &w->editor, id, &check, T0 + 2), 0);
    assert_true(contact_at(w, &id, T0 + 9) == T0 + 2);
    assert_int_equal(contact_text_put(w->db, &w->editor, id, CONTACT_NAME, &t, T0 + 3), 0);
    assert_int_equal(contact_text_put(w->db, &w->editor, id, CONTACT_NAME, &t, T0 + 4), 0);
    assert_true(contact_at(w, &id, T0 + 9) == T0 + 3);
    assert_true(contact_at(w, &id, old + 9) == old);
}

static const struct CMUnitTest tests[] = {
    ROW(lines_of_the_agenda), ROW(who_is_invited), ROW(its_frame), ROW(programmes),
    ROW(seminars_of_programmes), ROW(kits), ROW(clips_of_kits),
    ROW(embargo_taken_away), ROW(contacts)};

SUITE(seen);
