#include "app/place.h"

#include "base/err.h"
#include "base/file.h"
#include "base/str.h"

#include <limits.h>
#include <stdio.h>
#include <unistd.h>

int place_open(struct place *p, struct arena *a, const char *folder)
{
    const char *secret_path = file_join(a, folder, "secret");
    const char *key_path = file_join(a, folder, "sign.key");
    int r = file_make_folder(folder);

    p->db_path = file_join(a, folder, "kengesh.db");
    p->help_path = file_join(a, folder, "help.db");
    if (!secret_path || !key_path || !p->db_path || !p->help_path)
        return ERR_MEM;
    if (r == 0)
        r = secret_open(secret_path, &p->secret);
    if (r == 0)
        r = sign_open(key_path, &p->signer);
    if (r < 0)
        fprintf(stderr, "kengesh: the data folder %s cannot be used: %s\n", folder, err_text(r));
    return r;
}

const char *place_pdf(struct arena *a)
{
    static const char *const names[] = {"kengesh-pdf", "../libexec/kengesh/kengesh-pdf"};
    char self[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
    const char *path;

    if (n <= 0)
        return NULL;
    self[n] = 0;
    self[str_rcut(str_c(self), '/').head.n] = 0;
    for (size_t i = 0; i < NELEM(names); i++) {
        path = file_join(a, self, names[i]);
        if (path && access(path, X_OK) == 0)
            return path;
    }
    return NULL;
}
