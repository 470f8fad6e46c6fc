/*
 * Locks: dotlocks, stale ones among them, replacing files with them, and kernel locks.
 */
#include "tap.h"

#include "file-dotlock.h"
#include "file-lock.h"
#include "hostpid.h"
#include "lib.h"
#include "str.h"
#include "write-full.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/time.h>

static const struct dotlock_settings exclusive = {
    .timeout = 10, .stale_timeout = 120, .use_excl_lock = TRUE};
static const struct dotlock_settings linked = {.timeout = 10, .stale_timeout = 120};
static const struct dotlock_settings impatient = {
    .timeout = 0, .stale_timeout = 120, .use_excl_lock = TRUE};

static const char *contents(const char *path)
{
    char text[512];
    int fd = open(path, O_RDONLY);
    ssize_t got = read(fd, text, sizeof text);

    if (fd != -1)
        i_close_fd(&fd);
    return got < 0 ? NULL : t_strndup(text, (size_t)got);
}

static void write_file(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

    (void)write_full(fd, text, strlen(text));
    i_close_fd(&fd);
}

static void make_old(const char *path, time_t seconds)
{
    struct timeval times[2] = {{time(NULL) - seconds, 0}, {time(NULL) - seconds, 0}};

    (void)utimes(path, times);
}

static bool exists(const char *path)
{
    struct stat st;

    return lstat(path, &st) == 0;
}

static void test_taking(const struct dotlock_settings *set)
{
    struct dotlock *dotlock, *other;

    is_int(file_dotlock_create(set, "file", 0, &dotlock), 1, "a lock is taken");
    is_str(file_dotlock_get_lock_path(dotlock), "file.lock", "beside the file");
    is_str(contents("file.lock"), t_strdup_printf("%s:%s", my_pid, my_hostname),
           "it says who holds it");
    ok(file_dotlock_is_locked(dotlock), "it is held");
    is_int(file_dotlock_create(set, "file", DOTLOCK_CREATE_FLAG_NONBLOCK, &other), 0,
           "nobody else gets it");
    is_int(errno, EAGAIN, "which is EAGAIN");
    ok(other == NULL, "and no lock");
    is_int(file_dotlock_touch(dotlock), 0, "it can be renewed");
    is_int(file_dotlock_delete(&dotlock), 1, "it is given back");
    ok(!exists("file.lock"), "then it is gone");
    is_int(file_dotlock_create(set, "file", DOTLOCK_CREATE_FLAG_CHECKONLY, &dotlock), 1,
           "one can ask whether a lock is free");
    ok(dotlock == NULL && !exists("file.lock"), "without taking it");
    is_int(file_dotlock_create(set, "no/file", 0, &dotlock), -1,
           "without a directory there is none");
    is_int(errno, ENOENT, "that is ENOENT");
}

static void test_replacing(void)
{
    struct dotlock *dotlock;
    struct stat st;
    int fd;

    write_file("list", "old");
    fd = file_dotlock_open_mode(&exclusive, "list", 0, 0640, (uid_t)-1, getegid(), &dotlock);
    ok(fd != -1 && fstat(fd, &st) == 0 && (st.st_mode & 0777) == 0640,
       "a lock file can be written to, with the mode given");
    (void)write_full(fd, "new", 3);
    is_str(contents("list"), "old", "readers see the old file");
    is_int(file_dotlock_replace(&dotlock, DOTLOCK_REPLACE_FLAG_VERIFY_OWNER), 1,
           "until it is replaced");
    is_str(contents("list"), "new", "by the new one");
    ok(!exists("list.lock") && fcntl(fd, F_GETFD) < 0, "which unlocks and closes");

    fd = file_dotlock_open(&linked, "list", 0, &dotlock);
    is_int(file_dotlock_replace(&dotlock, DOTLOCK_REPLACE_FLAG_DONT_CLOSE_FD), 1,
           "a descriptor can be kept");
    ok(fcntl(fd, F_GETFD) >= 0, "open");
    i_close_fd(&fd);
}

static void test_lost(void)
{
    struct dotlock *dotlock;

    (void)file_dotlock_open(&exclusive, "lost", 0, &dotlock);
    (void)unlink("lost.lock");
    ok(!file_dotlock_is_locked(dotlock), "a lock that is gone is not held");
    is_int(file_dotlock_touch(dotlock), 0, "it was touched just now");
    is_int(file_dotlock_delete(&dotlock), 0, "deleting it says so");
    (void)file_dotlock_open(&exclusive, "lost", 0, &dotlock);
    (void)rename("lost.lock", "mine");
    write_file("lost.lock", "somebody else's");
    is_int(file_dotlock_replace(&dotlock, DOTLOCK_REPLACE_FLAG_VERIFY_OWNER), 0,
           "what is somebody else's is not taken for ours");
    is_str(contents("lost.lock"), "somebody else's", "nor removed");
    (void)unlink("lost.lock");
}

/* The number of a process that was and is no more. */
static pid_t gone(void)
{
    pid_t pid = fork();

    if (pid == 0)
        _exit(0);
    (void)waitpid(pid, NULL, 0);
    return pid;
}

static unsigned int stale_asked;
static bool stale_answer;

static bool ask(unsigned int secs_left ATTR_UNUSED, bool stale, void *context ATTR_UNUSED)
{
    if (stale)
        stale_asked++;
    return stale_answer;
}

static void test_stale(const struct dotlock_settings *set)
{
    struct dotlock_settings asking = *set;
    struct dotlock *dotlock;

    asking.callback = ask;
    write_file("stale", "content");
    make_old("stale", 1000);
    write_file("stale.lock", "no process");
    is_int(file_dotlock_create(set, "stale", DOTLOCK_CREATE_FLAG_NONBLOCK, &dotlock), 0,
           "a fresh lock is respected");
    make_old("stale.lock", 121);
    is_int(file_dotlock_create(&asking, "stale", DOTLOCK_CREATE_FLAG_NONBLOCK, &dotlock), 0,
           "an old one too, if the callback wants");
    ok(stale_asked > 0, "which is asked");
    stale_answer = TRUE;
    is_int(file_dotlock_create(&asking, "stale", DOTLOCK_CREATE_FLAG_NONBLOCK, &dotlock), 1,
           "else it is stale and taken over");
    is_int(file_dotlock_delete(&dotlock), 1, "and ours");
    stale_answer = FALSE;

    write_file("stale.lock", "no process");
    make_old("stale.lock", 1000);
    make_old("stale", 10);
    is_int(file_dotlock_create(set, "stale", DOTLOCK_CREATE_FLAG_NONBLOCK, &dotlock), 0,
           "while its file changes a lock is not stale");
    write_file("stale.lock", t_strdup_printf("%ld:%s", (long)gone(), my_hostname));
    is_int(file_dotlock_create(set, "stale", DOTLOCK_CREATE_FLAG_NONBLOCK, &dotlock), 1,
           "the lock of a process that is gone is stale at once");
    (void)file_dotlock_delete(&dotlock);
    write_file("stale.lock", t_strdup_printf("%ld:another.host", (long)gone()));
    is_int(file_dotlock_create(set, "stale", DOTLOCK_CREATE_FLAG_NONBLOCK, &dotlock), 0,
           "unless it is another host's");
    (void)unlink("stale.lock");
}

static void test_timeout(void)
{
    struct dotlock *dotlock, *other;

    (void)file_dotlock_create(&exclusive, "busy", 0, &dotlock);
    is_int(file_dotlock_create(&impatient, "busy", 0, &other), 0, "waiting ends in time");
    (void)file_dotlock_delete(&dotlock);
}

/* Many processes count in one file, each time reading, adding and replacing it under the lock. */
static void count_up(const struct dotlock_settings *set)
{
    enum { PROCESSES = 6, ROUNDS = 20 };
    int status, failures = 0;

    write_file("count", "0");
    fflush(NULL);
    for (unsigned int process = 0; process < PROCESSES; process++) {
        if (fork() != 0)
            continue;
        hostpid_init();
        for (unsigned int i = 0; i < ROUNDS; i++) {
            struct dotlock *dotlock;
            int fd = file_dotlock_open(set, "count", 0, &dotlock);
            const char *text;

            if (fd == -1)
                _exit(1);
            text = t_strdup_printf("%d", atoi(contents("count")) + 1);
            if (write_full(fd, text, strlen(text)) < 0 || file_dotlock_replace(&dotlock, 0) <= 0)
                _exit(1);
        }
        _exit(0);
    }
    while (wait(&status) > 0)
        failures += status == 0 ? 0 : 1;
    is_int(failures, 0, "every process gets the lock");
    is_str(contents("count"), "120", "and none gets it beside another");
}

static const char *lock_elsewhere(const struct file_lock_settings *set, int type)
{
    struct file_lock *lock;
    const char *error = NULL;
    int status;
    pid_t child;

    fflush(NULL);
    child = fork();
    if (child == 0) {
        /* opened here: closing it in the parent would give its fcntl locks back */
        int fd = open("kernel", O_RDWR);
        int result = file_try_lock(fd, "kernel", type, set, &lock, &error);

        _exit(result > 0 ? 0 : (strstr(error, "is taken") != NULL ? 1 : 2));
    }
    (void)waitpid(child, &status, 0);
    return WEXITSTATUS(status) == 0 ? "locked" : WEXITSTATUS(status) == 1 ? "taken" : "error";
}

static void test_kernel_lock(enum file_lock_method method)
{
    struct file_lock_settings set = {.lock_method = method};
    struct file_lock *lock;
    const char *error;
    int fd;

    write_file("kernel", "");
    fd = open("kernel", O_RDWR);
    is_int(file_try_lock(fd, "kernel", F_WRLCK, &set, &lock, &error), 1, "%s locks",
           file_lock_method_to_str(method));
    is_str(lock_elsewhere(&set, F_RDLCK), "taken", "for one process");
    is_int(file_lock_try_update(lock, F_RDLCK), 1, "it can become a lock for reading");
    is_str(lock_elsewhere(&set, F_RDLCK), "locked", "which others can have too");
    is_str(lock_elsewhere(&set, F_WRLCK), "taken", "as long as they do not write");
    is_str(file_lock_get_path(lock), "kernel", "it knows its path");
    file_lock_set_unlink_on_free(lock, TRUE);
    file_lock_set_close_on_free(lock, TRUE);
    file_unlock(&lock);
    ok(lock == NULL && !exists("kernel") && fcntl(fd, F_GETFD) < 0,
       "it can take the file and the descriptor with it");
}

static void test_lock_of_dotlock(void)
{
    enum file_lock_method method;
    struct dotlock *dotlock;
    struct file_lock *lock;

    (void)file_dotlock_create(&exclusive, "converted", 0, &dotlock);
    lock = file_lock_from_dotlock(&dotlock);
    is_str(file_lock_get_path(lock), "converted.lock", "a dotlock can be used like the others");
    file_unlock(&lock);
    ok(!exists("converted.lock"), "and is given back like them");
    ok(file_lock_method_parse("FLOCK", &method) && method == FILE_LOCK_METHOD_FLOCK,
       "methods have names");
    ok(!file_lock_method_parse("lockf", &method), "not all of them");
    ok(file_lock_wait_get_total_usecs() > 0, "the time spent waiting is known");
}

int main(void)
{
    lib_init();
    hostpid_init();
    test_taking(&exclusive);
    test_taking(&linked);
    test_replacing();
    test_lost();
    test_stale(&exclusive);
    test_stale(&linked);
    test_timeout();
    count_up(&exclusive);
    count_up(&linked);
    test_kernel_lock(FILE_LOCK_METHOD_FCNTL);
    test_kernel_lock(FILE_LOCK_METHOD_FLOCK);
    test_lock_of_dotlock();
    hostpid_deinit();
    lib_deinit();
    return done();
}
