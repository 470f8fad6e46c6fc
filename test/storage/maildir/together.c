/*
 * Several processes in one mailbox: two deliver, one expunges, one changes flags. No mail is lost, and no
 * uid is given twice.
 */
#include "maildir.h"

#include <fcntl.h>

enum { MAILS = 150 };

static void deliver(unsigned int who)
{
    struct mail_user *user = session_user();
    struct mailbox *box = mailbox_alloc(user->namespaces->list, "INBOX",
                                        MAILBOX_FLAG_SAVEONLY | MAILBOX_FLAG_POST_SESSION);

    if (mailbox_open(box) < 0)
        _exit(10);
    for (unsigned int i = 0; i < MAILS; i++) {
        T_BEGIN
        {
            if (box_save(box, t_strdup_printf("Subject: %u-%u\n\n", who, i)) < 0)
                _exit(11);
        }
        T_END;
    }
    mailbox_free(&box);
    session_end(&user);
}

/* Expunges every third mail it sees, and writes down which. */
static void expunge_some(unsigned int who)
{
    struct mail_user *user = session_user();
    struct mailbox *box = box_select(user, "INBOX");
    FILE *file = fopen("expunged", "w");
    uint32_t last = 0;

    (void)who;
    while (last < 2 * MAILS - 20) {
        if (mailbox_sync(box, 0) < 0)
            _exit(20);
        for (uint32_t seq = 1; seq <= mail_index_view_get_messages_count(box->view); seq++) {
            uint32_t uid = uid_of(box, seq);
            const char *text;

            if (uid <= last)
                continue;
            last = uid;
            if (uid % 3 != 0)
                continue;
            T_BEGIN
            {
                text = text_of(box, uid);
                if (text == NULL || expunge(box, uid) < 0)
                    _exit(21);
                (void)fprintf(file, "%s", t_strcut(text, '\n'));
                (void)fputc('\n', file);
            }
            T_END;
        }
    }
    (void)fclose(file);
    mailbox_free(&box);
    session_end(&user);
}

static void flag_all(unsigned int who)
{
    struct mail_user *user = session_user();
    struct mailbox *box = box_open(user, "INBOX");
    uint32_t last = 0;

    (void)who;
    while (last < 2 * MAILS - 20) {
        if (mailbox_sync(box, 0) < 0)
            _exit(30);
        for (uint32_t seq = 1; seq <= mail_index_view_get_messages_count(box->view); seq++) {
            uint32_t uid = uid_of(box, seq);

            if (uid <= last)
                continue;
            last = uid;
            if (change_flags(box, uid, MODIFY_ADD, MAIL_SEEN) < 0)
                _exit(31);
        }
    }
    mailbox_free(&box);
    session_end(&user);
}

static pid_t run(void (*function)(unsigned int), unsigned int who)
{
    pid_t child;

    fflush(NULL);
    child = fork();
    if (child == 0) {
        session_begin();
        function(who);
        _exit(0);
    }
    return child;
}

/* Opens an INBOX that does not exist, while others do the same. */
static void save_one(unsigned int who)
{
    struct mail_user *user = session_user();
    struct mailbox *box = box_alloc(user, "INBOX");

    if (mailbox_open(box) < 0 || box_save(box, t_strdup_printf("Subject: %u\n\n", who)) < 0 ||
        mailbox_sync(box, 0) < 0)
        _exit(40);
    mailbox_free(&box);
    session_end(&user);
}

static void all_of_them_make_the_inbox(void)
{
    unsigned int failed = 0, lost = 0;
    pid_t children[4];
    int status;

    for (unsigned int round = 0; round < 30; round++) {
        for (unsigned int i = 0; i < N_ELEMENTS(children); i++)
            children[i] = run(save_one, i);
        for (unsigned int i = 0; i < N_ELEMENTS(children); i++)
            failed += waitpid(children[i], &status, 0) != children[i] || status != 0;
        lost += count_files("Maildir/new") != N_ELEMENTS(children);
        if (rename("Maildir", t_strdup_printf("Maildir.%u", round)) < 0)
            i_fatal("rename(Maildir) failed: %s", strerror(errno));
    }
    is_int(failed, 0, "processes that make the same INBOX at the same time all can");
    is_int(lost, 0, "and all their mails are there");
}

static bool uids_ascend(void)
{
    const char *const *line = t_strsplit(get_file("Maildir/dovecot-uidlist"), "\n");
    unsigned int uid, before = 0;

    for (line++; *line != NULL && **line != '\0'; line++) {
        if (str_parse_uint(*line, &uid, NULL) < 0 || uid <= before)
            return FALSE;
        before = uid;
    }
    return TRUE;
}

static void nothing_is_lost(struct mailbox *box)
{
    const char *expunged = get_file("expunged");
    unsigned int there = 0, gone = 0, missing = 0, twice = 0;
    string_t *all = t_str_new(16384);

    str_append_c(all, '\n');
    for (uint32_t seq = 1; seq <= box_count(box); seq++)
        str_append(all, t_strdup_printf("%s\n", t_strcut(text_of(box, uid_of(box, seq)), '\n')));
    expunged = t_strconcat("\n", expunged, NULL);
    for (unsigned int i = 0; i < 2 * MAILS; i++) {
        const char *name = t_strdup_printf("\nSubject: %u-%u\n", i % 2 + 1, i / 2);
        const char *found = strstr(str_c(all), name);
        bool was_expunged = strstr(expunged, name) != NULL;

        there += found != NULL;
        gone += was_expunged;
        missing += found == NULL && !was_expunged;
        twice +=
            (found != NULL && was_expunged) || (found != NULL && strstr(found + 1, name) != NULL);
    }
    is_int(missing, 0, "no mail is lost");
    is_int(twice, 0, "none is there twice, or again");
    is_int(there + gone, 2 * MAILS, "each was delivered");
    is_int(box_count(box), there, "and there are no others");
    ok(gone > 0, "some were expunged meanwhile");
}

int main(void)
{
    struct mail_user *user;
    struct mailbox *box;
    pid_t children[4];
    int status;

    all_of_them_make_the_inbox();
    make_maildir("Maildir");
    children[0] = run(deliver, 1);
    children[1] = run(deliver, 2);
    children[2] = run(expunge_some, 3);
    children[3] = run(flag_all, 4);
    for (unsigned int i = 0; i < N_ELEMENTS(children); i++) {
        ok(waitpid(children[i], &status, 0) == children[i] && status == 0,
           "process %u has done its work (status %d)", i + 1, status);
    }
    session_begin();
    user = session_user();
    T_BEGIN
    {
        box = box_open(user, "INBOX");
        nothing_is_lost(box);
        ok(uids_ascend(), "no uid was given twice");
        is_int(count_files("Maildir/tmp"), 0, "nothing is left in tmp/");
        mailbox_free(&box);
    }
    T_END;
    session_end(&user);
    return done();
}
