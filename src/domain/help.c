#include "domain/help.h"

#include "store/db.h"

int help_open(const char *path, struct db **ret_db)
{
    return db_open_help(path, ret_db);
}
