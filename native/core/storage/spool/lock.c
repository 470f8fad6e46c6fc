/*
 * Locks on files that other programs write too, as mbox files. POSIX locks are lost as soon as any descriptor of the
 * file is closed in the process; those of open file descriptions (Linux 3.15) are not, and exclude the others.
 */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "durable-file.h"

bool vsmtp_storage_lock(int fd, bool *locked, vsmtp_storage_failure *failure)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

    *locked = fcntl(fd, F_OFD_SETLK, &lock) == 0;
    return *locked || errno == EAGAIN || errno == EACCES || failed_at(failure, "fcntl", "");
}
