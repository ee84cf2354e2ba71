/*
 * The tables of the house, printed for people: `kengesh routes`, `limits`, `errors`. They are the
 * very tables the server runs on.
 */
#ifndef APP_TABLES_H
#define APP_TABLES_H

struct route_set;

void tables_print_limits(void);
void tables_print_errors(void);
void tables_print_routes(const struct route_set *routes);

#endif
