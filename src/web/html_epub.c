#include "web/html_epub.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/sb.h"
#include "base/str.h"
#include "domain/markdown.h"
#include "web/html_feed.h"

#include <stdlib.h>

void html_epub_container(struct sb *out)
{
    sb_c(out, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<container version=\"1.0\""
              " xmlns=\"urn:oasis:names:tc:opendocument:xmlns:container\">\n"
              "<rootfiles><rootfile full-path=\"OEBPS/package.opf\""
              " media-type=\"application/oebps-package+xml\"/></rootfiles>\n</container>\n");
}

static void element(struct sb *out, const char *name, str text)
{
    sb_printf(out, "<%s>", name);
    html_xml(out, text);
    sb_printf(out, "</%s>\n", str_cut(str_c(name), ' ').ok ? "dc:identifier" : name);
}

static void meta(struct sb *out, const char *property, str value)
{
    sb_printf(out, "<meta property=\"%s\">", property);
    html_xml(out, value);
    sb_c(out, "</meta>\n");
}

/* https://www.w3.org/TR/epub-a11y-11/ 2.2: a book says how it can be read. */
static void metadata(struct sb *out, const struct epub *e)
{
    sb_c(out, "<metadata xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n");
    element(out, "dc:identifier id=\"id\"", e->id);
    element(out, "dc:title", e->title);
    element(out, "dc:language", e->lang);
    element(out, "dc:publisher", e->publisher);
    meta(out, "dcterms:modified", e->modified);
    meta(out, "schema:accessMode", S("textual"));
    if (e->npictures) { /* each has a description: words alone are enough */
        meta(out, "schema:accessMode", S("visual"));
        meta(out, "schema:accessibilityFeature", S("alternativeText"));
    }
    meta(out, "schema:accessModeSufficient", S("textual"));
    meta(out, "schema:accessibilityFeature", S("structuralNavigation"));
    meta(out, "schema:accessibilityFeature", S("tableOfContents"));
    meta(out, "schema:accessibilityHazard", S("none"));
    sb_c(out, "</metadata>\n");
}

void html_epub_package(struct sb *out, const struct epub *e)
{
    sb_c(out, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
              "<package xmlns=\"http://www.idpf.org/2007/opf\" version=\"3.0\""
              " unique-identifier=\"id\" xml:lang=\"");
    html_xml(out, e->lang);
    sb_printf(out, "\" dir=\"%s\">\n", e->is_rtl ? "rtl" : "ltr");
    metadata(out, e);
    sb_c(out, "<manifest>\n<item id=\"nav\" href=\"nav.xhtml\" properties=\"nav\""
              " media-type=\"application/xhtml+xml\"/>\n"
              "<item id=\"style\" href=\"style.css\" media-type=\"text/css\"/>\n");
    for (size_t i = 0; i < e->npages; i++) {
        sb_printf(out, "<item id=\"p%zu\" href=\"", i);
        html_xml(out, e->page[i].file);
        sb_c(out, "\" media-type=\"application/xhtml+xml\"/>\n");
    }
    for (size_t i = 0; i < e->npictures; i++) {
        sb_printf(out, "<item id=\"i%zu\" href=\"", i);
        html_xml(out, e->picture[i]);
        sb_c(out, "\" media-type=\"image/jpeg\"/>\n");
    }
    sb_printf(out, "</manifest>\n<spine page-progression-direction=\"%s\">\n",
              e->is_rtl ? "rtl" : "ltr");
    for (size_t i = 0; i < e->npages; i++)
        sb_printf(out, "<itemref idref=\"p%zu\"/>\n", i);
    sb_c(out, "</spine>\n</package>\n");
}

/* ---- articles ---- */

/* XML knows five names of characters; of the others these occur in articles. */
static const struct {
    str name;
    unsigned code;
} entities[] = {
    {S("nbsp"), 0xa0},     {S("shy"), 0xad},      {S("laquo"), 0xab},    {S("raquo"), 0xbb},
    {S("copy"), 0xa9},     {S("ndash"), 0x2013},  {S("mdash"), 0x2014},  {S("lsquo"), 0x2018},
    {S("rsquo"), 0x2019},  {S("ldquo"), 0x201c},  {S("rdquo"), 0x201d},  {S("bdquo"), 0x201e},
    {S("hellip"), 0x2026}, {S("thinsp"), 0x2009}, {S("zwnj"), 0x200c},   {S("zwj"), 0x200d},
    {S("lrm"), 0x200e},    {S("rlm"), 0x200f},    {S("rarr"), 0x2192},   {S("larr"), 0x2190},
    {S("deg"), 0xb0},      {S("times"), 0xd7},    {S("numero"), 0x2116}, {S("minus"), 0x2212},
};

static const str plain[] = {S("amp"), S("lt"), S("gt"), S("quot"), S("#39")};

/* XML 1.0 2.2. */
static bool is_char(unsigned long c)
{
    return c == 9 || c == 10 || c == 13 || (c >= 0x20 && c <= 0xd7ff) ||
           (c >= 0xe000 && c <= 0xfffd) || (c >= 0x10000 && c <= 0x10ffff);
}

/* `name` stands between '&' and ';', made of letters, digits and '#'. */
static void reference(struct sb *out, str name)
{
    unsigned long code;
    bool is_hex = str_istarts(name, S("#x"));

    for (size_t i = 0; i < NELEM(plain); i++)
        if (str_eq(plain[i], name)) {
            sb_printf(out, "&%.*s;", STR(name));
            return;
        }
    for (size_t i = 0; i < NELEM(entities); i++)
        if (str_eq(entities[i].name, name)) {
            sb_printf(out, "&#%u;", entities[i].code);
            return;
        }
    if (!str_starts(name, S("#"))) {
        sb_printf(out, "&amp;%.*s;", STR(name));
        return;
    }
    /* A name of this kind is followed by ';', where the number ends. */
    code = strtoul(name.p + (is_hex ? 2 : 1), NULL, is_hex ? 16 : 10);
    if (is_char(code))
        sb_printf(out, "&#%lu;", code);
}

/* domain/markdown.c writes two elements without an end, and passes on the names of characters. */
static str xhtml(struct arena *a, str html)
{
    struct sb b = sb_init(a, 0);

    while (html.n) {
        char c = html.p[0];
        size_t n = 1;

        if (str_starts(html, S("<br>")) || str_starts(html, S("<hr>"))) {
            sb_add(&b, str_take(html, 3));
            sb_c(&b, "/>");
            n = 4;
        } else if (c == '&') {
            str name = str_from(str_cut(html, ';').head, 1);

            reference(&b, name);
            n = name.n + 2;
        } else if ((unsigned char)c >= ' ' || c == '\n' || c == '\t') {
            sb_char(&b, c);
        }
        html = str_from(html, n);
    }
    return b.n ? sb_str(&b) : S("");
}

int html_of_article(struct arena *a, str markdown, str origin, str page, struct html *ret_html)
{
    str html;
    int r = markdown_html(a, markdown, &html);

    if (r < 0)
        return r;
    html = xhtml(a, html_absolute(a, html, origin, page));
    if (!html.p)
        return ERR_MEM;
    ret_html->raw = html;
    return 0;
}
