/*
 * House rules as a program: run by ./test from the root of the project, it reads every file that
 * people write and says `file:line: what; how to fix`. CONTRIBUTING.md says why a rule is there.
 *
 *     tidy ROOT [BUILD_DIR]     with a build folder every header is compiled alone as well
 *     tidy --ratchet ROOT       writes tools/tidy.ratchet anew from what is over a limit now
 */
#include "tools/tidy.h"

#include "base/encode.h"
#include "base/sb.h"
#include "base/str.h"
#include "tools/tool.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *const folders[] = {"src",   "tools", "tests",      "fuzz",
                                      "bench", "docs",  "packaging", ".ci"};
static const char *const top_files[] = {"README.md",      "ARCHITECTURE.md", "CONTRIBUTING.md",
                                        "CHANGELOG.md",   "SECURITY.md",     "THIRD-PARTY.md",
                                        "meson.build",    "run",             "test",
                                        "meson_options.txt"};
static const char *const kinds[] = {".c",   ".h",     ".html", ".css", ".js", ".mjs",
                                    ".po",  ".sql",   ".md",   ".sh",  ".py", ".json",
                                    ".txt", ".build", ".svg",  "run", "test"};

static struct {
    str old;       /* tools/tidy.ratchet */
    struct sb now; /* what it would be */
    bool is_written;
} ratchet;

bool tidy_is(const struct tidy *f, const char *suffix)
{
    return str_ends(str_c(f->path), str_c(suffix));
}

bool tidy_under(const struct tidy *f, const char *folder)
{
    return str_starts(str_c(f->path), str_c(folder));
}

int tidy_line(const struct tidy *f, size_t at)
{
    return tool_line(f->text, at);
}

static bool is_word(char c)
{
    return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool tidy_word_at(str text, size_t at, str word)
{
    if (!str_starts(str_from(text, at), word) || (at > 0 && is_word(text.p[at - 1])))
        return false;
    return at + word.n >= text.n || !is_word(text.p[at + word.n]);
}

bool tidy_next_word(str text, size_t *at, str word)
{
    for (;;) {
        ptrdiff_t found = str_find(str_from(text, *at), word);

        if (found < 0)
            return false;
        *at += (size_t)found;
        if (tidy_word_at(text, *at, word))
            return true;
        (*at)++;
    }
}

/* ---- ratchet ---- */

static size_t ratchet_of(str key)
{
    str rest = ratchet.old, line;
    uint64_t n = 0;

    while (str_line(&rest, &line)) {
        struct str_pair cut = str_rcut(line, ' ');

        if (str_eq(cut.head, key) && str_u64(cut.tail, SIZE_MAX, &n) == 0)
            return (size_t)n;
    }
    return 0;
}

void tidy_measure(const struct tidy *f, int line, const struct tidy_limit *limit, str who, size_t n)
{
    str key = str_c(tool_text(who.n ? "%s %s:%.*s" : "%s %s", limit->what, f->path, STR(who)));
    size_t held = ratchet_of(key);

    if (n <= limit->most)
        return;
    sb_printf(&ratchet.now, "%.*s %zu\n", STR(key), n);
    if (n > held && !ratchet.is_written)
        tool_error(f->path, line, "%s %.*s: %zu, the limit is %zu; %s", limit->what, STR(who), n,
                   held ? held : limit->most, limit->mend);
}

/* ---- any text ---- */

/* Marks of unfinished work, and words about the machine that somebody worked on. This file and its
 * tests must name them. */
static const struct {
    const char *word, *mend;
} marks[] = {
    {"TODO", "do it, or write a decision into docs/decisions"},
    {"FIXME", "do it, or write a decision into docs/decisions"},
    {"XXX", "do it, or write a decision into docs/decisions"},
    {"not implemented", "implement it or leave it out"},
    {"for now", "say what is, not what will be"},
    {"/home/", "a path of one machine; write a path of the project"},
    {"/root/", "a path of one machine; write a path of the project"},
    {"\"resolved\": \"http",
     "a registry's name; npm config set omit-lockfile-registry-resolved true"},
};

/* A mark in capitals is a word of its own: mkdtemp("…XXXXXX") is none. */
static bool has_mark(str text, str word, size_t *ret_at)
{
    size_t at = 0;
    ptrdiff_t found;

    if (word.p[0] >= 'A' && word.p[0] <= 'Z') {
        if (!tidy_next_word(text, &at, word))
            return false;
        *ret_at = at;
        return true;
    }
    found = str_find(text, word);
    if (found >= 0)
        *ret_at = (size_t)found;
    return found >= 0;
}

static void look_for_marks(const struct tidy *f)
{
    size_t at;

    if (tidy_under(f, "tools/tidy") || tidy_under(f, "tests/tools/"))
        return;
    for (size_t i = 0; i < NELEM(marks); i++)
        if (has_mark(f->text, str_c(marks[i].word), &at))
            tool_error(f->path, tidy_line(f, at), "'%s'; %s", marks[i].word, marks[i].mend);
}

enum { MAX_COLUMNS = 100 };

static const struct tidy_limit wide_limit = {"wide-lines", 0,
                                             "break the lines of more than 100 columns"};
static const struct tidy_limit c_limit = {"lines", 700, "divide the file by its nouns"};
static const struct tidy_limit h_limit = {"lines", 150,
                                          "an interface fits on few screens; divide it"};

static size_t columns(str line)
{
    size_t n = 0;

    for (size_t i = 0; i < line.n; i++)
        n += ((unsigned char)line.p[i] & 0xc0) != 0x80;
    return n;
}

static void one_line(const struct tidy *f, int number, str line)
{
    char last = line.n ? line.p[line.n - 1] : 'x';

    if (last == ' ' || last == '\t' || last == '\r')
        tool_error(f->path, number, "white space at the end of the line; delete it");
    if (str_chr(line, '\t') >= 0)
        tool_error(f->path, number, "a tab; write spaces");
}

static void lines(const struct tidy *f)
{
    bool is_c = tidy_is(f, ".c") || tidy_is(f, ".h");
    str rest = f->text, line;
    size_t wide = 0, n = 0;
    int first_wide = 0;

    while (str_line(&rest, &line)) {
        one_line(f, (int)++n, line);
        if (!is_c || columns(line) <= MAX_COLUMNS)
            continue;
        wide++;
        first_wide = first_wide ? first_wide : (int)n;
    }
    if (f->text.n && f->text.p[f->text.n - 1] != '\n')
        tool_error(f->path, (int)n, "the last line has no end; add a line end");
    tidy_measure(f, first_wide, &wide_limit, S(""), wide);
    if (is_c)
        tidy_measure(f, 1, tidy_is(f, ".h") ? &h_limit : &c_limit, S(""), n);
}

static bool is_ours(const char *path)
{
    if (strstr(path, "/out/") || strstr(path, "/data/") || strstr(path, "/corpus/") ||
        strstr(path, "tests/tools/bad/"))
        return false; /* output, and inputs that are wrong on purpose */
    for (size_t i = 0; i < NELEM(kinds); i++)
        if (str_ends(str_c(path), str_c(kinds[i])))
            return true;
    return false;
}

static void one_file(const char *path)
{
    struct tidy f = {.path = path};

    if (!is_ours(path))
        return;
    f.text = tool_read(path);
    if (!f.text.p)
        return;
    if (!str_is_utf8(f.text)) {
        tool_error(path, 0, "is not UTF-8; save it as UTF-8");
        return;
    }
    lines(&f);
    look_for_marks(&f);
    if (tidy_is(&f, ".c") || tidy_is(&f, ".h"))
        tidy_c(&f);
    tidy_web(&f);
    free((char *)(uintptr_t)f.text.p);
    free((char *)(uintptr_t)f.code.p);
    free((char *)(uintptr_t)f.literals.p);
}

/* ---- the project as a whole ---- */

/* A .c file that no meson.build names is dead. */
static void check_built(const char *path)
{
    str p = str_c(path), folder = str_rcut(p, '/').head, name = str_rcut(p, '/').tail;
    const char *here = tool_text("%.*s/meson.build", STR(folder));
    const char *gen = tool_text("%.*s/gen/meson.build", STR(folder));
    bool found = false;

    if (!str_ends(p, S(".c")) || !tool_exists(here))
        return;
    found = str_find(tool_read(here), name) >= 0;
    if (!found && tool_exists(gen))
        found = str_find(tool_read(gen), name) >= 0;
    if (!found)
        tool_error(path, 0, "no meson.build names this file; add it to %s or delete it", here);
}

/* A migration that left the house is never edited: lines of SHIPPED are "<sha256> <file>". */
static void check_shipped(void)
{
    const char *list = "src/store/sql/SHIPPED";
    str rest, line;

    if (!tool_exists(list))
        return;
    rest = tool_read(list);
    while (str_line(&rest, &line)) {
        struct str_pair cut = str_cut(line, ' ');
        const char *path = tool_text("src/store/sql/%.*s", STR(str_trim(cut.tail)));
        unsigned char sum[32];
        char hex[65];
        str text;

        if (!cut.ok || line.p[0] == '#')
            continue;
        text = tool_read(path);
        if (!text.p || !EVP_Digest(text.p, text.n, sum, NULL, EVP_sha256(), NULL))
            continue;
        encode_hex(hex, sum, sizeof(sum));
        if (!str_eq(cut.head, str_c(hex)))
            tool_error(path, 1,
                       "a shipped migration was changed; restore it and write a new one with the "
                       "next number");
    }
}

static void run_cc(char *const argv[])
{
    pid_t child = fork();
    int status = 0;

    if (child == 0) {
        execvp(argv[0], argv);
        _exit(127);
    }
    if (child < 0 || waitpid(child, &status, 0) < 0 || status != 0)
        tool_error("cc", 0,
                   "a header does not compile alone (see above); include in it what it uses");
}

enum { MAX_HEADERS = 1000 };

static void compile_headers(const char *build, const struct tool_names *names)
{
    static const char *argv[MAX_HEADERS + 10] = {
        "cc", "-fsyntax-only", "-std=gnu17", "-D_GNU_SOURCE", "-Isrc", "-I."};
    size_t n = 6;

    argv[n++] = tool_text("-I%s/src/web", build);
    argv[n++] = "-xc";
    for (size_t i = 0; i < names->n && n < MAX_HEADERS; i++)
        if (str_ends(str_c(names->p[i]), S(".h")))
            argv[n++] = tool_text("src/%s", names->p[i]);
    argv[n] = NULL;
    run_cc((char *const *)(uintptr_t)argv);
}

static void all_files(const char *build)
{
    for (size_t i = 0; i < NELEM(folders); i++) {
        struct tool_names names = tool_walk(folders[i]);

        for (size_t k = 0; k < names.n; k++) {
            const char *path = tool_text("%s/%s", folders[i], names.p[k]);

            one_file(path);
            if (str_starts(str_c(path), S("src/")))
                check_built(path);
        }
        if (build && strcmp(folders[i], "src") == 0)
            compile_headers(build, &names);
    }
    for (size_t i = 0; i < NELEM(top_files); i++)
        if (tool_exists(top_files[i]))
            one_file(top_files[i]);
    if (!tool_exists("CHANGELOG.md"))
        tool_error("CHANGELOG.md", 0, "is missing; say there what every version changed");
    check_shipped();
}

int main(int argc, char **argv)
{
    static const char path[] = "tools/tidy.ratchet";
    const char *root;

    ratchet.is_written = argc == 3 && strcmp(argv[1], "--ratchet") == 0;
    root = argc == 3 && ratchet.is_written ? argv[2] : argc > 1 ? argv[1] : ".";
    if (argc > 3 || chdir(root) < 0) {
        fprintf(stderr, "usage: tidy ROOT [BUILD_DIR]\n       tidy --ratchet ROOT\n");
        return 2;
    }
    ratchet.now = sb_init(NULL, SIZE_MAX);
    if (tool_exists(path))
        ratchet.old = tool_read(path);
    all_files(argc == 3 && !ratchet.is_written ? argv[2] : NULL);
    if (ratchet.is_written)
        tool_write(path, &ratchet.now);
    sb_done(&ratchet.now);
    if (tool_errors())
        fprintf(stderr, "tidy: %d to mend\n", tool_errors());
    return tool_errors() != 0;
}
