#include "app/demo.h"

#include "app/config.h"
#include "app/place.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/random.h"
#include "base/sb.h"
#include "base/str.h"
#include "domain/account.h"
#include "domain/actor.h"
#include "domain/demo.h"
#include "domain/invitation.h"
#include "domain/seminar.h"
#include "store/db.h"

#include <stdio.h>

enum { PASSWORD_LETTERS = 16 }; /* 95 bits */

struct demo_run {
    const struct config *c;
    struct arena *arena;
    struct place place;
    struct db *db;
    struct demo made;
    struct invitation_list invitations;
    char password[PASSWORD_LETTERS + 1];
};

static int read_examples(struct demo_run *d, struct demo_in *ret_in)
{
    struct demo_in in = {0};
    const struct {
        const char *name;
        str *to;
    } files[] = {
        {"seminar.json", &in.seminar_json},   {"invitations.csv", &in.invitations_csv},
        {"quiz.json", &in.quiz_json},         {"contacts.json", &in.contacts_json},
        {"guides.json", &in.guides_json},     {"kit.json", &in.kit_json},
        {"slides.pdf", &in.slides_pdf},
    };
    int r = 0;

    for (size_t i = 0; r == 0 && i < NELEM(files); i++)
        r = file_read(d->arena, file_join(d->arena, d->c->examples, files[i].name), MAX_HTTP_BODY,
                      files[i].to);
    if (r < 0) {
        fprintf(stderr, "kengesh demo: the sample files of %s cannot be read: %s\n", d->c->examples,
                err_text(r));
        return r;
    }
    *ret_in = in;
    return 0;
}

static int import(struct demo_run *d)
{
    char hash[ACCOUNT_HASH_TEXT];
    struct demo_in in;
    int r = read_examples(d, &in);

    if (r < 0)
        return r;
    random_token(d->password, PASSWORD_LETTERS);
    r = account_password_hash(str_c(d->password), hash);
    if (r < 0)
        return r;
    in.password_hash = str_c(hash);
    r = db_mark(d->db);
    if (r < 0)
        return r;
    r = demo_import(d->arena, d->db, &in, clock_wall(), &d->made);
    if (r == 0)
        r = invitation_list(d->arena, d->db, &actor_server, d->made.live_id, S("en"),
                            &d->invitations);
    if (r < 0)
        db_rollback(d->db);
    else
        r = db_release(d->db);
    return r;
}

static str link_of(struct demo_run *d, const struct invitation *i)
{
    char token[INVITATION_TOKEN_TEXT];

    invitation_token(&d->place.secret, i->id, i->generation, token);
    return arena_printf(d->arena, "/i/%s", token);
}

static void print_json(struct demo_run *d)
{
    struct sb b = sb_init(d->arena, 0);

    sb_c(&b, "{\"slug\":\"" DEMO_LIVE_SLUG "\",\"record\":\"" DEMO_RECORD_SLUG
             "\",\"login\":\"" DEMO_LOGIN "\",\"password\":");
    sb_json(&b, str_c(d->made.is_account_new ? d->password : ""));
    sb_c(&b, ",\"people\":[");
    for (size_t i = 0; i < d->invitations.n; i++) {
        const struct invitation *v = &d->invitations.row[i];

        sb_printf(&b, "%s{\"role\":\"%s\",\"path\":", i ? "," : "", role_name(v->role));
        sb_json(&b, link_of(d, v));
        sb_c(&b, ",\"organisation\":");
        sb_json(&b, v->org.body);
        sb_c(&b, ",\"person\":");
        sb_json(&b, person_shown(&v->person));
        sb_c(&b, ",\"language\":");
        sb_json(&b, v->person.lang);
        sb_c(&b, "}");
    }
    sb_c(&b, "]}");
    printf("%.*s\n", STR(sb_str(&b)));
}

static void print_people(struct demo_run *d, int role, const char *heading)
{
    printf("\n%s\n", heading);
    for (size_t i = 0; i < d->invitations.n; i++) {
        const struct invitation *v = &d->invitations.row[i];
        str shown = person_shown(&v->person), link = link_of(d, v);

        if (v->role == role)
            printf("  %s%.*s   %.*s (%.*s)\n", d->c->site, STR(link), STR(shown),
                   STR(v->person.lang));
    }
}

static void print_links(struct demo_run *d)
{
    printf("\nThe sample seminar. A browser is one person: whose link was opened in it last. To\n"
           "be several, take several browsers or profiles; its private windows are one more.\n");
    print_people(d, ROLE_HOST, "Host: opens the room, gives the stage, goes live, ends");
    print_people(d, ROLE_SPEAKER, "Expert: speaks");
    print_people(d, ROLE_INTERPRETER, "Interpreters");
    print_people(d, ROLE_CAPTIONER, "Captioner");
    print_people(d, ROLE_PARTICIPANT,
                 "Participants: listen, raise a hand, speak when given the stage");
    print_people(d, ROLE_OBSERVER, "Observer: listens");
    printf("\nOrganiser's desk\n  %s/sign-in   sign in as %s", d->c->site, DEMO_LOGIN);
    if (d->made.is_account_new)
        printf(" with the password %s\n", d->password);
    else
        printf(", the password of the first run\n"
               "  (forgotten? stop the server and type: build/src/app/kengesh password %s --data "
               "%s)\n",
               DEMO_LOGIN, d->c->data);
    printf("\nPublic page: nothing needed\n  %s/en/s/%s\n  %s/en/s/%s   the record of 2020\n",
           d->c->site, DEMO_LIVE_SLUG, d->c->site, DEMO_RECORD_SLUG);
    printf("\nThis demonstration is not affiliated with the organisations it names. Its network "
           "policy is\n"
           "\"open\", for the demonstration only.\n\n");
}

int demo_run(const struct config *c)
{
    struct demo_run d = {.c = c, .arena = arena_new()};
    int r = ERR_MEM;

    if (!d.arena)
        goto out;
    r = place_open(&d.place, d.arena, c->data);
    if (r < 0)
        goto out;
    r = db_open_write(d.place.db_path, &d.db);
    if (r == 0)
        r = import(&d);
    if (r < 0) {
        fprintf(stderr, "kengesh demo: %s: %s\n", d.place.db_path, err_text(r));
        goto out;
    }
    if (c->is_json)
        print_json(&d);
    else
        print_links(&d);
out:
    db_close(d.db);
    arena_free(d.arena);
    return r;
}
