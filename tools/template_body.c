#include "tools/template.h"

#include "base/str.h"
#include "tools/po.h"
#include "tools/tool.h"

#include <sys/stat.h>

static void flush_literal(struct body *b)
{
    if (!b->literal.n)
        return;
    sb_c(b->out, "    sb_add(out, S(");
    tool_literal(b->out, sb_str(&b->literal));
    sb_c(b->out, "));\n");
    sb_reset(&b->literal);
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* White space shrinks to one character: a line end if it holds one. */
static void add_space(struct body *b)
{
    bool in_tag = b->place.state == IN_TAG;
    bool has_line = false;

    while (b->at < b->text.n && is_space(b->text.p[b->at])) {
        has_line |= b->text.p[b->at++] == '\n';
        place_feed(&b->place, ' ');
    }
    if (in_tag && b->at < b->text.n && b->text.p[b->at] == '>')
        return;
    if (b->last == '\n' && has_line)
        return;
    b->last = has_line && !in_tag ? '\n' : ' ';
    sb_char(&b->literal, b->last);
}

static void add_char(struct body *b)
{
    char c = b->text.p[b->at];

    if (is_space(c) && place_shrinks(&b->place)) {
        add_space(b);
        return;
    }
    place_feed(&b->place, c);
    sb_char(&b->literal, c);
    b->last = c;
    b->at++;
    if (!b->place.error)
        return;
    b->tag_at = b->at - 1;
    body_error(b, "%s", b->place.error);
}

/* Takes what stands between two signs: "{{" … "}}". */
static bool take_tag(struct body *b, str close, str *ret_inside)
{
    str rest = str_from(b->text, b->at + 2);
    ptrdiff_t end = str_find(rest, close);

    b->tag_at = b->at;
    if (end < 0) {
        body_error(b, "this has no end; close it with %.*s", STR(close));
        return false;
    }
    *ret_inside = str_take(rest, (size_t)end);
    b->at += 2 + (size_t)end + 2;
    return true;
}

static void skip_comment(struct body *b)
{
    str inside;

    (void)take_tag(b, S("#}"), &inside);
}

static void value_tag(struct body *b)
{
    struct words w;
    str inside;

    if (!take_tag(b, S("}}"), &inside))
        return;
    flush_literal(b);
    w = words_init(inside);
    value_write(b, &w);
    b->last = 0;
}

static bool has_asset(const struct body *b, str name)
{
    struct stat st;
    str lang;

    if (stat(tool_text("%s/%.*s", b->site->assets, STR(name)), &st) == 0)
        return S_ISREG(st.st_mode);
    if (!str_starts(name, S("text/")) || !str_ends(name, S(".json")))
        return false;
    lang = str_take(str_from(name, 5), name.n - 10);
    return lang.n > 0 && str_chr(lang, '/') < 0; /* made from src/web/text/ */
}

static void asset_tag(struct body *b, str name)
{
    if (place_kind(&b->place) != PLACE_URL)
        body_error(b, "{%%a %%} is the whole value of href, src or another address");
    if (!has_asset(b, name))
        body_error(b, "there is no asset '%.*s' under src/web/asset; create it or correct the name",
                   STR(name));
    sb_printf(b->out, "    sb_add(out, asset_url(S(\"%.*s\")));\n", STR(name));
    place_value(&b->place);
    b->last = 0;
}

/* ---- blocks ---- */

enum stop { STOP_FILE, STOP_ELIF, STOP_ELSE, STOP_EMPTY, STOP_END };

static enum stop run(struct body *b, struct words *ret_w);

static void join(struct body *b, struct place *sum, bool is_first)
{
    flush_literal(b);
    place_settle(&b->place);
    if (b->place.error)
        body_error(b, "%s", b->place.error);
    if (is_first)
        *sum = b->place;
    else if (!b->failed && !place_join(sum, &b->place))
        body_error(b, "the branches end in different places of the page (element open, inside a "
                      "tag or value); open "
                      "and close elements in the same branch");
    b->last = 0;
}

static void if_tag(struct body *b, struct words *w)
{
    struct place before, sum = {0};
    const char *c = value_condition(b, w);
    bool has_else = false, is_first = true;
    enum stop stop = STOP_ELIF;
    size_t at = b->tag_at;

    place_settle(&b->place);
    before = b->place;
    sb_printf(b->out, "    if (%s) {\n", c ? c : "0");
    while (!b->failed && stop != STOP_END) {
        b->place = before;
        stop = run(b, w);
        join(b, &sum, is_first);
        is_first = false;
        if (stop == STOP_FILE || stop == STOP_EMPTY || (has_else && stop != STOP_END)) {
            b->tag_at = stop == STOP_FILE ? at : b->tag_at;
            body_error(
                b,
                "this {%% if %%} has no {%% end %%}, or something stands behind its {%% else %%}");
        } else if (stop == STOP_ELIF) {
            c = value_condition(b, w);
            sb_printf(b->out, "    } else if (%s) {\n", c ? c : "0");
        } else if (stop == STOP_ELSE) {
            has_else = true;
            sb_c(b->out, "    } else {\n");
        }
    }
    b->place = before;
    if (!has_else)
        join(b, &sum, false);
    b->place = sum;
    sb_c(b->out, "    }\n");
}

static void for_head(struct body *b, const struct value *list, int id)
{
    const struct record *r = list->field->record;

    sb_printf(b->out, "    for (size_t i%d = 0; i%d < %s; i%d++) {\n", id, id, list->count, id);
    sb_printf(b->out, "    const struct %s *a%d = &%s[i%d];\n    (void)a%d;\n", r->c_name, id,
              list->c, id, id);
}

static void for_body(struct body *b, const struct value *list, const struct scope *scope)
{
    struct place before = b->place, sum = b->place;
    size_t at = b->tag_at;
    struct words w;
    enum stop stop;

    b->scope = scope;
    for_head(b, list, scope->id);
    stop = run(b, &w);
    join(b, &sum, false);
    b->scope = scope->up;
    sb_c(b->out, "    }\n");
    if (stop == STOP_EMPTY) {
        b->place = before;
        sb_printf(b->out, "    if (%s == 0) {\n", list->count);
        stop = run(b, &w);
        join(b, &sum, false);
        sb_c(b->out, "    }\n");
    }
    b->place = sum;
    if (stop == STOP_END)
        return;
    b->tag_at = at;
    body_error(b, "this {%% for %%} has no {%% end %%}");
}

static void for_tag(struct body *b, struct words *w)
{
    struct scope scope = {.up = b->scope, .id = ++b->nvars};
    struct value list;

    scope.name = w->s;
    if (w->kind != TOKEN_NAME || str_chr(w->s, '.') >= 0) {
        body_error(b, "write {%% for item in list %%}");
        return;
    }
    words_next(w);
    if (!words_take(w, "in") || w->kind != TOKEN_NAME || !value_by_path(b, w->s, &list) ||
        list.type != TYPE_LIST) {
        body_error(b, "a list is expected; write {%% for item in list %%}");
        return;
    }
    if (record_field(&b->tpl->record, scope.name)) {
        body_error(b, "'%.*s' is a field already; give the loop another name", STR(scope.name));
        return;
    }
    scope.list = list.field;
    scope.count = list.count;
    place_settle(&b->place);
    for_body(b, &list, &scope);
}

static void body_tag(struct body *b)
{
    b->has_body = true;
    if (place_kind(&b->place) != PLACE_TEXT)
        body_error(b, "{%% body %%} may stand in text only");
    sb_c(b->out, "    if (in)\n        in->run(out, t, in);\n");
    b->last = 0;
}

static void simple_tag(struct body *b, struct words *w)
{
    if (words_take(w, "if"))
        if_tag(b, w);
    else if (words_take(w, "for"))
        for_tag(b, w);
    else if (words_take(w, "include"))
        value_include(b, w);
    else if (words_take(w, "body"))
        body_tag(b);
    else
        body_error(
            b,
            "'%.*s' is not known; {%% if elif else end for empty include body %%}, {%%t key %%}, "
            "{%%a asset %%}",
            STR(w->s));
    b->last = 0;
}

/* True when the tag ends the block that is being run. */
static bool is_stop(const struct words *w, enum stop *ret_stop)
{
    static const struct {
        const char *word;
        enum stop stop;
    } stops[] = {
        {"elif", STOP_ELIF}, {"else", STOP_ELSE}, {"empty", STOP_EMPTY}, {"end", STOP_END}};

    for (size_t i = 0; i < NELEM(stops); i++) {
        if (!words_are(w, stops[i].word))
            continue;
        *ret_stop = stops[i].stop;
        return true;
    }
    return false;
}

static bool block_tag(struct body *b, struct words *ret_w, enum stop *ret_stop)
{
    str inside;

    if (!take_tag(b, S("%}"), &inside))
        return false;
    flush_literal(b);
    if (inside.n > 1 && (inside.p[0] == 't' || inside.p[0] == 'a') && is_space(inside.p[1])) {
        *ret_w = words_init(str_from(inside, 1));
        if (inside.p[0] == 't')
            value_text(b, ret_w);
        else
            asset_tag(b, str_trim(str_from(inside, 1)));
        b->last = 0;
        return false;
    }
    *ret_w = words_init(inside);
    if (is_stop(ret_w, ret_stop)) {
        words_next(ret_w);
        return true;
    }
    simple_tag(b, ret_w);
    return false;
}

static enum stop run(struct body *b, struct words *ret_w)
{
    enum stop stop = STOP_FILE;

    while (!b->failed && b->at < b->text.n) {
        str rest = str_from(b->text, b->at);

        if (str_starts(rest, S("{{")))
            value_tag(b);
        else if (str_starts(rest, S("{#")))
            skip_comment(b);
        else if (!str_starts(rest, S("{%")))
            add_char(b);
        else if (block_tag(b, ret_w, &stop))
            return stop;
    }
    flush_literal(b);
    return STOP_FILE;
}

static void check_used(struct body *b, const struct record *r)
{
    for (const struct field *f = r->first; f; f = f->next) {
        if (!f->is_used && f->type != TYPE_LAYOUT) {
            tool_error(b->tpl->path, f->line,
                       "the field '%.*s' is never used; delete it or show it", STR(f->name));
            b->failed = true;
        }
        if (f->record && !f->part)
            check_used(b, f->record);
    }
}

static void write_frame(const struct template *t, struct sb *out)
{
    sb_printf(
        out,
        "static void in_%.*s(struct sb *out, const struct texts *t, const struct tpl_%.*s *v,\n"
        "                    const struct inner *in)\n{\n    struct inner self = {body_%.*s, v, "
        "in};\n\n",
        STR(t->name), STR(t->name), STR(t->name));
    if (t->layout)
        sb_printf(out, "    in_%.*s(out, t, &v->%.*s, &self);\n}\n\n", STR(t->layout->part_name),
                  STR(t->layout->name));
    else
        sb_printf(out, "    body_%.*s(out, t, &self);\n}\n\n", STR(t->name));
    sb_printf(out,
              "void tpl_%.*s(struct sb *out, const struct texts *t, const struct tpl_%.*s *v)\n{\n"
              "    in_%.*s(out, t, v, NULL);\n}\n\n",
              STR(t->name), STR(t->name), STR(t->name));
}

bool body_write(const struct site *s, struct template *t, struct sb *out)
{
    struct body b = {.site = s,
                     .tpl = t,
                     .text = t->text,
                     .at = t->body_at,
                     .out = out,
                     .last = '\n',
                     .literal = sb_init(NULL, SIZE_MAX)};
    struct words w;

    while (b.text.n > b.at && is_space(b.text.p[b.text.n - 1]))
        b.text.n--;
    sb_printf(out,
              "static void body_%.*s(struct sb *out, const struct texts *t, const struct inner "
              "*self)\n{\n"
              "    const struct tpl_%.*s *v = self->v;\n    const struct inner *in = self->in;\n\n"
              "    (void)t;\n    (void)v;\n    (void)in;\n",
              STR(t->name), STR(t->name));
    if (run(&b, &w) != STOP_FILE)
        body_error(&b, "this belongs to no {%% if %%} or {%% for %%}");
    b.tag_at = b.text.n;
    if (!b.failed && !place_is_whole(&b.place))
        body_error(&b, "the template ends inside <%s>; close it",
                   b.place.depth ? b.place.stack[b.place.depth - 1] : b.place.tag);
    if (!b.failed)
        check_used(&b, &t->record);
    sb_c(out, "}\n\n");
    write_frame(t, out);
    sb_done(&b.literal);
    return !b.failed;
}
