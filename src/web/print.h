/*
 * A certificate on paper: its fields as labelled texts, the same for the PDF and for the page that
 * checks it, and the PDF itself, made by the child program kengesh-pdf on a worker's thread.
 */
#ifndef WEB_PRINT_H
#define WEB_PRINT_H

#include "base/types.h"

struct certificate;
struct exchange;
struct texts;

enum { PRINT_FACTS = 12 };

struct print_fact {
    str label, value;
};

struct print_facts {
    struct print_fact row[PRINT_FACTS];
    size_t n;
};

/*
 * Every printed field but the name and the code, in the words of t. The zone of t must be the
 * certificate's.
 */
void print_facts(struct exchange *x, const struct texts *t, const struct certificate *c,
                 struct print_facts *ret_facts);
/* "https://…/tk/c/abcde-…": what the QR says. */
str print_url(struct exchange *x, const struct certificate *c);
/* In an ASYNC handler: makes the PDF and answers with it. c must live in the arena. */
void print_send(struct exchange *x, const struct certificate *c);

#endif
