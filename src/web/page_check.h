/*
 * The reporting check for everybody: a form, its answer, the list of all words, and the same for
 * programs. What is sent in is answered and forgotten: no text is stored or logged.
 */
#ifndef WEB_PAGE_CHECK_H
#define WEB_PAGE_CHECK_H

struct exchange;

void check_form(struct exchange *x);
void check_answer(struct exchange *x);
void check_words_list(struct exchange *x);
void check_api(struct exchange *x);

#endif
