/*
 * The page that says what went wrong and what to do, in the reader's language. Web thread.
 */
#ifndef WEB_PAGE_ERROR_H
#define WEB_PAGE_ERROR_H

struct exchange;

/* Answers x with the page of this code (base/err.h); what was written so far is dropped. */
void page_error(struct exchange *x, int code);

#endif
