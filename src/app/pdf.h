/*
 * kengesh-pdf: makes the PDF of a certificate. JSON by standard input, PDF by standard output; runs
 * as a sandboxed child of the server (base/child.h, base/sandbox.h), so that the faults of Cairo,
 * Pango, HarfBuzz and FreeType are not the server's. It knows no words: every text comes in, in the
 * holder's language, and Pango shapes it, right to left where the language asks for it.
 */
#ifndef APP_PDF_H
#define APP_PDF_H

#include "base/types.h"

struct arena;

enum { PDF_FACTS = 12 };

struct pdf_fact {
    const char *label, *value;
};

/* Texts are NUL-terminated UTF-8; "" is not printed. */
struct pdf_page {
    const char *lang;
    bool is_rtl;
    const char *title, *intro, *name, *org, *did, *event;
    struct pdf_fact fact[PDF_FACTS];
    size_t nfacts;
    const char *programme, *donor;  /* the lines of visibility */
    const char *check, *url, *code; /* how to check it; url is the QR's */
    const char *note;               /* "sample", "draft translation" */
};

/* ERR_SYNTAX, ERR_TOO_BIG. */
int pdf_parse(struct arena *a, str json, struct pdf_page *ret_page);
/* The file's bytes; ERR_MEM, ERR_INTERNAL. */
int pdf_draw(struct arena *a, const struct pdf_page *page, str *ret_pdf);

#endif
