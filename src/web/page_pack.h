/*
 * Packs for reading without a network: the page that lists them, and the files. Handlers of
 * web/routes.c.
 */
#ifndef WEB_PAGE_PACK_H
#define WEB_PAGE_PACK_H

struct exchange;

void pack_list(struct exchange *x);
/* {file} is programme.zip or programme.epub; under guides/ the guide's slug takes its place. */
void pack_programme(struct exchange *x);
void pack_guide(struct exchange *x);

#endif
