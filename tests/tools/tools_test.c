/*
 * What the build's tools say to bad input: one row each, the input and a piece of the message. A
 * row runs the tool itself in a folder of its own, so the message is the one that a person would
 * read.
 */
#include "base/str.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { PATH_TEXT = 256, OUTPUT = 8192 };

struct row {
    const char *input;
    const char *message; /* "" means: no error */
};

static const char *template_tool, *text_tool, *embed_tool, *tidy_tool;
static char folder[PATH_TEXT];

static const char en_po[] =
    "msgid \"\"\nmsgstr \"\"\n\"Language: en\\n\"\n\"X-Plural: one other\\n\"\n"
    "\"X-Name: English\\n\"\n\"X-Direction: ltr\\n\"\n\"X-Review: draft\\n\"\n\n"
    "msgid \"a.b\"\nmsgstr \"Text\"\n\nmsgid \"a.c\"\nmsgstr \"By {who}\"\n";

static const char *in_folder(const char *name)
{
    static char paths[8][2 * PATH_TEXT];
    static unsigned next;
    char *p = paths[next++ % 8];

    snprintf(p, sizeof(paths[0]), "%s/%s", folder, name);
    return p;
}

static void put(const char *name, const char *text)
{
    FILE *f = fopen(in_folder(name), "wb");

    assert_non_null(f);
    assert_true(fputs(text, f) >= 0);
    assert_int_equal(fclose(f), 0);
}

static void make_folder(const char *name)
{
    (void)mkdir(in_folder(name), 0700); /* may be there from the row before */
}

/* Runs argv, returns its exit code; what it says on standard error is in `said`. */
static int run(const char *const argv[], char said[static OUTPUT])
{
    int ends[2], status = -1;
    size_t n = 0;
    ssize_t got;
    pid_t child;

    assert_int_equal(pipe(ends), 0);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        dup2(ends[1], STDERR_FILENO);
        close(ends[0]);
        execv(argv[0], (char *const *)(uintptr_t)argv);
        _exit(127);
    }
    close(ends[1]);
    while ((got = read(ends[0], said + n, OUTPUT - 1 - n)) > 0)
        n += (size_t)got;
    said[n] = 0;
    close(ends[0]);
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

static void check(const struct row *row, int code, const char *said)
{
    if (!*row->message && code != 0)
        fail_msg("good input is refused:\n%s\n%s", row->input, said);
    if (*row->message && (code != 1 || !strstr(said, row->message)))
        fail_msg("exit %d for\n%s\nexpected: %s\nsaid: %s", code, row->input, row->message, said);
}

/* ---- templates ---- */

static const struct row templates[] = {
    {"{# #}", ""},
    {"{# str x; #}{{x}}", ""},
    {"{# list a { str b; } #}{% for i in a %}{{i.b}}{{i.index}}{% end %}", ""},
    {"{# str? u; #}<a href=\"{{u}}\">{%t a.b %}</a>", ""},
    {"{# bool x; #}<input {% if x %}checked{% end %}{% if x %} disabled{% end %}>", ""},
    {"{# bool x; #}<p class=\"a{% if x %} b{% end %}\">{%t a.b %}</p>", ""},
    {"{# #}<code>words may stand here</code><p>&nbsp;</p>", ""},
    {"{# #}<svg><path d=\"M0 0\"/></svg>", ""},
    {"text", "x.html:1: a template begins with its fields"},
    {"{# str x #}{{x}}", "';' is expected"},
    {"{# strr x; #}{{x}}", "a type is expected"},
    {"{# str x; str x; #}{{x}}", "declared twice"},
    {"{# str int; #}", "no word of C"},
    {"{# part nothing; #}", "there is no template nothing.html"},
    {"{# layout y; #}", "y.html has no {% body %}"},
    {"{# part x; #}{% include x %}", "holds itself"},
    {"{#\nstr x;\nstr y; #}{{x}}", "x.html:3: the field 'y' is never used"},
    {"{# list a { str b; str c; } #}{% for i in a %}{{i.b}}{% end %}",
     "the field 'c' is never used"},
    {"{# #}\n\n{{x}}", "x.html:3: there is no field 'x'"},
    {"{# str x; #}{{x.y}}", "there is no field 'x.y'"},
    {"{# str x; #}{{x|nothing}}", "there is no filter 'nothing'"},
    {"{# str x; #}{{x|date}}", "does not fit"},
    {"{# usec x; #}{{x}}", "a time needs a filter"},
    {"{# bool x; #}{{x}}", "cannot be written here"},
    {"{# str x; #}{{x", "this has no end"},
    {"{# str x; #}<p class={{x}}></p>", "no value may stand here"},
    {"{# str x; #}<p class=a></p>{{x}}", "a value without quotes"},
    {"{# str x; #}<{{x}}>", "no value may stand here"},
    {"{# str x; #}<p {{x}}></p>", "no value may stand here"},
    {"{# str x; #}<img alt=\"\" srcset=\"{{x}}\">", "no value may stand here"},
    {"{# str x; #}<img alt=\"\" srcset=\"/p/{{x}} 2w\">", "no value may stand here"},
    {"{# html x; #}<p class=\"{{x}}\"></p>", "cannot be written here"},
    {"{# #}<script>1</script>", "a script without src"},
    {"{# #}<script src=\"/x\">1</script>", "a script stands in the page"},
    {"{# str x; #}<script src=\"/x\">{{x}}</script>", "no value may stand here"},
    {"{# #}<style></style>", "a style stands in the page"},
    {"{# #}<p style=\"a\"></p>", "a style= attribute"},
    {"{# #}<p onclick=\"a\"></p>", "an on…= attribute"},
    {"{# bool x; #}<p {% if x %}onclick{% end %}></p>", "an on…= attribute"},
    {"{# bool x; #}<p{% if x %}class=\"a\"{% end %}></p>", "cannot stand in a tag"},
    {"{# #}<!-- note -->", "a comment that readers"},
    {"{# #}<img src=\"/x\">", "an img without alt"},
    {"{# str x; #}<input inputmode=\"tel\" value=\"{{x}}\">", "inputmode without dir"},
    {"{# #}<html></html>", "html without lang"},
    {"{# #}<p>", "ends inside <p>"},
    {"{# #}<p><b></p></b>", "does not close the last open"},
    {"{# #}<p/>", "only void and svg"},
    {"{# #}1 < 2", "begins no element"},
    {"{# #}<p>Words</p>", "words stand in the template"},
    {"{# #}<p>Слова</p>", "words stand in the template"},
    {"{# #}<p title=\"Words\"></p>", "words stand in the template"},
    {"{# bool x; #}{% if x %}<p>{% end %}</p>", "the branches end in different places"},
    {"{# bool x; #}{% if x %}", "has no {% end %}"},
    {"{# bool x; #}{% if x %}{% else %}{% else %}{% end %}", "has no {% end %}"},
    {"{# bool x; bool y; #}{% if x and y or x %}{% end %}", "'and' and 'or'"},
    {"{# str x; #}{% if x == 3 %}{% end %}", "do not fit"},
    {"{# str x; #}{% for a in x %}{% end %}", "a list is expected"},
    {"{# #}{% end %}", "this belongs to no"},
    {"{# #}{% what %}", "'what' is not known"},
    {"{# #}{%t no.key %}", "there is no text 'no.key'"},
    {"{# #}{%t a.c %}", "needs the argument who"},
    {"{# str x; #}{%t a.b(x=x) %}", "has 0 arguments, 1 are given"},
    {"{# #}<a href=\"{%t a.b %}\"></a>", "no text may stand here"},
    {"{# #}<link href=\"{%a no.css %}\">", "there is no asset 'no.css'"},
    {"{# #}{%a a.css %}", "is the whole value of href"},
    {"{# #}{% include y(z=\"1\") %}", "has no field 'z'"},
    {"{# #}{% include y() %}", "needs v; add v="},
    {"{# #}{% include y(v=3) %}", "cannot be given so"},
    {"{# #}{% include y %}", "neither a part field nor"},
    {"{# #}{% include y(v=\"1\") %}", ""},
};

static void test_templates(void **state)
{
    char said[OUTPUT];

    (void)state;
    make_folder("template");
    make_folder("asset");
    make_folder("out");
    put("en.po", en_po);
    put("template/y.html", "{# str v; #}{{v}}");
    for (size_t i = 0; i < NELEM(templates); i++) {
        const char *const argv[] = {template_tool,
                                    in_folder("out"),
                                    in_folder("template"),
                                    in_folder("en.po"),
                                    in_folder("asset"),
                                    in_folder("out/d"),
                                    NULL};

        put("template/x.html", templates[i].input);
        check(&templates[i], run(argv, said), said);
    }
}

/* ---- texts ---- */

#define HEAD(lang, plural)                                                                         \
    "msgid \"\"\nmsgstr \"\"\n\"Language: " lang "\\n\"\n\"X-Plural: " plural                      \
    "\\n\"\n\"X-Name: N\\n\"\n"                                                                    \
    "\"X-Direction: ltr\\n\"\n\"X-Review: draft\\n\"\n\n"
#define BOTH "msgid \"a.b\"\nmsgstr \"T\"\n\nmsgid \"a.c\"\nmsgstr \"{who} T\"\n"

static const struct row texts[] = {
    {HEAD("tk", "one other") BOTH, ""},
    {HEAD("kk", "one other") "", ""}, /* a language that may lack texts */
    {HEAD("tk", "one other") "msgid \"a.b\"\nmsgstr \"T\"\n", "'a.c' of en.po:12 is missing"},
    {HEAD("tk", "one other") BOTH "msgid \"a.d\"\nmsgstr \"T\"\n", "'a.d' is not in en.po"},
    {HEAD("tk", "one other") BOTH "msgid \"a.b\"\nmsgstr \"T\"\n", "is there twice"},
    {HEAD("tk", "other") BOTH, "lacks 'one'"},
    {HEAD("qqq", "other") BOTH, ""}, /* ICU's root rules: other alone */
    {HEAD("tk", "one other") "msgid \"a.b\"\nmsgstr \"\"\n", "'a.b' is empty"},
    {HEAD("tk", "one other") "msgid \"A b\"\nmsgstr \"T\"\n", "is no key"},
    {HEAD("tk", "one other") "msgid \"a.b\"\nmsgstr \"{\"\n", "a brace that is no argument"},
    {HEAD("tk", "one other") "msgid \"a.b\"\nmsgstr \"{Who}\"\n", "a brace that is no argument"},
    {HEAD("tk", "one other") "msgid \"a.b\"\nmsgstr \"T\"\n\nmsgid \"a.c\"\nmsgstr \"{whom}\"\n",
     "other {arguments}"},
    {HEAD("tk", "one other") "msgid \"a.b\"\nmsgid_plural \"a.b\"\nmsgstr[0] \"T\"\n",
     "has 1 plural forms"},
    {HEAD("tk",
          "one other") "msgid \"a.b\"\nmsgid_plural \"a.b\"\nmsgstr[0] \"T\"\nmsgstr[1] \"T\"\n",
     "plural forms in one language only"},
    {HEAD("tk", "one other") "msgid \"a.b\nmsgstr \"T\"\n", "in double quotes"},
    {HEAD("tk", "one other") "msgid \"a.b\"\nmsgstr[9] \"T\"\n", "write msgstr[0]"},
    {HEAD("tk", "one other") "nonsense\n", "not a line of a .po file"},
    {"msgid \"\"\nmsgstr \"\"\n\"Language: tk\\n\"\n", "the head lacks"},
    {"", "has no head"},
    {"\xff", "is not UTF-8"},
};

static void test_texts(void **state)
{
    char said[OUTPUT];

    (void)state;
    make_folder("out");
    put("en.po", en_po);
    for (size_t i = 0; i < NELEM(texts); i++) {
        const char *const argv[] = {text_tool,          "compile",         in_folder("out"),
                                    in_folder("en.po"), in_folder("x.po"), NULL};

        put("x.po", texts[i].input);
        check(&texts[i], run(argv, said), said);
    }
}

static int compile_two(char said[static OUTPUT])
{
    const char *const argv[] = {text_tool,          "compile",          in_folder("out"),
                                in_folder("en.po"), in_folder("tk.po"), NULL};

    return run(argv, said);
}

/* Parts of a language: text/<lang>/<family>.po beside text/<lang>.po. */
static void test_text_parts(void **state)
{
    char said[OUTPUT];

    (void)state;
    make_folder("out");
    make_folder("en");
    make_folder("tk");
    put("en.po", en_po);
    put("tk.po", HEAD("tk", "one other") BOTH);
    put("en/desk.po", "msgid \"\"\nmsgstr \"\"\n\"Language: en\\n\"\n\n"
                      "msgid \"z.z\"\nmsgstr \"T\"\n");
    assert_int_equal(compile_two(said), 1);
    assert_non_null(strstr(said, "'z.z' of en.po:"));
    put("tk/desk.po", "msgid \"z.z\"\nmsgstr \"T\"\n");
    assert_int_equal(compile_two(said), 0);
    put("tk/desk.po", "msgid \"z.z\"\nmsgstr \"T\"\n\nmsgid \"a.b\"\nmsgstr \"T\"\n");
    assert_int_equal(compile_two(said), 1);
    assert_non_null(strstr(said, "is there twice"));
    assert_int_equal(unlink(in_folder("en/desk.po")), 0);
    assert_int_equal(unlink(in_folder("tk/desk.po")), 0);
}

static void test_unused_texts(void **state)
{
    const char *const argv[] = {text_tool, "unused", folder, NULL};
    char said[OUTPUT];

    (void)state;
    make_folder("src");
    make_folder("src/web");
    make_folder("src/web/text");
    put("src/web/text/en.po", en_po);
    put("src/a.c", "TEXT_A_B");
    put("src/web/b.html", "{%t a.cc %}");
    assert_int_equal(run(argv, said), 1);
    assert_non_null(strstr(said, "'a.c' is used nowhere"));
    assert_null(strstr(said, "'a.b'"));
    put("src/web/b.html", "{%t a.c %}");
    assert_int_equal(run(argv, said), 0);
}

static void test_embed(void **state)
{
    const char *const argv[] = {embed_tool, in_folder("out"), in_folder("bad"), in_folder("out/d"),
                                NULL};
    char said[OUTPUT];

    (void)state;
    make_folder("out");
    make_folder("bad");
    assert_int_equal(run(argv, said), 0);
    put("bad/a b.css", "");
    assert_int_equal(run(argv, said), 1);
    assert_non_null(strstr(said, "no name for an asset"));
}

/* ---- tidy ---- */

#define GUARD(name, body) "/* x */\n#ifndef " name "\n#define " name "\n\n" body "\n#endif\n"
#define TEN                                                                                        \
    "    x();\n    x();\n    x();\n    x();\n    x();\n    x();\n    x();\n    x();\n    x();\n  " \
    "  x();\n"

struct tidy_row {
    const char *path;
    struct row row;
};

static const struct tidy_row tidies[] = {
    {"src/base/a.c", {"/* x */\n#include \"base/a.h\"\n\n#include <stdio.h>\n", ""}},
    {"src/base/a.c", {"int x;\n", "does not say what it is"}},
    {"src/base/a.c", {"/* x */\nint x; \n", "a.c:2: white space at the end"}},
    {"src/base/a.c", {"/* x */\n\tint x;\n", "a tab"}},
    {"src/base/a.c", {"/* x */\nint x;", "has no end"}},
    {"src/base/a.c", {"/* x */\n#include \"net/loop.h\"\n", "base must not include net/loop.h"}},
    {"src/media/a.c", {"/* x */\n#include \"net/loop.h\"\n", "media must not include"}},
    {"src/web/a.c", {"/* x */\n#include \"live/room.h\"\n", "web must not include"}},
    {"src/web/a.c", {"/* x */\n#include \"domain/help.h\"\n", "only web/page_help.c and app"}},
    {"src/web/page_help.c", {"/* x */\n#include \"domain/help.h\"\n", ""}},
    {"src/domain/a.c", {"/* x */\n#include <sqlite3.h>\n", "sqlite3.h outside store"}},
    {"src/base/a.c", {"/* x */\n#include \"b.h\"\n", "is not rooted"}},
    {"src/base/a.c", {"/* x */\n#include \"base/c.h\"\n#include \"base/b.h\"\n", "out of order"}},
    {"src/base/a.c", {"/* x */\n#include \"base/c.h\"\n#include <stdio.h>\n", "in one group"}},
    {"src/base/a.h", {GUARD("BASE_A_H", "int x;"), ""}},
    {"src/base/a.h", {GUARD("A_H", "int x;"), "the guard must be #ifndef BASE_A_H"}},
    {"src/base/a.c",
     {"/* x */\nint f(void)\n{\n    strcpy(a, b);\n}\n", "a.c:4: strcpy(); use str_copy()"}},
    {"src/base/a.c", {"/* strcpy() */\nconst char *s = \"strcpy()\";\nint my_strcpy(void);\n", ""}},
    {"src/base/a.c", {"/* x */\nint x = memcmp(a->tag, tag, 16);\n", "memcmp() on a secret"}},
    {"src/base/a.c", {"/* x */\nint x = memcmp(stage, b, 16);\n", ""}},
    {"src/base/a.c",
     {"/* x */\nint f(void)\n{\n    printf(\"x\");\n}\n", "a library layer does not print"}},
    {"src/media/a.c", {"/* x */\nint f(void)\n{\n    clock_mono();\n}\n", "are given `usec now`"}},
    {"tests/a_test.c", {"int f(void)\n{\n    usleep(3);\n}\n", "wait for what should happen"}},
    {"src/base/a.c", {"/* x */\ntypedef struct {\n    int x;\n} a;\n", "a typedef of a struct"}},
    {"src/base/a.c",
     {"/* x */\nint f(void)\n{\n" TEN TEN TEN TEN TEN TEN TEN TEN "}\n",
      "function f: 80, the limit is 70"}},
    {"src/base/a.c",
     {"/* x */\nint f(int a, int b, int c, int d, int e, int (*g)(int, int), int h)\n{\n}\n",
      "parameters f: 7"}},
    {"src/base/a.c",
     {"/* x */\nint f(void)\n{\n    if (a) {\n        for (;;) {\n            do {\n               "
      " while (b) {\n"
      "                }\n            } while (c);\n        }\n    }\n}\n",
      "nesting f: 4"}},
    {"src/base/a.c",
     {"/* x */\nint f(void)\n{\n    if (a) {\n        for (;;) {\n            struct s t = {\n     "
      "           .u = {\n"
      "                    .v = 1,\n                },\n            };\n        }\n    }\n}\n",
      ""}},
    {"src/web/a.c", {"/* x */\nconst char *s = \"<p>\";\n", "markup in a C string"}},
    {"src/web/a.c", {"/* x */\nbool x = a < b; const char *s = \"a < b\";\n", ""}},
    {"src/web/a.c", {"/* x */\nstruct html h = (struct html){s};\n", "struct html made by hand"}},
    {"src/web/asset/js/a.js", {"x.innerHTML = y;\n", "innerHTML; build elements"}},
    {"src/web/asset/js/a.js", {"eval(y);\n", "eval; the content security policy"}},
    {"src/web/asset/js/a.js", {"// never innerHTML\nconst evaluate = 1;\n", ""}},
    {"src/web/asset/css/a.css", {"p { color: #fff; }\n", "a colour outside tokens.css"}},
    {"src/web/asset/css/a.css", {"p { border: 1px solid red; }\n", "a colour outside tokens.css"}},
    {"src/web/asset/css/a.css", {"#add { color: var(--red-1); white-space: pre; }\n", ""}},
    {"src/web/asset/css/tokens.css", {"p { color: #fff; }\n", ""}},
    {"docs/a.md", {"TODO\n", "'TODO'"}},
    {"docs/a.md", {"mkdtemp(XXXXXX)\n", ""}},
    {"tests/a_test.c", {"#include <setjmp.h>\n#include <cmocka.h>\n", ""}},
    {"docs/a.md", {"see /root/x\n", "a path of one machine"}},
    {"docs/a.md", {"\xff\n", "is not UTF-8"}},
    {"test", {"true \n", "test:1: white space at the end"}},
    {"run", {"true \n", "run:1: white space at the end"}},
    {"SECURITY.md", {"TODO\n", "'TODO'"}},
    {"THIRD-PARTY.md", {"TODO\n", "'TODO'"}},
};

static void make_tree(void)
{
    static const char *const names[] = {
        "t",         "t/src",          "t/src/base",          "t/src/media",
        "t/src/web", "t/src/domain",   "t/src/web/asset",     "t/src/web/asset/js",
        "t/tests",   "t/docs",         "t/src/web/asset/css", "t/src/store",
        "t/tools",   "t/src/store/sql"};

    for (size_t i = 0; i < NELEM(names); i++)
        make_folder(names[i]);
    put("t/CHANGELOG.md", "Changes\n");
}

static void test_tidy(void **state)
{
    char said[OUTPUT], path[PATH_TEXT];

    (void)state;
    make_tree();
    for (size_t i = 0; i < NELEM(tidies); i++) {
        const char *const argv[] = {tidy_tool, in_folder("t"), NULL};

        snprintf(path, sizeof(path), "t/%s", tidies[i].path);
        put(path, tidies[i].row.input);
        check(&tidies[i].row, run(argv, said), said);
        assert_int_equal(unlink(in_folder(path)), 0);
    }
}

/* A measure over its limit is held where it is: it may shrink, and must not grow. */
static void test_tidy_ratchet(void **state)
{
    static const char long_60[] = "/* x */\nint f(void)\n{\n" TEN TEN TEN TEN TEN TEN TEN TEN "}\n";
    static const char longer[] =
        "/* x */\nint f(void)\n{\n" TEN TEN TEN TEN TEN TEN TEN TEN TEN "}\n";
    char said[OUTPUT];
    const char *root;

    (void)state;
    make_tree();
    root = in_folder("t");
    put("t/src/base/a.c", long_60);
    assert_int_equal(run((const char *const[]){tidy_tool, root, NULL}, said), 1);
    assert_int_equal(run((const char *const[]){tidy_tool, "--ratchet", root, NULL}, said), 0);
    assert_int_equal(run((const char *const[]){tidy_tool, root, NULL}, said), 0);
    put("t/src/base/a.c", longer);
    assert_int_equal(run((const char *const[]){tidy_tool, root, NULL}, said), 1);
    assert_non_null(strstr(said, "function f: 90, the limit is 80"));
    unlink(in_folder("t/src/base/a.c"));
    unlink(in_folder("t/tools/tidy.ratchet"));
}

static void test_tidy_shipped(void **state)
{
    const char *root;
    char said[OUTPUT];

    (void)state;
    make_tree();
    root = in_folder("t");
    put("t/src/store/sql/0001_a.sql", "abc");
    put("t/src/store/sql/SHIPPED",
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad 0001_a.sql\n");
    run((const char *const[]){tidy_tool, root, NULL}, said);
    assert_null(strstr(said, "a shipped migration was changed"));
    put("t/src/store/sql/0001_a.sql", "abd");
    assert_int_equal(run((const char *const[]){tidy_tool, root, NULL}, said), 1);
    assert_non_null(strstr(said, "a shipped migration was changed"));
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_templates),    cmocka_unit_test(test_texts),
        cmocka_unit_test(test_text_parts),
        cmocka_unit_test(test_unused_texts), cmocka_unit_test(test_embed),
        cmocka_unit_test(test_tidy),         cmocka_unit_test(test_tidy_ratchet),
        cmocka_unit_test(test_tidy_shipped),
    };
    const char *tmp = getenv("TMPDIR");
    char command[PATH_TEXT + 16];
    int failed;

    if (argc != 5) {
        fprintf(stderr, "usage: tools_test TEMPLATE TEXT EMBED TIDY\n");
        return 2;
    }
    template_tool = argv[1];
    text_tool = argv[2];
    embed_tool = argv[3];
    tidy_tool = argv[4];
    snprintf(folder, sizeof(folder), "%.200s/tools_test.XXXXXX", tmp ? tmp : "/tmp");
    if (!mkdtemp(folder))
        return 2;
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    snprintf(command, sizeof(command), "%s", folder);
    (void)run((const char *const[]){"/bin/rm", "-r", command, NULL}, (char[OUTPUT]){0});
    return failed;
}
