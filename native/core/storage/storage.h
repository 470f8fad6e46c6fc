/*
 * What libvsmtp-storage.so.1 offers to the host for its spool: putting a file on stable storage and
 * taking it away; and the lock of a mailbox file. What it offers for mailboxes is in host/host.h.
 *
 * Every function waits for the disk, so it is called on a writer's thread; all may run at the same
 * time on any number of threads. They keep no state. Nothing here knows JavaScript or
 * libvsmtp.so.1.
 *
 * "Durable" means: when the function has returned true, the file with all its bytes, and its name,
 * survive a crash of the machine, as far as the disk keeps what it says is written (fsync of the
 * file, then of its directory). When it has returned false, nothing is left: neither a temporary
 * file nor the file itself.
 */
#ifndef VSMTP_STORAGE_STORAGE_H
#define VSMTP_STORAGE_STORAGE_H

#include <limits.h>
#include <stddef.h>
#include <stdint.h>
#ifndef __cplusplus
#include <stdbool.h>
#endif
#include <sys/uio.h>

#include <vsmtp/export.h>

VSMTP_C_BEGIN

/** What went wrong: which system call, on which path, with which errno. */
typedef struct vsmtp_storage_failure {
    int32_t error;
    const char *syscall; /**< static */
    char path[PATH_MAX];
} vsmtp_storage_failure;

/** The bytes of a mail: pieces of memory that are written one after the other. */
typedef struct vsmtp_storage_parts {
    const struct iovec *list;
    size_t count;
} vsmtp_storage_parts;

/**
 * Writes `directory/name` durably, by way of `directory/tmp/name`; the tmp directory is made when
 * missing. A file of that name is replaced, at once and whole. `name` may hold no `/` and not begin
 * with a dot.
 */
VSMTP_EXPORT bool vsmtp_storage_write_spool(const char *directory, const char *name,
                                            vsmtp_storage_parts parts,
                                            vsmtp_storage_failure *failure);

/**
 * Locks a whole open file against writers, the way of fcntl(2), without waiting: `locked` says whether
 * nobody else has it. The lock belongs to the open file and goes when that is closed, so that others of
 * this process may open and close the file meanwhile. Other processes see it as a lock of F_SETLK.
 */
VSMTP_EXPORT bool vsmtp_storage_lock(int fd, bool *locked, vsmtp_storage_failure *failure);

/** Removes a file. That it is not there is no failure. Not durable: a crash may bring it back. */
VSMTP_EXPORT bool vsmtp_storage_remove(const char *path, vsmtp_storage_failure *failure);

VSMTP_C_END

#endif
