/*
 * People at the desk: everybody in the record, and the form of one. The same form stands on the
 * page of an invitation, where a role belongs to it. Handlers of web/routes.c.
 */
#ifndef WEB_PAGE_PERSON_H
#define WEB_PAGE_PERSON_H

#include "domain/org.h"
#include "domain/person.h"
#include "gen/text.h"
#include "net/route.h"

struct blank;

route_show_fn desk_persons;
route_show_fn desk_person;
route_act_fn desk_person_save_act;
route_show_fn desk_person_save;

/* The fields of a person, with the values of p. */
struct person_form {
    struct person p;
    struct org_list orgs;
    const str *lang; /* the languages that may be chosen; that of p is added */
    size_t nlangs;
    struct person_room *room; /* that are to learn what their protected person is called now */
    size_t nrooms;
};
struct person_room {
    int64_t seminar_id;
    str name;
};
void person_fields(struct blank *s, const struct person_form *f);
/* What the fields say, into `in`; problems where it does not fit. */
void person_parse(struct blank *s, const struct person_form *f, struct person *in);

/* The form is taken, and the person is `in` now: notes the rooms where the person is protected and
 * is called otherwise from now on. Then they are told, one excepted (0: none). */
int person_keep_rooms(struct exchange *x, struct db *db, const struct person *in,
                      struct person_form *f);
void person_tell_rooms(struct exchange *x, const struct person_form *f, int64_t but);

/* "Editor, society desk", a name, or "(erased)". */
str person_label(struct exchange *x, const struct person *p);
enum text_id sex_text(int sex);
enum text_id age_text(int age);

#endif
