/*
 * `kengesh serve`: the only place where the parts are joined. Starts them in order of need and ends
 * them in reverse.
 *
 *     writer ──▶ live (media threads) ──▶ site ──▶ server (web threads) ──▶ wait for a signal
 *     server_free (grace) ──▶ live_free ──▶ site_free (views) ──▶ writer_free (all that was
 *                                                                 acknowledged is on disk)
 */
#ifndef APP_SERVE_H
#define APP_SERVE_H

struct config;
struct route_set;

int serve_run(const struct config *c);
/* web's and live's tables as one; free with route_set_free. */
int serve_routes(struct route_set **ret_routes);

#endif
