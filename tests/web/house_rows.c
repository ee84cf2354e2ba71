/* What the house says of itself: see suite.h. */
#include "suite.h"

static const struct row rows[] = {
    {"debug_store", SYSTEM, "GET", "/debug/store", NULL, 200, "works that wait: ", "@",
     NULL, NULL},
    {"debug_store", SYSTEM, "GET", "/debug/store", NULL, 200, "kept pages:", NULL, NULL, NULL},
    {"debug_loop", SYSTEM, "GET", "/debug/loop", NULL, 200, "web thread 1: under 1 ms:", NULL,
     NULL, NULL},
    {"debug_media", SYSTEM, "GET", "/debug/media", NULL, 404, NULL, NULL, NULL, NULL},
};

const struct row_list house_rows = {rows, NELEM(rows)};
