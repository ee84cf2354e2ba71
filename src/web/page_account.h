/*
 * One's own account: name, language, password, and where one is signed in. Handlers of
 * web/routes.c.
 */
#ifndef WEB_PAGE_ACCOUNT_H
#define WEB_PAGE_ACCOUNT_H

#include "base/types.h"
#include "net/route.h"

struct blank;
struct session_list;
struct tpl_session_row;

route_show_fn desk_account;
route_act_fn desk_account_save_act;
route_show_fn desk_account_save;
route_show_fn desk_password;
route_act_fn desk_session_end_act;
route_show_fn desk_session_end;

/* The language of the pages as a field, with the languages of the site. */
void account_lang_field(struct blank *s, str stored);
/* Rows for the list of sessions; account_id 0: one's own. NULL when out of memory. */
const struct tpl_session_row *account_sessions(struct exchange *x, const struct session_list *l,
                                               int64_t account_id);

#endif
