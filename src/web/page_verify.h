/*
 * What everybody can check without signing in: a certificate by its code, a frozen report by its
 * hash or its file. None of it can be listed, searched or indexed.
 */
#ifndef WEB_PAGE_VERIFY_H
#define WEB_PAGE_VERIFY_H

struct exchange;

void certificate_show(struct exchange *x);
void sheet_show(struct exchange *x);
void verify_show(struct exchange *x);
void verify_file(struct exchange *x);

#endif
