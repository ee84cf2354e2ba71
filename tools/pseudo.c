#include "tools/pseudo.h"

#include "base/sb.h"
#include "base/str.h"
#include "tools/po.h"

/* Letters of Latin Extended-A and Additional that every browser's own fonts have. */
static const char *const small[26] = {"à", "ƀ", "ç", "ď", "é", "ƒ", "ĝ", "ĥ", "ï",
                                      "ĵ", "ķ", "ļ", "ḿ", "ñ", "ö", "þ", "ɋ", "ř",
                                      "š", "ť", "ü", "ṽ", "ŵ", "ẋ", "ý", "ž"};
static const char *const large[26] = {"Å", "Ɓ", "Ç", "Ð", "É", "Ƒ", "Ĝ", "Ĥ", "Ï",
                                      "Ĵ", "Ķ", "Ļ", "Ḿ", "Ñ", "Ö", "Þ", "Ɋ", "Ř",
                                      "Š", "Ť", "Ü", "Ṽ", "Ŵ", "Ẋ", "Ý", "Ž"};

static void letter(struct sb *to, char c)
{
    if (c >= 'a' && c <= 'z')
        sb_c(to, small[c - 'a']);
    else if (c >= 'A' && c <= 'Z')
        sb_c(to, large[c - 'A']);
    else
        sb_char(to, c);
}

/* How many bytes at s stand for themselves: an {argument} or a doubled brace; 0 for a letter. */
static size_t fixed(str s)
{
    ptrdiff_t end;

    if (s.p[0] != '{' && s.p[0] != '}')
        return 0;
    if (s.n > 1 && s.p[1] == s.p[0])
        return 2;
    end = str_chr(s, '}');
    return end < 0 ? 1 : (size_t)end + 1;
}

/* Words of five letters until `n` signs are filled: long lines may break between them, as German
 * and Turkmen lines do. */
static void pad(struct sb *to, size_t n)
{
    static const char *const words[] = {" łöñĝř", " ẃöřđš", " ĥéřèš"};

    for (size_t i = 0; i * 6 < n; i++)
        sb_c(to, words[i % NELEM(words)]);
}

void pseudo_text(struct sb *to, str s)
{
    size_t i = 0;

    sb_char(to, '[');
    while (i < s.n) {
        size_t n = fixed(str_from(s, i));

        sb_add(to, str_take(str_from(s, i), n));
        if (!n)
            letter(to, s.p[i]);
        i += n ? n : 1;
    }
    pad(to, (s.n * 35 + 99) / 100);
    sb_char(to, ']');
}

/* A text in quotes with gettext's escapes. */
static void quoted(struct sb *to, str s)
{
    sb_char(to, '"');
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '\n') {
            sb_c(to, "\\n");
            continue;
        }
        if (s.p[i] == '"' || s.p[i] == '\\')
            sb_char(to, '\\');
        sb_char(to, s.p[i]);
    }
    sb_c(to, "\"\n");
}

static void entry(struct sb *to, const struct po_entry *e)
{
    sb_printf(to, "\nmsgid \"%.*s\"\n", STR(e->key));
    if (e->is_plural)
        sb_printf(to, "msgid_plural \"%.*s\"\n", STR(e->key));
    for (size_t i = 0; i < e->nforms; i++) {
        struct sb text = sb_init(NULL, 0);

        if (e->is_plural)
            sb_printf(to, "msgstr[%zu] ", i);
        else
            sb_c(to, "msgstr ");
        pseudo_text(&text, e->forms[i]);
        quoted(to, sb_str(&text));
        sb_done(&text);
    }
}

void pseudo_po(struct sb *to, const struct po *en)
{
    sb_c(to, "# Made by tools/text from en.po.\nmsgid \"\"\nmsgstr \"\"\n"
             "\"Language: xx\\n\"\n\"Content-Type: text/plain; charset=UTF-8\\n\"\n\"X-Plural:");
    for (size_t i = 0; i < en->nplural; i++)
        sb_printf(to, " %.*s", STR(en->plural[i]));
    sb_printf(to,
              "\\n\"\n\"X-Name: [Þšéüðö]\\n\"\n\"X-Direction: ltr\\n\"\n\"X-Locale: %.*s\\n\"\n"
              "\"X-Review: draft\\n\"\n",
              STR(en->locale));
    for (size_t i = 0; i < en->n; i++)
        entry(to, &en->entries[i]);
}
