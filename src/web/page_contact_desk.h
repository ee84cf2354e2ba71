/*
 * The register of contacts at the desk: who waits for a check, adding, changing, noting a check.
 * RIGHT_EDITOR.
 */
#ifndef WEB_PAGE_CONTACT_DESK_H
#define WEB_PAGE_CONTACT_DESK_H

struct db;
struct exchange;

void desk_contacts(struct exchange *x);
int desk_contact_add_act(struct exchange *x, struct db *db);
void desk_contact_add(struct exchange *x);
void desk_contact(struct exchange *x);
int desk_contact_save_act(struct exchange *x, struct db *db);
void desk_contact_save(struct exchange *x);
int desk_contact_try_act(struct exchange *x, struct db *db);
void desk_contact_try(struct exchange *x);
int desk_contact_remove_act(struct exchange *x, struct db *db);
void desk_contact_remove(struct exchange *x);

#endif
