/*
 * Locking a file by creating "file.lock" beside it, also across machines, and replacing the file
 * with what was written into its lock.
 *
 * A lock file holds "pid:host", or the new content that is being written. It is stale when that
 * process is gone from this host, or when neither it nor the file it protects has changed for
 * stale_timeout seconds; then it is removed.
 */
#ifndef DOVECOT_FILE_DOTLOCK_H
#define DOVECOT_FILE_DOTLOCK_H

#include <fcntl.h>
#include <unistd.h>

#include "compat.h"
#include "macros.h"

struct dotlock;

struct dotlock_settings {
    const char *temp_prefix; /* of the file that is linked to the lock; NULL: ".temp.host.pid." */
    const char *lock_suffix; /* NULL: ".lock" */

    unsigned int timeout;       /* seconds to wait for the lock */
    unsigned int stale_timeout; /* 0: a lock is never too old */

    /* Called about once a second while waiting, with what is left of `timeout`; or, with `stale`,
       when a stale lock is about to be removed: FALSE keeps it. */
    bool (*callback)(unsigned int secs_left, bool stale, void *context);
    void *context;

    bool use_excl_lock : 1; /* create with O_EXCL rather than link() */
    bool nfs_flush : 1;     /* these two change nothing here: the lock is always looked at anew, */
    bool use_io_notify : 1; /* several times a second */
};

enum dotlock_create_flags {
    DOTLOCK_CREATE_FLAG_NONBLOCK = 0x01, /* do not wait */
    DOTLOCK_CREATE_FLAG_CHECKONLY = 0x02 /* only wait until there is no lock */
};

enum dotlock_replace_flags {
    DOTLOCK_REPLACE_FLAG_VERIFY_OWNER = 0x01, /* the lock must still be ours */
    DOTLOCK_REPLACE_FLAG_DONT_CLOSE_FD = 0x02
};

DOVECOT_API_BEGIN

/** Locks `path`. 1: locked; 0 with errno EAGAIN: not in time; -1: error. */
int file_dotlock_create(const struct dotlock_settings *set, const char *path,
                        enum dotlock_create_flags flags, struct dotlock **dotlock_r);

/** Removes the lock. 1: done; 0: it was gone, or is somebody else's by now; -1: error. */
int ATTR_NOWARN_UNUSED_RESULT file_dotlock_delete(struct dotlock **dotlock);

/**
 * Locks, and returns the lock file's descriptor for writing the file's new content; it belongs to
 * the lock. -1: error, or EAGAIN: not in time. The mode is 0666 without the umask, or as given
 * ((uid_t)-1, (gid_t)-1: as they come; gid_origin says in messages why this group).
 */
int file_dotlock_open(const struct dotlock_settings *set, const char *path,
                      enum dotlock_create_flags flags, struct dotlock **dotlock_r);
int file_dotlock_open_mode(const struct dotlock_settings *set, const char *path,
                           enum dotlock_create_flags flags, mode_t mode, uid_t uid, gid_t gid,
                           struct dotlock **dotlock_r);
int file_dotlock_open_group(const struct dotlock_settings *set, const char *path,
                            enum dotlock_create_flags flags, mode_t mode, gid_t gid,
                            const char *gid_origin, struct dotlock **dotlock_r);

/** Renames the lock file to the file. 1: done; 0: the lock was no longer ours; -1: error. */
int file_dotlock_replace(struct dotlock **dotlock, enum dotlock_replace_flags flags);

/** Renews the lock's time, at most once a second, so that it is not stale. 0 or -1. */
int file_dotlock_touch(struct dotlock *dotlock);
/** Whether the lock file is still ours. */
bool file_dotlock_is_locked(struct dotlock *dotlock);

const char *file_dotlock_get_lock_path(struct dotlock *dotlock);

DOVECOT_API_END

#endif
