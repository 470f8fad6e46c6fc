/*
 * Dotlocks: taking, holding, giving back, and replacing the locked file with the lock file.
 */
#include "io/dotlock.h"

#include "file-lock.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

static void free_dotlock(struct dotlock *dotlock)
{
    i_close_fd(&dotlock->fd);
    i_free(dotlock->path);
    i_free(dotlock->lock_path);
    i_free(dotlock);
}

static int get(const struct dotlock_settings *set, const char *path,
               const struct dotlock_file *file, enum dotlock_create_flags flags,
               struct dotlock **dotlock_r)
{
    struct dotlock *dotlock = i_new(struct dotlock, 1);
    int result, error;

    dotlock->set = *set;
    dotlock->fd = -1;
    dotlock->path = i_strdup(path);
    dotlock->lock_path =
        i_strconcat(path, set->lock_suffix == NULL ? ".lock" : set->lock_suffix, NULL);
    file_lock_wait_start();
    result = dotlock_get(dotlock, file, flags);
    error = errno;
    file_lock_wait_end(dotlock->lock_path);
    if (result <= 0 || (flags & DOTLOCK_CREATE_FLAG_CHECKONLY) != 0) {
        free_dotlock(dotlock);
        dotlock = NULL;
    }
    *dotlock_r = dotlock;
    errno = error;
    return result;
}

int file_dotlock_create(const struct dotlock_settings *set, const char *path,
                        enum dotlock_create_flags flags, struct dotlock **dotlock_r)
{
    struct dotlock_file file = {0, (uid_t)-1, (gid_t)-1, NULL, TRUE};

    return get(set, path, &file, flags, dotlock_r);
}

static int open_lock(const struct dotlock_settings *set, const char *path,
                     const struct dotlock_file *file, enum dotlock_create_flags flags,
                     struct dotlock **dotlock_r)
{
    return get(set, path, file, flags, dotlock_r) <= 0 || *dotlock_r == NULL ? -1
                                                                             : (*dotlock_r)->fd;
}

int file_dotlock_open(const struct dotlock_settings *set, const char *path,
                      enum dotlock_create_flags flags, struct dotlock **dotlock_r)
{
    struct dotlock_file file = {0, (uid_t)-1, (gid_t)-1, NULL, FALSE};

    return open_lock(set, path, &file, flags, dotlock_r);
}

int file_dotlock_open_mode(const struct dotlock_settings *set, const char *path,
                           enum dotlock_create_flags flags, mode_t mode, uid_t uid, gid_t gid,
                           struct dotlock **dotlock_r)
{
    struct dotlock_file file = {mode, uid, gid, NULL, FALSE};

    return open_lock(set, path, &file, flags, dotlock_r);
}

int file_dotlock_open_group(const struct dotlock_settings *set, const char *path,
                            enum dotlock_create_flags flags, mode_t mode, gid_t gid,
                            const char *gid_origin, struct dotlock **dotlock_r)
{
    struct dotlock_file file = {mode, (uid_t)-1, gid, gid_origin, FALSE};

    return open_lock(set, path, &file, flags, dotlock_r);
}

/* ---- Holding --------------------------------------------------------------------------------- */

bool dotlock_is(const struct dotlock *dotlock, const struct stat *st)
{
    return dotlock->inode == st->st_ino && CMP_DEV_T(dotlock->device, st->st_dev);
}

bool file_dotlock_is_locked(struct dotlock *dotlock)
{
    struct stat st;

    if (lstat(dotlock->lock_path, &st) < 0) {
        if (errno != ENOENT)
            i_error("lstat(%s) failed: %m", dotlock->lock_path);
        return FALSE;
    }
    return dotlock_is(dotlock, &st);
}

int file_dotlock_touch(struct dotlock *dotlock)
{
    time_t now = time(NULL);

    if (now == dotlock->touched)
        return 0;
    dotlock->touched = now;
    if (utimensat(AT_FDCWD, dotlock->lock_path, NULL, AT_SYMLINK_NOFOLLOW) == 0)
        return 0;
    if (errno != ENOENT)
        i_error("utimensat(%s) failed: %m", dotlock->lock_path);
    return -1;
}

const char *file_dotlock_get_lock_path(struct dotlock *dotlock)
{
    return dotlock->lock_path;
}

/* ---- Giving back ----------------------------------------------------------------------------- */

/* Whether the lock file is ours still; if not, says so in the log. */
static bool check_owner(struct dotlock *dotlock)
{
    if (file_dotlock_is_locked(dotlock))
        return TRUE;
    i_warning("Our lock file %s was removed or replaced by somebody else (locked %ld seconds ago, "
              "touched %ld seconds ago)",
              dotlock->lock_path, (long)(time(NULL) - dotlock->locked),
              (long)(time(NULL) - dotlock->touched));
    return FALSE;
}

int file_dotlock_delete(struct dotlock **_dotlock)
{
    struct dotlock *dotlock = *_dotlock;
    int result = 0;

    *_dotlock = NULL;
    if (check_owner(dotlock))
        result = i_unlink_if_exists(dotlock->lock_path);
    free_dotlock(dotlock);
    return result;
}

static int move_over_file(struct dotlock *dotlock)
{
    if (rename(dotlock->lock_path, dotlock->path) == 0)
        return 1;
    i_error("rename(%s, %s) failed: %m", dotlock->lock_path, dotlock->path);
    return errno == ENOENT ? 0 : -1;
}

int file_dotlock_replace(struct dotlock **_dotlock, enum dotlock_replace_flags flags)
{
    struct dotlock *dotlock = *_dotlock;
    int result = 0, error;

    *_dotlock = NULL;
    if ((flags & DOTLOCK_REPLACE_FLAG_VERIFY_OWNER) == 0 || check_owner(dotlock))
        result = move_over_file(dotlock);
    error = errno;
    if (result < 0)
        (void)i_unlink_if_exists(dotlock->lock_path);
    if ((flags & DOTLOCK_REPLACE_FLAG_DONT_CLOSE_FD) != 0)
        dotlock->fd = -1;
    free_dotlock(dotlock);
    errno = error;
    return result;
}
