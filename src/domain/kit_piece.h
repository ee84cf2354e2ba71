/*
 * The picture of a media kit as it goes out, a piece at a time, so that nobody holds all pictures
 * of a kit at once. Of an item that kit_items gave; one that was taken out, cleared anew or became
 * another meanwhile is not there. Any thread.
 */
#ifndef DOMAIN_KIT_PIECE_H
#define DOMAIN_KIT_PIECE_H

#include "base/types.h"

struct db;
struct kit_item;

/* The CRC-32 of its file. ERR_NOT_FOUND. */
int kit_piece_sum(struct db *db, const struct kit_item *item, uint32_t *ret_sum);
/* Its bytes from `at`, at most room. ERR_NOT_FOUND. */
int kit_piece_read(struct db *db, const struct kit_item *item, uint64_t at, void *to, size_t room,
                   size_t *ret_n);

#endif
