#include "app/flag.h"

#include "app/config.h"
#include "base/str.h"

#include <stddef.h>
#include <string.h>

#define FIELD(f) offsetof(struct config, f)
enum {
    LINK_USERS = CMD_SERVE | CMD_DEMO | CMD_PACK,
    STORE_USERS = LINK_USERS | CMD_PASSWORD | CMD_ACCOUNT | CMD_REINDEX,
};

static const struct flag flags[] = {
    {"config", "KENGESH_CONFIG", FIELD(config), STORE_USERS, "FILE", NULL,
     "settings, one `name = value` a line; without it kengesh.conf of the data folder, if it is "
     "there"},
    {"data", "KENGESH_DATA", FIELD(data), STORE_USERS, "FOLDER", "var", "where everything is kept"},
    {"site", "KENGESH_SITE", FIELD(site), LINK_USERS, "URL", "http://localhost:8080",
     "the public address; links and the check of forms use it"},
    {"listen", "KENGESH_LISTEN", FIELD(listen), CMD_SERVE, "HOST:PORT[,HOST:PORT]",
     "127.0.0.1:8080", "pages and control; port 0 lets the system choose"},
    {"udp", "KENGESH_UDP", FIELD(udp), CMD_SERVE, "HOST:PORT", "127.0.0.1:0", "sound and picture"},
    {"announce", "KENGESH_ANNOUNCE", FIELD(announce), CMD_SERVE, "IP[,IP]", "auto",
     "the addresses at which browsers reach the UDP port; auto: that of --udp, or with [::] all of "
     "this machine's, of IPv4 and IPv6"},
    {"udp-self", NULL, FIELD(is_self_only), CMD_SERVE, NULL, NULL,
     "takes sound and picture from this machine alone"},
    {"udp-no-gso", "KENGESH_UDP_NO_GSO", FIELD(is_gso_off), CMD_SERVE, NULL, NULL,
     "sends every datagram by itself; for a network card that cuts runs of them (GSO) wrongly"},
    {"threads", "KENGESH_THREADS", FIELD(threads), CMD_SERVE, "N", "2", "web threads"},
    {"media-threads", "KENGESH_MEDIA_THREADS", FIELD(media_threads), CMD_SERVE, "N", "auto",
     "threads for sound and picture, all at the one UDP port; auto: one fewer than the machine has "
     "cores, at least one"},
    {"assets", "KENGESH_ASSETS", FIELD(assets), CMD_SERVE, "FOLDER", NULL,
     "scripts and styles from disk instead of the binary, for editing"},
    {"geo", "KENGESH_GEO", FIELD(geo), CMD_SERVE, "FILE", "data/geo/geo.bin",
     "countries of addresses, for counters"},
    {"log", "KENGESH_LOG", FIELD(log), CMD_SERVE, "LEVEL", "info", "debug, info, warn or error"},
    {"tls-cert", "KENGESH_TLS_CERT", FIELD(tls_cert), CMD_SERVE, "FILE", NULL,
     "certificate chain (PEM): https on the same port; read again at SIGHUP"},
    {"tls-key", "KENGESH_TLS_KEY", FIELD(tls_key), CMD_SERVE, "FILE", NULL, "its key (PEM)"},
    {"tls-self", NULL, FIELD(is_tls_self), CMD_SERVE, NULL, NULL,
     "https with a certificate of our own making, for a network without names; its fingerprint is "
     "printed"},
    {"exit", "KENGESH_EXIT", FIELD(exit), CMD_SERVE, "CC=URL[,*=URL]", NULL,
     "where the quick exit of readers' pages leads, by country; else a calendar of our own"},
    {"plain-titles", "KENGESH_PLAIN_TITLES", FIELD(is_plain_titles), CMD_SERVE, NULL, NULL,
     "pages of help show the site's name alone in the browser's tab and in its list of pages"},
    {"demo", NULL, FIELD(is_demo), CMD_SERVE, NULL, NULL,
     "says on every page that this is a demonstration"},
    {"pseudo", "KENGESH_PSEUDO", FIELD(is_pseudo), CMD_SERVE, NULL, NULL,
     "offers the pseudo-language xx, which shows what is not translated or too narrow"},
    {"examples", NULL, FIELD(examples), CMD_DEMO, "FOLDER", "examples",
     "where the sample files are: seminar.json, invitations.csv, quiz.json, contacts.json, "
     "guides.json, kit.json and slides.pdf"},
    {"json", NULL, FIELD(is_json), CMD_DEMO, NULL, NULL, "prints the links as JSON"},
    {"rights", NULL, FIELD(rights), CMD_ACCOUNT, "RIGHT[,RIGHT]", NULL,
     "event, editor, case, system: what the account may do; none implies another"},
    {"name", NULL, FIELD(name), CMD_ACCOUNT, "TEXT", NULL,
     "the person's name; without it the sign-in name"},
    {"lang", NULL, FIELD(lang), CMD_ACCOUNT | CMD_PACK, "CODE", "en",
     "the language of the person's pages, of a book"},
    {"guide", NULL, FIELD(guide), CMD_PACK, "SLUG", NULL,
     "only this guide with its contacts; without it the whole programme"},
    {"sound", NULL, FIELD(has_sound), CMD_PACK, NULL, NULL,
     "a zip with the sound of guides and legal pages; several times as large"},
    {"note", NULL, FIELD(note), CMD_GEO, "TEXT", "", "date, source and licence of the ranges"},
};

const struct flag *flag_at(size_t i)
{
    return i < NELEM(flags) ? &flags[i] : NULL;
}

const struct flag *flag_by_name(str name, unsigned bit)
{
    for (size_t i = 0; i < NELEM(flags); i++)
        if (flags[i].commands & bit && str_eq(str_c(flags[i].name), name))
            return &flags[i];
    return NULL;
}

bool flag_in_file(const struct flag *f)
{
    return f->commands & CMD_SERVE && strcmp(f->name, "config") != 0;
}
