#include "web/html_feed.h"

#include "base/arena.h"
#include "base/sb.h"
#include "base/str.h"
#include "domain/feed.h"

/* XML 1.0 2.2: no control characters but tab and line ends, not even as a reference. */
void html_xml(struct sb *out, str s)
{
    size_t from = 0;

    for (size_t i = 0; i <= s.n; i++) {
        unsigned char c = i < s.n ? (unsigned char)s.p[i] : 0;

        if (i < s.n && (c >= ' ' || c == '\t' || c == '\n' || c == '\r'))
            continue;
        if (i > from)
            sb_html(out, (str){s.p + from, i - from});
        from = i + 1;
    }
}

str html_absolute(struct arena *a, str html, str origin, str page)
{
    static const str sign = S("href=\"");
    struct sb b = sb_init(a, 0);

    while (html.n) {
        ptrdiff_t at = str_find(html, sign);
        size_t n = at < 0 ? html.n : (size_t)at + sign.n;

        sb_add(&b, str_take(html, n));
        html = str_from(html, n);
        if (str_starts(html, S("/")))
            sb_html(&b, origin);
        else if (str_starts(html, S("#")))
            sb_html(&b, page);
    }
    return b.n ? sb_str(&b) : S("");
}

str html_after(struct arena *a, str words, str html)
{
    struct sb b = sb_init(a, 0);

    sb_c(&b, "<p>");
    sb_html(&b, words);
    sb_c(&b, "</p>\n");
    sb_add(&b, html);
    return sb_str(&b);
}

static void element(struct sb *out, const char *name, str text)
{
    sb_printf(out, "<%s>", name);
    html_xml(out, text);
    sb_printf(out, "</%s>\n", name);
}

/* ---- Atom ---- */

static void link_to(struct sb *out, const char *rel, const char *type, str url)
{
    sb_printf(out, "<link rel=\"%s\" type=\"%s\" href=\"", rel, type);
    html_xml(out, url);
    sb_c(out, "\"/>\n");
}

/*
 * Both formats name one file as what belongs to an item; credit and description have elements of
 * Media RSS alone (https://www.rssboard.org/media-rss).
 */
static void media(struct sb *out, const struct feed_picture *p)
{
    sb_c(out, "<media:content medium=\"image\" type=\"image/jpeg\" url=\"");
    html_xml(out, p->file[0].url);
    sb_printf(out, "\" fileSize=\"%lld\" width=\"%d\" height=\"%d\">", (long long)p->file[0].length,
              p->file[0].width, p->file[0].height);
    sb_c(out, "<media:description type=\"plain\">");
    html_xml(out, p->alt);
    sb_c(out, "</media:description>\n");
    element(out, "media:credit", p->credit);
    sb_c(out, "</media:content>\n");
}

static void atom_pictures(struct sb *out, const struct feed_entry *e)
{
    for (size_t i = 0; i < e->npictures; i++) {
        const struct feed_file *f = &e->picture[i].file[0];

        sb_printf(out, "<link rel=\"enclosure\" type=\"image/jpeg\" length=\"%lld\" title=\"",
                  (long long)f->length);
        html_xml(out, e->picture[i].alt);
        sb_c(out, "\" href=\"");
        html_xml(out, f->url);
        sb_c(out, "\"/>\n");
        media(out, &e->picture[i]);
    }
}

/* RSS takes one enclosure an item. */
static void rss_pictures(struct sb *out, const struct feed_entry *e)
{
    if (!e->npictures)
        return;
    sb_printf(out, "<enclosure type=\"image/jpeg\" length=\"%lld\" url=\"",
              (long long)e->picture[0].file[0].length);
    html_xml(out, e->picture[0].file[0].url);
    sb_c(out, "\"/>\n");
    for (size_t i = 0; i < e->npictures; i++)
        media(out, &e->picture[i]);
}

static void atom_entry(struct sb *out, const struct feed_entry *e)
{
    sb_c(out, "<entry xml:lang=\"");
    html_xml(out, e->lang);
    sb_c(out, "\">\n");
    element(out, "id", e->id);
    element(out, "title", e->title);
    link_to(out, "alternate", "text/html", e->url);
    element(out, "published", e->published.iso);
    element(out, "updated", e->updated.iso);
    for (size_t i = 0; i < e->ntags; i++) {
        sb_c(out, "<category term=\"");
        html_xml(out, e->tag[i].slug);
        sb_c(out, "\" label=\"");
        html_xml(out, e->tag[i].name);
        sb_c(out, "\"/>\n");
    }
    atom_pictures(out, e);
    element(out, "summary", e->summary);
    sb_c(out, "<content type=\"html\">");
    html_xml(out, e->html);
    sb_c(out, "</content>\n</entry>\n");
}

/* RFC 6721; in RSS as well, for programs that read both. */
static void deleted(struct sb *out, const struct feed_gone *g)
{
    sb_c(out, "<at:deleted-entry ref=\"");
    html_xml(out, g->id);
    sb_c(out, "\" when=\"");
    html_xml(out, g->at.iso);
    sb_c(out, "\"/>\n");
}

void html_atom(struct sb *out, const struct feed *f)
{
    sb_c(out, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
              "<feed xmlns=\"http://www.w3.org/2005/Atom\""
              " xmlns:at=\"http://purl.org/atompub/tombstones/1.0\" "
              "xmlns:media=\"http://search.yahoo.com/mrss/\" xml:lang=\"");
    html_xml(out, f->lang);
    sb_c(out, "\">\n");
    element(out, "id", f->id);
    element(out, "title", f->title);
    element(out, "subtitle", f->about);
    link_to(out, "self", "application/atom+xml", f->self);
    link_to(out, "alternate", "text/html", f->home);
    element(out, "updated", f->updated.iso);
    sb_c(out, "<author>");
    element(out, "name", f->site);
    element(out, "uri", f->origin);
    sb_c(out, "</author>\n");
    for (size_t i = 0; i < f->n; i++)
        atom_entry(out, &f->entry[i]);
    for (size_t i = 0; i < f->ngone; i++)
        deleted(out, &f->gone[i]);
    sb_c(out, "</feed>\n");
}

/* ---- RSS ---- */

static void rss_item(struct sb *out, const struct feed_entry *e)
{
    sb_c(out, "<item>\n");
    element(out, "title", e->title);
    element(out, "link", e->url);
    sb_c(out, "<guid isPermaLink=\"true\">");
    html_xml(out, e->id);
    sb_c(out, "</guid>\n");
    element(out, "pubDate", e->published.mail);
    element(out, "atom:updated", e->updated.iso); /* RSS itself has no word for it */
    for (size_t i = 0; i < e->ntags; i++)
        element(out, "category", e->tag[i].name);
    element(out, "description", e->summary);
    element(out, "content:encoded", e->html);
    element(out, "dc:language", e->lang);
    rss_pictures(out, e);
    sb_c(out, "</item>\n");
}

/* The guid of the copy, so that readers put this in its place. */
static void rss_gone(struct sb *out, const struct feed_gone *g, str lang)
{
    sb_c(out, "<item>\n");
    element(out, "title", g->title);
    element(out, "link", g->id);
    sb_c(out, "<guid isPermaLink=\"true\">");
    html_xml(out, g->id);
    sb_c(out, "</guid>\n");
    element(out, "pubDate", g->at.mail);
    element(out, "description", g->text);
    element(out, "dc:language", lang);
    sb_c(out, "</item>\n");
}

void html_rss(struct sb *out, const struct feed *f)
{
    sb_c(out, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
              "<rss version=\"2.0\" xmlns:atom=\"http://www.w3.org/2005/Atom\""
              " xmlns:at=\"http://purl.org/atompub/tombstones/1.0\""
              " xmlns:content=\"http://purl.org/rss/1.0/modules/content/\""
              " xmlns:dc=\"http://purl.org/dc/elements/1.1/\""
              " xmlns:media=\"http://search.yahoo.com/mrss/\">\n<channel>\n");
    element(out, "title", f->title);
    element(out, "link", f->home);
    element(out, "description", f->about);
    element(out, "language", f->lang);
    element(out, "lastBuildDate", f->updated.mail);
    sb_c(out, "<atom:link rel=\"self\" type=\"application/rss+xml\" href=\"");
    html_xml(out, f->self);
    sb_c(out, "\"/>\n");
    for (size_t i = 0; i < f->n; i++)
        rss_item(out, &f->entry[i]);
    for (size_t i = 0; i < f->ngone; i++) {
        rss_gone(out, &f->gone[i], f->lang);
        deleted(out, &f->gone[i]);
    }
    sb_c(out, "</channel>\n</rss>\n");
}
