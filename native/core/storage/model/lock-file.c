/*
 * Who gives a lock back removes its file; so after the lock was got, the file must be looked for
 * again: if it is no longer there, or another one, the lock is worth nothing.
 */
#include "lib.h"

#include "model/lock-file.h"

#include "eacces-error.h"
#include "mkdir-parents.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static int make_directory(const struct lock_file_request *request, const char **error_r)
{
    const char *slash = strrchr(request->path, '/');
    const char *dir = slash == NULL ? "." : t_strdup_until(request->path, slash);

    if (mkdir_parents_chgrp(dir, request->dir_mode, request->gid, request->gid_origin) == 0 ||
        errno == EEXIST)
        return 0;
    *error_r = t_strdup_printf("mkdir(%s) failed: %s", dir, strerror(errno));
    return -1;
}

static int open_file(const struct lock_file_request *request, const char **error_r)
{
    mode_t mask = umask(0666 & ~request->file_mode);
    int fd = open(request->path, O_RDWR | O_CREAT | O_CLOEXEC, request->file_mode);

    umask(mask);
    if (fd == -1 && errno == ENOENT) {
        if (make_directory(request, error_r) < 0)
            return -1;
        mask = umask(0666 & ~request->file_mode);
        fd = open(request->path, O_RDWR | O_CREAT | O_CLOEXEC, request->file_mode);
        umask(mask);
    }
    if (fd == -1) {
        int error = errno;

        *error_r = error == EACCES
                       ? eacces_error_get_creating("open", request->path)
                       : t_strdup_printf("open(%s) failed: %s", request->path, strerror(error));
        errno = error;
        return -1;
    }
    if (request->gid != (gid_t)-1 && fchown(fd, (uid_t)-1, request->gid) < 0 && errno != EPERM)
        i_error("fchown(%s, -1, %ld) failed: %s", request->path, (long)request->gid,
                strerror(errno));
    return fd;
}

/* 1 it is the file that the path leads to, 0 it is not, -1 error. */
static int is_still_there(int fd, const char *path, const char **error_r)
{
    struct stat opened, there;

    if (fstat(fd, &opened) < 0) {
        *error_r = t_strdup_printf("fstat(%s) failed: %s", path, strerror(errno));
        return -1;
    }
    if (stat(path, &there) < 0) {
        if (errno == ENOENT)
            return 0;
        *error_r = t_strdup_printf("stat(%s) failed: %s", path, strerror(errno));
        return -1;
    }
    return opened.st_ino == there.st_ino && CMP_DEV_T(opened.st_dev, there.st_dev) ? 1 : 0;
}

/* As lock_file_create(), but 2 when the file went away meanwhile. */
static int try_create(const struct lock_file_request *request, unsigned int secs,
                      struct file_lock **lock_r, const char **error_r)
{
    struct file_lock_settings set = {.lock_method = request->method == FILE_LOCK_METHOD_DOTLOCK
                                                        ? FILE_LOCK_METHOD_FCNTL
                                                        : request->method,
                                     .close_on_free = TRUE};
    int ret, fd = open_file(request, error_r);

    if (fd == -1)
        return -1;
    ret = file_wait_lock(fd, request->path, F_WRLCK, &set, secs, lock_r, error_r);
    if (ret <= 0) {
        (void)close(fd);
        return ret;
    }
    ret = is_still_there(fd, request->path, error_r);
    if (ret == 1) {
        file_lock_set_unlink_on_free(*lock_r, TRUE);
        return 1;
    }
    file_lock_free(lock_r);
    return ret < 0 ? -1 : 2;
}

int lock_file_create(const struct lock_file_request *request, struct file_lock **lock_r,
                     const char **error_r)
{
    time_t end = time(NULL) + (time_t)request->secs, now;
    int ret;

    do {
        now = time(NULL);
        ret = try_create(request, now < end ? (unsigned int)(end - now) : 0, lock_r, error_r);
    } while (ret == 2 && time(NULL) <= end);
    if (ret != 2)
        return ret;
    *error_r = t_strdup_printf("lock file %s: others made and removed it for %u seconds",
                               request->path, request->secs);
    return 0;
}
