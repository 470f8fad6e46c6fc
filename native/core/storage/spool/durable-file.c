/*
 * Writing that survives a crash. The order is what matters: bytes, fsync of the file, rename, fsync
 * of the directory. After a failure what was begun is removed, and the first error is the one that
 * is reported.
 */
#include "durable-file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_MODE = 0600, DIRECTORY_MODE = 0700, BATCH = 64 };

bool failed_at(vsmtp_storage_failure *failure, const char *syscall, const char *path)
{
    failure->error = errno;
    failure->syscall = syscall;
    (void)snprintf(failure->path, sizeof failure->path, "%s", path);
    return false;
}

bool path_join(char path[PATH_MAX], const char *directory, const char *sub, const char *name,
               vsmtp_storage_failure *failure)
{
    int length = sub == NULL ? snprintf(path, PATH_MAX, "%s/%s", directory, name)
                             : snprintf(path, PATH_MAX, "%s/%s/%s", directory, sub, name);

    if (length >= 0 && length < PATH_MAX)
        return true;
    errno = ENAMETOOLONG;
    return failed_at(failure, "open", directory);
}

/* Moves past what was written; returns how many pieces are done with. */
static size_t advance(struct iovec *batch, size_t count, size_t written)
{
    size_t done = 0;

    while (done < count && written >= batch[done].iov_len)
        written -= batch[done++].iov_len;
    if (done < count) {
        batch[done].iov_base = (char *)batch[done].iov_base + written;
        batch[done].iov_len -= written;
    }
    return done;
}

/* Writes some pieces, however many calls that takes. Uses up the array. */
static bool write_batch(int fd, struct iovec *batch, size_t count)
{
    size_t done = advance(batch, count, 0);

    while (done < count) {
        ssize_t written = writev(fd, batch + done, (int)(count - done));

        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0) {
            errno = written == 0 ? EIO : errno;
            return false;
        }
        done += advance(batch + done, count - done, (size_t)written);
    }
    return true;
}

static bool write_parts(int fd, vsmtp_storage_parts parts)
{
    struct iovec batch[BATCH];

    for (size_t done = 0; done < parts.count; done += BATCH) {
        size_t count = parts.count - done < BATCH ? parts.count - done : BATCH;

        memcpy(batch, parts.list + done, count * sizeof *batch);
        if (!write_batch(fd, batch, count))
            return false;
    }
    return true;
}

static int sync_fd(int fd)
{
    int result;

    do
        result = fsync(fd);
    while (result < 0 && errno == EINTR);
    return result;
}

static int open_new(const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, FILE_MODE);

    /* left behind by a process that was killed: the name is ours */
    if (fd < 0 && errno == EEXIST && unlink(path) == 0)
        fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, FILE_MODE);
    return fd;
}

bool durable_create(const char *path, vsmtp_storage_parts parts, vsmtp_storage_failure *failure)
{
    const char *step = NULL;
    int fd = open_new(path);

    if (fd < 0)
        return failed_at(failure, "open", path);
    if (!write_parts(fd, parts))
        step = "write";
    else if (sync_fd(fd) < 0)
        step = "fsync";
    if (step != NULL)
        (void)failed_at(failure, step, path);
    if (close(fd) < 0 && errno != EINTR && step == NULL) {
        step = "close";
        (void)failed_at(failure, step, path);
    }
    if (step != NULL)
        (void)unlink(path);
    return step == NULL;
}

static int rename_without_replacing(const char *from, const char *to)
{
    int result = renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE);

    /* file systems that cannot do it: names in a Maildir are unique anyway */
    if (result < 0 && (errno == EINVAL || errno == ENOSYS))
        result = rename(from, to);
    return result;
}

bool durable_rename(const char *from, const char *to, const char *directory, enum replace replace,
                    vsmtp_storage_failure *failure)
{
    int result = replace == KEEP_EXISTING ? rename_without_replacing(from, to) : rename(from, to);

    if (result < 0) {
        (void)failed_at(failure, "rename", to);
        (void)unlink(from);
        return false;
    }
    if (durable_directory(directory, failure))
        return true;
    /* what replaced an older state of itself is the only copy now: better there twice than lost */
    if (replace == KEEP_EXISTING)
        (void)unlink(to);
    return false;
}

bool durable_directory(const char *path, vsmtp_storage_failure *failure)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool synced;

    if (fd < 0)
        return failed_at(failure, "open", path);
    /* EINVAL: a file system where directories cannot be synced, because they always are */
    synced = sync_fd(fd) == 0 || errno == EINVAL;
    if (!synced)
        (void)failed_at(failure, "fsync", path);
    (void)close(fd);
    return synced;
}

/* Makes one directory; its parent must be there. */
static bool make_one(const char *path, const char *parent, vsmtp_storage_failure *failure)
{
    if (mkdir(path, DIRECTORY_MODE) == 0)
        return durable_directory(parent, failure);
    return errno == EEXIST || failed_at(failure, "mkdir", path);
}

bool durable_mkdir(const char *path, vsmtp_storage_failure *failure)
{
    char prefix[PATH_MAX];
    char parent[PATH_MAX] = "/";
    size_t length = strnlen(path, PATH_MAX);

    if (length == PATH_MAX) {
        errno = ENAMETOOLONG;
        return failed_at(failure, "mkdir", path);
    }
    if (path[0] != '/')
        memcpy(parent, ".", 2);
    for (size_t end = 1; end <= length; end++) {
        if (path[end] != '/' && path[end] != '\0')
            continue;
        memcpy(prefix, path, end);
        prefix[end] = '\0';
        if (!make_one(prefix, parent, failure))
            return false;
        memcpy(parent, prefix, end + 1);
    }
    return true;
}
