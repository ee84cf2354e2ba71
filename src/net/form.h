/*
 * The body of a form: application/x-www-form-urlencoded (WHATWG URL 5.1) or multipart/form-data
 * (RFC 7578). Everything lies in the arena or points into the body.
 */
#ifndef NET_FORM_H
#define NET_FORM_H

#include "base/types.h"

struct arena;

struct form_field {
    str name, value; /* UTF-8; of a file: its bytes, whatever they are */
    str filename;    /* unset: not a file */
};

struct form {
    struct form_field *fields;
    size_t n;
};

/* type is the Content-Type. ERR_UNSUPPORTED, ERR_SYNTAX, ERR_ENCODING, ERR_FULL (MAX_FORM_FIELDS),
 * ERR_MEM. */
int form_parse(struct arena *a, str type, str body, struct form **ret_form);
/* The i-th field of that name, from 0; NULL past the last. */
const struct form_field *form_at(const struct form *f, str name, size_t i);

#endif
