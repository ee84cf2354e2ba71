/*
 * A seminar: the middle of the record. Texts by domain/text.h, people by domain/invitation.h, what
 * was agreed by domain/conclusion.h. Times are UTC; zone is the IANA name of the place it is
 * announced in.
 */
#ifndef DOMAIN_SEMINAR_H
#define DOMAIN_SEMINAR_H

#include "base/types.h"
#include "domain/org.h"

/*
 * planned ──▶ practice ──▶ live ──▶ ended ──▶ archived
 *    └───────────────────────▲        ▲ (an archived record can also be imported whole)
 * live also goes back to practice (begun by mistake). Stored by number: append only.
 */
enum seminar_state {
    SEMINAR_PLANNED = 1,
    SEMINAR_PRACTICE,
    SEMINAR_LIVE,
    SEMINAR_ENDED,
    SEMINAR_ARCHIVED,
};

enum network_policy { NETWORK_OPEN = 1, NETWORK_TCP_ONLY, NETWORK_HTTPS_ONLY };

/* What of the record is sample data and must be shown as such. */
enum seminar_sample {
    SAMPLE_TIME = 1 << 0,
    SAMPLE_DURATION = 1 << 1,
    SAMPLE_AGENDA = 1 << 2,
    SAMPLE_QUOTAS = 1 << 3,
};

enum { SEMINAR_LANGS = 12 };

struct seminar {
    int64_t id, programme_id;
    str slug;
    struct text title, short_title;
    str format;              /* "video conference" */
    str zone;                /* "Asia/Ashgabat" */
    usec starts_at;
    int minutes;
    str floor_lang;
    str lang[SEMINAR_LANGS]; /* in the order of the file */
    size_t nlangs;
    int policy;              /* enum network_policy */
    int state;               /* enum seminar_state */
    unsigned sample;         /* enum seminar_sample */
    bool is_demo;            /* the page says: not affiliated with those named; see policy */
    int64_t stage;           /* person on stage as last recorded; 0: nobody */
    usec live_at, ended_at;  /* when it really began and ended; 0: has not */
    int moves;               /* how often its time has changed since it was added */
};

struct seminar_list {
    struct seminar *row;
    size_t n;
};

struct seminar_in {
    str slug;
    int64_t programme_id;
    str format, zone, floor_lang;
    str lang[SEMINAR_LANGS];
    size_t nlangs;
    usec starts_at;
    int minutes, policy;
    unsigned sample;
    bool is_demo;
};

/* One line of the agenda. */
struct agenda_item {
    int64_t id;
    int place;        /* from 1 */
    str kind;         /* opening, test, talk, practice, exchange, closing, break */
    int minutes;
    usec starts_at;   /* computed from the seminar's beginning */
    struct text title;
    str slides;       /* a file's name; unset: none */
};

struct agenda {
    struct agenda_item *row;
    size_t n;
};

/* An invited organisation: its quota and what came of it. */
struct invited {
    struct org org;
    int quota;        /* 0: none was set */
    int ninvited, naccepted, ndeclined, nattended;
};

struct invited_list {
    struct invited *row;
    size_t n;
};

/* "planned", …; "?" outside the list. */
const char *seminar_state_name(int state);
/* "open", "tcp-only", "https-only". */
const char *network_policy_name(int policy);
int network_policy_parse(str name, int *ret_policy);

/* Lower-case Latin letters, digits, single '-' inside; 2 to 60 bytes. */
bool seminar_is_slug(str slug);

int seminar_by_id(struct arena *a, struct db *db, int64_t id, str lang, struct seminar *ret_s);
int seminar_by_slug(struct arena *a, struct db *db, str slug, str lang,
                    struct seminar *ret_seminar);
/* Newest beginning first; states is a set of 1 << SEMINAR_…, 0 means all. */
int seminar_list(struct arena *a, struct db *db, str lang, unsigned states,
                 struct seminar_list *ret_list);
int seminar_agenda(struct arena *a, struct db *db, const struct seminar *s, str lang,
                   struct agenda *ret_agenda);
/* The organisations are public; the counts are 0 unless who holds RIGHT_EVENT. */
int seminar_invited(struct arena *a, struct db *db, const struct actor *who,
                    const struct seminar *s, str lang, struct invited_list *ret_list);
/* And behind these, organisations without a quota whose people are invited. RIGHT_EVENT. */
int seminar_replies(struct arena *a, struct db *db, const struct actor *who,
                    const struct seminar *s, str lang, struct invited_list *ret_list);

/* ---- changes; RIGHT_EVENT, those of the room also by the host of that seminar ---- */
/* Adds in SEMINAR_PLANNED, or brings the one of this slug up to date (its state stays). */
int seminar_put(struct db *db, const struct actor *who, const struct seminar_in *in, usec now,
                int64_t *ret_id);
/* field: S("title") or S("short_title"). */
int seminar_text_put(struct db *db, const struct actor *who, int64_t id, str field,
                     const struct text_in *in, usec now);
/* Adds or replaces the line at item->place; gives its text's id, to put each language. */
int seminar_agenda_put(struct db *db, const struct actor *who, int64_t id,
                       const struct agenda_item *item, usec now, int64_t *ret_text_id);
/* This is no sample data any more: bits of enum seminar_sample. */
int seminar_sample_clear(struct db *db, const struct actor *who, int64_t id, unsigned sample,
                         usec now);
int seminar_invited_put(struct db *db, const struct actor *who, int64_t id, int64_t org_id,
                        int quota, usec now);
/* ERR_CONFLICT while somebody of it is invited. */
int seminar_invited_remove(struct db *db, const struct actor *who, int64_t id, int64_t org_id,
                           usec now);
/* ERR_STATE for a step not drawn above; the state it is in is fine. Ended: see attendance_ended. */
int seminar_state_set(struct db *db, const struct actor *who, int64_t id, int state, usec now);
/* person_id 0: nobody. ERR_NOT_FOUND for a person who is not invited. */
int seminar_stage_set(struct db *db, const struct actor *who, int64_t id, int64_t person_id,
                      usec now);

#endif
