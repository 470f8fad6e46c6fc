/*
 * New files and directories that are ours alone.
 */
#include "lib.h"

#include "eacces-error.h"
#include "hex-binary.h"
#include "hostpid.h"
#include "randgen.h"
#include "safe-mkdir.h"
#include "safe-mkstemp.h"
#include "str.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { RANDOM_BYTES = 8 };

static int give_up(int *fd, const char *path)
{
    int error = errno;

    i_close_fd(fd);
    (void)unlink(path);
    errno = error;
    return -1;
}

static int open_new(string_t *prefix, mode_t mode)
{
    size_t length = str_len(prefix);
    unsigned char bytes[RANDOM_BYTES];
    int fd;

    do {
        str_truncate(prefix, length);
        random_fill(bytes, sizeof bytes);
        binary_to_hex_append(prefix, bytes, sizeof bytes);
        fd = open(str_c(prefix), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    } while (fd == -1 && errno == EEXIST);
    /* whatever the umask is, which belongs to all threads */
    if (fd != -1 && mode != 0600 && fchmod(fd, mode & 0777) < 0)
        return give_up(&fd, str_c(prefix));
    return fd;
}

int safe_mkstemp(string_t *prefix, mode_t mode, uid_t uid, gid_t gid)
{
    int fd = open_new(prefix, mode);

    if (fd == -1 || (uid == (uid_t)-1 && gid == (gid_t)-1))
        return fd;
    if (fchown(fd, uid, gid) == 0)
        return fd;
    i_error("fchown(%s, %ld, %ld) failed: %m", str_c(prefix), uid == (uid_t)-1 ? -1L : (long)uid,
            gid == (gid_t)-1 ? -1L : (long)gid);
    return give_up(&fd, str_c(prefix));
}

int safe_mkstemp_group(string_t *prefix, mode_t mode, gid_t gid, const char *gid_origin)
{
    int fd = open_new(prefix, mode);

    if (fd == -1 || gid == (gid_t)-1 || fchown(fd, (uid_t)-1, gid) == 0)
        return fd;
    if (errno == EPERM)
        i_error("%s", eperm_error_get_chgrp("fchown", str_c(prefix), gid, gid_origin));
    else
        i_error("fchown(%s, -1, %ld) failed: %m", str_c(prefix), (long)gid);
    return give_up(&fd, str_c(prefix));
}

int safe_mkstemp_hostpid(string_t *prefix, mode_t mode, uid_t uid, gid_t gid)
{
    str_printfa(prefix, "%s.%s.", my_hostname, my_pid);
    return safe_mkstemp(prefix, mode, uid, gid);
}

int safe_mkstemp_hostpid_group(string_t *prefix, mode_t mode, gid_t gid, const char *gid_origin)
{
    str_printfa(prefix, "%s.%s.", my_hostname, my_pid);
    return safe_mkstemp_group(prefix, mode, gid, gid_origin);
}

int safe_mkdir(const char *dir, mode_t mode, uid_t uid, gid_t gid)
{
    struct stat st;
    bool made = mkdir(dir, 0700) == 0, changed = made;
    int fd;

    if (!made && errno != EEXIST)
        i_fatal("mkdir(%s) failed: %m", dir);
    /* by its descriptor, so that nobody can put something else in its place */
    fd = open(dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd == -1)
        i_fatal("open(%s) failed: %m", dir);
    if (fstat(fd, &st) < 0)
        i_fatal("fstat(%s) failed: %m", dir);
    if ((uid != (uid_t)-1 && st.st_uid != uid) || (gid != (gid_t)-1 && st.st_gid != gid)) {
        if (fchown(fd, uid, gid) < 0)
            i_fatal("fchown(%s) failed: %m", dir);
        changed = TRUE;
    }
    if ((st.st_mode & 07777) != mode) {
        if (fchmod(fd, mode) < 0)
            i_fatal("fchmod(%s) failed: %m", dir);
        changed = TRUE;
    }
    i_close_fd(&fd);
    if (made)
        return 1;
    return changed ? 0 : 2;
}
