/*
 * The demonstration that `kengesh demo` makes of examples/: the event of 2020 as an archived record
 * with its published news, and a second seminar of the same shape that starts now. A second run
 * keeps everything.
 */
#ifndef DOMAIN_DEMO_H
#define DOMAIN_DEMO_H

#include "base/types.h"
#include "domain/account.h"

struct arena;
struct db;

#define DEMO_RECORD_SLUG "media-and-ngos-2020"
#define DEMO_LIVE_SLUG "media-and-ngos-demo"
#define DEMO_LOGIN "organiser@demo.example"

struct demo_in {
    str seminar_json, invitations_csv;
    str quiz_json;     /* the tests of the seminar that starts now; unset: none */
    str slides_pdf;    /* of the expert's talk; unset: none */
    /* of the organiser's account, when it is new; made by the caller with account_password_hash */
    str password_hash;
    str contacts_json; /* unset: no register */
    str guides_json;   /* unset: no guides */
    str kit_json;      /* unset: no media kit */
};

struct demo {
    int64_t record_id, live_id; /* seminars */
    bool is_new;                /* made by this run */
    bool is_account_new;        /* then password_hash was taken; print the password once */
};

/* One transaction of the caller's. As the server itself. */
int demo_import(struct arena *a, struct db *db, const struct demo_in *in, usec now,
                struct demo *ret_demo);

#endif
