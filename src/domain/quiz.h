/*
 * The tests of a seminar: one before (QUIZ_PRE), one after (QUIZ_POST). A test is a page of
 * questions; each measures knowledge, attitude or intended practice, and carries the source of its
 * answer and the day on which that was last looked at. What people answered is domain/answer.h.
 */
#ifndef DOMAIN_QUIZ_H
#define DOMAIN_QUIZ_H

#include "base/types.h"
#include "domain/text.h"

struct actor;
struct agenda;
struct arena;
struct db;
struct seminar;

/* Stored by number, all of them: append only. */
enum quiz_kind { QUIZ_PRE = 1, QUIZ_POST };
enum quiz_gate { QUIZ_BY_SEMINAR = 1, QUIZ_OPEN, QUIZ_CLOSED };
/* One right choice; several; a sentence that is true or not; agreement from 1 to 5. */
enum question_kind { QUESTION_ONE = 1, QUESTION_SEVERAL, QUESTION_TRUTH, QUESTION_SCALE };
enum measure { MEASURE_KNOWLEDGE = 1, MEASURE_ATTITUDE, MEASURE_PRACTICE };

enum { MEASURES = 3, QUESTION_CHOICES = 8, SCALE_STEPS = 5 };

struct choice {
    int place; /* from 1 */
    bool is_right;
    struct text text;
};

struct question {
    int64_t id, quiz_id;
    int place; /* from 1 */
    int kind, measure;
    bool right_side; /* truth: the sentence is true; scale: agreeing is wished for */
    struct text text;
    struct text feedback; /* said after the test has closed; body unset: nothing */
    str source, checked_on; /* checked_on empty: nobody has read the source for it yet */
    struct choice choice[QUESTION_CHOICES];
    size_t nchoices;
};

struct question_list {
    struct question *row;
    size_t n;
};

struct quiz {
    int64_t id, seminar_id;
    int kind, gate;
    usec gate_at; /* when the organiser opened or closed it last; 0: never */
    int nquestions, nattempts;
};

/* "pre", "post"; "?" outside the list. */
const char *quiz_kind_name(int kind);
int quiz_kind_parse(str name, int *ret_kind);
/* "seminar", "open", "closed". */
int quiz_gate_parse(str name, int *ret_gate);
/* "one", "several", "truth", "scale". */
const char *question_kind_name(int kind);
int question_kind_parse(str name, int *ret_kind);
/* "knowledge", "attitude", "practice". */
const char *measure_name(int measure);
int measure_parse(str name, int *ret_measure);

/* Pure: is it a value that an answer to q may have? 0 (no answer) is none. */
bool question_takes(const struct question *q, int64_t value);
/*
 * Pure: what the answer is worth, 0 to 1. Several: right choices less wrong ones over all right
 * ones, not under 0. Scale: the distance from the end that is not wished for.
 */
double question_share(const struct question *q, int64_t value);

/*
 * Pure. As the organiser said; else as the seminar goes: the pre-test from the practice until the
 * post-test opens, the post-test from its point of the agenda until the record is archived. Its
 * point is the last one of kind "test", by the minutes planned, counted from going live.
 */
bool quiz_is_open(const struct quiz *z, const struct seminar *s, const struct agenda *agenda,
                  usec now);
/* Pure: it was open and is not any more, so right answers may be shown. */
bool quiz_is_over(const struct quiz *z, const struct seminar *s, const struct agenda *agenda,
                  usec now);

/* ERR_NOT_FOUND. RIGHT_EVENT or a member of the seminar, as all that reads below. */
int quiz_by_kind(struct db *db, const struct actor *who, int64_t seminar_id, int kind,
                 struct quiz *ret_quiz);
int quiz_by_id(struct db *db, const struct actor *who, int64_t id, struct quiz *ret_quiz);
int quiz_questions(struct arena *a, struct db *db, const struct actor *who, const struct quiz *z,
                   str lang, struct question_list *ret_list);
/* RIGHT_EVENT. */
int question_by_id(struct arena *a, struct db *db, const struct actor *who, int64_t id, str lang,
                   struct question *ret_question);

/* ---- changes; RIGHT_EVENT ---- */
/* Adds it, as the seminar goes, or finds it. */
int quiz_put(struct db *db, const struct actor *who, int64_t seminar_id, int kind, usec now,
             int64_t *ret_id);
/* Opening the post-test closes a pre-test that went with the seminar. */
int quiz_gate_set(struct db *db, const struct actor *who, int64_t quiz_id, int gate, usec now);

struct question_in {
    int64_t id; /* 0: a new one, behind the last */
    int64_t quiz_id;
    int kind, measure;
    bool right_side;
    int nchoices;   /* of ONE and SEVERAL: at least 2 */
    unsigned right; /* bit place - 1 of each right choice */
    str source, checked_on;
};

/* Which of its texts. Choices are QUESTION_TEXT_CHOICE + place. */
enum question_text { QUESTION_TEXT, QUESTION_TEXT_FEEDBACK, QUESTION_TEXT_CHOICE = 16 };

/*
 * ERR_RANGE: no right choice or not exactly one, choices of a kind without, no source, no day, more
 * than MAX_QUIZ_QUESTIONS. ERR_STATE: people have answered, and kind or number of choices would
 * change, or a question be added; its right answer may still be mended.
 */
int question_put(struct db *db, const struct actor *who, const struct question_in *in, usec now,
                 int64_t *ret_id);
/* ERR_RANGE when empty, except the feedback; ERR_TOO_BIG over MAX_QUESTION_BYTES. */
struct question_text_in {
    int64_t id; /* of the question */
    int which;  /* enum question_text */
    str lang, body;
};
int question_text_put(struct db *db, const struct actor *who, const struct question_text_in *in,
                      usec now);
/* ERR_STATE once people have answered. */
int question_remove(struct db *db, const struct actor *who, int64_t id);

/*
 * examples/quiz.json: both tests. All or nothing; a test that has questions is replaced while
 * nobody has answered it, else ERR_STATE. On ERR_SYNTAX and ERR_RANGE *ret_fault names the place
 * ("post.questions[2].text.tk"), the one result written on failure. RIGHT_EVENT.
 */
struct quiz_file {
    int64_t seminar_id;
    str json;
};
int quiz_import(struct arena *a, struct db *db, const struct actor *who,
                const struct quiz_file *file, usec now, str *ret_fault);

#endif
