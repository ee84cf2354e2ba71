/*
 * Certificates of attendance. The rule is the seminar's: a share of the time on air, and the
 * post-test where it asks for it. Who has earned one takes it (or the organiser issues it); it is
 * found by its code alone, and what was printed is kept as it was. A certificate is never changed:
 * it is revoked with a reason, and another may be issued in its place. The one that was replaced
 * does not point to the new one: a person may have had reasons to change the name.
 */
#ifndef DOMAIN_CERTIFICATE_H
#define DOMAIN_CERTIFICATE_H

#include "base/types.h"

struct actor;
struct arena;
struct attendance_list;
struct db;
struct seminar;

enum { CERTIFICATE_PERCENT = 85, CERTIFICATE_CODE = 20, CERTIFICATE_CODE_TEXT = 24 };

struct certificate_rule {
    int percent;
    bool needs_post;
};

/* Who says that the name is this one. In JSON as the words of certificate_name_by. */
enum certificate_name {
    NAME_OF_RECORD,
    NAME_OF_HOLDER,
    NAME_OF_ORGANISER,
    NAME_PSEUDONYM,
    NAME_ERASED /* it was there; nobody finds the certificate by its code any more */
};

/* Every field that is printed. */
struct certificate_print {
    str name;                              /* empty: a protected person without a function */
    int name_by;                           /* enum certificate_name */
    str org;                               /* empty: not printed (a protected person) */
    str title, programme, convener, donor; /* empty: none */
    usec held_at;          /* a moment of the day it was held */
    str zone;              /* that it was announced in */
    int minutes;        /* that it was on air */
    int present, share; /* minutes and percent of them */
    int percent;        /* that the rule asked for */
    bool has_post;      /* the post-test was answered */
    bool is_sample;     /* of a demonstration: certifies nothing */
};

struct certificate {
    int64_t id, seminar_id, person_id;
    str code; /* 20 characters */
    str lang;
    struct certificate_print print;
    usec issued_at, revoked_at; /* revoked_at 0: valid */
    str reason;
    bool is_replaced;
};

struct certificate_list {
    struct certificate *row;
    size_t n;
};

/* Where a person stands. */
struct certificate_claim {
    struct certificate_rule rule;
    int share;
    bool was_there, has_post;
    bool is_over; /* the seminar has ended: the share is final */
    bool is_earned;
    bool is_protected;              /* printed under the function alone; no name is asked for */
    bool has_name;                  /* the record knows the name; it is not asked for */
    bool is_taken_back;             /* the last one was revoked, and none came in its place */
    struct certificate certificate; /* id 0: none that is valid */
};

/* "record", "holder", "organiser", "pseudonym", "erased". */
const char *certificate_name_by(int name_by);
/* "ABCDE-…" → 20 characters as stored, whatever case and hyphens; ERR_NOT_FOUND. */
int certificate_code_parse(str text, char to[static CERTIFICATE_CODE + 1]);
/* In groups of five, as people type it. */
void certificate_code_show(str code, char to[static CERTIFICATE_CODE_TEXT]);

/* That of the house where the seminar has none of its own. */
int certificate_rule(struct db *db, int64_t seminar_id, struct certificate_rule *ret_rule);
/* RIGHT_EVENT. ERR_RANGE. Certificates that were issued stay. */
int certificate_rule_set(struct db *db, const struct actor *who, int64_t seminar_id,
                         const struct certificate_rule *rule, usec now);

/* Whose, of which seminar. */
struct certificate_order {
    const struct seminar *s;
    int64_t person_id;
    str name; /* as the holder wants it; only certificate_issue looks at it */
    const struct attendance_list *came; /* who claims for many reads it once; NULL: it is read */
};

/* One's own, or RIGHT_EVENT. */
int certificate_claim(struct arena *a, struct db *db, const struct actor *who,
                      const struct certificate_order *of, usec now,
                      struct certificate_claim *ret_claim);
/*
 * One's own by the rule, or RIGHT_EVENT by the same rule. name is used where the record knows none
 * and the person is not protected; empty: the function. ERR_STATE: not over, not earned, or taken
 * back: only certificate_reissue gives another then. ERR_CONFLICT: a valid one is there; ERR_RANGE:
 * no name at all; ERR_TOO_BIG.
 */
int certificate_issue(struct arena *a, struct db *db, const struct actor *who,
                      const struct certificate_order *order, usec now, int64_t *ret_id);
/* To all who have earned one and had none. RIGHT_EVENT. */
int certificate_issue_all(struct arena *a, struct db *db, const struct actor *who,
                          const struct seminar *s, usec now, int64_t *ret_n);
/* RIGHT_EVENT. ERR_RANGE without a reason, ERR_STATE: revoked already. */
int certificate_revoke(struct db *db, const struct actor *who, int64_t id, str reason, usec now);
/* Another in its place, with the same fields and this name. RIGHT_EVENT. ERR_STATE: erased, or
 * another came in its place already. */
struct certificate_change {
    int64_t id;
    str name;
};
int certificate_reissue(struct arena *a, struct db *db, const struct actor *who,
                        const struct certificate_change *to, usec now, int64_t *ret_id);

/*
 * Takes name and organisation out of certificates, and the words of their revocation, and gives
 * them another code: what stays is counted, and found by nobody. Of one person; or of everybody
 * (person_id 0) when they were issued before `before`. RIGHT_EVENT.
 */
int certificate_erase(struct db *db, const struct actor *who, int64_t person_id, usec before,
                      int64_t *ret_n);

/* Of somebody who is protected in this seminar from now on: this name in the place of name and
 * organisation, and as above. */
int certificate_hide(struct db *db, int64_t seminar_id, int64_t person_id, str name);

/* Anybody who has the code. */
int certificate_by_code(struct arena *a, struct db *db, str code, struct certificate *ret);
/* RIGHT_EVENT, or the holder. */
int certificate_by_id(struct arena *a, struct db *db, const struct actor *who, int64_t id,
                      struct certificate *ret);
/* RIGHT_EVENT. By name as printed, revoked ones behind. */
int certificate_list(struct arena *a, struct db *db, const struct actor *who, int64_t seminar_id,
                     struct certificate_list *ret_list);

#endif
