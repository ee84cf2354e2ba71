/*
 * A picture file of a media kit without what cameras and programs wrote into it: of a PNG the parts
 * that draw (W3C PNG 5.6), of a JPEG all but APP1 and the like and comments (ITU-T T.81 B.2.4), so
 * no place, time, camera, thumbnail or editing history leaves the house. The dots are not touched.
 * Foreign bytes; never read out of bounds.
 */
#ifndef DOMAIN_KIT_FILE_H
#define DOMAIN_KIT_FILE_H

#include "base/types.h"

enum kit_file_kind { KIT_FILE_PNG = 1, KIT_FILE_JPEG };

struct kit_file {
    enum kit_file_kind kind;
    uint8_t *p; /* owned */
    size_t n;
};

/* ERR_UNSUPPORTED: neither kind; ERR_SYNTAX; ERR_TOO_BIG: over MAX_KIT_FILE; ERR_MEM. */
int kit_file_clean(str bytes, struct kit_file *ret_file);
/* Half-built-safe. */
void kit_file_done(struct kit_file *f);

#endif
