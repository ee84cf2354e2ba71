/*
 * Who was in the room, when: one interval per connection, written as it happens. An open interval
 * carries the time it was last seen (every 15 s), so a crash loses at most that. A person's time is
 * the union of all intervals: two devices are not counted twice, and a gap of up to 60 s (a reload,
 * a dead spot) is not counted as absence.
 */
#ifndef DOMAIN_ATTENDANCE_H
#define DOMAIN_ATTENDANCE_H

#include "base/types.h"
#include "domain/text.h"

struct actor;
struct arena;
struct db;
struct seminar;

#define ATTENDANCE_GAP_US (60 * USEC_S)
#define ATTENDANCE_SEEN_US (15 * USEC_S)
/* A room that nobody is in for this long has ended; who is in it for less has only looked in. */
#define ATTENDANCE_EMPTY_US (15 * 60 * USEC_S)
/* What nobody is in for less is a break: lunch, a power cut. */
#define ATTENDANCE_BREAK_US (2 * 3600 * USEC_S)

struct attendance {
    int64_t person_id, org_id;
    str shown;             /* name or function; of protected people the function alone */
    struct text org;       /* unset: a protected person's */
    int role;
    usec first_at, last_at; /* of the person's first and last moment */
    int kind, sex, age;     /* enum org_kind; domain/person.h */
    str country, lang;      /* country unset: not stated */
    usec measured_us;       /* union of intervals inside the time it was live */
    int correction;         /* minutes that the organiser has added or taken off */
    usec present_us;        /* both together, never over the time it was live */
    int share_percent;      /* of the time it was live, 0-100 */
    int nparts;             /* intervals after joining */
    bool is_present;        /* at this moment */
};

struct attendance_list {
    struct attendance *row;
    size_t n;
    usec from_at, to_at;    /* the time that shares are of */
};

/*
 * Adds [from, to) pieces up; exposed for tests and for rooms: sorts `at` by from, joins gaps up to
 * gap_us, returns the sum.
 */
struct interval { usec from, to; };
usec attendance_sum(struct interval *at, size_t n, usec gap_us, size_t *ret_nparts);

/*
 * The room's record; called on the store thread by the server itself (actor_server). connection is
 * a number that the room never uses twice (random 63 bits); a second join with the same number
 * changes nothing.
 */
int attendance_join(struct db *db, const struct actor *who, int64_t seminar_id, int64_t person_id,
                    int64_t connection, usec now);
/* Unknown and closed connections change nothing. */
int attendance_seen(struct db *db, const struct actor *who, const int64_t *connections, size_t n,
                    usec now);
int attendance_left(struct db *db, const struct actor *who, int64_t connection, usec now);
/* The room has closed: every open interval ends. */
int attendance_close(struct db *db, const struct actor *who, int64_t seminar_id, usec now);
/* At the start of the program: what a crash left open ends when it was last seen. */
int attendance_recover(struct db *db, const struct actor *who);

/* Is nobody in the room? What was seen a moment ago is there. */
int attendance_is_empty(struct db *db, int64_t seminar_id, usec now, bool *ret_is_empty);
/*
 * When a seminar that is ended `now` was over: `now`, or the last moment before its room was empty
 * for ATTENDANCE_EMPTY_US up to now. Where "End" was forgotten, somebody comes back for it a day
 * later, and shares would be of that day: then it is the last moment before ATTENDANCE_BREAK_US of
 * nobody, when people were there for less than ATTENDANCE_EMPTY_US in all that is behind.
 */
int attendance_ended(struct db *db, int64_t seminar_id, usec live_at, usec now, usec *ret_at);

/*
 * Per person, by organisation and role, protected people behind all; names of organisations in the
 * language that s->title was read in. RIGHT_EVENT.
 */
int attendance_list(struct arena *a, struct db *db, const struct actor *who,
                    const struct seminar *s, usec now, struct attendance_list *ret_list);
/* A correction, with its reason: it is added to a log that nobody can change. */
struct attendance_fix {
    int64_t person_id;
    int minutes;  /* added; below 0: taken off */
    str reason;   /* 1 to MAX_REASON_BYTES */
    str shown;    /* when read: the person */
    str by;       /* when read: the account; unset: the server */
    usec at;      /* when read */
};

struct attendance_fix_list {
    struct attendance_fix *row;
    size_t n;
};

/* ERR_RANGE: no reason, no minutes, more than a day; ERR_NOT_FOUND: never came. RIGHT_EVENT. */
int attendance_correct(struct db *db, const struct actor *who, int64_t seminar_id,
                       const struct attendance_fix *fix, usec now);
/* Oldest first. RIGHT_EVENT. */
int attendance_fixes(struct arena *a, struct db *db, const struct actor *who, int64_t seminar_id,
                     struct attendance_fix_list *ret_list);
/* Has anybody been recorded? (Of an imported record nobody has; texts then say "invited".) */
int attendance_any(struct db *db, int64_t seminar_id, bool *ret_any);

#endif
