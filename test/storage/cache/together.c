/*
 * Several processes with one cache, some of them killed at any moment, and caches that cannot be written.
 */
#include "caching.h"

#include <time.h>

enum { ROUNDS = 40, PROCESSES = 3 };

/* Reads and changes the mailbox until it is killed. */
static void work(unsigned int number)
{
    struct mail_user *user;

    session_begin();
    user = session_user();
    srandom(number);
    for (unsigned int i = 0;; i++) {
        struct mailbox *box;

        T_BEGIN
        {
            (void)caching_show(user, TRUE, TRUE);
            box = caching_open(user, TRUE);
            if (i % 2 == 0)
                (void)box_save(box, t_strdup_printf("Subject: %u-%u\n\nbody\n", number, i));
            else if (box_count(box) > CACHING_MAILS)
                (void)expunge(box, uid_of(box, 1 + (uint32_t)random() % box_count(box)));
            mailbox_free(&box);
        }
        T_END;
    }
}

static pid_t start(unsigned int number)
{
    pid_t child;

    fflush(NULL);
    child = fork();
    if (child == 0) {
        int null = open("/dev/null", O_WRONLY);

        (void)dup2(null, STDERR_FILENO); /* mails that others expunge while they are read */
        work(number);
    }
    return child;
}

static unsigned int kill_rounds(void)
{
    struct mail_user *user;
    unsigned int wrong = 0;

    for (unsigned int round = 0; round < ROUNDS; round++) {
        struct timespec pause = {.tv_nsec = 20000000 + (long)((round * 7919) % 60) * 1000000};
        pid_t children[PROCESSES];

        for (unsigned int i = 0; i < PROCESSES; i++)
            children[i] = start(round * PROCESSES + i);
        (void)nanosleep(&pause, NULL);
        for (unsigned int i = 0; i < PROCESSES; i++) {
            int status;

            (void)kill(children[i], SIGKILL);
            (void)waitpid(children[i], &status, 0);
            wrong += !WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL;
        }
        if (round % 4 != 3)
            continue;
        caching_age("Maildir/cur");
        session_begin();
        user = session_user();
        wrong += !caching_same(user, TRUE);
        session_end(&user);
    }
    return wrong;
}

static void disk_is_full(struct mail_user *user)
{
    const struct rlimit none = {0, RLIM_INFINITY}, all = {RLIM_INFINITY, RLIM_INFINITY};

    (void)unlink(LISTING);
    (void)unlink(FACTS);
    (void)signal(SIGXFSZ, SIG_IGN);
    (void)fflush(stdout);
    (void)setrlimit(RLIMIT_FSIZE, &none);
    T_BEGIN
    {
        const char *text = caching_show(user, TRUE, TRUE);

        (void)setrlimit(RLIMIT_FSIZE, &all);
        is_str(text, caching_show(user, FALSE, TRUE), "a full disk loses the cache, nothing else");
    }
    T_END;
    ok(!file_exists(LISTING), "there is no half of a snapshot");
    ok(caching_same(user, TRUE), "later there is one");
    ok(file_exists(LISTING), "as before");
}

static void without_place(void)
{
    struct mail_user *user;

    session_begin();
    session_set("mail_location", "maildir:~/Maildir:INDEX=/dev/null/nowhere");
    user = session_user();
    ok(caching_same(user, TRUE), "an index directory that cannot be made is done without");
    ok(caching_same(user, TRUE), "always");
    session_end(&user);
}

int main(void)
{
    struct mail_user *user;

    caching_make();
    is_int(kill_rounds(), 0,
           "processes that are killed while they use a cache together leave nothing wrong in it");
    session_begin();
    user = session_user();
    disk_is_full(user);
    session_end(&user);
    without_place();
    return done();
}
