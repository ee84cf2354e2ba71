#include "base/err.h"

#include <errno.h>

static const struct {
    const char *name;
    const char *text;
    int status;
} table[] = {
#define ERR(name, status, text) {#name, text, status},
    ERR_TABLE(ERR)
#undef ERR
};

static int row_of(int code)
{
    return code < 0 && code >= -ERR_COUNT ? -code - 1 : -1;
}

const char *err_text(int code)
{
    int i = row_of(code);

    if (code == 0)
        return "ok";
    return i < 0 ? "unknown" : table[i].text;
}

const char *err_name(int code)
{
    int i = row_of(code);

    if (code == 0)
        return "OK";
    return i < 0 ? "UNKNOWN" : table[i].name;
}

int err_http_status(int code)
{
    int i = row_of(code);

    if (code == 0)
        return 200;
    return i < 0 ? 500 : table[i].status;
}

int err_from_errno(int saved_errno)
{
    switch (saved_errno) {
    case ENOSPC:
    case EDQUOT:
        return ERR_DISK_FULL;
    case ENOMEM:
        return ERR_MEM;
    case EAGAIN:
    case EBUSY:
        return ERR_BUSY;
    default:
        return ERR_IO;
    }
}
