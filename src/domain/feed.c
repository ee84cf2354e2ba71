#include "domain/feed.h"

#include "base/sb.h"

void feed_member(struct sb *out, const char *name, str value)
{
    sb_printf(out, ",\"%s\":", name);
    sb_json(out, value);
}

/* The credit goes with the picture, in an extension: the format has no member for it. */
static void pictures(struct sb *out, const struct feed_entry *e)
{
    if (!e->npictures)
        return;
    feed_member(out, "image", e->picture[0].file[0].url);
    sb_c(out, ",\"attachments\":[");
    for (size_t i = 0; i < e->npictures; i++) {
        const struct feed_picture *p = &e->picture[i];

        sb_c(out, i ? ",{\"url\":" : "{\"url\":");
        sb_json(out, p->file[0].url);
        feed_member(out, "mime_type", S("image/jpeg"));
        feed_member(out, "title", p->alt);
        sb_printf(out, ",\"size_in_bytes\":%lld", (long long)p->file[0].length);
        sb_c(out, ",\"_kengesh\":{\"credit\":");
        sb_json(out, p->credit);
        sb_c(out, "}}");
    }
    sb_c(out, "]");
}

/* "At least one of content_html and content_text" is required, as is id. */
static void item(struct sb *out, const struct feed_entry *e)
{
    sb_c(out, "{\"id\":");
    sb_json(out, e->id);
    feed_member(out, "url", e->url);
    feed_member(out, "title", e->title);
    feed_member(out, "language", e->lang);
    if (e->summary.n)
        feed_member(out, "summary", e->summary);
    feed_member(out, "content_html", e->html);
    feed_member(out, "date_published", e->published.iso);
    feed_member(out, "date_modified", e->updated.iso);
    sb_c(out, ",\"tags\":[");
    for (size_t i = 0; i < e->ntags; i++) {
        sb_c(out, i ? "," : "");
        sb_json(out, e->tag[i].name);
    }
    sb_c(out, "]");
    pictures(out, e);
    if (e->correction.n || e->ncountries) {
        /* An extension is an object whose name begins with an underscore. */
        sb_c(out, ",\"_kengesh\":{\"countries\":[");
        for (size_t i = 0; i < e->ncountries; i++) {
            sb_c(out, i ? "," : "");
            sb_json(out, e->country[i].slug);
        }
        sb_c(out, "]");
        if (e->correction.n)
            feed_member(out, "correction", e->correction);
        sb_c(out, "}");
    }
    sb_c(out, "}");
}

static void gone(struct sb *out, const struct feed_gone *g, str lang)
{
    sb_c(out, "{\"id\":");
    sb_json(out, g->id);
    feed_member(out, "url", g->id);
    feed_member(out, "title", g->title);
    feed_member(out, "language", lang);
    feed_member(out, "content_text", g->text);
    feed_member(out, "date_modified", g->at.iso);
    sb_c(out, ",\"_kengesh\":{\"withdrawn\":");
    sb_json(out, g->at.iso);
    sb_c(out, "}}");
}

void feed_json(struct sb *out, const struct feed *f)
{
    sb_c(out, "{\"version\":\"https://jsonfeed.org/version/1.1\"");
    feed_member(out, "title", f->title);
    feed_member(out, "home_page_url", f->home);
    feed_member(out, "feed_url", f->self);
    feed_member(out, "description", f->about);
    feed_member(out, "language", f->lang);
    sb_c(out, ",\"authors\":[{\"name\":");
    sb_json(out, f->site);
    feed_member(out, "url", f->origin);
    sb_c(out, "}],\"items\":[");
    for (size_t i = 0; i < f->n; i++) {
        sb_c(out, i ? ",\n" : "\n");
        item(out, &f->entry[i]);
    }
    for (size_t i = 0; i < f->ngone; i++) {
        sb_c(out, f->n + i ? ",\n" : "\n");
        gone(out, &f->gone[i], f->lang);
    }
    sb_c(out, "\n]}\n");
}
