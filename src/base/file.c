#include "base/file.h"

#include "base/arena.h"
#include "base/err.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

int file_read(struct arena *a, const char *path, size_t max, str *ret_bytes)
{
    FILE *f = fopen(path, "rbe");
    struct stat st;
    char *p;
    int r = ERR_IO;

    if (!f)
        return errno == ENOENT ? ERR_NOT_FOUND : err_from_errno(errno);
    if (fstat(fileno(f), &st) < 0 || !S_ISREG(st.st_mode))
        goto out;
    r = ERR_TOO_BIG;
    if ((uint64_t)st.st_size > max)
        goto out;
    r = ERR_MEM;
    p = arena_alloc(a, (size_t)st.st_size + 1);
    if (!p)
        goto out;
    r = ERR_IO;
    if (fread(p, 1, (size_t)st.st_size, f) != (size_t)st.st_size)
        goto out;
    *ret_bytes = (str){p, (size_t)st.st_size};
    r = 0;
out:
    fclose(f);
    return r;
}

int file_map(const char *path, size_t max, str *ret_bytes)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    struct stat st;
    void *p;
    int r = fd < 0 ? errno == ENOENT ? ERR_NOT_FOUND : err_from_errno(errno) : 0;

    if (r == 0 && (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || !st.st_size))
        r = ERR_IO;
    if (r == 0 && (uint64_t)st.st_size > max)
        r = ERR_TOO_BIG;
    if (r == 0) {
        p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
        if (p == MAP_FAILED)
            r = ERR_MEM;
        else
            *ret_bytes = (str){p, (size_t)st.st_size};
    }
    if (fd >= 0)
        close(fd);
    return r;
}

void file_unmap(str bytes)
{
    if (bytes.p)
        munmap((void *)(uintptr_t)bytes.p, bytes.n);
}

int file_make_folder(const char *path)
{
    struct stat st;

    if (mkdir(path, 0700) == 0)
        return 0;
    if (errno == EEXIST && stat(path, &st) == 0 && S_ISDIR(st.st_mode))
        return 0;
    return err_from_errno(errno);
}

const char *file_join(struct arena *a, const char *folder, const char *name)
{
    return arena_printf(a, "%s/%s", folder, name).p;
}
