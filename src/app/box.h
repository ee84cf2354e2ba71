/*
 * A box: one foreign program over one foreign file, shut in (base/sandbox.h). The child may read
 * the programs and fonts of the system and write into one folder. When the fences cannot be set up
 * nothing is run: there is no way around the box. Any thread.
 */
#ifndef APP_BOX_H
#define APP_BOX_H

#include "base/types.h"

enum { BOX_ARGS = 48 };

struct box {
    const char *folder;                /* absolute; the child's home and working folder */
    const char *program;               /* absolute */
    const char *arg[BOX_ARGS];         /* behind the program's name; NULL ends */
    const char *out;                   /* absolute: a file for what it prints; NULL: thrown away */
    unsigned patience_s;               /* by the clock; MAX_BOX_CPU_S holds besides */
};

/* Can this machine build a box? ERR_UNSUPPORTED. */
int box_check(void);
/*
 * Runs it to its end. ret_code: its exit code. ERR_UNSUPPORTED: the box could not be built;
 * ERR_NOT_FOUND: no such program; ERR_TIMEOUT: it took too long; ERR_TOO_BIG: it was ended by a
 * limit or a signal.
 */
int box_run(const struct box *b, int *ret_code);

#endif
