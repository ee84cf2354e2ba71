/*
 * What a voice reads, with its pauses: SSML 1.1 (W3C), as much of it as espeak-ng knows. Words are
 * escaped, so nothing that a person wrote is an order to the voice.
 */
#ifndef WEB_HTML_SSML_H
#define WEB_HTML_SSML_H

#include "base/types.h"

struct sb;

/* Pauses, in ms: between statements, and around a heading. */
enum { SSML_PAUSE_MS = 500, SSML_LONG_MS = 900 };

void html_ssml_begin(struct sb *to);
/* Nothing when there are no words. */
void html_ssml_add(struct sb *to, str spoken, unsigned pause_ms);
void html_ssml_end(struct sb *to);

#endif
