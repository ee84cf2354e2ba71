/*
 * The suites of this layer; main.c runs them over one world.
 */
#ifndef TESTS_WEB_SUITE_H
#define TESTS_WEB_SUITE_H

#include "run.h"
#include "sweep/sweep.h"

/* cmocka setup and teardown; *state is a struct world. */
int suite_setup(void **state);
int suite_teardown(void **state);

#define UPLOAD "multipart/form-data; boundary=xyz"
/* The body of a form with a file, in a row whose type is UPLOAD. */
#define PART(name) "--xyz\r\nContent-Disposition: form-data; name=\"" name "\""
#define FILE_BODY(text) \
    PART("csrf") "\r\n\r\n{csrf}\r\n" PART("file") "; filename=\"f\"\r\n\r\n" text "\r\n--xyz--\r\n"

/*
 * One line of a scenario. {csrf} {link} {id} {withdrawn} {rev} {mark} are replaced in url, body,
 * must and must_not: the session's form token, the token and number of a personal link, an
 * invitation that may be withdrawn, the revision that the editor's form of the live seminar's item
 * carries, the mark that the form at this address carries now; {words}: the hash of the sample
 * guide's English words; {mp3}: a recording, eight frames of it; {kit}: the token of the first
 * personal link to a media kit. In the body {was} and {generation} are those of the page with the
 * form; {contact}: the revision of the contact new-line. row.c has more, numbers.
 */
struct row {
    const char *route; /* name in the table; NULL: none answers */
    enum user user;
    const char *method, *url, *body;
    int status;
    const char *must, *must_not; /* in the body; of a redirect: in the Location */
    const char *type;
    const char *lang;
};

struct row_list {
    const struct row *row;
    size_t n;
};

/* As if a while had passed since the last request: a person asks no hundred times in a second. */
void rows_rest(struct world *w);
/* The request of a row, its places filled. */
struct ask row_ask(struct world *w, const struct row *row);
void row_play(struct world *w, const struct row *row);
/* The live seminar is over, and its participant was there for 95 of 100 minutes. */
void world_hold(struct world *w);
/* As if the converter had read this guide or legal page aloud, as it is now. */
void world_sound(struct world *w, const char *slug, const char *lang);
/* In this order, over one world. */
void rows_play(struct world *w, const struct row_list *list);
/* `text` with its places filled; NULL stays NULL. */
const char *row_filled(struct world *w, const char *text, enum user user);
/* The first `mark` in text by `with`. */
str row_replaced(struct arena *a, str text, const char *mark, str with);
/* Fails when r is a page that is not strict HTML. */
void row_check_page(const struct reply *r, const char *where);

/* The rows of each family; scenario_test.c asks that every route is in one of them. */
extern const struct row_list scenario_rows;
extern const struct row_list check_rows, contact_rows, house_rows;
extern const struct row_list guide_rows;
extern const struct row_list home_rows; /* programme home, legal pages, Dari */
extern const struct row_list kit_rows;
extern const struct row_list pack_rows;
extern const struct row_list publish_rows, newsroom_rows;
extern const struct row_list convene_rows; /* over a world of their own */
extern const struct row_list live_rows;
extern const struct row_list teach_rows; /* over a world of their own */

/* Every family of rows. */
extern const struct row_list *const row_families[];
extern const size_t nrow_families;
/* Writes docs/endpoints.md; gives the number of routes without a sample. */
int endpoints_print(void);

int scenario_suite(void);
int reader_suite(void);
int old_page_suite(void);
int room_suite(void);
int heard_suite(void);
int rate_suite(void);
int kept_suite(void);
int convene_suite(void);
int teach_suite(void);
int kit_pack_suite(void);

extern const struct sweep_row web_sweeps[];
extern const size_t nweb_sweeps;
extern const struct sweep_row act_sweeps[];
extern const size_t nact_sweeps;
/* Every route that takes a form, with the fullest of its rows, as the rows are played: 0 when all
 * hold. most: of the allocations of each, the rest is left out. */
int route_sweeps(size_t most);

#endif
