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
