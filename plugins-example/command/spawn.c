/*
 * Starts a program in a process group of its own, with the null device as its input and pipes as
 * its outputs.
 *
 * The server has many threads, so between fork and exec only async-signal-safe functions may run
 * (POSIX, fork): everything that allocates, looks up or formats is done before, and the child tells
 * what went wrong through a pipe that closes by itself when exec succeeds.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "command.h"

/* for headers that are older than the kernel */
#ifndef SYS_close_range
#define SYS_close_range 436
#endif
#ifndef CLOSE_RANGE_CLOEXEC
#define CLOSE_RANGE_CLOEXEC (1U << 2)
#endif

/* What the child needs, made up before the fork. */
struct launch {
    char **argv;
    char **paths; /* to be tried one after the other */
    const struct identity *identity;
    int out;
    int err;
    int report;
};

/* ---- Before the fork ----------------------------------------------------------------------- */

/* program, then args, in one vector that borrows the strings */
static char **make_argv(const char *program, char *const *args)
{
    size_t count = 0;
    char **argv;

    while (args[count] != NULL)
        count++;
    argv = calloc(count + 2, sizeof *argv);
    if (argv == NULL)
        return NULL;
    argv[0] = (char *)program;
    memcpy(argv + 1, args, count * sizeof *argv);
    return argv;
}

static char *join(const char *directory, size_t length, const char *program)
{
    char *path = NULL;

    /* an empty part of PATH is the current directory */
    if (length == 0)
        return strdup(program);
    return asprintf(&path, "%.*s/%s", (int)length, directory, program) < 0 ? NULL : path;
}

/*
 * The paths that execvp would try: the program itself when it has a slash, else one for each part
 * of PATH.
 */
static char **make_paths(const char *program)
{
    const char *at = strchr(program, '/') != NULL ? "" : getenv("PATH");
    size_t count = 0;
    char **paths;

    if (at == NULL)
        at = "/usr/bin:/bin";
    for (const char *p = at; *p != '\0'; p++)
        count += *p == ':';
    paths = calloc(count + 2, sizeof *paths);
    for (size_t i = 0; paths != NULL && i <= count; i++) {
        size_t length = strcspn(at, ":");

        paths[i] = join(at, length, program);
        if (paths[i] == NULL) {
            strings_free(paths);
            return NULL;
        }
        at += length + (at[length] == ':');
    }
    return paths;
}

/* ---- In the child: only async-signal-safe functions ----------------------------------------- */

/* Nobody else's descriptors pass on, whether or not who opened them thought of that. */
static void close_others_on_exec(void)
{
    struct rlimit limit;

    if (syscall(SYS_close_range, 3U, ~0U, CLOSE_RANGE_CLOEXEC) == 0)
        return;
    /* before Linux 5.11 */
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur > 1 << 20)
        limit.rlim_cur = 1 << 20;
    for (int fd = 3; fd < (int)limit.rlim_cur; fd++)
        (void)fcntl(fd, F_SETFD, FD_CLOEXEC);
}

static void reset_signals(void)
{
    struct sigaction standard;
    sigset_t none;

    memset(&standard, 0, sizeof standard);
    standard.sa_handler = SIG_DFL;
    for (int number = 1; number < NSIG; number++)
        (void)sigaction(number, &standard, NULL);
    sigemptyset(&none);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
}

static bool set_stdio(int out, int err)
{
    int null = open("/dev/null", O_RDONLY | O_CLOEXEC);

    return null >= 0 && dup2(null, STDIN_FILENO) >= 0 && dup2(out, STDOUT_FILENO) >= 0 &&
           dup2(err, STDERR_FILENO) >= 0;
}

/*
 * The raw calls: libc's change all threads of a process, which it may not try after a fork. Not
 * being allowed to set the groups is no failure when nothing else changes either.
 */
static int32_t set_identity(const struct identity *identity)
{
    bool same = identity->uid == geteuid() && identity->gid == getegid();

    if (syscall(SYS_setgroups, identity->group_count, identity->groups) != 0 &&
        !(errno == EPERM && same))
        return SPAWN_GROUPS;
    if (syscall(SYS_setresgid, identity->gid, identity->gid, identity->gid) != 0)
        return SPAWN_GROUP;
    if (syscall(SYS_setresuid, identity->uid, identity->uid, identity->uid) != 0)
        return SPAWN_USER;
    return 0;
}

/*
 * As execvp, but for the shell that it would start for files without an interpreter, and for what
 * it says of programs that are nowhere: parts of PATH that we may not look into hold none.
 */
static void execute(char *const *paths, char *const *argv)
{
    int error = ENOENT;

    for (size_t i = 0; paths[i] != NULL; i++) {
        execv(paths[i], argv);
        if (errno == EACCES && (paths[1] == NULL || access(paths[i], F_OK) == 0))
            error = EACCES;
        else if (errno != EACCES && errno != ENOENT && errno != ENOTDIR)
            return;
    }
    errno = error;
}

static _Noreturn void child(const struct launch *launch)
{
    struct spawn_failure failure = {0};

    (void)setpgid(0, 0);
    close_others_on_exec();
    if (!set_stdio(launch->out, launch->err))
        failure.step = SPAWN_STDIO;
    else if (launch->identity->given)
        failure.step = set_identity(launch->identity);
    if (failure.step == 0) {
        reset_signals();
        execute(launch->paths, launch->argv);
        failure.step = SPAWN_EXEC;
    }
    failure.error = errno;
    /* less than PIPE_BUF bytes are written as one; should that fail, nobody can be told */
    if (write(launch->report, &failure, sizeof failure) < 0)
        _exit(126);
    _exit(127);
}

/* ---- The fork ------------------------------------------------------------------------------- */

/*
 * Signals wait while there are two of us with the same handlers: the child must not run the
 * server's. The child leaves with all of them blocked, and opens them once none has a handler any
 * more.
 */
static pid_t fork_child(const struct launch *launch)
{
    sigset_t all;
    sigset_t before;
    pid_t pid;

    sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    pid = fork();
    if (pid == 0)
        child(launch);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    /* both sides set the group, so that it is there whoever is first */
    if (pid > 0)
        (void)setpgid(pid, pid);
    return pid;
}

static void close_pipe(const int *ends)
{
    (void)close(ends[0]);
    (void)close(ends[1]);
}

static bool make_pipes(int pipes[3][2])
{
    for (int i = 0; i < 3; i++)
        if (pipe2(pipes[i], O_CLOEXEC) != 0) {
            int error = errno;

            while (i-- > 0)
                close_pipe(pipes[i]);
            errno = error;
            return false;
        }
    return true;
}

static bool launch_process(struct launch *launch, struct process *process)
{
    int pipes[3][2];

    if (!make_pipes(pipes))
        return false;
    launch->out = pipes[0][1];
    launch->err = pipes[1][1];
    launch->report = pipes[2][1];
    process->pid = fork_child(launch);
    if (process->pid < 0) {
        int error = errno;

        for (int i = 0; i < 3; i++)
            close_pipe(pipes[i]);
        errno = error;
        return false;
    }
    for (int i = 0; i < 3; i++)
        (void)close(pipes[i][1]);
    process->out = pipes[0][0];
    process->err = pipes[1][0];
    process->report = pipes[2][0];
    return true;
}

bool process_spawn(const char *program, char *const *args, const struct identity *identity,
                   struct process *process)
{
    struct launch launch = {
        .argv = make_argv(program, args),
        .paths = make_paths(program),
        .identity = identity,
    };
    bool started = launch.argv != NULL && launch.paths != NULL && launch_process(&launch, process);

    if (!started)
        vsmtp_fail("cmd process failed to spawn: '%s': %s", program, strerror(errno));
    free(launch.argv);
    strings_free(launch.paths);
    return started;
}
