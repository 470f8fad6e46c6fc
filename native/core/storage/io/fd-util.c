/*
 * Descriptor flags and closing.
 */
#include "lib.h"

#include <fcntl.h>
#include <unistd.h>

static void set_flag(int fd, int get, int put, int flag, bool set)
{
    int flags = fcntl(fd, get);

    if (flags < 0)
        i_fatal("fcntl(%d, %s) failed: %m", fd, get == F_GETFD ? "F_GETFD" : "F_GETFL");
    flags = set ? flags | flag : flags & ~flag;
    if (fcntl(fd, put, flags) < 0)
        i_fatal("fcntl(%d, %s) failed: %m", fd, put == F_SETFD ? "F_SETFD" : "F_SETFL");
}

void fd_close_on_exec(int fd, bool set)
{
    set_flag(fd, F_GETFD, F_SETFD, FD_CLOEXEC, set);
}

void fd_set_nonblock(int fd, bool nonblock)
{
    set_flag(fd, F_GETFL, F_SETFL, O_NONBLOCK, nonblock);
}

void fd_debug_verify_leaks(int first_fd, int last_fd)
{
    for (int fd = first_fd; fd <= last_fd; fd++) {
        if (fcntl(fd, F_GETFD) >= 0 || errno != EBADF)
            i_panic("Leaked descriptor %d", fd);
    }
}

/* Standard input and output must stay open, or the next open() would get their numbers. */
static void close_or_null(int fd)
{
    int null_fd;

    if (fd != STDIN_FILENO && fd != STDOUT_FILENO) {
        if (close(fd) < 0)
            i_error("close(%d) failed: %m", fd);
        return;
    }
    null_fd = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (null_fd < 0 || dup2(null_fd, fd) < 0)
        i_fatal("Replacing descriptor %d with /dev/null failed: %m", fd);
    (void)close(null_fd);
}

void fd_close_maybe_stdio(int *fd_in, int *fd_out)
{
    if (*fd_in != -1)
        close_or_null(*fd_in);
    if (*fd_out != -1 && *fd_out != *fd_in)
        close_or_null(*fd_out);
    *fd_in = *fd_out = -1;
}

#undef i_close_fd_path
void i_close_fd_path(int *fd, const char *path, const char *arg, const char *func, const char *file,
                     int line)
{
    int error = errno;

    if (*fd == -1)
        return;
    if (*fd == 0)
        i_panic("%s:%d: %s() closes %s, which is 0", file, line, func, arg);
    if (close(*fd) < 0 && errno != EINTR)
        i_error("%s:%d: %s(): close(%s%s%s) failed: %m", file, line, func, arg,
                path == NULL ? "" : " of ", path == NULL ? "" : path);
    *fd = -1;
    errno = error;
}
