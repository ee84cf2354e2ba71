#include "tools/template_place.h"

#include <string.h>

static bool is_one_of(const char *s, const char *const *list)
{
    for (; *list; list++)
        if (strcmp(s, *list) == 0)
            return true;
    return false;
}

static const char *const void_tags[] = {"area",  "base", "br",   "col",    "embed", "hr",  "img",
                                        "input", "link", "meta", "source", "track", "wbr", NULL};
static const char *const svg_tags[] = {"svg", "path",     "circle",  "rect",    "line", "g",
                                       "use", "polyline", "polygon", "ellipse", "stop", NULL};
static const char *const plain_tags[] = {"title", "textarea", "option", "script", NULL};
static const char *const code_tags[] = {"code", "kbd", "samp", NULL};
static const char *const pre_tags[] = {"pre", "textarea", NULL};
static const char *const url_attrs[] = {"href",   "src",  "action",   "formaction",
                                        "poster", "cite", "manifest", NULL};
static const char *const word_attrs[] = {"alt",        "title", "placeholder",
                                         "aria-label", "label", NULL};
static const char *const closed_attrs[] = {"srcset", "srcdoc", "imagesrcset", "ping", "data", NULL};

static void fail(struct place *p, const char *why)
{
    if (!p->error)
        p->error = why;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_ascii_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_name_char(char c)
{
    return is_ascii_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == ':';
}

static void append(struct place *p, char name[PLACE_NAME], char c)
{
    size_t n = strlen(name);

    if (n + 1 >= PLACE_NAME) {
        fail(p, "this name is too long; elements and attributes have less than 24 letters");
        return;
    }
    name[n] = c >= 'A' && c <= 'Z' && p->state != IN_VALUE ? (char)(c + 32) : c;
    name[n + 1] = 0;
}

static bool is_inside(const struct place *p, const char *const *list)
{
    for (int i = 0; i < p->depth; i++)
        if (is_one_of(p->stack[i], list))
            return true;
    return false;
}

/*
 * Words belong into the .po files. Two letters in a row make a word; bytes 0xc3 to 0xe1 begin the
 * letters of our scripts, 0xe2 and above punctuation and signs, 0x80 to 0xbf continue a character.
 */
static void count_letters(struct place *p, char c)
{
    unsigned char u = (unsigned char)c;

    if (c == '&')
        p->is_entity = true;
    if (p->is_entity) {
        p->is_entity = c != ';';
        return;
    }
    if (u >= 0x80 && u < 0xc0)
        return;
    p->letters = is_ascii_letter(c) || (u >= 0xc3 && u <= 0xe1) ? p->letters + 1 : 0;
    if (p->letters >= 2)
        fail(p,
             "words stand in the template; put them into src/web/text/*.po and write {%t key %}");
}

static void in_text(struct place *p, char c)
{
    static const char *const script[] = {"script", NULL};

    if (c == '<') {
        p->state = IN_LT;
        p->letters = 0;
        p->is_entity = false;
        return;
    }
    if (is_inside(p, script) && !is_space(c))
        fail(p, "a script stands in the page; put it under src/web/asset/js and name it by src");
    if (!is_inside(p, code_tags))
        count_letters(p, c);
}

static void open_begin(struct place *p, char c)
{
    p->state = IN_OPEN;
    p->tag[0] = 0;
    p->has_slash = p->has_src = p->has_alt = p->has_lang = p->has_dir = p->has_mode = false;
    append(p, p->tag, c);
}

static void after_lt(struct place *p, char c)
{
    if (c == '/') {
        p->state = IN_CLOSE;
        p->tag[0] = 0;
    } else if (c == '!') {
        p->state = IN_BANG;
        p->letters = 0;
    } else if (is_ascii_letter(c)) {
        open_begin(p, c);
    } else {
        fail(p, "a '<' that begins no element; write &lt;");
    }
}

static void open_end(struct place *p)
{
    bool is_void = is_one_of(p->tag, void_tags);

    p->state = IN_TEXT;
    p->letters = 0;
    if (strcmp(p->tag, "style") == 0)
        fail(p, "a style stands in the page; put it under src/web/asset/css");
    if (strcmp(p->tag, "script") == 0 && !p->has_src)
        fail(p, "a script without src; put it under src/web/asset/js and name it by src");
    if (strcmp(p->tag, "img") == 0 && !p->has_alt)
        fail(p, "an img without alt; write alt=\"\" when it only decorates");
    if (p->has_mode && !p->has_dir)
        fail(p, "inputmode without dir; a number or an address reads from the left: dir=\"ltr\"");
    if (strcmp(p->tag, "html") == 0 && !p->has_lang)
        fail(p, "html without lang; write lang=\"{{t.lang}}\" dir=\"{{t.dir}}\"");
    if (p->has_slash && !is_void && !is_one_of(p->tag, svg_tags))
        fail(p, "only void and svg elements end in '/>'; write the closing tag");
    if (is_void || p->has_slash)
        return;
    if (p->depth == PLACE_DEPTH) {
        fail(p, "elements are nested too deep; cut the template into parts");
        return;
    }
    memcpy(p->stack[p->depth++], p->tag, sizeof(p->tag));
}

static void close_end(struct place *p)
{
    p->state = IN_TEXT;
    p->letters = 0;
    if (p->depth == 0 || strcmp(p->stack[p->depth - 1], p->tag) != 0)
        fail(p, "this closing tag does not close the last open element; close elements in reverse "
                "order");
    else
        p->depth--;
}

static void attr_begin(struct place *p, char c)
{
    p->state = IN_ATTR;
    p->attr[0] = 0;
    append(p, p->attr, c);
}

static void attr_name_end(struct place *p)
{
    if (strncmp(p->attr, "on", 2) == 0)
        fail(p, "an on…= attribute; listen for the event in a script under src/web/asset/js");
    if (strcmp(p->attr, "style") == 0)
        fail(p,
             "a style= attribute; give the element a class and style it under src/web/asset/css");
    p->has_src |= strcmp(p->attr, "src") == 0;
    p->has_alt |= strcmp(p->attr, "alt") == 0;
    p->has_lang |= strcmp(p->attr, "lang") == 0;
    p->has_dir |= strcmp(p->attr, "dir") == 0;
    p->has_mode |= strcmp(p->attr, "inputmode") == 0;
}

static void in_tag(struct place *p, char c)
{
    if (c == '>') {
        open_end(p);
        return;
    }
    if (is_space(c)) {
        p->state = IN_TAG;
        p->needs_space = false;
        return;
    }
    if (p->has_slash)
        fail(p, "a '/' inside a tag; it may stand before '>' only");
    else if (c == '/')
        p->has_slash = true;
    else if (p->state == IN_TAG && !p->needs_space && is_ascii_letter(c))
        attr_begin(p, c);
    else
        fail(p, "this sign cannot stand in a tag; write name=\"value\" with white space between "
                "attributes");
}

static void in_attr(struct place *p, char c)
{
    if (is_name_char(c)) {
        append(p, p->attr, c);
        return;
    }
    attr_name_end(p);
    if (c == '=')
        p->state = IN_EQ;
    else
        in_tag(p, c);
}

static void value_begin(struct place *p, char c)
{
    if (c != '"' && c != '\'')
        fail(p, "a value without quotes; write name=\"value\"");
    p->state = IN_VALUE;
    p->quote = c;
    p->has_value = false;
    p->letters = 0;
    p->is_entity = false;
}

static void in_value(struct place *p, char c)
{
    if (c == p->quote) {
        p->state = IN_TAG;
        p->letters = 0;
        p->quote = 0;
        p->needs_space = true;
        return;
    }
    p->has_value = true;
    if (is_one_of(p->attr, word_attrs))
        count_letters(p, c);
}

static void in_close(struct place *p, char c)
{
    if (c == '>')
        close_end(p);
    else if (is_name_char(c))
        append(p, p->tag, c);
    else
        fail(p, "a closing tag holds its name only");
}

static void in_bang(struct place *p, char c)
{
    if (c == '-')
        fail(p, "a comment that readers would have to download; write {# … #}");
    if (c == '>')
        p->state = IN_TEXT;
}

void place_feed(struct place *p, char c)
{
    switch (p->state) {
    case IN_TEXT:
        in_text(p, c);
        break;
    case IN_LT:
        after_lt(p, c);
        break;
    case IN_BANG:
        in_bang(p, c);
        break;
    case IN_OPEN:
        if (is_name_char(c))
            append(p, p->tag, c);
        else
            in_tag(p, c);
        break;
    case IN_TAG:
        in_tag(p, c);
        break;
    case IN_ATTR:
        in_attr(p, c);
        break;
    case IN_EQ:
        value_begin(p, c);
        break;
    case IN_VALUE:
        in_value(p, c);
        break;
    case IN_CLOSE:
        in_close(p, c);
        break;
    }
}

bool place_takes_number(const struct place *p)
{
    return p->state == IN_VALUE && p->quote && !strcmp(p->attr, "srcset");
}

enum place_kind place_kind(const struct place *p)
{
    if (p->state == IN_TEXT && p->depth && strcmp(p->stack[p->depth - 1], "script") == 0)
        return PLACE_REFUSED;
    if (p->state == IN_TEXT)
        return p->depth && is_one_of(p->stack[p->depth - 1], plain_tags) ? PLACE_PLAIN : PLACE_TEXT;
    if (p->state != IN_VALUE || is_one_of(p->attr, closed_attrs))
        return PLACE_REFUSED;
    if (!is_one_of(p->attr, url_attrs))
        return PLACE_ATTR;
    return p->has_value ? PLACE_URL_INSIDE : PLACE_URL;
}

void place_value(struct place *p)
{
    p->has_value = true;
    p->letters = 0;
}

bool place_shrinks(const struct place *p)
{
    return p->state == IN_TAG || (p->state == IN_TEXT && !is_inside(p, pre_tags));
}

void place_settle(struct place *p)
{
    if (p->state == IN_ATTR)
        attr_name_end(p);
    if (p->state != IN_ATTR && p->state != IN_OPEN)
        return;
    p->state = IN_TAG;
    p->needs_space = true;
}

bool place_join(struct place *p, const struct place *other)
{
    if (p->state != other->state || p->depth != other->depth || p->quote != other->quote ||
        p->has_slash != other->has_slash)
        return false;
    for (int i = 0; i < p->depth; i++)
        if (strcmp(p->stack[i], other->stack[i]) != 0)
            return false;
    if (p->state != IN_TEXT && strcmp(p->tag, other->tag) != 0)
        return false;
    if (p->state == IN_VALUE && strcmp(p->attr, other->attr) != 0)
        return false;
    p->needs_space |= other->needs_space;
    /* A value inside an address is encoded more strictly, so "may have begun" is the safe side. */
    p->has_value |= other->has_value;
    p->has_src |= other->has_src;
    p->has_alt |= other->has_alt;
    p->has_lang |= other->has_lang;
    p->has_dir |= other->has_dir;
    p->has_mode |= other->has_mode;
    return true;
}

bool place_is_whole(const struct place *p)
{
    return p->state == IN_TEXT && p->depth == 0;
}
