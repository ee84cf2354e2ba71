/*
 * A form of the desk, field by field: label, hint, what is stored, what was typed, what is wrong.
 * One function of a page adds the fields, for showing and for saving alike, so they cannot differ:
 *
 *     GET         sheet_new, fields with what is stored                         → sheet_fill
 *     POST act    sheet_new, the same fields; sheet_check: has the record changed since the form
 *                 was shown? sheet_problem where a value does not fit; sheet_result; the domain
 *     POST show   a redirect, or the same sheet again with all that was typed   → sheet_fill
 *
 * A hidden mark is a hash over what was stored when the form was shown. When it differs, nothing is
 * written: the form comes back with what was typed and, beside each field, what is stored now.
 * Lives in the exchange's arena; on the thread that has the exchange.
 */
#ifndef WEB_SHEET_H
#define WEB_SHEET_H

#include "base/sb.h"
#include "base/types.h"
#include "gen/template.h"
#include "gen/text.h"

struct db;
struct exchange;
struct text;

/* FIELDS: a seminar in all languages has some 40, quotas one for each organisation. */
enum { SHEET_FIELDS = 200, SHEET_PROBLEMS = 24, SHEET_HIDDEN = 4 };

struct sheet {
    struct exchange *x;
    struct db *db; /* where what is stored is read */
    bool is_post, is_conflict;
    int result;             /* ERR_MEM, ERR_FULL: a field could not be kept */
    struct sb stored;       /* what the mark is made of */
    struct tpl_sheet sheet; /* action and submit are the page's to set */
    struct tpl_sheet_field *field;
    struct tpl_sheet_problems *problem;
    struct tpl_sheet_hidden *hidden;
    struct tpl_sheet_field none; /* what a field that could not be kept is written into */
    void *record;                /* the page's own, from act to show */
};

/*
 * In the arena, as x->state, with `size` zeroed bytes for the page's own record. NULL when out of
 * memory.
 */
struct sheet *sheet_new(struct exchange *x, struct db *db, bool is_post, size_t size);
/*
 * Adds a field; `kind` as in template/sheet_field.html. What is typed comes trimmed. The caller may
 * set hint, max, note and so on in what is returned.
 */
struct tpl_sheet_field *sheet_add(struct sheet *s, const char *kind, str name, enum text_id label,
                                  str stored);
/* The same with a label that names a language or a country: {language} of the text. */
struct tpl_sheet_field *sheet_add_lang(struct sheet *s, const char *kind, str name,
                                       enum text_id label, str lang, str stored);
/* A box: is_stored is its state in the record. */
struct tpl_sheet_field *sheet_check_box(struct sheet *s, str name, enum text_id label,
                                        bool is_stored);
/* Room for n options of the field that was added last. */
void sheet_options(struct sheet *s, size_t n);
/* For select: chosen when it is what is typed or stored. */
void sheet_option(struct sheet *s, str value, const struct text *label);
void sheet_option_text(struct sheet *s, str value, enum text_id label);
/* For checks: chosen when it was sent, or is stored. */
void sheet_option_check(struct sheet *s, str value, const struct text *label, bool is_stored);
/* A heading over the next field. */
void sheet_group(struct tpl_sheet_field *f, struct exchange *x, enum text_id text);
void sheet_hide(struct sheet *s, str name, str value);
/* Something of the record that is in no field, but counts for the mark. */
void sheet_stands_on(struct sheet *s, str value);

/* What stands in the field now: what was typed, or what is stored. "" for no such field. */
str sheet_value(const struct sheet *s, str name);
/* As sheet_value, but unset when empty. */
str sheet_value_or_unset(const struct sheet *s, str name);
/* A whole number in the field; adds the problem otherwise. */
int sheet_number(struct sheet *s, str name, int64_t min, int64_t max, enum text_id problem);
bool sheet_is_checked(const struct sheet *s, str name);
/* Says that this field does not fit; the first problem of a field counts. */
void sheet_problem(struct sheet *s, str name, enum text_id problem);
/* ERR_CONFLICT: the record is not as it was when the form was shown. */
int sheet_check(struct sheet *s);
/* ERR_RANGE when there are problems. */
int sheet_result(const struct sheet *s);
/* Is this result of the act one that shows the form again? */
bool sheet_is_again(const struct exchange *x);
/* 200, or the status of the result that brought the form back. */
int sheet_status(const struct exchange *x);
/* Problems, fields and mark into the part of a page. */
void sheet_fill(struct sheet *s, struct tpl_sheet *ret_part);

/* A page that is a sheet and little else (template/desk_sheet.html). */
struct sheet_page {
    str title, title_lang; /* title_lang unset: the page's language */
    str back;
    enum text_id back_word, lead, submit, done, problem;
    str action;
    const struct tpl_desk_sheet_links *links;
    size_t nlinks;
    bool is_demo;
};
void sheet_send(struct sheet *s, const struct sheet_page *p);

#endif
