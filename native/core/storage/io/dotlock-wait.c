/*
 * Getting a dotlock: judging the lock file that is there already, and waiting.
 */
#include "io/dotlock.h"

#include "hostpid.h"
#include "sleep.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

enum { RETRY_MIN_MSECS = 10, RETRY_MAX_MSECS = 40 };

/* ---- Judging --------------------------------------------------------------------------------- */

/* The lock of somebody else, as seen so far. */
struct rival {
    bool seen;
    struct stat lock;
    time_t last_change; /* of it, or of the file it protects */
};

/* The process that a lock file names, if it is one of this host. */
static bool read_pid(const char *lock_path, pid_t *pid_r)
{
    char text[256];
    char *colon;
    long pid;
    int fd = open(lock_path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    ssize_t length;

    if (fd == -1)
        return FALSE;
    length = read(fd, text, sizeof text - 1);
    i_close_fd(&fd);
    if (length <= 0)
        return FALSE;
    text[length] = '\0';
    colon = strchr(text, ':');
    if (colon == NULL || strcmp(colon + 1, my_hostname) != 0)
        return FALSE;
    *colon = '\0';
    if (str_to_long(text, &pid) < 0 || pid <= 0 || (pid_t)pid != pid)
        return FALSE;
    *pid_r = (pid_t)pid;
    return TRUE;
}

static bool owner_is_gone(const struct dotlock *dotlock)
{
    pid_t pid;

    return read_pid(dotlock->lock_path, &pid) && kill(pid, 0) < 0 && errno == ESRCH;
}

/* Takes note of how the lock and its file look now. */
static void look(struct rival *rival, const struct stat *lock, const char *path)
{
    struct stat file;
    bool changed = rival->seen && ST_CHANGED(rival->lock, *lock);

    if (!rival->seen)
        rival->last_change = lock->st_mtime;
    else if (changed)
        rival->last_change = time(NULL); /* whatever the other host's clock shows */
    if (stat(path, &file) == 0)
        rival->last_change = I_MAX(rival->last_change, file.st_mtime);
    rival->lock = *lock;
    rival->seen = TRUE;
}

static bool is_stale(const struct dotlock *dotlock, const struct rival *rival)
{
    unsigned int limit = dotlock->set.stale_timeout;

    if (owner_is_gone(dotlock))
        return TRUE;
    return limit > 0 && rival->last_change + (time_t)limit < time(NULL);
}

/*
 * Takes a stale lock away. Another waiter may have done so just now and made its own lock: so it is
 * moved aside first, which only one can do, and put back if it is not the one we judged.
 */
static void take_away(const struct dotlock *dotlock, const struct rival *rival)
{
    const char *aside = dotlock_temp_path(dotlock);
    struct stat st;

    if (rename(dotlock->lock_path, aside) < 0)
        return;
    if (lstat(aside, &st) == 0 && !ST_CHANGED(st, rival->lock) &&
        CMP_DEV_T(st.st_dev, rival->lock.st_dev))
        i_warning("Removed stale lock file %s", dotlock->lock_path);
    else if (link(aside, dotlock->lock_path) < 0)
        i_error("link(%s, %s) failed: %m", aside, dotlock->lock_path);
    (void)i_unlink_if_exists(aside);
}

static bool may_take_away(const struct dotlock *dotlock)
{
    return dotlock->set.callback == NULL || dotlock->set.callback(0, TRUE, dotlock->set.context);
}

/* ---- Waiting --------------------------------------------------------------------------------- */

/* One attempt. 1: ours; 0: taken; -1: error. */
static int try_lock(struct dotlock *dotlock, const struct dotlock_file *file,
                    enum dotlock_create_flags flags, bool look_first)
{
    struct stat st;

    if (look_first || (flags & DOTLOCK_CREATE_FLAG_CHECKONLY) != 0) {
        if (lstat(dotlock->lock_path, &st) == 0)
            return 0;
        if (errno != ENOENT)
            return -1;
    }
    if ((flags & DOTLOCK_CREATE_FLAG_CHECKONLY) != 0)
        return 1;
    return dotlock_create_file(dotlock, file);
}

/* The lock is taken: whether it is gone now. */
static bool overcome(struct dotlock *dotlock, struct rival *rival)
{
    struct stat st;

    if (lstat(dotlock->lock_path, &st) < 0)
        return errno == ENOENT;
    look(rival, &st, dotlock->path);
    if (!is_stale(dotlock, rival) || !may_take_away(dotlock))
        return FALSE;
    take_away(dotlock, rival);
    rival->seen = FALSE;
    return TRUE;
}

static void tell_waiting(const struct dotlock *dotlock, time_t end, time_t *told)
{
    time_t now = time(NULL);

    if (dotlock->set.callback == NULL || now == *told)
        return;
    *told = now;
    (void)dotlock->set.callback(end > now ? (unsigned int)(end - now) : 0, FALSE,
                                dotlock->set.context);
}

/* One attempt, which takes a stale lock away first. 1, 0 or -1 as above. */
static int try_and_overcome(struct dotlock *dotlock, const struct dotlock_file *file,
                            enum dotlock_create_flags flags, struct rival *rival)
{
    int result = try_lock(dotlock, file, flags, rival->seen);

    /* somebody else may be quicker than us after each of them: once is enough */
    if (result == 0 && overcome(dotlock, rival))
        result = try_lock(dotlock, file, flags, FALSE);
    return result;
}

int dotlock_get(struct dotlock *dotlock, const struct dotlock_file *file,
                enum dotlock_create_flags flags)
{
    time_t told = time(NULL), end = told + (time_t)dotlock->set.timeout;
    struct rival rival = {.seen = FALSE};

    for (;;) {
        int result;

        T_BEGIN
        {
            result = try_and_overcome(dotlock, file, flags, &rival);
        }
        T_END;
        if (result != 0)
            return result;
        if ((flags & DOTLOCK_CREATE_FLAG_NONBLOCK) != 0 || time(NULL) >= end) {
            errno = EAGAIN;
            return 0;
        }
        tell_waiting(dotlock, end, &told);
        i_sleep_msecs(i_rand_minmax(RETRY_MIN_MSECS, RETRY_MAX_MSECS));
    }
}
