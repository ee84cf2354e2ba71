/*
 * What templates stand on: the type of text that may be written into a page as it is, and the
 * escapes for each place in a page. Only generated templates (gen/template.c) and src/web/html*.c
 * make a `struct html`; tools/tidy refuses it elsewhere. Functions with `field` write a required
 * value: when it is unset they assert in debug builds and log `template_unset` otherwise. With NULL
 * the value is optional. No state; any thread.
 */
#ifndef WEB_HTML_H
#define WEB_HTML_H

#include "base/types.h"
#include "web/texts.h"

struct arena;
struct sb;

/* Markup that is known to be well formed and harmless. raw.p == NULL: unset. */
struct html {
    str raw;
};

/* Text that a person wrote, escaped, as markup; lives in the arena. */
struct html html_of_text(struct arena *a, str text);
/* What a template has written into `out`; valid as long as out's memory. Give it only what
 * templates wrote. */
struct html html_of_template(const struct sb *out);

/* ---- called by gen/template.c ---- */
/* s, or "" when it is unset. */
str html_need(const struct sb *out, str s, const char *field);
/* Text and quoted attributes. */
void html_str(struct sb *out, str s, const char *field);
void html_raw(struct sb *out, struct html h, const char *field);
/* A whole address: http, https, mailto, tel or relative; anything else becomes "#". */
void html_url(struct sb *out, str s, const char *field);
/* One path segment or query value. */
void html_segment(struct sb *out, str s, const char *field);
/* Escaped, with <br> for line ends. */
void html_lines(struct sb *out, str s, const char *field);
void html_i64(struct sb *out, int64_t n);
void html_show(struct sb *out, const struct texts *t, enum texts_show how, int64_t n);
void html_show_code(struct sb *out, const struct texts *t, enum texts_show how, str code);
/* is_plain: no element may stand here, so a text in another language goes without its <span lang>.
 */
void html_text(struct sb *out, const struct texts *t, enum text_id key, const struct text_arg *args,
               size_t n, bool is_plain);
/* As html_text for a key that comes from a field: TEXT_NONE counts as unset. */
void html_text_field(struct sb *out, const struct texts *t, enum text_id key, bool is_plain,
                     const char *field);

#endif
