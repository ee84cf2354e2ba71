/*
 * Every address of the house with one literal sample, as docs/endpoints.md has it: the table of
 * routes, and for each route the row of the scenarios that shows it best. The test `endpoints`
 * compares the document with what comes from here.
 */
#include "suite.h"

#include "domain/right.h"
#include "web/routes.h"

#include <stdio.h>
#include <string.h>

enum { BODY_MOST = 500 /* bytes of a body that are shown */ };

static const char front[] =
    "# Endpoints\n\n"
    "Every address of web pages, files and forms, in the order of the table (`src/web/routes.c`), "
    "with one sample of each.\nThe room's messages, WHIP and WHEP, and what programs get from the "
    "reporting check, feeds and registers stand in [protocol.md](protocol.md).\n\n"
    "The samples are rows of the scenarios that `./test` plays (`tests/web`). `{csrf}` is the "
    "session's form token, `{link}` the token of\na personal link, `{kit}` that of a link to a "
    "media kit, `{id}` and `{withdrawn}` numbers of invitations, `{rev}`, `{mark}`, "
    "`{was}`, `{generation}`, `{contact}`, `{changed}` and `{words}` what the form's\nhidden "
    "field carries, `{mp3}` the bytes of a recording, `{deck}`, `{film}`, `{road}`, `{quote}`, "
    "`{clip}`, `{pic}` and `{point}` numbers of what is stored.\n"
    "A form comes as `application/x-www-form-urlencoded` unless "
    "another type is named, with `Origin` of the site itself.\nBelow the arrow: the status, and a "
    "piece of what comes, of a redirect its Location.\n\n"
    "This file is written by `web_test --endpoints > docs/endpoints.md`, and a test says when it "
    "is older than the code.\n";

static int worth(const struct row *r)
{
    return (r->status < 400) * 4 + (r->must != NULL) * 2 + (r->status == 200);
}

/* The first of the best; NULL: none. */
static const struct row *best_row(const char *route)
{
    const struct row *best = NULL;

    for (size_t k = 0; k < nrow_families; k++)
        for (size_t i = 0; i < row_families[k]->n; i++) {
            const struct row *r = &row_families[k]->row[i];

            if (r->route && strcmp(r->route, route) == 0 && (!best || worth(r) > worth(best)))
                best = r;
        }
    return best;
}

static void put_rights(unsigned right)
{
    const char *between = "";

    for (unsigned bit = RIGHT_PUBLIC; bit <= RIGHT_SYSTEM; bit <<= 1) {
        if (!(right & bit))
            continue;
        printf("%s%s", between, right_name(bit));
        between = " or ";
    }
}

/* Lines of a multipart body end with CR LF, some texts with a space; the document's do not. */
static void put_text(const char *text, size_t most)
{
    size_t n = 0;

    for (; text[n] && n < most; n++) {
        char behind = text[n + strspn(text + n, " \r")];

        if (text[n] == '\n' || (behind && behind != '\n'))
            putchar(text[n]);
    }
    puts(text[n] ? " …" : "");
}

static void put_row(const struct row *r)
{
    static const char *const users[USERS] = {NULL,
                                             "a personal link's",
                                             "staff: event",
                                             "staff: editor",
                                             "staff: case",
                                             "staff: system",
                                             "a personal link's of another seminar"};

    printf("\n```http\n%s ", r->method);
    put_text(r->url, BODY_MOST);
    if (users[r->user])
        printf("Cookie: session, %s\n", users[r->user]);
    if (r->lang)
        printf("Accept-Language: %s\n", r->lang);
    if (r->body && r->type)
        printf("Content-Type: %s\n", r->type);
    if (r->body && *r->body) {
        putchar('\n');
        put_text(r->body, BODY_MOST);
    }
    printf("\n→ %d\n", r->status);
    if (r->must)
        put_text(r->must, BODY_MOST);
    puts("```");
}

int endpoints_print(void)
{
    int missing = 0;

    fputs(front, stdout);
    for (size_t i = 0; i < nweb_routes; i++) {
        const struct route *route = &web_routes[i];
        const struct row *r = best_row(route->name);

        printf("\n## %s %s\n\n`%s`, ", route->method, route->pattern, route->name);
        put_rights(route->right);
        puts(".");
        if (r)
            put_row(r);
        missing += r == NULL;
    }
    return missing;
}
