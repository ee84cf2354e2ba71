/*
 * How hard a text is to read, as the desk's pages show it (domain/reading.h): the part `reading`.
 */
#ifndef WEB_READING_PART_H
#define WEB_READING_PART_H

#include "base/types.h"

struct exchange;
struct tpl_reading;

/* Plain text. What is longer than a text may be, or has no words, gives an empty part. */
int reading_part_fill(struct exchange *x, str lang, str text, struct tpl_reading *ret_part);

#endif
