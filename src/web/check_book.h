/*
 * The data files of the reporting check, one for each language that has one
 * (asset/check/<lang>.json), parsed once when the site is made. Read-only afterwards: any thread.
 */
#ifndef WEB_CHECK_BOOK_H
#define WEB_CHECK_BOOK_H

#include "base/types.h"

struct check_book;
struct check_rules;

/* A file of ours that does not parse is our mistake: ERR_SYNTAX, and the server does not start. */
int check_book_new(struct check_book **ret_book);
/* NULL: there is no file for this language. */
const struct check_rules *check_book_by_lang(const struct check_book *b, str lang);
/* i from 0 until NULL. */
const struct check_rules *check_book_at(const struct check_book *b, size_t i);
/* NULL-safe. */
void check_book_free(struct check_book *b);

#endif
