/*
 * File descriptors: flags, and closing without leaving a stale number behind.
 */
#ifndef DOVECOT_FD_UTIL_H
#define DOVECOT_FD_UTIL_H

#include "compat.h"
#include "macros.h"

DOVECOT_API_BEGIN

/** Set or clear FD_CLOEXEC or O_NONBLOCK. Fatal if the descriptor is not open. */
void fd_close_on_exec(int fd, bool set);
void fd_set_nonblock(int fd, bool nonblock);

/** Panics if any descriptor from first_fd to last_fd, both included, is open. */
void fd_debug_verify_leaks(int first_fd, int last_fd);

/**
 * Closes both, once if they are the same, and sets them to -1; -1 is skipped. Standard input and
 * output are not closed but replaced with /dev/null.
 */
void fd_close_maybe_stdio(int *fd_in, int *fd_out);

/**
 * i_close_fd(&fd): closes and sets to -1; nothing if it is -1 already. Keeps errno, and logs a
 * close() that fails (with the path, if given). Closing 0 panics: that is an int nobody set.
 */
void i_close_fd_path(int *fd, const char *path, const char *arg, const char *func, const char *file,
                     int line);
#define i_close_fd_path(fd, path) i_close_fd_path((fd), (path), #fd, __func__, __FILE__, __LINE__)
#define i_close_fd(fd) i_close_fd_path((fd), NULL)

DOVECOT_API_END

#endif
