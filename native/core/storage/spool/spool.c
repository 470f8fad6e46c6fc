/*
 * Entries of the queue: one file each, replaced whole. What tmp/ still holds when a host starts was
 * never acknowledged and may be removed by it.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "durable-file.h"

/* A name that stays in its directory and is not hidden. */
static bool check_name(const char *directory, const char *name, vsmtp_storage_failure *failure)
{
    if (name[0] != '\0' && name[0] != '.' && strchr(name, '/') == NULL)
        return true;
    errno = EINVAL;
    return failed_at(failure, "open", directory);
}

bool vsmtp_storage_write_spool(const char *directory, const char *name, vsmtp_storage_parts parts,
                               vsmtp_storage_failure *failure)
{
    char tmp_directory[PATH_MAX];
    char tmp[PATH_MAX];
    char file[PATH_MAX];

    if (!check_name(directory, name, failure) ||
        !path_join(tmp_directory, directory, NULL, "tmp", failure) ||
        !path_join(tmp, directory, "tmp", name, failure) ||
        !path_join(file, directory, NULL, name, failure))
        return false;

    if (!durable_create(tmp, parts, failure)) {
        /* only tmp is made: a spool that is not there is a mistake of the configuration */
        if (failure->error != ENOENT || access(directory, F_OK) != 0)
            return false;
        if (!durable_mkdir(tmp_directory, failure) || !durable_create(tmp, parts, failure))
            return false;
    }
    return durable_rename(tmp, file, directory, REPLACE_EXISTING, failure);
}

bool vsmtp_storage_remove(const char *path, vsmtp_storage_failure *failure)
{
    return unlink(path) == 0 || errno == ENOENT || failed_at(failure, "unlink", path);
}
