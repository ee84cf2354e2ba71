#include "tools/tidy.h"

#include "base/sb.h"
#include "base/str.h"
#include "tools/tool.h"

#include <stdlib.h>
#include <string.h>

/* ---- two views of the text: code alone, literals alone ---- */

enum view { IN_CODE, IN_STRING, IN_CHAR, IN_BLOCK, IN_LINE };

static enum view step(enum view in, str text, size_t *at)
{
    char c = text.p[*at], next = *at + 1 < text.n ? text.p[*at + 1] : 0;

    switch (in) {
    case IN_CODE:
        if (c == '/' && (next == '*' || next == '/'))
            return next == '*' ? IN_BLOCK : IN_LINE;
        return c == '"' ? IN_STRING : c == '\'' ? IN_CHAR : IN_CODE;
    case IN_STRING:
    case IN_CHAR:
        if (c == '\\')
            (*at)++;
        else if (c == (in == IN_STRING ? '"' : '\''))
            return IN_CODE;
        return in;
    case IN_BLOCK:
        if (c == '*' && next == '/') {
            (*at)++;
            return IN_CODE;
        }
        return in;
    default:
        return c == '\n' ? IN_CODE : in;
    }
}

static void split(struct tidy *f)
{
    char *code = malloc(f->text.n + 1), *literals = malloc(f->text.n + 1);
    enum view in = IN_CODE;

    if (!code || !literals)
        exit(2);
    for (size_t i = 0; i < f->text.n; i++)
        code[i] = literals[i] = f->text.p[i] == '\n' ? '\n' : ' ';
    code[f->text.n] = literals[f->text.n] = 0;
    for (size_t i = 0; i < f->text.n; i++) {
        enum view before = in;
        size_t at = i;

        in = step(in, f->text, &i);
        if ((before == IN_CODE && in != IN_BLOCK && in != IN_LINE) ||
            (in == IN_CODE && before <= IN_CHAR))
            code[at] = f->text.p[at];
        else if (before == IN_STRING && in == IN_STRING)
            literals[at] = f->text.p[at];
    }
    f->code = (str){code, f->text.n};
    f->literals = (str){literals, f->text.n};
}

/* ---- includes ---- */

static const struct {
    const char *layer, *may;
} layers[] = {
    {"base", " base "},
    {"net", " net base "},
    {"store", " store base "},
    {"media", " media base "},
    {"domain", " domain store base "},
    {"live", " live domain media net base "},
    {"web", " web domain net base gen "},
    {"app", " app web live domain media store net base gen "},
};

static str layer_of(const struct tidy *f)
{
    return tidy_under(f, "src/") ? str_cut(str_from(str_c(f->path), 4), '/').head : (str){NULL, 0};
}

static void check_layer(const struct tidy *f, int line, str layer, str path)
{
    str to = str_cut(path, '/').head;

    for (size_t i = 0; i < NELEM(layers); i++) {
        if (!str_eq(layer, str_c(layers[i].layer)))
            continue;
        if (str_find(str_c(layers[i].may), str_c(tool_text(" %.*s ", STR(to)))) < 0)
            tool_error(f->path, line,
                       "%s must not include %.*s; the table of layers is in ARCHITECTURE.md",
                       layers[i].layer, STR(path));
    }
    /* No right but the case worker's may see that a request exists. */
    if (str_starts(path, S("domain/help")) && !str_eq(layer, S("app")) &&
        !str_starts(str_c(f->path), S("src/domain/help")) &&
        !str_starts(str_c(f->path), S("src/web/page_help")))
        tool_error(f->path, line, "only web/page_help.c and app may include %.*s", STR(path));
}

static void one_include(const struct tidy *f, int line, str path, bool is_system)
{
    str layer = layer_of(f);
    bool is_store = tidy_under(f, "src/store/") || tidy_under(f, "tests/store/");

    if (is_system && !is_store && (str_eq(path, S("sqlite3.h")) || str_eq(path, S("libpq-fe.h"))))
        tool_error(f->path, line, "%.*s outside store; use store/db.h", STR(path));
    if (is_system)
        return;
    if (str_chr(path, '/') < 0 && (layer.p || tidy_under(f, "tools/")))
        tool_error(f->path, line, "\"%.*s\" is not rooted; write \"layer/%.*s\"", STR(path),
                   STR(path));
    else if (layer.p)
        check_layer(f, line, layer, path);
}

struct include {
    str path;
    bool is_system;
    int line;
    bool is_apart; /* a blank line or another line stands before it */
};

static bool parse_include(str line, struct include *ret_include)
{
    struct str_pair cut;
    char open;

    if (!str_starts(line, S("#include ")))
        return false;
    line = str_trim(str_from(line, 9));
    open = line.n ? line.p[0] : 0;
    if (open != '"' && open != '<')
        return false;
    cut = str_cut(str_from(line, 1), open == '"' ? '"' : '>');
    ret_include->path = cut.head;
    ret_include->is_system = open == '<';
    return cut.ok;
}

/* Inside a group (no blank line between), names are sorted; our headers come before the system's.
 */
static void check_order(const struct tidy *f, const struct include *before,
                        const struct include *now)
{
    if (now->is_apart || str_eq(now->path, S("cmocka.h")))
        return; /* cmocka.h asks for others before it */
    if (before->is_system != now->is_system)
        tool_error(f->path, now->line,
                   "our headers and the system's in one group; put a blank line between them");
    else if (str_cmp(before->path, now->path) >= 0)
        tool_error(f->path, now->line, "%.*s is out of order; sort the includes of a group",
                   STR(now->path));
}

static void includes(const struct tidy *f)
{
    struct include before = {0}, now = {.is_apart = true};
    bool has_own = false;
    str rest = f->text, line;
    str own = str_c(tool_text("%.*s.h", STR(str_rcut(str_c(f->path), '.').head)));

    if (str_starts(own, S("src/")))
        own = str_from(own, 4);
    for (now.line = 1; str_line(&rest, &line); now.line++) {
        if (!parse_include(line, &now)) {
            now.is_apart = true;
            continue;
        }
        one_include(f, now.line, now.path, now.is_system);
        if (has_own && before.path.p)
            check_order(f, &before, &now);
        if (before.path.p && str_eq(now.path, own) && tidy_is(f, ".c"))
            tool_error(f->path, now.line, "the own header comes first");
        has_own = true;
        before = now;
        now.is_apart = false;
    }
}

/* ---- headers ---- */

static bool has_guard(const struct tidy *f, str name)
{
    const char *want = tool_upper(name);

    return str_find(f->code, str_c(tool_text("#ifndef %s\n#define %s\n", want, want))) >= 0;
}

/* BASE_STR_H of src/base/str.h; outside src the name of the first folder may stand in front. */
static void guard(const struct tidy *f)
{
    str inner = str_cut(str_c(f->path), '/').tail;
    bool is_good = has_guard(f, inner);

    if (!is_good && !tidy_under(f, "src/"))
        is_good = has_guard(f, str_c(f->path));
    if (!is_good)
        tool_error(f->path, 1, "the guard must be #ifndef %s, #define %s", tool_upper(inner),
                   tool_upper(inner));
}

/* sdp_write.c has the header of its noun, sdp.h; a test has its noun in its name. */
static bool has_header(const struct tidy *f)
{
    str stem = str_rcut(str_c(f->path), '.').head;

    while (stem.n) {
        if (tool_exists(tool_text("%.*s.h", STR(stem))))
            return true;
        stem = str_chr(str_rcut(stem, '_').tail, '/') < 0 && str_rcut(stem, '_').ok
                   ? str_rcut(stem, '_').head
                   : S("");
    }
    return tidy_is(f, "_test.c") || tidy_is(f, "_fuzz.c");
}

/* Headers, and .c files that have none of their own, begin by saying what they are. */
static void head_comment(const struct tidy *f)
{
    if ((tidy_is(f, ".h") || !has_header(f)) && !str_starts(f->text, S("/*")))
        tool_error(f->path, 1, "the file does not say what it is; begin it with a comment");
}

/* ---- calls ---- */

static const struct {
    const char *word, *mend;
} banned[] = {
    {"strcpy", "use str_copy()"},
    {"strcat", "use struct sb"},
    {"sprintf", "use snprintf() or sb_printf()"},
    {"vsprintf", "use vsnprintf()"},
    {"gets", "use read()"},
    {"strtok", "use str_cut()"},
    {"strncpy", "use str_copy()"},
    {"atoi", "use str_i64()"},
    {"atol", "use str_i64()"},
    {"system", "use a child of app"},
    {"popen", "use a child of app"},
    {"alloca", "use an arena"},
    {"rand", "use base/random.h"},
    {"srand", "use base/random.h"},
    {"gmtime", "use gmtime_r()"},
    {"localtime", "zones are ICU's"},
};

static bool is_call(str code, size_t at, size_t n)
{
    while (at + n < code.n && code.p[at + n] == ' ')
        n++;
    return at + n < code.n && code.p[at + n] == '(';
}

static void no_call(const struct tidy *f, const char *word, const char *mend)
{
    for (size_t at = 0; tidy_next_word(f->code, &at, str_c(word)); at++)
        if (is_call(f->code, at, strlen(word)))
            tool_error(f->path, tidy_line(f, at), "%s(); %s", word, mend);
}

static bool is_library(const struct tidy *f)
{
    return tidy_under(f, "src/base/") || tidy_under(f, "src/net/") || tidy_under(f, "src/store/") ||
           tidy_under(f, "src/media/") || tidy_under(f, "src/domain/");
}

static bool names_secret(str args)
{
    static const char *const words[] = {"tag",  "token",  "secret", "password", "mac",
                                        "hmac", "digest", "csrf",   "cookie"};

    for (size_t i = 0; i < NELEM(words); i++) {
        size_t at = 0;

        if (tidy_next_word(args, &at, str_c(words[i])))
            return true;
    }
    return false;
}

static void no_memcmp_on_secrets(const struct tidy *f)
{
    for (size_t at = 0; tidy_next_word(f->code, &at, S("memcmp")); at++)
        if (names_secret(str_cut(str_from(f->code, at), ';').head))
            tool_error(f->path, tidy_line(f, at),
                       "memcmp() on a secret; use ct_equal() of base/ct.h");
}

static void calls(const struct tidy *f)
{
    bool is_clock_free = tidy_under(f, "src/media/") || tidy_under(f, "src/domain/");
    bool is_product = tidy_under(f, "src/") || tidy_under(f, "tools/");

    for (size_t i = 0; i < NELEM(banned) && is_product; i++)
        no_call(f, banned[i].word, banned[i].mend);
    if (tidy_under(f, "tests/")) {
        no_call(f, "sleep", "wait for what should happen, not for time");
        no_call(f, "usleep", "wait for what should happen, not for time");
        no_call(f, "nanosleep", "wait for what should happen, not for time");
    }
    if (is_library(f) && !tidy_under(f, "src/base/log.")) {
        no_call(f, "printf", "a library layer does not print; return text in a struct sb");
        no_call(f, "puts", "a library layer does not print; return text in a struct sb");
        no_call(f, "fprintf", "a library layer does not print; return text in a struct sb");
        no_call(f, "log_info", "library layers log by log_debug() only");
        no_call(f, "log_warn", "library layers log by log_debug() only");
        no_call(f, "log_error", "library layers log by log_debug() only");
    }
    if (is_clock_free) {
        no_call(f, "clock_mono", "media and domain are given `usec now`");
        no_call(f, "clock_wall", "media and domain are given `usec now`");
        no_call(f, "clock_gettime", "media and domain are given `usec now`");
        no_call(f, "time", "media and domain are given `usec now`");
    }
    no_memcmp_on_secrets(f);
}

static void typedefs(const struct tidy *f)
{
    static const char *const kinds[] = {"typedef struct {", "typedef struct\n", "typedef enum",
                                        "typedef union"};
    ptrdiff_t at;

    for (size_t i = 0; i < NELEM(kinds); i++) {
        at = str_find(f->code, str_c(kinds[i]));
        if (at >= 0)
            tool_error(f->path, tidy_line(f, (size_t)at),
                       "a typedef of a struct; write struct name");
    }
}

/* ---- sizes ---- */

static const struct tidy_limit length_limit = {"function", 70, "cut it into steps that have names"};
static const struct tidy_limit nesting_limit = {"nesting", 3,
                                                "return early or move the inner block out"};
static const struct tidy_limit parameter_limit = {"parameters", 6,
                                                  "put what belongs together into a struct"};

/* The place of the '(' that closes at `close`. */
static size_t open_of(str code, size_t close)
{
    int depth = 0;

    for (size_t i = close + 1; i > 0; i--) {
        depth += code.p[i - 1] == ')';
        depth -= code.p[i - 1] == '(';
        if (depth == 0)
            return i - 1;
    }
    return 0;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\n';
}

static bool ends_in_word(str code, size_t end, const char *word)
{
    size_t n = strlen(word);

    return end >= n && tidy_word_at(code, end - n, str_c(word));
}

/* A '{' that begins a block of statements, and no initialiser. */
static bool is_block(str code, size_t at)
{
    static const char *const heads[] = {"if", "for", "while", "switch"};
    size_t end = at;

    while (end > 0 && is_space(code.p[end - 1]))
        end--;
    if (end == 0 || strchr(";{}:", code.p[end - 1]))
        return true;
    if (code.p[end - 1] != ')')
        return ends_in_word(code, end, "else") || ends_in_word(code, end, "do");
    end = open_of(code, end - 1);
    while (end > 0 && is_space(code.p[end - 1]))
        end--;
    for (size_t i = 0; i < NELEM(heads); i++)
        if (ends_in_word(code, end, heads[i]))
            return true;
    return false;
}

static size_t nesting(str code, size_t from, size_t to)
{
    char is_blocks[256] = {0};
    size_t deepest = 0, depth = 0, braces = 0;

    for (size_t i = from + 1; i < to; i++) {
        if (code.p[i] == '{' && braces < sizeof(is_blocks)) {
            is_blocks[braces] = is_block(code, i);
            depth += (size_t)is_blocks[braces++];
        } else if (code.p[i] == '}' && braces > 0) {
            depth -= (size_t)is_blocks[--braces];
        }
        if (depth > deepest)
            deepest = depth;
    }
    return deepest;
}

static size_t parameters(str code, size_t open, size_t close)
{
    size_t n = 1;
    int depth = 0;

    for (size_t i = open + 1; i < close; i++) {
        depth += code.p[i] == '(';
        depth -= code.p[i] == ')';
        n += depth == 0 && code.p[i] == ',';
    }
    return n;
}

static str name_before(str code, size_t open)
{
    size_t end = open, start;

    while (end > 0 && is_space(code.p[end - 1]))
        end--;
    for (start = end; start > 0; start--) {
        char c = code.p[start - 1];

        if (c != '_' && !(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') &&
            !(c >= '0' && c <= '9'))
            break;
    }
    return str_take(str_from(code, start), end - start);
}

/* `at` is a '{' at the beginning of a line: a function if a parameter list stands before it. */
static void function(const struct tidy *f, size_t at)
{
    size_t close = at, open, end;
    ptrdiff_t found = str_find(str_from(f->code, at), S("\n}"));
    int line = tidy_line(f, at);
    str name;

    while (close > 0 && is_space(f->code.p[close - 1]))
        close--;
    if (found < 0 || close == 0 || f->code.p[close - 1] != ')')
        return;
    open = open_of(f->code, close - 1);
    end = at + (size_t)found;
    name = name_before(f->code, open);
    tidy_measure(f, line, &length_limit, name, (size_t)(tidy_line(f, end) - line));
    tidy_measure(f, line, &nesting_limit, name, nesting(f->code, at, end));
    tidy_measure(f, line, &parameter_limit, name, parameters(f->code, open, close - 1));
}

static void functions(const struct tidy *f)
{
    for (size_t i = 1; i < f->code.n; i++)
        if (f->code.p[i] == '{' && f->code.p[i - 1] == '\n')
            function(f, i);
}

void tidy_c(struct tidy *f)
{
    split(f);
    includes(f);
    head_comment(f);
    if (tidy_is(f, ".h"))
        guard(f);
    calls(f);
    typedefs(f);
    functions(f);
}
