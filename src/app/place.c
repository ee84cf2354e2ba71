#include "app/place.h"

#include "base/err.h"
#include "base/file.h"

#include <stdio.h>

int place_open(struct place *p, struct arena *a, const char *folder)
{
    const char *secret_path = file_join(a, folder, "secret");
    int r = file_make_folder(folder);

    p->db_path = file_join(a, folder, "kengesh.db");
    p->help_path = file_join(a, folder, "help.db");
    if (!secret_path || !p->db_path || !p->help_path)
        return ERR_MEM;
    if (r == 0)
        r = secret_open(secret_path, &p->secret);
    if (r < 0)
        fprintf(stderr, "kengesh: the data folder %s cannot be used: %s\n", folder, err_text(r));
    return r;
}
