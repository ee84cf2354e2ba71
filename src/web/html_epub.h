/*
 * What a pack has in XML that no template makes: the container and the package document of an EPUB
 * 3.3 (https://www.w3.org/TR/epub-33/), and articles as XHTML. No state; any thread.
 */
#ifndef WEB_HTML_EPUB_H
#define WEB_HTML_EPUB_H

#include "base/types.h"
#include "web/html.h"

struct arena;
struct sb;

struct epub_page {
    str file; /* "guide-tm-tr.xhtml", beside the package document */
    str name; /* for the contents */
    str lang; /* of the name; unset: the book's */
};

struct epub {
    str id, title, lang, publisher, modified; /* modified: RFC 3339, whole seconds, UTC */
    bool is_rtl;
    const struct epub_page *page; /* in reading order */
    size_t npages;
    const str *picture; /* "img/7.jpg", beside the package document; JPEG */
    size_t npictures;
};

/* META-INF/container.xml: the package document is OEBPS/package.opf. */
void html_epub_container(struct sb *out);
/* Beside the pages it names nav.xhtml and style.css. */
void html_epub_package(struct sb *out, const struct epub *e);
/*
 * An article as markup that is HTML and XHTML at once, with links that hold anywhere: those within
 * the site lead to origin, those within the page to `page`.
 */
int html_of_article(struct arena *a, str markdown, str origin, str page, struct html *ret_html);

#endif
