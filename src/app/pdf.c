#include "app/pdf.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/sb.h"
#include "base/str.h"

#include <cairo-pdf.h>
#include <jansson.h>
#include <pango/pangocairo.h>
#include <qrencode.h>
#include <string.h>

/*
 * A4 across, in points. The text keeps to the side where its language begins, the code stands on
 * the other.
 *
 *     ┌─────────────────────────────────────┐
 *     │▌ title                              │
 *     │▌ intro                              │
 *     │▌ NAME                               │
 *     │▌ organisation                       │
 *     │▌ did, event                         │
 *     │▌ fact   fact   fact                 │
 *     │▌ programme, donor          check  QR│
 *     └─────────────────────────────────────┘
 */
#define WIDTH   841.89
#define HEIGHT  595.28
#define EDGE    54.0
#define QR_SIZE 108.0
#define FONTS   "Noto Sans, Noto Naskh Arabic, DejaVu Sans, Sans"

enum { MAX_IN = 65536, QUIET = 4 /* modules around a QR code, ISO/IEC 18004 */ };

/* ---- in ---- */

static const char *text_of(struct arena *a, const json_t *o, const char *key)
{
    const json_t *v = json_object_get(o, key);
    str s = json_is_string(v) ? (str){json_string_value(v), json_string_length(v)} : S("");

    return memchr(s.p, 0, s.n) ? NULL : arena_cstr(a, s);
}

static int parse_facts(struct arena *a, const json_t *list, struct pdf_page *p)
{
    const json_t *o;
    size_t i;

    json_array_foreach(list, i, o)
    {
        if (i == PDF_FACTS)
            return ERR_TOO_BIG;
        p->fact[i] = (struct pdf_fact){text_of(a, o, "label"), text_of(a, o, "value")};
        if (!p->fact[i].label || !p->fact[i].value)
            return ERR_SYNTAX;
        p->nfacts = i + 1;
    }
    return 0;
}

int pdf_parse(struct arena *a, str json, struct pdf_page *ret_page)
{
    struct pdf_page p = {0};
    json_error_t e;
    json_t *o = json.n > MAX_IN ? NULL : json_loadb(json.p, json.n, 0, &e);
    const struct {
        const char *key;
        const char **to;
    } texts[] = {
        {"lang", &p.lang},   {"title", &p.title}, {"intro", &p.intro}, {"name", &p.name},
        {"org", &p.org},     {"did", &p.did},     {"event", &p.event}, {"programme", &p.programme},
        {"donor", &p.donor}, {"check", &p.check}, {"url", &p.url},     {"code", &p.code},
        {"note", &p.note}};
    int r = 0;

    if (!o)
        return json.n > MAX_IN ? ERR_TOO_BIG : ERR_SYNTAX;
    for (size_t i = 0; i < NELEM(texts); i++) {
        *texts[i].to = text_of(a, o, texts[i].key);
        if (!*texts[i].to)
            r = ERR_SYNTAX;
    }
    p.is_rtl = json_is_true(json_object_get(o, "rtl"));
    if (r == 0)
        r = parse_facts(a, json_object_get(o, "facts"), &p);
    json_decref(o);
    if (r == 0)
        *ret_page = p;
    return r;
}

/* ---- drawing ---- */

struct pen {
    cairo_t *cr;
    const struct pdf_page *page;
};

struct box {
    double x, y, width, height; /* of the place there is */
};

struct style {
    double size;
    bool is_bold;
    double grey; /* 0 black, 1 white */
};

static PangoLayout *layout_of(const struct pen *pen, const char *text, double size, bool is_bold,
                              double width)
{
    PangoLayout *l = pango_cairo_create_layout(pen->cr);
    PangoFontDescription *font = pango_font_description_from_string(FONTS);
    PangoDirection way = pen->page->is_rtl ? PANGO_DIRECTION_RTL : PANGO_DIRECTION_LTR;

    pango_font_description_set_absolute_size(font, size * PANGO_SCALE);
    pango_font_description_set_weight(font, is_bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_layout_set_font_description(l, font);
    pango_font_description_free(font);
    pango_context_set_base_dir(pango_layout_get_context(l), way);
    pango_context_set_language(pango_layout_get_context(l),
                               pango_language_from_string(pen->page->lang));
    /* A name in Latin letters on a page in Dari stands where the page begins, and reads from left.
     */
    pango_layout_set_auto_dir(l, FALSE);
    pango_layout_set_alignment(l, pen->page->is_rtl ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT);
    pango_layout_set_width(l, (int)(width * PANGO_SCALE));
    pango_layout_set_wrap(l, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_text(l, text, -1);
    return l;
}

static double height_of(PangoLayout *l)
{
    int height = 0;

    pango_layout_get_size(l, NULL, &height);
    return (double)height / PANGO_SCALE;
}

/*
 * Draws the text at the top of the box, smaller where it would not fit, and gives its height; ""
 * takes no place.
 */
static double draw(const struct pen *pen, const char *text, struct style s, struct box b)
{
    PangoLayout *l;
    double height, size = s.size;

    if (!text[0])
        return 0;
    l = layout_of(pen, text, size, s.is_bold, b.width);
    while (height_of(l) > b.height && size > 6) {
        g_object_unref(l);
        size *= 0.94;
        l = layout_of(pen, text, size, s.is_bold, b.width);
    }
    height = height_of(l);
    cairo_set_source_rgb(pen->cr, s.grey, s.grey, s.grey);
    cairo_move_to(pen->cr, b.x, b.y);
    pango_cairo_show_layout(pen->cr, l);
    g_object_unref(l);
    return height;
}

/* x of a box that begins `from` points after the side where the language begins. */
static double begin(const struct pen *pen, double from, double width)
{
    return pen->page->is_rtl ? WIDTH - EDGE - from - width : EDGE + from;
}

static void draw_edge(const struct pen *pen)
{
    double x = pen->page->is_rtl ? WIDTH - 18 : 0;

    cairo_set_source_rgb(pen->cr, 0.043, 0.310, 0.424); /* the deep teal of tokens.css */
    cairo_rectangle(pen->cr, x, 0, 18, HEIGHT);
    cairo_fill(pen->cr);
}

static int draw_code(const struct pen *pen, double x, double y, double size)
{
    QRcode *qr = QRcode_encodeString(pen->page->url, 0, QR_ECLEVEL_M, QR_MODE_8, 1);
    double module;

    if (!qr)
        return ERR_INTERNAL;
    module = size / (qr->width + 2 * QUIET);
    cairo_set_source_rgb(pen->cr, 1, 1, 1);
    cairo_rectangle(pen->cr, x, y, size, size);
    cairo_fill(pen->cr);
    cairo_set_source_rgb(pen->cr, 0, 0, 0);
    for (int row = 0; row < qr->width; row++)
        for (int col = 0; col < qr->width; col++)
            if (qr->data[row * qr->width + col] & 1)
                cairo_rectangle(pen->cr, x + (col + QUIET) * module, y + (row + QUIET) * module,
                                module, module);
    cairo_fill(pen->cr);
    QRcode_free(qr);
    return 0;
}

/* In three columns, row by row; gives the height of all. */
static double draw_facts(const struct pen *pen, double y)
{
    const double gap = 18, width = (WIDTH - 2 * EDGE - 2 * gap) / 3;
    const struct pdf_page *p = pen->page;
    double top = y;

    for (size_t i = 0; i < p->nfacts; i += 3) {
        double tallest = 0;

        for (size_t k = i; k < i + 3 && k < p->nfacts; k++) {
            double x = begin(pen, (double)(k - i) * (width + gap), width);
            double h = draw(pen, p->fact[k].label, (struct style){9, false, 0.35},
                            (struct box){x, y, width, 14});

            h += draw(pen, p->fact[k].value, (struct style){12, false, 0},
                      (struct box){x, y + h, width, 32});
            tallest = h > tallest ? h : tallest;
        }
        y += tallest + 8;
    }
    return y - top;
}

/* The lines of visibility, and how the certificate is checked. */
static int draw_foot(const struct pen *pen)
{
    const struct pdf_page *p = pen->page;
    const double whole = WIDTH - 2 * EDGE, half = whole - QR_SIZE - 190;
    const double top = HEIGHT - EDGE - QR_SIZE + 18;
    double y = top + 4, x = begin(pen, 0, half);
    double check = begin(pen, half + 16, 166);

    cairo_set_source_rgb(pen->cr, 0.75, 0.75, 0.75);
    cairo_rectangle(pen->cr, EDGE, top - 10, whole, 0.7);
    cairo_fill(pen->cr);
    y += draw(pen, p->programme, (struct style){10, false, 0.2}, (struct box){x, y, half, 40}) + 3;
    y += draw(pen, p->donor, (struct style){10, true, 0}, (struct box){x, y, half, 30}) + 3;
    (void)draw(pen, p->note, (struct style){9, false, 0.3},
               (struct box){x, y, half, HEIGHT - 16 - y});
    y = top + 4;
    y += draw(pen, p->check, (struct style){9, false, 0.2}, (struct box){check, y, 166, 40}) + 3;
    y += draw(pen, p->code, (struct style){11, true, 0}, (struct box){check, y, 166, 16}) + 3;
    (void)draw(pen, p->url, (struct style){7, false, 0.3}, (struct box){check, y, 166, 30});
    return draw_code(pen, begin(pen, whole - QR_SIZE, QR_SIZE), top - 4, QR_SIZE);
}

static int draw_page(const struct pen *pen)
{
    const struct pdf_page *p = pen->page;
    const double width = WIDTH - 2 * EDGE;
    double x = begin(pen, 0, width), y = EDGE - 6;

    draw_edge(pen);
    y += draw(pen, p->title, (struct style){30, true, 0}, (struct box){x, y, width, 46}) + 14;
    y += draw(pen, p->intro, (struct style){12, false, 0.25}, (struct box){x, y, width, 18}) + 4;
    y += draw(pen, p->name, (struct style){26, true, 0}, (struct box){x, y, width, 44}) + 2;
    y += draw(pen, p->org, (struct style){13, false, 0.15}, (struct box){x, y, width, 36}) + 14;
    y += draw(pen, p->did, (struct style){12, false, 0.25}, (struct box){x, y, width, 18}) + 4;
    y += draw(pen, p->event, (struct style){15, true, 0}, (struct box){x, y, width, 70}) + 16;
    y += draw_facts(pen, y);
    return y > HEIGHT - EDGE - QR_SIZE + 20 ? ERR_TOO_BIG : draw_foot(pen);
}

static cairo_status_t keep(void *ctx, const unsigned char *p, unsigned n)
{
    struct sb *b = ctx;

    sb_add(b, (str){(const char *)p, n});
    return b->err ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

int pdf_draw(struct arena *a, const struct pdf_page *page, str *ret_pdf)
{
    struct sb out = sb_init(a, MAX_PDF_BYTES);
    cairo_surface_t *to = cairo_pdf_surface_create_for_stream(keep, &out, WIDTH, HEIGHT);
    struct pen pen = {cairo_create(to), page};
    int r;

    cairo_pdf_surface_set_metadata(to, CAIRO_PDF_METADATA_TITLE, page->title);
    cairo_pdf_surface_set_metadata(to, CAIRO_PDF_METADATA_SUBJECT, page->url);
    r = draw_page(&pen);
    cairo_destroy(pen.cr);
    cairo_surface_finish(to);
    if (r == 0 && cairo_surface_status(to) != CAIRO_STATUS_SUCCESS)
        r = out.err ? ERR_TOO_BIG : ERR_INTERNAL;
    cairo_surface_destroy(to);
    if (r == 0)
        *ret_pdf = sb_str(&out);
    return r;
}
