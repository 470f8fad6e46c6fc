/*
 * The inside of a dotlock: file-dotlock.c has the faces, dotlock-wait.c gets the
 * lock, dotlock-create.c makes its file.
 */
#ifndef STORAGE_IO_DOTLOCK_H
#define STORAGE_IO_DOTLOCK_H

#include "lib.h"

#include "file-dotlock.h"

#include <sys/stat.h>

struct dotlock {
    struct dotlock_settings set;
    char *path;
    char *lock_path;
    /* The lock file. While it is open, no other can get its inode number, by which we know it. */
    int fd;
    dev_t device;
    ino_t inode;
    time_t locked, touched;
};

/** What a new lock file is like. */
struct dotlock_file {
    mode_t mode; /* 0: 0666 without the umask */
    uid_t uid;
    gid_t gid;
    const char *gid_origin;
    bool write_pid; /* rather than leaving it empty */
};

/** Gets the lock: sets fd, device and inode. 1; 0 with EAGAIN: somebody else has it; -1: error. */
int dotlock_get(struct dotlock *dotlock, const struct dotlock_file *file,
                enum dotlock_create_flags flags);

/** One attempt to create the lock file, with the same results. */
int dotlock_create_file(struct dotlock *dotlock, const struct dotlock_file *file);
/** "dir/.temp.host.pid.random" beside the lock file, or where temp_prefix says. Data stack. */
const char *dotlock_temp_path(const struct dotlock *dotlock);

/** Whether `st` is of our lock file. */
bool dotlock_is(const struct dotlock *dotlock, const struct stat *st);

#endif
