#include "web/asset.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Set once at start, before there are threads. */
static const char *edit_dir;

void asset_dir(const char *dir)
{
    edit_dir = dir;
}

static const struct asset_row *row_by_name(str name)
{
    size_t low = 0, high = asset_nrows;

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int order = str_cmp(str_c(asset_rows[mid].asset.name), name);

        if (order == 0)
            return &asset_rows[mid];
        if (order < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return NULL;
}

str asset_url(str name)
{
    const struct asset_row *row = row_by_name(name);

    if (!row)
        return (str){NULL, 0};
    return str_c(edit_dir ? row->edit_url : row->url);
}

const struct asset *asset_at(size_t i)
{
    return i < asset_nrows ? &asset_rows[i].asset : NULL;
}

/* Names of assets hold no "..", no empty and no hidden part, so they cannot leave the folder. */
static bool is_name(str s)
{
    char before = '/';

    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool is_word = c == '_' || c == '-' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                       (c >= '0' && c <= '9');

        if (!is_word && ((c != '/' && c != '.') || before == '/' || before == '.'))
            return false;
        before = c;
    }
    return s.n && before != '/' && before != '.';
}

static int read_all(int fd, struct arena *a, str *ret_body)
{
    struct stat st;
    char *p;
    ssize_t n;

    if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
        return ERR_NOT_FOUND;
    p = arena_alloc(a, (size_t)st.st_size + 1);
    if (!p)
        return ERR_MEM;
    n = read(fd, p, (size_t)st.st_size);
    if (n < 0)
        return err_from_errno(errno);
    *ret_body = (str){p, (size_t)n};
    return 0;
}

/* The file of the folder takes the place of the program's bytes; its kind is known from the
 * program. */
static int from_dir(struct arena *a, const struct asset_row *row, struct asset *ret_asset)
{
    str path = arena_printf(a, "%s/%s", edit_dir, row->asset.name), etag, body = {0};
    int fd, r;

    if (!path.p)
        return ERR_MEM;
    fd = open(path.p, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return ERR_NOT_FOUND;
    r = read_all(fd, a, &body);
    close(fd);
    if (r < 0)
        return r;
    etag = arena_printf(a, "%016llx", (unsigned long long)str_hash(body));
    if (!etag.p)
        return ERR_MEM;
    *ret_asset = (struct asset){
        .name = row->asset.name, .type = row->asset.type, .etag = etag.p, .body = body};
    return 0;
}

int asset_by_url(struct arena *a, str path, struct asset *ret_asset, bool *ret_is_current)
{
    const struct asset_row *row;
    struct str_pair cut;

    if (!str_starts(path, S("/a/")))
        return ERR_NOT_FOUND;
    cut = str_cut(str_from(path, 3), '/');
    if (!cut.ok || !is_name(cut.tail))
        return ERR_NOT_FOUND;
    row = row_by_name(cut.tail);
    if (!row)
        return ERR_NOT_FOUND;
    if (edit_dir && from_dir(a, row, ret_asset) == 0) {
        *ret_is_current = false;
        return 0;
    }
    *ret_asset = row->asset;
    *ret_is_current = !edit_dir && str_eq(cut.head, str_c(asset_tree));
    return 0;
}
