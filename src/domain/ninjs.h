/*
 * News in JSON, IPTC ninjs 3.0 (http://www.iptc.org/std/ninjs/ninjs-schema_3.0.json): one item, or
 * a list as an item of type composite whose associations are the items. The schema asks for "uri",
 * in associations for "name" too, which pictures of an item are as well, and takes no other
 * members than its own. No state.
 */
#ifndef DOMAIN_NINJS_H
#define DOMAIN_NINJS_H

#include "base/types.h"

struct feed;
struct feed_entry;
struct sb;

/* by: who publishes. */
void ninjs_item(struct sb *out, const struct feed_entry *e, str by);
void ninjs_list(struct sb *out, const struct feed *f);

#endif
