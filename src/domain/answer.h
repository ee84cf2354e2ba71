/*
 * What people answered to the tests. Answers may be changed until the test closes; what is not
 * answered stays open and is never refused. Only those who learn are asked: participants, and
 * protected people under their pseudonym.
 */
#ifndef DOMAIN_ANSWER_H
#define DOMAIN_ANSWER_H

#include "base/limits.h"
#include "base/types.h"
#include "domain/quiz.h"

/* One person's test. Values by the question's place less 1; 0: no answer. */
struct attempt {
    int kind; /* enum quiz_kind */
    bool is_there;
    str lang; /* the form was last answered in */
    usec changed_at;
    int64_t value[MAX_QUIZ_QUESTIONS];
    int nanswers;
};

/* Percent per measure (enum measure - 1); has: there was something to measure. */
struct score {
    double percent[MEASURES];
    bool has[MEASURES];
};

/* The people whose tests count. */
bool answer_is_learner(int role);

/* One's own, or RIGHT_EVENT. Nobody's answer gives an empty attempt and 0. */
int answer_read(struct arena *a, struct db *db, const struct actor *who, const struct quiz *z,
                int64_t person_id, struct attempt *ret_attempt);
/*
 * Writes in->value to the test in->kind, answered in in->lang; a value of 0 leaves its question
 * open. ERR_STATE: the test is not open; ERR_DENIED: not a learner of this seminar; ERR_RANGE: a
 * value that its question does not have.
 */
int answer_put(struct arena *a, struct db *db, const struct actor *who, const struct seminar *s,
               const struct attempt *in, usec now);
/*
 * Pure. Knowledge: the mean over all its questions, an open one counts 0. Attitude and practice:
 * the mean over those answered.
 */
struct score answer_score(const struct question_list *questions, const struct attempt *attempt);

#endif
