/*
 * The privacy notice, per language: what the server does with what it learns, and how long it
 * keeps it (the table of domain/retention.h). Handler of web/routes.c.
 */
#ifndef WEB_PAGE_PRIVACY_H
#define WEB_PAGE_PRIVACY_H

struct exchange;

void privacy(struct exchange *x);

#endif
