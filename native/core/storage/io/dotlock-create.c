/*
 * Creating a lock file. It appears under its name complete: with its content, mode and owner.
 */
#include "io/dotlock.h"

#include "eacces-error.h"
#include "hex-binary.h"
#include "hostpid.h"
#include "nfs-workarounds.h"
#include "randgen.h"
#include "str.h"
#include "write-full.h"

#include <fcntl.h>
#include <unistd.h>

enum { RANDOM_BYTES = 8 };

const char *dotlock_temp_path(const struct dotlock *dotlock)
{
    const char *prefix = dotlock->set.temp_prefix, *slash = strrchr(dotlock->lock_path, '/');
    unsigned char bytes[RANDOM_BYTES];
    string_t *path = t_str_new(256);

    if (slash != NULL && (prefix == NULL || prefix[0] != '/'))
        str_append_data(path, dotlock->lock_path, (size_t)(slash + 1 - dotlock->lock_path));
    if (prefix == NULL)
        str_printfa(path, ".temp.%s.%s.", my_hostname, my_pid);
    else
        str_append(path, prefix);
    random_fill(bytes, sizeof bytes);
    binary_to_hex_append(path, bytes, sizeof bytes);
    return str_c(path);
}

static int open_new(const char *path)
{
    return open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
}

static bool set_owner(int fd, const char *path, const struct dotlock_file *file)
{
    if (file->uid == (uid_t)-1 && file->gid == (gid_t)-1)
        return TRUE;
    if (fchown(fd, file->uid, file->gid) == 0)
        return TRUE;
    if (errno == EPERM && file->uid == (uid_t)-1)
        i_error("%s", eperm_error_get_chgrp("fchown", path, file->gid, file->gid_origin));
    return FALSE;
}

static bool write_pid(int fd)
{
    const char *text = t_strdup_printf("%s:%s", my_pid, my_hostname);

    return write_full(fd, text, strlen(text)) == 0;
}

/* Makes a new file what it is to be, and remembers which one it is. */
static bool prepare(struct dotlock *dotlock, int fd, const char *path,
                    const struct dotlock_file *file)
{
    struct stat st;

    if (!set_owner(fd, path, file) || (file->mode != 0 && fchmod(fd, file->mode) < 0) ||
        (file->write_pid && !write_pid(fd)) || fstat(fd, &st) < 0)
        return FALSE;
    dotlock->fd = fd;
    dotlock->device = st.st_dev;
    dotlock->inode = st.st_ino;
    dotlock->locked = dotlock->touched = time(NULL);
    return TRUE;
}

static int give_up(struct dotlock *dotlock, int fd, const char *path)
{
    int error = errno;

    i_close_fd(&fd);
    dotlock->fd = -1;
    (void)unlink(path);
    errno = error;
    return -1;
}

static int create_in_place(struct dotlock *dotlock, const struct dotlock_file *file)
{
    int fd = open_new(dotlock->lock_path);

    if (fd == -1)
        return errno == EEXIST ? 0 : -1;
    if (!prepare(dotlock, fd, dotlock->lock_path, file))
        return give_up(dotlock, fd, dotlock->lock_path);
    return 1;
}

/* Whether the kernel or the file system lacks what create_exclusively() tries first. */
static bool is_unsupported(int error)
{
    return error == EOPNOTSUPP || error == EISDIR || error == EINVAL || error == ENOENT;
}

/*
 * Makes a file without a name and names it when it is complete. A process that is killed in between
 * leaves nothing; one that is killed while creating in place leaves a lock that nobody can tell to
 * be stale until its time is over.
 */
static int create_exclusively(struct dotlock *dotlock, const struct dotlock_file *file)
{
    const char *slash = strrchr(dotlock->lock_path, '/');
    const char *directory = slash == NULL ? "." : t_strdup_until(dotlock->lock_path, slash + 1);
    int error, fd = open(directory, O_RDWR | O_TMPFILE | O_CLOEXEC, 0666);

    if (fd == -1)
        return is_unsupported(errno) ? create_in_place(dotlock, file) : -1;
    if (prepare(dotlock, fd, dotlock->lock_path, file) &&
        linkat(AT_FDCWD, t_strdup_printf("/proc/self/fd/%d", fd), AT_FDCWD, dotlock->lock_path,
               AT_SYMLINK_FOLLOW) == 0)
        return 1;
    error = errno;
    i_close_fd(&fd);
    dotlock->fd = -1;
    errno = error;
    if (error == EEXIST)
        return 0;
    return is_unsupported(error) ? create_in_place(dotlock, file) : -1;
}

static int create_by_link(struct dotlock *dotlock, const struct dotlock_file *file)
{
    const char *path = dotlock_temp_path(dotlock);
    int fd = open_new(path);

    if (fd == -1)
        return -1;
    if (!prepare(dotlock, fd, path, file))
        return give_up(dotlock, fd, path);
    if (nfs_safe_link(path, dotlock->lock_path, TRUE) < 0) {
        (void)give_up(dotlock, fd, path);
        return errno == EEXIST ? 0 : -1;
    }
    (void)i_unlink(path);
    return 1;
}

int dotlock_create_file(struct dotlock *dotlock, const struct dotlock_file *file)
{
    return dotlock->set.use_excl_lock ? create_exclusively(dotlock, file)
                                      : create_by_link(dotlock, file);
}
