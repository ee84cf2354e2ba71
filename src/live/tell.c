/*
 * Every message to a page is written here, once, in the order of docs/protocol.md. A message to
 * many is written once and sent to each.
 */
#include "live/room_i.h"

#include "base/err.h"
#include "base/str.h"
#include "domain/invitation.h"
#include "domain/seminar.h"
#include "live/network.h"
#include "media/turn.h"

static const struct {
    unsigned bit;
    const char *name;
} mays[] = {
    {MAY_LISTEN, "listen"}, {MAY_PUBLISH, "publish"}, {MAY_CAMERA, "camera"},
    {MAY_HAND, "hand"},     {MAY_CHAT, "chat"},       {MAY_HOST, "host"},
    {MAY_SLIDES, "slides"}, {MAY_INTERPRET, "interpret"},
};

static void send_one(struct client *c)
{
    const struct sb *b = &c->room->out;

    if (c->wire && !b->err)
        c->room->env->send(c->wire, sb_str(b));
}

static void send_all(struct room *r)
{
    struct client *c, *next;

    for (c = r->clients; c; c = next) {
        next = c->next;
        if (c->person && !room_is_waiting(r, c->person))
            send_one(c);
    }
}

static struct sb *begin(struct room *r, const char *type)
{
    sb_reset(&r->out);
    sb_printf(&r->out, "{\"type\":\"%s\"", type);
    return &r->out;
}

static void add_bool(struct sb *b, const char *key, bool value)
{
    sb_printf(b, ",\"%s\":%s", key, value ? "true" : "false");
}

static void add_may(struct sb *b, unsigned may)
{
    const char *comma = "";

    sb_c(b, "\"may\":[");
    for (size_t i = 0; i < NELEM(mays); i++) {
        if (!(may & mays[i].bit))
            continue;
        sb_printf(b, "%s\"%s\"", comma, mays[i].name);
        comma = ",";
    }
    sb_char(b, ']');
}

static void add_person(struct sb *b, const struct member *p)
{
    static const char *const lines[] = {"good", "poor", "bad"};

    sb_printf(b, "{\"id\":%lld,\"name\":", (long long)p->id);
    sb_json(b, str_c(p->name));
    sb_c(b, ",\"org\":");
    sb_json(b, str_c(p->org));
    sb_printf(b, ",\"role\":\"%s\",\"hand\":%llu", role_name(p->role),
              (unsigned long long)p->hand);
    add_bool(b, "mic", p->has_mic);
    add_bool(b, "camera", p->has_camera);
    add_bool(b, "muted", p->is_muted);
    add_bool(b, "away", p->is_away);
    sb_printf(b, ",\"line\":\"%s\"}", lines[p->line]);
}

int64_t tell_slot(const struct room *r, enum sfu_kind kind, int slot)
{
    if (!r->sfu_room)
        return 0;
    /* in practice only the backstage is told anything, and nothing is on air yet */
    return r->state == SEMINAR_PRACTICE ? sfu_room_backstage_slot(r->sfu_room, kind, slot)
                                        : sfu_room_slot(r->sfu_room, kind, slot);
}

static void add_slots(struct sb *b, const struct room *r, bool is_shown)
{
    sb_c(b, "\"audio\":[");
    for (int i = 0; i < CONTROL_AUDIO_SLOTS; i++)
        sb_printf(b, "%s%lld", i ? "," : "",
                  is_shown ? (long long)tell_slot(r, SFU_AUDIO, i) : 0LL);
    sb_c(b, "],\"video\":[");
    for (int i = 0; i < CONTROL_VIDEO_SLOTS; i++)
        sb_printf(b, "%s%lld", i ? "," : "",
                  is_shown ? (long long)tell_slot(r, SFU_VIDEO, i) : 0LL);
    sb_char(b, ']');
}

static void add_chat(struct sb *b, const struct memory_chat *m)
{
    sb_printf(b, "\"id\":%lld,\"person\":%lld,\"name\":", (long long)m->number,
              (long long)m->person);
    sb_json(b, str_c(m->name));
    sb_printf(b, ",\"at\":%lld,\"text\":", (long long)(m->at / USEC_S));
    sb_json(b, str_c(m->text));
}

/* Whom the booth hears: the floor, or another language (relay). */
static int relay_of(const struct room *r, int channel)
{
    const struct member *p = room_member(r, r->booth[channel].on_mic);

    return p ? p->channel : SFU_FLOOR;
}

/* Who waits learns which languages there are, and not who speaks them now. */
static void add_silent_channel(struct sb *b, const struct room *r, int channel)
{
    sb_printf(b,
              "{\"lang\":\"%s\",\"person\":0,\"speaking\":false,\"from\":\"\",\"mic\":0,"
              "\"booth\":[],\"asked\":0,\"ms\":0}",
              booth_lang(r, channel));
}

static void add_channel(struct sb *b, const struct room *r, int channel, usec now)
{
    const struct booth *booth = &r->booth[channel];
    const char *comma = "";
    bool is_speaking = false;
    int64_t person = sfu_room_channel(r->sfu_room, channel, r->state == SEMINAR_PRACTICE,
                                      &is_speaking);

    sb_printf(b, "{\"lang\":\"%s\",\"person\":%lld", booth_lang(r, channel), (long long)person);
    add_bool(b, "speaking", is_speaking);
    sb_printf(b, ",\"from\":\"%s\",\"mic\":%lld,\"booth\":[", booth_lang(r, relay_of(r, channel)),
              (long long)booth->on_mic);
    for (const struct member *p = r->people; p; p = p->next) {
        if (p->booth != channel)
            continue;
        sb_printf(b, "%s%lld", comma, (long long)p->id);
        comma = ",";
    }
    sb_printf(b, "],\"asked\":%lld,\"ms\":%lld}", (long long)booth->asked,
              booth->at > now ? (long long)((booth->at - now) / USEC_MS) : 0LL);
}

static void add_channels(struct sb *b, const struct room *r, bool is_shown, usec now)
{
    sb_c(b, "\"channels\":[");
    for (int i = 1; i <= r->nlangs; i++) {
        if (i > 1)
            sb_char(b, ',');
        if (is_shown)
            add_channel(b, r, i, now);
        else
            add_silent_channel(b, r, i);
    }
    sb_char(b, ']');
}

static void add_own_channel(struct sb *b, const struct room *r, const struct member *p)
{
    sb_printf(b, ",\"channel\":\"%s\",\"booth\":\"%s\"", booth_lang(r, p->channel),
              booth_lang(r, p->booth));
}

/* ---- what does not fit into one message ---- */

/* Of `welcome`, which names the decks, channels and the network besides: together about
 * ROOM_PIECE. */
enum { WELCOME_PEOPLE = 5120, WELCOME_CHAT = 2560 };
/* A row of the roster, a message: all but the texts. */
enum { PERSON_BYTES = 180, CHAT_BYTES = 100 };

/* As sb_json writes it at most. */
static size_t text_bytes(const char *s)
{
    size_t n = 0;

    for (; *s; s++)
        n += (unsigned char)*s < ' ' || *s == '"' || *s == '\\' || *s == '<' ? 6 : 1;
    return n;
}

static size_t person_bytes(const struct member *p)
{
    return PERSON_BYTES + text_bytes(p->name) + text_bytes(p->org);
}

/* NULL: lost before it was stored, or forgotten. */
static const struct memory_chat *chat_at(const struct room *r, int64_t number)
{
    const struct memory_chat *m = &r->chat[(number - 1) % MAX_CHAT_KEPT];

    return m->number == number ? m : NULL;
}

/* The first of the messages before `end` that have room together. */
static int64_t chat_from(const struct room *r, int64_t end, size_t bytes)
{
    while (end > roster_chat_first(r)) {
        const struct memory_chat *m = chat_at(r, end - 1);
        size_t n = m ? CHAT_BYTES + text_bytes(m->name) + text_bytes(m->text) : 0;

        if (n > bytes)
            break;
        bytes -= n;
        end--;
    }
    return end;
}

static void add_chats(struct sb *b, const struct room *r, int64_t from, int64_t end)
{
    const char *comma = "";

    for (int64_t i = from; i < end; i++) {
        const struct memory_chat *m = chat_at(r, i);

        if (!m)
            continue;
        sb_printf(b, "%s{", comma);
        add_chat(b, m);
        sb_char(b, '}');
        comma = ",";
    }
}

static bool is_due(const struct client *c, const struct member *p)
{
    return c->owed.due[p->number / 64] >> p->number % 64 & 1;
}

static void done_with(struct client *c, const struct member *p)
{
    c->owed.due[p->number / 64] &= ~(UINT64_C(1) << p->number % 64);
}

/* Everybody was told. */
static bool is_told(const struct client *c)
{
    for (int i = 0; i < ROOM_DUE; i++) {
        if (c->owed.due[i])
            return false;
    }
    return true;
}

/* And everything that was said. */
static bool is_all_told(const struct client *c)
{
    return is_told(c) && c->owed.chat_from <= roster_chat_first(c->room);
}

static bool is_in_slot(const struct room *r, int64_t person)
{
    for (int i = 0; i < CONTROL_AUDIO_SLOTS; i++) {
        if (tell_slot(r, SFU_AUDIO, i) == person)
            return true;
    }
    for (int i = 0; i < CONTROL_VIDEO_SLOTS; i++) {
        if (tell_slot(r, SFU_VIDEO, i) == person)
            return true;
    }
    return false;
}

/* Without whom a page cannot begin: 0 oneself and the stage, 1 who is heard, seen or leads, 2 the
 * others. */
static int rank_of(const struct client *c, const struct member *p)
{
    const struct room *r = c->room;

    if (p == c->person || p->id == r->stage)
        return 0;
    return p->id == r->speaker || (room_may(r, p) & MAY_HOST) || is_in_slot(r, p->id) ? 1 : 2;
}

/* Who goes into `welcome` is due no longer. */
static void choose_first(struct client *c)
{
    size_t left = WELCOME_PEOPLE;

    for (int rank = 0; rank <= 2; rank++) {
        for (const struct member *p = c->room->people; p; p = p->next) {
            size_t n = person_bytes(p);

            if (!is_due(c, p) || rank_of(c, p) != rank)
                continue;
            if (n > left)
                return;
            left -= n;
            done_with(c, p);
        }
    }
}

/* In the order of their coming. */
static void add_chosen(struct sb *b, const struct client *c)
{
    const char *comma = "";

    for (const struct member *p = c->room->people; p; p = p->next) {
        if (is_due(c, p))
            continue;
        sb_c(b, comma);
        add_person(b, p);
        comma = ",";
    }
}

/* The last members of `welcome`. */
static void add_first(struct sb *b, struct client *c, bool is_waiting)
{
    const struct room *r = c->room;
    bool is_whole = is_waiting;

    roster_owe(c);
    sb_c(b, ",\"people\":[");
    if (!is_waiting) {
        choose_first(c);
        add_chosen(b, c);
        c->owed.chat_from = chat_from(r, c->owed.chat_from, WELCOME_CHAT);
    }
    sb_c(b, "],\"chat\":[");
    if (!is_waiting) {
        add_chats(b, r, c->owed.chat_from, r->nchat + 1);
        is_whole = is_all_told(c);
        c->owed.is_whole = is_whole;
    }
    sb_char(b, ']');
    add_bool(b, "whole", is_whole);
}

static void add_decks(struct sb *b, const struct room *r, bool is_shown)
{
    sb_c(b, "\"decks\":[");
    for (unsigned i = 0; is_shown && i < r->ndecks; i++) {
        const struct room_deck *d = &r->deck[i];

        sb_printf(b, "%s{\"id\":%lld,\"of\":%d,\"name\":", i ? "," : "", (long long)d->id,
                  d->nslides);
        sb_json(b, str_c(d->name));
        sb_char(b, '}');
    }
    sb_char(b, ']');
}

/* The sessions that are still held: after a short break the page goes on using them. */
static void add_media(struct sb *b, const struct client *c)
{
    bool up = c->session[SFU_UP].peer, down = c->session[SFU_DOWN].peer;

    sb_printf(b, ",\"media\":[%s%s%s]", up ? "\"up\"" : "", up && down ? "," : "",
              down ? "\"down\"" : "");
}

/* How media may go: the rungs of the policy, and credentials for the last of them. */
static void add_network(struct sb *b, const struct room *r, int64_t person, usec now)
{
    unsigned ways = network_ways(r->policy);
    struct turn_cred cred = {.user = ""};
    const char *comma = "";

    sb_printf(b, "\"network\":{\"policy\":\"%s\",\"rungs\":[", network_policy_name(r->policy));
    for (int i = 0; i < RUNGS; i++) {
        if (!network_has_rung(r->policy, (enum rung)i, r->env->turn && r->env->has_tls))
            continue;
        sb_printf(b, "%s\"%s\"", comma, network_rung_name((enum rung)i));
        comma = ",";
    }
    if (r->env->turn)
        turn_issue(r->env->turn, person, now, &cred);
    sb_printf(b, "],\"turn\":{\"user\":\"%s\",\"password\":\"%s\",\"udp\":%u", cred.user,
              cred.password, ways & 1u << ADDR_TURN_UDP ? r->env->udp_port : 0);
    add_bool(b, "tcp", ways & 1u << ADDR_TURN_TCP);
    add_bool(b, "tls", r->env->has_tls);
    sb_c(b, "}},");
}

void tell_welcome(struct client *c, bool is_resumed, usec now)
{
    struct room *r = c->room;
    bool is_waiting = room_is_waiting(r, c->person);
    struct sb *b = begin(r, "welcome");

    sb_printf(b, ",\"version\":%d,\"you\":{\"id\":%lld,\"role\":\"%s\",", CONTROL_VERSION,
              (long long)c->person->id, role_name(c->person->role));
    add_may(b, room_may(r, c->person));
    add_bool(b, "waiting", is_waiting);
    add_bool(b, "resumed", is_resumed);
    add_own_channel(b, r, c->person);
    add_media(b, c);
    sb_printf(b,
              "},\"token\":\"%s\",\"resume\":\"%s\",\"seminar\":{\"id\":%lld,\"slug\":", c->token,
              c->resume, (long long)r->id);
    sb_json(b, str_c(r->slug));
    sb_c(b, "},");
    add_network(b, r, c->person->id, now);
    sb_printf(b, "\"state\":\"%s\",\"stage\":%lld,\"speaker\":%lld,\"slots\":{",
              seminar_state_name(r->state), is_waiting ? 0LL : (long long)r->stage,
              is_waiting ? 0LL : (long long)r->speaker);
    add_slots(b, r, !is_waiting);
    sb_c(b, "},");
    add_channels(b, r, !is_waiting, now);
    sb_printf(b, ",\"slide\":{\"deck\":%lld,\"number\":%d},",
              is_waiting ? 0LL : (long long)r->shown, is_waiting ? 0 : r->slide);
    add_decks(b, r, !is_waiting);
    add_bool(b, "locked", r->is_locked);
    add_first(b, c, is_waiting);
    sb_char(b, '}');
    send_one(c);
    roster_feed(c, now);
}

void tell_you(struct client *c)
{
    struct sb *b = begin(c->room, "you");

    sb_char(b, ',');
    add_may(b, room_may(c->room, c->person));
    add_bool(b, "muted", c->person->is_muted);
    add_own_channel(b, c->room, c->person);
    sb_char(b, '}');
    send_one(c);
}

void tell_error(struct client *c, int code, int type)
{
    const char *word = "syntax";
    struct sb *b = begin(c->room, "error");

    if (code == ERR_DENIED)
        word = "denied";
    else if (code == ERR_STATE || code == ERR_NOT_FOUND)
        word = "state";
    else if (code == ERR_RATE || code == ERR_FULL || code == ERR_MEM)
        word = "busy";
    sb_printf(b, ",\"code\":\"%s\",\"text\":\"room.error_%s\",\"of\":\"%s\"}", word, word,
              control_type_name(type));
    send_one(c);
}

void tell_wish(struct client *c, int height)
{
    sb_printf(begin(c->room, "wish"), ",\"height\":%d}", height);
    send_one(c);
}

void tell_line(struct client *c, enum sfu_line line)
{
    static const char *const pictures[] = {
        [SFU_LINE_FULL] = "all", [SFU_LINE_LESS] = "less", [SFU_LINE_VOICE] = "none"};

    sb_printf(begin(c->room, "line"), ",\"pictures\":\"%s\"}", pictures[line]);
    send_one(c);
}

void tell_pong(struct client *c, int64_t at)
{
    sb_printf(begin(c->room, "pong"), ",\"at\":%lld}", (long long)at);
    send_one(c);
}

void tell_state(struct client *c)
{
    sb_printf(begin(c->room, "state"), ",\"state\":\"%s\"}", seminar_state_name(c->room->state));
    send_one(c);
}

/* ---- the roster ---- */

static bool has_room(const struct sb *b, const struct member *p)
{
    return b->n + person_bytes(p) <= ROOM_PIECE;
}

/* Messages older than those of `welcome`, from the newest back; nothing while people are due. */
static void add_older(struct sb *b, struct client *c)
{
    int64_t end = c->owed.chat_from;

    sb_c(b, "],\"gone\":[],\"older\":[");
    if (c->owed.is_whole || !is_told(c))
        return;
    c->owed.chat_from = chat_from(c->room, end, ROOM_PIECE - b->n);
    add_chats(b, c->room, c->owed.chat_from, end);
}

void tell_rest(struct client *c)
{
    struct room *r = c->room;
    struct sb *b = begin(r, "roster");
    const char *comma = "";
    bool is_last;

    sb_c(b, ",\"put\":[");
    for (unsigned i = 0; i < MAX_ROOM_PEERS; i++) {
        unsigned number = (c->owed.at + i) % MAX_ROOM_PEERS;
        const struct member *p = r->by_number[number];

        if (!p || !is_due(c, p))
            continue;
        if (!has_room(b, p)) {
            c->owed.at = number;
            break;
        }
        sb_c(b, comma);
        add_person(b, p);
        done_with(c, p);
        comma = ",";
    }
    add_older(b, c);
    is_last = !c->owed.is_whole && is_all_told(c);
    c->owed.is_whole |= is_last;
    sb_char(b, ']');
    add_bool(b, "whole", is_last);
    sb_char(b, '}');
    send_one(c);
}

/* To all whose line takes it; the others are owed these people. */
static void send_roster(struct room *r, const uint64_t people[static ROOM_DUE], usec now)
{
    struct client *c, *next;

    for (c = r->clients; c; c = next) {
        next = c->next;
        if (roster_takes(c, people, now))
            send_one(c);
    }
}

void tell_roster(struct room *r, usec now)
{
    struct member *p = r->people;

    while (p) {
        struct sb *b = begin(r, "roster");
        uint64_t people[ROOM_DUE] = {0};
        const char *comma = "";

        sb_c(b, ",\"put\":[");
        for (; p && (!p->is_dirty || has_room(b, p)); p = p->next) {
            if (!p->is_dirty)
                continue;
            sb_c(b, comma);
            add_person(b, p);
            p->is_dirty = false;
            people[p->number / 64] |= UINT64_C(1) << p->number % 64;
            comma = ",";
        }
        sb_c(b, "],\"gone\":[],\"older\":[],\"whole\":false}");
        if (*comma)
            send_roster(r, people, now);
    }
}

/* Numbers alone: whoever left is told to all, at once. */
void tell_gone(struct room *r)
{
    for (unsigned i = 0; i < r->ngone;) {
        struct sb *b = begin(r, "roster");
        const char *comma = "";

        sb_c(b, ",\"put\":[],\"gone\":[");
        for (; i < r->ngone && b->n < ROOM_PIECE - PERSON_BYTES; i++) {
            sb_printf(b, "%s%lld", comma, (long long)r->gone[i]);
            comma = ",";
        }
        sb_c(b, "],\"older\":[],\"whole\":false}");
        send_all(r);
    }
    r->ngone = 0;
}

void tell_slots(struct room *r)
{
    struct sb *b = begin(r, "slots");

    sb_char(b, ',');
    add_slots(b, r, true);
    sb_char(b, '}');
    send_all(r);
}

void tell_channels(struct room *r, usec now)
{
    struct sb *b = begin(r, "channels");

    sb_char(b, ',');
    add_channels(b, r, true, now);
    sb_char(b, '}');
    send_all(r);
}

void tell_blind(struct room *r)
{
    struct sb *b = begin(r, "blind");

    sb_c(b, ",\"persons\":[");
    for (unsigned i = 0; i < r->nblind; i++)
        sb_printf(b, "%s%lld", i ? "," : "", (long long)r->blind[i]);
    sb_c(b, "]}");
    for (struct client *c = r->clients; c; c = c->next) {
        if (c->person && (c->person->id == r->stage || (room_may(r, c->person) & MAY_HOST)))
            send_one(c);
    }
}

static bool is_to_hear(const struct room *r, const struct member *p)
{
    return p->id == r->stage || p->id == r->speaker || (room_may(r, p) & MAY_HOST);
}

void tell_signal(struct room *r, const struct member *by, enum control_signal what)
{
    struct sb *b = begin(r, "signal");

    sb_printf(b, ",\"what\":\"%s\",\"person\":%lld,\"name\":", control_signal_name(what),
              (long long)by->id);
    sb_json(b, str_c(by->name));
    sb_printf(b, ",\"lang\":\"%s\"}", booth_lang(r, by->booth));
    for (struct client *c = r->clients; c; c = c->next) {
        if (c->person && is_to_hear(r, c->person))
            send_one(c);
    }
}

void tell_speaker(struct room *r)
{
    sb_printf(begin(r, "speaker"), ",\"person\":%lld}", (long long)r->speaker);
    send_all(r);
}

void tell_stage(struct room *r)
{
    sb_printf(begin(r, "stage"), ",\"person\":%lld}", (long long)r->stage);
    send_all(r);
}

void tell_slide(struct room *r, int64_t by)
{
    sb_printf(begin(r, "slide"), ",\"deck\":%lld,\"number\":%d,\"person\":%lld}",
              (long long)r->shown, r->slide, (long long)by);
    send_all(r);
}

void tell_decks(struct room *r)
{
    struct sb *b = begin(r, "decks");

    sb_char(b, ',');
    add_decks(b, r, true);
    sb_char(b, '}');
    send_all(r);
}

void tell_lock(struct room *r)
{
    struct sb *b = begin(r, "lock");

    add_bool(b, "on", r->is_locked);
    sb_char(b, '}');
    send_all(r);
}

void tell_chat(struct room *r, const struct memory_chat *m)
{
    struct sb *b = begin(r, "chat");

    sb_char(b, ',');
    add_chat(b, m);
    sb_char(b, '}');
    send_all(r);
}
