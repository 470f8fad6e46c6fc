/*
 * Reading and writing all of something.
 */
#include "lib.h"

#include "read-full.h"
#include "write-full.h"

#include <unistd.h>

/* What the file system took, or -1; EINTR is not an answer. */
static ssize_t write_at(int fd, const void *data, size_t size, off_t offset, bool positioned)
{
    ssize_t written;

    do
        written = positioned ? pwrite(fd, data, size, offset) : write(fd, data, size);
    while (written < 0 && errno == EINTR);
    if (written == 0)
        errno = ENOSPC;
    return written;
}

static int write_all(int fd, const void *data, size_t size, off_t offset, bool positioned)
{
    const unsigned char *bytes = data;

    while (size > 0) {
        ssize_t written = write_at(fd, bytes, I_MIN(size, SSIZE_MAX), offset, positioned);

        if (written <= 0)
            return -1;
        bytes += written;
        size -= (size_t)written;
        offset += written;
    }
    return 0;
}

int write_full(int fd, const void *data, size_t size)
{
    return write_all(fd, data, size, 0, FALSE);
}

int pwrite_full(int fd, const void *data, size_t size, off_t offset)
{
    return write_all(fd, data, size, offset, TRUE);
}

static int read_all(int fd, void *data, size_t size, off_t offset, bool positioned)
{
    unsigned char *bytes = data;

    while (size > 0) {
        size_t part = I_MIN(size, SSIZE_MAX);
        ssize_t got = positioned ? pread(fd, bytes, part, offset) : read(fd, bytes, part);

        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return (int)got;
        bytes += got;
        size -= (size_t)got;
        offset += got;
    }
    return 1;
}

int read_full(int fd, void *data, size_t size)
{
    return read_all(fd, data, size, 0, FALSE);
}

int pread_full(int fd, void *data, size_t size, off_t offset)
{
    return read_all(fd, data, size, offset, TRUE);
}
