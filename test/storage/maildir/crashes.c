/*
 * Processes that are killed at any moment while they deliver and change flags. What was committed is
 * there, once, with the uid that was told; the mailbox repairs itself.
 */
#include "maildir.h"

#include <fcntl.h>
#include <signal.h>
#include <time.h>

enum { KILLS = 40 };

/* Delivers until it is killed; writes the uid and name of each mail when it is committed. */
static void deliver(unsigned int round, int fd)
{
    struct mail_user *user = session_user();
    struct mailbox *box = box_alloc(user, "INBOX");
    struct mail_transaction_commit_changes changes;

    if (mailbox_open(box) < 0)
        _exit(1);
    for (unsigned int i = 0;; i++) {
        struct mailbox_transaction_context *t =
            mailbox_transaction_begin(box, MAILBOX_TRANSACTION_FLAG_EXTERNAL, "test");
        struct mail_save_context *save = mailbox_save_alloc(t);
        char line[64];
        int length;

        (void)snprintf(line, sizeof line, "Subject: %u-%u\n\n", round, i);
        if (i % 3 == 0)
            mailbox_save_set_flags(save, MAIL_SEEN, NULL);
        if (save_text(&save, line) < 0 || mailbox_transaction_commit_get_changes(&t, &changes) < 0)
            _exit(2);
        length = snprintf(line, sizeof line, "%u %u-%u\n", array_front(&changes.saved_uids)->seq1,
                          round, i);
        pool_unref(&changes.pool);
        if (write(fd, line, (size_t)length) != length)
            _exit(3);
        if (i % 5 == 0 && (mailbox_sync(box, 0) < 0 ||
                           change_flags(box, uid_of(box, 1), MODIFY_ADD, MAIL_FLAGGED) < 0))
            _exit(4);
    }
}

static void run_and_kill(unsigned int round, int fd)
{
    struct timespec pause = {.tv_nsec = 60000000 + (long)((round * 7919) % 90) * 1000000};
    pid_t child;
    int status;

    fflush(NULL);
    child = fork();
    if (child == 0) {
        session_begin();
        deliver(round, fd);
    }
    (void)nanosleep(&pause, NULL);
    (void)kill(child, SIGKILL);
    (void)waitpid(child, &status, 0);
    if (!WIFSIGNALED(status))
        ok(false, "round %u ended by itself with %d", round, WEXITSTATUS(status));
}

static void check(struct mailbox *box)
{
    const char *const *told = t_strsplit_spaces(get_file("told"), "\n");
    unsigned int count = 0, wrong = 0, twice = 0;
    string_t *all = t_str_new(16384);

    for (; *told != NULL; told++, count++) {
        const char *name;
        uint32_t uid;

        if (str_parse_uint32(*told, &uid, &name) < 0)
            break;
        T_BEGIN
        {
            const char *text = text_of(box, uid);
            const char *wanted = t_strdup_printf("Subject: %s\n\n", name + 1);

            wrong += text == NULL || strcmp(text, wanted) != 0;
        }
        T_END;
    }
    ok(count > KILLS, "many mails were committed (%u)", count);
    is_int(wrong, 0, "each is there, with the uid that was told");
    for (uint32_t seq = 1; seq <= box_count(box); seq++) {
        const char *text = text_of(box, uid_of(box, seq));

        twice += strstr(str_c(all), text) != NULL;
        str_append(all, text);
    }
    is_int(twice, 0, "none is there twice");
    ok(box_count(box) <= count + KILLS, "at most the last mail of each process was not told");
}

int main(void)
{
    int fd = open("told", O_WRONLY | O_CREAT | O_APPEND, 0600);
    struct mail_user *user;
    struct mailbox *box;

    make_maildir("Maildir");
    for (unsigned int round = 0; round < KILLS; round++)
        run_and_kill(round, fd);
    session_begin();
    user = session_user();
    T_BEGIN
    {
        box = box_open(user, "INBOX");
        check(box);
        is_int(box_save(box, MAIL), 0, "the mailbox works as before");
        is_int(box_sync(box), 0, "in all ways");
        mailbox_free(&box);
    }
    T_END;
    session_end(&user);
    return done();
}
