#include "suite.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/sb.h"
#include "base/str.h"
#include "net/form.h"
#include "net/http.h"

#define URLENCODED S("application/x-www-form-urlencoded; charset=utf-8")
#define MULTIPART  S("multipart/form-data; boundary=BB")
#define PART(head) "--BB\r\nContent-Disposition: form-data; " head "\r\n\r\n"

static bool has(const struct form *f, const char *name, size_t i, const char *value)
{
    const struct form_field *field = form_at(f, str_c(name), i);

    return value ? field && field->value.p && str_eq(field->value, str_c(value)) : !field;
}

static void urlencoded(void **state)
{
    struct arena *a = arena_new();
    struct form *f = NULL;

    (void)state;
    assert_int_equal(form_parse(a, URLENCODED, S("a=1&b=x+y%26z&&c=&d&a=2&%D1%8F=%D0%B6"), &f), 0);
    assert_true(has(f, "a", 0, "1") && has(f, "a", 1, "2") && has(f, "a", 2, NULL));
    assert_true(has(f, "b", 0, "x y&z") && has(f, "c", 0, "") && has(f, "d", 0, ""));
    assert_true(has(f, "я", 0, "ж") && has(f, "e", 0, NULL));
    assert_int_equal(form_parse(a, URLENCODED, S(""), &f), 0);
    assert_int_equal(f->n, 0);
    assert_int_equal(form_parse(a, URLENCODED, S("a=%zz"), &f), ERR_SYNTAX);
    assert_int_equal(form_parse(a, URLENCODED, S("a=%f"), &f), ERR_SYNTAX);
    assert_int_equal(form_parse(a, URLENCODED, S("a=%ff"), &f), ERR_ENCODING);
    assert_int_equal(form_parse(a, URLENCODED, S("a=%00"), &f), ERR_ENCODING);
    assert_int_equal(form_parse(a, S("text/plain"), S("a=1"), &f), ERR_UNSUPPORTED);
    arena_free(a);
}

static void too_many_fields(void **state)
{
    struct arena *a = arena_new();
    struct sb b = sb_init(a, 0);
    struct form *f = NULL;

    (void)state;
    for (int i = 0; i < MAX_FORM_FIELDS; i++)
        sb_printf(&b, "f%d=1&", i);
    assert_int_equal(form_parse(a, URLENCODED, sb_str(&b), &f), 0);
    sb_c(&b, "last=1");
    assert_int_equal(form_parse(a, URLENCODED, sb_str(&b), &f), ERR_FULL);
    arena_free(a);
}

static void multipart(void **state)
{
    struct arena *a = arena_new();
    struct form *f = NULL;
    const struct form_field *file;

    (void)state;
    assert_int_equal(form_parse(a, S("multipart/form-data; charset=x; boundary=\"BB\""),
                                S(PART("name=\"a\"") "one\r\n" PART(
                                    "name=b") "\r\n"
                                              "--BB\r\nContent-Type: text/csv\r\n"
                                              "content-disposition: form-data; "
                                              "filename=\"li%22st.csv\"; name=\"f\"\r\n\r\n"
                                              "\xff\r\n--B\r\n"
                                              "\r\n--BB--\r\n"),
                                &f),
                     0);
    assert_true(has(f, "a", 0, "one") && has(f, "b", 0, ""));
    file = form_at(f, S("f"), 0);
    assert_non_null(file);
    assert_true(str_eq(file->filename, S("li\"st.csv")));
    assert_true(str_eq(file->value, S("\xff\r\n--B\r\n")));
    arena_free(a);
}

static void broken_multipart(void **state)
{
    static const struct {
        const char *type, *body;
        int result;
    } rows[] = {
        {"multipart/form-data", "--BB--", ERR_SYNTAX},
        {"multipart/form-data; boundary=", "----", ERR_SYNTAX},
        {"multipart/form-data; boundary=BB", "", ERR_SYNTAX},
        {"multipart/form-data; boundary=BB", "preamble\r\n--BB--", ERR_SYNTAX},
        {"multipart/form-data; boundary=BB", "--BB", ERR_SYNTAX},
        {"multipart/form-data; boundary=BB", "--BBx", ERR_SYNTAX},
        {"multipart/form-data; boundary=BB", PART("name=a") "x", ERR_TRUNCATED},
        {"multipart/form-data; boundary=BB", PART("name=a") "x\r\n--BB", ERR_SYNTAX},
        {"multipart/form-data; boundary=BB", PART("nam=a") "x\r\n--BB--", ERR_SYNTAX},
        {"multipart/form-data; boundary=BB", "--BB\r\n\r\nx\r\n--BB--", ERR_SYNTAX},
        {"multipart/form-data; boundary=BB", "--BB\r\nContent-Disposition: form-data; name=a",
         ERR_SYNTAX},
        {"multipart/form-data; boundary=BB", PART("name=\"a") "x\r\n--BB--", ERR_SYNTAX},
        {"multipart/form-data; boundary=BB", PART("name=a") "\xff\r\n--BB--", ERR_ENCODING},
        {"multipart/form-data; boundary=BB", PART("name=\"\xff\"") "x\r\n--BB--", ERR_ENCODING},
        {"multipart/form-data; boundary=BB", "--BB--", 0},
    };
    struct arena *a = arena_new();

    (void)state;
    for (size_t i = 0; i < NELEM(rows); i++) {
        struct form *f = NULL;

        assert_int_equal(form_parse(a, str_c(rows[i].type), str_c(rows[i].body), &f),
                         rows[i].result);
    }
    arena_free(a);
}

/* The same through an exchange, as a handler sees it. */
static void fields_of_an_exchange(void **state)
{
    struct http_header type = {S("Content-Type"), MULTIPART};
    struct arena *a = arena_new();
    struct exchange *x = exchange_new(a, NULL);
    str name = {0};

    (void)state;
    x->headers = &type;
    x->nheaders = 1;
    x->body = S(PART("name=a") "1\r\n" PART("name=a") "2\r\n" PART(
        "name=f; filename=x.csv") "3\r\n--BB--\r\n");
    assert_int_equal(http_form(x), 0);
    assert_true(str_eq(http_field(x, S("a")), S("1")));
    assert_true(str_eq(http_field_at(x, S("a"), 1), S("2")));
    assert_null(http_field_at(x, S("a"), 2).p);
    assert_null(http_field(x, S("f")).p);
    assert_null(http_file(x, S("a"), NULL).p);
    assert_true(str_eq(http_file(x, S("f"), &name), S("3")));
    assert_true(str_eq(name, S("x.csv")));
    arena_free(a);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(urlencoded),
    cmocka_unit_test(too_many_fields),
    cmocka_unit_test(multipart),
    cmocka_unit_test(broken_multipart),
    cmocka_unit_test(fields_of_an_exchange),
};
SUITE(form, tests);
