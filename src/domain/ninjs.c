#include "domain/ninjs.h"

#include "base/sb.h"
#include "domain/feed.h"

static void standard(struct sb *out)
{
    sb_c(out, ",\"standard\":{\"name\":\"ninjs\",\"version\":\"3.0\","
              "\"schema\":\"http://www.iptc.org/std/ninjs/ninjs-schema_3.0.json\"}");
}

/* The uri is the first member of all that has one. */
static void begin(struct sb *out, const char *before, str uri)
{
    sb_printf(out, "%s{\"uri\":", before);
    sb_json(out, uri);
}

/* [{"role":…,"contentType":…,"value":…}] */
static void part(struct sb *out, const char *role, const char *type, str value)
{
    sb_printf(out, "{\"role\":\"%s\",\"contentType\":\"%s\"", role, type);
    feed_member(out, "value", value);
    sb_c(out, "}");
}

static void headline(struct sb *out, str title)
{
    sb_c(out, ",\"headlines\":[");
    part(out, "main", "text/plain", title);
    sb_c(out, "]");
}

static void concepts(struct sb *out, const char *name, const struct feed_tag *tag, size_t n)
{
    if (!n)
        return;
    sb_printf(out, ",\"%s\":[", name);
    for (size_t i = 0; i < n; i++) {
        sb_c(out, i ? ",{\"name\":" : "{\"name\":");
        sb_json(out, tag[i].name);
        feed_member(out, "literal", tag[i].slug);
        sb_c(out, "}");
    }
    sb_c(out, "]");
}

static void renditions(struct sb *out, const struct feed_picture *p)
{
    static const char *const names[FEED_PICTURE_FILES] = {"main", "small"};

    sb_c(out, ",\"renditions\":[");
    for (size_t i = 0; i < NELEM(names) && i < p->nfiles; i++) {
        sb_printf(out, "%s{\"name\":\"%s\"", i ? "," : "", names[i]);
        feed_member(out, "href", p->file[i].url);
        feed_member(out, "contentType", S("image/jpeg"));
        sb_printf(out, ",\"width\":%d,\"height\":%d}", p->file[i].width, p->file[i].height);
    }
    sb_c(out, "]");
}

/* Each is an item of its own, associated with the text. */
static void pictures(struct sb *out, const struct feed_entry *e)
{
    for (size_t i = 0; i < e->npictures; i++) {
        const struct feed_picture *p = &e->picture[i];

        begin(out, i ? "," : ",\"associations\":[", p->file[0].url);
        feed_member(out, "name", p->alt);
        sb_c(out, ",\"rel\":\"picture\",\"type\":\"picture\",\"pubStatus\":\"usable\"");
        feed_member(out, "language", e->lang);
        feed_member(out, "by", p->credit);
        feed_member(out, "copyrightNotice", p->credit);
        sb_c(out, ",\"descriptions\":[");
        part(out, "alt", "text/plain", p->alt);
        sb_c(out, "]");
        renditions(out, p);
        sb_c(out, "}");
    }
    if (e->npictures)
        sb_c(out, "]");
}

/* All members of an item behind its uri. */
static void members(struct sb *out, const struct feed_entry *e, str by)
{
    sb_c(out, ",\"type\":\"text\",\"representationType\":\"full\",\"pubStatus\":\"usable\"");
    feed_member(out, "language", e->lang);
    feed_member(out, "firstCreated", e->published.iso);
    feed_member(out, "versionCreated", e->updated.iso);
    feed_member(out, "by", by);
    feed_member(out, "copyrightHolder", by);
    if (e->ed_note.n)
        feed_member(out, "edNote", e->ed_note);
    headline(out, e->title);
    sb_c(out, ",\"descriptions\":[");
    part(out, "summary", "text/plain", e->summary);
    sb_c(out, "],\"bodies\":[");
    part(out, "main", "text/plain", e->text);
    sb_c(out, ",");
    part(out, "richtext", "text/html", e->html);
    sb_c(out, "],\"altIds\":[{\"role\":\"page\"");
    feed_member(out, "value", e->url);
    sb_c(out, "}]");
    concepts(out, "subjects", e->tag, e->ntags);
    concepts(out, "places", e->country, e->ncountries);
    pictures(out, e);
}

/* "canceled" is for programs, the note for who edits there. */
static void canceled(struct sb *out, const char *before, const struct feed_gone *g,
                     const struct feed *f)
{
    begin(out, before, g->id);
    feed_member(out, "name", g->title);
    sb_c(out, ",\"type\":\"text\",\"pubStatus\":\"canceled\"");
    feed_member(out, "language", f->lang);
    feed_member(out, "versionCreated", g->at.iso);
    feed_member(out, "by", f->site);
    feed_member(out, "edNote", g->text);
    headline(out, g->title);
    sb_c(out, "}");
}

void ninjs_item(struct sb *out, const struct feed_entry *e, str by)
{
    begin(out, "", e->id);
    standard(out);
    members(out, e, by);
    sb_c(out, "}\n");
}

void ninjs_list(struct sb *out, const struct feed *f)
{
    begin(out, "", f->self);
    standard(out);
    sb_c(out, ",\"type\":\"composite\",\"representationType\":\"full\"");
    feed_member(out, "language", f->lang);
    feed_member(out, "versionCreated", f->updated.iso);
    feed_member(out, "title", f->title);
    feed_member(out, "by", f->site);
    sb_c(out, ",\"associations\":[");
    for (size_t i = 0; i < f->n; i++) {
        begin(out, i ? ",\n" : "\n", f->entry[i].id);
        feed_member(out, "name", f->entry[i].title);
        members(out, &f->entry[i], f->site);
        sb_c(out, "}");
    }
    for (size_t i = 0; i < f->ngone; i++)
        canceled(out, f->n + i ? ",\n" : "\n", &f->gone[i], f);
    sb_c(out, "\n]}\n");
}
