/*
 * A form of the desk, field by field: label, hint, what is stored, what was typed, what is wrong.
 * One function of a page adds the fields, for showing and for saving alike, so they cannot differ:
 *
 *     GET         blank_new, fields with what is stored                         → blank_fill
 *     POST act    blank_new, the same fields; blank_check: has the record changed since the form
 *                 was shown? blank_problem where a value does not fit; blank_result; the domain
 *     POST show   a redirect, or the same blank again with all that was typed   → blank_fill
 *
 * A hidden mark is a hash over what was stored when the form was shown. When it differs, nothing is
 * written: the form comes back with what was typed and, beside each field, what is stored now.
 * Lives in the exchange's arena; on the thread that has the exchange.
 */
#ifndef WEB_BLANK_H
#define WEB_BLANK_H

#include "base/sb.h"
#include "base/types.h"
#include "gen/template.h"
#include "gen/text.h"

struct db;
struct exchange;
struct text;

/* FIELDS: a seminar in all languages has some 40, quotas one for each organisation. */
enum { BLANK_FIELDS = 200, BLANK_PROBLEMS = 24, BLANK_HIDDEN = 4 };

struct blank {
    struct exchange *x;
    struct db *db; /* where what is stored is read */
    bool is_post, is_conflict;
    int result;             /* ERR_MEM, ERR_FULL: a field could not be kept */
    struct sb stored;       /* what the mark is made of */
    struct tpl_blank blank; /* action and submit are the page's to set */
    struct tpl_blank_field *field;
    struct tpl_blank_problems *problem;
    struct tpl_blank_hidden *hidden;
    struct tpl_blank_field none; /* what a field that could not be kept is written into */
    void *record;                /* the page's own, from act to show */
};

/*
 * In the arena, as x->state, with `size` zeroed bytes for the page's own record. NULL when out of
 * memory.
 */
struct blank *blank_new(struct exchange *x, struct db *db, bool is_post, size_t size);
/*
 * Adds a field; `kind` as in template/blank_field.html. What is typed comes trimmed. The caller may
 * set hint, max, note and so on in what is returned.
 */
struct tpl_blank_field *blank_add(struct blank *s, const char *kind, str name, enum text_id label,
                                  str stored);
/* The same with a label that names a language or a country: {language} of the text. */
struct tpl_blank_field *blank_add_lang(struct blank *s, const char *kind, str name,
                                       enum text_id label, str lang, str stored);
/* A box: is_stored is its state in the record. */
struct tpl_blank_field *blank_check_box(struct blank *s, str name, enum text_id label,
                                        bool is_stored);
/* Room for n options of the field that was added last. */
void blank_options(struct blank *s, size_t n);
/* For select: chosen when it is what is typed or stored. */
void blank_option(struct blank *s, str value, const struct text *label);
void blank_option_text(struct blank *s, str value, enum text_id label);
/* For checks: chosen when it was sent, or is stored. */
void blank_option_check(struct blank *s, str value, const struct text *label, bool is_stored);
/* A heading over the next field. */
void blank_group(struct tpl_blank_field *f, struct exchange *x, enum text_id text);
void blank_hide(struct blank *s, str name, str value);
/* Something of the record that is in no field, but counts for the mark. */
void blank_stands_on(struct blank *s, str value);

/* What stands in the field now: what was typed, or what is stored. "" for no such field. */
str blank_value(const struct blank *s, str name);
/* As blank_value, but unset when empty. */
str blank_value_or_unset(const struct blank *s, str name);
/* A whole number in the field; adds the problem otherwise. */
int blank_number(struct blank *s, str name, int64_t min, int64_t max, enum text_id problem);
bool blank_is_checked(const struct blank *s, str name);
/* Says that this field does not fit; the first problem of a field counts. */
void blank_problem(struct blank *s, str name, enum text_id problem);
/* ERR_CONFLICT: the record is not as it was when the form was shown. */
int blank_check(struct blank *s);
/* ERR_RANGE when there are problems. */
int blank_result(const struct blank *s);
/* Is this result of the act one that shows the form again? */
bool blank_is_again(const struct exchange *x);
/* 200, or the status of the result that brought the form back. */
int blank_status(const struct exchange *x);
/* Problems, fields and mark into the part of a page. */
void blank_fill(struct blank *s, struct tpl_blank *ret_part);

/* A page that is a blank and little else (template/desk_blank.html). */
struct blank_page {
    str title, title_lang; /* title_lang unset: the page's language */
    str back;
    enum text_id back_word, lead, submit, done, problem;
    str action;
    const struct tpl_desk_blank_links *links;
    size_t nlinks;
    bool is_demo;
};
void blank_send(struct blank *s, const struct blank_page *p);

#endif
