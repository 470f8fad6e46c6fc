/*
 * Locks on open files, by fcntl or flock.
 */
#ifndef DOVECOT_FILE_LOCK_H
#define DOVECOT_FILE_LOCK_H

#include <fcntl.h>
#include <inttypes.h>
#include <unistd.h>

#include "compat.h"
#include "macros.h"

/** Seconds that are usual for waiting. */
#define DEFAULT_LOCK_TIMEOUT 120

struct file_lock;
struct dotlock;

enum file_lock_method {
    FILE_LOCK_METHOD_FCNTL,
    FILE_LOCK_METHOD_FLOCK,
    FILE_LOCK_METHOD_DOTLOCK /* not a method of these functions, see file-dotlock.h */
};

struct file_lock_settings {
    enum file_lock_method lock_method;
    bool unlink_on_free : 1; /* unless somebody else has the lock by then */
    bool close_on_free : 1;
    bool allow_deadlock : 1; /* EDEADLK is an error, not a panic */
};

DOVECOT_API_BEGIN

/** "fcntl", "flock", "dotlock". FALSE: none of them. */
bool file_lock_method_parse(const char *name, enum file_lock_method *method_r);
const char *file_lock_method_to_str(enum file_lock_method method);

/**
 * Lock for F_RDLCK or F_WRLCK; `path` is for messages. 1: locked; 0: somebody else has it (after
 * timeout_secs); -1: error. *error_r is set for 0 and -1 and comes from the data stack.
 */
int file_try_lock(int fd, const char *path, int lock_type, const struct file_lock_settings *set,
                  struct file_lock **lock_r, const char **error_r);
int file_wait_lock(int fd, const char *path, int lock_type, const struct file_lock_settings *set,
                   unsigned int timeout_secs, struct file_lock **lock_r, const char **error_r);

/** Changes between reading and writing; the lock may be lost in between. 1, 0 or -1 as above. */
int file_lock_try_update(struct file_lock *lock, int lock_type);

void file_lock_set_unlink_on_free(struct file_lock *lock, bool set);
void file_lock_set_close_on_free(struct file_lock *lock, bool set);

/** Makes a dotlock a lock of this kind; *dotlock becomes NULL. */
struct file_lock *file_lock_from_dotlock(struct dotlock **dotlock);

/** Unlocks and frees; or frees only, because closing the descriptor unlocks. */
void file_unlock(struct file_lock **lock);
void file_lock_free(struct file_lock **lock);

const char *file_lock_get_path(struct file_lock *lock);
/** After the file was renamed. */
void file_lock_set_path(struct file_lock *lock, const char *path);

/** " (process n has it for writing)", or "" if that cannot be found out. Data stack. */
const char *file_lock_find(int lock_fd, enum file_lock_method lock_method, int lock_type);

/** Stand around waiting for a lock. */
void file_lock_wait_start(void);
void file_lock_wait_end(const char *lock_name);
/** Microseconds waited for locks so far. */
uint64_t file_lock_wait_get_total_usecs(void);

DOVECOT_API_END

#endif
