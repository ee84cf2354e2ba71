#include "web/html_data.h"

#include "base/arena.h"
#include "base/sb.h"
#include "base/str.h"
#include "domain/markdown.h"

int html_of_markdown(struct arena *a, str markdown, struct html *ret_html)
{
    str html;
    int r = markdown_html(a, markdown, &html);

    if (r < 0)
        return r;
    ret_html->raw = html;
    return 0;
}

struct html html_of_json_ld(struct arena *a, str json)
{
    struct sb b = sb_init(a, 0);

    sb_c(&b, "<script type=\"application/ld+json\">");
    sb_add(&b, json);
    sb_c(&b, "</script>");
    return (struct html){arena_str(a, sb_str(&b))};
}

static void element(struct sb *out, const char *name, str text)
{
    sb_printf(out, "<%s>", name);
    sb_html(out, text);
    sb_printf(out, "</%s>\n", name);
}

static void link_to(struct sb *out, const char *rel, const char *type, str url)
{
    sb_printf(out, "<link rel=\"%s\" type=\"%s\" href=\"", rel, type);
    sb_html(out, url);
    sb_c(out, "\"/>\n");
}

static void entry(struct sb *out, const struct feed_entry *e)
{
    sb_c(out, "<entry xml:lang=\"");
    sb_html(out, e->lang);
    sb_c(out, "\">\n");
    element(out, "id", e->id);
    element(out, "title", e->title);
    link_to(out, "alternate", "text/html", e->url);
    element(out, "published", e->published);
    element(out, "updated", e->updated);
    element(out, "summary", e->summary);
    sb_c(out, "</entry>\n");
}

void html_feed(struct sb *out, const struct feed *f)
{
    sb_c(out, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
              "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"");
    sb_html(out, f->lang);
    sb_c(out, "\">\n");
    element(out, "id", f->id);
    element(out, "title", f->title);
    link_to(out, "self", "application/atom+xml", f->self);
    link_to(out, "alternate", "text/html", f->home);
    element(out, "updated", f->updated);
    sb_c(out, "<author><name>Kengesh</name></author>\n");
    for (size_t i = 0; i < f->n; i++)
        entry(out, &f->entry[i]);
    sb_c(out, "</feed>\n");
}

static void page_url(struct sb *out, str origin, str lang, str path)
{
    sb_html(out, origin);
    sb_char(out, '/');
    sb_html(out, lang);
    sb_html(out, path);
}

static void page_in(struct sb *out, str origin, const struct sitemap_page *p, str lang)
{
    sb_c(out, "<url><loc>");
    page_url(out, origin, lang, p->path);
    sb_c(out, "</loc>");
    if (p->changed.p) {
        sb_c(out, "<lastmod>");
        sb_html(out, p->changed);
        sb_c(out, "</lastmod>");
    }
    for (size_t i = 0; i < p->nlangs; i++) {
        sb_c(out, "<xhtml:link rel=\"alternate\" hreflang=\"");
        sb_html(out, p->lang[i]);
        sb_c(out, "\" href=\"");
        page_url(out, origin, p->lang[i], p->path);
        sb_c(out, "\"/>");
    }
    sb_c(out, "</url>\n");
}

void html_sitemap(struct sb *out, str origin, const struct sitemap_page *page, size_t n)
{
    sb_c(out, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
              "<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\""
              " xmlns:xhtml=\"http://www.w3.org/1999/xhtml\">\n");
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < page[i].nlangs; k++)
            page_in(out, origin, &page[i], page[i].lang[k]);
    sb_c(out, "</urlset>\n");
}
