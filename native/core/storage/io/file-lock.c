/*
 * Locks on open files.
 */
#include "lib.h"

#include "file-dotlock.h"
#include "file-lock.h"
#include "sleep.h"
#include "time-util.h"

#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>

struct file_lock {
    struct file_lock_settings set;
    struct dotlock *dotlock; /* instead of all below but the path */
    int fd;
    char *path;
    int lock_type;
};

/* While waiting, how often to try. */
enum { RETRY_MSECS = 20 };

static int64_t wait_begun;
static uint64_t waited_usecs;

static const char *const method_names[] = {"fcntl", "flock", "dotlock"};

bool file_lock_method_parse(const char *name, enum file_lock_method *method_r)
{
    for (unsigned int i = 0; i < N_ELEMENTS(method_names); i++) {
        if (strcasecmp(name, method_names[i]) == 0) {
            *method_r = (enum file_lock_method)i;
            return TRUE;
        }
    }
    return FALSE;
}

const char *file_lock_method_to_str(enum file_lock_method method)
{
    i_assert((unsigned int)method < N_ELEMENTS(method_names));
    return method_names[method];
}

/* ---- The system calls ------------------------------------------------------------------------ */

static struct flock whole_file(int lock_type)
{
    struct flock lock = {.l_type = (short)lock_type, .l_whence = SEEK_SET};

    return lock;
}

static int flock_operation(int lock_type)
{
    if (lock_type == F_UNLCK)
        return LOCK_UN;
    return lock_type == F_WRLCK ? LOCK_EX : LOCK_SH;
}

/* 1, 0 or -1 with errno. */
static int set_lock(int fd, enum file_lock_method method, int lock_type)
{
    struct flock lock = whole_file(lock_type);
    int result;

    i_assert(method != FILE_LOCK_METHOD_DOTLOCK);
    do {
        result = method == FILE_LOCK_METHOD_FCNTL ? fcntl(fd, F_SETLK, &lock)
                                                  : flock(fd, flock_operation(lock_type) | LOCK_NB);
    } while (result < 0 && errno == EINTR);
    if (result == 0)
        return 1;
    if (errno == EAGAIN || errno == EACCES || errno == EWOULDBLOCK)
        return 0;
    return -1;
}

const char *file_lock_find(int lock_fd, enum file_lock_method lock_method, int lock_type)
{
    struct flock lock = whole_file(lock_type);

    /* the kernel tells only about fcntl locks */
    if (lock_method != FILE_LOCK_METHOD_FCNTL || fcntl(lock_fd, F_GETLK, &lock) < 0 ||
        lock.l_type == F_UNLCK || lock.l_pid <= 0)
        return "";
    return t_strdup_printf(" (process %ld has it for %s)", (long)lock.l_pid,
                           lock.l_type == F_WRLCK ? "writing" : "reading");
}

/* ---- Locking --------------------------------------------------------------------------------- */

static int try_once(int fd, const char *path, int lock_type, const struct file_lock_settings *set,
                    const char **error_r)
{
    int result = set_lock(fd, set->lock_method, lock_type);

    if (result == 0)
        *error_r =
            t_strdup_printf("%s lock on %s is taken%s", file_lock_method_to_str(set->lock_method),
                            path, file_lock_find(fd, set->lock_method, lock_type));
    if (result < 0 && errno == EDEADLK && !set->allow_deadlock)
        i_panic("Locking %s would be a deadlock", path);
    if (result < 0)
        *error_r =
            t_strdup_printf("%s(%s) failed: %m", file_lock_method_to_str(set->lock_method), path);
    return result;
}

int file_wait_lock(int fd, const char *path, int lock_type, const struct file_lock_settings *set,
                   unsigned int timeout_secs, struct file_lock **lock_r, const char **error_r)
{
    uint64_t end = i_microseconds() + (uint64_t)timeout_secs * 1000000;
    struct file_lock *lock;
    int result = try_once(fd, path, lock_type, set, error_r);

    if (result == 0 && timeout_secs > 0) {
        file_lock_wait_start();
        while (result == 0 && i_microseconds() < end) {
            i_sleep_msecs(RETRY_MSECS);
            result = try_once(fd, path, lock_type, set, error_r);
        }
        file_lock_wait_end(path);
    }
    if (result == 0)
        errno = EAGAIN;
    if (result <= 0)
        return result;
    lock = i_new(struct file_lock, 1);
    lock->set = *set;
    lock->fd = fd;
    lock->path = i_strdup(path);
    lock->lock_type = lock_type;
    *lock_r = lock;
    return 1;
}

int file_try_lock(int fd, const char *path, int lock_type, const struct file_lock_settings *set,
                  struct file_lock **lock_r, const char **error_r)
{
    return file_wait_lock(fd, path, lock_type, set, 0, lock_r, error_r);
}

int file_lock_try_update(struct file_lock *lock, int lock_type)
{
    int result = set_lock(lock->fd, lock->set.lock_method, lock_type);

    if (result > 0)
        lock->lock_type = lock_type;
    return result;
}

struct file_lock *file_lock_from_dotlock(struct dotlock **dotlock)
{
    struct file_lock *lock = i_new(struct file_lock, 1);

    lock->set.lock_method = FILE_LOCK_METHOD_DOTLOCK;
    lock->fd = -1;
    lock->path = i_strdup(file_dotlock_get_lock_path(*dotlock));
    lock->lock_type = F_WRLCK;
    lock->dotlock = *dotlock;
    *dotlock = NULL;
    return lock;
}

/* ---- Letting go ------------------------------------------------------------------------------ */

/* Whether nobody else has, or waits with, a lock: only then may the file go. */
static bool is_ours_alone(struct file_lock *lock)
{
    struct stat by_fd, by_path;

    if (lock->lock_type != F_WRLCK && set_lock(lock->fd, lock->set.lock_method, F_WRLCK) <= 0)
        return FALSE;
    /* another one may have been put under the name */
    return fstat(lock->fd, &by_fd) == 0 && stat(lock->path, &by_path) == 0 &&
           by_fd.st_ino == by_path.st_ino && CMP_DEV_T(by_fd.st_dev, by_path.st_dev);
}

void file_unlock(struct file_lock **_lock)
{
    struct file_lock *lock = *_lock;

    if (lock == NULL)
        return;
    if (lock->dotlock == NULL) {
        /* while we still hold it, or a new holder could lose its file */
        if (lock->set.unlink_on_free && is_ours_alone(lock))
            (void)i_unlink_if_exists(lock->path);
        lock->set.unlink_on_free = FALSE;
        if (set_lock(lock->fd, lock->set.lock_method, F_UNLCK) <= 0)
            i_error("Unlocking %s failed: %m", lock->path);
    }
    file_lock_free(_lock);
}

void file_lock_free(struct file_lock **_lock)
{
    struct file_lock *lock = *_lock;

    if (lock == NULL)
        return;
    *_lock = NULL;
    if (lock->dotlock != NULL)
        file_dotlock_delete(&lock->dotlock);
    else if (lock->set.unlink_on_free && is_ours_alone(lock))
        (void)i_unlink_if_exists(lock->path);
    if (lock->set.close_on_free)
        i_close_fd(&lock->fd);
    i_free(lock->path);
    i_free(lock);
}

void file_lock_set_unlink_on_free(struct file_lock *lock, bool set)
{
    lock->set.unlink_on_free = set;
}

void file_lock_set_close_on_free(struct file_lock *lock, bool set)
{
    lock->set.close_on_free = set;
}

const char *file_lock_get_path(struct file_lock *lock)
{
    return lock->path;
}

void file_lock_set_path(struct file_lock *lock, const char *path)
{
    char *copy = i_strdup(path);

    i_free(lock->path);
    lock->path = copy;
}

/* ---- How long we waited ---------------------------------------------------------------------- */

void file_lock_wait_start(void)
{
    i_assert(wait_begun == 0);
    wait_begun = (int64_t)i_microseconds();
}

void file_lock_wait_end(const char *lock_name ATTR_UNUSED)
{
    int64_t usecs = (int64_t)i_microseconds() - wait_begun;

    i_assert(wait_begun != 0);
    if (usecs > 0) /* the clock may have been set back */
        waited_usecs += (uint64_t)usecs;
    wait_begun = 0;
}

uint64_t file_lock_wait_get_total_usecs(void)
{
    return waited_usecs;
}
