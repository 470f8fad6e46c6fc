/*
 * Trying again on ESTALE: the file was replaced on the server between looking it up and using it.
 */
#include "lib.h"

#include "nfs-workarounds.h"

#include <fcntl.h>
#include <unistd.h>

int nfs_safe_open(const char *path, int flags)
{
    int fd;

    i_assert((flags & O_CREAT) == 0);
    for (int tries = NFS_ESTALE_RETRY_COUNT; tries >= 0; tries--) {
        fd = open(path, flags);
        if (fd != -1 || errno != ESTALE)
            break;
    }
    return fd;
}

int nfs_safe_stat(const char *path, struct stat *buf)
{
    int result;

    for (int tries = NFS_ESTALE_RETRY_COUNT; tries >= 0; tries--) {
        result = stat(path, buf);
        if (result == 0 || errno != ESTALE)
            break;
    }
    return result;
}

int nfs_safe_lstat(const char *path, struct stat *buf)
{
    int result;

    for (int tries = NFS_ESTALE_RETRY_COUNT; tries >= 0; tries--) {
        result = lstat(path, buf);
        if (result == 0 || errno != ESTALE)
            break;
    }
    return result;
}

int nfs_safe_link(const char *oldpath, const char *newpath, bool links1)
{
    struct stat st;
    nlink_t before = 1;
    int error;

    if (!links1) {
        if (stat(oldpath, &st) < 0)
            return -1;
        before = st.st_nlink;
    }
    if (link(oldpath, newpath) == 0)
        return 0;
    if (errno != EEXIST)
        return -1;
    /* it was made, and the request was sent again because the answer was lost */
    error = errno;
    if (stat(oldpath, &st) == 0 && st.st_nlink == before + 1)
        return 0;
    errno = error;
    return -1;
}
