/*
 * Numbers in words, for a language whose voice has none: espeak-ng 1.51 passes over digits in
 * Turkmen without a sound, so that a telephone number or a term would be missing. Pure. The words
 * were written by no native speaker.
 */
#ifndef DOMAIN_NUMERAL_H
#define DOMAIN_NUMERAL_H

#include "base/types.h"

struct sb;

bool numeral_is_needed(str lang);
/*
 * digits: 1 to 12 of them ("0" to "999999999999"); is_ordinal: as "181-nji" is read. Any more are
 * said one by one.
 */
void numeral_add(struct sb *to, str digits, bool is_ordinal);
/* One by one: a telephone number. */
void numeral_add_digit(struct sb *to, char digit);

#endif
