/*
 * The reporting check over HTTP: nobody needs an account, nothing that was sent comes back anywhere
 * but in its own answer.
 */
#include "suite.h"

/* 512 bytes */
#define EIGHT(s) s s s s s s s s
#define LONG EIGHT(EIGHT("headline"))
#define HARMFUL "Illegal+migrants+%3Cscript%3E+came."

static const struct row rows[] = {
    {"check_form", ANON, "GET", "/en/check", NULL, 200, "name=\"text\"", "<script", NULL, NULL},
    {"check_form", ANON, "GET", "/tk/check", NULL, 200, "value=\"tk\" selected", NULL, NULL, NULL},
    {"check_form", ANON, "GET", "/fa/check", NULL, 200, "value=\"en\" selected", NULL, NULL, NULL},
    {"check_form", ANON, "GET", "/qq/check", NULL, 404, NULL, NULL, NULL, NULL},
    {"check_answer", ANON, "POST", "/en/check", "text_lang=en&headline=&text=" HARMFUL, 200,
     "<mark data-grade=\"high\">Illegal migrants</mark>", "<script>", NULL, NULL},
    {"check_answer", ANON, "POST", "/ru/check", "text_lang=en&headline=&text=" HARMFUL, 200,
     "может навредить", NULL, NULL, NULL},
    {"check_answer", ANON, "POST", "/en/check", "text_lang=en&headline=&text=Clean+words.", 200,
     "does not make a text harmless", "safe", NULL, NULL},
    {"check_answer", ANON, "POST", "/en/check", "text_lang=en&headline=&text=++", 400,
     "There is no text yet", NULL, NULL, NULL},
    {"check_answer", ANON, "POST", "/en/check", "text_lang=qq&headline=&text=a", 404, NULL, NULL,
     NULL, NULL},
    {"check_answer", ANON, "POST", "/en/check",
     "text_lang=en&headline=&text=%22Illegal+migrants%22+he+said", 200, "was not marked", "<mark",
     NULL, NULL},
    {"check_words", ANON, "GET", "/en/check/words", NULL, 200, "illegal immigrant", NULL, NULL,
     NULL},
    {"check_words", ANON, "GET", "/en/check/words?of=ru", NULL, 200, "понаехали", NULL, NULL, NULL},
    {"check_words", ANON, "GET", "/en/check/words?of=qq", NULL, 404, NULL, NULL, NULL, NULL},
    {"check_api", ANON, "POST", "/api/check?lang=en", "An illegal migrant.", 200,
     "\"severity\":\"high\",\"at\":3,\"bytes\":15,\"text\":\"illegal migrant\",\"rule\":1", NULL,
     "text/plain", NULL},
    {"check_api", ANON, "POST", "/api/check?lang=qq", "x", 404, NULL, NULL, "text/plain", NULL},
    {"check_answer", ANON, "POST", "/en/check", "text_lang=en&text=a&headline=" LONG, 400,
     "headline is too long", "<mark", NULL, NULL},
    {"check_answer", ANON, "POST", "/ru/check", "text_lang=ru&text=a&headline=" LONG, 400,
     "не больше 500 байт", NULL, NULL, NULL},
    {"check_api", ANON, "POST", "/api/check?lang=en&headline=" LONG, "a", 413, NULL, NULL,
     "text/plain", NULL},
    {"check_api", ANON, "POST", "/api/check?lang=en", "\xff", 400, NULL, NULL, "text/plain", NULL},
};

const struct row_list check_rows = {rows, NELEM(rows)};
